#pragma once
// The overview table: the plan once more, as part, task, measure and owners in columns.

#include "plan/reading/grid.h"
#include "plan/reading/owner_block.h"
#include "plan/reading/plan_document.h"

#include <map>

namespace yihu::plan {

/// Where a table's row puts things. -1: no such column.
struct Columns {
  int part = -1;
  int task = -1;
  int measure = -1;
  int lead = -1;
  int responsible = -1;
  int deadline = -1;
  std::size_t head_rows = 0;  ///< rows of headings

  bool operator==(const Columns&) const = default;
  bool whole() const { return measure >= 0 && (lead >= 0 || responsible >= 0); }
};

struct Overview {
  std::vector<TableTask> tasks;
  std::vector<Part> parts;             ///< of the part column, in order
  std::vector<base::Span> deadlines;   ///< of each measure, in order of the table; begin == end for none. In Characters
  std::vector<Warning> warnings;       ///< rows that could not be read, cells that ran together
};

/// The columns, if the table is an overview of measures and their owners.
Columns columns_of(const Characters& characters, const Grid& grid);

Overview overview_from_grid(const Characters& characters, const Grid& grid, const Columns& columns, LeadRule rule);

}  // namespace yihu::plan
