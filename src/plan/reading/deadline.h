#pragma once
// Days and stretches in a sentence: 4月底前, 年内, 7月至8月, 第四季度.

#include "plan/reading/characters.h"
#include "plan/reading/plan_document.h"

#include <vector>

namespace yihu::plan {

/// `year` is the plan's, for days without one; 0 if it is not known, and then such days are unclear.
/// Parts of the sentence in `taken` (recurrences) are left alone. Both are in the sentence's characters.
/// `bare_days` accepts a day without 前, as behind 完成时限：.
std::vector<Deadline> deadlines_in(const Characters& sentence, int year, const std::vector<base::Span>& taken, bool bare_days = false);

}  // namespace yihu::plan
