#include "registry/membership_step.h"

#include "registry/headship.h"

namespace yihu::registry {
namespace {

using store::Sql;

constexpr Sql select_how_left =
    "SELECT e.kind FROM membership m JOIN register_event e ON e.id = m.left_by WHERE m.person = :person"
    " ORDER BY m.joined_on DESC, m.joined_by DESC LIMIT 1";
constexpr Sql select_same_number = "SELECT 1 FROM person WHERE id_index = :index AND present = 1 AND id <> :id";

}  // namespace

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

base::Done expect_living(store::Session& session, const PersonId& id) {
  const auto left = TRY(session.find(select_how_left, {{"person", id}}));
  if (!left || left->text(0) != "died") return {};
  return base::fail(base::ErrorKind::conflict, "person_dead", base::text("此人已登记死亡。", "The person is recorded as dead."),
                    base::text("如系误报，请撤销减少。", "If that was a mistake, take the departure back."));
}

base::Done expect_number_free(store::Session& session, const PersonRow& person) {
  if (!person.id_index || !TRY(session.find(select_same_number, {{"index", *person.id_index}, {"id", person.id}}))) return {};
  return base::fail(base::ErrorKind::conflict, "person_known", base::text("这个证件号码已属于另一个在户的人。", "Another present person has this document number."),
                    base::text("请先核对两人的证件号码。", "Check both document numbers first."));
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
  TRY(set_relation(transaction, person, relation, why, event));
  return expect_one_head(transaction, household.id);
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
    TRY(expect_one_head(transaction, household.id));
  }
  return refresh(transaction, household, why.day);
}

}  // namespace yihu::registry
