#pragma once
// Measured series. A higher room works out an indicator's value and writes it here; measures that name the indicator
// stand by it, and nobody reports them by hand.

#include "base/date.h"
#include "base/id.h"
#include "plan/reading/plan_document.h"
#include "store/transaction.h"

#include <optional>
#include <string_view>

namespace yihu::plan {

struct IndicatorReading {
  std::string_view indicator;   ///< its id in the packs
  base::Date day;               ///< the day the value is true of
  double value = 0;             ///< in the unit of the measure's target
  std::string_view source;      ///< what it was computed from: a rule, a ledger, an import
};

/// One value a day; a later one of the same day replaces it. Journalled when it differs.
/// Errors: input "value_unreadable" when it is not a finite number; not_found for a plan that is not there.
base::Done record_indicator(store::Transaction& transaction, const base::PlanId& plan, const IndicatorReading& reading);

/// Which indicator tells how far a measure is.
struct MeasuredBy {
  int task = 0;                  ///< number of the task
  int measure = 0;               ///< its number in the task, or its place where it has none
  std::string_view indicator;
  std::string_view unit;         ///< in which it counts: "%", "户" …
  std::optional<Target> target;  ///< what to reach, where the document names no figure
};

/// From then on the measure stands by the indicator, and nobody is asked to report it. One that has an indicator keeps
/// it; one that is not there, or whose figure is in another unit, is passed over. @returns whether something changed
base::Result<bool> bind_indicator(store::Transaction& transaction, const base::PlanId& plan, const MeasuredBy& by);

}  // namespace yihu::plan
