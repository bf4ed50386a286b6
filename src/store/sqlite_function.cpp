#include "store/sqlite_function.h"

#include <sqlite3.h>

#include <cmath>
#include <cstdint>

namespace yihu::store {
namespace {

void whole(sqlite3_context* context, int /*arguments*/, sqlite3_value** values) {
  if (sqlite3_value_type(values[0]) == SQLITE_INTEGER) sqlite3_result_value(context, values[0]);
}

void finite(sqlite3_context* context, int /*arguments*/, sqlite3_value** values) {
  const int type = sqlite3_value_type(values[0]);
  const bool kept = type == SQLITE_INTEGER || (type == SQLITE_FLOAT && std::isfinite(sqlite3_value_double(values[0])));
  if (kept) sqlite3_result_value(context, values[0]);
}

/// A sum while it grows, in halves of 32 bits that cannot overflow. SQLite gives it zeroed memory.
struct Sum {
  std::int64_t high;
  std::int64_t low;
  bool any;
};
constexpr int half_bits = 32;
constexpr std::int64_t half_mask = (std::int64_t{1} << half_bits) - 1;
constexpr std::int64_t half_max = std::int64_t{1} << (half_bits - 1);

void sum_step(sqlite3_context* context, int /*arguments*/, sqlite3_value** values) {
  if (sqlite3_value_type(values[0]) != SQLITE_INTEGER) return;
  auto* sum = static_cast<Sum*>(sqlite3_aggregate_context(context, sizeof(Sum)));
  if (sum == nullptr) return sqlite3_result_error_nomem(context);
  const std::int64_t value = sqlite3_value_int64(values[0]);
  sum->high += value >> half_bits;
  sum->low += value & half_mask;
  sum->any = true;
}

void sum_end(sqlite3_context* context) {
  const auto* sum = static_cast<Sum*>(sqlite3_aggregate_context(context, 0));
  if (sum == nullptr || !sum->any) return;
  const std::int64_t top = sum->high + (sum->low >> half_bits);
  if (top >= -half_max && top < half_max) sqlite3_result_int64(context, top * (half_mask + 1) + (sum->low & half_mask));
}

}  // namespace

bool add_sqlite_functions(sqlite3* connection) {
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  return sqlite3_create_function(connection, "yihu_whole", 1, flags, nullptr, whole, nullptr, nullptr) == SQLITE_OK &&
         sqlite3_create_function(connection, "yihu_finite", 1, flags, nullptr, finite, nullptr, nullptr) == SQLITE_OK &&
         sqlite3_create_function(connection, "yihu_sum", 1, flags, nullptr, nullptr, sum_step, sum_end) == SQLITE_OK;
}

}  // namespace yihu::store
