// One measure: its page, corrections, reports and their evidence.

#include "http/answer.h"
#include "http/response.h"
#include "http/routes_plan.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"
#include "plan/tracking/evidence.h"
#include "plan/tracking/measure_correction.h"
#include "plan/tracking/measure_page.h"
#include "plan/tracking/record.h"
#include "store/file_store.h"

namespace yihu::http {
namespace {

using access::Permission;

struct MeasureChange {
  std::optional<std::string> title;
  std::optional<std::string> text;
  std::optional<std::vector<base::UnitId>> lead;
  std::optional<std::vector<base::UnitId>> responsible;
  std::optional<std::vector<plan::Deadline>> deadlines;
  std::optional<std::vector<plan::Recurrence>> recurrences;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(MeasureChange, (), (title, text, lead, responsible, deadlines, recurrences, reason))

struct NewReport {
  std::optional<base::UnitId> unit_id;
  std::optional<base::OccurrenceId> occurrence_id;
  bool done = false;
  std::string text;
  std::optional<double> value;
  std::optional<std::vector<std::string>> evidence;
};
BOOST_DESCRIBE_STRUCT(NewReport, (), (unit_id, occurrence_id, done, text, value, evidence))

Response page_answer(const plan::MeasureDetail& page, base::Language language) {
  Response response = answer(page, language);
  response.etag = versioned_tag(page.version, response.body);
  return response;
}

base::Result<Response> measure(const PlanServices& services, const Request& request, Context& context) {
  const auto id = TRY(base::MeasureId::parse(request.path.at("measure")));
  const auto plan_id = TRY(plan::plan_of(context.session, id));
  const auto plan = TRY(services.shelf.plan(context.session, plan_id));
  const auto units = TRY(services.shelf.directory(context.session));
  const auto page = TRY(plan::measure_page(context.session, context.viewer, *plan, id, *units, context.today,
                                           names_from(services, context.session, request.language)));
  return page_answer(page, request.language);
}

/// Dates and rhythms are checked where they are kept; here they only pass through.
base::Result<plan::MeasureCorrection> correction_from(const Request& request) {
  MeasureChange body = TRY(value_from_json<MeasureChange>(request.json));
  plan::MeasureCorrection out{std::move(body.title), std::move(body.text), std::move(body.lead), std::move(body.responsible),
                              {}, {}, std::move(body.reason)};
  if (body.deadlines) out.deadlines = TRY(plan::deadlines_from(plan::json_of(*body.deadlines), "/deadlines"));
  if (body.recurrences) out.recurrences = TRY(plan::recurrences_from(plan::json_of(*body.recurrences), "/recurrences"));
  return out;
}

base::Result<Step> correct(const PlanServices& services, const Request& request, Context& context) {
  const auto id = TRY(base::MeasureId::parse(request.path.at("measure")));
  auto correction = TRY(correction_from(request));
  return Step([services, id, correction = std::move(correction), version = version_in(request.if_match),
               viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    TRY(plan::correct_measure(transaction, viewer, id, correction, version));
    // Not from the shelf: what is not committed yet must not be kept for others.
    const auto plan_id = TRY(plan::plan_of(transaction, id));
    const plan::TrackedPlan plan = TRY(plan::load_plan(transaction, plan_id));
    const area::Directory units = TRY(area::read_directory(transaction));
    const auto page = TRY(plan::measure_page(transaction, viewer, plan, id, units, base::date_of(transaction.now()),
                                             names_from(services, transaction, language)));
    return page_answer(page, language);
  });
}

base::Result<Step> report(const PlanServices& services, const Request& request, Context& context) {
  const auto id = TRY(base::MeasureId::parse(request.path.at("measure")));
  NewReport body = TRY(value_from_json<NewReport>(request.json));
  plan::NewReport words{body.unit_id, body.occurrence_id, body.done, std::move(body.text), body.value,
                        body.evidence.value_or(std::vector<std::string>{})};
  auto units = TRY(services.shelf.directory(context.session));
  return Step([services, id, words = std::move(words), units = std::move(units), viewer = context.viewer,
               language = request.language, algorithms = context.store.algorithms()](store::Transaction& transaction) -> base::Result<Response> {
    const auto filed = TRY(plan::file_report(transaction, viewer, id, words, algorithms));
    const auto view = TRY(plan::report_view(transaction, filed, *units, names_from(services, transaction, language)));
    return answer(view, language, 201);
  });
}

base::Result<Step> keep_file(const Request& request, Context& context) {
  const plan::EvidenceKind kind = TRY(plan::kind_of_evidence(request.body));
  const store::KeptFile kept = TRY(context.store.files().keep(request.body, plan::evidence_bytes_max));
  return Step([name = request.query.at("name"), kind, kept, viewer = context.viewer,
               language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const auto view = TRY(plan::keep_evidence(transaction, viewer, name, kind, kept.hash, kept.size_bytes));
    return answer(view, language, 201);
  });
}

base::Result<Response> file(const Request& request, Context& context) {
  const auto found = TRY(plan::find_evidence(context.session, context.viewer, request.path.at("evidence")));
  std::string bytes = TRY(context.store.files().read(found.hash));
  Response response = attachment(std::move(bytes), found.view.type, found.view.name);
  response.headers.emplace_back("Cache-Control", "private, no-store");
  return response;
}

template <class Handler>
Prepare prepared(const PlanServices& services, Handler handler) {
  return [services, handler](const Request& request, Context& context) { return handler(services, request, context); };
}

}  // namespace

std::vector<Route> measure_routes(const PlanServices& services) {
  std::vector<Route> routes;
  routes.push_back({.path = "/api/v1/measures/{measure}",
                    .name = "readMeasure",
                    .summary = base::text("一项措施", "A measure: sentence, owners, occurrences, indicator, reports, history"),
                    .permission = Permission::plan_read,
                    .answer_schema = schema_of<plan::MeasureDetail>(),
                    .handler = Read([services](const Request& request, Context& context) { return measure(services, request, context); })});
  routes.push_back({.method = Method::patch,
                    .path = "/api/v1/measures/{measure}",
                    .name = "correctMeasure",
                    .summary = base::text("更正一项措施", "Corrects a measure's owners, dates or words; says why"),
                    .permission = Permission::plan_correct,
                    .body_schema = body_schema_of<MeasureChange>({{"/title", {{"minLength", 1}, {"maxLength", plan::measure_title_max}}},
                                                                  {"/text", {{"maxLength", plan::measure_text_max}}},
                                                                  {"/reason", {{"minLength", 1}, {"maxLength", plan::correction_reason_max}}}}),
                    .answer_schema = schema_of<plan::MeasureDetail>(),
                    .edits = true,
                    .handler = prepared(services, correct)});
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/measures/{measure}/reports",
                    .name = "reportProgress",
                    .summary = base::text("报送进展", "Reports progress for a unit, with evidence"),
                    .permission = Permission::measure_report,
                    .body_schema = body_schema_of<NewReport>({{"/text", {{"maxLength", plan::report_text_max}}},
                                                              {"/evidence", {{"maxItems", plan::report_evidence_max}}}}),
                    .answer_schema = schema_of<plan::ReportView>(),
                    .answer_status = 201,
                    .handler = prepared(services, report)});
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/evidence",
                    .name = "keepEvidence",
                    .summary = base::text("上传附件", "Brings in a file for a report: jpg, png, pdf, docx, xlsx or txt"),
                    .permission = Permission::measure_report,
                    .pace = Pace::slow,
                    .query_schema = {{"name", {{"type", "string"}, {"maxLength", 300}}}},
                    .answer_schema = schema_of<plan::EvidenceView>(),
                    .body_bytes_max = plan::evidence_bytes_max,
                    .takes_bytes = true,
                    .answer_status = 201,
                    .handler = Prepare(keep_file)});
  routes.push_back({.path = "/api/v1/evidence/{evidence}",
                    .name = "readEvidence",
                    .summary = base::text("下载附件", "The file, to be saved"),
                    .permission = Permission::plan_read,
                    .pace = Pace::slow,
                    .answer_type = "application/octet-stream",
                    .handler = Read(file)});
  return routes;
}

}  // namespace yihu::http
