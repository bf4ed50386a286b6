// What the person who looks must do now.

#include "http/answer.h"
#include "http/routes_plan.h"
#include "http/schema_from.h"
#include "plan/tracking/today.h"

namespace yihu::http {
namespace {

base::Result<Response> today(const PlanServices& services, const Request& request, Context& context) {
  const auto head = TRY(plan::current_plan(context.session, static_cast<int>(context.today.year())));
  const auto units = TRY(services.shelf.directory(context.session));
  const auto imports = TRY(plan::open_imports(context.session, context.viewer));
  std::shared_ptr<const plan::TrackedPlan> plan;
  plan::Facts facts;
  if (head) {
    plan = TRY(services.shelf.plan(context.session, head->id));
    facts = TRY(plan::load_facts(context.session, head->id));
  }
  plan::Today view = plan::today_of(plan.get(), facts, *units, context.viewer, imports, context.today);
  view.done_this_week = TRY(plan::done_this_week(context.session, context.viewer, context.today));
  return answer(view, request.language);
}

}  // namespace

std::vector<Route> today_routes(const PlanServices& services) {
  std::vector<Route> routes;
  routes.push_back({.path = "/api/v1/today",
                    .name = "readToday",
                    .summary = base::text("今日", "One list of what I must do, most urgent first"),
                    .permission = access::Permission::plan_read,
                    .answer_schema = schema_of<plan::Today>(),
                    .handler = Read([services](const Request& request, Context& context) { return today(services, request, context); })});
  return routes;
}

}  // namespace yihu::http
