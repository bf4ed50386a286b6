// Workbooks into ledgers: dry run, writing, undo, and what real files hold.

#include "ledger/import_block.h"
#include "ledger/ledger_sheet.h"
#include "ledger_fixture.h"
#include "store/verification.h"

namespace yihu::ledger {
namespace {

class LedgerImport : public LedgerTest {
 protected:
  ImportWork work() { return {*store_, *ledgers_, viewer_}; }

  Incoming file(const std::string& bytes, ImportChoices choices = {}, const std::string& ledger = "water", const std::string& name = "表.csv") {
    return value_of(incoming(work(), ledger, bytes, name, choices));
  }
  DryRun dry(const std::string& bytes, ImportChoices choices = {}) { return value_of(dry_run(work(), file(bytes, std::move(choices)))); }

  /// Taken in, run dry and written. @returns the import
  Import imported(const std::string& bytes, ImportChoices choices = {}) {
    clock_.set(clock_.now() + std::chrono::seconds(1));
    const Incoming in = file(bytes, std::move(choices));
    const Import kept = value_of(keep_import(work(), in, value_of(dry_run(work(), in))));
    return value_of(apply_import(work(), kept.id));
  }

  std::map<std::string, std::vector<store::Cell>> cells() {
    std::map<std::string, std::vector<store::Cell>> out;
    RowFilter filter{.period = "*", .limit = rows_page_max};
    for (;;) {
      auto page = rows("water", filter);
      for (LedgerRow& row : page) out[row.code] = row.cells;
      if (page.size() < rows_page_max) return out;
      filter.after = {page.back().subject, page.back().period, page.back().id};
    }
  }
  std::string undone(const std::string& id) {
    return code_of(write([&](store::Transaction& t) -> base::Result<int> {
      TRY(undo_import(t, *ledgers_, id));
      return 0;
    }));
  }

