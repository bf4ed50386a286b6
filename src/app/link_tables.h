#pragma once
// Tables for linkage from files: csv in any encoding an office uses, and workbooks; results as workbooks.

#include "base/cancel.h"
#include "link/link.h"

#include <memory>
#include <string>

namespace yihu::app {

/// Errors: the file is not there, is no table, or mixes encodings.
base::Result<std::unique_ptr<link::Source>> link_table_from_file(const std::string& path, unsigned threads, const base::Cancel& cancel);

/// Linked pairs as a workbook of one sheet.
base::Done write_links_workbook(const link::Linkage& linkage, const std::string& path, base::Language language, const base::Cancel& cancel);

/// Writes beside the name and renames: there is never half a file under it.
base::Done write_whole(const std::string& path, const std::string& content);

}  // namespace yihu::app
