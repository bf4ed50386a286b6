#pragma once
// The room's tables, 7xx.
//
// finding          one per rule, subject and period. `open`: somebody should look at it; `unknown`: it was open, and
//                  then a cell it rests on went missing; `closed`: the data, or the end of its period, closed it.
//                  What was never found is not here, and what is not known of a subject that was never found neither:
//                  rule_count has how many there are, and a household's page works them out when it is looked at.
// household_light  the lights of listed households as last computed, for lists and maps
// rule_count       how many subjects of a village have which outcome of a rule, as of the last sweep of that rule
// swept_rule       which version of a rule was last swept, and for which day
// awaited          areas where so much changed at once that lights and findings there wait for a sweep
// indicator_value  each indicator as last worked out; the plan keeps its course day by day
// recount          tables that changed since the counts and indicators were last worked out; `times` tells a change that
//                  came while they were
// cohort…          frozen lists of households and people, of which goals speak; no row can be changed

#include "store/store.h"

namespace yihu::screen {

std::vector<store::Migration> migrations();

}  // namespace yihu::screen
