#include "sheet/cell_value.h"

#include "base/utf8.h"
#include "sheet/cell_reading.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::text;

constexpr std::size_t kept_digits = 15;  // a spreadsheet program keeps no more of a number

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view value) { return !value.empty() && std::ranges::all_of(value, is_digit); }

/// "4.60108E+17"
bool is_scientific(std::string_view value) {
  const std::size_t mark = value.find_first_of("eE");
  if (mark == std::string_view::npos || mark == 0 || mark + 1 >= value.size()) return false;
  std::string_view power = value.substr(mark + 1);
  if (power.front() == '+' || power.front() == '-') power.remove_prefix(1);
  std::string_view factor = value.substr(0, mark);
  const std::size_t point = factor.find('.');
  const bool plain = point == std::string_view::npos ? all_digits(factor)
                                                     : all_digits(factor.substr(0, point)) && all_digits(factor.substr(point + 1));
  return plain && all_digits(power);
}

std::unexpected<base::Error> digits_lost(const SheetCell& cell, std::string_view sheet) {
  return refused(cell, sheet, "identifier_digits_lost",
                 text("号码被表格软件当作数字，15 位以后的数字已丢失，无法恢复。",
                      "The spreadsheet program took the number for an amount, and its digits beyond the 15th are lost."),
                 text("请先把该列设为“文本”格式，再从原始材料重新填写完整号码。",
                      "Set the column to \"Text\" first, then enter the whole number again from its source."));
}

/// A number written by a spreadsheet program after it had lost the last digits: zeros from the 16th on. Of one or two
/// of them nothing follows: every tenth household number ends so.
bool looks_rounded(std::string_view digits) {
  return digits.size() >= kept_digits + 3 && all_digits(digits) && digits.find_first_not_of('0', kept_digits) == std::string_view::npos;
}

/// Printable ASCII from `lowest` on and Chinese characters (U+4000 to U+9FFF): nothing to fold and nothing invisible.
bool is_plain(std::string_view value, char lowest) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto byte = static_cast<unsigned char>(value[i]);
    if (byte < 0x7f) {
      if (value[i] < lowest) return false;
      continue;
    }
    if (byte < 0xe4 || byte > 0xe9 || i + 2 >= value.size()) return false;
    for (int behind = 0; behind < 2; ++behind) {
      if ((static_cast<unsigned char>(value[++i]) & 0xc0) != 0x80) return false;
    }
  }
  return true;
}

/// Quotation marks around a number: left over where somebody typed one to keep it text, or where a program wrote it.
void drop_quotes(std::string& value) {
  static constexpr std::array marks{"'", "\"", "`", "’", "‘", "“", "”"};
  for (bool dropped = true; dropped;) {
    dropped = false;
    for (const std::string_view mark : marks) {
      const bool before = value.starts_with(mark);
      if (value.size() <= mark.size() || (!before && !value.ends_with(mark))) continue;
      value.erase(before ? 0 : value.size() - mark.size(), mark.size());
      dropped = true;
    }
  }
}

bool has_inner_blank(std::string_view trimmed) {
  return std::ranges::any_of(base::code_points(trimmed), is_blank);
}

}  // namespace

std::unexpected<base::Error> refused(const SheetCell& cell, std::string_view sheet, const char* code, base::Text what, base::Text mend) {
  base::Error error{ErrorKind::input, code, std::move(what), std::move(mend), {}, {}};
  error.place.cell = cell_address(sheet, cell.row, cell.column);
  return base::fail(std::move(error));
}

base::Done usable(const SheetCell& cell, std::string_view sheet) {
  if (cell.cut) {
    return refused(cell, sheet, "cell_too_long", text("单元格内容超过 32767 字，放不进表格。", "The cell holds more than 32,767 characters."),
                   text("请删去多余内容。", "Remove what is not needed."));
  }
  if (cell.kind == CellKind::error && cell.formula && cell.text.empty()) {
    return refused(cell, sheet, "formula_without_result", text("单元格是公式，文件里没有它的结果。", "The cell holds a formula, and the file does not keep its result."),
                   text("请用表格软件打开文件并保存一次，或直接填写数值。", "Open the file in a spreadsheet program and save it once, or enter the value itself."));
  }
  if (cell.kind == CellKind::error) {
    return refused(cell, sheet, "cell_error_value", text("单元格是公式错误值。", "The cell shows the error of a formula."),
                   text("请改正公式，或直接填写数值。", "Mend the formula or enter the value itself."));
  }
  return {};
}

bool is_blank(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0d) || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
         c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

bool is_invisible(char32_t c) {
  return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2064) || c == 0xfeff || c == 0xad ||
         c < 0x09 || (c > 0x0d && c < 0x20) || c == 0x7f;
}

char32_t narrow(char32_t c) {
  if (c >= 0xff01 && c <= 0xff5e) return c - 0xfee0;
  if (c == 0xffe5) return 0xa5;   // ￥ → ¥
  if (c == 0x2212 || c == 0x2010 || c == 0x2011) return '-';
  return c;
}

