#pragma once
// A table as rows of cells, whatever it was written with: tabs, pipes, or a word processor's cells.

#include "plan/reading/lines.h"

#include <span>
#include <vector>

namespace yihu::plan {

struct GridCell {
  std::size_t begin = 0;  ///< in Characters; empty if begin == end
  std::size_t end = 0;
  int columns = 1;        ///< how many it covers; only a word processor says
  bool covered = false;   ///< below or beside a merged cell, whose text it repeats

  bool empty() const { return begin >= end; }
};

struct Grid {
  std::vector<std::vector<GridCell>> rows;
  bool merges_known = false;  ///< from a format that marks merged cells; otherwise an empty cell may be covered
  std::size_t begin = 0;      ///< of its first cell, in Characters
};

/// Rows of neighbouring lines become one grid; a page break or a stray line between them does not end it.
std::vector<Grid> grids_from_lines(const Characters& characters, std::span<const Line> lines);
std::vector<Grid> grids_from_tables(const Characters& characters, std::span<const sheet::Table> tables);

}  // namespace yihu::plan
