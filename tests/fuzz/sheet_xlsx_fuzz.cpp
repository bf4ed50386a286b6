// Any XML in each part of an xlsx or ods file. The first byte says which part; the others are as small as can be.
#include "../documents/workbook_file.h"
#include "base/utf8.h"
#include "sheet/cell_value.h"
#include "sheet/marked_workbook.h"
#include "sheet/table.h"

#include <cstdint>
#include <cstdlib>

namespace {

void read_everything(const std::string& bytes) {
  using namespace yihu::sheet;
  auto workbook = open_workbook(bytes, "a.xlsx");
  if (!workbook) {
    if (workbook.error().text.empty()) std::abort();
    return;
  }
  for (std::size_t i = 0; i < (*workbook)->sheets().size(); ++i) {
    int last_row = 0;
    int rows = 0;
    const auto done = (*workbook)->read_rows(i, [&](const SheetRow& row) {
      if (row.number <= last_row || row.number > sheet_rows_max) std::abort();
      last_row = row.number;
      int last_column = 0;
      for (const SheetCell& cell : row.cells) {
        if (cell.row != row.number || cell.column <= last_column || cell.column > sheet_columns_max || !yihu::base::is_utf8(cell.text)) std::abort();
        last_column = cell.column;
        static_cast<void>(date_from_cell(cell, "x"));
        static_cast<void>(fen_from_cell(cell, "x"));
        static_cast<void>(share_from_cell(cell, "x"));
        static_cast<void>(identifier_from_cell(cell, "x"));
      }
      return ++rows < 10'000;
    });
    if (!done && done.error().text.empty()) std::abort();
    const auto head = table_head(**workbook, i);
    rows = 0;
    if (head) static_cast<void>(read_table(**workbook, i, *head, [&](const TableRow& row) { return row.cells.size() == head->columns.size() ? ++rows < 10'000 : (std::abort(), false); }));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yihu;
  if (size == 0) return 0;
  const std::string content(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto parts = test::xlsx_parts({"<row r=\"1\">" + test::inline_cell("A1", "姓名") + "<c r=\"B1\" t=\"s\"><v>0</v></c><c r=\"C1\" s=\"1\"><v>43585</v></c></row>", "", "", "<si><t>村</t></si>",
                                 "<fills><fill/></fills><cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs>"});
  constexpr std::size_t kinds = 9;
  const std::size_t kind = data[0] % kinds;
  if (kind < 7) {
    parts[kind].second = content;
  } else if (kind == 7) {
    parts = {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", content}};
  } else {
    parts.emplace_back("xl/worksheets/_rels/sheet1.xml.rels", "<Relationships><Relationship Id=\"a\" Type=\"x/comments\" Target=\"/c.xml\"/></Relationships>");
    parts.emplace_back("c.xml", content);
  }
  const std::string bytes = test::zip_of(parts);
  read_everything(bytes);
  const std::vector<sheet::CellMark> marks{{0, 1, 2, "一"}, {0, 3, 1, "二"}};
  const auto marked = sheet::marked_workbook(bytes, "a.xlsx", marks, {});
  // What was marked can be read again.
  if (marked && kind != 7) read_everything(*marked);
  return 0;
}
