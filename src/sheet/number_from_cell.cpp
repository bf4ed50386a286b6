#include "sheet/cell_reading.h"
#include "sheet/cell_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace yihu::sheet {
namespace {

using base::text;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A number as it is written, taken apart. Its value is whole.fraction × 10^power.
struct Written {
  bool negative = false;
  std::string whole;
  std::string fraction;
  int power = 0;         ///< 4 of 万, 8 of 亿
  bool yuan = false;     ///< a sign or word of money stands with it
  bool percent = false;
  bool counted = false;  ///< a counting word such as 人 stands behind
};

bool take(std::string_view& rest, std::string_view word) {
  if (!rest.starts_with(word)) return false;
  rest.remove_prefix(word.size());
  return true;
}

template <std::size_t n>
bool take_any(std::string_view& rest, const std::array<const char*, n>& words) {
  return std::ranges::any_of(words, [&](const char* word) { return take(rest, word); });
}

/// "1,234,567" or "1234567"; a comma anywhere else makes it unclear.
bool take_whole(std::string_view& rest, std::string& whole) {
  std::size_t group = 0;
  bool grouped = false;
  while (!rest.empty()) {
    const char c = rest.front();
    if (is_digit(c)) {
      whole += c;
      ++group;
    } else if (c == ',' && group > 0) {
      if (grouped ? group != 3 : group > 3) return false;
      grouped = true;
      group = 0;
    } else {
      break;
    }
    rest.remove_prefix(1);
  }
  return !whole.empty() && (!grouped || group == 3);
}

std::optional<Written> written_number(std::string_view folded) {
  static constexpr std::array money_before{"¥", "RMB", "rmb", "CNY", "人民币"};
  static constexpr std::array counting{"人", "户", "个", "岁", "次", "件", "头", "只", "亩", "天", "年", "名", "口", "月"};
  Written number;
  std::string_view rest = folded;
  number.yuan = take_any(rest, money_before);
  if (take(rest, "-")) number.negative = true;
  else take(rest, "+");
  number.yuan = take_any(rest, money_before) || number.yuan;
  if (!take_whole(rest, number.whole)) return std::nullopt;
  if (take(rest, ".")) {
    while (!rest.empty() && is_digit(rest.front())) {
      number.fraction += rest.front();
      rest.remove_prefix(1);
    }
    if (number.fraction.empty()) return std::nullopt;
  }
  if (take(rest, "%")) number.percent = true;
  else if (take(rest, "万")) number.power = 4;
  else if (take(rest, "亿")) number.power = 8;
  if (!number.percent && (take(rest, "元") || take(rest, "圆"))) {
    number.yuan = true;
    take(rest, "整");
  } else if (!number.percent && !number.yuan) {
    number.counted = take_any(rest, counting);
  }
  if (!rest.empty()) return std::nullopt;
  return number;
}

std::unexpected<base::Error> unreadable(const SheetCell& cell, std::string_view sheet) {
  return refused(cell, sheet, "number_unreadable", text("这里应填数字，单元格内容不是能确定的数字。", "A number is wanted here, and what the cell holds is not clearly one."),
                 text("请只填数字，例如 1234.5；没有时留空或填 0。", "Enter digits only, such as 1234.5; leave it empty or enter 0 where there is none."));
}

/// The number of a cell of any kind. Errors: a day, a truth value, a format that multiplies, text that is no number.
base::Result<Written> number_of(const SheetCell& cell, std::string_view sheet) {
  TRY(usable(cell, sheet));
  if (cell.kind == CellKind::date) {
    return refused(cell, sheet, "number_is_day", text("这里应填数字，单元格却是日期。", "A number is wanted here, but the cell holds a day."),
                   text("请把单元格格式改为“常规”后重新填写数字。", "Set the cell's format to \"General\" and enter the number again."));
  }
  if (cell.kind == CellKind::boolean) return unreadable(cell, sheet);
  if (cell.kind == CellKind::number) {
    if (cell.text.find("万") != std::string_view::npos || cell.text.find("亿") != std::string_view::npos) {
      return refused(cell, sheet, "number_scaled_by_format",
                     text("单元格格式给数字加了“万”或“亿”，不能确定实际数值。", "The cell's format adds 万 or 亿 to the number, so its value is not clear."),
                     text("请把格式改为“常规”，按元填写完整数字。", "Set the format to \"General\" and enter the whole number."));
    }
    auto number = written_number(cell.number);
    if (!number) return unreadable(cell, sheet);
    number->percent = cell.text.ends_with('%');
    return *number;
  }
  auto number = written_number(folded_text(cell.text));
  if (!number) return unreadable(cell, sheet);
  return *number;
}

/// Digits of the number × 10^shift: what stands before the point, and what is left behind it.
void shift_point(Written& number, int shift) {
  const auto places = static_cast<std::size_t>(shift);
  if (number.fraction.size() < places) number.fraction.resize(places, '0');
  number.whole += number.fraction.substr(0, places);
  number.fraction.erase(0, places);
  while (!number.fraction.empty() && number.fraction.back() == '0') number.fraction.pop_back();
  const std::size_t first = std::min(number.whole.find_first_not_of('0'), number.whole.size() - 1);
  number.whole.erase(0, first);
}

base::Result<std::int64_t> integer_of(const Written& number, const SheetCell& cell, std::string_view sheet, std::size_t digits_max) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(number.whole.data(), number.whole.data() + number.whole.size(), value);
  if (problem != std::errc() || number.whole.size() > digits_max) {
    return refused(cell, sheet, "number_too_large", text("数字过大。", "The number is too large."), text("请检查是否多填了位数或单位有误。", "See whether it has too many digits or the wrong unit."));
  }
  return number.negative ? -value : value;
}

}  // namespace

