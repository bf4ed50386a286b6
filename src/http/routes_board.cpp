// Plans as they are looked at: list, board, task, workbench of a unit, the document, differences.

#include "http/answer.h"
#include "http/page.h"
#include "http/routes_plan.h"
#include "http/schema_from.h"
#include "plan/tracking/board.h"
#include "plan/tracking/difference.h"
#include "plan/tracking/measure_page.h"

#include <algorithm>
#include <charconv>

namespace yihu::http {
namespace {

using access::Permission;

struct Differences {
  std::vector<plan::DifferenceLine> items;
};
BOOST_DESCRIBE_STRUCT(Differences, (), (items))

auto no_such(const char* code, const char* zh, const char* en) {
  return base::fail(base::ErrorKind::not_found, code, base::Text{zh, en});
}

base::Result<Response> list(const Request& request, Context& context) {
  const Page page = TRY(page_from(request, 1));
  List<plan::PlanLine> out;
  bool begun = page.after.empty();
  for (const plan::PlanHead& head : TRY(plan::plan_heads(context.session))) {
    if (!begun) {
      begun = head.id.value == page.after.front();
      continue;
    }
    if (static_cast<int>(out.items.size()) == page.limit) {
      out.next = key_from({out.items.back().id.value});
      break;
    }
    out.items.push_back(plan::plan_line(head));
  }
  return answer(out, request.language);
}

base::Result<Response> board(const PlanServices& services, const Request& request, Context& context) {
  const auto plan = TRY(plan_at(services, request.path.at("plan"), context));
  const auto units = TRY(services.shelf.directory(context.session));
  const plan::Facts facts = TRY(plan::load_facts(context.session, plan->id));
  return answer(plan::board_of(*plan, facts, *units, context.today), request.language);
}

base::Result<Response> task(const PlanServices& services, const Request& request, Context& context) {
  const auto plan = TRY(plan_at(services, request.path.at("plan"), context));
  const std::string& asked = request.path.at("no");
  int no = 0;
  const auto [end, error] = std::from_chars(asked.data(), asked.data() + asked.size(), no);
  if (error != std::errc() || end != asked.data() + asked.size()) return no_such("task_unknown", "没有这项任务。", "There is no such task.");
  const auto units = TRY(services.shelf.directory(context.session));
  const plan::Facts facts = TRY(plan::load_facts(context.session, plan->id));
  const auto view = plan::task_view(*plan, no, facts, *units, context.today);
  if (!view) return no_such("task_unknown", "没有这项任务。", "There is no such task.");
  return answer(*view, request.language);
}

base::Result<Response> measures(const PlanServices& services, const Request& request, Context& context) {
  const auto plan = TRY(plan_at(services, request.path.at("plan"), context));
  const auto units = TRY(services.shelf.directory(context.session));
  const plan::Facts facts = TRY(plan::load_facts(context.session, plan->id));
  std::optional<plan::State> state;
  if (const std::string* asked = request.query.find("state"); asked != nullptr) {
    plan::State known{};
    if (boost::describe::enum_from_string(asked->c_str(), known)) state = known;
  }
  return answer(List<plan::MeasureSummary>{plan::measures_in(*plan, state, facts, *units, context.today), {}}, request.language);
}

base::Result<Response> document(const PlanServices& services, const Request& request, Context& context) {
  const auto plan = TRY(plan_at(services, request.path.at("plan"), context));
  const auto page = TRY(plan::document_page(context.session, *plan));
  return answer(page, request.language);
}

base::Result<Response> differences(const PlanServices& services, const Request& request, Context& context) {
  const auto before = TRY(plan_at(services, request.path.at("a"), context));
  const auto after = TRY(plan_at(services, request.path.at("b"), context));
  Differences out;
  for (plan::Difference& one : plan::difference(plan::document_of(*before), plan::document_of(*after))) {
    out.items.push_back({one.kind, std::move(one.task_title), std::move(one.before), std::move(one.after), std::move(one.fields)});
  }
  return answer(out, request.language);
}

/// A unit outside the viewer's scope is as if it did not exist.
base::Result<Response> workbench(const PlanServices& services, const Request& request, Context& context) {
  const auto id = TRY(base::UnitId::parse(request.path.at("unit")));
  const auto units = TRY(services.shelf.directory(context.session));
  const area::Unit* unit = units->unit(id);
  if (unit == nullptr || !context.viewer.scope.covers(id)) return no_such("unit_unknown", "没有这个单位。", "There is no such unit.");
  const auto plan = TRY(plan_asked(services, request, context));
  const plan::Facts facts = TRY(plan::load_facts(context.session, plan->id));
  return answer(plan::workbench_of(*plan, *unit, facts, *units, context.today), request.language);
}

template <class Handler>
Read bound(const PlanServices& services, Handler handler) {
  return [services, handler](const Request& request, Context& context) { return handler(services, request, context); };
}

const boost::json::value plan_query{{"plan", {{"type", "string"}, {"format", "uuid"}}}};
const boost::json::value state_query{{"state", schema_of<plan::State>()}};
/// What a commit must touch to change anything computed from a plan.
const Keep with_plan{{"plan", "measure", "unit", "group"}};

}  // namespace

std::vector<Route> board_routes(const PlanServices& services) {
  std::vector<Route> routes;
  routes.push_back({.path = "/api/v1/plans",
                    .name = "listPlans",
                    .summary = base::text("要点列表", "Plans, the latest year first"),
                    .permission = Permission::plan_read,
                    .query_schema = page_schema(),
                    .answer_schema = schema_of<List<plan::PlanLine>>(),
                    .keep = Keep{{"plan"}},
                    .handler = Read(list)});
  routes.push_back({.path = "/api/v1/plans/{plan}/board",
                    .name = "readBoard",
                    .summary = base::text("要点总览", "The whole plan at a glance: parts, tasks with their state, what falls due"),
                    .permission = Permission::plan_read,
                    .answer_schema = schema_of<plan::Board>(),
                    .keep = with_plan,
                    .handler = bound(services, board)});
  routes.push_back({.path = "/api/v1/plans/{plan}/tasks/{no}",
                    .name = "readTask",
                    .summary = base::text("一项任务及其措施", "A task with its measures"),
                    .permission = Permission::plan_read,
                    .answer_schema = schema_of<plan::TaskView>(),
                    .keep = with_plan,
                    .handler = bound(services, task)});
  routes.push_back({.path = "/api/v1/plans/{plan}/measures",
                    .name = "listMeasures",
                    .summary = base::text("某种状态的措施", "The measures behind a figure of the board, or all of them"),
                    .permission = Permission::plan_read,
                    .query_schema = state_query,
                    .answer_schema = schema_of<List<plan::MeasureSummary>>(),
                    .keep = with_plan,
                    .handler = bound(services, measures)});
  routes.push_back({.path = "/api/v1/plans/{plan}/document",
                    .name = "readPlanDocument",
                    .summary = base::text("文件原文", "The document's text, with the place of every measure"),
                    .permission = Permission::plan_read,
                    .answer_schema = schema_of<plan::DocumentView>(),
                    .keep = Keep{{"plan"}},
                    .handler = bound(services, document)});
  routes.push_back({.path = "/api/v1/plans/{a}/difference/{b}",
                    .name = "comparePlans",
                    .summary = base::text("两份要点的差异", "What the second plan says that the first does not, and the other way"),
                    .permission = Permission::plan_read,
                    .pace = Pace::slow,
                    .answer_schema = schema_of<Differences>(),
                    .handler = bound(services, differences)});
  routes.push_back({.path = "/api/v1/units/{unit}/workbench",
                    .name = "readWorkbench",
                    .summary = base::text("单位工作台", "What a unit leads, what it must do, what is due"),
                    .permission = Permission::plan_read,
                    .query_schema = plan_query,
                    .answer_schema = schema_of<plan::Workbench>(),
                    .keep = with_plan,
                    .handler = bound(services, workbench)});
  return routes;
}

}  // namespace yihu::http
