#include "base/chinese_number.h"

#include "base/utf8.h"

#include <array>

namespace yihu::base {
namespace {

constexpr std::u32string_view digits = U"〇一二三四五六七八九";

int digit(char32_t point) {
  if (point == U'两') return 2;
  if (point == U'零') return 0;
  const auto found = digits.find(point);
  return found == digits.npos ? -1 : static_cast<int>(found);
}

int unit(char32_t point) {
  switch (point) {
    case U'十': return 10;
    case U'百': return 100;
    case U'千': return 1000;
    default: return 0;
  }
}

}  // namespace

std::optional<int> number_from_chinese(std::u32string_view text) {
  if (text.empty() || text.size() > 8) return std::nullopt;
  int total = 0;
  int pending = -1;
  int last_unit = 10000;
  for (const char32_t point : text) {
    if (const int scale = unit(point); scale > 0) {
      // Units must fall: 二十百 is not a number.
      if (scale >= last_unit) return std::nullopt;
      total += (pending < 0 ? 1 : pending) * scale;
      pending = -1;
      last_unit = scale;
    } else if (const int value = digit(point); value >= 0) {
      if (pending > 0) return std::nullopt;
      pending = value;
    } else {
      return std::nullopt;
    }
  }
  return total + (pending < 0 ? 0 : pending);
}

std::string chinese_from_number(int number) {
  constexpr std::array<std::pair<int, char32_t>, 3> units{{{1000, U'千'}, {100, U'百'}, {10, U'十'}}};
  std::u32string out;
  bool gap = false;
  for (const auto& [scale, name] : units) {
    const int count = number / scale;
    number %= scale;
    if (count == 0) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += U'零';
    gap = false;
    if (!(scale == 10 && count == 1 && out.empty())) out += digits[static_cast<std::size_t>(count)];
    out += name;
  }
  if (number > 0) {
    if (gap) out += U'零';
    out += digits[static_cast<std::size_t>(number)];
  }
  return utf8(out);
}

}  // namespace yihu::base
