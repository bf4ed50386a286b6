#pragma once
// How a measure's owners and occurrences are written: what stays keeps its id, and with it what was reported.

#include "plan/tracking/tracked_plan.h"
#include "store/transaction.h"

namespace yihu::plan {

base::Done write_owners(store::Transaction& transaction, const base::PlanId& plan, const base::MeasureId& measure,
                        const std::vector<Owner>& lead, const std::vector<Owner>& responsible);

/// Brings the occurrences up to the dates. One whose key stays keeps its id; a deadline that moved keeps its id too,
/// the first old one going to the first new one; what is no longer asked is retired with its reports.
base::Done write_occurrences(store::Transaction& transaction, const base::PlanId& plan, const base::MeasureId& measure,
                             const std::vector<DatedOccurrence>& occurrences);

/// Counts a change of the plan, so that whoever keeps it in memory reads it again.
base::Done count_change(store::Transaction& transaction, const base::PlanId& plan);

}  // namespace yihu::plan
