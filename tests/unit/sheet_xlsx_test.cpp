#include "../documents/workbook_file.h"
#include "sheet/workbook.h"

#include <gtest/gtest.h>

namespace yihu::sheet {
namespace {

using test::inline_cell;
using test::number_cell;
using test::XlsxText;

std::string word(CellKind kind) {
  switch (kind) {
    case CellKind::empty: return "empty";
    case CellKind::text: return "text";
    case CellKind::number: return "number";
    case CellKind::boolean: return "bool";
    case CellKind::date: return "date";
    case CellKind::error: return "error";
  }
  return "";
}

/// One line a cell: "C7 number 85% 0.85 formula hidden".
std::string listing(std::string_view bytes, std::string_view name = "a.xlsx") {
  auto workbook = open_workbook(bytes, name);
  if (!workbook) return workbook.error().code + ": " + workbook.error().text.zh;
  std::string out;
  for (std::size_t i = 0; i < (*workbook)->sheets().size(); ++i) {
    const auto done = (*workbook)->read_rows(i, [&](const SheetRow& row) {
      for (const SheetCell& cell : row.cells) {
        out += cell_reference(cell.row, cell.column) + " " + word(cell.kind) + " " + std::string(cell.text);
        if (!cell.number.empty()) out += " = " + std::string(cell.number);
        if (cell.formula) out += " formula";
        if (cell.hidden) out += " hidden";
        if (cell.cut) out += " cut";
        out += "\n";
      }
      return true;
    });
    if (!done) out += done.error().code + " " + done.error().place.cell + ": " + done.error().text.zh + "\n";
  }
  return out;
}

std::string rows_listing(const XlsxText& text) { return listing(test::xlsx_of(text)); }

std::string row(int number, const std::string& cells, const std::string& more = {}) {
  return "<row r=\"" + std::to_string(number) + "\" " + more + ">" + cells + "</row>";
}

TEST(SheetXlsx, EveryKindOfCell) {
  EXPECT_EQ(rows_listing({row(1, "<c r=\"A1\" t=\"s\"><v>1</v></c>" + inline_cell("B1", " 行内 ") + number_cell("C1", "12.5") +
                                     "<c r=\"D1\" t=\"b\"><v>1</v></c><c r=\"E1\" t=\"e\"><v>#REF!</v></c>"
                                     "<c r=\"F1\" t=\"str\"><f>A1&amp;B1</f><v>甲乙</v></c><c r=\"G1\" t=\"d\"><v>2019-04-30T00:00:00</v></c>"
                                     "<c r=\"H1\" s=\"1\"/><c r=\"I1\"><f>1+1</f><v>2</v></c>"),
                          "", "", "<si><t>甲</t></si><si><r><t>乙</t></r><rPh><t>yi</t></rPh><r><t xml:space=\"preserve\"> 丙_x000A_丁</t></r></si>"}),
            "A1 text 乙 丙\n丁\nB1 text  行内 \nC1 number 12.5 = 12.5\nD1 bool TRUE\nE1 error #REF!\nF1 text 甲乙 formula\n"
            "G1 date 2019-04-30\nI1 number 2 = 2 formula\n");
}

TEST(SheetXlsx, NumbersAsTheirFormatShowsThem) {
  const std::string styles =
      "<numFmts><numFmt numFmtId=\"176\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@\"/>"
      "<numFmt numFmtId=\"177\" formatCode=\"000000\"/><numFmt numFmtId=\"178\" formatCode=\"0.00&quot;万元&quot;\"/>"
      "<numFmt numFmtId=\"179\" formatCode=\"[$-804]yyyy/m/d h:mm\"/></numFmts>"
      "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"176\"/><xf numFmtId=\"177\"/><xf numFmtId=\"178\"/>"
      "<xf numFmtId=\"179\"/><xf numFmtId=\"9\"/><xf numFmtId=\"4\"/><xf numFmtId=\"31\"/><xf numFmtId=\"21\"/><xf numFmtId=\"1\"/></cellXfs>";
  std::string cells;
  const std::vector<std::pair<std::string, int>> values{{"43585", 1},   {"43585", 2},       {"460", 3},       {"1.2", 4},
                                                        {"43585.354166666664", 5}, {"0.85", 6}, {"-1234567.885", 7}, {"43585", 8},
                                                        {"0.5", 9}, {"4.6010819900101101E+17", 10}};
  for (std::size_t i = 0; i < values.size(); ++i) cells += number_cell(cell_reference(1, static_cast<int>(i) + 1), values[i].first, values[i].second);
  EXPECT_EQ(rows_listing({row(1, cells), "", "", "", styles}),
            "A1 date 2019-04-30 = 43585\nB1 date 2019-04-30 = 43585\nC1 number 000460 = 460\nD1 number 1.20万元 = 1.2\n"
            "E1 date 2019-04-30 08:30:00 = 43585.3541666667\nF1 number 85% = 0.85\nG1 number -1,234,567.89 = -1234567.885\n"
            "H1 date 2019-04-30 = 43585\nI1 number 12:00:00 = 0.5\nJ1 number 460108199001011000 = 460108199001011000\n");
}

TEST(SheetXlsx, NumbersWithoutFormat) {
  EXPECT_EQ(rows_listing({row(1, number_cell("A1", "460108199001011234") + number_cell("B1", "0.10000000000000001") +
                                     number_cell("C1", "1E-3") + number_cell("D1", "460108104200") + number_cell("E1", "-0") +
                                     number_cell("F1", "1e400") + number_cell("G1", "007"))}),
            "A1 number 4.60108E+17 = 460108199001011234\nB1 number 0.1 = 0.1\nC1 number 0.001 = 0.001\n"
            "D1 number 460108104200 = 460108104200\nE1 number -0 = -0\nF1 text 1e400\nG1 number 7 = 7\n");
}

TEST(SheetXlsx, DaysFrom1904) {
  XlsxText text{row(1, number_cell("A1", "42123", 1)), "", "", "", "<cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs>",
                "<workbookPr date1904=\"1\"/>"};
  EXPECT_EQ(rows_listing(text), "A1 date 2019-04-30 = 42123\n");
}

TEST(SheetXlsx, HiddenRowsAndColumns) {
  EXPECT_EQ(rows_listing({row(1, number_cell("A1", "1") + number_cell("B1", "2")) + row(3, number_cell("A3", "3"), "hidden=\"1\""),
                          "<cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols>"}),
            "A1 number 1 = 1\nB1 number 2 = 2 hidden\nA3 number 3 = 3 hidden\n");
}

TEST(SheetXlsx, CellsWithoutReferencesFollowEachOther) {
  EXPECT_EQ(rows_listing({"<row><c><v>1</v></c><c><v>2</v></c></row><row><c r=\"C2\"><v>3</v></c><c><v>4</v></c></row>"}),
            "A1 number 1 = 1\nB1 number 2 = 2\nC2 number 3 = 3\nD2 number 4 = 4\n");
}

TEST(SheetXlsx, LayoutIsKnownBeforeTheRows) {
  const std::string bytes = test::xlsx_of({row(1, inline_cell("A1", "a</sheetdata>&lt;/sheetData>")), "<cols><col min=\"3\" max=\"4\" hidden=\"true\"/></cols>",
                                           "<mergeCells><mergeCell ref=\"B2:C3\"/><mergeCell ref=\"A1:D1\"/><mergeCell ref=\"x\"/></mergeCells>"});
  auto workbook = open_workbook(bytes, "a.xlsx");
  ASSERT_TRUE(workbook);
  const auto layout = (*workbook)->layout(0);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->merged, (std::vector<CellRange>{{1, 1, 1, 4}, {2, 2, 3, 3}}));
  ASSERT_EQ(layout->hidden_columns.size(), 1U);
  EXPECT_EQ(layout->hidden_columns[0].first_column, 3);
}

TEST(SheetXlsx, LayoutOfASheetWithoutRows) {
  auto parts = test::xlsx_parts({""});
  parts[4].second = "<x:worksheet xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:sheetData/>"
                    "<x:mergeCells><x:mergeCell ref=\"A1:B1\"/></x:mergeCells></x:worksheet>";
  const std::string bytes = test::zip_of(parts);
  auto workbook = open_workbook(bytes, "a.xlsx");
  ASSERT_TRUE(workbook);
  EXPECT_EQ((*workbook)->layout(0)->merged.size(), 1U);
  EXPECT_EQ(listing(bytes), "");
}

TEST(SheetXlsx, PrefixedNamesAreRead) {
  auto parts = test::xlsx_parts({""});
  parts[4].second = "<x:worksheet xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:sheetData><x:row r=\"1\">"
                    "<x:c r=\"A1\"><x:v>1</x:v></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref=\"A1:B1\"/></x:mergeCells></x:worksheet>";
  const std::string bytes = test::zip_of(parts);
  EXPECT_EQ(listing(bytes), "A1 number 1 = 1\n");
  EXPECT_EQ((*open_workbook(bytes, "a.xlsx"))->layout(0)->merged.size(), 1U);
}

TEST(SheetXlsx, HiddenSheetsAreNamed) {
  const std::string bytes = test::xlsx_of({"", "", "", "", "", "", "state=\"veryHidden\""});
  auto workbook = open_workbook(bytes, "a.xlsx");
  ASSERT_TRUE(workbook);
  EXPECT_EQ((*workbook)->sheets()[0].name, "表一");
  EXPECT_TRUE((*workbook)->sheets()[0].hidden);
}

TEST(SheetXlsx, TheSinkMayStop) {
  const std::string bytes = test::xlsx_of({row(1, number_cell("A1", "1")) + row(2, number_cell("A2", "2"))});
  int rows = 0;
  EXPECT_TRUE((*open_workbook(bytes, "a.xlsx"))->read_rows(0, [&](const SheetRow&) { return ++rows < 1; }));
  EXPECT_EQ(rows, 1);
}

TEST(SheetXlsx, Addresses) {
  EXPECT_EQ(cell_reference(7, 3), "C7");
  EXPECT_EQ(cell_reference(1, 26), "Z1");
  EXPECT_EQ(cell_reference(1, 27), "AA1");
  EXPECT_EQ(cell_reference(1'048'576, 16'384), "XFD1048576");
  EXPECT_EQ(cell_address("Sheet1", 7, 3), "Sheet1!C7");
  EXPECT_EQ(cell_address("2019 年's", 7, 3), "'2019 年''s'!C7");
}

}  // namespace
}  // namespace yihu::sheet
