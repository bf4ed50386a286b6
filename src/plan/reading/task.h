#pragma once
// Headings, items and owner blocks put together: parts, tasks and their measures.

#include "plan/reading/heading.h"
#include "plan/reading/plan_document.h"

namespace yihu::plan {

/// What the steps before have found in the text.
struct Findings {
  const Flow& flow;
  std::span<const Place> places;
  std::span<const OwnerBlock> blocks;
  std::span<const Heading> headings;
  std::optional<int> year;
};

/// Fills parts, tasks and the warnings that concern single places.
void add_tasks(const Findings& findings, PlanDocument& plan);

}  // namespace yihu::plan
