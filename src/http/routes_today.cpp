// What the person who looks must do now.

#include "compare/discrepancy.h"
#include "http/answer.h"
#include "http/response.h"
#include "http/routes_plan.h"
#include "http/schema_from.h"
#include "plan/tracking/news.h"
#include "plan/tracking/today.h"

#include <algorithm>

namespace yihu::http {
namespace {

/// Differences with a department's roster that the viewer's unit has to settle, by cause.
plan::TodayItem item_of(const compare::Rosters& rosters, const compare::DiscrepancyGroup& group) {
  plan::TodayItem item;
  item.kind = "discrepancies";
  item.id = group.roster + "/" + group.kind + "/" + group.cause;
  const auto kind = pack::discrepancy_kind_from(group.kind);
  const base::Text label = kind ? compare::label_of(*kind) : group.cause_label;
  item.title = group.kind == "differs" ? base::text("{0}：{2}", "{1}: {3}", label.zh, label.en, group.cause_label.zh, group.cause_label.en) : group.cause_label;
  if (const pack::Roster* roster = rosters.declared().find(group.roster)) item.place = roster->label;
  item.what = base::text("核实并处理 {} 条差异", "check and settle {} differences", group.open);
  item.state = plan::State::on_course;
  item.reason = group.above == 0 ? base::text("有差异即须处理", "to be settled whenever there are any") : base::text("超过 {} 条须处理", "to be settled above {}", group.above);
  return item;
}

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
  // After what has a day and has come, before what lies in the past and only waits for a word.
  const auto waiting = std::ranges::find(view.items, plan::State::unknown, &plan::TodayItem::state);
  std::vector<plan::TodayItem> differences;
  for (const compare::DiscrepancyGroup& group : TRY(compare::groups_to_settle(context.session, services.rosters, context.viewer, *units))) {
    differences.push_back(item_of(services.rosters, group));
  }
  view.mine += static_cast<int>(differences.size());
  view.items.insert(waiting, differences.begin(), differences.end());
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
