#pragma once
// The cells a rule read of a subject, with who entered them and when.

#include "screen/view.h"

namespace yihu::screen {

/// Cells of the household, its members and their ledgers that the rule reads of this subject: those of the register, and
/// of each ledger the latest rows. At most `cells_max`.
base::Result<std::vector<CellView>> cells_of(store::Session& session, const RuleBook& book, const CompiledRule& rule,
                                             const SubjectRow& subject);
inline constexpr std::size_t cells_max = 60;

/// Whether the ledger is on record as delivered for the village and the period that contains the day.
base::Result<bool> delivered(store::Session& session, const pack::Ledger& ledger, std::string_view village, base::Date day);

}  // namespace yihu::screen
