#pragma once
// Where the plan's text and its overview table say different things.

#include "plan/reading/plan_document.h"

namespace yihu::plan {

/// Fills `answers` of the table's measures and `position` of its tasks, and adds warnings to the plan.
void compare_table(PlanDocument& plan, const std::vector<Part>& table_parts);

}  // namespace yihu::plan
