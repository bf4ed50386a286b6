#include "plan_fixture.h"

#include "plan/tracking/measure_correction.h"
#include "plan/tracking/record.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <fstream>
#include <iterator>

namespace yihu::plan {
namespace {

namespace json = boost::json;

/// A short document of a year in which the pack has no plan.
const std::string first_text = R"(美兰区2020年工作要点

2020年3月10日

一、落实政策

（一）落实饮水政策。1. 开展农村饮水安全状况全面摸排并建立档案，2月底前完成。2. 每季度召开一次饮水安全工作会议。（牵头单位：区水务局；责任单位：各镇党委政府）

（二）落实教育政策。1. 落实控辍保学责任，确保适龄学生全部入学。2. 做好学生资助发放工作，11月底前完成。（牵头单位：区教育局；责任单位：区希望工程办公室、各镇党委政府）
)";

/// The same, corrected: a measure before the others, another owner, one measure gone.
const std::string second_text = R"(美兰区2020年工作要点

2020年3月10日

一、落实政策

（一）落实饮水政策。1. 新建三处集中供水工程。2. 开展农村饮水安全状况全面摸排并建立档案，2月底前完成。3. 每季度召开一次饮水安全工作会议。（牵头单位：区水务局；责任单位：各镇党委政府）

（二）落实教育政策。1. 落实控辍保学责任，确保适龄学生全部入学。（牵头单位：区教育局；责任单位：区希望工程办公室、各镇党委政府）
)";

class PlanImportTest : public TrackedPlanTest {
 protected:
  base::Done change(const std::string& id, DraftChange wanted, std::int64_t version) {
    return write([&](store::Transaction& t) { return change_import(t, office(), id, wanted, version); });
  }
  ImportPage show(const std::string& id) {
    return read([&](store::Session& session) -> base::Result<ImportPage> {
      const Draft found = TRY(load_draft(session, office(), id));
      const auto units = TRY(area::read_directory(session));
      return import_page(session, found, units, base::Language::zh, [](const std::string& actor) { return actor; });
    });
  }
  static json::value names(std::initializer_list<std::string> list) { return json_of(std::vector<std::string>(list)); }
};

const ImportWarning* warning(const ImportPage& page, const std::string& code) {
  for (const auto& one : page.warnings) {
    if (one.code == code) return &one;
  }
  return nullptr;
}

TEST_P(PlanImportTest, DraftShowsPlanUnitsAndWarnings) {
  const ImportPage page = show(start(first_text));
  EXPECT_EQ(page.status, "draft");
  EXPECT_FALSE(page.replaces.has_value());
  EXPECT_EQ(page.plan.at("tasks").as_array().size(), 2U);
  ASSERT_FALSE(page.units.empty());
  EXPECT_EQ(page.units[0].name, "区希望工程办公室") << "unknown names come first";
  EXPECT_FALSE(page.units[0].unit.has_value());
  EXPECT_EQ(page.units[0].count, 2);
  ASSERT_NE(warning(page, "unit_unknown"), nullptr);
  EXPECT_FALSE(warning(page, "unit_unknown")->settled);
  for (const auto& one : page.units) {
    if (one.name == "各镇党委政府") {
      EXPECT_EQ(one.members.size(), 4U);
    } else if (one.name == "区水务局") {
      EXPECT_EQ(one.unit->id, unit("water"));
    }
  }
}

TEST_P(PlanImportTest, AcceptanceMakesThePlan) {
  const Acceptance accepted = accept(start(first_text));
  EXPECT_EQ(accepted.measures_made, 4);
  const TrackedPlan made = plan(accepted.plan);
  EXPECT_EQ(made.year, 2020);
  EXPECT_EQ(made.origin, "document");
  EXPECT_TRUE(made.has_document);
  const auto& survey = made.tasks[0].measures[0];
  ASSERT_EQ(survey.occurrences.size(), 1U);
  EXPECT_TRUE(survey.occurrences[0].before_document);
  EXPECT_EQ(made.tasks[0].measures[1].occurrences.size(), 4U);
  const auto& unknown = made.tasks[1].measures[0].responsible;
  EXPECT_EQ(unknown[0].name, "区希望工程办公室");
  EXPECT_FALSE(unknown[0].unit.has_value()) << "a name nobody knows stays a name";
  EXPECT_EQ(code_of(write([&](store::Transaction& t) { return accept_import(t, office(), "00000000-0000-7000-8000-000000000000"); })),
            "import_unknown");
}

