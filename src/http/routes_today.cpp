// What the person who looks must do now.

#include "http/answer.h"
#include "http/response.h"
#include "http/routes_plan.h"
#include "http/schema_from.h"
#include "plan/tracking/news.h"
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

base::Result<Response> news(const PlanServices& services, const Request& request, Context& context) {
  const auto head = TRY(plan::current_plan(context.session, static_cast<int>(context.today.year())));
  if (!head) return answer(plan::News{}, request.language);
  const auto now = context.store.clock().now();
  const auto plan = TRY(services.shelf.plan(context.session, head->id));
  const plan::Facts facts = TRY(plan::load_facts(context.session, head->id));
  const auto units = TRY(services.shelf.directory(context.session));
  const auto reports = TRY(plan::reports_of_others(context.session, context.viewer, head->id, now));
  const auto seen_at = TRY(plan::news_seen_at(context.session, context.viewer));
  return answer(plan::news_of(*plan, facts, *units, context.viewer, reports, seen_at, now), request.language);
}

base::Result<Step> see_news(const Request&, Context& context) {
  return Step([viewer = context.viewer](store::Transaction& transaction) -> base::Result<Response> {
    TRY(plan::see_news(transaction, viewer));
    return nothing();
  });
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
  routes.push_back({.path = "/api/v1/news",
                    .name = "readNews",
                    .summary = base::text("新情况", "What is new and concerns me: fallen late, due within a week, reported on what I lead"),
                    .permission = access::Permission::plan_read,
                    .answer_schema = schema_of<plan::News>(),
                    .handler = Read([services](const Request& request, Context& context) { return news(services, request, context); })});
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/news/seen",
                    .name = "seeNews",
                    .summary = base::text("看过新情况", "Says that I have looked at what is new"),
                    .permission = access::Permission::plan_read,
                    .answer_status = 204,
                    .handler = Prepare(see_news)});
  return routes;
}

}  // namespace yihu::http
