#pragma once
// What a rule says of one subject. A rule's two conditions have three values each; together they give one outcome.

#include "pack/rule.h"

#include <boost/describe/enum.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace yihu::screen {

/// The numbers stand in the store and in SQL; they never change their meaning.
enum class Outcome {
  not_applicable = 0,
  met = 1,                  ///< guarantee
  not_met = 2,
  served = 3,               ///< entitlement
  entitled_not_served = 4,
  served_not_entitled = 5,
  not_entitled = 6,         ///< not entitled, and nothing known to have been received
  quiet = 7,                ///< risk
  signal = 8,
  consistent = 9,           ///< consistency
  contradiction = 10,
  unknown = 11,             ///< a cell is missing, or a ledger was not delivered
};
BOOST_DESCRIBE_ENUM(Outcome, not_applicable, met, not_met, served, entitled_not_served, served_not_entitled, not_entitled,
                    quiet, signal, consistent, contradiction, unknown)
inline constexpr int outcomes = 12;

using Truth = std::optional<bool>;  ///< nothing: unknown

/// @param first applies or eligible; true where the rule has none
/// @param second holds, received or when
Outcome outcome_of(pack::RuleKind kind, Truth first, Truth second);

/// Somebody should look at it.
constexpr bool is_finding(Outcome outcome) {
  return outcome == Outcome::not_met || outcome == Outcome::entitled_not_served || outcome == Outcome::served_not_entitled ||
         outcome == Outcome::signal || outcome == Outcome::contradiction;
}

/// The outcome's number as SQL over two columns that hold 1, 0 or NULL: the same table as outcome_of.
/// @param first empty where the rule has none
std::string outcome_sql(pack::RuleKind kind, std::string_view first, std::string_view second);

std::string_view name_of(Outcome outcome);
std::optional<Outcome> outcome_from_name(std::string_view name);
base::Text label_of(Outcome outcome);

}  // namespace yihu::screen
