#pragma once
// The document's lines, told apart: text, table rows, and what does not belong to the plan's sentences.

#include "plan/reading/characters.h"
#include "sheet/document.h"

#include <span>
#include <vector>

namespace yihu::plan {

enum class LineKind {
  text,
  row,    ///< cells with tabs or pipes between them
  table,  ///< inside a table that the document's format marks as one
  title,  ///< the title above a table
  aside,  ///< a page number, a line of the table of contents
  stop,   ///< 附件, 抄送, a date alone: what follows is not part of the plan until the next heading
};

struct Line {
  std::size_t begin = 0;  ///< in Characters, without the spaces around it; for rows with them
  std::size_t end = 0;
  LineKind kind = LineKind::text;
  bool blank_before = false;
};

/// Lines that hold nothing but spaces are left out. Tables of one column are layout, and read as text.
std::vector<Line> lines_from_characters(const Characters& characters, std::span<const sheet::Table> tables);

}  // namespace yihu::plan
