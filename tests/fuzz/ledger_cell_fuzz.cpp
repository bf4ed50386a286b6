// Cells of ledgers: whatever is typed or stands in a workbook becomes a value of its column or an error, and a value
// that was accepted reads back as itself.

#include "ledger/cell.h"
#include "ledger/row.h"

#include <cstdlib>
#include <string_view>

namespace {

using namespace yihu;

const pack::Pack& small_pack() {
  static const pack::Pack pack = [] {
    pack::Pack out;
    out.codes.push_back({"colour", {{"red", {"红", "Red"}}, {"blue", {"蓝", "Blue"}}}, {}});
    return out;
  }();
  return pack;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  pack::Column column;
  column.id = "c";
  column.type = static_cast<pack::ColumnType>(data[0] % 8);
  if (column.type == pack::ColumnType::code) column.codes = "colour";
  const auto cell = ledger::cell_from_text(small_pack(), column, text);
  if (cell && !ledger::is_nothing(*cell)) {
    if (!ledger::check_cell(small_pack(), column, *cell)) std::abort();
    const auto again = ledger::cell_from_json(small_pack(), column, ledger::json_from_cell(column, *cell));
    // Text is read as if typed, so only other types must come back exactly.
    if (column.type != pack::ColumnType::text && column.type != pack::ColumnType::date && (!again || *again != *cell)) std::abort();
    (void)ledger::text_from_cell(small_pack(), column, *cell, base::Language::zh);
  }
  const auto period = ledger::period_from_text(static_cast<pack::Period>(data[0] % 5), text);
  if (period && !ledger::is_period(static_cast<pack::Period>(data[0] % 5), *period)) std::abort();
  return 0;
}
