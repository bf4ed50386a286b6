#pragma once
// Discrepancies as they are kept, looked at and settled. Values are sealed under the person's key; a viewer sees those of
// people within his reach.

#include "area/directory.h"
#include "compare/difference.h"
#include "store/transaction.h"

namespace yihu::compare {

enum class DiscrepancyState {
  open,
  accepted,  ///< the department's word was written here, with its source
  kept,      ///< ours is right: it goes out to the department as a correction
  gone,      ///< no longer found
};
std::string_view name_of(DiscrepancyState state);
std::optional<DiscrepancyState> discrepancy_state_from(std::string_view name);

struct Written {
  std::int64_t added = 0, changed = 0, gone = 0, same = 0;
  bool overtaken = false;  ///< what it rests on changed while it was under way: worth another look
};

struct Discrepancy {
  std::string id = {};
  std::string roster = {};
  std::string period = {};
  std::string kind = {};
  std::string cause = {};
  base::Text cause_label = {};
  std::string person = {};      ///< id; empty for a row about nobody
  std::string household = {};
  std::string name = {};
  std::string village = {};
  std::string owner = {};
  int line = 0;
  std::string theirs = {};
  std::string ours = {};
  std::string state = {};
  std::string note = {};
  bool can_accept = false; ///< there is something to write
  base::Instant found_at = {};
  std::int64_t version = 0;
};

struct DiscrepancyFilter {
  std::string roster = {}, kind = {}, cause = {}, area = {};
  std::optional<DiscrepancyState> state = DiscrepancyState::open;
  std::string after_village = {}, after = {};
  int limit = 50;
};
/// By village, then in the order they were found. Only those of people the viewer sees.
base::Result<std::vector<Discrepancy>> list_discrepancies(store::Session& session, const store::Secrets& secrets, const Rosters& rosters,
                                                          const access::Viewer& viewer, const DiscrepancyFilter& filter);
/// Errors: not_found, also beyond the reach.
base::Result<Discrepancy> read_discrepancy(store::Session& session, const store::Secrets& secrets, const Rosters& rosters,
                                           const access::Viewer& viewer, std::string_view id);

/// Those of one cause, counted; above its threshold it is an entry of the worklist of the unit that owns the fact.
struct DiscrepancyGroup {
  std::string roster = {};
  std::string kind = {};
  std::string cause = {};
  base::Text cause_label = {};
  std::string owner = {};
  std::int64_t open = 0, accepted = 0, kept = 0;
  int above = 0;
  bool due = false;
};
base::Result<std::vector<DiscrepancyGroup>> discrepancy_groups(store::Session& session, const Rosters& rosters, const access::Viewer& viewer,
                                                               std::string_view roster);

/// Those above their threshold of facts that a unit of the viewer owns, most first: what he has to settle. `accepted` and
/// `kept` are not counted.
base::Result<std::vector<DiscrepancyGroup>> groups_to_settle(store::Session& session, const Rosters& rosters, const access::Viewer& viewer,
                                                             const area::Directory& units);

/// The department is right: its value is written through the register's or the ledger's own function, with the roster as
/// its source. Errors: not_found; conflict when it is settled or nothing can be written; stale; what that function says.
base::Done accept_discrepancy(store::Transaction& transaction, const store::Secrets& secrets, const Rosters& rosters, const access::Viewer& viewer,
                              std::string_view id, std::int64_t version);
/// Ours is right, and why. @param reason 1 to 200 characters
base::Done keep_discrepancy(store::Transaction& transaction, const store::Secrets& secrets, const Rosters& rosters, const access::Viewer& viewer,
                            std::string_view id, std::int64_t version, std::string_view reason);
/// Takes `kept` back.
base::Done reopen_discrepancy(store::Transaction& transaction, const store::Secrets& secrets, const Rosters& rosters, const access::Viewer& viewer,
                              std::string_view id, std::int64_t version);

base::Text label_of(pack::DiscrepancyKind kind);
base::Text cause_label(const Rosters& rosters, const pack::Roster& roster, pack::DiscrepancyKind kind, std::string_view cause);

}  // namespace yihu::compare
