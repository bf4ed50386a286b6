#pragma once
// Text with commas, tabs or semicolons between its fields, in UTF-8, GB18030 or UTF-16.

#include "sheet/workbook.h"

namespace yihu::sheet {

/// @param sheet the name its only sheet goes by
/// Errors: no text in any encoding we know, or damaged at a line and column.
base::Result<std::unique_ptr<Workbook>> workbook_from_csv(std::string bytes, std::string sheet);

}  // namespace yihu::sheet
