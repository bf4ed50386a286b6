// Any bytes as a csv file, and any text as a cell.
#include "base/utf8.h"
#include "sheet/cell_value.h"
#include "sheet/table.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yihu::sheet;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  auto workbook = open_workbook(bytes, "a.csv");
  if (!workbook) {
    if (workbook.error().text.empty()) std::abort();
    return 0;
  }
  const auto head = table_head(**workbook, 0);
  if (!head) return 0;
  static_cast<void>(read_table(**workbook, 0, *head, [&](const TableRow& row) {
    if (row.cells.size() != head->columns.size()) std::abort();
    for (const SheetCell& cell : row.cells) {
      if (is_empty(cell)) continue;
      static_cast<void>(date_from_cell(cell, "x"));
      static_cast<void>(fen_from_cell(cell, "x"));
      static_cast<void>(whole_from_cell(cell, "x"));
      static_cast<void>(decimal_from_cell(cell, "x"));
      static_cast<void>(share_from_cell(cell, "x"));
      static_cast<void>(bool_from_cell(cell, "x"));
      const auto text = text_from_cell(cell, "x");
      if (text && yihu::base::is_utf8(cell.text) && !yihu::base::is_utf8(*text)) std::abort();
    }
    return true;
  }));
  return 0;
}
