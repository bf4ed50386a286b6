#include "../documents/office_file.h"
#include "sheet/workbook.h"

#include <gtest/gtest.h>

namespace yihu::sheet {
namespace {

std::string ods_of(const std::string& tables, const std::string& styles = {}) {
  return test::zip_of({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
                       {"content.xml", "<office:document-content" + std::string(test::odt_namespaces) + "><office:automatic-styles>" + styles +
                                           "</office:automatic-styles><office:body><office:spreadsheet>" + tables +
                                           "</office:spreadsheet></office:body></office:document-content>"}});
}

std::string listing(const std::string& bytes) {
  auto workbook = open_workbook(bytes, "a.ods");
  if (!workbook) return workbook.error().code;
  std::string out;
  for (std::size_t i = 0; i < (*workbook)->sheets().size(); ++i) {
    out += "== " + (*workbook)->sheets()[i].name + ((*workbook)->sheets()[i].hidden ? " hidden" : "") + "\n";
    const SheetLayout layout = *(*workbook)->layout(i);
    for (const CellRange& range : layout.merged) out += cell_reference(range.first_row, range.first_column) + ":" + cell_reference(range.last_row, range.last_column) + "\n";
    const auto done = (*workbook)->read_rows(i, [&](const SheetRow& row) {
      for (const SheetCell& cell : row.cells) {
        out += cell_reference(cell.row, cell.column) + " " + std::to_string(static_cast<int>(cell.kind)) + " " + std::string(cell.text) +
               (cell.number.empty() ? "" : " = " + std::string(cell.number)) + (cell.formula ? " formula" : "") + (cell.hidden ? " hidden" : "") + "\n";
      }
      return true;
    });
    if (!done) out += done.error().code + " " + done.error().place.cell + "\n";
  }
  return out;
}

TEST(SheetOds, EveryKindOfCell) {
  EXPECT_EQ(listing(ods_of(
                "<table:table table:name=\"台账\"><table:table-column table:number-columns-repeated=\"2\"/><table:table-column table:visibility=\"collapse\"/>"
                "<table:table-header-rows><table:table-row><table:table-cell office:value-type=\"string\" table:number-columns-spanned=\"2\" table:number-rows-spanned=\"2\"><text:p>姓<text:s text:c=\"2\"/>名</text:p>"
                "<text:p>（必填）</text:p><office:annotation><text:p>批注</text:p></office:annotation></table:table-cell><table:covered-table-cell/></table:table-row></table:table-header-rows>"
                "<table:table-row table:number-rows-repeated=\"2\"/>"
                "<table:table-row table:visibility=\"filter\"><table:table-cell office:value-type=\"date\" office:date-value=\"2019-04-30\"><text:p>2019年4月30日</text:p></table:table-cell>"
                "<table:table-cell office:value-type=\"float\" office:value=\"1234.5\" table:formula=\"of:=1+1\"><text:p>1,234.50</text:p></table:table-cell>"
                "<table:table-cell office:value-type=\"percentage\" office:value=\"0.85\"><text:p>85%</text:p></table:table-cell>"
                "<table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"><text:p>真</text:p></table:table-cell></table:table-row>"
                "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"2\"><text:p>同</text:p></table:table-cell>"
                "<table:table-cell table:number-columns-repeated=\"16382\"/></table:table-row></table:table><table:table table:name=\"二\" table:style-name=\"h\"><table:table-row><table:table-cell>"
                "<text:p>乙</text:p></table:table-cell></table:table-row></table:table>",
                "<style:style style:name=\"h\"><style:table-properties table:display=\"false\"/></style:style>")),
            "== 台账\nA1:B2\nA1 1 姓  名\n（必填）\nA4 4 2019-04-30 hidden\nB4 2 1,234.50 = 1234.5 formula hidden\nC4 2 85% = 0.85 hidden\nD4 3 TRUE hidden\n"
            "A5 1 同\nB5 1 同\nA6 1 同\nB6 1 同\n== 二 hidden\nA1 1 乙\n");
}

TEST(SheetOds, RepeatsWithoutEndAreStopped) {
  const std::string bytes = ods_of("<table:table table:name=\"t\"><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\">"
                                   "<text:p>x</text:p></table:table-cell></table:table-row></table:table>");
  auto workbook = open_workbook(bytes, "a.ods");
  ASSERT_TRUE(workbook);
  const auto done = (*workbook)->read_rows(0, [](const SheetRow&) { return true; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "sheet_too_long");
}

TEST(SheetOds, LockedOnesAreRefused) {
  EXPECT_EQ(listing(test::zip_of({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"META-INF/manifest.xml", "<manifest:encryption-data/>"}, {"content.xml", "\x01"}})),
            "workbook_locked");
}

}  // namespace
}  // namespace yihu::sheet
