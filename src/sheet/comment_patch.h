#pragma once
// Comments of a worksheet: their texts, and the drawing (VML) in which each has a box.

#include "base/result.h"
#include "sheet/sheet_patch.h"

#include <map>
#include <string>
#include <string_view>

namespace yihu::sheet {

/// The name under which our comments stand, so that the next round finds them.
inline constexpr char comment_author[] = "一户";

struct CommentPatch {
  std::string comments;             ///< the whole part
  std::vector<CellPlace> new_boxes; ///< cells that had no comment, so need a box
};

/// Adds a comment to each cell. Where there is one, the reason goes behind it; where it is ours, it replaces it.
/// @param comments the part; empty when the sheet has none
base::Result<CommentPatch> added_comments(std::string_view comments, const std::map<CellPlace, std::string>& reasons);

/// Adds a box for each cell. @param drawing the part; empty when the sheet has none
std::string added_boxes(std::string_view drawing, const std::vector<CellPlace>& cells);

}  // namespace yihu::sheet
