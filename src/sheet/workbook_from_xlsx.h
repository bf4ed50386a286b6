#pragma once
// Excel's xlsx and xlsm as a stream: shared and inline strings, rich text, days by number format, hidden rows.

#include "sheet/workbook.h"
#include "sheet/zip_archive.h"

namespace yihu::sheet {

/// Errors: damaged, no sheets, too many of them.
base::Result<std::unique_ptr<Workbook>> workbook_from_xlsx(ZipArchive archive);

}  // namespace yihu::sheet
