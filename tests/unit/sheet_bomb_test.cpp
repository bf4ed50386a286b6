// Workbooks that mean harm: each is a clear sentence or a reading of bounded size, and changes nothing.
#include "../documents/workbook_file.h"
#include "sheet/cell_value.h"
#include "sheet/marked_workbook.h"
#include "sheet/table.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace yihu::sheet {
namespace {

/// The error's code, with its place; "" when all rows of the first sheet were read.
std::string outcome(const std::string& bytes, std::string_view name = "a.xlsx") {
  auto workbook = open_workbook(bytes, name);
  if (!workbook) {
    EXPECT_EQ(workbook.error().place.file, name);
    EXPECT_FALSE(workbook.error().mend.empty()) << workbook.error().code;
    return workbook.error().code;
  }
  const auto done = (*workbook)->read_rows(0, [](const SheetRow&) { return true; });
  return done ? "" : done.error().code + " " + done.error().place.cell;
}

TEST(WorkbookBomb, SharedTextsThatGrowWithoutEnd) {
  EXPECT_EQ(outcome(test::xlsx_of({"<row><c t=\"s\"><v>0</v></c></row>", "", "", std::string(80u << 20, ' ')})).substr(0, 9), "document_");
}

TEST(WorkbookBomb, ASheetThatUnpacksAThousandTimes) {
  EXPECT_EQ(outcome(test::xlsx_of({"<row>" + std::string(80u << 20, ' ') + "</row>"})), "document_inflates_too_much ");
}

TEST(WorkbookBomb, FormulasAreNeverMoreThanTheirKeptValue) {
  const std::string bytes = test::xlsx_of({"<row r=\"1\"><c r=\"A1\" t=\"str\"><f>cmd|'/C calc'!A0</f><v>=cmd|'/C calc'!A0</v></c>"
                                           "<c r=\"B1\"><f>HYPERLINK(\"http://x\",\"y\")</f></c><c r=\"C1\" t=\"str\"><f>[1]Other!A1</f><v>旧值</v></c></row>"});
  auto workbook = open_workbook(bytes, "a.xlsx");
  ASSERT_TRUE(workbook);
  std::string out;
  ASSERT_TRUE((*workbook)->read_rows(0, [&](const SheetRow& row) {
    for (const SheetCell& cell : row.cells) out += std::string(cell.text) + (cell.formula ? " formula|" : "|");
    return true;
  }));
  EXPECT_EQ(out, "=cmd|'/C calc'!A0 formula| formula|旧值 formula|") << "a formula without a value is there, and is nothing";
}

TEST(WorkbookBomb, AsManyColumnsAsThereCanBe) {
  std::string row = "<row r=\"1\">";
  for (int column = 1; column <= sheet_columns_max; ++column) row += test::inline_cell(cell_reference(1, column), "列" + std::to_string(column));
  row += "</row>";
  const std::string bytes = test::xlsx_of({row});
  EXPECT_EQ(outcome(bytes), "");
  const auto head = table_head(**open_workbook(bytes, "a.xlsx"), 0);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->columns.size(), static_cast<std::size_t>(sheet_columns_max));
  EXPECT_EQ(outcome(test::xlsx_of({"<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>"})), "sheet_damaged 表一!A1");
}

TEST(WorkbookBomb, BrokenXmlSaysWhere) {
  EXPECT_EQ(outcome(test::xlsx_of({"<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"7\"><c r=\"A7\"><v>1</c></row>"})), "sheet_damaged 表一!A7");
  EXPECT_EQ(outcome(test::xlsx_of({"<row r=\"5\"/><row r=\"4\"/>"})), "sheet_damaged 表一!A6");
  EXPECT_EQ(outcome(test::xlsx_of({"<row r=\"1\"><c r=\"A1\" t=\"s\"><v>9</v></c></row>"})), "sheet_damaged 表一!A1");
  auto parts = test::xlsx_parts({""});
  parts[4].second = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]>" + parts[4].second;
  EXPECT_EQ(outcome(test::zip_of(parts)), "sheet_damaged 表一!A1");
  EXPECT_EQ(outcome(test::xlsx_of({"<row a=\"" + std::string(2u << 20, 'x') + "\"/>"})), "sheet_damaged 表一!A1");
  EXPECT_EQ(outcome("PK\x03\x04 nothing"), "workbook_damaged");
  auto missing = test::xlsx_parts({""});
  missing.erase(missing.begin() + 4);
  EXPECT_EQ(outcome(test::zip_of(missing)), "sheet_damaged");
}

TEST(WorkbookBomb, MacrosAreIgnoredAndSaid) {
  auto parts = test::xlsx_parts({"<row><c><v>1</v></c></row>"});
  parts.emplace_back("xl/vbaProject.bin", "Sub AutoOpen()");
  const std::string bytes = test::zip_of(parts);
  auto workbook = open_workbook(bytes, "a.xlsm");
  ASSERT_TRUE(workbook);
  ASSERT_EQ((*workbook)->notes().size(), 1U);
  EXPECT_EQ((*workbook)->notes()[0].zh, "文件含有宏，已忽略，只读取单元格的值。");
}

