#include "compare/pass.h"

#include "compare/intake.h"
#include "compare/pair.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace yihu::compare {
namespace {

using base::ErrorKind;
using base::Result;
using store::Sql;
using store::Transaction;

constexpr Sql begin_sql = "INSERT INTO roster_pass (id, roster, period, run, shown) VALUES (:id, :roster, :period, :run, 0)";
constexpr Sql show_sql = "UPDATE roster_pass SET shown = 1 WHERE id = :id";
constexpr Sql passes_sql = "SELECT id, roster, period, run, shown FROM roster_pass ORDER BY id";
constexpr Sql end_sql = "DELETE FROM roster_pass WHERE id = :id";

constexpr Sql stored_sql =
    "SELECT id, kind, cause, subject, content_hash, state, person FROM discrepancy_shown WHERE roster = :roster AND period = :period";
constexpr Sql insert_sql =
    "INSERT INTO discrepancy (id, roster, period, kind, cause, subject, person, village, owner, content, content_hash, state, run, found_at, version, pass)"
    " VALUES (:id, :roster, :period, :kind, :cause, :subject, :person, :village, :owner, :content, :hash, 'open', :run, :at, 1, :pass)";
constexpr Sql ends_sql = "UPDATE discrepancy SET ends = :pass WHERE id = :id";
constexpr Sql ended_sql =
    "SELECT d.id, d.person, CASE WHEN EXISTS (SELECT 1 FROM discrepancy n WHERE n.roster = d.roster AND n.period = d.period AND n.kind = d.kind"
    " AND n.cause = d.cause AND n.subject = d.subject AND n.pass = :pass) THEN 1 ELSE 0 END"
    " FROM discrepancy d WHERE d.ends = :pass AND d.ends <> ''";
// Whoever accepted it in the meantime has settled it.
constexpr Sql gone_sql =
    "UPDATE discrepancy SET state = CASE WHEN state IN ('open', 'kept') THEN 'gone' ELSE state END, version = version + 1, ends = '' WHERE id = :id";
constexpr Sql stays_sql = "UPDATE discrepancy SET ends = '' WHERE id = :id";
constexpr Sql added_sql = "SELECT id, person FROM discrepancy WHERE pass = :pass AND pass <> ''";
constexpr Sql settled_sql = "UPDATE discrepancy SET pass = '' WHERE id = :id";
constexpr Sql erase_sql = "DELETE FROM discrepancy WHERE id = :id";

constexpr Sql other_matches_sql = "SELECT run, row_hash, person, village FROM roster_match WHERE roster = :roster AND period = :period AND run <> :run";
constexpr Sql own_matches_sql = "SELECT run, row_hash, person FROM roster_match WHERE run = :run";
constexpr Sql erase_match_sql = "DELETE FROM roster_match WHERE run = :run AND row_hash = :row_hash AND person = :person";
constexpr Sql staged_pairs_sql = "SELECT row_hash, person FROM roster_pair_next WHERE pass = :pass";
constexpr Sql erase_staged_pair_sql = "DELETE FROM roster_pair_next WHERE pass = :pass AND row_hash = :row_hash AND person = :person";
constexpr Sql waiting_pairs_sql = "SELECT id, village FROM roster_pair WHERE roster = :roster AND period = :period AND run <> :run AND decision IS NULL";
constexpr Sql erase_waiting_sql = "DELETE FROM roster_pair WHERE id = :id AND run <> :run AND decision IS NULL";

store::Act act_of_pass() { return {"system:compare", base::RequestId::make(), ""}; }

std::string content_of(const Difference& one) {
  return boost::json::serialize(boost::json::object{{"line", one.line}, {"theirs", one.theirs}, {"ours", one.ours}, {"value", one.value}, {"row", one.stranger}});
}

/// What was judged: the line in the sheet may differ the next time.
std::string judged(const Difference& one) { return one.theirs + '\x1f' + one.ours + '\x1f' + one.value; }

/// Whose key a discrepancy's values lie under: a row about nobody has one of its own, which ends with it.
std::string key_of_row(const std::string& id) { return "roster-row-" + id; }

/// A row about nobody goes with its key.
base::Done erase(Transaction& transaction, const store::Secrets& secrets, const std::string& id, bool stranger) {
  if (stranger) {
    const auto destroyed = secrets.destroy(transaction, key_of_row(id));
    if (!destroyed && destroyed.error().kind != ErrorKind::not_found) return destroyed;
  }
  TRY(transaction.execute(erase_sql, {{"id", id}}));
  return {};
}

struct NewDiscrepancy {
  const Difference& difference;
  std::string hash;
  std::string replaces;   ///< id; empty: there was none
};

base::Done write_difference(Transaction& transaction, const store::Secrets& secrets, const Pass& pass, const NewDiscrepancy& wanted) {
  const Difference& one = wanted.difference;
  const std::string id = base::new_uuid();
  if (!wanted.replaces.empty()) TRY(transaction.execute(ends_sql, {{"pass", pass.id}, {"id", wanted.replaces}}));
  const auto content = secrets.seal(transaction, {"discrepancy", "content", one.person.empty() ? key_of_row(id) : one.person}, content_of(one));
  // His key was destroyed since: there is nothing left to compare about him.
  if (!content && content.error().kind == ErrorKind::conflict) return {};
  const std::optional<std::string> person = one.person.empty() ? std::nullopt : std::optional(one.person);
  TRY(transaction.execute(insert_sql, {{"id", id}, {"roster", pass.roster}, {"period", pass.period}, {"kind", pack::name_of(one.rule->kind)}, {"cause", one.cause},
                                       {"subject", one.subject}, {"person", person}, {"village", one.village}, {"owner", one.rule->owner}, {"content", TRY(content)},
                                       {"hash", wanted.hash}, {"run", pass.run}, {"at", transaction.now()}, {"pass", pass.id}}));
  return {};
}

struct Left {
  Pass pass;
  bool shown = false;
  std::vector<std::string> areas = {};
};

class Clearing {
 public:
  Clearing(store::Session& session, const store::Secrets& secrets, const Left& left) : session_(session), secrets_(secrets), left_(left), pass_(left.pass) {}

