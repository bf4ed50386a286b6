#pragma once
// What the rules say of single subjects, asked of the live store as it is now.

#include "screen/rule_book.h"
#include "store/session.h"

namespace yihu::screen {

/// Somebody or something that is screened: a household that has not ended, a present member of one, a village.
struct SubjectRow {
  pack::Subject kind = pack::Subject::household;
  std::string id;
  std::string household;  ///< empty for a village
  std::string village;
  bool listed = false;    ///< its household is on the poverty list or monitored
};

/// The household and its present members; empty when it has ended or is not there.
base::Result<std::vector<SubjectRow>> household_subjects(store::Session& session, std::string_view household);
base::Result<std::optional<SubjectRow>> village_subject(store::Session& session, std::string_view village);
/// A subject of that kind; nothing when it is not screened.
base::Result<std::optional<SubjectRow>> find_subject(store::Session& session, pack::Subject kind, std::string_view id);

struct Verdict {
  std::size_t rule = 0;                ///< position in the book
  Outcome outcome = Outcome::unknown;
  std::string level;                   ///< empty: none, or not known
  std::optional<std::int64_t> amount;  ///< fen per year
};

/// @returns one verdict per rule of the selection, in its order; none when the subject is not there
base::Result<std::vector<Verdict>> evaluate(store::Session& session, const RuleBook& book, const Selection& selection,
                                            std::string_view subject, base::Date today);

/// What expressions about one subject yield, in their order. Cells hold 1 or 0 for truth, nothing for unknown.
/// Empty when the subject is not there.
base::Result<std::vector<store::Cell>> values_of(store::Session& session, std::span<const Statement> statements,
                                                 std::size_t expressions, std::string_view subject, base::Date today);

}  // namespace yihu::screen
