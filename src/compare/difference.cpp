#include "compare/difference.h"

#include "compare/intake.h"
#include "compare/told_value.h"
#include "ledger/delivery.h"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace yihu::compare {
namespace {

using pack::DiscrepancyKind;
using store::Sql;

constexpr Sql runs_sql = "SELECT id FROM roster_run WHERE roster = :roster AND period = :period AND state = 'done' ORDER BY ended_at, id";
constexpr Sql matches_sql = "SELECT person, village, row_hash, content, run FROM roster_match WHERE roster = :roster AND period = :period";
constexpr Sql matches_of_sql =
    "SELECT person, village, row_hash, content, run FROM roster_match WHERE roster = :roster AND period = :period AND person = :person";
constexpr Sql pending_sql =
    "SELECT DISTINCT q.person, q.village FROM roster_pair q WHERE q.roster = :roster AND q.period = :period AND q.decision IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM roster_pair s WHERE s.row_hash = q.row_hash AND s.decision = 'same')";
constexpr Sql latest_period_sql =
    "SELECT max(period) FROM roster_run WHERE roster = :roster AND state = 'done' AND answers = 0";

bool covers(const std::vector<std::string>& areas, const std::string& village) {
  return std::ranges::any_of(areas, [&](const std::string& area) { return village.starts_with(area); });
}

bool before(const KnownRow& one, const KnownRow& other) {
  return std::tie(one.person, one.row.line, one.row_hash) < std::tie(other.person, other.row.line, other.row_hash);
}

/// Rows of a roster and period, and which of them later runs have taken the place of.
struct Latest {
  std::vector<store::Row> rows = {};                          ///< as matches_sql gives them
  std::map<std::string, std::size_t> order = {};              ///< of runs that count, from the first
  std::vector<std::vector<std::string>> areas = {};           ///< by order; that which arrives is the last
  std::map<std::string, std::size_t> last_about = {};         ///< person → the last run with a row about him