TEST_P(PlanImportTest, AcceptedDraftIsClosed) {
  const std::string id = start(first_text);
  accept(id);
  EXPECT_EQ(code_of(write([&](store::Transaction& t) { return accept_import(t, office(), id); })), "import_ended");
  EXPECT_EQ(code_of(change(id, {}, draft(id).version)), "import_ended");
  EXPECT_EQ(code_of(write([&](store::Transaction& t) { return discard_import(t, office(), id); })), "import_ended");
}

TEST_P(PlanImportTest, WhoMayNotImportSeesNothing) {
  const std::string id = start(first_text);
  const auto seen = [&](const access::Viewer& viewer) {
    std::string code;
    value_of(store_->read([&](store::Session& session) -> base::Done {
      code = code_of(load_draft(session, viewer, id));
      return {};
    }));
    return code;
  };
  EXPECT_EQ(seen(clerk("water")), "import_unknown");
  EXPECT_EQ(seen(office()), "done");
}

TEST_P(PlanImportTest, CorrectionsAreCheckedAllAtOnce) {
  const std::string id = start(first_text);
  const auto failed = change(id, {{{9, 1, "lead", names({"区水务局"})}, {1, 1, "colour", "red"}, {1, 1, "text", ""}},
                                  {{"区希望工程办公室", base::UnitId::make(), {}, {}}}, {}}, 1);
  ASSERT_FALSE(failed.has_value());
  std::vector<std::string> fields{failed.error().place.field};
  for (const auto& also : failed.error().also) fields.push_back(also.place.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"/corrections/0/measure", "/corrections/1/value", "/corrections/2/value", "/units/0/unit_id"}));
  EXPECT_EQ(draft(id).version, 1) << "nothing of it was kept";
  EXPECT_EQ(code_of(change(id, {}, 7)), "stale");
}

TEST_P(PlanImportTest, CorrectionAndItsUndoing) {
  const std::string id = start(first_text);
  value_of(change(id, {{{1, 1, "lead", names({"区住建局"})}}, {}, {}}, 1));
  EXPECT_EQ(draft(id).corrected_plan().tasks[0].measures[0].lead, std::vector<std::string>{"区住建局"});
  EXPECT_EQ(draft(id).document.tasks[0].measures[0].lead, std::vector<std::string>{"区水务局"});
  EXPECT_EQ(show(id).corrections.size(), 1U);
  value_of(change(id, {{{1, 1, "lead", names({"区水务局"})}}, {}, {}}, 2));
  EXPECT_TRUE(show(id).corrections.empty()) << "back to the document is no correction";
}

TEST_P(PlanImportTest, NewUnitIsMadeAndItsWarningSettled) {
  const std::string id = start(first_text);
  value_of(change(id, {{}, {{"区希望工程办公室", {}, "美兰区希望工程办公室", "希望工程办"}}, {}}, 1));
  const ImportPage page = show(id);
  EXPECT_EQ(warning(page, "unit_unknown"), nullptr);
  const auto made = accept(id);
  EXPECT_TRUE(plan(made.plan).tasks[1].measures[0].responsible[0].unit.has_value());
}

TEST_P(PlanImportTest, SettledWarningStays) {
  const std::string id = start(first_text);
  const std::string open = warning(show(id), "unit_unknown")->id;
  value_of(change(id, {{}, {}, {open}}, 1));
  EXPECT_TRUE(warning(show(id), "unit_unknown")->settled);
}

