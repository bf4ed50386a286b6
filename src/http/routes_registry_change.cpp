// Households enter the register, their fields change, private values are opened.

#include "http/answer.h"
#include "http/registry_json.h"
#include "http/response.h"
#include "http/routes_plan.h"
#include "http/routes_registry.h"
#include "http/schema_from.h"
#include "registry/change.h"
#include "registry/household_page.h"
#include "registry/identity.h"
#include "registry/income.h"
#include "registry/reach.h"
#include "registry/registration.h"
#include "registry/status.h"

namespace yihu::http {
namespace {

using access::Permission;
using registry::HouseholdId;
using registry::PersonId;

struct NewMember {
  boost::json::object values;
  std::optional<base::Date> joined;
};
BOOST_DESCRIBE_STRUCT(NewMember, (), (values, joined))

struct NewHousehold {
  std::string village;
  base::Date registered_on;
  std::optional<std::string> status;
  boost::json::object values;
  std::vector<NewMember> members;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(NewHousehold, (), (village, registered_on, status, values, members, reason))

struct MadeHousehold {
  HouseholdId id;
  std::vector<PersonId> members;
};
BOOST_DESCRIBE_STRUCT(MadeHousehold, (), (id, members))

struct FieldChange {
  boost::json::object values;
  base::Date day;
  std::string reason;
  std::optional<bool> correct;   ///< what stood there on that day was wrong all along
};
BOOST_DESCRIBE_STRUCT(FieldChange, (), (values, day, reason, correct))

struct IncomeChange {
  boost::json::object values;
  int version = 0;               ///< of the stored year; 0 when there is none yet
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(IncomeChange, (), (values, version, reason))

struct StatusChange {
  std::string to;
  base::Date day;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(StatusChange, (), (to, day, reason))

struct HelperChange {
  std::optional<std::string> name;
  std::optional<std::string> unit;
  std::optional<base::UserId> account;
  base::Date day;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(HelperChange, (), (name, unit, account, day, reason))

struct Relocation {
  std::string village;
  std::optional<std::string> hamlet;
  base::Date day;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Relocation, (), (village, hamlet, day, reason))

struct IdentityChange {
  boost::json::object values;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(IdentityChange, (), (values, reason))

struct MadeCorrection {
  registry::CorrectionId id;
};
BOOST_DESCRIBE_STRUCT(MadeCorrection, (), (id))

struct Reason {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Reason, (), (reason))

struct PrivateAsked {
  std::string field;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(PrivateAsked, (), (field, reason))

struct PrivateValue {
  std::string value;
};
BOOST_DESCRIBE_STRUCT(PrivateValue, (), (value))

/// A new version, in the body and as the tag for the next change.
Response changed(int version, base::Language language) {
  Response response = answer(ChangedVersion{version}, language);
  response.etag = std::to_string(version);
  return response;
}

base::Result<Step> make_household(const RegistryServices& services, const Request& request, Context& context) {
  NewHousehold body = TRY(value_from_json<NewHousehold>(request.json));
  registry::NewHousehold wanted;
  wanted.village = body.village;
  wanted.registered_on = body.registered_on;
  // Whoever enters a household may make it an ordinary one or a candidate; the rest are decisions.
  wanted.status = body.status.value_or("general");
  if (wanted.status != "general" && wanted.status != "candidate") TRY(registry::expect(context.viewer, Permission::status_change));
  wanted.values = TRY(values_from_object(body.values, "/values"));
  for (std::size_t i = 0; i < body.members.size(); ++i) {
    wanted.members.push_back({TRY(values_from_object(body.members[i].values, fmt::format("/members/{}/values", i))), body.members[i].joined});
  }
  wanted.reason = body.reason;
  return Step([services, wanted = std::move(wanted), viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const auto added = TRY(registry::add_household(transaction, services.rooms, viewer, wanted));
    return answer(MadeHousehold{added.household, added.members}, language, 201);
  });
}

registry::Change change_from(const FieldChange& body, registry::Values values, const Request& request) {
  const auto mode = body.correct.value_or(false) ? registry::Mode::corrected : registry::Mode::changed;
  return {std::move(values), {body.day, body.reason}, mode, static_cast<int>(version_in(request.if_match))};
}

base::Result<Step> change_household(const RegistryServices& services, const Request& request, Context& context) {
  const auto id = TRY(HouseholdId::parse(request.path.at("household")));
  const auto body = TRY(value_from_json<FieldChange>(request.json));
  const registry::Change change = change_from(body, TRY(values_from_object(body.values)), request);
  return Step([services, id, change, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    return changed(TRY(registry::change_household(transaction, services.rooms, viewer, id, change)), language);
  });
}

base::Result<Step> change_person(const RegistryServices& services, const Request& request, Context& context) {
  const auto id = TRY(PersonId::parse(request.path.at("person")));
  const auto body = TRY(value_from_json<FieldChange>(request.json));
  const registry::Change change = change_from(body, TRY(values_from_object(body.values)), request);
  return Step([services, id, change, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    return changed(TRY(registry::change_person(transaction, services.rooms, viewer, id, change)), language);
  });
}

base::Result<Step> write_income(const Request& request, Context& context) {
  const auto id = TRY(HouseholdId::parse(request.path.at("household")));
  const auto body = TRY(value_from_json<IncomeChange>(request.json));
  const auto values = TRY(values_from_object(body.values));
  const registry::Why why{context.today, body.reason};
  return Step([id, values, why, version = body.version, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    return answer(ChangedVersion{TRY(registry::write_income(transaction, viewer, id, values, why, version))}, language);
  });
}

base::Result<Step> change_status(bool monitoring, const Request& request, Context& context) {
  const auto id = TRY(HouseholdId::parse(request.path.at("household")));
  const auto body = TRY(value_from_json<StatusChange>(request.json));
  const int version = static_cast<int>(version_in(request.if_match));
  return Step([id, body, monitoring, version, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const auto change = monitoring ? registry::change_monitoring : registry::change_status;
    return changed(TRY(change(transaction, viewer, id, body.to, body.day, body.reason, version)), language);
  });
}

base::Result<Step> assign_helper(const Request& request, Context& context) {
  const auto id = TRY(HouseholdId::parse(request.path.at("household")));
  const auto body = TRY(value_from_json<HelperChange>(request.json));
  const int version = static_cast<int>(version_in(request.if_match));
  return Step([id, body, version, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const registry::Helper helper{body.name, body.unit, body.account};
    return changed(TRY(registry::assign_helper(transaction, viewer, id, helper, {body.day, body.reason}, version)), language);
  });
}

base::Result<Step> relocate(const Request& request, Context& context) {
  const auto id = TRY(HouseholdId::parse(request.path.at("household")));
  const auto body = TRY(value_from_json<Relocation>(request.json));
  const int version = static_cast<int>(version_in(request.if_match));
  return Step([id, body, version, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    return changed(TRY(registry::relocate(transaction, viewer, id, body.village, body.hamlet, {body.day, body.reason}, version)), language);
  });
}

base::Result<Step> correct_identity(const RegistryServices& services, const Request& request, Context& context) {
  const auto id = TRY(PersonId::parse(request.path.at("person")));
  const auto body = TRY(value_from_json<IdentityChange>(request.json));
  const auto values = TRY(values_from_object(body.values));
  const registry::Why why{context.today, body.reason};
  const int version = static_cast<int>(version_in(request.if_match));
  return Step([services, id, values, why, version, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    return answer(MadeCorrection{TRY(registry::correct_identity(transaction, services.rooms, viewer, id, values, why, version))}, language, 201);
  });
}

base::Result<Step> undo_correction(const RegistryServices& services, const Request& request, Context& context) {
  const auto id = TRY(registry::CorrectionId::parse(request.path.at("correction")));
  const auto body = TRY(value_from_json<Reason>(request.json));
  const registry::Why why{context.today, body.reason};
  return Step([services, id, why, viewer = context.viewer](store::Transaction& transaction) -> base::Result<Response> {
    TRY(registry::undo_correction(transaction, services.rooms, viewer, id, why));
    return nothing();
  });
}

base::Result<Step> open_private(const RegistryServices& services, registry::Owner owner, const Request& request, Context& context) {
  const bool household = owner == registry::Owner::household;
  const std::string id = household ? TRY(HouseholdId::parse(request.path.at("household"))).value : TRY(PersonId::parse(request.path.at("person"))).value;
  const auto body = TRY(value_from_json<PrivateAsked>(request.json));
  return Step([services, owner, id, body, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    return answer(PrivateValue{TRY(registry::open_private(transaction, services.rooms, viewer, owner, id, body.field, body.reason))}, language);
  });
}

Route writing(Method method, const char* path, const char* name, base::Text summary, Permission permission, Prepare handler) {
  return {.method = method, .path = path, .name = name, .summary = std::move(summary), .permission = permission, .handler = std::move(handler)};
}

/// Changes on the version that was read.
template <class Body>
Route editing(Method method, const char* path, const char* name, base::Text summary, Permission permission, Prepare handler) {
  Route route = writing(method, path, name, std::move(summary), permission, std::move(handler));
  route.body_schema = body_schema_of<Body>({{"/reason", reason_limits}});
  route.answer_schema = schema_of<ChangedVersion>();
  route.edits = true;
  return route;
}

std::vector<Route> private_routes(const RegistryServices& services) {
  std::vector<Route> routes;
  const auto add = [&](const char* path, const char* name, registry::Owner owner) {
    Route route = writing(Method::post, path, name, base::text("打开一项密文，理由留痕", "Opens one masked value; the reason stays on record"), Permission::private_open,
                          [services, owner](const Request& request, Context& context) { return open_private(services, owner, request, context); });
    route.body_schema = body_schema_of<PrivateAsked>({{"/field", word_limits}, {"/reason", reason_limits}});
    route.answer_schema = schema_of<PrivateValue>();
    route.answers_once = true;
    routes.push_back(std::move(route));
  };
  add("/api/v1/households/{household}/private", "openHouseholdValue", registry::Owner::household);
  add("/api/v1/people/{person}/private", "openPersonValue", registry::Owner::person);
  return routes;
}

std::vector<Route> identity_routes(const RegistryServices& services) {
  std::vector<Route> routes;
  Route correct = writing(Method::post, "/api/v1/people/{person}/identity-corrections", "correctIdentity",
                          base::text("更正身份", "Puts a wrong identity right"), Permission::register_change,
                          [services](const Request& request, Context& context) { return correct_identity(services, request, context); });
  correct.body_schema = body_schema_of<IdentityChange>({{"/reason", reason_limits}});
  correct.answer_schema = schema_of<MadeCorrection>();
  correct.answer_status = 201;
  correct.edits = true;
  routes.push_back(std::move(correct));
  Route undo = writing(Method::post, "/api/v1/identity-corrections/{correction}/undo", "undoIdentityCorrection",
                       base::text("撤销身份更正", "Takes a correction back"), Permission::register_change,
                       [services](const Request& request, Context& context) { return undo_correction(services, request, context); });
  undo.body_schema = body_schema_of<Reason>({{"/reason", reason_limits}});
  undo.answer_status = 204;
  routes.push_back(std::move(undo));
  return routes;
}

}  // namespace

std::vector<Route> registry_change_routes(const RegistryServices& services) {
  std::vector<Route> routes;
  Route make = writing(Method::post, "/api/v1/households", "registerHousehold", base::text("登记一户", "Registers a household"), Permission::register_change,
                       [services](const Request& request, Context& context) { return make_household(services, request, context); });
  make.body_schema = body_schema_of<NewHousehold>({{"/reason", reason_limits}, {"/members", {{"minItems", 1}, {"maxItems", registry::members_max}}}});
  make.answer_schema = schema_of<MadeHousehold>();
  make.answer_status = 201;
  routes.push_back(std::move(make));
  routes.push_back(editing<FieldChange>(Method::patch, "/api/v1/households/{household}", "changeHousehold", base::text("修改一户", "Changes a household's fields"),
                                        Permission::register_change, [services](const Request& request, Context& context) { return change_household(services, request, context); }));
  routes.push_back(editing<FieldChange>(Method::patch, "/api/v1/people/{person}", "changePerson", base::text("修改一人", "Changes a person's fields"),
                                        Permission::register_change, [services](const Request& request, Context& context) { return change_person(services, request, context); }));
  Route income = writing(Method::put, "/api/v1/households/{household}/incomes", "writeIncome", base::text("登记一年收入", "Writes one year's income"),
                         Permission::register_change, write_income);
  income.body_schema = body_schema_of<IncomeChange>({{"/reason", reason_limits}});
  income.answer_schema = schema_of<ChangedVersion>();
  routes.push_back(std::move(income));
  routes.push_back(editing<StatusChange>(Method::post, "/api/v1/households/{household}/status", "changeStatus", base::text("变更户状态", "Changes a household's status"),
                                         Permission::status_change, [](const Request& request, Context& context) { return change_status(false, request, context); }));
  routes.push_back(editing<StatusChange>(Method::post, "/api/v1/households/{household}/monitoring", "changeMonitoring", base::text("变更监测类型", "Changes a household's monitoring"),
                                         Permission::status_change, [](const Request& request, Context& context) { return change_status(true, request, context); }));
  routes.push_back(editing<HelperChange>(Method::post, "/api/v1/households/{household}/helper", "assignHelper", base::text("指定帮扶责任人", "Assigns a helper"),
                                         Permission::register_change, assign_helper));
  routes.push_back(editing<Relocation>(Method::post, "/api/v1/households/{household}/relocation", "relocateHousehold", base::text("整户搬迁", "Moves a household to another village"),
                                       Permission::register_change, relocate));
  for (auto part : {private_routes(services), identity_routes(services)}) {
    routes.insert(routes.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
  }
  return routes;
}

}  // namespace yihu::http