std::string folded_text(std::string_view value) {
  if (is_plain(value, '!')) return std::string(value);
  std::string out;
  for (const char32_t c : base::code_points(value)) {
    if (!is_blank(c) && !is_invisible(c)) out += base::utf8(narrow(c));
  }
  return out;
}

std::string trimmed_text(std::string_view value) {
  if (is_plain(value, ' ')) {
    const std::size_t begin = value.find_first_not_of(' ');
    if (begin == std::string_view::npos) return {};
    return std::string(value.substr(begin, value.find_last_not_of(' ') - begin + 1));
  }
  std::u32string points = base::code_points(value);
  std::erase_if(points, is_invisible);
  std::size_t begin = 0;
  std::size_t end = points.size();
  while (begin < end && is_blank(points[begin])) ++begin;
  while (end > begin && is_blank(points[end - 1])) --end;
  return base::utf8(std::u32string_view(points).substr(begin, end - begin));
}

bool is_empty(const SheetCell& cell) {
  if (cell.kind == CellKind::empty) return true;
  if (cell.kind != CellKind::text || cell.cut) return false;
  // Most cells show at their first byte that they hold something.
  if (!cell.text.empty() && is_plain(cell.text.substr(0, cell.text[0] < 0 ? 3 : 1), '!')) return false;
  return trimmed_text(cell.text).empty();
}

base::Result<std::string> text_from_cell(const SheetCell& cell, std::string_view sheet) {
  TRY(usable(cell, sheet));
  const bool long_number = cell.kind == CellKind::number && cell.number.find('.') == std::string_view::npos &&
                           cell.number.size() > kept_digits + (cell.number.starts_with('-') ? 1 : 0);
  if (long_number) return digits_lost(cell, sheet);
  return trimmed_text(cell.text);
}

base::Result<std::string> name_from_cell(const SheetCell& cell, std::string_view sheet) {
  std::string name = TRY(text_from_cell(cell, sheet));
  const bool latin = std::ranges::any_of(folded_text(name), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  if (latin || !has_inner_blank(name)) return name;
  std::string whole;
  for (const char32_t c : base::code_points(name)) {
    if (!is_blank(c)) whole += base::utf8(c);
  }
  return whole;
}

base::Result<std::string> identifier_from_cell(const SheetCell& cell, std::string_view sheet) {
  std::string trimmed = TRY(text_from_cell(cell, sheet));
  if (cell.kind == CellKind::date || cell.kind == CellKind::boolean) {
    return refused(cell, sheet, "identifier_unreadable", text("这里应是号码，单元格却是日期或逻辑值。", "A number is wanted here, but the cell holds a day or a truth value."),
                   text("请把单元格设为“文本”格式后重新填写。", "Set the cell to \"Text\" and enter it again."));
  }
  if (cell.kind == CellKind::number) {
    // A format such as 000000 shows zeros that belong to the number; thousands and decimals do not.
    return all_digits(trimmed) ? trimmed : std::string(cell.number);
  }
  std::string value = folded_text(trimmed);
  drop_quotes(value);
  if (is_scientific(value)) return digits_lost(cell, sheet);
  if (looks_rounded(value) && !has_inner_blank(trimmed)) {
    return refused(cell, sheet, "identifier_digits_lost",
                   text("号码第 15 位以后全是 0，很可能已被表格软件舍去，不能确定原号码。",
                        "All digits beyond the 15th are 0: a spreadsheet program has most likely cut them off."),
                   text("请从原始材料重新填写；若号码确实如此，请在中间加一个空格。",
                        "Enter it again from its source; if it really is so, put a blank in its middle."));
  }
  for (char& c : value) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  // The sign of multiplication stands for the X that ends a number of 18; the check digit tells whether it may.
  constexpr std::size_t digits_before_x = 17;
  if (value.ends_with("×") && all_digits(std::string_view(value).substr(0, value.size() - 2)) && value.size() == digits_before_x + 2) {
    value.replace(digits_before_x, 2, "X");
  }
  return value;
}

base::Result<bool> bool_from_cell(const SheetCell& cell, std::string_view sheet) {
  TRY(usable(cell, sheet));
  static constexpr std::array yes{"是", "有", "√", "✓", "✔", "☑", "对", "已", "y", "yes", "true", "1"};
  static constexpr std::array no{"否", "无", "×", "✗", "✘", "✕", "☒", "没有", "不是", "未", "n", "no", "false", "0", "x"};
  std::string value = folded_text(cell.kind == CellKind::number ? cell.number : cell.text);
  std::ranges::transform(value, value.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (std::ranges::find(yes, value) != yes.end()) return true;
  if (std::ranges::find(no, value) != no.end()) return false;
  return refused(cell, sheet, "bool_unreadable", text("这里应填“是”或“否”。", "\"Yes\" or \"no\" is wanted here."),
                 text("请填“是”或“否”；不清楚时留空。", "Enter 是 or 否; leave it empty when it is not known."));
}

}  // namespace yihu::sheet