TEST_P(PlanImportTest, CorrectedDocumentKeepsIdsProgressAndCorrections) {
  const std::string id = start(first_text);
  value_of(change(id, {{{1, 1, "lead", names({"区住建局"})}, {2, 1, "text", "落实控辍保学责任，辍学率为零。"}},
                       {{"区希望工程办公室", unit("water"), {}, {}}}, {}}, 1));
  const TrackedPlan before = plan(accept(id).plan);
  const auto& survey = before.tasks[0].measures[0];
  value_of(report(clerk("housing"), survey.id, {.done = true, .text = "摸排完成"}));
  const auto& meeting = before.tasks[0].measures[1];
  value_of(report(clerk("water"), meeting.id, {.occurrence = meeting.occurrences[1].id, .done = true, .text = "已开"}));

  const std::string again = start(second_text);
  const ImportPage page = show(again);
  ASSERT_TRUE(page.replaces.has_value());
  EXPECT_EQ(page.replaces->id, before.id);
  EXPECT_EQ(page.corrections.size(), 2U);
  for (const auto& one : page.corrections) EXPECT_TRUE(one.fits);
  EXPECT_EQ(warning(page, "unit_unknown"), nullptr) << "what a name stood for is remembered";

  const Acceptance accepted = accept(again);
  EXPECT_EQ(accepted.plan, before.id);
  EXPECT_EQ(accepted.measures_made, 1);
  EXPECT_EQ(accepted.measures_retired, 1);
  const TrackedPlan after = plan(before.id);
  ASSERT_EQ(after.tasks[0].measures.size(), 3U);
  const auto& moved = after.tasks[0].measures[1];
  EXPECT_EQ(moved.id, survey.id) << "renumbered, the same measure";
  EXPECT_EQ(moved.lead[0].name, "区住建局");
  EXPECT_EQ(after.tasks[1].measures[0].text, "落实控辍保学责任，辍学率为零。");
  EXPECT_EQ(page_of(moved.id).state, State::done);
  EXPECT_EQ(page_of(meeting.id).occurrences[1].state, State::done);
}

TEST_P(PlanImportTest, CorrectionThatNoLongerFitsIsShownNotApplied) {
  const std::string id = start(first_text);
  value_of(change(id, {{{1, 1, "lead", names({"区住建局"})}, {2, 2, "deadlines", json_of(std::vector<Deadline>{{{}, "2020-10-31", "10月底前"}})}}, {}, {}}, 1));
  accept(id);
  std::string other = first_text;
  const auto at = other.find("牵头单位：区水务局");
  other.replace(at, std::string("牵头单位：区水务局").size(), "牵头单位：区农业农村局");
  const std::string gone = "2. 做好学生资助发放工作，11月底前完成。";
  other.erase(other.find(gone), gone.size());
  const ImportPage page = show(start(other));
  ASSERT_EQ(page.corrections.size(), 1U);
  EXPECT_FALSE(page.corrections[0].fits);
  int unfit = 0;
  for (const auto& one : page.warnings) unfit += one.code == "correction_unfit";
  EXPECT_EQ(unfit, 2) << "one says something else now, one measure is gone";
  EXPECT_EQ(draft(page.id).corrected_plan().tasks[0].measures[0].lead, std::vector<std::string>{"区农业农村局"});
}

TEST_P(PlanImportTest, CorrectionTheNewDocumentMakesItselfIsDropped) {
  const std::string id = start(first_text);
  value_of(change(id, {{{1, 1, "lead", names({"区农业农村局"})}}, {}, {}}, 1));
  accept(id);
  std::string other = first_text;
  const auto at = other.find("牵头单位：区水务局");
  other.replace(at, std::string("牵头单位：区水务局").size(), "牵头单位：区农业农村局");
  const ImportPage page = show(start(other));
  EXPECT_TRUE(page.corrections.empty());
  EXPECT_EQ(warning(page, "correction_unfit"), nullptr);
}

