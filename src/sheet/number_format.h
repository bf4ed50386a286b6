#pragma once
// What a number looks like under a spreadsheet's format code: enough of it to tell days from numbers, and to show
// decimals, thousands, percent and leading zeros.

#include <string>
#include <string_view>

namespace yihu::sheet {

struct NumberFormat {
  enum class Show { general, fixed, percent, day, time };
  Show show = Show::general;
  int decimals = 0;
  int zeros = 1;           ///< least digits before the point: "000000" shows 460 as 000460
  bool thousands = false;
  std::string before{};    ///< literal signs around the number, such as "¥" or "万元"
  std::string after{};
};

/// "yyyy\"年\"m\"月\"", "#,##0.00", "000000", "0%" … Only the first section counts.
NumberFormat format_from_code(std::string_view code);
/// Numbered formats that need no code in xlsx and xls; those of Chinese installations included.
NumberFormat format_from_number(int number);

/// A number of a file in plain decimals, see SheetCell::number; nothing when it is none.
/// Appends to `out`; returns false and appends nothing when `raw` is no number.
bool append_plain_number(std::string_view raw, std::string& out);
bool append_plain_number(double value, std::string& out);

/// What a person sees of this plain number; `is_day` is set when a day is shown.
/// Days before 1900 and after 9999 are shown as numbers.
void append_shown(std::string_view plain, const NumberFormat& format, bool from_1904, std::string& out, bool& is_day);

}  // namespace yihu::sheet
