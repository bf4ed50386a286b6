// Rosters coming in: upload, progress, stop, the record of what was found and deleted.

#include "http/answer.h"
#include "http/response.h"
#include "http/routes_compare.h"
#include "http/schema_from.h"

namespace yihu::http {
namespace {

using access::Permission;

struct RosterRunView {
  std::string id;
  std::string roster;
  std::string period;
  std::vector<std::string> areas;
  std::string file_name;
  std::string state;
  std::string step;
  std::int64_t step_done = 0;
  std::int64_t step_total = 0;
  std::int64_t rows = 0;
  std::int64_t wrong_cells = 0;
  std::int64_t matched = 0;
  std::int64_t doubtful = 0;
  std::int64_t remembered = 0;
  std::int64_t undone = 0;
  std::int64_t unauthorised = 0;
  std::int64_t not_yet_known = 0;
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t gone = 0;
  std::int64_t same = 0;
  std::int64_t deleted = 0;
  std::string certificate;
  std::vector<std::string> mistakes;
  base::Instant made_at;
  std::optional<base::Instant> ended_at;
};
BOOST_DESCRIBE_STRUCT(RosterRunView, (), (id, roster, period, areas, file_name, state, step, step_done, step_total, rows, wrong_cells, matched, doubtful, remembered, undone, unauthorised, not_yet_known, added, changed, gone, same, deleted, certificate, mistakes, made_at, ended_at))

struct RosterRunList {
  std::vector<RosterRunView> items;
};
BOOST_DESCRIBE_STRUCT(RosterRunList, (), (items))

RosterRunView view_of(const CompareServices& services, const compare::Run& run) {
  const compare::RunSummary& sum = run.summary;
  RosterRunView out{.id = run.id, .roster = run.roster, .period = run.period, .areas = run.areas, .file_name = run.file_name,
                    .state = std::string(compare::name_of(run.state)), .step = {}, .rows = sum.rows, .wrong_cells = sum.wrong_cells, .matched = sum.matched,
                    .doubtful = sum.doubtful, .remembered = sum.remembered, .undone = sum.undone, .unauthorised = sum.unauthorised,
                    .not_yet_known = sum.not_yet_known, .added = sum.discrepancies.added, .changed = sum.discrepancies.changed,
                    .gone = sum.discrepancies.gone, .same = sum.discrepancies.same, .deleted = run.deleted, .certificate = run.certificate,
                    .mistakes = sum.mistakes, .made_at = run.made_at, .ended_at = run.ended_at};
  if (const auto progress = services.desk.progress(run.id)) {
    out.step = progress->step;
    out.step_done = progress->done;
    out.step_total = progress->total;
    // It counts already, but pairs and differences are still on their way into the lists.
    if (progress->step != "waiting") out.state = "working";
  }
  return out;
}

std::vector<std::string> areas_from(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

/// The file goes to the desk and nowhere else; the answer says where to look how far it is.
base::Result<Step> start(const CompareServices& services, const Request& request, Context& context) {
  const compare::Work work{.store = context.store, .rosters = services.rosters, .language = request.language, .cancel = request.cancel};
  const store::Act act{context.viewer.actor(), request.id, ""};
  const compare::Run run = TRY(compare::start_run(work, context.viewer, act,
                                                  {.roster = request.path.at("roster"), .file_name = request.query.at("name"), .period = request.query.at("period"),
                                                   .areas = areas_from(request.query.at("areas"))},
                                                  request.body));
  TRY(services.desk.submit_run(run.id, std::string(request.body), request.language));
  return Step([services, run, language = request.language](store::Transaction&) -> base::Result<Response> { return answer(view_of(services, run), language, 201); });
}

base::Result<compare::Run> own_run(const CompareServices& services, const Request& request, Context& context) {
  const compare::Run run = TRY(compare::read_run(context.session, request.path.at("roster_run")));
  TRY(compare::expect_change(context.session, context.viewer, *TRY(services.rosters.find(run.roster))));
  return run;
}

base::Result<Step> stop(const CompareServices& services, const Request& request, Context& context) {
  const compare::Run run = TRY(own_run(services, request, context));
  services.desk.stop(run.id);
  return Step([services, run, language = request.language](store::Transaction&) -> base::Result<Response> { return answer(view_of(services, run), language); });
}

base::Result<Response> read(const CompareServices& services, const Request& request, Context& context) {
  return answer(view_of(services, TRY(compare::read_run(context.session, request.path.at("roster_run")))), request.language);
}

base::Result<Response> list(const CompareServices& services, const Request& request, Context& context) {
  RosterRunList out;
  for (const compare::Run& run : TRY(compare::list_runs(context.session, request.query.at("roster"), 100))) out.items.push_back(view_of(services, run));
  return answer(out, request.language);
}

}  // namespace

std::vector<Route> roster_run_routes(const CompareServices& services) {
  const auto reading = [&](auto work) { return Read([services, work](const Request& request, Context& context) { return work(services, request, context); }); };
  const auto preparing = [&](auto work) { return Prepare([services, work](const Request& request, Context& context) { return work(services, request, context); }); };
  const boost::json::object text{{"type", "string"}, {"maxLength", 400}};
  std::vector<Route> routes;
  routes.push_back({.method = Method::post, .path = "/api/v1/rosters/{roster}/runs", .name = "startRosterRun",
                    .summary = base::text("导入名册并比对；文件不保存", "Takes a roster in and compares it; the file is not kept"), .permission = Permission::ledger_change,
                    .pace = Pace::slow,
                    .query_schema = boost::json::object{{"name", {{"type", "string"}, {"minLength", 1}, {"maxLength", 200}}}, {"period", text}, {"areas", text}},
                    .answer_schema = schema_of<RosterRunView>(), .body_bytes_max = compare::roster_bytes_max, .takes_bytes = true, .answer_status = 201,
                    .handler = preparing(start)});
  routes.push_back({.method = Method::post, .path = "/api/v1/roster-runs/{roster_run}/stop", .name = "stopRosterRun", .summary = base::text("停止比对", "Stops a run"),
                    .permission = Permission::ledger_change, .answer_schema = schema_of<RosterRunView>(), .handler = preparing(stop)});
  routes.push_back({.path = "/api/v1/roster-runs", .name = "listRosterRuns", .summary = base::text("名册导入记录", "Runs, newest first"), .permission = Permission::ledger_read,
                    .query_schema = boost::json::object{{"roster", text}}, .answer_schema = schema_of<RosterRunList>(), .handler = reading(list)});
  routes.push_back({.path = "/api/v1/roster-runs/{roster_run}", .name = "readRosterRun", .summary = base::text("一次导入", "One run"), .permission = Permission::ledger_read,
                    .answer_schema = schema_of<RosterRunView>(), .handler = reading(read)});
  return routes;
}

std::vector<Route> compare_routes(const CompareServices& services) {
  std::vector<Route> all;
  for (const auto& part : {roster_routes(services), roster_run_routes(services), pair_routes(services), discrepancy_routes(services), comparison_routes(services)}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace yihu::http
