#pragma once
// What must happen again and again: 每月, 每季度至少召开一次, 每半年, 年内2次.

#include "plan/reading/characters.h"
#include "plan/reading/plan_document.h"

#include <vector>

namespace yihu::plan {

struct FoundRecurrence {
  Recurrence recurrence;
  base::Span within;  ///< in the sentence's characters
};

std::vector<FoundRecurrence> recurrences_in(const Characters& sentence);

}  // namespace yihu::plan
