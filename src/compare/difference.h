#pragma once
// Roster against register: the rules of the pack over the rows that are about somebody. Reads only; what is found is
// written by discrepancy.h.

#include "compare/register_people.h"

#include <set>

namespace yihu::compare {

/// A row of a roster and whom it is about, as it is stored.
struct KnownRow {
  std::string person = {};
  std::string village = {};
  std::string row_hash = {};
  RosterRow row = {};
  bool confirmed = false;   ///< by somebody's decision; said of a run that arrives
};

/// A run that does not count yet, as it would be if it did.
struct Arriving {
  const std::vector<KnownRow>& rows;      ///< in the order of known_rows
  const std::vector<std::string>& areas;  ///< for which it is complete
  std::set<std::string> pending = {};     ///< people about whom a pair of it will wait
};

/// Rows of the runs that count, by person, then in the order of the sheet. A later run takes the place of an earlier one
/// for its areas and its people. Errors: what the store says; rows whose person's key was destroyed are left out.
/// @param person only his; empty: everybody's
/// @param arriving takes the place of what is stored, and is not among the answer
base::Result<std::vector<KnownRow>> known_rows(store::Session& session, const store::Secrets& secrets, const Rosters& rosters,
                                               const pack::Roster& roster, std::string_view period, std::string_view person = {},
                                               const Arriving* arriving = nullptr);

struct Difference {
  const pack::DiscrepancyRule* rule = nullptr;
  std::string cause = {};     ///< column, other roster, or the kind's own name
  std::string subject = {};   ///< person id, or the hash of a row about nobody
  std::string person = {};    ///< empty for a row about nobody
  std::string village = {};
  int line = 0;          ///< in the roster; 0 where it has none
  std::string theirs = {};    ///< as shown
  std::string ours = {};
  std::string value = {};     ///< JSON of the roster's value, for writing it; empty: nothing to write
  std::string stranger = {};  ///< the whole row, when it is about nobody
};

struct Finding {
  const Rosters& rosters;
  const store::Secrets& secrets;
  const pack::Roster& roster;
  std::string period = {};
  base::Date today = {};
  base::Cancel cancel = {};
  const Arriving* arriving = nullptr;
};

struct Differences {
  std::vector<Difference> found = {};
  std::int64_t compared = 0;       ///< rows about somebody
  std::int64_t not_yet_known = 0;  ///< expected people of places for which the roster was not delivered
};

base::Result<Differences> find_differences(store::Session& session, const Finding& finding);

}  // namespace yihu::compare
