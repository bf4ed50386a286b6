#pragma once
// That a household never has two heads, whatever the order in which its past is entered. Inside the room only.

#include "registry/rows.h"

namespace yihu::registry {

/// Errors: conflict "head_order" when two people are head of the household on the same day, now or in the past.
base::Done expect_one_head(store::Session& session, const HouseholdId& household);

}  // namespace yihu::registry
