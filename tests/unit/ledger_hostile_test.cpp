// Workbooks sent to do harm: each is answered with a sentence or read as plain values, and the ledger stays as it was.
// What people wrote stays text on its way out.

#include "../documents/workbook_file.h"
#include "ledger/ledger_sheet.h"
#include "ledger_fixture.h"
#include "sheet/workbook.h"

namespace yihu::ledger {
namespace {

class LedgerHostile : public LedgerTest {
 protected:
  ImportWork work() { return {*store_, *ledgers_, viewer_}; }

  /// What is said of the file, at the door or by the dry run; empty when nothing is wrong with it.
  std::string said(const std::string& bytes, const std::string& name = "表.xlsx") {
    const auto file = incoming(work(), "water", bytes, name, {});
    if (!file) return told(file.error());
    const auto run = dry_run(work(), *file);
    if (!run) return told(run.error());
    std::string out;
    for (const base::Error& one : run->mistakes) out += one.code + " ";
    return out;
  }
  std::string told(const base::Error& error) {
    EXPECT_FALSE(error.text.in(base::Language::zh).empty());
    EXPECT_FALSE(error.text.in(base::Language::en).empty());
    return error.code;
  }
  void TearDown() override {
    if (store_) {
      EXPECT_TRUE(rows().empty()) << "nothing was written";
    }
    LedgerTest::TearDown();
  }

  static std::string with_rows(const std::string& data) {
    return "<row r=\"1\">" + test::inline_cell("A1", "户编号") + test::inline_cell("B1", "饮水安全") + test::inline_cell("C1", "取水距离") +
           test::inline_cell("D1", "情况说明") + "</row>" + data;
  }
  const access::Viewer viewer_ = access::Viewer::system("test");
};
ON_BOTH_ENGINES(LedgerHostile);

TEST_P(LedgerHostile, AZipBombIsRefused) {
  auto parts = test::xlsx_parts({.sheet_data = with_rows("")});
  parts[5].second = "<sst>" + std::string(80u << 20, ' ') + "</sst>";
  EXPECT_EQ(said(test::zip_of(parts)), "document_inflates_too_much");
}

TEST_P(LedgerHostile, FormulasAreTheirKeptValueAndNothingMore) {
  household("H1", "张三");
  const std::string row = "<row r=\"2\">" + test::inline_cell("A2", "H1") + test::inline_cell("B2", "是") +
                          "<c r=\"C2\"><f>cmd|'/C calc'!A0</f></c><c r=\"D2\" t=\"str\"><f>HYPERLINK(\"http://example.invalid\",\"看\")</f><v>看</v></c></row>";
  EXPECT_EQ(said(test::xlsx_of({.sheet_data = with_rows(row)})), "formula_without_result ") << "nothing is computed, and nothing is taken for empty";
}

TEST_P(LedgerHostile, BrokenXmlIsAnErrorWithItsPlace) {
  EXPECT_NE(said(test::xlsx_of({.sheet_data = with_rows("<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>H1</is></c></row>")})), "");
}

TEST_P(LedgerHostile, AsManyColumnsAsThereCanBe) {
  household("H1", "张三");
  std::string row = "<row r=\"2\">" + test::inline_cell("A2", "H1") + test::inline_cell("B2", "是");
  for (int column = 5; column <= sheet::sheet_columns_max; ++column) row += test::number_cell(sheet::cell_reference(2, column), "1");
  EXPECT_EQ(said(test::xlsx_of({.sheet_data = with_rows(row + "</row>")})), "") << "columns without a heading are left alone";
  EXPECT_NE(said(test::xlsx_of({.sheet_data = with_rows("<row r=\"2\"><c r=\"XFE2\"><v>1</v></c></row>")})), "") << "one more than there can be";
}

TEST_P(LedgerHostile, ACellOfTenMegabytesIsOneWrongCell) {
  household("H1", "张三");
  const std::string row = "<row r=\"2\">" + test::inline_cell("A2", "H1") + test::inline_cell("B2", "是") + test::inline_cell("D2", std::string(10u << 20, 'x')) + "</row>";
  EXPECT_EQ(said(test::xlsx_of({.sheet_data = with_rows(row)})), "cell_too_long ");
}

TEST_P(LedgerHostile, MacrosAreNeverRun) {
  household("H1", "张三");
  auto parts = test::xlsx_parts({.sheet_data = with_rows("<row r=\"2\">" + test::inline_cell("A2", "H1") + test::inline_cell("B2", "是") + "</row>")});
  parts.emplace_back("xl/vbaProject.bin", "Auto_Open");
  EXPECT_EQ(said(test::zip_of(parts), "表.xlsm"), "");
}

class LedgerTextOut : public LedgerTest {};
ON_BOTH_ENGINES(LedgerTextOut);

TEST_P(LedgerTextOut, TextStaysText) {
  const std::vector<std::string> texts = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|'/C calc'!A0"};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    value_of(change({{.cells = {{"name", boost::json::string(texts[i])}, {"amount", 1}}}}, "projects"));
  }
  const SheetOut out{.pack = pack_, .table = table("projects"), .reach = all_, .created = clock_.now(), .period = "*"};
  const auto csv = read([&](store::Session& session) { return export_csv(session, out); });
  const auto xlsx = read([&](store::Session& session) { return export_xlsx(session, out); });
  for (const std::string& text : texts) {
    EXPECT_NE(csv.find("'" + text.substr(text.find_first_not_of('\t'))), std::string::npos) << text;
  }
  const auto book = value_of(sheet::open_workbook(xlsx, "out.xlsx"));
  std::size_t found = 0;
  EXPECT_TRUE(book->read_rows(0, [&](const sheet::SheetRow& row) {
    for (const auto& cell : row.cells) {
      EXPECT_FALSE(cell.formula);
      const bool ours = std::ranges::any_of(texts, [&](const std::string& text) { return cell.text == text.substr(text.find_first_not_of('\t')); });
      EXPECT_TRUE(!ours || cell.kind == sheet::CellKind::text);
      found += ours ? 1 : 0;
    }
    return true;
  }));
  EXPECT_EQ(found, texts.size());
}

}  // namespace
}  // namespace yihu::ledger
