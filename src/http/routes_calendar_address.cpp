// Secret addresses of the own calendar feeds.

#include "access/calendar_address.h"
#include "http/account.h"
#include "http/answer.h"
#include "http/response.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"

namespace yihu::http {
namespace {

struct CalendarAddress {
  std::string id;
  std::optional<UnitName> unit;
  base::Instant made_at;
};
BOOST_DESCRIBE_STRUCT(CalendarAddress, (), (id, unit, made_at))

struct NewCalendarAddress {
  std::optional<base::UnitId> unit_id;
};
BOOST_DESCRIBE_STRUCT(NewCalendarAddress, (), (unit_id))

struct MadeCalendarAddress {
  std::string id;
  std::string address;  ///< path on this server, shown once
};
BOOST_DESCRIBE_STRUCT(MadeCalendarAddress, (), (id, address))

base::Result<Response> list(const AccessServices& services, const Request& request, Context& context) {
  const auto units = TRY(services.shelf.directory(context.session));
  List<CalendarAddress> out;
  for (const access::CalendarAddress& address : TRY(access::list_calendar_addresses(context.session, context.viewer))) {
    CalendarAddress row{address.id, {}, address.made_at};
    if (address.unit) row.unit = unit_name(*address.unit, *units);
    out.items.push_back(std::move(row));
  }
  return answer(out, request.language);
}

base::Result<Step> make(const AccessServices& services, const Request& request, Context& context) {
  const NewCalendarAddress body = TRY(value_from_json<NewCalendarAddress>(request.json));
  return Step([services, body, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const auto made = TRY(access::make_calendar_address(transaction, services.rooms.secrets, viewer, body.unit_id));
    return answer(MadeCalendarAddress{made.address.id, "/calendar/" + made.secret + ".ics"}, language, 201);
  });
}

base::Result<Step> end(const Request& request, Context& context) {
  const std::string id = request.path.at("address");
  return Step([id, viewer = context.viewer](store::Transaction& transaction) -> base::Result<Response> {
    TRY(access::end_calendar_address(transaction, viewer, id));
    return nothing();
  });
}

}  // namespace

std::vector<Route> calendar_address_routes(const AccessServices& services) {
  std::vector<Route> routes;
  routes.push_back({.method = Method::get,
                    .path = "/api/v1/calendar-addresses",
                    .name = "listCalendarAddresses",
                    .summary = base::text("日历地址", "The own secret calendar addresses, without their secrets"),
                    .permission = access::Permission::plan_read,
                    .answer_schema = schema_of<List<CalendarAddress>>(),
                    .handler = Read([services](const Request& request, Context& context) { return list(services, request, context); })});
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/calendar-addresses",
                    .name = "makeCalendarAddress",
                    .summary = base::text("生成日历地址", "Makes a secret calendar address, told once"),
                    .permission = access::Permission::plan_read,
                    .body_schema = body_schema_of<NewCalendarAddress>(),
                    .answer_schema = schema_of<MadeCalendarAddress>(),
                    .answers_once = true,
                    .answer_status = 201,
                    .handler = Prepare([services](const Request& request, Context& context) { return make(services, request, context); })});
  routes.push_back({.method = Method::remove,
                    .path = "/api/v1/calendar-addresses/{address}",
                    .name = "endCalendarAddress",
                    .summary = base::text("停用日历地址", "Ends a calendar address"),
                    .answer_status = 204,
                    .handler = Prepare([](const Request& request, Context& context) { return end(request, context); })});
  return routes;
}

}  // namespace yihu::http
