#include "http/routes_area.h"

#include "area/directory.h"
#include "http/answer.h"
#include "http/page.h"
#include "http/response.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"

#include <map>

namespace yihu::http {
namespace {

using access::Permission;

struct UnitRow {
  base::UnitId id;
  base::Text name;
  base::Text short_name;
  std::string kind;
  std::vector<std::string> aliases;
  std::optional<base::UnitId> parent_id;
  int leads = 0;         ///< measures of the plan in force
  int responsible = 0;
  int version = 1;
};
BOOST_DESCRIBE_STRUCT(UnitRow, (), (id, name, short_name, kind, aliases, parent_id, leads, responsible, version))

struct NewUnit {
  std::string name;
  std::string short_name;
  std::string kind;
  std::optional<base::UnitId> parent_id;
  std::optional<std::vector<std::string>> aliases;
};
BOOST_DESCRIBE_STRUCT(NewUnit, (), (name, short_name, kind, parent_id, aliases))

struct UnitChange {
  std::optional<std::string> name;
  std::optional<std::string> short_name;
  std::optional<std::string> kind;
  std::optional<base::UnitId> parent_id;
  std::optional<std::vector<std::string>> aliases;
};
BOOST_DESCRIBE_STRUCT(UnitChange, (), (name, short_name, kind, parent_id, aliases))

/// How many measures a unit leads and how many it is responsible for.
using Counts = std::map<base::UnitId, std::pair<int, int>>;

std::set<base::UnitId> units_of(const std::vector<plan::Owner>& owners) {
  std::set<base::UnitId> out;
  for (const plan::Owner& owner : owners) {
    if (owner.unit) out.insert(*owner.unit);
  }
  return out;
}

base::Result<Counts> count_measures(plan::PlanShelf& shelf, store::Session& session, base::Date today) {
  Counts counts;
  const auto head = TRY(plan::current_plan(session, static_cast<int>(today.year())));
  if (!head) return counts;
  const auto plan = TRY(shelf.plan(session, head->id));
  for (const plan::TrackedTask& task : plan->tasks) {
    for (const plan::TrackedMeasure& measure : task.measures) {
      for (const base::UnitId& unit : units_of(measure.lead)) ++counts[unit].first;
      for (const base::UnitId& unit : units_of(measure.responsible)) ++counts[unit].second;
    }
  }
  return counts;
}

UnitRow row_of(const area::Unit& unit, const Counts& counts) {
  UnitRow row{unit.id, unit.name, unit.short_name, unit.kind, unit.aliases, unit.parent, 0, 0, unit.version};
  if (const auto at = counts.find(unit.id); at != counts.end()) {
    row.leads = at->second.first;
    row.responsible = at->second.second;
  }
  return row;
}

base::Result<Response> list_units(plan::PlanShelf& shelf, const Request& request, Context& context) {
  const Page page = TRY(page_from(request, 1));
  const auto directory = TRY(shelf.directory(context.session));
  const Counts counts = TRY(count_measures(shelf, context.session, context.today));
  const auto units = directory->units();
  std::size_t begin = 0;
  if (!page.after.empty()) {
    while (begin < units.size() && units[begin].id.value != page.after.front()) ++begin;
    begin = std::min(begin + 1, units.size());
  }
  List<UnitRow> list;
  for (std::size_t i = begin; i < units.size(); ++i) {
    if (static_cast<int>(list.items.size()) == page.limit) {
      list.next = key_from({list.items.back().id.value});
      break;
    }
    list.items.push_back(row_of(units[i], counts));
  }
  return answer(list, request.language);
}

base::Result<Step> make_unit(plan::PlanShelf& shelf, const Request& request, Context& context) {
  NewUnit body = TRY(value_from_json<NewUnit>(request.json));
  if (!context.viewer.scope.district) {
    return base::fail(base::ErrorKind::denied, "denied", base::text("只有全区岗位能新增单位。", "Only a post for the whole district may add units."));
  }
  return Step([&shelf, body = std::move(body), language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const auto unit = TRY(area::make_unit(transaction, {body.name, body.short_name, body.kind, body.parent_id,
                                                        body.aliases.value_or(std::vector<std::string>{})}));
    const Counts counts = TRY(count_measures(shelf, transaction, base::date_of(transaction.now())));
    Response response = answer(row_of(unit, counts), language, 201);
    response.etag = std::to_string(unit.version);
    return response;
  });
}

base::Result<Step> change_unit(plan::PlanShelf& shelf, const Request& request, Context& context) {
  const auto id = TRY(base::UnitId::parse(request.path.at("unit")));
  if (!context.viewer.scope.covers(id)) {
    return base::fail(base::ErrorKind::not_found, "unit_unknown", base::text("没有这个单位。", "There is no such unit."));
  }
  const UnitChange body = TRY(value_from_json<UnitChange>(request.json));
  area::UnitChange change{body.name, body.short_name, body.kind, {}, body.aliases, {}};
  // `null` takes the parent away; leaving it out keeps it.
  if (request.json.as_object().contains("parent_id")) change.parent = body.parent_id;
  return Step([&shelf, id, change, request](store::Transaction& transaction) -> base::Result<Response> {
    const area::Directory before = TRY(area::read_directory(transaction));
    const area::Unit* stored = before.unit(id);
    if (stored == nullptr) {
      return base::fail(base::ErrorKind::not_found, "unit_unknown", base::text("没有这个单位。", "There is no such unit."));
    }
    TRY(expect_version(request, std::to_string(stored->version)));
    const auto unit = TRY(area::change_unit(transaction, id, change, stored->version, request.language));
    const Counts counts = TRY(count_measures(shelf, transaction, base::date_of(transaction.now())));
    Response response = answer(row_of(unit, counts), request.language);
    response.etag = std::to_string(unit.version);
    return response;
  });
}

const boost::json::value name_limits{{"minLength", 1}, {"maxLength", area::unit_name_max}};
const boost::json::value alias_limits{{"maxItems", area::unit_aliases_max}};

}  // namespace

std::vector<Route> area_routes(plan::PlanShelf& shelf) {
  std::vector<Route> routes;
  routes.push_back({.method = Method::get,
                    .path = "/api/v1/units",
                    .name = "listUnits",
                    .summary = base::text("单位列表", "Units, with how many measures of the plan in force are theirs"),
                    .permission = Permission::plan_read,
                    .query_schema = page_schema(),
                    .answer_schema = schema_of<List<UnitRow>>(),
                    .keep = Keep{{"unit", "group", "plan", "measure"}},
                    .handler = Read([&shelf](const Request& request, Context& context) { return list_units(shelf, request, context); })});
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/units",
                    .name = "makeUnit",
                    .summary = base::text("新增单位", "Makes a unit"),
                    .permission = Permission::unit_manage,
                    .body_schema = body_schema_of<NewUnit>({{"/name", name_limits}, {"/short_name", name_limits}, {"/aliases", alias_limits}}),
                    .answer_schema = schema_of<UnitRow>(),
                    .answer_status = 201,
                    .handler = Prepare([&shelf](const Request& request, Context& context) { return make_unit(shelf, request, context); })});
  routes.push_back({.method = Method::patch,
                    .path = "/api/v1/units/{unit}",
                    .name = "changeUnit",
                    .summary = base::text("修改单位", "Changes a unit"),
                    .permission = Permission::unit_manage,
                    .body_schema = body_schema_of<UnitChange>({{"/name", name_limits}, {"/short_name", name_limits}, {"/aliases", alias_limits}}),
                    .answer_schema = schema_of<UnitRow>(),
                    .edits = true,
                    .handler = Prepare([&shelf](const Request& request, Context& context) { return change_unit(shelf, request, context); })});
  return routes;
}

}  // namespace yihu::http
