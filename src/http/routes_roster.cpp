// Rosters as the packs declare them, with their delivery by area and period.

#include "area/unit.h"
#include "compare/pair.h"
#include "http/answer.h"
#include "http/response.h"
#include "http/routes_compare.h"
#include "http/schema_from.h"
#include "ledger/delivery.h"
#include "compare/roster_sheet.h"
#include "http/value_from_json.h"

namespace yihu::http {
namespace {

using access::Permission;

struct RosterLine {
  std::string id;
  base::Text label;
  base::Text system;
  int article = 0;
  std::string owner;
  base::Text owner_name;
  std::string period;
  std::string current_period;
  bool authorisation = false;
  bool can_change = false;
  std::string last_run;
  std::string last_period;
  std::optional<base::Instant> last_at;
  int delivered_areas = 0;
  std::int64_t open = 0;
  std::int64_t due = 0;
};
BOOST_DESCRIBE_STRUCT(RosterLine, (), (id, label, system, article, owner, owner_name, period, current_period, authorisation, can_change, last_run, last_period, last_at, delivered_areas, open, due))

struct RosterList {
  std::vector<RosterLine> items;
  std::int64_t pairs_open = 0;
};
BOOST_DESCRIBE_STRUCT(RosterList, (), (items, pairs_open))

struct RosterColumnView {
  std::string id;
  base::Text label;
  std::string type;
  std::string answers;
  double tolerance = 0;
};
BOOST_DESCRIBE_STRUCT(RosterColumnView, (), (id, label, type, answers, tolerance))

struct RosterRuleView {
  std::string kind;
  base::Text label;
  std::string owner;
  base::Text owner_name;
  int above = 0;
};
BOOST_DESCRIBE_STRUCT(RosterRuleView, (), (kind, label, owner, owner_name, above))

struct RosterDeliveryView {
  std::string area;
  std::string period;
  base::Date delivered_on;
};
BOOST_DESCRIBE_STRUCT(RosterDeliveryView, (), (area, period, delivered_on))

struct RosterDetail {
  RosterLine roster;
  std::vector<RosterColumnView> columns;
  std::vector<RosterRuleView> rules;
  std::vector<RosterDeliveryView> deliveries;
  std::string source;
  bool unverified = false;
};
BOOST_DESCRIBE_STRUCT(RosterDetail, (), (roster, columns, rules, deliveries, source, unverified))

struct RosterAsk {
  std::string reason;
  std::optional<std::string> period;
  std::optional<std::string> area;
};
BOOST_DESCRIBE_STRUCT(RosterAsk, (), (reason, period, area))

constexpr const char* workbook_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

base::Text unit_name(const pack::Pack& pack, const std::string& id) {
  const pack::Unit* unit = pack.unit(id);
  if (unit == nullptr) return {id, id};
  return unit->short_name.empty() ? unit->name : unit->short_name;
}

base::Result<RosterLine> line_from(const CompareServices& services, const Context& context, const pack::Roster& roster) {
  RosterLine out;
  out.id = roster.id;
  out.label = roster.label;
  out.system = roster.system;
  out.article = roster.sheet.article;
  out.owner = roster.sheet.owner;
  out.owner_name = unit_name(services.rosters.pack(), roster.sheet.owner);
  out.period = pack::name_of(roster.sheet.period);
  out.current_period = ledger::period_on(roster.sheet.period, context.today);
  out.authorisation = !roster.authorisation.empty();
  out.can_change = TRY(compare::may_change(context.session, context.viewer, roster));
  for (const compare::Run& run : TRY(compare::list_runs(context.session, roster.id, 1))) {
    out.last_run = run.id;
    out.last_period = run.period;
    out.last_at = run.made_at;
  }
  out.delivered_areas = static_cast<int>(TRY(ledger::read_deliveries(context.session, roster.id, out.current_period)).size());
  if (context.viewer.may(Permission::register_read)) {
    for (const compare::DiscrepancyGroup& group : TRY(compare::discrepancy_groups(context.session, services.rosters, context.viewer, roster.id))) {
      out.open += group.open;
      out.due += group.due ? 1 : 0;
    }
  }
  return out;
}

base::Result<Response> list(const CompareServices& services, const Request& request, Context& context) {
  RosterList out;
  for (const pack::Roster& roster : services.rosters.declared().all) out.items.push_back(TRY(line_from(services, context, roster)));
  if (context.viewer.may(Permission::register_read)) {
    out.pairs_open = TRY(compare::list_pairs(context.session, services.secrets, services.rosters, context.viewer, "", false, 0)).open;
  }
  return answer(out, request.language);
}

base::Result<Response> read(const CompareServices& services, const Request& request, Context& context) {
  const pack::Roster& roster = *TRY(services.rosters.find(request.path.at("roster")));
  RosterDetail out{TRY(line_from(services, context, roster)), {}, {}, {}, roster.source.document, roster.source.unverified};
  for (std::size_t i = 0; i < roster.answers.size(); ++i) {
    const pack::Column& column = roster.sheet.columns[i];
    const pack::Answers& answers = roster.answers[i];
    out.columns.push_back({column.id, column.label, std::string(pack::name_of(column.type)), answers.table.empty() ? "" : answers.table + "." + answers.column, answers.tolerance});
  }
  for (const pack::DiscrepancyRule& rule : roster.rules) {
    out.rules.push_back({std::string(pack::name_of(rule.kind)), compare::cause_label(services.rosters, roster, rule.kind, ""), rule.owner,
                         unit_name(services.rosters.pack(), rule.owner), rule.above});
  }
  for (const ledger::Delivery& one : TRY(ledger::read_deliveries(context.session, roster.id, "*"))) out.deliveries.push_back({one.area, one.period, one.delivered_on});
  return answer(out, request.language);
}

base::Result<Step> ask(const CompareServices& services, const Request& request, Context& context) {
  const pack::Roster& roster = *TRY(services.rosters.find(request.path.at("roster")));
  const auto wanted = TRY(value_from_json<RosterAsk>(request.json));
  const compare::SheetFor sheet{services.rosters, services.secrets, roster, context.viewer, wanted.period.value_or(""), wanted.area.value_or(""), request.language};
  auto list = TRY(compare::list_out(context.session, sheet, wanted.reason, context.store.clock().now()));
  return Step([services, &roster, wanted, list = std::move(list), viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const compare::SheetFor of{services.rosters, services.secrets, roster, viewer, wanted.period.value_or(""), wanted.area.value_or(""), language};
    TRY(compare::journal_list_out(transaction, of, wanted.reason, list.people));
    return attachment(list.bytes, workbook_type, roster.label.in(language) + base::text("（请填写）.xlsx", " (to be filled in).xlsx").in(language));
  });
}

base::Result<Response> corrections(const CompareServices& services, const Request& request, Context& context) {
  const pack::Roster& roster = *TRY(services.rosters.find(request.path.at("roster")));
  const compare::SheetFor sheet{services.rosters, services.secrets, roster, context.viewer, "", request.query.at("area"), request.language};
  return attachment(TRY(compare::corrections(context.session, sheet, context.store.clock().now())), workbook_type,
                    roster.label.in(request.language) + base::text("（更正）.xlsx", " (corrections).xlsx").in(request.language));
}

}  // namespace

std::vector<Route> roster_routes(const CompareServices& services) {
  const auto reading = [&](auto work) { return Read([services, work](const Request& request, Context& context) { return work(services, request, context); }); };
  const boost::json::object area{{"area", {{"type", "string"}, {"maxLength", 12}}}};
  std::vector<Route> routes;
  routes.push_back({.path = "/api/v1/rosters", .name = "listRosters", .summary = base::text("部门名册", "The rosters of the packs, with their last delivery"),
                    .permission = Permission::ledger_read, .answer_schema = schema_of<RosterList>(), .handler = reading(list)});
  routes.push_back({.path = "/api/v1/rosters/{roster}", .name = "readRoster", .summary = base::text("一份名册：列、规则、报送", "One roster: columns, rules, deliveries"),
                    .permission = Permission::ledger_read, .answer_schema = schema_of<RosterDetail>(), .handler = reading(read)});
  routes.push_back({.method = Method::post, .path = "/api/v1/rosters/{roster}/list-out", .name = "askRoster",
                    .summary = base::text("发给部门填写的名单（含证件号码，记入日志）", "A list for the department to answer, with document numbers; journalled"),
                    .permission = Permission::private_open, .pace = Pace::slow, .body_schema = body_schema_of<RosterAsk>(), .answers_once = true,
                    .answer_type = workbook_type,
                    .handler = Prepare([services](const Request& request, Context& context) { return ask(services, request, context); })});
  routes.push_back({.path = "/api/v1/rosters/{roster}/corrections", .name = "readRosterCorrections",
                    .summary = base::text("请部门更正的内容", "What the department should correct, as a workbook"), .permission = Permission::register_read,
                    .pace = Pace::slow, .query_schema = area, .answer_type = workbook_type, .handler = reading(corrections)});
  return routes;
}

}  // namespace yihu::http
