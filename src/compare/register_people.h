#pragma once
// The register's people as rosters are linked with them. Whoever loads them reads document numbers in clear; how many
// were read, and for which roster, stands in the journal of the run.

#include "compare/roster_file.h"
#include "store/secret.h"

namespace yihu::compare {

struct RegisterPerson {
  std::string id = {};
  std::string household = {};
  std::string village = {};
  Identity who = {};
  bool dead = false;
};

struct RegisterPeople {
  std::vector<RegisterPerson> people = {};  ///< present members, and those who died as members
  std::int64_t numbers_read = 0;       ///< document numbers opened
  std::int64_t unauthorised = 0;       ///< people left out because their family gave no authorisation
  std::map<std::string, std::size_t> by_id;

  const RegisterPerson* find(const std::string& id) const;
};

/// Without those whose household has not authorised the roster's comparison, where it needs that.
base::Result<RegisterPeople> register_people(store::Session& session, const store::Secrets& secrets, const Rosters& rosters,
                                             const pack::Roster& roster, base::Date today, const base::Cancel& cancel);
/// One of them; nothing when he is gone or not authorised.
base::Result<std::optional<RegisterPerson>> register_person(store::Session& session, const store::Secrets& secrets, const std::string& id);

}  // namespace yihu::compare
