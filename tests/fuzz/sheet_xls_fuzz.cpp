// Any bytes as an old workbook.
#include "base/utf8.h"
#include "sheet/workbook.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yihu::sheet;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  // Without its first eight bytes nothing would be taken for one.
  constexpr std::string_view signature = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
  if (bytes.size() > signature.size()) bytes.replace(0, signature.size(), signature);
  auto workbook = open_workbook(bytes, "a.xls");
  if (!workbook) {
    if (workbook.error().text.empty()) std::abort();
    return 0;
  }
  for (std::size_t i = 0; i < (*workbook)->sheets().size(); ++i) {
    int last_row = 0;
    static_cast<void>((*workbook)->layout(i));
    const auto done = (*workbook)->read_rows(i, [&](const SheetRow& row) {
      if (row.number <= last_row) std::abort();
      last_row = row.number;
      for (const SheetCell& cell : row.cells) {
        if (cell.row != row.number || !yihu::base::is_utf8(cell.text)) std::abort();
      }
      return true;
    });
    if (!done && done.error().text.empty()) std::abort();
  }
  return 0;
}
