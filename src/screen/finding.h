#pragma once
// Findings: one per rule, subject and period, opened and closed by what the data says.

#include "screen/evaluation.h"
#include "store/transaction.h"

#include <boost/describe/enum.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <span>

namespace yihu::screen {

enum class FindingState {
  open,     ///< somebody should look at it
  unknown,  ///< it was open, and then a cell that it rests on went missing
  closed,
};
BOOST_DESCRIBE_ENUM(FindingState, open, unknown, closed)
std::string_view name_of(FindingState state);

/// Why a finding is closed.
enum class ClosedBecause {
  data,     ///< the rule no longer finds it
  period,   ///< the period that it spoke of is over
  subject,  ///< the household ended, or the person is no member any more
  rule,     ///< the packs no longer have the rule
};
BOOST_DESCRIBE_ENUM(ClosedBecause, data, period, subject, rule)

struct FindingChanges {
  int opened = 0;
  int closed = 0;
  int unknown = 0;
  void add(const FindingChanges& other);
};

/// Brings the subject's findings of these rules to what `verdicts` says. Every change is journalled as finding.opened,
/// finding.closed, finding.unknown; nothing is written where nothing changed.
base::Result<FindingChanges> settle_findings(store::Transaction& transaction, const RuleBook& book, const SubjectRow& subject,
                                             std::span<const Verdict> verdicts, base::Date today);

/// Closes what is not closed yet of a subject that is no longer screened.
base::Result<FindingChanges> close_subject(store::Transaction& transaction, std::string_view subject, base::Date today);
/// The same of a rule that the packs no longer have. @param limit of findings at once @returns how many were closed
base::Result<int> close_rule(store::Transaction& transaction, std::string_view rule, base::Date today, int limit);

}  // namespace yihu::screen