  Result<std::vector<Task>> all() {
    if (!pass_.run.empty()) TRY(clear_run());
    TRY(clear_discrepancies());
    return finished();
  }

  /// Nothing of a pass that was never shown stays.
  Result<std::vector<Task>> nothing() {
    for (const store::Row& row : TRY(session_.query(added_sql, {{"pass", pass_.id}}))) {
      tasks_.push_back([this_secrets = &secrets_, id = row.text(0), stranger = row.null(1)](Transaction& transaction) { return erase(transaction, *this_secrets, id, stranger); });
    }
    for (const store::Row& row : TRY(session_.query(ended_sql, {{"pass", pass_.id}}))) execute(stays_sql, {{"id", row.text(0)}});
    for (const store::Row& row : TRY(session_.query(own_matches_sql, {{"run", pass_.run}}))) erase_match(row);
    for (const store::Row& row : TRY(session_.query(staged_pairs_sql, {{"pass", pass_.id}}))) {
      execute(erase_staged_pair_sql, {{"pass", pass_.id}, {"row_hash", row.text(0)}, {"person", row.text(1)}});
    }
    if (!pass_.run.empty()) tasks_.push_back([this_secrets = &secrets_, run = pass_.run](Transaction& transaction) { return forget_run(transaction, *this_secrets, run); });
    return finished();
  }

 private:
  std::vector<Task> finished() {
    execute(end_sql, {{"id", pass_.id}});
    return std::move(tasks_);
  }

  /// @param parameters with names that outlive the task
  void execute(Sql sql, store::Parameters parameters) {
    tasks_.push_back([sql, parameters = std::move(parameters)](Transaction& transaction) -> base::Done {
      TRY(transaction.execute(sql, parameters));
      return {};
    });
  }
  void erase_match(const store::Row& row) { execute(erase_match_sql, {{"run", row.text(0)}, {"row_hash", row.text(1)}, {"person", row.text(2)}}); }

  bool covered(const std::string& village) const {
    return std::ranges::any_of(left_.areas, [&](const std::string& area) { return village.starts_with(area); });
  }

  /// A later delivery of the same places takes the earlier one's place, and so do rows about the same people.
  base::Done clear_run() {
    const store::Parameters of = {{"roster", pass_.roster}, {"period", pass_.period}, {"run", pass_.run}};
    for (const store::Row& row : TRY(session_.query(staged_pairs_sql, {{"pass", pass_.id}}))) {
      tasks_.push_back([this_secrets = &secrets_, pass = pass_, hash = row.text(0), person = row.text(1)](Transaction& transaction) -> base::Done {
        TRY(bring_pair_in(transaction, *this_secrets, {pass.roster, pass.run, pass.period}, pass.id, hash, person));
        TRY(transaction.execute(erase_staged_pair_sql, {{"pass", pass.id}, {"row_hash", hash}, {"person", person}}));
        return {};
      });
    }
    std::set<std::string> people;
    for (const store::Row& row : TRY(session_.query(own_matches_sql, {{"run", pass_.run}}))) people.insert(row.text(2));
    for (const store::Row& row : TRY(session_.query(other_matches_sql, of))) {
      if (covered(row.text(3)) || people.contains(row.text(2))) erase_match(row);
    }
    // One that was asked again has come into this run by then.
    for (const store::Row& row : TRY(session_.query(waiting_pairs_sql, of))) {
      if (covered(row.text(1))) execute(erase_waiting_sql, {{"id", row.text(0)}, {"run", pass_.run}});
    }
    return {};
  }

