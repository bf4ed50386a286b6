#include "plan/reading/demand.h"

#include "plan/reading/deadline.h"
#include "plan/reading/recurrence.h"
#include "plan/reading/target.h"

#include <algorithm>

namespace yihu::plan {
namespace {

/// Places of a sentence's characters that a span of the document covers.
base::Span within(const Characters& sentence, base::Span span) {
  const auto index = [&](std::size_t place) {
    return static_cast<std::size_t>(std::ranges::lower_bound(sentence.at, static_cast<std::uint32_t>(place)) - sentence.at.begin());
  };
  return {index(span.begin), index(span.end)};
}

}  // namespace

Demands demands_from_sentence(const Characters& sentence, std::optional<int> year) {
  Demands demands;
  std::vector<base::Span> taken;
  for (auto& found : recurrences_in(sentence)) {
    taken.push_back(found.within);
    demands.recurrences.push_back(std::move(found.recurrence));
  }
  demands.deadlines = deadlines_in(sentence, year.value_or(0), taken);
  for (const auto& deadline : demands.deadlines) taken.push_back(within(sentence, deadline.span));
  std::ranges::sort(taken, {}, &base::Span::begin);
  demands.targets = targets_in(sentence, taken);
  demands.allocations = allocations_in(sentence);
  return demands;
}

}  // namespace yihu::plan
