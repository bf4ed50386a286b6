// Reading the register: areas, fields, lists, one household, its past.

#include "http/routes_registry.h"

#include "http/answer.h"
#include "http/authors.h"
#include "http/page.h"
#include "http/registry_json.h"
#include "http/routes_plan.h"
#include "http/schema_from.h"
#include "registry/household_list.h"
#include "registry/identity.h"
#include "registry/person_search.h"

#include <iterator>

namespace yihu::http {
namespace {

using access::Permission;
using registry::HouseholdId;
using registry::PersonId;

struct AreaRow {
  std::string code;
  std::string level;
  base::Text name;
  std::optional<std::string> parent;
  std::optional<bool> poor_village;
  std::optional<int> exited_year;
  std::optional<base::Date> from;
  std::optional<base::Date> to;
  bool unverified = false;
  bool within_reach = false;   ///< the viewer sees its households
  std::vector<std::string> hamlets;
};
BOOST_DESCRIBE_STRUCT(AreaRow, (), (code, level, name, parent, poor_village, exited_year, from, to, unverified, within_reach, hamlets))

struct CodeRow {
  std::string code;
  base::Text label;
};
BOOST_DESCRIBE_STRUCT(CodeRow, (), (code, label))

struct FieldRow {
  std::string id;
  std::string type;
  base::Text label;
  std::string writing;          ///< entered, derived or event
  bool private_ = false;
  std::optional<std::string> national;
  std::optional<double> min;
  std::optional<double> max;
  std::optional<int> length_max;
  std::vector<CodeRow> codes;
};
BOOST_DESCRIBE_STRUCT(FieldRow, (), (id, type, label, writing, private_, national, min, max, length_max, codes))

struct RegisterFields {
  std::vector<FieldRow> household;
  std::vector<FieldRow> person;
  std::vector<FieldRow> income;
};
BOOST_DESCRIBE_STRUCT(RegisterFields, (), (household, person, income))

struct HouseholdRow {
  HouseholdId id;
  std::string code;
  std::string village;
  std::string hamlet;
  std::string status;
  std::string monitoring;
  std::string attribute;
  std::string main_cause;
  std::string head_name;
  int size = 0;
  std::string helper;
  std::string helper_unit;
  int version = 0;
};
BOOST_DESCRIBE_STRUCT(HouseholdRow, (), (id, code, village, hamlet, status, monitoring, attribute, main_cause, head_name, size, helper, helper_unit, version))

struct VillageCountRow {
  std::string village;
  std::int64_t households = 0;
  std::int64_t people = 0;
  std::int64_t listed = 0;
  std::int64_t poor = 0;
  std::int64_t monitored = 0;
};
BOOST_DESCRIBE_STRUCT(VillageCountRow, (), (village, households, people, listed, poor, monitored))

struct PersonRow {
  PersonId id;
  HouseholdId household;
  std::string village;
  std::string name;
  std::string sex;
  std::string birth;
  std::string relation;
  std::string head_name;
  std::string status;
};
BOOST_DESCRIBE_STRUCT(PersonRow, (), (id, household, village, name, sex, birth, relation, head_name, status))

struct MemberRow {
  PersonId id;
  int version = 0;
  boost::json::object values;
};
BOOST_DESCRIBE_STRUCT(MemberRow, (), (id, version, values))

struct IncomeRow {
  int version = 0;
  boost::json::object values;
};
BOOST_DESCRIBE_STRUCT(IncomeRow, (), (version, values))

struct FormerMemberRow {
  PersonId id;
  std::string name;
  base::Date left_on;
  std::string how;
  std::optional<HouseholdId> now_in;
};
BOOST_DESCRIBE_STRUCT(FormerMemberRow, (), (id, name, left_on, how, now_in))

struct HouseholdPage {
  HouseholdId id;
  int version = 0;
  std::optional<base::Date> as_of;     ///< null for the present
  base::Text place;                    ///< town and village in words
  boost::json::object values;
  std::vector<MemberRow> members;
  std::vector<FormerMemberRow> former_members;
  std::vector<IncomeRow> incomes;
};
BOOST_DESCRIBE_STRUCT(HouseholdPage, (), (id, version, as_of, place, values, members, former_members, incomes))

struct EventRow {
  registry::EventId id;
  std::string kind;
  std::optional<PersonId> person;
  std::string person_name;
  base::Date day;
  std::string reason;
  boost::json::object detail;
  Author author;
  base::Instant at;
};
BOOST_DESCRIBE_STRUCT(EventRow, (), (id, kind, person, person_name, day, reason, detail, author, at))

struct CorrectionRow {
  registry::CorrectionId id;
  std::vector<std::string> fields;
  std::string reason;
  base::Instant at;
  Author author;
  bool undone = false;
};
BOOST_DESCRIBE_STRUCT(CorrectionRow, (), (id, fields, reason, at, author, undone))

const char* name_of(registry::FieldType type) {
  switch (type) {
    case registry::FieldType::text: return "text";
    case registry::FieldType::code: return "code";
    case registry::FieldType::truth: return "bool";
    case registry::FieldType::integer: return "int";
    case registry::FieldType::real: return "real";
    case registry::FieldType::money: return "money";
    case registry::FieldType::date: return "date";
    case registry::FieldType::area: return "area";
  }
  return "";
}

const char* name_of(registry::Writing writing) {
  switch (writing) {
    case registry::Writing::entered: return "entered";
    case registry::Writing::derived: return "derived";
    case registry::Writing::event: return "event";
  }
  return "";
}

std::vector<FieldRow> field_rows(std::span<const registry::Field> fields) {
  std::vector<FieldRow> out;
  for (const registry::Field& field : fields) {
    FieldRow row{std::string(field.id), name_of(field.type), field.label(), name_of(field.writing), field.private_, {}, {}, {}, {}, {}};
    if (!field.national.empty()) row.national = std::string(field.national);
    if (field.min != field.max) {
      row.min = field.min;
      row.max = field.max;
    }
    if (field.type == registry::FieldType::text) row.length_max = field.length_max;
    for (const registry::CodeWord& word : field.codes) row.codes.push_back({std::string(word.code), word.label()});
    out.push_back(std::move(row));
  }
  return out;
}

base::Result<Response> list_areas(const Request& request, Context& context) {
  const area::Divisions divisions = TRY(area::read_divisions(context.session));
  List<AreaRow> list;
  for (const area::Division& one : divisions.all()) {
    AreaRow row{one.code, one.level, one.name, {}, one.poor_village, one.exited_year, one.from, one.to, one.unverified,
                context.viewer.scope.covers_area(one.code), one.hamlets};
    if (!one.parent.empty()) row.parent = one.parent;
    list.items.push_back(std::move(row));
  }
  return answer(list, request.language);
}

registry::HouseholdFilter filter_from(const Request& request) {
  const auto text = [&](const char* name) { return request.query.at(name); };
  return {text("area"), text("status"), text("listed") == "true", text("monitoring"), text("attribute"), text("cause"), text("helper")};
}

base::Result<Response> list_households(const Request& request, Context& context) {
  const Page page = TRY(page_from(request, 2));
  std::optional<registry::HouseholdPlace> after;
  if (!page.after.empty()) after = registry::HouseholdPlace{page.after[0], HouseholdId{page.after[1]}};
  auto lines = TRY(registry::list_households(context.session, context.viewer, filter_from(request), after, page.limit + 1));
  List<HouseholdRow> list;
  for (registry::HouseholdLine& line : lines) {
    if (static_cast<int>(list.items.size()) == page.limit) {
      list.next = key_from({list.items.back().village, list.items.back().id.value});
      break;
    }
    list.items.push_back({line.id, line.code, line.village, line.hamlet, line.status, line.monitoring, line.attribute, line.main_cause,
                          line.head_name, line.size, line.helper, line.helper_unit, line.version});
  }
  return answer(list, request.language);
}

base::Result<Response> count_households(const Request& request, Context& context) {
  List<VillageCountRow> list;
  for (const auto& count : TRY(registry::count_by_village(context.session, context.viewer, filter_from(request)))) {
    list.items.push_back({count.village, count.households, count.people, count.listed, count.poor, count.monitored});
  }
  return answer(list, request.language);
}

/// What is looked for stands in the body: a name or a number in an address would be kept by proxies and browsers.
struct PersonQuestion {
  std::string text;
  std::optional<std::string> area;
  std::optional<std::string> after;
};
BOOST_DESCRIBE_STRUCT(PersonQuestion, (), (text, area, after))

base::Result<Response> search_people(const RegistryServices& services, const Request& request, Context& context) {
  const auto question = TRY(value_from_json<PersonQuestion>(request.json));
  Request paged;
  if (question.after) paged.query.add("after", *question.after);
  const Page page = TRY(page_from(paged, 2));
  std::optional<registry::PersonPlace> after;
  if (!page.after.empty()) after = registry::PersonPlace{page.after[0], PersonId{page.after[1]}};
  const auto found = TRY(registry::search_people(context.session, services.rooms, context.viewer, question.text,
                                                 question.area.value_or(""), after, page.limit));
  List<PersonRow> list;
  for (const registry::PersonLine& line : found.lines) {
    list.items.push_back({line.id, line.household, line.village, line.name, line.sex, line.birth, line.relation, line.head_name, line.status});
  }
  if (found.next) list.next = key_from({found.next->key, found.next->id.value});
  return answer(list, request.language);
}

base::Result<Response> read_household(const RegistryServices& services, const Request& request, Context& context) {
  const auto id = TRY(HouseholdId::parse(request.path.at("household")));
  std::optional<base::Date> day;
  if (const std::string& text = request.query.at("as_of"); !text.empty()) day = TRY(base::parse_date(text));
  const registry::Household household = day ? TRY(registry::household_as_of(context.session, services.rooms, context.viewer, id, *day))
                                            : TRY(registry::read_household(context.session, services.rooms, context.viewer, id));
  HouseholdPage page{id, household.version, day, {}, json_from_record(household.values), {}, {}, {}};
  const area::Divisions divisions = TRY(area::read_divisions(context.session));
  page.place = divisions.full_name(household.values.text("village"));
  for (const registry::Member& member : household.members) page.members.push_back({member.id, member.version, json_from_record(member.values)});
  for (const registry::IncomeRow& income : household.incomes) page.incomes.push_back({income.version, json_from_record(income.values)});
  if (!day) {
    for (auto& former : TRY(registry::former_members(context.session, context.viewer, id))) {
      page.former_members.push_back({former.id, former.name, former.left_on, former.how, former.now_in});
    }
  }
  Response response = answer(page, request.language);
  // Members and incomes have versions of their own, so the tag also tells the body.
  if (!day) response.etag = versioned_tag(household.version, response.body);
  return response;
}

base::Result<Response> list_events(const Request& request, Context& context) {
  const auto id = TRY(HouseholdId::parse(request.path.at("household")));
  const Page page = TRY(page_from(request, 2));
  std::optional<registry::EventPlace> before;
  if (!page.after.empty()) before = registry::EventPlace{page.after[0], registry::EventId{page.after[1]}};
  auto events = TRY(registry::events_of(context.session, context.viewer, id, before, page.limit + 1));
  List<EventRow> list;
  Authors authors(context);
  for (registry::Event& event : events) {
    if (static_cast<int>(list.items.size()) == page.limit) {
      list.next = key_from({base::to_string(list.items.back().day), list.items.back().id.value});
      break;
    }
    list.items.push_back({event.id, event.kind, event.person, event.person_name, event.day, event.reason, std::move(event.detail),
                          TRY(authors.of(event.actor, base::date_of(event.at))), event.at});
  }
  return answer(list, request.language);
}

base::Result<Response> list_corrections(const Request& request, Context& context) {
  const auto id = TRY(PersonId::parse(request.path.at("person")));
  List<CorrectionRow> list;
  Authors authors(context);
  for (auto& one : TRY(registry::corrections_of(context.session, context.viewer, id))) {
    list.items.push_back({one.id, one.fields, one.reason, one.at, TRY(authors.of(one.actor, base::date_of(one.at))), one.undone});
  }
  return answer(list, request.language);
}

boost::json::object filter_schema() {
  const boost::json::value text{{"type", "string"}, {"maxLength", 60}};
  return {{"area", {{"type", "string"}, {"maxLength", 12}}},
          {"status", text}, {"listed", {{"type", "boolean"}}}, {"monitoring", text}, {"attribute", text}, {"cause", text}, {"helper", text}};
}

Route read_route(const char* path, const char* name, base::Text summary, boost::json::value answer_schema, Read handler,
              boost::json::value query_schema = nullptr) {
  return {.method = Method::get, .path = path, .name = name, .summary = std::move(summary), .permission = Permission::register_read,
          .query_schema = std::move(query_schema), .answer_schema = std::move(answer_schema), .handler = std::move(handler)};
}

}  // namespace

std::vector<Route> registry_read_routes(const RegistryServices& services) {
  std::vector<Route> routes;
  routes.push_back(read_route("/api/v1/areas", "listAreas", base::text("区划", "The county, its towns and villages"), schema_of<List<AreaRow>>(), list_areas));
  routes.back().keep = Keep{{"area"}};
  routes.push_back(read_route("/api/v1/register/fields", "readRegisterFields", base::text("登记项目", "Fields of household, person and income, with their code lists"),
                           schema_of<RegisterFields>(), [](const Request& request, Context&) -> base::Result<Response> {
                             return answer(RegisterFields{field_rows(registry::household_fields), field_rows(registry::person_fields),
                                                          field_rows(registry::income_fields)}, request.language);
                           }));
  routes.back().keep = Keep{{"area"}};
  routes.push_back(read_route("/api/v1/households", "listHouseholds", base::text("农户列表", "Households within reach, by village"),
                           schema_of<List<HouseholdRow>>(), list_households, page_schema(filter_schema())));
  routes.push_back(read_route("/api/v1/household-counts", "countHouseholds", base::text("各村户数", "Households and people by village"),
                           schema_of<List<VillageCountRow>>(), count_households, filter_schema()));
  routes.back().keep = Keep{{"household", "area"}};
  routes.push_back(read_route("/api/v1/households/{household}", "readHousehold",
                           base::text("一户，现在或过去某日", "A household, now or on a past day (?as_of=)"), schema_of<HouseholdPage>(),
                           [services](const Request& request, Context& context) { return read_household(services, request, context); },
                           boost::json::object{{"as_of", {{"type", "string"}, {"format", "date"}}}}));
  routes.push_back(read_route("/api/v1/households/{household}/events", "listHouseholdEvents", base::text("户的大事记", "What happened to a household, the latest first"),
                           schema_of<List<EventRow>>(), list_events, page_schema()));
  Route search = read_route("/api/v1/people/search", "searchPeople",
                            base::text("查人：姓名、拼音首字母、证件号码、电话、编号", "People by name, initials, document, telephone or number"),
                            schema_of<List<PersonRow>>(),
                            [services](const Request& request, Context& context) { return search_people(services, request, context); });
  search.method = Method::post;
  search.body_schema = body_schema_of<PersonQuestion>({{"/text", {{"maxLength", 60}}}, {"/area", {{"maxLength", 12}}}, {"/after", {{"maxLength", 400}}}});
  routes.push_back(std::move(search));
  routes.push_back(read_route("/api/v1/people/{person}/identity-corrections", "listIdentityCorrections", base::text("身份更正记录", "Corrections of an identity"),
                           schema_of<List<CorrectionRow>>(), list_corrections));
  return routes;
}

std::vector<Route> registry_routes(const RegistryServices& services) {
  std::vector<Route> routes = registry_read_routes(services);
  for (auto part : {registry_change_routes(services), registry_membership_routes(services), registry_exchange_routes(services)}) {
    routes.insert(routes.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
  }
  return routes;
}

}  // namespace yihu::http
