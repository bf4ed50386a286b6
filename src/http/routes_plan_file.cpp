// What can be taken away: responsibility workbooks and the plan as JSON.

#include "http/response.h"
#include "http/routes_plan.h"
#include "plan/tracking/measure_page.h"
#include "plan/tracking/responsibility_workbook.h"

namespace yihu::http {
namespace {

using access::Permission;

constexpr const char* workbook_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

base::Result<Response> workbook(const PlanServices& services, const Request& request, Context& context) {
  const auto plan = TRY(plan_at(services, request.path.at("plan"), context));
  const auto units = TRY(services.shelf.directory(context.session));
  const plan::Facts facts = TRY(plan::load_facts(context.session, plan->id));
  std::string bytes = TRY(plan::responsibility_workbook(
      {*plan, facts, *units, context.today, context.store.clock().now(), request.language}));
  const std::string name = base::text("{}年责任分工.xlsx", "responsibilities-{}.xlsx", plan->year).in(request.language);
  return attachment(std::move(bytes), workbook_type, name);
}

base::Result<Response> unit_workbook(const PlanServices& services, const Request& request, Context& context) {
  const auto id = TRY(base::UnitId::parse(request.path.at("unit")));
  const auto units = TRY(services.shelf.directory(context.session));
  const area::Unit* unit = units->unit(id);
  if (unit == nullptr || !context.viewer.scope.covers(id)) {
    return base::fail(base::ErrorKind::not_found, "unit_unknown", base::text("没有这个单位。", "There is no such unit."));
  }
  const auto plan = TRY(plan_asked(services, request, context));
  const plan::Facts facts = TRY(plan::load_facts(context.session, plan->id));
  std::string bytes = TRY(plan::responsibility_workbook(
      {*plan, facts, *units, context.today, context.store.clock().now(), request.language}, *unit));
  const std::string name = base::text("{1}{0}年责任清单.xlsx", "responsibilities-{2}-{0}.xlsx", plan->year,
                                      unit->short_name.zh, unit->short_name.en).in(request.language);
  return attachment(std::move(bytes), workbook_type, name);
}

base::Result<Response> plan_json(const PlanServices& services, const Request& request, Context& context) {
  const auto plan = TRY(plan_at(services, request.path.at("plan"), context));
  Response response;
  response.body = plan::json_from_plan(plan::document_of(*plan), request.language);
  return response;
}

}  // namespace

std::vector<Route> plan_file_routes(const PlanServices& services) {
  const auto bound = [services](auto handler) {
    return Read([services, handler](const Request& request, Context& context) { return handler(services, request, context); });
  };
  std::vector<Route> routes;
  routes.push_back({.path = "/api/v1/plans/{plan}/responsibilities.xlsx",
                    .name = "exportResponsibilities",
                    .summary = base::text("责任分工表", "Who answers for what, as a workbook to print"),
                    .permission = Permission::plan_read,
                    .pace = Pace::slow,
                    .answer_type = workbook_type,
                    .handler = bound(workbook)});
  routes.push_back({.path = "/api/v1/units/{unit}/responsibilities.xlsx",
                    .name = "exportUnitResponsibilities",
                    .summary = base::text("单位责任清单", "What one unit answers for, as a workbook to print"),
                    .permission = Permission::plan_read,
                    .pace = Pace::slow,
                    .query_schema = {{"plan", {{"type", "string"}, {"format", "uuid"}}}},
                    .answer_type = workbook_type,
                    .handler = bound(unit_workbook)});
  routes.push_back({.path = "/api/v1/plans/{plan}/plan.json",
                    .name = "exportPlan",
                    .summary = base::text("要点数据", "The plan as data, corrections made"),
                    .permission = Permission::plan_read,
                    .answer_schema = boost::json::object{{"type", "object"}},
                    .handler = bound(plan_json)});
  return routes;
}

}  // namespace yihu::http
