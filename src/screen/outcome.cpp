#include "screen/outcome.h"

#include <array>
#include <utility>

namespace yihu::screen {
namespace {

/// What follows when the first condition is true, by the second; and when it is false.
struct Table {
  Outcome second_true;
  Outcome second_false;
  Outcome first_false_second_true = Outcome::not_applicable;
  Outcome first_false = Outcome::not_applicable;
};

constexpr Table table_of(pack::RuleKind kind) {
  switch (kind) {
    case pack::RuleKind::guarantee: return {Outcome::met, Outcome::not_met};
    case pack::RuleKind::entitlement:
      return {Outcome::served, Outcome::entitled_not_served, Outcome::served_not_entitled, Outcome::not_entitled};
    case pack::RuleKind::risk: return {Outcome::signal, Outcome::quiet};
    case pack::RuleKind::consistency: return {Outcome::contradiction, Outcome::consistent};
  }
  std::unreachable();
}

struct Name {
  Outcome outcome;
  std::string_view name;
  std::string_view zh;
  std::string_view en;
};

constexpr std::array<Name, outcomes> names{{
    {Outcome::not_applicable, "not_applicable", "不适用", "not applicable"},
    {Outcome::met, "met", "已保障", "met"},
    {Outcome::not_met, "not_met", "未保障", "not met"},
    {Outcome::served, "served", "应享已享", "entitled and received"},
    {Outcome::entitled_not_served, "entitled_not_served", "应享未享", "entitled, not received"},
    {Outcome::served_not_entitled, "served_not_entitled", "不应享而享", "received, not entitled"},
    {Outcome::not_entitled, "not_entitled", "不符合条件", "not entitled"},
    {Outcome::quiet, "quiet", "无风险", "no risk"},
    {Outcome::signal, "signal", "有风险", "at risk"},
    {Outcome::consistent, "consistent", "无矛盾", "consistent"},
    {Outcome::contradiction, "contradiction", "数据矛盾", "contradiction"},
    {Outcome::unknown, "unknown", "情况不明", "not yet known"},
}};

}  // namespace

Outcome outcome_of(pack::RuleKind kind, Truth first, Truth second) {
  const Table table = table_of(kind);
  if (!first) return Outcome::unknown;
  // Whoever is not entitled is not asked about what he did not receive: unknown there is no work to do.
  if (!*first) return second.value_or(false) ? table.first_false_second_true : table.first_false;
  if (!second) return Outcome::unknown;
  return *second ? table.second_true : table.second_false;
}

std::string outcome_sql(pack::RuleKind kind, std::string_view first, std::string_view second) {
  const Table table = table_of(kind);
  const auto number = [](Outcome outcome) { return static_cast<int>(outcome); };
  std::string sql = "CASE";
  if (!first.empty()) {
    sql += fmt::format(" WHEN {} IS NULL THEN {}", first, number(Outcome::unknown));
    if (table.first_false != table.first_false_second_true) {
      sql += fmt::format(" WHEN {} = 0 AND {} = 1 THEN {}", first, second, number(table.first_false_second_true));
    }
    sql += fmt::format(" WHEN {} = 0 THEN {}", first, number(table.first_false));
  }
  return sql + fmt::format(" WHEN {0} IS NULL THEN {1} WHEN {0} = 1 THEN {2} ELSE {3} END", second,
                           number(Outcome::unknown), number(table.second_true), number(table.second_false));
}

std::string_view name_of(Outcome outcome) { return names[static_cast<std::size_t>(outcome)].name; }

std::optional<Outcome> outcome_from_name(std::string_view name) {
  for (const Name& known : names) {
    if (known.name == name) return known.outcome;
  }
  return std::nullopt;
}

base::Text label_of(Outcome outcome) {
  const Name& name = names[static_cast<std::size_t>(outcome)];
  return {std::string(name.zh), std::string(name.en)};
}

}  // namespace yihu::screen
