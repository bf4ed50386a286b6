// How a household stands, and why.

#include "http/answer.h"
#include "http/routes_screen.h"
#include "http/schema_from.h"
#include "screen/explanation.h"
#include "screen/household_standing.h"
#include "screen/light_count.h"

namespace yihu::http {
namespace {

using access::Permission;

struct LightCounts {
  std::vector<screen::LightCount> items;
};
BOOST_DESCRIBE_STRUCT(LightCounts, (), (items))

base::Result<Response> standing(const ScreenServices& services, const Request& request, Context& context) {
  const auto out = TRY(screen::household_standing(context.session, *services.book, context.viewer, request.path.at("household"), context.today));
  return answer(out, request.language);
}

base::Result<Response> explanation(const ScreenServices& services, const Request& request, Context& context) {
  const auto out = TRY(screen::explain(context.session, *services.book, context.store.secrets(), context.viewer, request.path.at("rule"), request.path.at("subject"), context.today));
  return answer(out, request.language);
}

base::Result<Response> lights(const ScreenServices& services, const Request& request, Context& context) {
  return answer(LightCounts{TRY(screen::light_counts(context.session, *services.book, context.viewer, request.query.at("area")))}, request.language);
}

template <class Handler>
Read bound(const ScreenServices& services, Handler handler) {
  return [services, handler](const Request& request, Context& context) { return handler(services, request, context); };
}

}  // namespace

std::vector<Route> screen_household_routes(const ScreenServices& services) {
  std::vector<Route> routes;
  routes.push_back({.path = "/api/v1/households/{household}/standing",
                    .name = "readHouseholdStanding",
                    .summary = base::text("一户的六盏灯与应享政策", "A household's lights, what it is entitled to, has and lacks"),
                    .permission = Permission::register_read,
                    .answer_schema = schema_of<screen::HouseholdStanding>(),
                    .handler = bound(services, standing)});
  routes.push_back({.path = "/api/v1/rules/{rule}/explanation/{subject}",
                    .name = "explainRule",
                    .summary = base::text("一条规则对某户、某人或某村的判定依据", "Why a rule says what it says of a household, person or village"),
                    .permission = Permission::register_read,
                    .answer_schema = schema_of<screen::Explanation>(),
                    .handler = bound(services, explanation)});
  routes.push_back({.path = "/api/v1/lights",
                    .name = "countLights",
                    .summary = base::text("各村六盏灯的户数", "Listed households by village and state of each light"),
                    .permission = Permission::register_read,
                    .query_schema = boost::json::object{{"area", {{"type", "string"}, {"maxLength", 12}}}},
                    .answer_schema = schema_of<LightCounts>(),
                    .handler = bound(services, lights)});
  return routes;
}

std::vector<Route> screen_routes(const ScreenServices& services) {
  std::vector<Route> all;
  for (auto part : {screen_household_routes, screen_finding_routes, screen_policy_routes}) {
    for (Route& route : part(services)) all.push_back(std::move(route));
  }
  return all;
}

}  // namespace yihu::http
