#include "registry/household_page.h"

#include "registry/history.h"
#include "registry/stored_form.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace yihu::registry {
namespace {

using store::Sql;

constexpr Sql select_events =
    "SELECT e.id, e.kind, e.household, e.person, p.name, e.day, e.reason, e.detail, e.actor, e.at FROM register_event e"
    " LEFT JOIN person p ON p.id = e.person WHERE e.household = :household AND (e.day < :day OR (e.day = :day AND e.id < :id))"
    " ORDER BY e.day DESC, e.id DESC LIMIT :limit";
constexpr Sql select_former =
    "SELECT m.person, p.name, m.left_on, e.kind, p.household, h.village, h.helper_account FROM membership m"
    " JOIN person p ON p.id = m.person LEFT JOIN register_event e ON e.id = m.left_by"
    " LEFT JOIN household h ON h.id = p.household WHERE m.household = :household AND m.left_on IS NOT NULL"
    " AND (p.household IS NULL OR p.household <> :household) ORDER BY m.left_on DESC, m.person";

/// Sorts after every day and every id.
constexpr const char* last_day = "9999-12-31";
constexpr const char* last_id = "~";

base::Result<Member> shown(store::Session& session, const Rooms& rooms, PersonRow row) {
  TRY(mask(session, rooms, "person", row.id.value, row.values));
  return Member{row.id, std::move(row.values), row.version};
}

bool head_first(const Member& one, const Member& other) {
  const auto key = [](const Member& member) {
    const std::string birth = member.values.text("birth");
    return std::tuple(member.values.text("relation") != "head", birth.empty(), birth, member.id.value);
  };
  return key(one) < key(other);
}

}  // namespace

base::Result<Household> read_household(store::Session& session, const Rooms& rooms, const access::Viewer& viewer, const HouseholdId& id) {
  TRY(expect(viewer, access::Permission::register_read));
  HouseholdRow row = TRY(household_row(session, viewer, id));
  TRY(mask(session, rooms, "household", id.value, row.values));
  Household out{id, std::move(row.values), row.version, {}, TRY(income_rows(session, id))};
  for (PersonRow& person : TRY(member_rows(session, id))) out.members.push_back(TRY(shown(session, rooms, std::move(person))));
  return out;
}

base::Result<Member> read_person(store::Session& session, const Rooms& rooms, const access::Viewer& viewer, const PersonId& id) {
  TRY(expect(viewer, access::Permission::register_read));
  return shown(session, rooms, TRY(person_row(session, viewer, id)));
}

base::Result<Household> household_as_of(store::Session& session, const Rooms& rooms, const access::Viewer& viewer,
                                        const HouseholdId& id, base::Date day) {
  TRY(expect(viewer, access::Permission::register_read));
  HouseholdRow row = TRY(household_row(session, viewer, id));
  const std::string wanted = base::to_string(day);
  const std::string ended = row.values.text("ended_on");
  if (wanted < row.values.text("registered_on") || (!ended.empty() && ended <= wanted)) return base::fail(no_such_household());
  TRY(wind_back(session, "household", id.value, day, row.values));
  Household out{id, std::move(row.values), row.version, {}, TRY(income_rows(session, id))};
  for (const PersonId& person : TRY(members_on(session, id, day))) {
    auto found = TRY(find_person_row(session, person));
    if (!found) continue;
    TRY(wind_back(session, "person", person.value, day, found->values));
    found->values.at("household") = id.value;
    found->values.at("present") = std::int64_t{1};
    found->values.at("village") = out.values.at("village");
    out.members.push_back(TRY(shown(session, rooms, *std::move(found))));
  }
  std::ranges::sort(out.members, head_first);
  out.values.at("size") = static_cast<std::int64_t>(out.members.size());
  const bool headed = !out.members.empty() && out.members.front().values.text("relation") == "head";
  out.values.at("head_name") = headed ? out.members.front().values.at("name") : Cell();
  out.values.at("ended_on") = {};
  TRY(mask(session, rooms, "household", id.value, out.values));
  return out;
}

base::Result<std::vector<Event>> events_of(store::Session& session, const access::Viewer& viewer, const HouseholdId& id,
                                           const std::optional<EventPlace>& before, int limit) {
  TRY(expect(viewer, access::Permission::register_read));
  TRY(household_row(session, viewer, id));
  std::vector<Event> out;
  const auto rows = TRY(session.query(select_events, {{"household", id}, {"day", before ? before->day : std::string(last_day)},
                                                      {"id", before ? before->id.value : std::string(last_id)}, {"limit", limit}}));
  for (const store::Row& row : rows) {
    Event one{row.id<EventId>(0), row.text(1), row.id<HouseholdId>(2), {}, row.maybe_text(4).value_or(""),
              row.maybe_date(5).value_or(base::Date{}), row.text(6), {}, row.text(8), row.instant(9)};
    if (auto person = row.maybe_text(3)) one.person = PersonId{*std::move(person)};
    boost::json::error_code problem;
    boost::json::value detail = boost::json::parse(row.text(7), problem);
    if (!problem && detail.is_object()) one.detail = std::move(detail.get_object());
    out.push_back(std::move(one));
  }
  return out;
}

base::Result<std::vector<FormerMember>> former_members(store::Session& session, const access::Viewer& viewer, const HouseholdId& id) {
  TRY(expect(viewer, access::Permission::register_read));
  TRY(household_row(session, viewer, id));
  std::vector<FormerMember> out;
  for (const store::Row& row : TRY(session.query(select_former, {{"household", id}}))) {
    FormerMember one{row.id<PersonId>(0), row.maybe_text(1).value_or(""), row.maybe_date(2).value_or(base::Date{}), row.maybe_text(3).value_or(""), {}};
    if (!row.null(4) && sees(viewer, row.text(5), row.maybe_text(6).value_or(""))) one.now_in = row.id<HouseholdId>(4);
    out.push_back(std::move(one));
  }
  return out;
}

base::Result<std::string> open_private(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                                       Owner kind, const std::string& owner, std::string_view field_id, std::string_view reason) {
  TRY(expect(viewer, access::Permission::private_open));
  const bool household = kind == Owner::household;
  const Field* field = household ? find_field(household_fields, field_id) : find_field(person_fields, field_id);
  if (field == nullptr || !field->private_) {
    return base::fail(base::ErrorKind::not_found, "field_unknown", base::text("没有这项密文。", "There is no such masked value."));
  }
  TRY(check_why(transaction, {base::date_of(transaction.now()), std::string(reason)}));
  HouseholdId of{owner};
  Cell sealed;
  if (household) {
    sealed = TRY(household_row(transaction, viewer, of)).values.at(field_id);
  } else {
    const PersonRow row = TRY(person_row(transaction, viewer, PersonId{owner}));
    of = TRY(last_household(transaction, row.id));
    sealed = row.values.at(field_id);
  }
  auto clear = TRY(opened(transaction, rooms, household ? "household" : "person", *field, owner, sealed));
  if (!clear) {
    return base::fail(base::ErrorKind::not_found, "value_unknown", base::text("没有登记这一项。", "Nothing is on record here."));
  }
  boost::json::object told{{"field", field->id}, {"reason", reason}};
  if (!household) told["person"] = owner;
  TRY(transaction.journal({"private_value.opened", "household", of.value, "", boost::json::serialize(told)}));
  return *std::move(clear);
}

}  // namespace yihu::registry
