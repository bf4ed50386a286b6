// Documents on their way to becoming the plan.

#include "http/answer.h"
#include "http/page.h"
#include "http/response.h"
#include "http/routes_plan.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"
#include "plan/tracking/import_page.h"
#include "sheet/document.h"
#include "store/file_store.h"

#include <charconv>

namespace yihu::http {
namespace {

using access::Permission;

struct Correction {
  int task = 0;
  int measure = 0;
  std::string field;
  boost::json::value value;
};
BOOST_DESCRIBE_STRUCT(Correction, (), (task, measure, field, value))

struct CreatedUnit {
  std::string name;
  std::optional<std::string> short_name;
};
BOOST_DESCRIBE_STRUCT(CreatedUnit, (), (name, short_name))

struct UnitChoice {
  std::string name;
  std::optional<base::UnitId> unit_id;
  std::optional<CreatedUnit> create;
};
BOOST_DESCRIBE_STRUCT(UnitChoice, (), (name, unit_id, create))

struct ImportChange {
  std::optional<std::vector<Correction>> corrections;
  std::optional<std::vector<UnitChoice>> units;
  std::optional<std::vector<std::string>> settle;
};
BOOST_DESCRIBE_STRUCT(ImportChange, (), (corrections, units, settle))

struct AcceptedPlan {
  base::PlanId plan_id;
  int made = 0;
  int changed = 0;
  int retired = 0;
};
BOOST_DESCRIBE_STRUCT(AcceptedPlan, (), (plan_id, made, changed, retired))

base::Result<Response> page_of(const PlanServices& services, store::Session& session, const access::Viewer& viewer,
                               const std::string& id, base::Language language, int status = 200) {
  const plan::Draft draft = TRY(plan::load_draft(session, viewer, id));
  const area::Directory units = TRY(area::read_directory(session));
  const auto page = TRY(plan::import_page(session, draft, units, language, names_from(services, session, language)));
  Response response = answer(page, language, status);
  response.etag = versioned_tag(page.version, response.body);
  return response;
}

base::Result<Response> list(const PlanServices& services, const Request& request, Context& context) {
  const Page page = TRY(page_from(request, 1));
  std::optional<base::Instant> before;
  if (!page.after.empty()) {
    std::int64_t at = 0;
    const std::string& key = page.after.front();
    std::from_chars(key.data(), key.data() + key.size(), at);
    before = base::Instant{at};
  }
  List<plan::ImportLine> out;
  out.items = TRY(plan::list_imports(context.session, context.viewer, names_from(services, context.session, request.language),
                                     before, page.limit));
  if (static_cast<int>(out.items.size()) == page.limit) {
    out.next = key_from({std::to_string(out.items.back().at.microseconds)});
  }
  return answer(out, request.language);
}

base::Result<Response> read(const PlanServices& services, const Request& request, Context& context) {
  return page_of(services, context.session, context.viewer, request.path.at("import"), request.language);
}

/// Reading happens here, on a work thread; the writer only stores what was read.
base::Result<Step> start(const PlanServices& services, const Request& request, Context& context) {
  const std::string& name = request.query.at("name");
  auto document = TRY(sheet::read_document(request.body, name, request.cancel));
  auto plan = TRY(plan::read_plan(document));
  const store::KeptFile kept = TRY(context.store.files().keep(request.body, sheet::document_bytes_max));
  auto read = std::make_shared<plan::ReadDocument>(
      plan::ReadDocument{name, document.format, kept.hash, std::move(document.text), std::move(plan)});
  return Step([services, read, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const std::string id = TRY(plan::start_import(transaction, viewer, *read));
    return page_of(services, transaction, viewer, id, language, 201);
  });
}

base::Result<plan::DraftChange> change_from(const Request& request) {
  ImportChange body = TRY(value_from_json<ImportChange>(request.json));
  plan::DraftChange change;
  std::vector<base::Error> mistakes;
  if (body.corrections) {
    for (Correction& one : *body.corrections) {
      change.corrections.push_back({one.task, one.measure, std::move(one.field), std::move(one.value)});
    }
  }
  if (body.units) {
    for (std::size_t i = 0; i < body.units->size(); ++i) {
      UnitChoice& one = (*body.units)[i];
      if (one.unit_id.has_value() == one.create.has_value()) {
        base::Error mistake{base::ErrorKind::input, "choice_unclear",
                            base::text("请选择已有单位，或新增一个，二者取一。", "Choose a unit that is there, or make one; not both."), {}, {}, {}};
        mistake.place.field = fmt::format("/units/{}", i);
        mistakes.push_back(std::move(mistake));
        continue;
      }
      plan::UnitRequest unit{std::move(one.name), one.unit_id, {}, {}};
      if (one.create) {
        unit.new_name = one.create->name;
        unit.new_short_name = one.create->short_name.value_or(std::string());
      }
      change.units.push_back(std::move(unit));
    }
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  change.settle = std::move(body.settle).value_or(std::vector<std::string>{});
  return change;
}

base::Result<Step> change(const PlanServices& services, const Request& request, Context& context) {
  auto wanted = TRY(change_from(request));
  return Step([services, wanted = std::move(wanted), id = request.path.at("import"), version = version_in(request.if_match),
               viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    TRY(plan::change_import(transaction, viewer, id, wanted, version));
    return page_of(services, transaction, viewer, id, language);
  });
}

base::Result<Step> accept(const Request& request, Context& context) {
  return Step([id = request.path.at("import"), viewer = context.viewer,
               language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const auto accepted = TRY(plan::accept_import(transaction, viewer, id));
    return answer(AcceptedPlan{accepted.plan, accepted.measures_made, accepted.measures_changed, accepted.measures_retired},
                  language, 201);
  });
}

base::Result<Step> discard(const Request& request, Context& context) {
  return Step([id = request.path.at("import"), viewer = context.viewer](store::Transaction& transaction) -> base::Result<Response> {
    TRY(plan::discard_import(transaction, viewer, id));
    return nothing();
  });
}

}  // namespace

std::vector<Route> import_routes(const PlanServices& services) {
  const auto bound = [services](auto handler) {
    return [services, handler](const Request& request, Context& context) { return handler(services, request, context); };
  };
  std::vector<Route> routes;
  routes.push_back({.path = "/api/v1/plan-imports",
                    .name = "listImports",
                    .summary = base::text("导入记录", "Imports, newest first"),
                    .permission = Permission::plan_import,
                    .query_schema = page_schema(),
                    .answer_schema = schema_of<List<plan::ImportLine>>(),
                    .handler = Read(bound(list))});
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/plan-imports",
                    .name = "startImport",
                    .summary = base::text("导入文件", "Reads a document (txt, md, docx, odt, html, pdf) into a draft"),
                    .permission = Permission::plan_import,
                    .pace = Pace::slow,
                    .query_schema = {{"name", {{"type", "string"}, {"maxLength", 300}}}},
                    .answer_schema = schema_of<plan::ImportPage>(),
                    .body_bytes_max = sheet::document_bytes_max,
                    .takes_bytes = true,
                    .answer_status = 201,
                    .handler = Prepare(bound(start))});
  routes.push_back({.path = "/api/v1/plan-imports/{import}",
                    .name = "readImport",
                    .summary = base::text("一次导入", "A draft: document, plan, units, warnings, corrections"),
                    .permission = Permission::plan_import,
                    .pace = Pace::slow,
                    .answer_schema = schema_of<plan::ImportPage>(),
                    .handler = Read(bound(read))});
  routes.push_back({.method = Method::patch,
                    .path = "/api/v1/plan-imports/{import}",
                    .name = "changeImport",
                    .summary = base::text("核对导入", "Corrects what was read, says which unit a name stands for, settles warnings"),
                    .permission = Permission::plan_import,
                    .body_schema = body_schema_of<ImportChange>({{"/corrections", {{"maxItems", 500}}},
                                                                 {"/units", {{"maxItems", 500}}},
                                                                 {"/settle", {{"maxItems", 2000}}},
                                                                 {"/settle/*", {{"maxLength", 200}}}}),
                    .answer_schema = schema_of<plan::ImportPage>(),
                    .body_bytes_max = 1 << 20,
                    .edits = true,
                    .handler = Prepare(bound(change))});
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/plan-imports/{import}/acceptance",
                    .name = "acceptImport",
                    .summary = base::text("采用导入的要点", "The draft becomes the plan of its year, or joins the one there is"),
                    .permission = Permission::plan_import,
                    .answer_schema = schema_of<AcceptedPlan>(),
                    .answer_status = 201,
                    .handler = Prepare(accept)});
  routes.push_back({.method = Method::remove,
                    .path = "/api/v1/plan-imports/{import}",
                    .name = "discardImport",
                    .summary = base::text("放弃导入", "Discards a draft"),
                    .permission = Permission::plan_import,
                    .answer_status = 204,
                    .handler = Prepare(discard)});
  return routes;
}

}  // namespace yihu::http
