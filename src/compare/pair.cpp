#include "compare/pair.h"

#include "compare/intake.h"
#include "registry/reach.h"

#include "base/id_number.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace yihu::compare {
namespace {

using base::ErrorKind;
using base::Result;
using store::Sql;

constexpr Sql decisions_sql = "SELECT row_hash, person, id, basis, decision FROM roster_pair";
constexpr Sql stage_sql =
    "INSERT INTO roster_pair_next (pass, row_hash, person, village, basis, probability, weights, content)"
    " VALUES (:pass, :row_hash, :person, :village, :basis, :probability, :weights, :content)";
constexpr Sql staged_sql =
    "SELECT n.village, n.basis, n.probability, n.weights, n.content, q.id, q.basis, q.decision FROM roster_pair_next n"
    " LEFT JOIN roster_pair q ON q.row_hash = n.row_hash AND q.person = n.person"
    " WHERE n.pass = :pass AND n.row_hash = :row_hash AND n.person = :person";
constexpr Sql insert_sql =
    "INSERT INTO roster_pair (id, roster, period, run, row_hash, person, village, basis, probability, weights, content, version)"
    " VALUES (:id, :roster, :period, :run, :row_hash, :person, :village, :basis, :probability, :weights, :content, 1)";
constexpr Sql again_sql =
    "UPDATE roster_pair SET roster = :roster, period = :period, run = :run, village = :village, basis = :basis, probability = :probability,"
    " weights = :weights, content = :content, version = version + 1 WHERE id = :id";
constexpr Sql undo_sql = "UPDATE roster_pair SET decision = NULL, decided_by = NULL, decided_at = NULL, undone_at = :now WHERE id = :id";
constexpr Sql list_sql =
    "SELECT q.id, q.village, coalesce(h.helper_account, ''), CASE WHEN q.decision IS NULL THEN 1 ELSE 0 END"
    " FROM roster_pair q LEFT JOIN person p ON p.id = q.person LEFT JOIN household h ON h.id = p.household"
    " WHERE (:roster = '' OR q.roster = :roster) AND (q.decision IS NULL OR (:unsure = 1 AND q.decision = 'unsure'))"
    // A row whose person was found asks for nobody else.
    " AND NOT EXISTS (SELECT 1 FROM roster_pair s WHERE s.row_hash = q.row_hash AND s.decision = 'same')"
    " ORDER BY CASE WHEN q.decision IS NULL THEN 0 ELSE 1 END, q.village, q.run, q.row_hash, q.probability DESC";
constexpr Sql one_sql =
    "SELECT q.id, q.roster, q.period, q.run, q.person, q.village, q.probability, q.weights, q.content, q.decision, q.undone_at, q.version,"
    " coalesce(p.household, ''), coalesce(h.helper_account, ''), q.row_hash, coalesce(q.decided_by, '')"
    " FROM roster_pair q LEFT JOIN person p ON p.id = q.person LEFT JOIN household h ON h.id = p.household WHERE q.id = :id";
constexpr Sql decided_count_sql = "SELECT count(*) FROM roster_pair WHERE (:roster = '' OR roster = :roster) AND decision IS NOT NULL";
constexpr Sql decide_sql =
    "UPDATE roster_pair SET decision = :decision, decided_by = :actor, decided_at = :now, version = version + 1 WHERE id = :id AND version = :version";
constexpr Sql insert_match =
    "INSERT INTO roster_match (roster, period, run, row_hash, person, village, how, content)"
    " VALUES (:roster, :period, :run, :row_hash, :person, :village, 'confirmed', :content)"
    " ON CONFLICT (run, row_hash, person) DO NOTHING";
constexpr Sql drop_match = "DELETE FROM roster_match WHERE run = :run AND row_hash = :row_hash AND person = :person AND how = 'confirmed'";
constexpr Sql decided_before_sql =
    "UPDATE roster_pair SET content = '' WHERE content <> '' AND decision IN ('same', 'different') AND decided_at < :before";
constexpr Sql finished_runs_sql =
    "SELECT DISTINCT q.run FROM roster_pair q JOIN person_key k ON k.person = 'roster-run-' || q.run WHERE k.wrapped IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM roster_pair o WHERE o.run = q.run AND o.content <> '')";

std::string key_of(const std::string& run) { return "roster-run-" + run; }

std::string weights_text(const MatchedPair& pair) {
  boost::json::array fields;
  for (const FieldWeight& one : pair.weights) fields.push_back(boost::json::object{{"field", one.field}, {"level", one.level}, {"weight", one.weight}});
  return boost::json::serialize(boost::json::object{{"prior", pair.prior}, {"fields", std::move(fields)}});
}

const std::string& value_of(const Identity& who, std::string_view field) {
  static const std::string nothing;
  if (field == "id") return who.id_number;
  if (field == "name") return who.name;
  if (field == "birth") return who.birth;
  if (field == "sex") return who.sex;
  if (field == "village") return who.village;
  return nothing;
}

/// Digits that are equal on both sides are hidden but for the place and the last four; those that differ are what has to be seen.
std::string masked_against(const std::string& number, const std::string& other) {
  std::string out = base::masked_id_number(number);
  if (out.size() != number.size() || number.size() != other.size()) return out;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (number[i] != other[i]) out[i] = number[i];
  }
  return out;
}

