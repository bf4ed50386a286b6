// Births, deaths, marriages, moves, splits and mergers.

#include "http/answer.h"
#include "http/registry_json.h"
#include "http/response.h"
#include "http/routes_registry.h"
#include "http/schema_from.h"
#include "registry/membership.h"

namespace yihu::http {
namespace {

using access::Permission;
using registry::HouseholdId;
using registry::PersonId;

enum class ArrivalKind { born, married_in, moved_in };
BOOST_DESCRIBE_ENUM(ArrivalKind, born, married_in, moved_in)
enum class DepartureKind { died, married_out, moved_out };
BOOST_DESCRIBE_ENUM(DepartureKind, died, married_out, moved_out)

struct Joining {
  ArrivalKind arrival = ArrivalKind::born;
  boost::json::object values;
  base::Date day;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Joining, (), (arrival, values, day, reason))

struct Leaving {
  DepartureKind departure = DepartureKind::died;
  std::optional<PersonId> next_head;
  base::Date day;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Leaving, (), (departure, next_head, day, reason))

struct Removal {
  HouseholdId household;   ///< where he goes
  std::string relation;    ///< to its head
  std::optional<PersonId> next_head;
  base::Date day;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Removal, (), (household, relation, next_head, day, reason))

struct MovingPerson {
  PersonId person;
  std::string relation;
};
BOOST_DESCRIBE_STRUCT(MovingPerson, (), (person, relation))

struct Splitting {
  std::vector<MovingPerson> moving;
  std::optional<PersonId> next_head;
  base::Date day;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Splitting, (), (moving, next_head, day, reason))

struct Merging {
  HouseholdId into;
  std::vector<MovingPerson> moving;
  base::Date day;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Merging, (), (into, moving, day, reason))

struct NewHead {
  PersonId person;
  std::string former_relation;
  base::Date day;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(NewHead, (), (person, former_relation, day, reason))

struct MadePerson {
  PersonId id;
};
BOOST_DESCRIBE_STRUCT(MadePerson, (), (id))

struct MadeBySplit {
  HouseholdId id;
};
BOOST_DESCRIBE_STRUCT(MadeBySplit, (), (id))

registry::Arrival arrival_of(ArrivalKind kind) {
  switch (kind) {
    case ArrivalKind::born: return registry::Arrival::born;
    case ArrivalKind::married_in: return registry::Arrival::married_in;
    case ArrivalKind::moved_in: return registry::Arrival::moved_in;
  }
  return registry::Arrival::born;
}

registry::Departure departure_of(DepartureKind kind) {
  switch (kind) {
    case DepartureKind::died: return registry::Departure::died;
    case DepartureKind::married_out: return registry::Departure::married_out;
    case DepartureKind::moved_out: return registry::Departure::moved_out;
  }
  return registry::Departure::died;
}

std::vector<registry::Moving> moving_from(const std::vector<MovingPerson>& people) {
  std::vector<registry::Moving> out;
  for (const MovingPerson& one : people) out.push_back({one.person, one.relation});
  return out;
}

/// A step that answers with nothing but having been done.
template <class Work>
Step done_by(Work work) {
  return [work = std::move(work)](store::Transaction& transaction) -> base::Result<Response> {
    TRY(work(transaction));
    return nothing();
  };
}

base::Result<Step> add_member(const RegistryServices& services, const Request& request, Context& context) {
  const auto id = TRY(HouseholdId::parse(request.path.at("household")));
  const auto body = TRY(value_from_json<Joining>(request.json));
  const registry::NewPerson person{TRY(values_from_object(body.values, "/values")), {}};
  return Step([services, id, body, person, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const auto made = TRY(registry::add_member(transaction, services.rooms, viewer, id, arrival_of(body.arrival), person, {body.day, body.reason}));
    return answer(MadePerson{made}, language, 201);
  });
}

base::Result<Step> remove_member(const Request& request, Context& context) {
  const auto id = TRY(PersonId::parse(request.path.at("person")));
  const auto body = TRY(value_from_json<Leaving>(request.json));
  return done_by([id, body, viewer = context.viewer](store::Transaction& transaction) {
    return registry::remove_member(transaction, viewer, id, departure_of(body.departure), {body.day, body.reason}, body.next_head);
  });
}

base::Result<Step> undo_departure(const Request& request, Context& context) {
  const auto id = TRY(PersonId::parse(request.path.at("person")));
  const auto body = TRY(value_from_json<DayAndReason>(request.json));
  return done_by([id, body, viewer = context.viewer](store::Transaction& transaction) {
    return registry::undo_departure(transaction, viewer, id, {body.day, body.reason});
  });
}

base::Result<Step> move_member(bool back, const Request& request, Context& context) {
  const auto id = TRY(PersonId::parse(request.path.at("person")));
  const auto body = TRY(value_from_json<Removal>(request.json));
  return done_by([id, body, back, viewer = context.viewer](store::Transaction& transaction) {
    const registry::Why why{body.day, body.reason};
    if (back) return registry::readmit(transaction, viewer, id, body.household, body.relation, why);
    return registry::move_member(transaction, viewer, id, body.household, body.relation, why, body.next_head);
  });
}

base::Result<Step> split(const Request& request, Context& context) {
  const auto id = TRY(HouseholdId::parse(request.path.at("household")));
  const auto body = TRY(value_from_json<Splitting>(request.json));
  return Step([id, body, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const auto made = TRY(registry::split_household(transaction, viewer, id, moving_from(body.moving), {body.day, body.reason}, body.next_head));
    return answer(MadeBySplit{made}, language, 201);
  });
}

base::Result<Step> merge(const Request& request, Context& context) {
  const auto id = TRY(HouseholdId::parse(request.path.at("household")));
  const auto body = TRY(value_from_json<Merging>(request.json));
  return done_by([id, body, viewer = context.viewer](store::Transaction& transaction) {
    return registry::merge_households(transaction, viewer, id, body.into, moving_from(body.moving), {body.day, body.reason});
  });
}

base::Result<Step> change_head(const Request& request, Context& context) {
  const auto id = TRY(HouseholdId::parse(request.path.at("household")));
  const auto body = TRY(value_from_json<NewHead>(request.json));
  return done_by([id, body, viewer = context.viewer](store::Transaction& transaction) {
    return registry::change_head(transaction, viewer, id, body.person, body.former_relation, {body.day, body.reason});
  });
}

template <class Body>
Route event(const char* path, const char* name, base::Text summary, Prepare handler) {
  return {.method = Method::post, .path = path, .name = name, .summary = std::move(summary), .permission = Permission::register_change,
          .body_schema = body_schema_of<Body>({{"/reason", reason_limits}}), .answer_status = 204, .handler = std::move(handler)};
}

/// The same, of an event that makes something.
template <class Body, class Made>
Route making(const char* path, const char* name, base::Text summary, Prepare handler) {
  Route route = event<Body>(path, name, std::move(summary), std::move(handler));
  route.answer_schema = schema_of<Made>();
  route.answer_status = 201;
  return route;
}

}  // namespace

std::vector<Route> registry_membership_routes(const RegistryServices& services) {
  std::vector<Route> routes;
  routes.push_back(making<Joining, MadePerson>("/api/v1/households/{household}/members", "addMember", base::text("增加成员：出生、嫁娶、迁入", "Adds a member: birth, marriage, moving in"),
                                               [services](const Request& request, Context& context) { return add_member(services, request, context); }));
  routes.push_back(event<Leaving>("/api/v1/people/{person}/departure", "removeMember", base::text("减少成员：死亡、嫁出、迁出", "A member leaves: death, marriage, moving away"), remove_member));
  routes.push_back(event<DayAndReason>("/api/v1/people/{person}/departure/undo", "undoDeparture", base::text("撤销误报的减少", "A departure recorded by mistake is taken back"), undo_departure));
  routes.push_back(event<Removal>("/api/v1/people/{person}/move", "moveMember", base::text("迁到另一户", "Moves a member to another household"),
                                  [](const Request& request, Context& context) { return move_member(false, request, context); }));
  routes.push_back(event<Removal>("/api/v1/people/{person}/readmission", "readmitPerson", base::text("重新入户", "Somebody who left comes back"),
                                  [](const Request& request, Context& context) { return move_member(true, request, context); }));
  routes.push_back(making<Splitting, MadeBySplit>("/api/v1/households/{household}/split", "splitHousehold", base::text("分户", "Some members found a household of their own"), split));
  routes.push_back(event<Merging>("/api/v1/households/{household}/merger", "mergeHouseholds", base::text("并户", "Everybody moves into another household"), merge));
  routes.push_back(event<NewHead>("/api/v1/households/{household}/head", "changeHead", base::text("变更户主", "Names another head"), change_head));
  return routes;
}

}  // namespace yihu::http
