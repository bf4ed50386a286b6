#pragma once
// Measured series. A higher room works out an indicator's value and writes it here; measures that name the indicator
// stand by it, and nobody reports them by hand.

#include "base/date.h"
#include "base/id.h"
#include "store/transaction.h"

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

}  // namespace yihu::plan
