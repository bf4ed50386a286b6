#pragma once
// What the readers of cell_value.h share.

#include "sheet/workbook.h"

namespace yihu::sheet {

/// An input error at the cell's address. The text never repeats what the cell holds: it may be personal.
std::unexpected<base::Error> refused(const SheetCell& cell, std::string_view sheet, const char* code, base::Text what, base::Text mend);
/// Errors: cut, or an error value.
base::Done usable(const SheetCell& cell, std::string_view sheet);

bool is_blank(char32_t c);
/// Zero-width signs, direction marks, control characters.
bool is_invisible(char32_t c);
/// Full-width letters, digits and signs become the ordinary ones.
char32_t narrow(char32_t c);

}  // namespace yihu::sheet
