#pragma once
// Doubtful pairs, side by side for a person. A decision is remembered by keyed hashes of what it rested on, so that nobody
// is asked the same pair twice, and is undone when the data on either side has changed.

#include "compare/matching.h"
#include "compare/turns.h"
#include "store/transaction.h"

namespace yihu::compare {

struct Decision {
  std::string id = {};
  std::string basis = {};
  std::string decision = {};   ///< "same", "different", "unsure"; empty: not decided
};

class Decisions {
 public:
  const Decision* find(const std::string& row_hash, const std::string& person) const;
  void add(std::string row_hash, std::string person, Decision decision);

 private:
  std::map<std::pair<std::string, std::string>, Decision> all_;
};
base::Result<Decisions> read_decisions(store::Session& session);

/// A pair that a run leaves to a person.
struct NewPair {
  std::string id = {};        ///< of the pair that is known already; empty: new
  std::size_t row = 0;
  MatchedPair match = {};
  std::string row_hash = {};
  std::string basis = {};
  bool undone = false;   ///< somebody had decided, but the data changed
};

struct PairRun {
  std::string roster = {};
  std::string run = {};
  std::string period = {};
};
/// Pairs of a run that does not count yet, written beside those that wait. Each once, though its row may stand in the
/// sheet twice. @param people, rows outlive the tasks
std::vector<Task> plan_pairs(const store::Secrets& secrets, const pack::Roster& roster, const std::string& run, const RegisterPeople& people,
                             const std::vector<RosterRow>& rows, const std::vector<NewPair>& pairs);
/// One of them, once the run counts: it waits for a person, unless somebody has judged it in the meantime.
base::Done bring_pair_in(store::Transaction& transaction, const store::Secrets& secrets, const PairRun& run, std::string_view pass,
                         std::string_view row_hash, std::string_view person);
/// The key of a run of which nothing stays.
base::Done forget_run(store::Transaction& transaction, const store::Secrets& secrets, const std::string& run);

/// One field of both sides.
struct PairField {
  std::string field = {};
  std::string roster = {};
  std::string registered = {};
  std::string level = {};
  link::Weight weight = 0;
};

struct Pair {
  std::string id = {};
  std::string roster = {};
  std::string period = {};
  std::string person = {};
  std::string household = {};
  std::string village = {};
  int line = 0;
  std::string row = {};   ///< keyed hash: the same for all people one row may be about
  double probability = 0;
  link::Weight prior = 0;
  std::vector<PairField> fields = {};   ///< document numbers masked but for where they differ
  std::string decision = {};
  bool undone = false;
  std::int64_t version = 0;
};

struct PairPage {
  std::vector<Pair> items = {};
  std::int64_t open = 0;     ///< still to be judged
  std::int64_t decided = 0;
};
/// Undecided ones first asked come first; with `all` also those judged, unsure ones last.
base::Result<PairPage> list_pairs(store::Session& session, const store::Secrets& secrets, const Rosters& rosters, const access::Viewer& viewer,
                                  std::string_view roster, bool unsure_too, int limit);

/// @param decision "same", "different", "unsure", or "" to take one back
/// Errors: not_found, also beyond the reach; stale; input; conflict "pair_closed" when its content is gone.
base::Done decide_pair(store::Transaction& transaction, const store::Secrets& secrets, const Rosters& rosters, const access::Viewer& viewer,
                       std::string_view id, std::string_view decision, std::int64_t version);

/// Content of pairs decided before `before` is erased; what remains is the decision and its hashes.
base::Done erase_decided(store::Transaction& transaction, const store::Secrets& secrets, base::Instant before);

}  // namespace yihu::compare