TEST(WorkbookBomb, ACellOfTenMegabytesIsCutAndRefusedByItself) {
  std::string longest;
  for (int i = 0; i < 3'500'000; ++i) longest += "长";
  const std::string bytes = test::xlsx_of({"<row r=\"1\">" + test::inline_cell("A1", longest) + test::inline_cell("B1", "好") + "</row>"});
  auto workbook = open_workbook(bytes, "a.xlsx");
  ASSERT_TRUE(workbook);
  ASSERT_TRUE((*workbook)->read_rows(0, [&](const SheetRow& row) {
    EXPECT_EQ(row.cells.size(), 2U);
    EXPECT_TRUE(row.cells[0].cut);
    EXPECT_LE(row.cells[0].text.size(), cell_bytes_max);
    EXPECT_EQ(text_from_cell(row.cells[0], "表一").error().code, "cell_too_long");
    EXPECT_EQ(*text_from_cell(row.cells[1], "表一"), "好");
    return true;
  }));
}

TEST(WorkbookBomb, ARowOfTooMuchText) {
  const std::string wide(cell_bytes_max, 'x');
  std::string row = "<row r=\"3\">";
  for (int column = 1; column <= 200; ++column) row += test::inline_cell(cell_reference(3, column), wide + std::to_string(column));
  EXPECT_EQ(outcome(test::xlsx_of({row + "</row>"})), "sheet_row_too_large 表一!A3");
}

TEST(WorkbookBomb, LockedAndForeignFiles) {
  EXPECT_EQ(outcome(test::zip_of(test::xlsx_parts({""}), "geheim")), "workbook_locked");
  EXPECT_EQ(outcome(test::docx_of("")), "workbook_unknown");
  EXPECT_EQ(outcome(test::zip_of({{"a.txt", "x"}})), "workbook_unknown");
  EXPECT_EQ(outcome(test::zip_of({{"[Content_Types].xml", "<Types/>"}, {"xl/workbook.bin", "x"}})), "workbook_unknown");
  EXPECT_EQ(outcome("\xd0\xcf\x11\xe0 nothing", "a.xls"), "workbook_damaged");
}

TEST(WorkbookBomb, TooManyMergedCells) {
  std::string merged = "<mergeCells>";
  for (std::size_t i = 0; i <= sheet_merged_max; ++i) merged += "<mergeCell ref=\"A1:B1\"/>";
  const std::string bytes = test::xlsx_of({"", "", merged + "</mergeCells>"});
  EXPECT_EQ((*open_workbook(bytes, "a.xlsx"))->layout(0).error().code, "sheet_too_many_merged");
}

TEST(WorkbookBomb, CancellingStops) {
  std::string rows;
  for (int row = 1; row <= 20'000; ++row) rows += "<row><c><v>1</v></c></row>";
  const std::string bytes = test::xlsx_of({rows});
  base::Cancel cancel;
  auto workbook = open_workbook(bytes, "a.xlsx");
  int seen = 0;
  std::int64_t told = 0;
  const auto done = (*workbook)->read_rows(0, [&](const SheetRow&) { return ++seen, cancel.ask(), true; }, cancel, [&](std::int64_t at, std::int64_t total) { told = at; EXPECT_LE(at, total); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, base::ErrorKind::cancelled);
  EXPECT_LT(seen, 20'000);
  EXPECT_GT(told, 0);
}

TEST(WorkbookBomb, DamageAnywhereIsAnErrorOrAReading) {
  const std::string whole = test::xlsx_of({"<row r=\"1\">" + test::inline_cell("A1", "姓名") + "<c r=\"B1\" t=\"s\"><v>0</v></c></row><row r=\"2\"><c r=\"A2\" s=\"1\"><v>43585</v></c></row>",
                                           "<cols><col min=\"1\" max=\"2\" hidden=\"1\"/></cols>", "<mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>", "<si><t>村</t></si>",
                                           "<cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs>"});
  EXPECT_TRUE(rc::check("damaged xlsx", [&] {
    std::string bytes = whole;
    for (int i = 0; i < 10; ++i) bytes[*rc::gen::inRange<std::size_t>(4, bytes.size())] = *rc::gen::arbitrary<char>();
    auto workbook = open_workbook(bytes, "a.xlsx");
    if (workbook) static_cast<void>((*workbook)->read_rows(0, [](const SheetRow&) { return true; }));
    else RC_ASSERT(!workbook.error().text.empty());
    const auto marked = marked_workbook(bytes, "a.xlsx", std::vector<CellMark>{{0, 2, 2, "x"}}, {.created = {}});
    RC_ASSERT(marked || !marked.error().text.empty());
  }));
}

}  // namespace
}  // namespace yihu::sheet
