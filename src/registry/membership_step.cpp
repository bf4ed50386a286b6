#include "registry/membership_step.h"

namespace yihu::registry {

base::Result<HouseholdRow> open_household(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& id, const Why& why) {
  TRY(expect(viewer, access::Permission::register_change));
  HouseholdRow row = TRY(household_row(transaction, viewer, id));
  TRY(check_why(transaction, why, row.values.text("registered_on")));
  if (row.values.known("ended_on")) {
    return base::fail(base::ErrorKind::conflict, "household_ended", base::text("此户已销户。", "The household has ended."));
  }
  return row;
}

base::Result<PersonRow> present_person(store::Transaction& transaction, const access::Viewer& viewer, const PersonId& id) {
  TRY(expect(viewer, access::Permission::register_change));
  PersonRow row = TRY(person_row(transaction, viewer, id));
  if (row.values.text("household").empty()) {
    return base::fail(base::ErrorKind::conflict, "person_absent", base::text("此人已不在户。", "The person is no longer a member."));
  }
  return row;
}

base::Done check_relation(const std::string& relation) { return check(*find_field(person_fields, "relation"), relation); }

base::Done take_out(store::Transaction& transaction, PersonRow& person, const Why& why, const EventId& event) {
  TRY(leave(transaction, person.id, why.day, event));
  person.values.at("household") = {};
  person.values.at("present") = std::int64_t{0};
  return update(transaction, person);
}

base::Done set_relation(store::Transaction& transaction, PersonRow& person, const std::string& relation, const Why& why, const EventId& event) {
  TRY(put_values(transaction, {"person", person.id.value, why.day, event}, {{"relation", Cell(relation)}}, person.values));
  if (person.values.text("relation") != relation) {
    return base::fail(base::ErrorKind::conflict, "membership_order",
                      base::text("此人与户主的关系在更晚的日期另有变更。", "The person's relation to the head changed on a later day."),
                      base::text("请核对日期。", "Check the day."));
  }
  return update(transaction, person);
}

base::Done put_in(store::Transaction& transaction, PersonRow& person, const HouseholdRow& household, const std::string& relation,
                  const Why& why, const EventId& event) {
  TRY(join(transaction, person.id, household.id, why.day, event));
  person.values.at("household") = household.id.value;
  person.values.at("village") = household.values.at("village");
  person.values.at("present") = std::int64_t{1};
  return set_relation(transaction, person, relation, why, event);
}

base::Done settle(store::Transaction& transaction, HouseholdRow& household, bool head_left, const std::optional<PersonId>& next_head,
                  const Why& why, const EventId& event) {
  auto members = TRY(member_rows(transaction, household.id));
  if (head_left && !members.empty()) {
    if (!next_head) {
      return base::fail(base::Error{base::ErrorKind::conflict, "head_missing", base::text("户主离开后，请指定新的户主。", "The head leaves; name the next one."), {},
                                    {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/next_head"}, {}});
    }
    bool named = false;
    for (PersonRow& member : members) {
      if (member.id != *next_head) continue;
      TRY(set_relation(transaction, member, "head", why, event));
      named = true;
    }
    if (!named) {
      return base::fail(base::Error{base::ErrorKind::input, "person_unknown", base::text("新户主不是此户成员。", "The next head is not a member."), {},
                                    {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/next_head"}, {}});
    }
  }
  return refresh(transaction, household, why.day);
}

}  // namespace yihu::registry
