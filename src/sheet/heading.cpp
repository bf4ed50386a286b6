#include "base/utf8.h"
#include "sheet/cell_reading.h"
#include "sheet/table.h"

namespace yihu::sheet {
namespace {

constexpr std::u32string_view opening = U"([{【〔〖「『《<";
constexpr std::u32string_view closing = U")]}】〕〗」』》>";

constexpr std::string_view other_units[] = {"万元", "亿元", "千元", "百元"};

/// "万元" of "月收入(万元)", "元" of "月收入(元)"; empty where no unit of money stands in brackets.
std::string_view unit_in(std::string_view heading) {
  for (const std::string_view unit : other_units) {
    if (heading.find("(" + std::string(unit) + ")") != heading.npos || heading.find("(单位:" + std::string(unit) + ")") != heading.npos) return unit;
  }
  return heading.find("元)") != heading.npos ? "元" : "";
}

/// What holds for a whole table: "单位：万元" above it.
std::string_view unit_above(const TableHead& head) {
  constexpr std::string_view says = "单位:";
  for (const std::string& line : head.above) {
    const std::string text = heading_text(line);
    for (const std::string_view unit : other_units) {
      if (text.find(std::string(says) + std::string(unit)) != text.npos) return unit;
    }
  }
  return {};
}

}  // namespace

base::Done expect_yuan(const TableHead& head, std::string_view heading, const std::string& address) {
  const std::string_view own = unit_in(heading_text(heading));
  const std::string_view unit = own.empty() ? unit_above(head) : own;
  if (unit.empty() || unit == "元") return {};
  base::Error error{base::ErrorKind::input, "unit_differs", base::text("“{}”以{}计，这里以元计。", "\"{}\" is in {}; amounts are in yuan here.", heading, unit),
                    base::text("请把金额换算成元，并改好单位后再上传。", "Turn the amounts into yuan, correct the unit and try again."), {}, {}};
  error.place.cell = address;
  return base::fail(std::move(error));
}

std::string heading_text(std::string_view value) {
  std::string out;
  for (const char32_t wide : base::code_points(value)) {
    if (is_blank(wide) || is_invisible(wide)) continue;
    const char32_t c = narrow(wide);
    if (opening.find(c) != opening.npos) out += '(';
    else if (closing.find(c) != closing.npos) out += ')';
    else if (c == U'、' || c == U'，') out += ',';
    else out += base::utf8(c);
  }
  return out;
}

std::string heading_key(std::string_view value) {
  const std::string whole = heading_text(value);
  std::string key;
  int depth = 0;
  for (const char c : whole) {
    if (c == '(') ++depth;
    if (depth == 0 && c != '*' && c != ':' && c != '"' && c != '\'' && c != ')') {
      key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (c == ')' && depth > 0) --depth;
  }
  return key.empty() ? whole : key;
}

}  // namespace yihu::sheet
