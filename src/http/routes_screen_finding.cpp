// Findings as lists and counts, and the rules behind them.

#include "http/answer.h"
#include "http/page.h"
#include "http/routes_screen.h"
#include "http/schema_from.h"
#include "screen/finding_list.h"
#include "screen/undecided.h"

#include <boost/describe/enum_from_string.hpp>

namespace yihu::http {
namespace {

using access::Permission;

struct FindingCounts {
  std::vector<screen::FindingCount> items;
};
BOOST_DESCRIBE_STRUCT(FindingCounts, (), (items))

struct RuleCounts {
  std::vector<screen::RuleCount> items;
};
BOOST_DESCRIBE_STRUCT(RuleCounts, (), (items))

base::Result<Response> list(const ScreenServices& services, const Request& request, Context& context) {
  const Page page = TRY(page_from(request, 2));
  screen::FindingFilter filter;
  filter.rule = request.query.at("rule");
  filter.area = request.query.at("area");
  filter.household = request.query.at("household");
  if (const std::string* asked = request.query.find("state"); asked != nullptr) {
    screen::FindingState state{};
    filter.state = boost::describe::enum_from_string(asked->c_str(), state) ? std::optional(state) : std::nullopt;
  }
  if (!page.after.empty()) {
    filter.after_village = page.after[0];
    filter.after = page.after[1];
  }
  filter.limit = page.limit + 1;
  List<screen::FindingLine> out{TRY(screen::findings(context.session, *services.book, context.viewer, filter)), {}};
  if (static_cast<int>(out.items.size()) > page.limit) {
    out.items.pop_back();
    out.next = key_from({out.items.back().village, out.items.back().id});
  }
  return answer(out, request.language);
}

base::Result<Response> counts(const ScreenServices& services, const Request& request, Context& context) {
  return answer(FindingCounts{TRY(screen::finding_counts(context.session, *services.book, context.viewer, request.query.at("area")))},
                request.language);
}

base::Result<Response> rules(const ScreenServices& services, const Request& request, Context& context) {
  return answer(RuleCounts{TRY(screen::rule_counts(context.session, *services.book, context.viewer, request.query.at("area")))},
                request.language);
}

base::Result<Response> undecided(const ScreenServices& services, const Request& request, Context& context) {
  const Page page = TRY(page_from(request, 2));
  screen::UndecidedFilter filter{.rule = request.path.at("rule"), .area = request.query.at("area"), .limit = page.limit};
  if (!page.after.empty()) {
    filter.after_village = page.after[0];
    filter.after = page.after[1];
  }
  screen::Undecided found = TRY(screen::undecided(context.session, *services.book, context.viewer, filter, context.today));
  List<screen::UndecidedLine> out{std::move(found.lines), {}};
  if (found.next) out.next = key_from({found.next->first, found.next->second});
  return answer(out, request.language);
}

template <class Handler>
Read bound(const ScreenServices& services, Handler handler) {
  return [services, handler](const Request& request, Context& context) { return handler(services, request, context); };
}

const boost::json::object area_query{{"area", {{"type", "string"}, {"maxLength", 12}}}};

boost::json::object list_query() {
  boost::json::object out = area_query;
  out["rule"] = {{"type", "string"}, {"maxLength", 100}};
  out["household"] = {{"type", "string"}, {"maxLength", 36}};
  out["state"] = {{"type", "string"}, {"enum", {"open", "unknown", "closed", "all"}}};
  return out;
}

}  // namespace

std::vector<Route> screen_finding_routes(const ScreenServices& services) {
  std::vector<Route> routes;
  routes.push_back({.path = "/api/v1/findings",
                    .name = "listFindings",
                    .summary = base::text("问题线索", "Findings, by village; open ones unless another state is asked for"),
                    .permission = Permission::register_read,
                    .query_schema = page_schema(list_query()),
                    .answer_schema = schema_of<List<screen::FindingLine>>(),
                    .handler = bound(services, list)});
  routes.push_back({.path = "/api/v1/finding-counts",
                    .name = "countFindings",
                    .summary = base::text("问题线索数，按规则和镇", "Findings by rule and town"),
                    .permission = Permission::register_read,
                    .query_schema = area_query,
                    .answer_schema = schema_of<FindingCounts>(),
                    .handler = bound(services, counts)});
  routes.push_back({.path = "/api/v1/rules",
                    .name = "listRules",
                    .summary = base::text("规则及其判定人数", "The rules, with how many are well, found, or not yet known"),
                    .permission = Permission::register_read,
                    .query_schema = area_query,
                    .answer_schema = schema_of<RuleCounts>(),
                    .handler = bound(services, rules)});
  routes.push_back({.path = "/api/v1/rules/{rule}/undecided",
                    .name = "listUndecided",
                    .summary = base::text("规则因数据不全还不能判断的对象，及缺哪一项", "Of whom a rule cannot decide yet, by village, and which cells are missing; a page may be short"),
                    .permission = Permission::register_read,
                    .query_schema = page_schema(area_query),
                    .answer_schema = schema_of<List<screen::UndecidedLine>>(),
                    .handler = bound(services, undecided)});
  return routes;
}

}  // namespace yihu::http
