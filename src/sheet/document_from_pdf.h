#pragma once
// The text of a pdf. A pdf knows signs and places, not paragraphs; those are found from margins and indents.

#include "sheet/document.h"

namespace yihu::sheet {

base::Result<Document> document_from_pdf(std::string_view bytes, const base::Cancel& cancel);

}  // namespace yihu::sheet
