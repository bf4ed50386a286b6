#pragma once
// OpenDocument text: content.xml with the list styles of styles.xml.

#include "sheet/document.h"
#include "sheet/reading_budget.h"
#include "sheet/zip_archive.h"

namespace yihu::sheet {

base::Result<Document> document_from_odt(const ZipArchive& archive, ReadingBudget& budget);

}  // namespace yihu::sheet