TEST_P(PlanImportTest, CorrectionOfTheTrackedPlanSurvivesTheNextDocument) {
  const TrackedPlan before = plan(accept(start(first_text)).plan);
  const auto& survey = before.tasks[0].measures[0];
  value_of(write([&](store::Transaction& t) {
    return correct_measure(t, office(), survey.id, {.title = "饮水摸排", .responsible = {{unit("lingshan")}}, .reason = "只在灵山"}, survey.version);
  }));
  accept(start(second_text));
  const TrackedPlan after = plan(before.id);
  const auto& moved = after.tasks[0].measures[1];
  EXPECT_EQ(moved.title.zh, "饮水摸排");
  ASSERT_EQ(moved.responsible.size(), 1U);
  EXPECT_EQ(moved.responsible[0].unit, unit("lingshan"));
}

TEST_P(PlanImportTest, SameDocumentAgainChangesNothing) {
  const TrackedPlan before = plan(accept(start(first_text)).plan);
  const Acceptance again = accept(start(first_text));
  EXPECT_EQ(again.measures_made + again.measures_changed + again.measures_retired, 0);
  const TrackedPlan after = plan(before.id);
  for (std::size_t t = 0; t < before.tasks.size(); ++t) {
    EXPECT_EQ(before.tasks[t].id, after.tasks[t].id);
    for (std::size_t m = 0; m < before.tasks[t].measures.size(); ++m) {
      EXPECT_EQ(before.tasks[t].measures[m].id, after.tasks[t].measures[m].id);
      EXPECT_EQ(before.tasks[t].measures[m].version, after.tasks[t].measures[m].version);
    }
  }
}

TEST_P(PlanImportTest, RealDocumentJoinsThePacksPlan) {
  std::ifstream file("../shared/seeds/000_c3cd6be28d28a219.txt", std::ios::binary);
  if (!file) GTEST_SKIP() << "the real document is not beside the checkout";
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const TrackedPlan before = plan(fill());
  const auto& signing = before.task(4)->measures[0];
  value_of(report(clerk("headquarters-office"), signing.id, {.done = true, .text = "已签"}));
  const Acceptance accepted = accept(start(bytes));
  EXPECT_EQ(accepted.plan, before.id);
  EXPECT_EQ(accepted.measures_made, 0);
  EXPECT_EQ(accepted.measures_retired, 0);
  EXPECT_EQ(accepted.measures_changed, 167);
  const TrackedPlan after = plan(before.id);
  EXPECT_EQ(after.origin, "document");
  for (const auto& task : after.tasks) {
    for (const auto& measure : task.measures) EXPECT_EQ(measure.id, before.task(task.no)->measures[static_cast<std::size_t>(measure.position) - 1].id);
  }
  EXPECT_EQ(page_of(signing.id).state, State::done);
  for (const auto& task : after.tasks) EXPECT_EQ(task.short_title, before.task(task.no)->short_title);
}

TEST_P(PlanImportTest, AnotherDocumentOfTheYearNamesItsOwnTiles) {
  const TrackedPlan before = plan(fill());
  std::string text = first_text;
  for (auto at = text.find("2020"); at != text.npos; at = text.find("2020")) text.replace(at, 4, "2019");
  const TrackedPlan after = plan(accept(start(text)).plan);
  EXPECT_EQ(after.id, before.id);
  ASSERT_EQ(after.tasks.size(), 2U);
  for (const auto& task : after.tasks) {
    EXPECT_NE(task.short_title.zh, before.task(task.no)->short_title.zh) << task.no;
    EXPECT_NE(task.title.en, before.task(task.no)->title.en) << task.no;
  }
}

TEST_P(PlanImportTest, DraftIsKeptExactly) {
  const auto document = value_of(sheet::read_document(first_text, "a.txt"));
  const PlanDocument read_first = value_of(read_plan(document));
  const PlanDocument kept = value_of(plan_from_column(column_from(read_first)));
  EXPECT_EQ(column_from(kept), column_from(read_first));
  EXPECT_EQ(json_from_plan(kept, base::Language::en), json_from_plan(read_first, base::Language::en));
}

ON_BOTH_ENGINES(PlanImportTest);

}  // namespace
}  // namespace yihu::plan
