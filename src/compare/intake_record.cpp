#include "compare/intake_record.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace yihu::compare {
namespace {

using store::Sql;

constexpr std::string_view states[] = {"waiting", "working", "done", "cancelled", "failed"};

constexpr Sql insert_sql =
    "INSERT INTO roster_run (id, roster, period, areas, file_name, answers, state, summary, deleted, certificate, actor, made_at, version)"
    " VALUES (:id, :roster, :period, :areas, :file_name, :answers, :state, :summary, 0, '', :actor, :now, 1)";
constexpr Sql update_sql =
    "UPDATE roster_run SET state = :state, summary = :summary, deleted = :deleted, certificate = :certificate, ended_at = :ended_at,"
    " version = version + 1 WHERE id = :id";
constexpr Sql list_sql =
    "SELECT id, roster, period, areas, file_name, answers, state, summary, deleted, certificate, actor, made_at, ended_at, version FROM roster_run"
    " WHERE (:roster = '' OR roster = :roster) ORDER BY made_at DESC, id DESC LIMIT :limit";
constexpr Sql one_sql =
    "SELECT id, roster, period, areas, file_name, answers, state, summary, deleted, certificate, actor, made_at, ended_at, version FROM roster_run"
    " WHERE id = :id";
constexpr Sql broken_sql = "UPDATE roster_run SET state = 'failed', ended_at = :now, version = version + 1 WHERE state IN ('waiting', 'working')";
constexpr Sql broken_comparisons_sql = "UPDATE comparison SET state = 'failed', ended_at = :now, version = version + 1 WHERE state = 'working'";
constexpr Sql broken_matches_sql = "DELETE FROM roster_match WHERE run IN (SELECT id FROM roster_run WHERE state IN ('waiting', 'working'))";

/// The counts by name, in one place for both directions.
struct Count {
  const char* name;
  std::int64_t RunSummary::*member;
};
constexpr Count counts[] = {{"rows", &RunSummary::rows},           {"wrong_cells", &RunSummary::wrong_cells},   {"matched", &RunSummary::matched},
                            {"doubtful", &RunSummary::doubtful},   {"remembered", &RunSummary::remembered},     {"undone", &RunSummary::undone},
                            {"unauthorised", &RunSummary::unauthorised}, {"not_yet_known", &RunSummary::not_yet_known}, {"numbers_read", &RunSummary::numbers_read}};
struct WrittenCount {
  const char* name;
  std::int64_t Written::*member;
};
constexpr WrittenCount written_counts[] = {{"added", &Written::added}, {"changed", &Written::changed}, {"gone", &Written::gone}, {"same", &Written::same}};

std::string text_from(const RunSummary& summary) {
  boost::json::object out;
  for (const Count& one : counts) out[one.name] = summary.*one.member;
  for (const WrittenCount& one : written_counts) out[one.name] = summary.discrepancies.*one.member;
  boost::json::array mistakes;
  for (const std::string& mistake : summary.mistakes) mistakes.emplace_back(mistake);
  out["mistakes"] = std::move(mistakes);
  return boost::json::serialize(out);
}

RunSummary summary_from(const std::string& text) {
  RunSummary out;
  boost::json::error_code problem;
  const auto parsed = boost::json::parse(text, problem);
  if (problem || !parsed.is_object()) return out;
  const auto& object = parsed.get_object();
  const auto number = [&](const char* name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
  };
  for (const Count& one : counts) out.*one.member = number(one.name);
  for (const WrittenCount& one : written_counts) out.discrepancies.*one.member = number(one.name);
  if (const auto* mistakes = object.if_contains("mistakes"); mistakes != nullptr && mistakes->is_array()) {
    for (const auto& one : mistakes->get_array()) out.mistakes.emplace_back(one.as_string());
  }
  return out;
}

std::string text_from(const std::vector<std::string>& areas) {
  std::string out;
  for (const std::string& area : areas) out += (out.empty() ? "" : ",") + area;
  return out;
}

std::vector<std::string> areas_from(const std::string& text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

Run run_from(const store::Row& row) {
  Run out{.id = row.text(0), .roster = row.text(1), .period = row.text(2), .areas = areas_from(row.text(3)), .file_name = row.text(4),
          .answers = row.truth(5), .summary = summary_from(row.text(7)), .deleted = row.integer(8), .certificate = row.text(9), .actor = row.text(10),
          .made_at = row.instant(11), .ended_at = row.maybe_instant(12), .version = row.integer(13)};
  for (std::size_t i = 0; i < std::size(states); ++i) {
    if (states[i] == row.text(6)) out.state = static_cast<RunState>(i);
  }
  return out;
}

}  // namespace

std::string_view name_of(RunState state) { return states[static_cast<std::size_t>(state)]; }

base::Done insert_run(store::Transaction& transaction, const Run& run) {
  TRY(transaction.execute(insert_sql, {{"id", run.id}, {"roster", run.roster}, {"period", run.period}, {"areas", text_from(run.areas)},
                                       {"file_name", run.file_name}, {"answers", run.answers}, {"state", name_of(run.state)},
                                       {"summary", text_from(run.summary)}, {"actor", run.actor}, {"now", transaction.now()}}));
  return transaction.journal({"roster_run.started", "roster_run", run.id, "",
                              boost::json::serialize(boost::json::object{{"roster", run.roster}, {"period", run.period}, {"areas", text_from(run.areas)}})});
}

base::Done update_run(store::Transaction& transaction, const Run& run) {
  TRY(transaction.execute(update_sql, {{"state", name_of(run.state)}, {"summary", text_from(run.summary)}, {"deleted", run.deleted},
                                       {"certificate", run.certificate}, {"ended_at", transaction.now()}, {"id", run.id}}));
  boost::json::object after{{"roster", run.roster}, {"period", run.period}, {"rows", run.summary.rows}, {"matched", run.summary.matched},
                            {"numbers_read", run.summary.numbers_read}, {"deleted", run.deleted}, {"certificate", run.certificate}};
  return transaction.journal({"roster_run." + std::string(name_of(run.state)), "roster_run", run.id, "", boost::json::serialize(after)});
}

base::Done close_broken_runs(store::Store& store) {
  const store::Act act{"system:compare", base::RequestId::make(), ""};
  TRY(store.write(act, [](store::Transaction& transaction) -> base::Result<store::Answer> {
    TRY(transaction.execute(broken_matches_sql));
    TRY(transaction.execute(broken_sql, {{"now", transaction.now()}}));
    TRY(transaction.execute(broken_comparisons_sql, {{"now", transaction.now()}}));
    return store::Answer();
  }));
  return {};
}

base::Result<std::vector<Run>> list_runs(store::Session& session, std::string_view roster, int limit) {
  std::vector<Run> out;
  for (const store::Row& row : TRY(session.query(list_sql, {{"roster", roster}, {"limit", limit}}))) out.push_back(run_from(row));
  return out;
}

base::Result<Run> read_run(store::Session& session, std::string_view id) {
  const auto row = TRY(session.find(one_sql, {{"id", id}}));
  if (!row) return base::fail(base::ErrorKind::not_found, "roster_run_unknown", base::text("没有这次导入。", "There is no such run."));
  return run_from(*row);
}

}  // namespace yihu::compare
