#include "compare/discrepancy.h"

namespace yihu::compare {
namespace {

constexpr std::string_view states[] = {"open", "accepted", "kept", "gone"};

}  // namespace

std::string_view name_of(DiscrepancyState state) { return states[static_cast<std::size_t>(state)]; }

std::optional<DiscrepancyState> discrepancy_state_from(std::string_view name) {
  for (std::size_t i = 0; i < std::size(states); ++i) {
    if (states[i] == name) return static_cast<DiscrepancyState>(i);
  }
  return std::nullopt;
}

base::Text label_of(pack::DiscrepancyKind kind) {
  using pack::DiscrepancyKind;
  switch (kind) {
    case DiscrepancyKind::roster_only: return base::text("名册有、登记簿无", "On the roster, not in the register");
    case DiscrepancyKind::register_only: return base::text("登记簿有、名册无", "In the register, not on the roster");
    case DiscrepancyKind::differs: return base::text("内容不一致", "A field differs");
    case DiscrepancyKind::twice: return base::text("名册中重复", "On the roster twice");
    case DiscrepancyKind::deceased: return base::text("已去世仍在名册", "Dead and still on the roster");
    case DiscrepancyKind::contradicts: return base::text("两个部门说法不同", "Two departments contradict each other");
    case DiscrepancyKind::question: return base::text("需要向本户核实", "To be asked of the family");
  }
  return {};
}

base::Text cause_label(const Rosters& rosters, const pack::Roster& roster, pack::DiscrepancyKind kind, std::string_view cause) {
  if (const pack::Column* column = roster.sheet.column(cause)) return column->label;
  if (kind == pack::DiscrepancyKind::contradicts) {
    const std::string_view other = cause.substr(0, cause.find('.'));
    const pack::Roster* found = rosters.declared().find(other);
    if (found != nullptr) return base::text("与“{0}”不一致", "Against \"{1}\"", found->label.zh, found->label.en);
  }
  const pack::DiscrepancyRule* rule = roster.rule(kind);
  return rule != nullptr && !rule->say.empty() ? rule->say : label_of(kind);
}

}  // namespace yihu::compare
