#pragma once
// LibreOffice's ods as a stream.

#include "sheet/workbook.h"
#include "sheet/zip_archive.h"

namespace yihu::sheet {

/// Errors: damaged, locked by a password, no sheets.
base::Result<std::unique_ptr<Workbook>> workbook_from_ods(ZipArchive archive);

}  // namespace yihu::sheet