  bool counts(const store::Row& row) const {
    const auto run = order.find(row.text(4));
    if (run == order.end() || last_about.at(row.text(0)) != run->second) return false;
    for (std::size_t later = run->second + 1; later < areas.size(); ++later) {
      if (covers(areas[later], row.text(1))) return false;
    }
    return true;
  }
};

base::Result<Latest> latest_of(store::Session& session, const pack::Roster& roster, std::string_view period, std::string_view person,
                               const Arriving* arriving) {
  Latest out;
  const store::Parameters of = {{"roster", roster.id}, {"period", period}};
  for (const store::Row& row : TRY(session.query(runs_sql, of))) {
    out.order[row.text(0)] = out.areas.size();
    out.areas.push_back(TRY(read_run(session, row.text(0))).areas);
  }
  if (person.empty()) out.rows = TRY(session.query(matches_sql, of));
  else out.rows = TRY(session.query(matches_of_sql, {{"roster", roster.id}, {"period", period}, {"person", person}}));
  for (const store::Row& row : out.rows) {
    const auto run = out.order.find(row.text(4));
    if (run == out.order.end()) continue;
    std::size_t& last = out.last_about[row.text(0)];
    last = std::max(last, run->second);
  }
  if (arriving == nullptr) return out;
  for (const KnownRow& row : arriving->rows) out.last_about[row.person] = out.areas.size();
  out.areas.push_back(arriving->areas);
  return out;
}

base::Error cancelled() { return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已取消。", "Cancelled.")).error(); }

class Search {
 public:
  Search(store::Session& session, const Finding& finding, Differences& out)
      : session_(session), finding_(finding), roster_(finding.roster), out_(out), told_(session, finding.rosters, finding.today) {}

  base::Done all() {
    stored_ = TRY(known_rows(session_, finding_.secrets, finding_.rosters, roster_, finding_.period, {}, finding_.arriving));
    for (const KnownRow& row : stored_) rows_.push_back(&row);
    TRY(load_pending());
    if (const Arriving* arriving = finding_.arriving) {
      for (const KnownRow& row : arriving->rows) rows_.push_back(&row);
      std::ranges::stable_sort(rows_, before, [](const KnownRow* row) -> const KnownRow& { return *row; });
    }
    for (const KnownRow* row : rows_) {
      if (row->row.unanswered) pending_.insert(row->person);
    }
    out_.compared = static_cast<std::int64_t>(rows_.size());
    TRY(load_people());
    for (const pack::DiscrepancyRule& rule : roster_.rules) {
      if (finding_.cancel.asked()) return base::fail(cancelled());
      TRY(apply(rule));
    }
    return {};
  }

 private:
  struct Place {
    std::string household, village;
    bool dead = false;
  };

  base::Done load_pending() {
    const Arriving* arriving = finding_.arriving;
    if (arriving != nullptr) pending_ = arriving->pending;
    for (const store::Row& row : TRY(session_.query(pending_sql, {{"roster", roster_.id}, {"period", finding_.period}}))) {
      if (arriving == nullptr || !covers(arriving->areas, row.text(1))) pending_.insert(row.text(0));
    }
    return {};
  }

  base::Done load_people() {
    constexpr Sql people =
        "SELECT p.id, p.household, h.village, 0 FROM person p JOIN household h ON h.id = p.household WHERE p.present = 1"
        " UNION ALL SELECT p.id, h.id, h.village, 1 FROM register_event e JOIN person p ON p.id = e.person"
        " JOIN household h ON h.id = e.household WHERE e.kind = 'died' AND p.present = 0";
    for (const store::Row& row : TRY(session_.query(people))) people_.try_emplace(row.text(0), Place{row.text(1), row.text(2), row.truth(3)});
    if (!roster_.authorisation.empty()) authorised_ = TRY(finding_.rosters.said_of(session_, "household", roster_.authorisation, finding_.today));
    // Authorisation that was withdrawn ends the comparison, whatever was compared before.
    std::erase_if(rows_, [&](const KnownRow* row) { return !compared(row->person); });
    return {};
  }

  bool compared(const std::string& person) const {
    const auto place = people_.find(person);
    if (place == people_.end()) return false;
    if (roster_.authorisation.empty()) return true;
    const auto said = authorised_.find(place->second.household);
    return said != authorised_.end() && said->second;
  }

  Difference about(const pack::DiscrepancyRule& rule, std::string cause, const KnownRow& row) const {
    Difference out;
    out.rule = &rule;
    out.cause = std::move(cause);
    out.subject = out.person = row.person;
    out.village = people_.at(row.person).village;
    out.line = row.row.line;
    if (!rule.sets.empty()) out.value = boost::json::serialize(boost::json::value(rule.value));
    return out;
  }

  base::Done apply(const pack::DiscrepancyRule& rule) {
    switch (rule.kind) {
      case DiscrepancyKind::roster_only: return roster_only(rule);
      case DiscrepancyKind::register_only: return register_only(rule);
      case DiscrepancyKind::differs: return differs(rule);
      case DiscrepancyKind::twice: twice(rule); return {};
      case DiscrepancyKind::deceased: each(rule, [&](const KnownRow& row) { return !row.row.absent && people_.at(row.person).dead; }); return {};
      case DiscrepancyKind::contradicts: return contradicts(rule);
      case DiscrepancyKind::question: each(rule, [&](const KnownRow& row) { return !row.row.absent && !people_.at(row.person).dead; }); return {};
    }
    return {};
  }

  /// Once for each person, whatever number of rows he has.
  template <class Wanted>
  void each(const pack::DiscrepancyRule& rule, Wanted wanted) {
    std::set<std::string> told;
    for (const KnownRow* row : rows_) {
      if (wanted(*row) && told.insert(row->person).second) out_.found.push_back(about(rule, std::string(pack::name_of(rule.kind)), *row));
    }
  }

  base::Done roster_only(const pack::DiscrepancyRule& rule) {
    if (rule.expected.empty()) return {};
    const auto expected = TRY(finding_.rosters.said_of(session_, "person", rule.expected, finding_.today));
    each(rule, [&](const KnownRow& row) {
      const auto said = expected.find(row.person);
      return !row.row.absent && !people_.at(row.person).dead && said != expected.end() && !said->second;
    });
    return {};
  }

  base::Done register_only(const pack::DiscrepancyRule& rule) {
    const auto expected = TRY(finding_.rosters.said_of(session_, "person", rule.expected, finding_.today));
    const auto deliveries = TRY(ledger::read_deliveries(session_, roster_.id, finding_.period));
    std::set<std::string> there;
    for (const KnownRow* row : rows_) {
      if (!row->row.absent) there.insert(row->person);
    }
    for (const auto& [person, place] : people_) {
      const auto said = expected.find(person);
      if (place.dead || said == expected.end() || !said->second || there.contains(person) || !compared(person)) continue;
      const bool delivered = std::ranges::any_of(deliveries, [&](const ledger::Delivery& one) { return place.village.starts_with(one.area); }) ||
                             (finding_.arriving != nullptr && covers(finding_.arriving->areas, place.village));
      // Nobody is missed while a pair about him waits, nor where nothing was delivered.
      if (!delivered || pending_.contains(person)) {
        ++out_.not_yet_known;
        continue;
      }
      KnownRow row;
      row.person = person;
      out_.found.push_back(about(rule, std::string(pack::name_of(rule.kind)), row));
    }
    return {};
  }

  base::Done differs(const pack::DiscrepancyRule& rule) {
    std::set<std::string> told;
    for (const KnownRow* known : rows_) {
      const KnownRow& row = *known;
      // Of somebody who is there twice the first row is compared: the other is a mistake of its own.
      if (row.row.absent || people_.at(row.person).dead || !told.insert(row.person).second) continue;
      for (std::size_t i = 0; i < roster_.answers.size(); ++i) {
        if (roster_.answers[i].table.empty()) continue;
        const auto compared = TRY(told_.compare(roster_, i, row.row.cells[i], row.person, people_.at(row.person).household, finding_.period));
        if (compared.same) continue;
        Difference one = about(rule, roster_.sheet.columns[i].id, row);
        one.theirs = compared.theirs;
        one.ours = compared.ours;
        one.value = compared.value;
        out_.found.push_back(std::move(one));
      }
    }
    return {};
  }

  void twice(const pack::DiscrepancyRule& rule) {
    std::map<std::string, std::vector<const KnownRow*>> rows;
    for (const KnownRow* row : rows_) {
      if (!row->row.absent) rows[row->person].push_back(row);
    }
    for (const auto& [person, same] : rows) {
      if (same.size() < 2) continue;
      Difference one = about(rule, std::string(pack::name_of(rule.kind)), *same.front());
      std::vector<int> lines;
      for (const KnownRow* row : same) lines.push_back(row->row.line);
      std::ranges::sort(lines);
      for (const int line : lines) one.theirs += (one.theirs.empty() ? "" : ", ") + std::to_string(line);
      one.line = lines.front();
      out_.found.push_back(std::move(one));
    }
  }

  base::Done contradicts(const pack::DiscrepancyRule& rule) {
    const pack::Roster* other = finding_.rosters.declared().find(rule.with);
    const auto latest = TRY(session_.find(latest_period_sql, {{"roster", rule.with}}));
    if (other == nullptr || !latest || latest->null(0)) return {};
    std::map<std::string, RosterRow> theirs;
    for (KnownRow& row : TRY(known_rows(session_, finding_.secrets, finding_.rosters, *other, latest->text(0)))) {
      if (!row.row.absent) theirs.try_emplace(row.person, std::move(row.row));
    }
    std::set<std::string> told;
    for (const KnownRow* known : rows_) {
      const KnownRow& row = *known;
      const auto found = theirs.find(row.person);
      if (row.row.absent || found == theirs.end() || !told.insert(row.person).second) continue;
      Difference one = about(rule, rule.column.empty() ? rule.with : rule.with + "." + rule.column, row);
      if (!rule.column.empty()) {
        const auto said = contradiction(finding_.rosters.pack(), roster_, rule.column, row.row, *other, rule.other, found->second);
        if (!said) continue;
        one.theirs = said->first;
        one.ours = said->second;
      }
      out_.found.push_back(std::move(one));
    }
    return {};
  }

  store::Session& session_;
  const Finding& finding_;
  const pack::Roster& roster_;
  Differences& out_;
  ToldValues told_;
  std::vector<KnownRow> stored_;
  std::vector<const KnownRow*> rows_;   ///< of these and of those that arrive
  std::set<std::string> pending_;
  std::map<std::string, Place> people_;
  std::map<std::string, bool> authorised_;
};

}  // namespace

base::Result<std::vector<KnownRow>> known_rows(store::Session& session, const store::Secrets& secrets, const Rosters& rosters,
                                               const pack::Roster& roster, std::string_view period, std::string_view person, const Arriving* arriving) {
  const Latest latest = TRY(latest_of(session, roster, period, person, arriving));
  std::vector<KnownRow> out;
  for (const store::Row& row : latest.rows) {
    if (!latest.counts(row)) continue;
    auto clear = secrets.open(session, {"roster_match", "content", row.text(0)}, row.text(3));
    if (!clear && clear.error().kind == base::ErrorKind::not_found) continue;
    if (!clear) return base::fail(std::move(clear).error());
    out.push_back({row.text(0), row.text(1), row.text(2), row_from_text(roster, rosters.pack(), *clear)});
  }
  std::ranges::stable_sort(out, before);
  return out;
}

base::Result<Differences> find_differences(store::Session& session, const Finding& finding) {
  Differences out;
  TRY(Search(session, finding, out).all());
  return out;
}

}  // namespace yihu::compare