Result<Pair> pair_from(store::Session& session, const store::Secrets& secrets, const Rosters& rosters, const store::Row& row) {
  Pair out{.id = row.text(0), .roster = row.text(1), .period = row.text(2), .person = row.text(4), .household = row.text(12), .village = row.text(5),
           .row = row.text(14), .probability = row.real(6), .fields = {}, .decision = row.text(9), .undone = !row.null(10), .version = row.integer(11)};
  const pack::Roster* roster = rosters.declared().find(out.roster);
  Identity theirs, ours;
  if (roster != nullptr && !row.text(8).empty()) {
    auto clear = secrets.open(session, {"roster_pair", "content", key_of(row.text(3))}, row.text(8));
    if (!clear && clear.error().kind != ErrorKind::not_found) return base::fail(std::move(clear).error());
    if (clear) {
      const RosterRow read = row_from_text(*roster, rosters.pack(), *clear);
      theirs = read.who;
      out.line = read.line;
    }
  }
  if (const auto person = TRY(register_person(session, secrets, out.person))) ours = person->who;
  boost::json::error_code problem;
  const auto parsed = boost::json::parse(row.text(7), problem);
  if (problem || !parsed.is_object()) return out;
  out.prior = static_cast<link::Weight>(parsed.at("prior").as_int64());
  for (const auto& one : parsed.at("fields").as_array()) {
    PairField field{.field = std::string(one.at("field").as_string()), .roster = {}, .registered = {}, .level = std::string(one.at("level").as_string()),
                    .weight = static_cast<link::Weight>(one.at("weight").as_int64())};
    field.roster = value_of(theirs, field.field);
    field.registered = value_of(ours, field.field);
    if (field.field == "id") {
      const std::string left = field.roster, right = field.registered;
      field.roster = masked_against(left, right);
      field.registered = masked_against(right, left);
    }
    out.fields.push_back(std::move(field));
  }
  return out;
}

bool seen(const access::Viewer& viewer, const std::string& village, const std::string& helper) {
  return registry::sees(viewer, village, helper) || viewer.scope.covers_register();
}

base::Error no_such() { return base::fail(ErrorKind::not_found, "pair_unknown", base::text("没有这一对。", "There is no such pair.")).error(); }

struct Confirmed {
  PairRun run;
  std::string row_hash, person, village, content;
};

