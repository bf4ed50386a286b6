#pragma once
// The workbook somebody sent, with its wrong cells coloured and the reason as a comment on each.

#include "base/cancel.h"
#include "base/clock.h"
#include "base/result.h"

#include <span>
#include <string>
#include <string_view>

namespace yihu::sheet {

struct CellMark {
  std::size_t sheet = 0;  ///< its place in Workbook::sheets
  int row = 0;            ///< from 1; a row or cell that is not there yet is made
  int column = 0;         ///< from 1
  std::string reason;     ///< several marks on one cell become one comment, in their order
};

struct MarkOptions {
  base::Instant created;  ///< written into the file, so that the same input gives the same bytes
  base::Language language = base::Language::zh;
};

/// Spreadsheet programs become slow with more. Cells beyond these are coloured without a comment.
inline constexpr std::size_t comments_max = 10'000;

/// An xlsx comes back as the same file: only the marked sheets, their comments and the styles differ, all other
/// parts are the same bytes. Formats, widths, merges, charts and comments that were there stay; a comment that we
/// made earlier is replaced. Any other format comes back as a new xlsx with the same values and merged cells.
/// @param bytes a file that open_workbook accepts
base::Result<std::string> marked_workbook(std::string_view bytes, std::string_view name, std::span<const CellMark> marks,
                                          const MarkOptions& options, const base::Cancel& cancel = {});

}  // namespace yihu::sheet
