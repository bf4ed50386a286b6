#pragma once
// Roster against register: the rules of the pack over the rows that are about somebody. Reads only; what is found is
// written by discrepancy.h.

#include "compare/register_people.h"

namespace yihu::compare {

/// A row of a roster and whom it is about, as it is stored.
struct KnownRow {
  std::string person = {};
  std::string village = {};
  std::string row_hash = {};
  RosterRow row = {};
};

/// Rows of the last run of a roster and period. Errors: what the store says; rows whose person's key was destroyed are left out.
base::Result<std::vector<KnownRow>> known_rows(store::Session& session, const store::Secrets& secrets, const Rosters& rosters,
                                               const pack::Roster& roster, std::string_view period);

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
};

struct Differences {
  std::vector<Difference> found = {};
  std::int64_t compared = 0;       ///< rows about somebody
  std::int64_t not_yet_known = 0;  ///< expected people of places for which the roster was not delivered
};

base::Result<Differences> find_differences(store::Session& session, const Finding& finding);

}  // namespace yihu::compare
