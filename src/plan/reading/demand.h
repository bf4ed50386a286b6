#pragma once
// What one sentence asks for: days, recurrences, figures.

#include "plan/reading/characters.h"
#include "plan/reading/plan_document.h"

namespace yihu::plan {

/// At most this many of each kind; a sentence with more is no sentence.
inline constexpr std::size_t demands_max = 200;

Demands demands_from_sentence(const Characters& sentence, std::optional<int> year);

}  // namespace yihu::plan
