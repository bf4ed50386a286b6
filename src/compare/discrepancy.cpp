#include "compare/discrepancy.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <set>

namespace yihu::compare {
namespace {

using base::ErrorKind;
using base::Result;
using store::Sql;

constexpr std::string_view states[] = {"open", "accepted", "kept", "gone"};

constexpr Sql stored_sql =
    "SELECT id, kind, cause, subject, content_hash, state, person FROM discrepancy WHERE roster = :roster AND period = :period";
constexpr Sql insert_sql =
    "INSERT INTO discrepancy (id, roster, period, kind, cause, subject, person, village, owner, content, content_hash, state, run, found_at, version)"
    " VALUES (:id, :roster, :period, :kind, :cause, :subject, :person, :village, :owner, :content, :hash, 'open', :run, :at, 1)";
constexpr Sql change_sql =
    "UPDATE discrepancy SET content = :content, content_hash = :hash, village = :village, owner = :owner, state = 'open', run = :run, note = NULL,"
    " found_at = :at, version = version + 1 WHERE id = :id";
constexpr Sql erase_sql = "DELETE FROM discrepancy WHERE id = :id";
constexpr Sql gone_sql = "UPDATE discrepancy SET state = 'gone', version = version + 1 WHERE id = :id";

/// Whose key a discrepancy's values lie under: a row about nobody has one of its own, which ends with it.
std::string key_of(const std::string& person, const std::string& id) { return person.empty() ? "roster-row-" + id : person; }

std::string content_of(const Difference& one) {
  return boost::json::serialize(boost::json::object{{"line", one.line}, {"theirs", one.theirs}, {"ours", one.ours}, {"value", one.value}, {"row", one.stranger}});
}

/// What was judged: the line in the sheet may differ the next time.
std::string judged(const Difference& one) { return one.theirs + '\x1f' + one.ours + '\x1f' + one.value; }

struct Stored {
  std::string id, hash, state;
  bool stranger = false;
};

class Writing {
 public:
  Writing(store::Transaction& transaction, const store::Secrets& secrets, const pack::Roster& roster, std::string_view period, std::string_view run)
      : transaction_(transaction), secrets_(secrets), roster_(roster), period_(period), run_(run) {}

  Result<Written> all(const std::vector<Difference>& found, bool whole) {
    for (const store::Row& row : TRY(transaction_.query(stored_sql, {{"roster", roster_.id}, {"period", period_}}))) {
      stored_[{row.text(1), row.text(2), row.text(3)}] = {row.text(0), row.text(4), row.text(5), row.null(6)};
    }
    for (const Difference& one : found) TRY(take(one));
    for (const auto& [key, stored] : stored_) {
      const bool waits = stored.state == "open" || stored.state == "kept";
      if (seen_.contains(key) || !waits || (stored.stranger && !whole)) continue;
      // Whoever is in no relation to the register is kept no longer than the question about him.
      if (stored.stranger) {
        TRY(secrets_.destroy(transaction_, key_of("", stored.id)));
        TRY(transaction_.execute(erase_sql, {{"id", stored.id}}));
      } else {
        TRY(transaction_.execute(gone_sql, {{"id", stored.id}}));
      }
      ++out_.gone;
    }
    return out_;
  }

 private:
  using Key = std::array<std::string, 3>;

  base::Done take(const Difference& one) {
    const Key key{std::string(pack::name_of(one.rule->kind)), one.cause, one.subject};
    if (!seen_.insert(key).second) return {};
    const std::string hash = secrets_.index("discrepancy.content", judged(one));
    const auto known = stored_.find(key);
    if (known != stored_.end() && known->second.hash == hash && known->second.state != "gone" && known->second.state != "accepted") {
      ++out_.same;
      return {};
    }
    const std::string id = known != stored_.end() ? known->second.id : base::new_uuid();
    const std::string content = TRY(secrets_.seal(transaction_, {"discrepancy", "content", key_of(one.person, id)}, content_of(one)));
    store::Parameters parameters = {{"content", content}, {"hash", hash}, {"village", one.village}, {"owner", one.rule->owner}, {"run", run_}, {"at", transaction_.now()}};
    if (known != stored_.end()) {
      parameters.push_back({"id", id});
      TRY(transaction_.execute(change_sql, parameters));
      ++out_.changed;
      return {};
    }
    const std::optional<std::string> person = one.person.empty() ? std::nullopt : std::optional(one.person);
    for (auto& more : store::Parameters{{"id", id}, {"roster", roster_.id}, {"period", period_}, {"kind", key[0]}, {"cause", key[1]},
                                        {"subject", key[2]}, {"person", person}}) {
      parameters.push_back(std::move(more));
    }
    TRY(transaction_.execute(insert_sql, parameters));
    ++out_.added;
    return {};
  }

  store::Transaction& transaction_;
  const store::Secrets& secrets_;
  const pack::Roster& roster_;
  std::string_view period_, run_;
  std::map<Key, Stored> stored_;
  std::set<Key> seen_;
  Written out_;
};

}  // namespace

std::string_view name_of(DiscrepancyState state) { return states[static_cast<std::size_t>(state)]; }

std::optional<DiscrepancyState> discrepancy_state_from(std::string_view name) {
  for (std::size_t i = 0; i < std::size(states); ++i) {
    if (states[i] == name) return static_cast<DiscrepancyState>(i);
  }
  return std::nullopt;
}

Result<Written> write_differences(store::Transaction& transaction, const store::Secrets& secrets, const pack::Roster& roster, std::string_view period,
                                  std::string_view run, bool whole, const std::vector<Difference>& found) {
  return Writing(transaction, secrets, roster, period, run).all(found, whole);
}

base::Text label_of(pack::DiscrepancyKind kind) {
  using pack::DiscrepancyKind;
  switch (kind) {
    case DiscrepancyKind::roster_only: return base::text("名册有、登记簿无", "On the roster, not in the register");
    case DiscrepancyKind::register_only: return base::text("登记簿有、名册无", "In the register, not on the roster");
    case DiscrepancyKind::differs: return base::text("内容不一致", "A field differs");
    case DiscrepancyKind::twice: return base::text("名册中重复", "On the roster twice");
    case DiscrepancyKind::deceased: return base::text("已去世仍在名册", "Dead and still on the roster");
    case DiscrepancyKind::contradicts: return base::text("两个部门说法不同", "Two departments contradict each other");
    case DiscrepancyKind::question: return base::text("需要向本户核实", "To be asked of the family");
  }
  return {};
}

base::Text cause_label(const Rosters& rosters, const pack::Roster& roster, pack::DiscrepancyKind kind, std::string_view cause) {
  if (const pack::Column* column = roster.sheet.column(cause)) return column->label;
  if (kind == pack::DiscrepancyKind::contradicts) {
    const std::string_view other = cause.substr(0, cause.find('.'));
    const pack::Roster* found = rosters.declared().find(other);
    if (found != nullptr) return base::text("与“{0}”不一致", "Against \"{1}\"", found->label.zh, found->label.en);
  }
  const pack::DiscrepancyRule* rule = roster.rule(kind);
  return rule != nullptr && !rule->say.empty() ? rule->say : label_of(kind);
}

}  // namespace yihu::compare
