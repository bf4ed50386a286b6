#pragma once
// What one sentence asks for: days, recurrences, figures.

#include "plan/reading/characters.h"
#include "plan/reading/plan_document.h"

namespace yihu::plan {

Demands demands_from_sentence(const Characters& sentence, std::optional<int> year);

}  // namespace yihu::plan
