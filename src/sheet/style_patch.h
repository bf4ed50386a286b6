#pragma once
// An xlsx file's styles with a coloured copy of some cell styles.

#include "base/result.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace yihu::sheet {

struct StylePatch {
  std::string styles;           ///< the whole part
  std::map<int, int> coloured;  ///< by cell style: the one that differs from it only in its fill
};

/// @param styles the part; empty when the file has none
/// Errors: damaged; more cell styles than a file can hold.
base::Result<StylePatch> coloured_styles(std::string_view styles, const std::set<int>& wanted);

}  // namespace yihu::sheet