/// What was decided becomes a row about the person, sealed under his own key.
base::Done write_match(store::Transaction& transaction, const store::Secrets& secrets, const Confirmed& pair) {
  const std::string clear = TRY(secrets.open(transaction, {"roster_pair", "content", key_of(pair.run.run)}, pair.content));
  const std::string content = TRY(secrets.seal(transaction, {"roster_match", "content", pair.person}, clear));
  TRY(transaction.execute(insert_match, {{"roster", pair.run.roster}, {"period", pair.run.period}, {"run", pair.run.run}, {"row_hash", pair.row_hash},
                                         {"person", pair.person}, {"village", pair.village}, {"content", content}}));
  return {};
}

}  // namespace

const Decision* Decisions::find(const std::string& row_hash, const std::string& person) const {
  const auto found = all_.find({row_hash, person});
  return found == all_.end() ? nullptr : &found->second;
}

void Decisions::add(std::string row_hash, std::string person, Decision decision) { all_[{std::move(row_hash), std::move(person)}] = std::move(decision); }

Result<Decisions> read_decisions(store::Session& session) {
  Decisions out;
  for (const store::Row& row : TRY(session.query(decisions_sql))) out.add(row.text(0), row.text(1), {row.text(2), row.text(3), row.text(4)});
  return out;
}

std::vector<Task> plan_pairs(const store::Secrets& secrets, const pack::Roster& roster, const std::string& run, const RegisterPeople& people,
                             const std::vector<RosterRow>& rows, const std::vector<NewPair>& pairs) {
  std::vector<Task> out;
  std::set<std::pair<std::string, std::string>> asked;
  for (const NewPair& pair : pairs) {
    const RegisterPerson& person = people.people[pair.match.person];
    if (!asked.emplace(pair.row_hash, person.id).second) continue;
    out.push_back([&, run](store::Transaction& transaction) -> base::Done {
      const std::string content = TRY(secrets.seal(transaction, {"roster_pair", "content", key_of(run)}, text_from_row(roster, rows[pair.row])));
      TRY(transaction.execute(stage_sql, {{"pass", run}, {"row_hash", pair.row_hash}, {"person", person.id}, {"village", person.village}, {"basis", pair.basis},
                                          {"probability", pair.match.probability}, {"weights", weights_text(pair.match)}, {"content", content}}));
      return {};
    });
  }
  return out;
}

base::Done bring_pair_in(store::Transaction& transaction, const store::Secrets& secrets, const PairRun& run, std::string_view pass,
                         std::string_view row_hash, std::string_view person) {
  const auto staged = TRY(transaction.find(staged_sql, {{"pass", pass}, {"row_hash", row_hash}, {"person", person}}));
  if (!staged) return {};
  store::Parameters parameters = {{"roster", run.roster}, {"period", run.period}, {"run", run.run}, {"village", staged->text(0)}, {"basis", staged->text(1)},
                                  {"probability", staged->real(2)}, {"weights", staged->text(3)}, {"content", staged->text(4)}};
  if (staged->null(5)) {
    for (auto& more : store::Parameters{{"id", base::new_uuid()}, {"row_hash", row_hash}, {"person", person}}) parameters.push_back(std::move(more));
    TRY(transaction.execute(insert_sql, parameters));
    return {};
  }
  const std::string id = staged->text(5), decision = staged->text(7);
  const bool stands = staged->text(6) == staged->text(1);
  // Judged while the run was under way: what was judged is the same, so it is not asked again.
  if (stands && decision == "different") return {};
  parameters.push_back({"id", id});
  TRY(transaction.execute(again_sql, parameters));
  if (stands && decision == "same") {
    return write_match(transaction, secrets, {run, std::string(row_hash), std::string(person), staged->text(0), staged->text(4)});
  }
  if (stands || decision.empty()) return {};
  TRY(transaction.execute(undo_sql, {{"id", id}, {"now", transaction.now()}}));
  return transaction.journal({"roster_pair.undone", "roster_pair", id, "", ""});
}

