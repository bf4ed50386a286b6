// Ledgers' tables: made from the pack, changed with it without losing a cell, filled by hand.

#include "ledger/delivery.h"
#include "ledger_fixture.h"

#include "store/journal.h"

namespace yihu::ledger {
namespace {

std::string replaced(std::string text, const std::string& from, const std::string& into) {
  const auto at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return at == text.npos ? text : text.replace(at, from.size(), into);
}

class LedgerTables : public LedgerTest {
 protected:
  /// A row with a value in every column. @returns its id
  std::string filled_row() {
    const auto home = household("H1", "张三");
    const auto changed = value_of(change({{.subject = home,
                                           .cells = {{"safe", true}, {"source", "水井"}, {"distance_m", 120}, {"cost", 1234}, {"tested_on", "2019年4月30日"},
                                                     {"share", "85%"}, {"depth", 12.5}, {"note", "水发黄"}}}}));
    EXPECT_EQ(changed.size(), 1U);
    return changed.empty() ? "" : changed.front().id;
  }

  /// The same store under another pack.
  std::string fitted(const std::string& codes, const std::string& ledgers) {
    load(codes, ledgers);
    return code_of(fit_tables(*store_, pack_));
  }
};

TEST_P(LedgerTables, EveryTypeComesBackAsItWasGiven) {
  const auto id = filled_row();
  const auto all = rows();
  ASSERT_EQ(all.size(), 1U);
  const LedgerRow& row = all.front();
  EXPECT_EQ(row.id, id);
  EXPECT_EQ(row.label, "张三");
  EXPECT_EQ(row.period, "2019");
  EXPECT_EQ(row.version, 1);
  EXPECT_EQ(row.cells[0], store::Cell(std::int64_t{1}));
  EXPECT_EQ(row.cells[1], store::Cell(std::string("well")));
  EXPECT_EQ(row.cells[3], store::Cell(std::int64_t{1234}));
  EXPECT_EQ(row.cells[4], store::Cell(std::string("2019-04-30")));
  EXPECT_EQ(row.cells[5], store::Cell(85.0));
  EXPECT_EQ(row.cells[6], store::Cell(12.5));
  EXPECT_EQ(std::get<std::string>(row.cells[7]).find("水发黄"), std::string::npos) << "private text stands in clear";
  const Editing with = editing(all_);
  EXPECT_EQ(value_of(write([&](store::Transaction& t) { return open_cell(t, with, id, "note", "核对水质"); })), "水发黄");
  EXPECT_EQ(code_of(write([&](store::Transaction& t) { return open_cell(t, with, id, "note", " "); })), "reason_missing");
}

TEST_P(LedgerTables, ANewerPackLosesNoCell) {
  const auto id = filled_row();
  EXPECT_EQ(value_of(fit_tables(*store_, pack_)), 0);  // nothing new
  // A column goes, one is renamed, one is added.
  std::string newer = replaced(small_ledgers, "      depth: {type: real, label: {zh: 井深, en: Depth}}\n", "");
  newer = replaced(newer, "      cost: {type: money, ", "      water_fee: {was: cost, type: money, ");
  newer = replaced(newer, "      share:", "      pump: {type: bool, label: {zh: 有水泵, en: Pump}}\n      share:");
  EXPECT_EQ(fitted(small_codes, newer), "done");
  auto row = rows().at(0);
  EXPECT_EQ(row.id, id);
  EXPECT_EQ(row.cells[3], store::Cell(std::int64_t{1234})) << "the renamed column's cell";
  EXPECT_EQ(row.cells[5], store::Cell()) << "the new column is unknown";
  EXPECT_EQ(value_of(change({{.id = id, .version = 1, .cells = {{"pump", true}}}})).front().version, 2);
  // The column that went comes back with its cells.
  EXPECT_EQ(fitted(small_codes, replaced(newer, "      note:", "      depth: {type: real, label: {zh: 井深, en: Depth}}\n      note:")), "done");
  row = rows().at(0);
  EXPECT_EQ(row.cells[7], store::Cell(12.5));
}

TEST_P(LedgerTables, WhatWouldLoseACellIsRefused) {
  filled_row();
  EXPECT_EQ(fitted(small_codes, replaced(small_ledgers, "depth: {type: real", "depth: {type: text")), "column_type");
  EXPECT_EQ(fitted(small_codes, replaced(small_ledgers, "period: year", "period: month")), "ledger_shape");
  EXPECT_EQ(fitted("codes:\n  water_source:\n    tap: {zh: 自来水, en: Tap}\n", small_ledgers), "code_in_use");
  // Nothing of it happened.
  load(small_codes, small_ledgers);
  EXPECT_EQ(value_of(fit_tables(*store_, pack_)), 0);
  EXPECT_EQ(rows().at(0).cells[6], store::Cell(12.5));
}

TEST_P(LedgerTables, ALedgerThatIsRenamedKeepsItsRows) {
  filled_row();
  EXPECT_EQ(fitted(small_codes, replaced(small_ledgers, "  water:\n", "  drinking_water:\n    was: water\n")), "done");
  EXPECT_EQ(rows("drinking_water").size(), 1U);
}

TEST_P(LedgerTables, AllMistakesOfABlockAreToldAndNothingIsWritten) {
  const auto one = household("H1", "张三");
  const auto two = household("H2", "李四");
  const auto refused = change({{.subject = one, .cells = {{"safe", "不知道"}, {"distance_m", -1}, {"colour", "red"}}},
                               {.subject = two, .cells = {{"source", "水缸"}}},
                               {.subject = base::new_uuid(), .cells = {{"safe", true}}}});
  ASSERT_FALSE(refused);
  std::set<std::string> fields = {refused.error().place.field};
  for (const base::Error& other : refused.error().also) fields.insert(other.place.field);
  EXPECT_EQ(fields, (std::set<std::string>{"/rows/0/cells/colour", "/rows/0/cells/distance_m", "/rows/0/cells/safe", "/rows/1/cells/safe",
                                           "/rows/1/cells/source", "/rows/2/subject"}));
  EXPECT_TRUE(rows().empty());
}

TEST_P(LedgerTables, AnEditNeedsTheVersionItWasMadeOn) {
  const auto id = filled_row();
  EXPECT_EQ(value_of(change({{.id = id, .version = 1, .cells = {{"distance_m", 200}, {"source", "自来水"}}}})).front().version, 2);
  EXPECT_EQ(code_of(change({{.id = id, .version = 1, .cells = {{"distance_m", 300}}}})), "row_changed");
  EXPECT_EQ(value_of(change({{.id = id, .version = 2, .cells = {{"distance_m", 200}}}})).front().version, 2) << "nothing differs";
  EXPECT_EQ(code_of(change({{.id = id, .version = 2, .cells = {{"safe", nullptr}}}})), "value_missing");
  const auto history = read([&](store::Session& session) { return row_history(session, table(), id, "distance_m"); });
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].before, boost::json::value(120));
  EXPECT_EQ(history[0].after, boost::json::value(200));
  const auto notes = read([&](store::Session& session) { return row_history(session, table(), id, "note"); });
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0].after, boost::json::value(masked));
}

