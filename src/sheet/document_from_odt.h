#pragma once
// OpenDocument text: content.xml with the list styles of styles.xml.

#include "sheet/document.h"
#include "sheet/zip_archive.h"

namespace yihu::sheet {

base::Result<Document> document_from_odt(const ZipArchive& archive, const base::Cancel& cancel);

}  // namespace yihu::sheet
