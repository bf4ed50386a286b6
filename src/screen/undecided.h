#pragma once
// Of whom a rule cannot decide yet, and which cells it waits for. Only what the viewer sees.

#include "access/viewer.h"
#include "screen/view.h"

namespace yihu::screen {

struct UndecidedFilter {
  std::string rule;
  std::string area = {};           ///< code of a village or town; empty: everywhere
  std::string after_village = {};  ///< key of the last line of the page before
  std::string after = {};
  int limit = 50;
};

struct Undecided {
  std::vector<UndecidedLine> lines;
  /// Where to go on, village and subject; nothing at the end. A page may be short: no request looks at more than
  /// `undecided_looked_at` subjects.
  std::optional<std::pair<std::string, std::string>> next;
};
inline constexpr int undecided_looked_at = 4000;

/// By village, asked of the store as it is now; villages by the counts of the last sweep.
/// Errors: not_found for a rule that is not there.
base::Result<Undecided> undecided(store::Session& session, const RuleBook& book, const access::Viewer& viewer, const UndecidedFilter& filter,
                                  base::Date today);

}  // namespace yihu::screen
