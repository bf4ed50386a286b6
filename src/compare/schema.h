#pragma once
// The room's tables, 8xx.
//
// roster_run       one roster coming in, or answers coming back; counts and the certificate of what was deleted
// roster_match     rows of rosters that are about somebody in the register, sealed under that person's key. Those of a
//                  run that has not ended count for nothing.
// roster_pair      doubtful pairs and what somebody decided about them, by keyed hashes of what he looked at
// discrepancy      where roster and register disagree; one for each roster, period, kind, cause and person
// comparison       all rosters held against the register on a day, kept to be compared with another day, and frozen

#include "store/store.h"

namespace yihu::compare {

std::vector<store::Migration> migrations();

}  // namespace yihu::compare
