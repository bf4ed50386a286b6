#include "registry/membership.h"

#include "registry/headship.h"
#include "registry/membership_step.h"
#include "registry/new_person.h"
#include "registry/stored_form.h"

#include <boost/json/array.hpp>

#include <algorithm>

namespace yihu::registry {
namespace {

using store::Sql;

constexpr Sql select_last_membership =
    "SELECT household, joined_on, left_on, joined_by FROM membership WHERE person = :person"
    " ORDER BY joined_on DESC, left_on IS NULL DESC, joined_by DESC LIMIT 1";
constexpr Sql reopen_membership =
    "UPDATE membership SET left_on = NULL, left_by = NULL WHERE person = :person AND household = :household AND joined_by = :joined_by";

// A split that is entered late finds later changes of the household there: what held on its day held for both.
constexpr Sql insert_inherited =
    "INSERT INTO field_history (kind, subject, field, until, value, event)"
    " SELECT kind, :made, field, until, value, event FROM field_history WHERE kind = 'household' AND subject = :household AND until > :day"
    " AND field IN ('village', 'hamlet', 'status', 'monitoring', 'standard', 'attribute', 'main_cause', 'other_cause_1', 'other_cause_2',"
    " 'identified_year', 'exit_year', 'return_year', 'helper', 'helper_unit', 'helper_account')";
constexpr std::string_view inherited_fields[] = {
    "village", "hamlet", "status", "monitoring", "standard", "attribute", "main_cause", "other_cause_1", "other_cause_2",
    "identified_year", "exit_year", "return_year", "helper", "helper_unit", "helper_account"};

const char* kind_of(Arrival arrival) {
  switch (arrival) {
    case Arrival::born: return "born";
    case Arrival::married_in: return "married_in";
    case Arrival::moved_in: return "moved_in";
  }
  return "";
}

const char* kind_of(Departure departure) {
  switch (departure) {
    case Departure::died: return "died";
    case Departure::married_out: return "married_out";
    case Departure::moved_out: return "moved_out";
  }
  return "";
}

bool is_head(const PersonRow& person) { return person.values.text("relation") == "head"; }

base::Done expect_no_second_head(const HouseholdRow& household, std::string_view relation) {
  if (relation != "head" || !household.values.known("head_name")) return {};
  return base::fail(base::Error{base::ErrorKind::conflict, "head_known", base::text("此户已有户主。", "The household has a head already."),
                                base::text("请先变更户主。", "Change the head first."),
                                {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/relation"}, {}});
}

}  // namespace

base::Result<PersonId> add_member(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                                  const HouseholdId& id, Arrival arrival, const NewPerson& person, const Why& why) {
  HouseholdRow household = TRY(open_household(transaction, viewer, id, why));
  std::vector<base::Error> mistakes;
  check_new_person(person.values, "", mistakes);
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  const auto relation = person.values.find("relation");
  const auto* word = relation == person.values.end() ? nullptr : std::get_if<std::string>(&relation->second);
  TRY(expect_no_second_head(household, word == nullptr ? "" : *word));
  const EventId event = EventId::make();
  NewMember made = TRY(make_member(transaction, rooms, household, person.values, why.day, event));
  Happening happening{.kind = kind_of(arrival), .household = id, .person = made.id};
  happening.after = std::move(made.told);
  happening.id = event;
  TRY(record(transaction, viewer, why, std::move(happening)));
  TRY(refresh(transaction, household, why.day));
  return made.id;
}

base::Done remove_member(store::Transaction& transaction, const access::Viewer& viewer, const PersonId& id,
                         Departure departure, const Why& why, const std::optional<PersonId>& next_head) {
  PersonRow person = TRY(present_person(transaction, viewer, id));
  HouseholdRow household = TRY(open_household(transaction, viewer, HouseholdId{person.values.text("household")}, why));
  Happening happening{.kind = kind_of(departure), .household = household.id, .person = id};
  if (next_head) happening.detail = {{"next_head", next_head->value}};
  const EventId event = TRY(record(transaction, viewer, why, std::move(happening)));
  TRY(take_out(transaction, person, why, event));
  return settle(transaction, household, is_head(person), next_head, why, event);
}

base::Done undo_departure(store::Transaction& transaction, const access::Viewer& viewer, const PersonId& id, const Why& why) {
  TRY(expect(viewer, access::Permission::register_change));
  PersonRow person = TRY(person_row(transaction, viewer, id));
  TRY(check_why(transaction, why));
  const auto last = TRY(transaction.find(select_last_membership, {{"person", id}}));
  if (!last || last->null(2)) {
    return base::fail(base::ErrorKind::conflict, "person_present", base::text("此人仍在户。", "The person is a member."));
  }
  HouseholdRow household = TRY(household_row(transaction, viewer, last->id<HouseholdId>(0)));
  // While he was away another head may have been named; there cannot be two.
  const bool other_head = household.values.known("head_name") && is_head(person);
  if (other_head) {
    return base::fail(base::ErrorKind::conflict, "head_known", base::text("此户已有新的户主。", "The household has a new head."),
                      base::text("请先变更户主，再撤销。", "Change the head first."));
  }
  TRY(expect_number_free(transaction, person));
  Happening happening{.kind = "departure_undone", .household = household.id, .person = id};
  happening.before = {{"left_on", last->text(2)}};
  TRY(record(transaction, viewer, why, std::move(happening)));
  TRY(transaction.execute(reopen_membership, {{"person", id}, {"household", household.id}, {"joined_by", last->text(3)}}));
  person.values.at("household") = household.id.value;
  person.values.at("village") = household.values.at("village");
  person.values.at("present") = std::int64_t{1};
  TRY(update(transaction, person));
  TRY(expect_one_head(transaction, household.id));
  return refresh(transaction, household, why.day);
}

base::Done readmit(store::Transaction& transaction, const access::Viewer& viewer, const PersonId& id, const HouseholdId& to,
                   const std::string& relation, const Why& why) {
  HouseholdRow household = TRY(open_household(transaction, viewer, to, why));
  PersonRow person = TRY(person_row(transaction, viewer, id));
  TRY(check_relation(relation));
  TRY(expect_no_second_head(household, relation));
  TRY(expect_living(transaction, id));
  TRY(expect_number_free(transaction, person));
  const EventId event = TRY(record(transaction, viewer, why, {.kind = "came_back", .household = to, .person = id}));
  TRY(put_in(transaction, person, household, relation, why, event));
  return refresh(transaction, household, why.day);
}

base::Done move_member(store::Transaction& transaction, const access::Viewer& viewer, const PersonId& id, const HouseholdId& to,
                       const std::string& relation, const Why& why, const std::optional<PersonId>& next_head) {
  PersonRow person = TRY(present_person(transaction, viewer, id));
  HouseholdRow from = TRY(open_household(transaction, viewer, HouseholdId{person.values.text("household")}, why));
  if (from.id == to) {
    return base::fail(base::ErrorKind::conflict, "person_present", base::text("此人已在这一户。", "The person belongs to this household."));
  }
  HouseholdRow into = TRY(open_household(transaction, viewer, to, why));
  TRY(check_relation(relation));
  TRY(expect_no_second_head(into, relation));
  const bool head_left = is_head(person);
  Happening leaving{.kind = "moved_to", .household = from.id, .person = id};
  leaving.detail = {{"to", to.value}};
  const EventId left = TRY(record(transaction, viewer, why, std::move(leaving)));
  TRY(take_out(transaction, person, why, left));
  Happening coming{.kind = "moved_from", .household = to, .person = id};
  coming.detail = {{"from", from.id.value}};
  const EventId joined = TRY(record(transaction, viewer, why, std::move(coming)));
  TRY(put_in(transaction, person, into, relation, why, joined));
  TRY(settle(transaction, from, head_left, next_head, why, left));
  return refresh(transaction, into, why.day);
}

base::Result<HouseholdId> split_household(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& id,
                                          const std::vector<Moving>& moving, const Why& why, const std::optional<PersonId>& next_head) {
  HouseholdRow from = TRY(open_household(transaction, viewer, id, why));
  if (moving.empty() || std::ranges::count(moving, "head", &Moving::relation) != 1) {
    return base::fail(base::Error{base::ErrorKind::input, "heads", base::text("新户须有且只有一个户主。", "The new household needs one head."), {},
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/moving"}, {}});
  }
  HouseholdRow made;
  made.id = HouseholdId::make();
  for (const std::string_view same : inherited_fields) made.values.at(same) = from.values.at(same);
  made.values.at("registered_on") = base::to_string(why.day);
  made.values.at("size") = std::int64_t{0};
  TRY(insert(transaction, made));
  made.version = 1;
  TRY(transaction.execute(insert_inherited, {{"made", made.id}, {"household", id}, {"day", why.day}}));
  Happening leaving{.kind = "split", .household = id};
  leaving.detail = {{"to", made.id.value}, {"people", moving.size()}};
  const EventId left = TRY(record(transaction, viewer, why, std::move(leaving)));
  Happening coming{.kind = "split_from", .household = made.id};
  coming.detail = {{"from", id.value}, {"people", moving.size()}};
  const EventId joined = TRY(record(transaction, viewer, why, std::move(coming)));
  bool head_left = false;
  for (const Moving& one : moving) {
    PersonRow person = TRY(present_person(transaction, viewer, one.person));
    if (person.values.text("household") != id.value) return base::fail(no_such_person());
    TRY(check_relation(one.relation));
    head_left = head_left || is_head(person);
    TRY(take_out(transaction, person, why, left));
    TRY(put_in(transaction, person, made, one.relation, why, joined));
  }
  TRY(settle(transaction, from, head_left, next_head, why, left));
  TRY(refresh(transaction, made, why.day));
  return made.id;
}

base::Done merge_households(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& from_id,
                            const HouseholdId& into_id, const std::vector<Moving>& moving, const Why& why) {
  HouseholdRow from = TRY(open_household(transaction, viewer, from_id, why));
  HouseholdRow into = TRY(open_household(transaction, viewer, into_id, why));
  const auto members = TRY(member_rows(transaction, from_id));
  const bool all = from_id != into_id && moving.size() == members.size() && std::ranges::all_of(members, [&](const PersonRow& member) {
    return std::ranges::count(moving, member.id, &Moving::person) == 1;
  });
  if (!all) {
    return base::fail(base::Error{base::ErrorKind::input, "members_all", base::text("请写明每个成员与新户主的关系。", "Say what each member is to the head."), {},
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/moving"}, {}});
  }
  Happening leaving{.kind = "merged_into", .household = from_id};
  leaving.detail = {{"to", into_id.value}, {"people", moving.size()}};
  const EventId left = TRY(record(transaction, viewer, why, std::move(leaving)));
  Happening coming{.kind = "merged_from", .household = into_id};
  coming.detail = {{"from", from_id.value}, {"people", moving.size()}};
  const EventId joined = TRY(record(transaction, viewer, why, std::move(coming)));
  for (const Moving& one : moving) {
    PersonRow person = TRY(present_person(transaction, viewer, one.person));
    TRY(check_relation(one.relation));
    TRY(expect_no_second_head(into, one.relation));
    TRY(take_out(transaction, person, why, left));
    TRY(put_in(transaction, person, into, one.relation, why, joined));
  }
  TRY(refresh(transaction, from, why.day));
  return refresh(transaction, into, why.day);
}

base::Done change_head(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& id, const PersonId& head,
                       const std::string& former_relation, const Why& why) {
  HouseholdRow household = TRY(open_household(transaction, viewer, id, why));
  TRY(check_relation(former_relation));
  auto members = TRY(member_rows(transaction, id));
  const bool member = std::ranges::any_of(members, [&](const PersonRow& one) { return one.id == head; });
  if (!member) return base::fail(no_such_person());
  if (former_relation == "head") {
    return base::fail(base::Error{base::ErrorKind::input, "heads", base::text("一户只能有一个户主。", "A household has one head."), {},
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/former_relation"}, {}});
  }
  const EventId event = TRY(record(transaction, viewer, why, {.kind = "head_changed", .household = id, .person = head}));
  for (PersonRow& one : members) {
    if (is_head(one) && one.id != head) TRY(set_relation(transaction, one, former_relation, why, event));
    if (one.id == head) TRY(set_relation(transaction, one, "head", why, event));
  }
  TRY(expect_one_head(transaction, id));
  return refresh(transaction, household, why.day);
}

}  // namespace yihu::registry
