#include "../documents/workbook_file.h"
#include "sheet/marked_workbook.h"
#include "sheet/workbook.h"
#include "sheet/xlsx_memory.h"
#include "sheet/zip_archive.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <xlsxwriter.h>

#include <cstdlib>
#include <set>

namespace yihu::sheet {
namespace {

std::string marked(const std::string& bytes, const std::vector<CellMark>& marks, std::string_view name = "a.xlsx") {
  auto out = marked_workbook(bytes, name, marks, {.created = {}});
  EXPECT_TRUE(out) << (out ? "" : base::describe(out.error(), base::Language::en));
  return out ? *out : "";
}

std::string part(const std::string& bytes, const std::string& name) {
  const auto archive = ZipArchive::open(bytes);
  if (!archive || !archive->has(name)) return "(none)";
  return *archive->read(name);
}

/// Every cell as "A1=text", to see that marking changes no value.
std::string values(const std::string& bytes, std::string_view name = "a.xlsx") {
  auto workbook = open_workbook(bytes, name);
  if (!workbook) return workbook.error().text.en;
  std::string out;
  for (std::size_t i = 0; i < (*workbook)->sheets().size(); ++i) {
    const auto done = (*workbook)->read_rows(i, [&](const SheetRow& row) {
      for (const SheetCell& cell : row.cells) out += cell_reference(cell.row, cell.column) + "=" + std::string(cell.text) + "\n";
      return true;
    });
    if (!done) out += done.error().text.en;
  }
  return out;
}

constexpr char styles[] =
    "<fonts count=\"1\"><font/></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>"
    "<borders count=\"1\"><border/></borders><cellXfs count=\"2\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>"
    "<xf numFmtId=\"14\" fontId=\"0\" fillId=\"0\" borderId=\"0\" applyNumberFormat=\"1\"><alignment horizontal=\"center\"/></xf></cellXfs>";

TEST(SheetMarked, OnlyWhatIsMarkedDiffers) {
  const std::string bytes = test::xlsx_of({"<row r=\"2\" spans=\"1:3\" ht=\"20\"><c r=\"A2\" s=\"1\"><v>43585</v></c><c  r='C2'  t=\"inlineStr\"><is><t>甲&amp;乙</t></is></c></row>"
                                           "<row r=\"4\"/><row r=\"6\"><c r=\"B6\"><f>1+1</f><v>2</v></c></row>",
                                           "<cols><col min=\"5\" max=\"5\" width=\"9\" style=\"1\"/></cols>", "<mergeCells count=\"1\"><mergeCell ref=\"A1:B1\"/></mergeCells><pageMargins left=\"1\"/><tableParts count=\"0\"/>",
                                           "", styles});
  const std::string out = marked(bytes, {{0, 2, 1, "没有这一天"}, {0, 2, 2, "必填"}, {0, 2, 5, "必填"}, {0, 3, 1, "新行"}, {0, 4, 3, "空行"}, {0, 6, 2, "不对"}, {0, 6, 2, "也不对"}, {0, 9, 1, "末行"}});
  EXPECT_EQ(part(out, "xl/worksheets/sheet1.xml"),
            "<worksheet" + std::string(test::xlsx_namespaces) + "><cols><col min=\"5\" max=\"5\" width=\"9\" style=\"1\"/></cols><sheetData>"
            "<row r=\"2\" spans=\"1:3\" ht=\"20\"><c r=\"A2\" s=\"3\"><v>43585</v></c><c r=\"B2\" s=\"2\"/><c  r='C2'  t=\"inlineStr\"><is><t>甲&amp;乙</t></is></c><c r=\"E2\" s=\"3\"/></row>"
            "<row r=\"3\"><c r=\"A3\" s=\"2\"/></row><row r=\"4\"><c r=\"C4\" s=\"2\"/></row><row r=\"6\"><c r=\"B6\" s=\"2\"><f>1+1</f><v>2</v></c></row><row r=\"9\"><c r=\"A9\" s=\"2\"/></row>"
            "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:B1\"/></mergeCells><pageMargins left=\"1\"/>"
            "<legacyDrawing xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:id=\"yihu2\"/><tableParts count=\"0\"/></worksheet>");
  EXPECT_NE(part(out, "xl/styles.xml").find("<cellXfs count=\"4\">"), std::string::npos);
  EXPECT_NE(part(out, "xl/styles.xml").find("<xf numFmtId=\"14\" fontId=\"0\" fillId=\"2\" borderId=\"0\" applyNumberFormat=\"1\" applyFill=\"1\"><alignment horizontal=\"center\"/></xf></cellXfs>"), std::string::npos);
  EXPECT_NE(part(out, "xl/comments1.xml").find("<comment ref=\"B6\" authorId=\"0\"><text><r><rPr><sz val=\"9\"/></rPr><t xml:space=\"preserve\">不对\n也不对</t></r></text></comment>"), std::string::npos);
  EXPECT_NE(part(out, "xl/drawings/vmlDrawing1.vml").find("<x:Row>5</x:Row><x:Column>1</x:Column>"), std::string::npos);
  EXPECT_NE(part(out, "xl/worksheets/_rels/sheet1.xml.rels").find("Target=\"/xl/comments1.xml\""), std::string::npos);
  EXPECT_NE(part(out, "[Content_Types].xml").find("PartName=\"/xl/comments1.xml\""), std::string::npos);
  EXPECT_EQ(values(out), values(bytes));
  EXPECT_EQ(part(out, "xl/workbook.xml"), part(bytes, "xl/workbook.xml"));
}

TEST(SheetMarked, CommentsThatWereThereStay) {
  auto parts = test::xlsx_parts({test::inline_cell("A1", "x").insert(0, "<row r=\"1\">") + "</row>", "", "<legacyDrawing r:id=\"rId7\"/>", "", styles});
  const std::string relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  parts.emplace_back("xl/worksheets/_rels/sheet1.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId7\" Type=\"" + relations +
                                                                "vmlDrawing\" Target=\"../drawings/d.vml\"/><Relationship Id=\"rId8\" Type=\"" + relations + "comments\" Target=\"../notes.xml\"/></Relationships>");
  parts.emplace_back("xl/drawings/d.vml", "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:shapetype id=\"_x0000_t202\"/><v:shape id=\"_x0000_s2050\"><br></v:shape></xml>");
  parts.emplace_back("xl/notes.xml", "<x:comments xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:authors><x:author>王五</x:author></x:authors><x:commentList>"
                                     "<x:comment ref=\"A1\" authorId=\"0\"><x:text><x:t>原有</x:t></x:text></x:comment></x:commentList></x:comments>");
  const std::string bytes = test::zip_of(parts);
  const std::string once = marked(bytes, {{0, 1, 1, "一"}, {0, 1, 2, "二"}});
  EXPECT_NE(part(once, "xl/notes.xml").find("<x:author>王五</x:author><x:author>一户</x:author>"), std::string::npos);
  EXPECT_NE(part(once, "xl/notes.xml").find("<x:t>原有</x:t><x:r><x:rPr><x:sz val=\"9\"/></x:rPr><x:t xml:space=\"preserve\">\n一</x:t></x:r></x:text>"), std::string::npos);
  EXPECT_NE(part(once, "xl/drawings/d.vml").find("_x0000_s2051"), std::string::npos);
  EXPECT_EQ(part(once, "xl/worksheets/_rels/sheet1.xml.rels"), part(bytes, "xl/worksheets/_rels/sheet1.xml.rels"));
  EXPECT_EQ(part(once, "xl/comments1.xml"), "(none)");
  // The second round replaces what we said and adds no box.
  const std::string twice = marked(once, {{0, 1, 2, "三"}});
  EXPECT_EQ(part(twice, "xl/notes.xml").find("二"), std::string::npos);
  EXPECT_NE(part(twice, "xl/notes.xml").find("三"), std::string::npos);
  EXPECT_EQ(part(twice, "xl/drawings/d.vml"), part(once, "xl/drawings/d.vml"));
}

TEST(SheetMarked, FilesWithoutStylesOrRows) {
  auto parts = test::xlsx_parts({""});
  parts.pop_back();
  parts[2].second = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" "
                    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
  parts[4].second = "<worksheet" + std::string(test::xlsx_namespaces) + "><sheetData/></worksheet>";
  const std::string out = marked(test::zip_of(parts), {{0, 3, 2, "缺"}});
  EXPECT_NE(part(out, "xl/worksheets/sheet1.xml").find("<sheetData><row r=\"3\"><c r=\"B3\" s=\"1\"/></row></sheetData>"), std::string::npos);
  EXPECT_NE(part(out, "xl/styles1.xml").find("<cellXfs count=\"2\">"), std::string::npos);
  EXPECT_NE(part(out, "xl/_rels/workbook.xml.rels").find("styles1.xml"), std::string::npos);
}

TEST(SheetMarked, CsvComesBackAsAWorkbook) {
  const std::string out = marked("姓名,证件号码\n张三,4.60108E+17\n李四,=1+1\n", {{0, 2, 2, "号码已损坏"}, {0, 3, 3, "缺"}}, "名册.csv");
  EXPECT_EQ(values(out), "A1=姓名\nB1=证件号码\nA2=张三\nB2=4.60108E+17\nA3=李四\nB3==1+1\n");
  EXPECT_NE(part(out, "xl/comments1.xml").find("号码已损坏"), std::string::npos);
  EXPECT_EQ((*open_workbook(out, "a.xlsx"))->sheets()[0].name, "名册");
}

TEST(SheetMarked, NothingMarkedIsTheSameFile) {
  const std::string bytes = test::xlsx_of({"<row r=\"1\"><c><v>1</v></c></row>"});
  EXPECT_EQ(marked(bytes, {}), bytes);
}

/// A workbook of the library with a chart and a picture of its own kind of parts.
std::string charted(int rows) {
  auto memory = XlsxMemory::open({.created = {}});
  lxw_workbook* book = memory->book();
  lxw_worksheet* sheet = workbook_add_worksheet(book, nullptr);
  lxw_format* bold = workbook_add_format(book);
  format_set_bold(bold);
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < 5; ++column) {
      if ((row + column) % 3 == 0) worksheet_write_string(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column), ("文" + std::to_string(row)).c_str(), bold);
      else if ((row + column) % 3 == 1) worksheet_write_number(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column), row, nullptr);
    }
  }
  lxw_chart* chart = workbook_add_chart(book, LXW_CHART_COLUMN);
  chart_add_series(chart, nullptr, "=Sheet1!$A$1:$A$3");
  worksheet_insert_chart(sheet, 1, 7, chart);
  worksheet_merge_range(sheet, static_cast<lxw_row_t>(rows + 2), 0, static_cast<lxw_row_t>(rows + 2), 3, "合并", bold);
  workbook_add_worksheet(book, "其他");
  return *memory->finish();
}

