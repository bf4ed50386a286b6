// Periods as the store writes them, and as people do.

#include "ledger/row.h"
#include "sheet/cell_value.h"

#include "base/utf8.h"

#include <charconv>

namespace yihu::ledger {
namespace {

using pack::Period;

std::optional<int> number(std::string_view text) {
  int out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

bool is_year(int year) { return year >= 1949 && year <= 2200; }

/// What stands behind the year: "H1", "Q2", "04", "上半年", "二季度", "4月" → 1, 2, 4 …
std::optional<int> part_of(Period period, std::string_view rest) {
  struct Word {
    Period period;
    std::string_view text;
    int part;
  };
  static constexpr Word words[] = {
      {Period::half_year, "H1", 1}, {Period::half_year, "H2", 2}, {Period::half_year, "上半年", 1}, {Period::half_year, "下半年", 2},
      {Period::quarter, "Q1", 1},   {Period::quarter, "Q2", 2},   {Period::quarter, "Q3", 3},       {Period::quarter, "Q4", 4},
      {Period::quarter, "一季度", 1}, {Period::quarter, "二季度", 2}, {Period::quarter, "三季度", 3}, {Period::quarter, "四季度", 4},
      {Period::quarter, "第一季度", 1}, {Period::quarter, "第二季度", 2}, {Period::quarter, "第三季度", 3}, {Period::quarter, "第四季度", 4},
      {Period::quarter, "1季度", 1}, {Period::quarter, "2季度", 2}, {Period::quarter, "3季度", 3}, {Period::quarter, "4季度", 4}};
  for (const Word& word : words) {
    if (word.period == period && rest == word.text) return word.part;
  }
  if (period != Period::month) return std::nullopt;
  if (rest.ends_with("月份")) rest.remove_suffix(std::string_view("月份").size());
  if (rest.ends_with("月")) rest.remove_suffix(std::string_view("月").size());
  const auto month = number(rest);
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  return month;
}

std::string written(Period period, int year, int part) {
  switch (period) {
    case Period::none: return {};
    case Period::year: return fmt::format("{}", year);
    case Period::half_year: return fmt::format("{}-H{}", year, part);
    case Period::quarter: return fmt::format("{}-Q{}", year, part);
    case Period::month: return fmt::format("{}-{:02}", year, part);
  }
  return {};
}

}  // namespace

std::string period_on(Period period, base::Date day) {
  const int year = static_cast<int>(day.year());
  const int month = static_cast<int>(static_cast<unsigned>(day.month()));
  switch (period) {
    case Period::none:
    case Period::year: return written(period, year, 0);
    case Period::half_year: return written(period, year, (month + 5) / 6);
    case Period::quarter: return written(period, year, (month + 2) / 3);
    case Period::month: return written(period, year, month);
  }
  return {};
}

std::optional<std::string> period_from_text(Period period, std::string_view text) {
  const std::string folded = sheet::folded_text(text);
  std::string_view rest = folded;
  if (period == Period::none) return rest.empty() ? std::optional<std::string>("") : std::nullopt;
  if (rest.size() < 4) return std::nullopt;
  const auto year = number(rest.substr(0, 4));
  if (!year || !is_year(*year)) return std::nullopt;
  rest.remove_prefix(4);
  for (const std::string_view word : {"年度", "年", "-", "/", "."}) {
    if (!rest.starts_with(word)) continue;
    rest.remove_prefix(word.size());
    break;
  }
  if (period == Period::year) return rest.empty() ? std::optional(written(period, *year, 0)) : std::nullopt;
  const auto part = part_of(period, rest);
  if (!part) return std::nullopt;
  return written(period, *year, *part);
}

bool is_period(Period period, std::string_view text) {
  const auto read = period_from_text(period, text);
  return read && *read == text;
}

std::optional<int> year_of(std::string_view period) {
  if (period.size() < 4) return std::nullopt;
  return number(period.substr(0, 4));
}

}  // namespace yihu::ledger
