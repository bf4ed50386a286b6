#pragma once
// Word's own format, read whole: merged cells, generated numbers, text boxes, tracked changes.
// Why not by a converter: docs/decisions/0002-own-readers-for-office-files.md

#include "sheet/document.h"
#include "sheet/reading_budget.h"
#include "sheet/zip_archive.h"

namespace yihu::sheet {

base::Result<Document> document_from_docx(const ZipArchive& archive, ReadingBudget& budget);

}  // namespace yihu::sheet
