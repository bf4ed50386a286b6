// Snapshots, and the national system's workbook in and out.

#include "http/answer.h"
#include "http/authors.h"
#include "http/registry_json.h"
#include "http/response.h"
#include "http/routes_registry.h"
#include "http/schema_from.h"
#include "registry/national_workbook.h"
#include "registry/snapshot.h"

namespace yihu::http {
namespace {

using access::Permission;

constexpr std::size_t workbook_bytes_max = 64u << 20;
constexpr const char* workbook_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

struct SnapshotRow {
  registry::SnapshotId id;
  std::string period;
  base::Date day;
  std::int64_t households = 0;
  std::int64_t people = 0;
  std::string hash;
  Author author;
  std::optional<base::Instant> frozen_at;
};
BOOST_DESCRIBE_STRUCT(SnapshotRow, (), (id, period, day, households, people, hash, author, frozen_at))

struct NewSnapshot {
  std::string period;             ///< "2019-H1"
  std::optional<base::Date> day;
};
BOOST_DESCRIBE_STRUCT(NewSnapshot, (), (period, day))

struct DifferenceRow {
  std::string field;
  boost::json::value before;
  boost::json::value after;
};
BOOST_DESCRIBE_STRUCT(DifferenceRow, (), (field, before, after))

struct RowMistake {
  std::string cell;
  std::string code;
  base::Text text;
  base::Text mend;
};
BOOST_DESCRIBE_STRUCT(RowMistake, (), (cell, code, text, mend))

struct RegisterRow {
  int row = 0;
  std::string outcome;
  std::string household;
  std::string name;
  std::vector<DifferenceRow> differences;
  std::vector<RowMistake> mistakes;
};
BOOST_DESCRIBE_STRUCT(RegisterRow, (), (row, outcome, household, name, differences, mistakes))

struct RegisterColumn {
  std::string heading;
  std::string address;
  std::string field;
};
BOOST_DESCRIBE_STRUCT(RegisterColumn, (), (heading, address, field))

struct RegisterImportReport {
  std::optional<std::string> id;   ///< null for a dry run
  std::int64_t created = 0;
  std::int64_t changed = 0;
  std::int64_t same = 0;
  std::int64_t wrong = 0;
  std::int64_t not_found = 0;
  std::int64_t absent = 0;
  std::vector<RegisterColumn> columns;
  std::vector<RegisterRow> rows;   ///< the first thousand that are not the same
};
BOOST_DESCRIBE_STRUCT(RegisterImportReport, (), (id, created, changed, same, wrong, not_found, absent, columns, rows))
constexpr std::size_t rows_told_max = 1000;

struct RegisterImport {
  std::string id;
  std::string file;
  std::string reason;
  Author author;
  base::Instant at;
  std::int64_t created = 0;
  std::int64_t changed = 0;
  bool undone = false;
};
BOOST_DESCRIBE_STRUCT(RegisterImport, (), (id, file, reason, author, at, created, changed, undone))

struct UndoReason {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(UndoReason, (), (reason))

struct ExportWanted {
  std::optional<std::string> area;
  std::optional<bool> listed;
  std::optional<std::string> status;
  std::optional<bool> private_values;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(ExportWanted, (), (area, listed, status, private_values, reason))

const char* name_of(registry::Outcome outcome) {
  switch (outcome) {
    case registry::Outcome::created: return "created";
    case registry::Outcome::changed: return "changed";
    case registry::Outcome::same: return "same";
    case registry::Outcome::wrong: return "wrong";
    case registry::Outcome::not_found: return "not_found";
  }
  return "";
}

base::Result<SnapshotRow> row_from(const registry::Snapshot& one, Authors& authors) {
  const base::Date day = one.frozen_at ? base::date_of(*one.frozen_at) : one.day;
  return SnapshotRow{one.id, one.period, one.day, one.households, one.people, one.hash, TRY(authors.of(one.actor, day)), one.frozen_at};
}

RegisterImportReport report_from(const registry::ImportReport& report, const registry::WorkbookRows& workbook) {
  RegisterImportReport out{{}, report.created, report.changed, report.same, report.wrong, report.not_found, report.absent, {}, {}};
  for (const auto& column : workbook.columns) out.columns.push_back({column.heading, column.address, column.field});
  for (const registry::RowReport& row : report.rows) {
    if (out.rows.size() == rows_told_max) break;
    RegisterRow told{row.row, name_of(row.outcome), row.household, row.name, {}, {}};
    for (const auto& one : row.differences) told.differences.push_back({one.field, registry::json_from(one.before), registry::json_from(one.after)});
    for (const auto& one : row.mistakes) told.mistakes.push_back({one.place.cell, one.code, one.text, one.mend});
    out.rows.push_back(std::move(told));
  }
  return out;
}

base::Result<Response> list_snapshots(const Request& request, Context& context) {
  List<SnapshotRow> list;
  Authors authors(context);
  for (const auto& one : TRY(registry::list_snapshots(context.session, context.viewer))) list.items.push_back(TRY(row_from(one, authors)));
  return answer(list, request.language);
}

/// The work is done in many transactions before the answer, which itself writes nothing.
base::Result<Step> freeze(const RegistryServices& services, const Request& request, Context& context) {
  const auto body = TRY(value_from_json<NewSnapshot>(request.json));
  const auto made = TRY(registry::freeze(context.store, services.rooms, context.viewer, body.period, body.day, {}, request.cancel));
  Authors authors(context);
  return Step([row = TRY(row_from(made, authors)), language = request.language](store::Transaction&) -> base::Result<Response> { return answer(row, language, 201); });
}

registry::MatchPolicy policy_from(const Request& request) {
  const auto truth = [&](const char* name) { return request.query.at(name) == "true"; };
  registry::MatchPolicy policy{truth("by_name"), truth("create_households"), truth("create_people"), truth("clear"), {}};
  if (const auto year = request.query.integer("year")) policy.year = static_cast<int>(*year);
  return policy;
}

base::Result<registry::WorkbookRows> workbook_from(const RegistryServices& services, const Request& request, Context& context) {
  const area::Divisions divisions = TRY(area::read_divisions(context.session));
  return registry::read_national_workbook(request.body, request.query.at("name"), services.codes, divisions, request.cancel);
}

base::Result<Step> compare(const RegistryServices& services, const Request& request, Context& context) {
  const auto workbook = TRY(workbook_from(services, request, context));
  const auto report = TRY(registry::compare_national(context.session, services.rooms, context.viewer, workbook, policy_from(request)));
  return Step([told = report_from(report, workbook), language = request.language](store::Transaction&) -> base::Result<Response> { return answer(told, language); });
}

/// The workbook again, with what a dry run finds wrong marked in it.
base::Result<Step> mark(const RegistryServices& services, const Request& request, Context& context) {
  const auto workbook = TRY(workbook_from(services, request, context));
  const auto report = TRY(registry::compare_national(context.session, services.rooms, context.viewer, workbook, policy_from(request)));
  const std::string file = request.query.at("name");
  auto marked = TRY(registry::marked_national(request.body, file, workbook, report, context.store.clock().now(), request.language, request.cancel));
  const std::string name = file.substr(0, file.rfind('.')) + base::text("（标错）.xlsx", " (marked).xlsx").in(request.language);
  return Step([marked = std::move(marked), name](store::Transaction&) -> base::Result<Response> { return attachment(marked, workbook_type, name); });
}

base::Result<Step> import(const RegistryServices& services, const Request& request, Context& context) {
  const auto workbook = TRY(workbook_from(services, request, context));
  const auto done = TRY(registry::import_national(context.store, services.rooms, context.viewer, workbook, policy_from(request),
                                                  request.query.at("name"), request.query.at("reason"), {}, request.cancel));
  RegisterImportReport told = report_from(done.report, workbook);
  told.id = done.import.id;
  return Step([told = std::move(told), language = request.language](store::Transaction&) -> base::Result<Response> { return answer(told, language, 201); });
}

base::Result<Response> list_imports(const Request& request, Context& context) {
  List<RegisterImport> list;
  Authors authors(context);
  for (const auto& one : TRY(registry::list_imports(context.session, context.viewer))) {
    list.items.push_back({one.id, one.file, one.reason, TRY(authors.of(one.actor, base::date_of(one.at))), one.at, one.created, one.changed, one.undone});
  }
  return answer(list, request.language);
}

base::Result<Step> undo(const Request& request, Context& context) {
  const auto body = TRY(value_from_json<UndoReason>(request.json));
  TRY(registry::undo_import(context.store, context.viewer, request.path.at("register_import"), body.reason));
  return Step([](store::Transaction&) -> base::Result<Response> { return nothing(); });
}

base::Result<Step> make_export(const RegistryServices& services, const Request& request, Context& context) {
  const auto body = TRY(value_from_json<ExportWanted>(request.json));
  registry::ExportOptions options;
  options.filter.area = body.area.value_or("");
  options.filter.listed = body.listed.value_or(false);
  options.filter.status = body.status.value_or("");
  options.private_values = body.private_values.value_or(false);
  options.reason = body.reason.value_or("");
  const area::Divisions divisions = TRY(area::read_divisions(context.session));
  auto made = TRY(registry::export_national(context.session, services.rooms, context.viewer, services.codes, divisions, options,
                                            context.store.clock().now(), {}, request.cancel));
  const std::string name = fmt::format("建档立卡人口信息 {}.xlsx", base::to_string(context.today));
  return Step([made = std::move(made), options, name, viewer = context.viewer](store::Transaction& transaction) -> base::Result<Response> {
    TRY(registry::record_export(transaction, viewer, made, options));
    return attachment(made.workbook, workbook_type, name);
  });
}

boost::json::object import_schema(bool with_reason) {
  boost::json::object out{{"name", {{"type", "string"}, {"minLength", 1}, {"maxLength", 200}}}, {"by_name", {{"type", "boolean"}}},
                          {"create_households", {{"type", "boolean"}}}, {"create_people", {{"type", "boolean"}}},
                          {"clear", {{"type", "boolean"}}}, {"year", {{"type", "integer"}, {"minimum", 2000}, {"maximum", 2100}}}};
  if (with_reason) out["reason"] = reason_limits;
  return out;
}

Route slow(Method method, const char* path, const char* name, base::Text summary, Prepare handler) {
  return {.method = method, .path = path, .name = name, .summary = std::move(summary), .permission = Permission::register_exchange,
          .pace = Pace::slow, .handler = std::move(handler)};
}

Route uploading(const char* path, const char* name, base::Text summary, bool writes_register, Prepare handler) {
  Route route = slow(Method::post, path, name, std::move(summary), std::move(handler));
  route.query_schema = import_schema(writes_register);
  route.answer_schema = schema_of<RegisterImportReport>();
  route.body_bytes_max = workbook_bytes_max;
  route.takes_bytes = true;
  return route;
}

}  // namespace

std::vector<Route> registry_exchange_routes(const RegistryServices& services) {
  std::vector<Route> routes;
  routes.push_back({.method = Method::get, .path = "/api/v1/register/snapshots", .name = "listSnapshots",
                    .summary = base::text("半年快照", "Frozen snapshots"), .permission = Permission::register_read,
                    .answer_schema = schema_of<List<SnapshotRow>>(), .handler = Read(list_snapshots)});
  Route snapshot = slow(Method::post, "/api/v1/register/snapshots", "freezeSnapshot", base::text("固定半年快照", "Freezes a half-yearly snapshot"),
                        [services](const Request& request, Context& context) { return freeze(services, request, context); });
  snapshot.body_schema = body_schema_of<NewSnapshot>({{"/period", word_limits}});
  snapshot.answer_schema = schema_of<SnapshotRow>();
  snapshot.answer_status = 201;
  routes.push_back(std::move(snapshot));
  routes.push_back(uploading("/api/v1/register/comparisons", "compareRegisterWorkbook", base::text("试导入：逐行比对，不写入", "Dry run of the national workbook: nothing is written"), false,
                             [services](const Request& request, Context& context) { return compare(services, request, context); }));
  Route marking = uploading("/api/v1/register/comparisons/marked", "markRegisterWorkbook", base::text("标错的工作簿", "The national workbook with its wrong cells marked"), false,
                            [services](const Request& request, Context& context) { return mark(services, request, context); });
  marking.answer_schema = {};
  marking.answer_type = workbook_type;
  marking.answers_once = true;
  routes.push_back(std::move(marking));
  routes.push_back({.method = Method::get, .path = "/api/v1/register/imports", .name = "listRegisterImports",
                    .summary = base::text("导入记录", "Imports of the national workbook"), .permission = Permission::register_exchange,
                    .answer_schema = schema_of<List<RegisterImport>>(), .handler = Read(list_imports)});
  routes.push_back(uploading("/api/v1/register/imports", "importRegisterWorkbook", base::text("导入系统工作簿", "Imports the national workbook"), true,
                             [services](const Request& request, Context& context) { return import(services, request, context); }));
  routes.back().answer_status = 201;
  Route back = slow(Method::post, "/api/v1/register/imports/{register_import}/undo", "undoRegisterImport", base::text("整批撤销导入", "Takes an import back as one"), undo);
  back.body_schema = body_schema_of<UndoReason>({{"/reason", reason_limits}});
  back.answer_status = 204;
  routes.push_back(std::move(back));
  Route out = slow(Method::post, "/api/v1/register/exports", "exportRegister", base::text("导出系统工作簿", "The register as the national workbook"),
                   [services](const Request& request, Context& context) { return make_export(services, request, context); });
  out.body_schema = body_schema_of<ExportWanted>({{"/reason", {{"maxLength", registry::reason_length_max}}}});
  out.answer_type = workbook_type;
  out.answers_once = true;
  routes.push_back(std::move(out));
  return routes;
}

}  // namespace yihu::http