TEST(SheetMarked, RandomMarksChangeNoValueAndNoOtherPart) {
  const std::string bytes = charted(400);
  const std::string before = values(bytes);
  EXPECT_TRUE(rc::check("marking", [&] {
    const auto places = *rc::gen::container<std::set<std::pair<int, int>>>(rc::gen::pair(rc::gen::inRange(1, 420), rc::gen::inRange(1, 8)));
    std::vector<CellMark> marks;
    for (const auto& [row, column] : places) marks.push_back({0, row, column, "原因"});
    const std::string out = marked(bytes, marks);
    RC_ASSERT(values(out) == before);
    const auto archive = ZipArchive::open(bytes);
    const std::set<std::string> changed{"xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml", "xl/worksheets/_rels/sheet1.xml.rels"};
    for (const std::string& name : archive->parts()) RC_ASSERT(changed.contains(name) || part(out, name) == part(bytes, name));
    const std::string sheet = part(out, "xl/worksheets/sheet1.xml");
    for (const auto& [row, column] : places) {
      const std::size_t at = sheet.find("<c r=\"" + cell_reference(row, column) + "\" s=\"");
      RC_ASSERT(at != std::string::npos);
      const int style = std::atoi(sheet.c_str() + sheet.find(" s=\"", at) + 4);
      RC_ASSERT(style >= 2);
    }
  }));
}

}  // namespace
}  // namespace yihu::sheet
