// Discrepancies: lists, counts by cause, and how each is settled.

#include "http/answer.h"
#include "http/page.h"
#include "http/response.h"
#include "http/routes_compare.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"

namespace yihu::http {
namespace {

using access::Permission;

struct DiscrepancyView {
  std::string id;
  std::string roster;
  base::Text roster_label;
  std::string period;
  std::string kind;
  base::Text kind_label;
  std::string cause;
  base::Text cause_label;
  std::string household;
  std::string name;
  std::string village;
  std::string owner;
  int line = 0;
  std::string theirs;
  std::string ours;
  std::string state;
  std::string note;
  bool can_accept = false;
  base::Instant found_at;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(DiscrepancyView, (), (id, roster, roster_label, period, kind, kind_label, cause, cause_label, household, name, village, owner, line, theirs, ours, state, note, can_accept, found_at, version))

struct DiscrepancyGroupView {
  std::string roster;
  base::Text roster_label;
  std::string kind;
  base::Text kind_label;
  std::string cause;
  base::Text cause_label;
  std::string owner;
  base::Text owner_name;
  std::int64_t open = 0;
  std::int64_t accepted = 0;
  std::int64_t kept = 0;
  int above = 0;
  bool due = false;
};
BOOST_DESCRIBE_STRUCT(DiscrepancyGroupView, (), (roster, roster_label, kind, kind_label, cause, cause_label, owner, owner_name, open, accepted, kept, above, due))

struct DiscrepancyGroups {
  std::vector<DiscrepancyGroupView> items;
};
BOOST_DESCRIBE_STRUCT(DiscrepancyGroups, (), (items))

struct DiscrepancySettling {
  std::int64_t version = 0;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(DiscrepancySettling, (), (version, reason))

base::Text roster_label(const CompareServices& services, const std::string& id) {
  const pack::Roster* roster = services.rosters.declared().find(id);
  return roster == nullptr ? base::Text{id, id} : roster->label;
}

base::Text kind_label(const std::string& kind) {
  const auto known = pack::discrepancy_kind_from(kind);
  return known ? compare::label_of(*known) : base::Text{kind, kind};
}

DiscrepancyView view_of(const CompareServices& services, const compare::Discrepancy& one) {
  return {one.id, one.roster, roster_label(services, one.roster), one.period, one.kind, kind_label(one.kind), one.cause, one.cause_label, one.household, one.name,
          one.village, one.owner, one.line, one.theirs, one.ours, one.state, one.note, one.can_accept, one.found_at, one.version};
}

base::Result<Response> list(const CompareServices& services, const Request& request, Context& context) {
  const Page page = TRY(page_from(request, 2));
  compare::DiscrepancyFilter filter{.roster = request.query.at("roster"), .kind = request.query.at("kind"), .cause = request.query.at("cause"), .area = request.query.at("area")};
  if (const std::string* state = request.query.find("state"); state != nullptr && !state->empty()) filter.state = compare::discrepancy_state_from(*state);
  if (!page.after.empty()) {
    filter.after_village = page.after[0];
    filter.after = page.after[1];
  }
  filter.limit = page.limit + 1;
  List<DiscrepancyView> out;
  for (const compare::Discrepancy& one : TRY(compare::list_discrepancies(context.session, services.secrets, services.rosters, context.viewer, filter))) {
    out.items.push_back(view_of(services, one));
  }
  if (static_cast<int>(out.items.size()) > page.limit) {
    out.items.pop_back();
    out.next = key_from({out.items.back().village, out.items.back().id});
  }
  return answer(out, request.language);
}

base::Result<Response> groups(const CompareServices& services, const Request& request, Context& context) {
  DiscrepancyGroups out;
  for (const compare::DiscrepancyGroup& one : TRY(compare::discrepancy_groups(context.session, services.rosters, context.viewer, request.query.at("roster")))) {
    const pack::Unit* owner = services.rosters.pack().unit(one.owner);
    out.items.push_back({one.roster, roster_label(services, one.roster), one.kind, kind_label(one.kind), one.cause, one.cause_label, one.owner,
                         owner == nullptr ? base::Text{one.owner, one.owner} : owner->short_name.empty() ? owner->name : owner->short_name, one.open, one.accepted, one.kept, one.above, one.due});
  }
  return answer(out, request.language);
}

enum class Settling { accept, keep, reopen };

base::Result<Step> settle(const CompareServices& services, const Request& request, Context& context, Settling how) {
  const auto wanted = TRY(value_from_json<DiscrepancySettling>(request.json));
  return Step([services, wanted, how, id = request.path.at("discrepancy"), viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    switch (how) {
      case Settling::accept: TRY(compare::accept_discrepancy(transaction, services.secrets, services.rosters, viewer, id, wanted.version)); break;
      case Settling::keep:
        TRY(compare::keep_discrepancy(transaction, services.secrets, services.rosters, viewer, id, wanted.version, wanted.reason.value_or("")));
        break;
      case Settling::reopen: TRY(compare::reopen_discrepancy(transaction, services.secrets, services.rosters, viewer, id, wanted.version)); break;
    }
    return answer(view_of(services, TRY(compare::read_discrepancy(transaction, services.secrets, services.rosters, viewer, id))), language);
  });
}

}  // namespace

std::vector<Route> discrepancy_routes(const CompareServices& services) {
  const auto reading = [&](auto work) { return Read([services, work](const Request& request, Context& context) { return work(services, request, context); }); };
  const boost::json::object text{{"type", "string"}, {"maxLength", 100}};
  std::vector<Route> routes;
  routes.push_back({.path = "/api/v1/discrepancies", .name = "listDiscrepancies", .summary = base::text("比对差异", "Discrepancies, by village; open ones unless another state is asked for"),
                    .permission = Permission::register_read,
                    .query_schema = page_schema({{"roster", text}, {"kind", text}, {"cause", text}, {"area", text},
                                                 {"state", {{"type", "string"}, {"enum", {"open", "accepted", "kept", "gone"}}}}}),
                    .answer_schema = schema_of<List<DiscrepancyView>>(), .handler = reading(list)});
  routes.push_back({.path = "/api/v1/discrepancy-groups", .name = "listDiscrepancyGroups", .summary = base::text("比对差异，按原因", "Discrepancies by cause, with those above their threshold"),
                    .permission = Permission::register_read, .query_schema = boost::json::object{{"roster", text}}, .answer_schema = schema_of<DiscrepancyGroups>(),
                    .handler = reading(groups)});
  const auto add = [&](const char* path, const char* name, base::Text summary, Settling how) {
    routes.push_back({.method = Method::post, .path = path, .name = name, .summary = std::move(summary), .permission = Permission::register_read,
                      .body_schema = body_schema_of<DiscrepancySettling>(), .answer_schema = schema_of<DiscrepancyView>(),
                      .handler = Prepare([services, how](const Request& request, Context& context) { return settle(services, request, context, how); })});
  };
  add("/api/v1/discrepancies/{discrepancy}/accept", "acceptDiscrepancy", base::text("采纳部门数据", "Takes the department's value"), Settling::accept);
  add("/api/v1/discrepancies/{discrepancy}/keep", "keepDiscrepancy", base::text("保留登记簿数据，并说明依据", "Keeps ours, and says why"), Settling::keep);
  add("/api/v1/discrepancies/{discrepancy}/reopen", "reopenDiscrepancy", base::text("重新打开", "Opens a kept one again"), Settling::reopen);
  return routes;
}

}  // namespace yihu::http