base::Result<std::int64_t> whole_from_cell(const SheetCell& cell, std::string_view sheet) {
  constexpr std::size_t whole_digits_max = 15;
  Written number = TRY(number_of(cell, sheet));
  if (number.percent || number.yuan) return unreadable(cell, sheet);
  shift_point(number, number.power);
  if (!number.fraction.empty()) {
    return refused(cell, sheet, "number_not_whole", text("这里应填整数。", "A whole number is wanted here."), text("请去掉小数部分，或核对单位。", "Leave out the decimals, or check the unit."));
  }
  return integer_of(number, cell, sheet, whole_digits_max);
}

base::Result<std::string> decimal_from_cell(const SheetCell& cell, std::string_view sheet) {
  constexpr std::size_t decimal_digits_max = 30;
  Written number = TRY(number_of(cell, sheet));
  if (number.percent || number.yuan) return unreadable(cell, sheet);
  if (number.power > 0) shift_point(number, number.power);
  if (number.whole.size() + number.fraction.size() > decimal_digits_max) return unreadable(cell, sheet);
  const bool zero = number.whole.find_first_not_of('0') == std::string::npos && number.fraction.find_first_not_of('0') == std::string::npos;
  return (number.negative && !zero ? "-" : "") + number.whole + (number.fraction.empty() ? "" : "." + number.fraction);
}

base::Result<std::int64_t> fen_from_cell(const SheetCell& cell, std::string_view sheet) {
  constexpr int fen_digits = 2;
  constexpr std::size_t money_digits_max = 15;
  Written number = TRY(number_of(cell, sheet));
  if (number.percent || number.counted) return unreadable(cell, sheet);
  shift_point(number, number.power + fen_digits);
  if (!number.fraction.empty()) {
    return refused(cell, sheet, "money_too_exact", text("金额精确到了分以下。", "The amount is more exact than a fen."),
                   text("请四舍五入到两位小数；由公式得出的请用 ROUND(…,2)。", "Round it to two decimals; in a formula use ROUND(…,2)."));
  }
  return integer_of(number, cell, sheet, money_digits_max);
}

base::Result<double> share_from_cell(const SheetCell& cell, std::string_view sheet, PercentUnit unit) {
  const Written number = TRY(number_of(cell, sheet));
  if (number.yuan || number.counted || number.power > 0) return unreadable(cell, sheet);
  const std::string digits = number.whole + "." + (number.fraction.empty() ? "0" : number.fraction);
  const bool zero = digits.find_first_not_of("0.") == std::string::npos;
  // A number cell that shows 85 % holds 0.85; text that says 85% says it in points.
  const bool is_share = cell.kind == CellKind::number && number.percent;
  const bool is_points = !is_share && (number.percent || unit == PercentUnit::points);
  if (!zero && !is_share && !is_points) {
    return refused(cell, sheet, "percent_unclear", text("不能确定是百分数还是小数。", "It is not clear whether this is percent or a share of one."),
                   text("请写上百分号，例如 85%。", "Write the percent sign, such as 85%."));
  }
  double value = 0;
  const std::string scaled = digits + (is_points ? "e-2" : "");
  std::from_chars(scaled.data(), scaled.data() + scaled.size(), value);
  return number.negative ? -value : value;
}

}  // namespace yihu::sheet
