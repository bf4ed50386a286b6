#pragma once
// Word's own format, read whole: merged cells, generated numbers, text boxes, tracked changes.
// Why not by a converter: docs/decisions/0003-own-readers-for-office-files.md

#include "sheet/document.h"
#include "sheet/zip_archive.h"

namespace yihu::sheet {

/// `main_part` is "word/document.xml", or what the package's relationships call it.
base::Result<Document> document_from_docx(const ZipArchive& archive, const base::Cancel& cancel);

}  // namespace yihu::sheet