TEST_P(LedgerTables, ASubjectHasOneRowInAPeriod) {
  const auto home = household("H1", "张三");
  EXPECT_EQ(code_of(change({{.subject = home, .cells = {{"safe", true}}}, {.subject = home, .cells = {{"safe", false}}}})), "row_exists");
  const auto made = value_of(change({{.subject = home, .cells = {{"safe", true}}}}));
  EXPECT_EQ(code_of(change({{.subject = home, .cells = {{"safe", true}}}})), "row_exists");
  EXPECT_EQ(code_of(change({{.subject = home, .period = "2018", .cells = {{"safe", true}}}})), "done");
  EXPECT_EQ(code_of(change({{.subject = home, .period = "2018-04", .cells = {{"safe", true}}}})), "period_unreadable");
  const Editing with = editing(all_);
  EXPECT_EQ(code_of(write([&](store::Transaction& t) { return remove_row(t, with, made.front().id, 1); })), "done");
  EXPECT_EQ(rows().size(), 1U);
  EXPECT_EQ(code_of(change({{.subject = home, .cells = {{"safe", true}}}})), "done") << "after the row was taken away";
}

TEST_P(LedgerTables, RowsArePagedWithinReach) {
  std::vector<BlockRow> block;
  for (int i = 0; i < 25; ++i) {
    block.push_back({.subject = household(fmt::format("H{}", i), "甲", i % 5 == 0 ? "460108102001" : "460108101001"), .cells = {{"safe", i % 2 == 0}}});
  }
  value_of(change(block));
  RowFilter filter{.period = "2019", .limit = 10};
  std::set<std::string> seen;
  for (;;) {
    const auto page = rows("water", filter);
    for (const LedgerRow& row : page) EXPECT_TRUE(seen.insert(row.id).second);
    if (page.size() < 10) break;
    filter.after = {page.back().subject, page.back().period, page.back().id};
  }
  EXPECT_EQ(seen.size(), 25U);
  const auto count = [&](const Reach& reach, const RowFilter& of) {
    const auto counted = read([&](store::Session& session) { return count_rows(session, table(), reach, of); });
    const auto listed = read([&](store::Session& session) { return read_rows(session, table(), reach, of); });
    EXPECT_EQ(counted, static_cast<std::int64_t>(listed.size()));
    return counted;
  };
  EXPECT_EQ(count(all_, {.area = "460108102", .period = "*"}), 5);
  const Reach town{.areas = {"460108101"}};
  EXPECT_EQ(count(town, {.period = "*"}), 20);
  EXPECT_EQ(count(town, {.area = "460108102001", .period = "*"}), 0);
  EXPECT_EQ(count({}, {.period = "*"}), 0) << "a viewer without any area";
  const auto beyond = rows("water", {.area = "460108102", .period = "*"}).at(0).id;
  const auto refused = write([&](store::Transaction& t) { return remove_row(t, editing(town), beyond, 1); });
  EXPECT_EQ(code_of(refused), "row_unknown");
}

