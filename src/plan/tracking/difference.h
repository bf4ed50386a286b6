#pragma once
// What one plan says that another does not: two years, or a document and its corrected version. Pure.

#include "plan/reading/plan_document.h"

#include <string>
#include <vector>

namespace yihu::plan {

enum class DifferenceKind { added, removed, changed, same };

struct Difference {
  DifferenceKind kind = DifferenceKind::same;
  int task_before = 0;              ///< number of the task in the older plan; 0 where it has none
  int task_after = 0;
  std::string task_title;           ///< in the newer plan where it stands there, else in the older
  std::string before;               ///< the measure's text; empty when added
  std::string after;                ///< empty when removed
  std::vector<std::string> fields;  ///< of a changed one: text, task, lead, responsible, deadlines, recurrences, targets
};

/// Measures answer to each other by what they say, wherever they stand and whatever their number. A task without
/// measures counts as one, by its title. In the newer plan's order, what was removed after the rest of its task.
std::vector<Difference> difference(const PlanDocument& before, const PlanDocument& after);

}  // namespace yihu::plan
