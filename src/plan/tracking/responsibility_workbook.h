#pragma once
// Who answers for what, as a workbook to print and hang up: for one unit, or for all. Pure.

#include "plan/tracking/standing.h"

namespace yihu::plan {

struct WorkbookFacts {
  const TrackedPlan& plan;
  const Facts& facts;
  const area::Directory& units;
  base::Date today;
  base::Instant now;       ///< written into the file
  base::Language language;
};

/// Everything in the order of the plan, and a second sheet with every unit's numbers.
base::Result<std::string> responsibility_workbook(const WorkbookFacts& facts);

/// What one unit leads and what it must do, with the dates it owes.
base::Result<std::string> responsibility_workbook(const WorkbookFacts& facts, const area::Unit& unit);

}  // namespace yihu::plan
