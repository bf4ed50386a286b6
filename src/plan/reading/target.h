#pragma once
// Figures to reach: 高于90%, 不低于3户, 1-2个, 40户131人, 奖励1000元.

#include "plan/reading/characters.h"
#include "plan/reading/plan_document.h"

#include <vector>

namespace yihu::plan {

/// Numbers that only describe (4类对象, 2个贫困村, years, names in quotes) are no targets.
/// Parts in `taken` (recurrences, deadlines) are left alone; they are in the sentence's characters, in order.
std::vector<Target> targets_in(const Characters& sentence, const std::vector<base::Span>& taken);

/// 灵山镇20户、演丰镇15户: shares of one figure, given place by place. At least two of one unit.
std::vector<Allocation> allocations_in(const Characters& sentence);

}  // namespace yihu::plan
