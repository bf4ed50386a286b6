#pragma once
// The room's tables, 5xx. Who reads them by SQL of his own (rules, ledgers, comparison) finds here what stands where.
//
// household, person, income   the state now, one column per field of fields.h; NULL is unknown. Private columns hold
//                             ciphertext. person.household is NULL for somebody who is no longer a member anywhere.
// membership                  who belonged to which household from which day to which; `left_on` is the first day he no
//                             longer did. Exactly one open row for every present person.
// field_history               what a field held before it changed: `value` until the day `until` (exclusive), after the
//                             row before it. What holds now stands in the flat table.
// register_event              what happened to a household or person, when it took effect, who said so and why.
// identity_correction         what an identity was before it was put right, sealed, for the undo.
// snapshot…                   frozen states; no row of a frozen one can be changed.

#include "store/store.h"

namespace yihu::registry {

std::vector<store::Migration> migrations();

}  // namespace yihu::registry
