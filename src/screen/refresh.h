#pragma once
// After a write, within it: only the rules that read what changed, for the households touched.

#include "screen/finding.h"

#include <set>

namespace yihu::screen {

/// A write that touched more rows than this is not screened within itself: its areas wait for a sweep.
inline constexpr int live_rows_max = 200;

/// What a write did. Villages are those whose own facts changed, not those where a household's did.
struct Change {
  std::set<std::string> households;
  std::set<std::string> villages;
  Touched touched;
  int rows = 0;
};

/// Screens what `change` touched, or marks where it lies as awaited. Findings and lights are right when the transaction
/// commits, or awaited.
base::Result<FindingChanges> refresh(store::Transaction& transaction, const RuleBook& book, const Change& change, base::Date today);

/// Screens one household by these rules of households and people, and draws its lights when they are among them.
base::Result<FindingChanges> refresh_household(store::Transaction& transaction, const RuleBook& book, std::string_view household,
                                               const Selection& of_household, const Selection& of_person, base::Date today);
base::Result<FindingChanges> refresh_village(store::Transaction& transaction, const RuleBook& book, std::string_view village,
                                             const Selection& of_village, base::Date today);

/// Marks everything that these tables decide below `area` (code of a village, town or district) as awaiting a sweep.
base::Done await_sweep(store::Transaction& transaction, std::string_view area, const Touched& touched);

/// Whether lights and findings of a village are being worked out.
base::Result<bool> awaits_sweep(store::Session& session, std::string_view village);

}  // namespace yihu::screen