base::Done forget_run(store::Transaction& transaction, const store::Secrets& secrets, const std::string& run) {
  const auto destroyed = secrets.destroy(transaction, key_of(run));
  if (!destroyed && destroyed.error().kind != ErrorKind::not_found) return destroyed;
  return {};
}

Result<PairPage> list_pairs(store::Session& session, const store::Secrets& secrets, const Rosters& rosters, const access::Viewer& viewer,
                            std::string_view roster, bool unsure_too, int limit) {
  PairPage out;
  for (const store::Row& row : TRY(session.query(list_sql, {{"roster", roster}, {"unsure", unsure_too}}))) {
    if (!seen(viewer, row.text(1), row.text(2))) continue;
    if (row.truth(3)) ++out.open;
    if (static_cast<int>(out.items.size()) >= limit) continue;
    if (const auto pair = TRY(session.find(one_sql, {{"id", row.text(0)}}))) out.items.push_back(TRY(pair_from(session, secrets, rosters, *pair)));
  }
  if (viewer.scope.covers_register()) out.decided = TRY(session.find(decided_count_sql, {{"roster", roster}}))->integer(0);
  return out;
}

base::Done decide_pair(store::Transaction& transaction, const store::Secrets& secrets, const Rosters& rosters, const access::Viewer& viewer,
                       std::string_view id, std::string_view decision, std::int64_t version) {
  const auto row = TRY(transaction.find(one_sql, {{"id", id}}));
  if (!row || !seen(viewer, row->text(5), row->text(13))) return base::fail(no_such());
  if (!viewer.may(access::Permission::register_change)) TRY(expect_change(transaction, viewer, *TRY(rosters.find(row->text(1)))));
  constexpr std::string_view words[] = {"", "same", "different", "unsure"};
  if (std::ranges::find(words, decision) == std::end(words)) {
    return base::fail(ErrorKind::input, "decision_unknown", base::text("只能判断为同一人、不是、不确定。", "It is the same, different, or not sure."));
  }
  if (row->text(8).empty()) {
    return base::fail(ErrorKind::conflict, "pair_closed", base::text("这一对早已判断，内容已删除。", "This pair was judged long ago and its content is erased."));
  }
  // A keystroke before a reload may arrive after the list was read: the same word of the same person again is no quarrel.
  if (!decision.empty() && row->text(9) == decision && row->text(15) == transaction.act().actor && row->integer(11) == version + 1) return {};
  const bool none = decision.empty();
  const std::optional<std::string> word = none ? std::nullopt : std::optional(std::string(decision));
  const std::optional<std::string> actor = none ? std::nullopt : std::optional(transaction.act().actor);
  const std::optional<base::Instant> at = none ? std::nullopt : std::optional(transaction.now());
  if (TRY(transaction.execute(decide_sql, {{"decision", word}, {"actor", actor}, {"now", at}, {"id", id}, {"version", version}})) != 1) {
    return base::fail(ErrorKind::stale, "pair_changed", base::text("别人刚判断过这一对。", "Somebody else has just judged this pair."));
  }
  if (row->text(9) == "same" && decision != "same") {
    TRY(transaction.execute(drop_match, {{"run", row->text(3)}, {"row_hash", row->text(14)}, {"person", row->text(4)}}));
  }
  if (decision == "same") {
    TRY(write_match(transaction, secrets, {{row->text(1), row->text(3), row->text(2)}, row->text(14), row->text(4), row->text(5), row->text(8)}));
  }
  return transaction.journal({"roster_pair.decided", "roster_pair", std::string(id), "",
                              boost::json::serialize(boost::json::object{{"roster", row->text(1)}, {"decision", std::string(decision)}})});
}

base::Done erase_decided(store::Transaction& transaction, const store::Secrets& secrets, base::Instant before) {
  TRY(transaction.execute(decided_before_sql, {{"before", before}}));
  for (const store::Row& row : TRY(transaction.query(finished_runs_sql))) TRY(secrets.destroy(transaction, key_of(row.text(0))));
  return {};
}

}  // namespace yihu::compare