  const access::Viewer viewer_ = access::Viewer::system("test");
};

constexpr const char* three_rows =
    "饮水安全情况统计表,,,,\n"
    "户编号,户主姓名,饮水安全,水源,取水距离,水费\n"
    "H1,张三,是,自来水,１２０,\"1,234.50\"\n"
    "H2,李四,√,水井,30,￥5元\n"
    "合计,,,,,1239.50\n"
    "注：本表由村填报,,,,\n";

TEST_P(LedgerImport, ADryRunSaysWhatWouldHappenAndWritesNothing) {
  household("H1", "张三");
  household("H2", "李四");
  const DryRun run = dry(three_rows);
  EXPECT_EQ(run.summary.of(Outcome::added), 2);
  EXPECT_EQ(run.summary.total(), 2) << "titles, totals and notes are no rows";
  EXPECT_TRUE(run.mistakes.empty());
  EXPECT_TRUE(rows().empty());
}

TEST_P(LedgerImport, WritingAgainFindsEverythingTheSame) {
  household("H1", "张三");
  household("H2", "李四");
  const Import first = imported(three_rows);
  EXPECT_EQ(first.state, ImportState::applied);
  auto held = cells();
  EXPECT_EQ(held.at("H1")[2], store::Cell(std::int64_t{120}));
  EXPECT_EQ(held.at("H1")[3], store::Cell(std::int64_t{123450}));
  EXPECT_EQ(dry(three_rows).summary.of(Outcome::same), 2);
  const DryRun changed = dry("户编号,取水距离,水费,饮水安全\nH1,80,,是\nH2,30,5,是\n");
  EXPECT_EQ(changed.summary.of(Outcome::changed), 1) << "an empty cell keeps what is stored";
  ASSERT_EQ(changed.lines.size(), 1U);
  EXPECT_EQ(changed.lines[0].changes.at(0), (std::array<std::string, 3>{"取水距离", "120", "80"}));
  const DryRun cleared = dry("户编号,取水距离,水费,饮水安全\nH1,120,,是\n", {.clear_empty = true});
  EXPECT_EQ(cleared.summary.cells_changed, 1);
}

TEST_P(LedgerImport, EveryWrongCellIsToldWithItsAddressAndNothingIsGuessed) {
  household("H1", "张三");
  household("H2", "李四");
  household("H3", "王五");
  const DryRun run = dry(
      "户编号,饮水安全,水源,取水距离,检测日期\n"
      "H1,大概,自来,很远,2019-02-30\n"
      "H2,是,,,\n"
      "H2,否,,,\n"
      "H9,是,,,\n"
      "4.60108E+17,是,,,\n"
      ",是,,,\n"
      "H3,,水井,,\n");
  std::set<std::string> places;
  for (const base::Error& mistake : run.mistakes) places.insert(mistake.place.cell.substr(mistake.place.cell.find('!') + 1));
  EXPECT_EQ(places, (std::set<std::string>{"B2", "C2", "D2", "E2", "A4", "A5", "A6", "A7", "B8"}));
  EXPECT_EQ(run.summary.of(Outcome::wrong), 5);
  EXPECT_EQ(run.summary.of(Outcome::not_found), 1);
  EXPECT_EQ(run.summary.of(Outcome::added), 1);
  const std::string back = value_of(marked(work(), file("户编号,饮水安全\nH1,大概\n")));
  EXPECT_EQ(back.substr(0, 2), "PK");
}

TEST_P(LedgerImport, ColumnsAreMatchedBySuggestionOnlyWhenChosenAndRemembered) {
  household("H1", "张三");
  const std::string bytes = "户编号,饮水是否安全,取水距离（米）,水质情况\nH1,是,5,好\n";
  const Layout before = file(bytes, {.targets = {{"饮水是否安全", "safe"}}}).layout;
  EXPECT_EQ(before.columns[1].how, LayoutColumn::How::chosen);
  EXPECT_EQ(before.columns[2].target, "distance_m") << "what stands in brackets does not matter";
  EXPECT_EQ(before.columns[3].target, "");
  imported(bytes, {.targets = {{"饮水是否安全", "safe"}}});
  const Layout after = file(bytes).layout;
  EXPECT_EQ(after.columns[1].how, LayoutColumn::How::remembered);
  EXPECT_EQ(after.columns[1].target, "safe");
  EXPECT_EQ(code_of(incoming(work(), "water", "户主姓名,饮水安全\n张三,是\n", "a.csv", {})), "key_missing");
  EXPECT_EQ(code_of(incoming(work(), "watr", bytes, "a.csv", {})), "ledger_unknown");
}

TEST_P(LedgerImport, AnImportIsUndoneAsOne) {
  household("H1", "张三");
  const auto two = household("H2", "李四");
  const auto by_hand = value_of(change({{.subject = two, .cells = {{"safe", false}, {"distance_m", 900}}}})).front();
  const Import import = imported(three_rows);
  EXPECT_EQ(cells().at("H2")[2], store::Cell(std::int64_t{30}));
  EXPECT_EQ(rows().size(), 2U);
  EXPECT_EQ(undone(import.id), "done");
  auto held = cells();
  EXPECT_EQ(held.size(), 1U);
  EXPECT_EQ(held.at("H2")[2], store::Cell(std::int64_t{900}));
  EXPECT_EQ(undone(import.id), "import_not_applied");
  // The row is as it was, version and all, and can be changed.
  EXPECT_EQ(code_of(change({{.id = by_hand.id, .version = 1, .cells = {{"distance_m", 800}}}})), "done");
  EXPECT_EQ(imported(three_rows).summary.of(Outcome::changed), 1);
  EXPECT_EQ(rows().size(), 2U);
}

TEST_P(LedgerImport, WhatWasBuiltUponIsNotUndone) {
  household("H1", "张三");
  household("H2", "李四");
  const Import first = imported(three_rows);
  const Import second = imported("户编号,饮水安全\nH1,否\n");
  EXPECT_EQ(undone(first.id), "import_built_upon");
  EXPECT_EQ(undone(second.id), "done");
  EXPECT_EQ(cells().at("H1")[0], store::Cell(std::int64_t{1}));
  const LedgerRow row = rows().at(0);
  value_of(change({{.id = row.id, .version = row.version, .cells = {{"distance_m", 1}}}}));
  EXPECT_EQ(undone(first.id), "import_built_upon");
}

TEST_P(LedgerImport, ManyRowsGoInChunksAndASecondClerkIsNotOverwritten) {
  std::string bytes = "户编号,饮水安全\n";
  std::vector<std::string> ids;
  value_of(write([&](store::Transaction& t) -> base::Result<int> {
    for (int i = 0; i < 2500; ++i) {
      ids.push_back(base::new_uuid());
      TRY(t.execute("INSERT INTO household (id, code, village, status, monitoring, size, registered_on, version, updated_at)"
                    " VALUES (:id, :code, '460108101001', 'poor', 'none', 1, '2015-01-01', 1, 0)",
                    {{"id", ids.back()}, {"code", fmt::format("N{}", i)}}));
    }
    return 0;
  }));
  for (int i = 0; i < 2500; ++i) bytes += fmt::format("N{},是\n", i);
  const Incoming in = file(bytes);
  const Import kept = value_of(keep_import(work(), in, value_of(dry_run(work(), in))));
  // A clerk saves one of the rows while the workbook is being read.
  std::atomic<bool> saved = false;
  ImportWork busy = work();
  busy.progress = [&](std::int64_t, std::int64_t) {
    if (saved.exchange(true)) return;
    value_of(change({{.subject = ids[2400], .cells = {{"safe", false}}}}));
  };
  const Import done = value_of(apply_import(busy, kept.id));
  const auto held = cells();
  EXPECT_EQ(held.size(), 2500U);
  EXPECT_EQ(done.rows_done, 2500);
  if (saved) {
    EXPECT_EQ(done.summary.overtaken, 1);
    EXPECT_EQ(held.at("N2400")[0], store::Cell(std::int64_t{0})) << "the clerk's value stays";
  }
}

TEST_P(LedgerImport, ACancelledImportLeavesNothing) {
  household("H1", "张三");
  const Incoming in = file(three_rows);
  const Import kept = value_of(keep_import(work(), in, value_of(dry_run(work(), in))));
  ImportWork stopped = work();
  stopped.cancel.ask();
  EXPECT_EQ(code_of(apply_import(stopped, kept.id)), "cancelled");
  EXPECT_TRUE(rows().empty());
  EXPECT_EQ(value_of(apply_import(work(), kept.id)).state, ImportState::applied) << "it can be tried again";
}

TEST_P(LedgerImport, PrivateTextIsSealedAndComparedInClear) {
  household("H1", "张三");
  imported("户编号,饮水安全,情况说明\nH1,是,水发黄\n");
  EXPECT_EQ(std::get<std::string>(rows().at(0).cells[7]).find("水发黄"), std::string::npos);
  EXPECT_EQ(dry("户编号,饮水安全,情况说明\nH1,是,水发黄\n").summary.of(Outcome::same), 1);
  const DryRun other = dry("户编号,饮水安全,情况说明\nH1,是,水清了\n");
  ASSERT_EQ(other.lines.size(), 1U);
  EXPECT_EQ(other.lines[0].changes.at(0)[2], masked);
  const Import import = imported("户编号,饮水安全,情况说明\nH1,否,\n");
  EXPECT_EQ(import.summary.cells_changed, 1);
  const Editing with = editing(all_);
  const auto id = rows().at(0).id;
  EXPECT_EQ(value_of(write([&](store::Transaction& t) { return open_cell(t, with, id, "note", "核对"); })), "水发黄")
      << "a row written anew keeps the sealed cell it did not touch";
}

TEST_P(LedgerImport, ATemplateComesBackAsItWentOut) {
  const auto one = household("H1", "张三");
  household("H2", "李四");
  household("H3", "王五", "460108102001");
  value_of(change({{.subject = one, .cells = {{"safe", true}, {"source", "tap"}, {"cost", 123450}, {"share", "85.5%"}, {"depth", 3.25},
                                              {"tested_on", "2019-04-01"}}}}));
  const SheetOut out{pack_, table(), all_, base::Language::zh, clock_.now(), "460108101", "2019"};
  const std::string bytes = read([&](store::Session& session) { return filled_template(session, out); });
  const Incoming in = file(bytes, {}, "water", "模板.xlsx");
  EXPECT_EQ(in.match, Match::code);
  const DryRun run = value_of(dry_run(work(), in));
  EXPECT_EQ(run.summary.of(Outcome::same), 2);
  EXPECT_EQ(run.summary.of(Outcome::wrong), 0) << "a row that nobody filled in is not wrong";
  EXPECT_EQ(run.summary.untouched, 1);
  EXPECT_EQ(run.summary.total(), 2);
  const std::string csv = read([&](store::Session& session) { return export_csv(session, out); });
  EXPECT_NE(csv.find("H1,张三,甲村,2019,是,自来水"), csv.npos) << csv;
  EXPECT_EQ(value_of(dry_run(work(), file(csv))).summary.of(Outcome::same), 1);
  EXPECT_EQ(value_of(blank_template(out)).substr(0, 2), "PK");
}

TEST_P(LedgerImport, TheHistoryOfACellIsWholeThoughRowsAreJournalledByBlocks) {
  household("H1", "张三");
  household("H2", "李四");
  const Import first = imported("户编号,饮水安全,水源,取水距离,水费,井深,情况说明\nH1,是,水井,120,\"1,234.50\",3.25,\"水\"\"黄\\\"\nH2,否,,30,,,\n");
  const Import second = imported("户编号,取水距离,情况说明\nH1,80,清了\n");
  const LedgerRow row = rows().at(0).code == "H1" ? rows().at(0) : rows().at(1);
  value_of(change({{.id = row.id, .version = row.version, .cells = {{"distance_m", 70}}}}));
  const auto history = [&](const char* column) { return read([&](store::Session& session) { return row_history(session, table(), row.id, column); }); };
  const auto distance = history("distance_m");
  ASSERT_EQ(distance.size(), 3U);
  EXPECT_EQ(distance[0].action, "ledger_row.changed");
  EXPECT_EQ(distance[0].after, boost::json::value(70));
  EXPECT_EQ(distance[1].action, "ledger_row.imported");
  EXPECT_EQ(distance[1].import_id, second.id);
  EXPECT_EQ(distance[1].before, boost::json::value(120));
  EXPECT_EQ(distance[1].after, boost::json::value(80));
  EXPECT_EQ(distance[2].import_id, first.id);
  EXPECT_EQ(distance[2].before, boost::json::value(nullptr));
  EXPECT_EQ(distance[2].after, boost::json::value(120));
  EXPECT_EQ(distance[2].actor, viewer_.actor());
  EXPECT_EQ(history("safe").at(0).after, boost::json::value(true));
  EXPECT_EQ(history("cost").at(0).after, boost::json::value(123450));
  EXPECT_EQ(history("depth").at(0).after, boost::json::value(3.25));
  EXPECT_EQ(history("source").at(0).after, boost::json::value("well"));
  const auto note = history("note");
  ASSERT_EQ(note.size(), 2U);
  for (const auto& event : note) EXPECT_EQ(event.after, boost::json::value(std::string(masked)));
  EXPECT_EQ(history("").size(), 3U);
  // Nothing private stands in the journal, and the rows have no entries of their own.
  const auto entries = read([](store::Session& session) { return store::entries_after(session, 0, 1000); });
  int blocks = 0;
  for (const store::Entry& entry : entries) {
    EXPECT_EQ(entry.after.find("清了"), std::string::npos);
    EXPECT_NE(entry.action, "ledger_row.imported");
    blocks += entry.action == import_written_action ? 1 : 0;
  }
  EXPECT_EQ(blocks, 2);
  EXPECT_TRUE(value_of(store::verify_journal(*store_, {}, {}, {})).whole);
}

TEST_P(LedgerImport, AWrongLineCarriesTheNameThatStandsInTheFile) {
  household("H1", "张三");
  const DryRun run = dry("户编号,户主姓名,饮水安全\nH1,张三,大概\nH9,李不在,是\n");
  ASSERT_EQ(run.lines.size(), 2U);
  EXPECT_EQ(run.lines[0].label, "张三");
  EXPECT_EQ(run.lines[1].label, "李不在");
}

TEST_P(LedgerImport, ALargeFileIsKeptSealedInPieces) {
  household("H1", "张三");
  std::string bytes = three_rows;
  while (bytes.size() < (9u << 20)) bytes += "注：本表由村填报，仅供核对使用，不作其他用途。,,,,\n";
  const Incoming in = file(bytes);
  const Import kept = value_of(keep_import(work(), in, value_of(dry_run(work(), in))));
  EXPECT_EQ(value_of(reopen(work(), kept, kept.choices)).bytes, bytes);
  EXPECT_EQ(value_of(apply_import(work(), kept.id)).summary.of(Outcome::added), 1);
}

TEST_P(LedgerImport, RowsAboutNobodyAreToldApartByTheirKey) {
  const auto run = [&](const std::string& bytes) { return value_of(dry_run(work(), file(bytes, {}, "projects"))); };
  const std::string first = "项目名称,投资额\n一号桥,100\n二号渠,200\n";
  const Incoming in = file(first, {}, "projects");
  value_of(apply_import(work(), value_of(keep_import(work(), in, run(first))).id));
  EXPECT_EQ(run(first).summary.of(Outcome::same), 2);
  const DryRun next = run("项目名称,投资额\n二号渠,250\n三号路,300\n三号路,1\n");
  EXPECT_EQ(next.summary.of(Outcome::changed), 1);
  EXPECT_EQ(next.summary.of(Outcome::added), 1);
  EXPECT_EQ(next.summary.of(Outcome::wrong), 1);
}

ON_BOTH_ENGINES(LedgerImport);

}  // namespace
}  // namespace yihu::ledger
