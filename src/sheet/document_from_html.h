#pragma once
// A web page, or what a word processor saved as one: its blocks, lists and tables as they would be read.
// Why not by a converter: docs/decisions/0002-own-readers-for-office-files.md

#include "sheet/document.h"
#include "sheet/reading_budget.h"

namespace yihu::sheet {

/// True if the text begins like a page, whatever the file is called.
bool looks_like_html(std::string_view bytes);

/// `bytes` in any encoding: a byte order mark counts first, then what the page says of itself, then what is valid.
base::Result<Document> document_from_html(std::string_view bytes, ReadingBudget& budget);

}  // namespace yihu::sheet
