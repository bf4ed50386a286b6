// Policy and its figures: what if it were otherwise, the goal board, frozen lists, indicators, how far the sweep is.

#include "http/answer.h"
#include "http/routes_screen.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"
#include "screen/goal.h"
#include "screen/sweep_status.h"
#include "screen/what_if.h"

namespace yihu::http {
namespace {

using access::Permission;

constexpr std::int64_t memory_bytes_max = 2LL << 30;

struct Goals {
  std::vector<screen::GoalView> items;
};
BOOST_DESCRIBE_STRUCT(Goals, (), (items))

struct GoalMembers {
  std::vector<screen::GoalMember> items;
};
BOOST_DESCRIBE_STRUCT(GoalMembers, (), (items))

struct Indicators {
  std::vector<screen::IndicatorLine> items;
};
BOOST_DESCRIBE_STRUCT(Indicators, (), (items))

base::Result<Response> what_if(const ScreenServices& services, const Request& request, Context& context) {
  const auto draft = TRY(value_from_json<screen::Draft>(request.json));
  screen::SweepOptions options;
  options.today = context.today;
  options.duckdb.memory_bytes_max = memory_bytes_max;
  options.watch.cancel = request.cancel;
  return answer(TRY(screen::what_if(context.session, *services.book, context.viewer, draft, options)), request.language);
}

base::Result<Response> goals(const ScreenServices& services, const Request& request, Context& context) {
  return answer(Goals{TRY(screen::goals(context.session, *services.book, context.today))}, request.language);
}

base::Result<Response> members(const ScreenServices& services, const Request& request, Context& context) {
  return answer(GoalMembers{TRY(screen::goal_members(context.session, *services.book, context.viewer, request.path.at("goal"), context.today))},
                request.language);
}

base::Result<Step> freeze(const ScreenServices& services, const Request& request, Context& context) {
  const auto wanted = TRY(value_from_json<screen::NewCohort>(request.json));
  return Step([services, wanted, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    return answer(TRY(screen::freeze_cohort(transaction, *services.book, viewer, wanted)), language, 201);
  });
}

base::Result<Response> indicators(const ScreenServices& services, const Request& request, Context& context) {
  return answer(Indicators{TRY(screen::indicator_views(context.session, *services.book))}, request.language);
}

base::Result<Response> status(const ScreenServices& services, const Request& request, Context& context) {
  return answer(TRY(screen::sweep_status(context.session, *services.book, context.today)), request.language);
}

template <class Handler>
Read bound(const ScreenServices& services, Handler handler) {
  return [services, handler](const Request& request, Context& context) { return handler(services, request, context); };
}

}  // namespace

std::vector<Route> screen_policy_routes(const ScreenServices& services) {
  std::vector<Route> routes;
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/what-if",
                    .name = "tryDraft",
                    .summary = base::text("政策试算：改一个标准或条件，看谁进谁出、花多少钱", "Try a figure or a condition: who joins and leaves, at what cost. Writes nothing"),
                    .permission = Permission::register_read,
                    .pace = Pace::slow,
                    .body_schema = schema_of<screen::Draft>(),
                    .answer_schema = schema_of<screen::WhatIf>(),
                    .handler = bound(services, what_if)});
  routes.push_back({.path = "/api/v1/goals",
                    .name = "listGoals",
                    .summary = base::text("目标看板", "The goal board: frozen lists and how each stands"),
                    .permission = Permission::plan_read,
                    .answer_schema = schema_of<Goals>(),
                    .handler = bound(services, goals)});
  routes.push_back({.path = "/api/v1/goals/{goal}/members",
                    .name = "listGoalMembers",
                    .summary = base::text("目标名单中的农户", "The households of a goal's list, with each one's state"),
                    .permission = Permission::register_read,
                    .answer_schema = schema_of<GoalMembers>(),
                    .handler = bound(services, members)});
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/cohorts",
                    .name = "freezeCohort",
                    .summary = base::text("锁定一份名单", "Freeze a list of households; it can never be changed"),
                    .permission = Permission::status_change,
                    .body_schema = schema_of<screen::NewCohort>(),
                    .answer_schema = schema_of<screen::Cohort>(),
                    .answer_status = 201,
                    .handler = Prepare([services](const Request& request, Context& context) { return freeze(services, request, context); })});
  routes.push_back({.path = "/api/v1/indicators",
                    .name = "listIndicators",
                    .summary = base::text("指标", "Indicators, as last worked out"),
                    .permission = Permission::plan_read,
                    .answer_schema = schema_of<Indicators>(),
                    .handler = bound(services, indicators)});
  routes.push_back({.path = "/api/v1/sweep",
                    .name = "readSweep",
                    .summary = base::text("筛查进度", "How far screening is"),
                    .permission = Permission::plan_read,
                    .answer_schema = schema_of<screen::SweepStatus>(),
                    .handler = bound(services, status)});
  return routes;
}

}  // namespace yihu::http
