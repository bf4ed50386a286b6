#pragma once
// The linkage spec that a person wrote: YAML, checked with line and column.

#include "base/result.h"
#include "link/spec.h"

#include <string>

namespace yihu::app {

/// Errors: every mistake with its place; unknown fields in keys and partners among them. Columns are checked later,
/// against the tables.
base::Result<link::Spec> link_spec_from_file(const std::string& path, bool two_tables);
/// @param path as messages name it
base::Result<link::Spec> link_spec_from_yaml(const std::string& yaml, const std::string& path, bool two_tables);

}  // namespace yihu::app
