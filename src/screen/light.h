#pragma once
// The lights of a household: food, clothing, schooling, health, housing, water, as the packs declare them.

#include "screen/evaluation.h"
#include "store/transaction.h"

#include <boost/describe/enum.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <map>
#include <span>

namespace yihu::screen {

enum class LightState {
  met,
  not_met,
  unknown,
  not_applicable,  ///< no rule of the light is about this household
};
BOOST_DESCRIBE_ENUM(LightState, met, not_met, unknown, not_applicable)
std::string_view name_of(LightState state);

/// One subject of a household with what the rules say of it.
struct Judged {
  SubjectRow subject;
  std::vector<Verdict> verdicts;
};

/// What the light's rules say together: not met when one of them found something, else unknown when one is unknown,
/// else met when one applies.
LightState light_state(const RuleBook::Light& light, std::span<const Judged> household);

/// Stores the states of those lights whose rules were all asked. Lights of a household that is not listed are not kept.
base::Done keep_lights(store::Transaction& transaction, const RuleBook& book, std::span<const Judged> household);
base::Done drop_lights(store::Transaction& transaction, std::string_view household);

}  // namespace yihu::screen
