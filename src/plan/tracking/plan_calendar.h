#pragma once
// A plan's dated occurrences as calendar events. Pure. Whoever holds the secret address may pass it on, so an event
// tells what the plan says and which units answer, and nothing that anybody reported.

#include "plan/tracking/calendar.h"
#include "plan/tracking/standing.h"

namespace yihu::plan {

/// Occurrences of measures assigned to any of `units_wanted`, done or not; measures without dates stand on the last
/// day of the year. @param stamp when the plan last changed, as far as is known
Calendar calendar_of(const TrackedPlan& plan, const Facts& facts, const area::Directory& units,
                     const std::vector<base::UnitId>& units_wanted, base::Date today, base::Instant stamp,
                     base::Language language);

}  // namespace yihu::plan
