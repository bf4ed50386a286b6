#pragma once
// Excel's xls of 1997 and later (BIFF8), which WPS writes too.

#include "sheet/workbook.h"

namespace yihu::sheet {

/// Errors: damaged, locked by a password, older than 1997.
base::Result<std::unique_ptr<Workbook>> workbook_from_xls(std::string_view bytes);

}  // namespace yihu::sheet