  base::Done clear_discrepancies() {
    for (const store::Row& row : TRY(session_.query(ended_sql, {{"pass", pass_.id}}))) {
      const bool stranger = row.null(1);
      // Whoever is in no relation to the register is kept no longer than the question about him.
      if (stranger || row.truth(2)) {
        tasks_.push_back([this_secrets = &secrets_, id = row.text(0), stranger](Transaction& transaction) { return erase(transaction, *this_secrets, id, stranger); });
      } else {
        execute(gone_sql, {{"id", row.text(0)}});
      }
    }
    for (const store::Row& row : TRY(session_.query(added_sql, {{"pass", pass_.id}}))) execute(settled_sql, {{"id", row.text(0)}});
    return {};
  }

  store::Session& session_;
  const store::Secrets& secrets_;
  const Left& left_;
  const Pass& pass_;
  std::vector<Task> tasks_;
};

}  // namespace

base::Done begin_pass(Transaction& transaction, const Pass& pass) {
  TRY(transaction.execute(begin_sql, {{"id", pass.id}, {"roster", pass.roster}, {"period", pass.period}, {"run", pass.run}}));
  return {};
}

base::Done show_pass(Transaction& transaction, const Pass& pass) {
  TRY(transaction.execute(show_sql, {{"id", pass.id}}));
  return {};
}

Result<PlannedDifferences> plan_differences(store::Session& session, const store::Secrets& secrets, const Pass& pass, bool whole,
                                            const std::vector<Difference>& found) {
  struct Stored {
    std::string id, hash, state;
    bool stranger = false;
  };
  using Key = std::array<std::string, 3>;
  std::map<Key, Stored> stored;
  for (const store::Row& row : TRY(session.query(stored_sql, {{"roster", pass.roster}, {"period", pass.period}}))) {
    stored[{row.text(1), row.text(2), row.text(3)}] = {row.text(0), row.text(4), row.text(5), row.null(6)};
  }
  PlannedDifferences out;
  std::set<Key> seen;
  for (const Difference& one : found) {
    const Key key{std::string(pack::name_of(one.rule->kind)), one.cause, one.subject};
    if (!seen.insert(key).second) continue;
    const auto known = stored.find(key);
    NewDiscrepancy wanted{one, secrets.index("discrepancy.content", judged(one)), known == stored.end() ? "" : known->second.id};
    if (known != stored.end() && known->second.hash == wanted.hash && known->second.state != "gone" && known->second.state != "accepted") {
      ++out.written.same;
      continue;
    }
    ++(known == stored.end() ? out.written.added : out.written.changed);
    out.tasks.push_back([this_secrets = &secrets, pass, wanted = std::move(wanted)](Transaction& transaction) { return write_difference(transaction, *this_secrets, pass, wanted); });
  }
  for (const auto& [key, one] : stored) {
    const bool waits = one.state == "open" || one.state == "kept";
    if (seen.contains(key) || !waits || (one.stranger && !whole)) continue;
    ++out.written.gone;
    out.tasks.push_back([pass = pass.id, id = one.id](Transaction& transaction) -> base::Done {
      TRY(transaction.execute(ends_sql, {{"pass", pass}, {"id", id}}));
      return {};
    });
  }
  return out;
}

base::Done settle_passes(store::Store& store, const base::Cancel& cancel) {
  std::vector<Left> left;
  TRY(store.read([&](store::Session& session) -> base::Done {
    for (const store::Row& row : TRY(session.query(passes_sql))) {
      Left one{{row.text(0), row.text(1), row.text(2), row.text(3)}, row.truth(4), {}};
      if (!one.pass.run.empty()) one.areas = TRY(read_run(session, one.pass.run)).areas;
      left.push_back(std::move(one));
    }
    return {};
  }));
  for (const Left& one : left) {
    std::vector<Task> tasks;
    TRY(store.read([&](store::Session& session) -> base::Done {
      Clearing clearing(session, store.secrets(), one);
      tasks = TRY(one.shown ? clearing.all() : clearing.nothing());
      return {};
    }));
    TRY(in_turns(store, act_of_pass(), tasks, cancel));
  }
  return {};
}

}  // namespace yihu::compare