TEST_P(LedgerTables, DeliveriesAreRecordedAndTakenBack) {
  const auto say = [&](std::string_view area, std::string_view period) {
    return code_of(write([&](store::Transaction& t) { return deliver(t, table(), all_, area, period); }));
  };
  EXPECT_EQ(say("460108101001", "2019"), "done");
  EXPECT_EQ(say("460108101001", "2019"), "done");
  EXPECT_EQ(say("460108101001", "2019-04"), "period_unreadable");
  EXPECT_EQ(say("999", "2019"), "area_unknown");
  const auto all = read([&](store::Session& session) { return read_deliveries(session, "water", "*"); });
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(base::to_string(all[0].delivered_on), "2019-04-23");
  const auto back = [&] { return code_of(write([&](store::Transaction& t) { return take_back(t, table(), all_, "460108101001", "2019"); })); };
  EXPECT_EQ(back(), "done");
  EXPECT_EQ(back(), "delivery_unknown");
  const std::vector<std::string> villages{"460108101200", "460108101201", "460108102200", "460200101200"};
  EXPECT_EQ(villages_delivered(villages, {}), 0);
  EXPECT_EQ(villages_delivered(villages, {{"water", "460108101201", "2019", {}, ""}}), 1);
  EXPECT_EQ(villages_delivered(villages, {{"water", "460108101", "2019", {}, ""}, {"water", "460108101201", "2019", {}, ""}}), 2);
  EXPECT_EQ(villages_delivered(villages, {{"water", "460108", "2019", {}, ""}}), 3);
}

TEST_P(LedgerTables, ATableFromBeforeTakesTheColumnsThatCameSince) {
  const auto one = household("H1", "张三");
  value_of(change({{.subject = one, .cells = {{"safe", true}}}}));
  value_of(write([](store::Transaction& transaction) -> base::Result<int> {
    TRY(transaction.define("ALTER TABLE ledger_water_row DROP COLUMN _entry"));
    TRY(transaction.execute("UPDATE ledger_declared SET shape = 1 WHERE ledger = 'water'"));
    return 0;
  }));
  EXPECT_EQ(value_of(fit_tables(*store_, pack_)), 0) << "what the pack says is the same";
  EXPECT_EQ(rows().size(), 1U);
  EXPECT_EQ(code_of(change({{.subject = household("H2", "李四"), .cells = {{"safe", true}}}})), "done");
  EXPECT_EQ(value_of(fit_tables(*store_, pack_)), 0);
}

TEST_P(LedgerTables, NamesFromAPackNeverBecomeSql) {
  const auto refused = try_load(small_codes, replaced(small_ledgers, "      depth:", "      'depth\" REAL); DROP TABLE person; --':"));
  EXPECT_EQ(code_of(refused), "pack_id");
  // Words of SQL are names like any other.
  EXPECT_EQ(fitted(small_codes, replaced(small_ledgers, "  projects:\n", "  order:\n")), "done");
  EXPECT_EQ(code_of(change({{.cells = {{"name", "一号桥'; DROP TABLE person; --"}}}}, "order")), "done");
  EXPECT_EQ(rows("order").size(), 1U);
}

ON_BOTH_ENGINES(LedgerTables);

TEST(Periods, AreReadAsPeopleWriteThem) {
  using pack::Period;
  EXPECT_EQ(period_from_text(Period::year, "2019年"), "2019");
  EXPECT_EQ(period_from_text(Period::year, "２０１９ 年度"), "2019");
  EXPECT_EQ(period_from_text(Period::half_year, "2019年上半年"), "2019-H1");
  EXPECT_EQ(period_from_text(Period::quarter, "2019年第二季度"), "2019-Q2");
  EXPECT_EQ(period_from_text(Period::month, "2019年4月"), "2019-04");
  EXPECT_EQ(period_from_text(Period::month, "201904"), "2019-04");
  EXPECT_EQ(period_from_text(Period::month, "2019"), std::nullopt);
  EXPECT_EQ(period_from_text(Period::year, "今年"), std::nullopt);
  EXPECT_EQ(period_on(Period::quarter, base::make_date(2019, 12, 31)), "2019-Q4");
  EXPECT_EQ(period_on(Period::half_year, base::make_date(2019, 6, 30)), "2019-H1");
  EXPECT_TRUE(is_period(Period::none, ""));
  EXPECT_FALSE(is_period(Period::month, "2019-13"));
}

}  // namespace
}  // namespace yihu::ledger
