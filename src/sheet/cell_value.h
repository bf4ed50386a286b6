#pragma once
// Values from cells as people fill them in. A value is read exactly or refused with its place and what mends it;
// nothing is guessed. Stray blanks (also U+3000, no-break and zero-width ones) and full-width digits do no harm.
// None of these may be given an empty cell (is_empty).

#include "base/date.h"
#include "sheet/workbook.h"

#include <cstdint>

namespace yihu::sheet {

/// Nothing, or only blanks.
bool is_empty(const SheetCell& cell);

/// Without blanks at both ends and without zero-width signs; inner line breaks stay. Numbers as their digits.
/// Errors: cut, an error value such as #REF!, a number whose digits are lost (see identifier_from_cell).
base::Result<std::string> text_from_cell(const SheetCell& cell, std::string_view sheet);

/// The name of a person. "张　三" is 张三: names of two characters are spread to the width of three; a name with Latin
/// letters keeps its inner blanks. Errors: as text_from_cell.
base::Result<std::string> name_from_cell(const SheetCell& cell, std::string_view sheet);

/// A number that names something (ID card, phone, account, household code): digits and letters without any blanks,
/// letters large. A number longer than 15 digits has lost its last ones in a spreadsheet program, whether it
/// shows as 4.60108E+17 or ends in 000; that is an error which says so.
base::Result<std::string> identifier_from_cell(const SheetCell& cell, std::string_view sheet);

struct CellDate {
  base::Date day;           ///< the first of the month where only the month is known
  bool month_only = false;  ///< "2019年4月"
};

/// 2019-04-30, 2019/4/30, 2019.4.30, 2019年4月30日, 20190430, 2019年4月, 2019-04, 201904, 二〇一九年四月三十日,
/// 30/4/2019 where only one order gives a day, serial numbers of spreadsheet programs, each also with a time behind.
/// Errors: two-digit years, 3/4/2019 and years alone as unclear; days that do not exist.
/// @param from_1904 Workbook::counts_from_1904
base::Result<CellDate> date_from_cell(const SheetCell& cell, std::string_view sheet, bool from_1904 = false);

/// "12", "1,234", "１２", "12.0", "5人", "1.2万" = 12000.
base::Result<std::int64_t> whole_from_cell(const SheetCell& cell, std::string_view sheet);

/// The number in plain decimals, exactly as written: "-1234.5".
base::Result<std::string> decimal_from_cell(const SheetCell& cell, std::string_view sheet);

/// Fen. "1,234.50", "￥1234.5元", "1.2万元" = 1,200,000 fen. Errors: more exact than a fen, larger than 10^15 fen.
base::Result<std::int64_t> fen_from_cell(const SheetCell& cell, std::string_view sheet);

enum class PercentUnit {
  as_written,  ///< a sign must stand in the cell or its format
  points,      ///< the heading says %, so a bare 85 is 85 %
};
/// A share: "85%" is 0.85. A bare number other than 0 is refused unless the heading says it is percent.
base::Result<double> share_from_cell(const SheetCell& cell, std::string_view sheet,
                                     PercentUnit unit = PercentUnit::as_written);

/// 是 有 √ ✓ 对 已 Y yes true 1 · 否 无 × ✗ 没有 未 N no false 0
base::Result<bool> bool_from_cell(const SheetCell& cell, std::string_view sheet);

/// What every reader above begins with: widths folded, blanks of all kinds dropped, zero-width signs dropped.
std::string folded_text(std::string_view text);
/// Without blanks of any kind at both ends and without zero-width signs anywhere; nothing else is changed.
std::string trimmed_text(std::string_view text);

}  // namespace yihu::sheet
