#pragma once
// Indicators of the packs, computed from what the rules say, and handed to the plan, so that a measure which has one asks
// nobody for a report.

#include "screen/rule_book.h"
#include "store/store.h"

namespace yihu::screen {

/// An indicator as it stands. Of a share: counted out of total, in hundredths; those not known are in neither.
struct IndicatorStanding {
  std::optional<double> value;  ///< in the unit of its target; nothing when there is nobody it is about
  std::int64_t counted = 0;
  std::int64_t total = 0;       ///< 0 for a plain number
  std::int64_t unknown = 0;
};

/// Works all of them out: shares of a rule from the counts of its last sweep, counts of an expression from the live store.
base::Result<std::map<std::string, IndicatorStanding>> indicators(store::Session& session, const RuleBook& book, base::Date today);

/// Works them out, keeps them, and writes them to the plan of the year where a measure stands by them.
base::Done record_indicators(store::Store& store, const RuleBook& book, base::Date today);

/// Whether a value reaches the target. Nothing: no target, or no value.
std::optional<bool> reaches(const std::optional<pack::Target>& target, std::optional<double> value);

}  // namespace yihu::screen
