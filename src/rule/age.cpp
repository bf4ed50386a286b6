// What need not be reckoned as it is written: an age that is only compared.

#include "rule/scope.h"

#include <fmt/format.h>

namespace yihu::rule {

/// The day that a node stands for when it is the same for everybody.
std::optional<base::Date> Scope::known_day(const Node& node) const {
  const auto day_of = [](const Constant* constant) -> std::optional<base::Date> {
    if (constant == nullptr || constant->kind != Kind::day) return std::nullopt;
    const auto day = base::parse_date(std::get<std::string>(constant->value));
    return day ? std::optional(*day) : std::nullopt;
  };
  switch (node.form) {
    case NodeForm::today: return statement_.options.today;
    case NodeForm::fact: return known_day(*node.parts.front());
    case NodeForm::parameter: return statement_.options.today ? day_of(in_force(*node.parameter)) : std::nullopt;
    case NodeForm::constant: return day_of(&node.constant);
    default: return std::nullopt;
  }
}

/// Whether somebody has an age on a day is whether he was born by another: one comparison of texts, where DuckDB would
/// take both days apart for each of a million people.
std::optional<std::string> Scope::age_compared(const Node& node) {
  const bool strictly = node.operation == Operation::less;
  if (statement_.options.engine != Engine::duckdb || (!strictly && node.operation != Operation::less_or_equal)) return std::nullopt;
  const auto within = [](const Node* part) {
    while (part->form == NodeForm::fact) part = part->parts.front().get();
    return part;
  };
  const Node* left = within(node.parts[0].get());
  const Node* right = within(node.parts[1].get());
  const bool at_least = left->form == NodeForm::constant;
  const Node& age = at_least ? *right : *left;
  const Node& years = at_least ? *left : *right;
  if (years.form != NodeForm::constant || age.form != NodeForm::operation || age.operation != Operation::age) return std::nullopt;
  const auto day = known_day(*age.parts[1]);
  const auto* least = std::get_if<std::int64_t>(&years.constant.value);
  if (!day || least == nullptr) return std::nullopt;
  constexpr std::int64_t years_max = 9999;
  const std::int64_t year = static_cast<int>(day->year());
  // "More than six" is "at least seven".
  const bool next = at_least == strictly;
  if (*least < 0 || *least + (next ? 1 : 0) > year || year > years_max) return std::nullopt;
  const std::string born_by = fmt::format("{:04}{}", year - *least - (next ? 1 : 0), base::to_string(*day).substr(4));
  return "(" + render(*age.parts[0]).sql + (at_least ? " <= " : " > ") + literal({Kind::day, born_by}, statement_.options.engine) + ")";
}

}  // namespace yihu::rule
