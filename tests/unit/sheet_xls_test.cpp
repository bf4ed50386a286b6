#include "base/utf8.h"
#include "sheet/marked_workbook.h"
#include "sheet/table.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fstream>

namespace yihu::sheet {
namespace {

/// Written by another program (xlwt): merged title, days, percent, a hidden row and column, a text longer than a record.
std::string ledger() {
  std::ifstream stream("tests/documents/ledger.xls", std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(SheetXls, ATableAsItWasWritten) {
  const std::string bytes = ledger();
  auto workbook = open_workbook(bytes, "ledger.xls");
  ASSERT_TRUE(workbook);
  EXPECT_TRUE((*workbook)->notes().empty());
  EXPECT_TRUE((*workbook)->sheets().at(1).hidden);
  const auto head = table_head(**workbook, 0);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->above, (std::vector<std::string>{"2019年台账"}));
  std::string out;
  for (const TableColumn& column : head->columns) out += column.address + (column.hidden ? "~" : "") + " ";
  ASSERT_TRUE(read_table(**workbook, 0, *head, [&](const TableRow& row) {
    out += "\n" + std::to_string(row.number) + (row.hidden ? "~" : "");
    for (const SheetCell& cell : row.cells) out += "|" + std::string(base::first_code_points(cell.text, 20)) + (cell.number.empty() ? "" : "=" + std::string(cell.number));
    return true;
  }));
  EXPECT_EQ(out,
            "台账!A2 台账!B2 台账!C2 台账!D2 台账!E2~ \n3|户主2|460108199001010002|2.5=2.5|2019-04-30=43585|85%=0.85\n"
            "4|户主3|460108199001010003|3.75=3.75|2019-04-30=43585|85%=0.85\n5~|户主4|460108199001010004|5=5|2019-04-30=43585|85%=0.85\n"
            "6|户主5|460108199001010005|6.25=6.25|2019-04-30=43585|85%=0.85\n7|TRUE|4.60108E+17=460108199001011000||-7=-7|字字字字字字字字字字字字字字字字字字字字");
}

TEST(SheetXls, TextsThatGoOnInTheNextRecord) {
  const std::string bytes = ledger();
  auto workbook = open_workbook(bytes, "ledger.xls");
  ASSERT_TRUE(workbook);
  int rows = 0;
  ASSERT_TRUE((*workbook)->read_rows(1, [&](const SheetRow& row) {
    std::string expected = "第" + std::to_string(rows++) + "段 é";
    for (int i = 0; i < 300; ++i) expected += "多语";
    EXPECT_EQ(row.cells[0].text, expected);
    return true;
  }));
  EXPECT_EQ(rows, 8);
}

TEST(SheetXls, ComesBackAsAnXlsxWithItsMerges) {
  const std::string bytes = ledger();
  const auto out = marked_workbook(bytes, "ledger.xls", std::vector<CellMark>{{0, 3, 2, "不对"}}, {.created = {}});
  ASSERT_TRUE(out);
  auto workbook = open_workbook(*out, "ledger.xlsx");
  ASSERT_TRUE(workbook);
  EXPECT_EQ((*workbook)->layout(0)->merged, (std::vector<CellRange>{{1, 1, 1, 5}}));
  std::string title;
  ASSERT_TRUE((*workbook)->read_rows(0, [&](const SheetRow& row) { return title = row.cells[0].text, false; }));
  EXPECT_EQ(title, "2019年台账");
}

TEST(SheetXls, DamageAnywhereIsAnErrorOrAReading) {
  const std::string whole = ledger();
  EXPECT_TRUE(rc::check("damaged xls", [&] {
    std::string bytes = whole;
    for (int i = 0; i < 20; ++i) bytes[*rc::gen::inRange<std::size_t>(8, bytes.size())] = *rc::gen::arbitrary<char>();
    if (*rc::gen::arbitrary<bool>()) bytes.resize(*rc::gen::inRange<std::size_t>(8, bytes.size()));
    auto workbook = open_workbook(bytes, "a.xls");
    if (!workbook) RC_ASSERT(!workbook.error().text.empty());
    for (std::size_t i = 0; workbook && i < (*workbook)->sheets().size(); ++i) {
      int last = 0;
      const auto done = (*workbook)->read_rows(i, [&](const SheetRow& row) {
        RC_ASSERT(row.number > last);
        last = row.number;
        return true;
      });
      RC_ASSERT(done || !done.error().text.empty());
    }
  }));
}

}  // namespace
}  // namespace yihu::sheet
