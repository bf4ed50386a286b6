#include "plan_fixture.h"

#include "plan/tracking/indicator.h"
#include "plan/tracking/measure_correction.h"
#include "plan/tracking/today.h"
#include "store/journal.h"

#include <boost/json/array.hpp>

#include <fstream>

namespace yihu::plan {
namespace {

const TrackedMeasure& measure_at_(const TrackedPlan& plan, int task, int position) {
  return plan.task(task)->measures.at(static_cast<std::size_t>(position) - 1);
}

TEST_P(TrackedPlanTest, PackGivesAPlanOnce) {
  const auto id = fill();
  const TrackedPlan tracked = plan(id);
  EXPECT_EQ(tracked.tasks.size(), 34U);
  std::size_t measures = 0;
  for (const auto& task : tracked.tasks) measures += task.measures.size();
  EXPECT_EQ(measures, 167U);
  EXPECT_TRUE(tracked.task(1)->principle);
  EXPECT_TRUE(fill().empty()) << "a second start makes no second plan";

  const auto& meetings = measure_at_(tracked, 4, 5);
  EXPECT_EQ(meetings.occurrences.size(), 16U) << "four quarters and twelve months";
  const auto& signing = measure_at_(tracked, 4, 1);
  ASSERT_EQ(signing.occurrences.size(), 1U);
  EXPECT_FALSE(signing.occurrences[0].before_document);
  const auto& locking = measure_at_(tracked, 18, 1);
  ASSERT_EQ(locking.occurrences.size(), 1U) << "the list is locked by the end of March, before the document's day";
  EXPECT_TRUE(locking.occurrences[0].before_document);
}

TEST_P(TrackedPlanTest, GroupsBecomeTheirMembers) {
  const TrackedPlan tracked = plan(fill());
  const auto& water = measure_at_(tracked, 8, 1);
  EXPECT_EQ(water.lead.size(), 1U);
  EXPECT_EQ(water.responsible.size(), 4U) << "the four towns";
  for (const auto& owner : water.responsible) {
    EXPECT_TRUE(owner.unit.has_value());
    EXPECT_FALSE(owner.via.empty());
  }
  EXPECT_TRUE(water.assigned(unit("lingshan")));
}

TEST_P(TrackedPlanTest, OnlyAssignedUnitsReportAndTheLeadCloses) {
  const TrackedPlan tracked = plan(fill());
  const auto& water = measure_at_(tracked, 8, 2).id;
  const auto lead = clerk("water");
  const auto town = clerk("lingshan");
  EXPECT_EQ(code_of(report(clerk("education"), water, {.text = "已办"})), "not_assigned");
  EXPECT_EQ(code_of(report(town, base::MeasureId::make(), {.text = "已办"})), "measure_unknown");
  EXPECT_EQ(code_of(report(town, water, {.text = " "})), "report_empty");

  on(2019, 5, 6);
  value_of(report(town, water, {.done = true, .text = "台账已建"}));
  auto detail = page(town, water);
  EXPECT_NEAR(detail.progress, 0.2, 1e-9) << "one of four towns and the lead";
  ASSERT_EQ(detail.reports.size(), 1U);
  EXPECT_EQ(detail.reports[0].text, "台账已建");
  EXPECT_EQ(detail.state, State::on_course);

  value_of(report(lead, water, {.done = true, .text = "全部完成"}));
  detail = page(lead, water);
  EXPECT_EQ(detail.state, State::done);
  EXPECT_EQ(detail.reason.zh, "区水务局 5月6日已办结");

  value_of(report(lead, water, {.done = false, .text = "有一处返工"}));
  EXPECT_EQ(page(lead, water).state, State::on_course) << "the last word counts";
  EXPECT_TRUE(page(clerk("education"), water).reports.empty()) << "not theirs to read";
  EXPECT_FALSE(page(clerk("education"), water).reports_open);
  EXPECT_EQ(page(office(), water).reports.size(), 3U);
}

TEST_P(TrackedPlanTest, OccurrenceMustBeNamedWhereThereAreSeveral) {
  const TrackedPlan tracked = plan(fill());
  const auto& meetings = measure_at_(tracked, 4, 5);
  const auto headquarters = clerk("headquarters-office");
  EXPECT_EQ(code_of(report(headquarters, meetings.id, {.done = true, .text = "已开会"})), "occurrence_missing");
  EXPECT_EQ(code_of(report(headquarters, meetings.id, {.occurrence = base::OccurrenceId::make(), .text = "已开会"})),
            "occurrence_unknown");
  value_of(report(headquarters, meetings.id, {.occurrence = meetings.occurrences[0].id, .done = true, .text = "已开会"}));
  const auto detail = page(headquarters, meetings.id);
  EXPECT_EQ(detail.occurrences[0].state, State::done);
  EXPECT_TRUE(detail.occurrences[0].report_id.has_value());
  EXPECT_NEAR(detail.progress, 1.0 / 16, 1e-9);
}

TEST_P(TrackedPlanTest, ReportIsJournalledWithoutItsText) {
  const TrackedPlan tracked = plan(fill());
  const auto& water = measure_at_(tracked, 8, 2).id;
  value_of(report(clerk("water"), water, {.done = true, .text = "张三家已通水"}));
  const auto entries = read([&](store::Session& session) {
    store::JournalFilter filter;
    filter.subject = water.value;
    return store::read_journal(session, filter);
  });
  ASSERT_FALSE(entries.empty());
  EXPECT_EQ(entries[0].action, "measure.reported");
  EXPECT_EQ(entries[0].after.find("张三"), std::string::npos);
  EXPECT_NE(entries[0].after.find("text_digest"), std::string::npos);
}

TEST_P(TrackedPlanTest, BoardCountsAndSaysWhy) {
  const auto id = fill();
  on(2019, 5, 12);
  const Board shown = board(id);
  EXPECT_EQ(shown.parts.size(), 5U);
  EXPECT_EQ(shown.figures.measures, 167);
  EXPECT_EQ(shown.figures.measures, shown.figures.done + shown.figures.on_course + shown.figures.at_risk +
                                        shown.figures.late + shown.figures.unknown);
  EXPECT_EQ(shown.figures.done, 0);
  EXPECT_GT(shown.figures.late, 0) << "statements were to be signed by 30 April";
  EXPECT_GT(shown.figures.unknown, 0) << "the list to be locked in March";
  const Tile& tile = shown.parts[1].tasks[1];
  EXPECT_EQ(tile.no, 4);
  EXPECT_EQ(tile.state, State::late);
  EXPECT_NE(tile.reason.zh.find("逾期 12 天"), std::string::npos) << tile.reason.zh;
  EXPECT_EQ(shown.parts[0].tasks[0].kind, "principle");
  EXPECT_FALSE(shown.parts[0].tasks[0].progress.has_value());
  for (const auto& due : shown.falling_due) {
    EXPECT_GE(due.days_left, 0);
    EXPECT_LE(due.days_left, falling_due_days);
  }
}

TEST_P(TrackedPlanTest, WorkbenchAndTodayShowWhatAUnitOwes) {
  const auto id = fill();
  on(2019, 5, 12);
  const auto viewer = clerk("headquarters-office");
  const TrackedPlan tracked = plan(id);
  const auto look = [&](auto make) {
    return read([&](store::Session& session) -> base::Result<std::invoke_result_t<decltype(make), const Facts&, const area::Directory&>> {
      const Facts facts = TRY(load_facts(session, id));
      const auto units = TRY(area::read_directory(session));
      return make(facts, units);
    });
  };
  const auto bench = [&](const Facts& facts, const area::Directory& units) {
    return workbench_of(tracked, *units.unit(viewer.posts[0].unit), facts, units, today_);
  };
  const auto list = [&](const Facts& facts, const area::Directory& units) {
    return today_of(&tracked, facts, units, viewer, {}, today_);
  };
  const Workbench before = look(bench);
  ASSERT_FALSE(before.due.empty());
  EXPECT_EQ(before.due[0].state, State::late);
  const Today open = look(list);
  ASSERT_FALSE(open.items.empty());
  EXPECT_EQ(open.items[0].state, State::late);
  EXPECT_EQ(open.items.back().state, State::unknown) << "what lies before the document comes last";
  EXPECT_GT(open.late, 0);

  value_of(report(viewer, before.due[0].measure_id, {.occurrence = before.due[0].occurrence_id, .done = true, .text = "已签"}));
  EXPECT_EQ(look(bench).due.size(), before.due.size() - 1);
  EXPECT_EQ(look(list).mine, open.mine - 1);
  EXPECT_EQ(read([&](store::Session& s) { return done_this_week(s, viewer, today_); }), 1);
}

TEST_P(TrackedPlanTest, IndicatorDecidesWhereThereIsOne) {
  const auto id = fill();
  const TrackedPlan tracked = plan(id);
  const TrackedMeasure* named = nullptr;
  for (const auto& task : tracked.tasks) {
    for (const auto& measure : task.measures) {
      if (!measure.targets.empty() && named == nullptr) named = &measure;
    }
  }
  ASSERT_NE(named, nullptr);
  value_of(write([&](store::Transaction& t) -> base::Done {
    TRY(t.execute("UPDATE plan_measure SET indicator = 'x.coverage' WHERE id = :id", {{"id", named->id}}));
    return {};
  }));
  EXPECT_EQ(page(office(), named->id).state, State::unknown) << "no value yet";
  const auto record = [&](double value) {
    return write([&](store::Transaction& t) { return record_indicator(t, id, {"x.coverage", today_, value, "test"}); });
  };
  value_of(record(named->targets[0].value * 2));
  const auto detail = page(office(), named->id);
  EXPECT_EQ(detail.state, State::done) << detail.reason.zh;
  ASSERT_TRUE(detail.indicator.has_value());
  EXPECT_EQ(detail.indicator->series.size(), 1U);
  EXPECT_EQ(code_of(record(1.0 / 0.0)), "value_unreadable");
}

TEST_P(TrackedPlanTest, CorrectionIsCheckedKeptAndTold) {
  const TrackedPlan tracked = plan(fill());
  const auto& water = measure_at_(tracked, 8, 2);
  const auto correct = [&](MeasureCorrection correction, std::int64_t version) {
    return write([&](store::Transaction& t) { return correct_measure(t, office(), water.id, correction, version); });
  };
  EXPECT_EQ(code_of(correct({.title = "改名", .reason = ""}, water.version)), "field_empty");
  EXPECT_EQ(code_of(correct({.title = "改名", .reason = "有误"}, water.version + 1)), "stale");
  EXPECT_EQ(code_of(correct({.lead = {{base::UnitId::make()}}, .reason = "有误"}, water.version)), "unit_unknown");
  EXPECT_EQ(code_of(correct({.title = water.title.zh, .reason = "有误"}, water.version)), "nothing_changed");
  value_of(correct({.lead = {{unit("agriculture")}}, .deadlines = {{{{}, "2019-10-31", "10月底前"}}}, .reason = "分工调整"},
                   water.version));
  const auto detail = page(office(), water.id);
  ASSERT_EQ(detail.lead.size(), 1U);
  EXPECT_EQ(detail.lead[0].id, unit("agriculture"));
  EXPECT_EQ(detail.occurrences.size(), 1U);
  EXPECT_EQ(detail.version, water.version + 1);
  EXPECT_EQ(detail.history[0].what.zh, "更正牵头单位、时限：分工调整");
}

TEST_P(TrackedPlanTest, DeadlineThatMovesKeepsWhatWasReported) {
  const TrackedPlan tracked = plan(fill());
  const auto& signing = measure_at_(tracked, 4, 1);
  value_of(report(clerk("headquarters-office"), signing.id, {.done = true, .text = "已签"}));
  value_of(write([&](store::Transaction& t) {
    return correct_measure(t, office(), signing.id, {.deadlines = {{{{}, "2019-05-31", "5月底前"}}}, .reason = "延期"}, signing.version);
  }));
  const auto detail = page(office(), signing.id);
  ASSERT_EQ(detail.occurrences.size(), 1U);
  EXPECT_EQ(detail.occurrences[0].id, signing.occurrences[0].id);
  EXPECT_EQ(detail.occurrences[0].due, base::make_date(2019, 5, 31));
  EXPECT_EQ(detail.state, State::done);
}

TEST_P(TrackedPlanTest, ShelfGivesTheNewPlanAfterAChange) {
  const auto id = fill();
  PlanShelf shelf;
  const auto shelved = [&] { return read([&](store::Session& session) { return shelf.plan(session, id); }); };
  const auto first = shelved();
  EXPECT_EQ(first.get(), shelved().get());
  const auto& water = measure_at_(*first, 8, 2);
  value_of(write([&](store::Transaction& t) {
    return correct_measure(t, office(), water.id, {.title = "水质监测", .reason = "改短"}, water.version);
  }));
  EXPECT_EQ(measure_at_(*shelved(), 8, 2).title.zh, "水质监测");
}

ON_BOTH_ENGINES(TrackedPlanTest);

}  // namespace
}  // namespace yihu::plan
