// Calendar feeds at secret addresses: read by phones and calendar programs, which cannot sign in.

#include "access/calendar_address.h"
#include "http/routes_plan.h"
#include "plan/tracking/plan_calendar.h"

namespace yihu::http {
namespace {

/// The day's first second: the feed then stays byte for byte the same until something in it changes.
base::Instant stamp_of(base::Date day) {
  const auto since = std::chrono::sys_days{day}.time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

base::Result<Response> feed(const PlanServices& services, const Request& request, Context& context) {
  const auto reader = TRY(access::read_calendar_address(context.session, services.secrets, services.roles,
                                                        request.path.at("secret"), context.today));
  std::vector<base::UnitId> wanted;
  if (reader.address.unit) {
    wanted.push_back(*reader.address.unit);
  } else {
    for (const access::Post& post : reader.viewer.posts) wanted.push_back(post.unit);
  }
  plan::Calendar calendar{base::text("要点", "Plan").in(request.language), {}};
  const auto head = TRY(plan::current_plan(context.session, static_cast<int>(context.today.year())));
  if (head && reader.viewer.may(access::Permission::plan_read)) {
    const auto plan = TRY(services.shelf.plan(context.session, head->id));
    const auto units = TRY(services.shelf.directory(context.session));
    const plan::Facts facts = TRY(plan::load_facts(context.session, plan->id));
    calendar = plan::calendar_of(*plan, facts, *units, wanted, context.today, stamp_of(context.today), request.language);
  }
  Response response;
  response.body = plan::icalendar_from(calendar);
  response.content_type = "text/calendar; charset=utf-8";
  response.headers.emplace_back("Cache-Control", "private, max-age=900");
  return response;
}

}  // namespace

std::vector<Route> calendar_routes(const PlanServices& services) {
  std::vector<Route> routes;
  routes.push_back({.path = "/calendar/{secret}.ics",
                    .name = "readCalendar",
                    .summary = base::text("日历订阅", "An iCalendar feed of what falls due, at a secret address"),
                    .entry = Entry::open,
                    .answer_type = "text/calendar",
                    .handler = Read([services](const Request& request, Context& context) { return feed(services, request, context); })});
  return routes;
}

}  // namespace yihu::http
