#include "http/routes_access.h"

#include "http/account.h"

namespace yihu::http {
namespace {

class SessionVisitors final : public Visitors {
 public:
  explicit SessionVisitors(access::Sessions& sessions) : sessions_(sessions) {}
  base::Result<std::shared_ptr<const access::Visitor>> visitor(std::string_view token, bool active) override {
    return sessions_.visitor(token, active);
  }

 private:
  access::Sessions& sessions_;
};

}  // namespace

std::unique_ptr<Visitors> visitors_from(access::Sessions& sessions) { return std::make_unique<SessionVisitors>(sessions); }

std::vector<Route> access_routes(const AccessServices& services) {
  std::vector<Route> all;
  for (auto part : {session_routes, user_routes, calendar_address_routes}) {
    for (Route& route : part(services)) all.push_back(std::move(route));
  }
  return all;
}

}  // namespace yihu::http
