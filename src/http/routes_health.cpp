#include "http/routes_health.h"

#include "http/answer.h"
#include "http/openapi.h"
#include "http/schema_from.h"

namespace yihu::http {
namespace {

struct Health {
  std::string status;
  std::string version;
};
BOOST_DESCRIBE_STRUCT(Health, (), (status, version))

}  // namespace

std::vector<Route> health_routes(std::string version) {
  std::vector<Route> routes;
  routes.push_back({.method = Method::get,
                    .path = "/health",
                    .name = "readHealth",
                    .summary = base::text("服务是否正常", "Whether the server and its store answer"),
                    .entry = Entry::open,
                    .answer_schema = schema_of<Health>(),
                    // A session of the store was lent for this, so an answer says that the store is there too.
                    .handler = Read([version](const Request& request, Context&) -> base::Result<Response> {
                      return answer(Health{"ok", version}, request.language);
                    })});
  routes.push_back({.method = Method::get,
                    .path = "/api/v1/events",
                    .name = "readEvents",
                    .summary = base::text("变更通知", "What changes, as server-sent events"),
                    .answer_type = "text/event-stream",
                    .handler = Stream{}});
  return routes;
}

void add_description(std::vector<Route>& routes, std::string_view version) {
  auto described = std::make_shared<std::string>();
  routes.push_back({.method = Method::get,
                    .path = "/api/v1/openapi.json",
                    .name = "readDescription",
                    .summary = base::text("接口说明", "This description"),
                    .answer_schema = boost::json::object{{"type", "object"}},
                    .keep = Keep{{"description"}},
                    .handler = Read([described](const Request&, Context&) -> base::Result<Response> {
                      return Response{.body = *described};
                    })});
  *described = description(routes, version);
}

std::string description(const std::vector<Route>& routes, std::string_view version) {
  return boost::json::serialize(openapi_from(routes, version));
}

}  // namespace yihu::http
