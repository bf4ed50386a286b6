#include "screen/light.h"

#include <algorithm>

namespace yihu::screen {
namespace {

constexpr store::Sql kept_sql = "SELECT light, state, village FROM household_light WHERE household = :household";
constexpr store::Sql keep_sql =
    "INSERT INTO household_light (household, light, state, village) VALUES (:household, :light, :state, :village)"
    " ON CONFLICT (household, light) DO UPDATE SET state = excluded.state, village = excluded.village";
constexpr store::Sql drop_sql = "DELETE FROM household_light WHERE household = :household";

bool was_asked(const RuleBook& book, std::size_t rule, std::span<const Judged> household) {
  for (const Judged& judged : household) {
    if (judged.subject.kind != book.at(rule).rule->subject) continue;
    return std::ranges::any_of(judged.verdicts, [&](const Verdict& verdict) { return verdict.rule == rule; });
  }
  return true;  // nobody to ask about
}

}  // namespace

std::string_view name_of(LightState state) { return boost::describe::enum_to_string(state, ""); }

LightState light_state(const RuleBook::Light& light, std::span<const Judged> household) {
  bool met = false;
  bool unknown = false;
  for (const Judged& judged : household) {
    for (const Verdict& verdict : judged.verdicts) {
      if (std::ranges::find(light.rules, verdict.rule) == light.rules.end()) continue;
      if (is_finding(verdict.outcome)) return LightState::not_met;
      if (verdict.outcome == Outcome::unknown) unknown = true;
      else if (verdict.outcome != Outcome::not_applicable) met = true;
    }
  }
  return unknown ? LightState::unknown : met ? LightState::met : LightState::not_applicable;
}

base::Done keep_lights(store::Transaction& transaction, const RuleBook& book, std::span<const Judged> household) {
  const SubjectRow& whole = household.front().subject;
  if (!whole.listed) return drop_lights(transaction, whole.household);
  std::map<std::string, std::pair<std::string, std::string>> kept;
  for (const store::Row& row : TRY(transaction.query(kept_sql, {{"household", whole.household}}))) {
    kept[row.text(0)] = {row.text(1), row.text(2)};
  }
  for (const RuleBook::Light& light : book.lights()) {
    const bool asked = std::ranges::all_of(light.rules, [&](std::size_t rule) { return was_asked(book, rule, household); });
    if (!asked) continue;
    const std::pair<std::string, std::string> state{name_of(light_state(light, household)), whole.village};
    const auto known = kept.find(light.light->id);
    if (known != kept.end() && known->second == state) continue;
    TRY(transaction.execute(keep_sql, {{"household", whole.household}, {"light", light.light->id}, {"state", state.first},
                                       {"village", whole.village}}));
  }
  return {};
}

base::Done drop_lights(store::Transaction& transaction, std::string_view household) {
  TRY(transaction.execute(drop_sql, {{"household", household}}));
  return {};
}

}  // namespace yihu::screen
