#include "registry/registration.h"

#include "registry/history.h"
#include "registry/income.h"
#include "registry/new_person.h"
#include "registry/stored_form.h"

#include <boost/json/array.hpp>

namespace yihu::registry {
namespace {

namespace json = boost::json;
using store::Sql;

constexpr Sql select_village =
    "SELECT 1 FROM area WHERE code = :code AND level = 'village' AND (valid_from IS NULL OR valid_from <= :day)"
    " AND (valid_to IS NULL OR valid_to >= :day)";
constexpr Sql select_code = "SELECT 1 FROM household WHERE code = :code";

base::Error at(const char* field, const char* code, base::Text text) {
  return {base::ErrorKind::input, code, std::move(text), {}, {.file = {}, .line = 0, .column = 0, .cell = {}, .field = field}, {}};
}

/// A code of a field that only functions may change.
void check_code(std::span<const CodeWord> codes, const std::string& value, const char* pointer, std::vector<base::Error>& mistakes) {
  for (const CodeWord& word : codes) {
    if (word.code == value) return;
  }
  mistakes.push_back(at(pointer, "value_kind", base::text("没有“{}”这个选项。", "There is no value \"{}\".", value)));
}

base::Done check_all(store::Transaction& transaction, const access::Viewer& viewer, const NewHousehold& wanted, const Values& values) {
  std::vector<base::Error> mistakes;
  if (auto why = check_why(transaction, {wanted.registered_on, wanted.reason}); !why) {
    mistakes.push_back(why.error());
    if (why.error().place.field == "/day") mistakes.back().place.field = "/registered_on";
  }
  check_values(household_fields, values, "", mistakes);
  check_code(status_codes, wanted.status, "/status", mistakes);
  check_code(monitoring_codes, wanted.monitoring, "/monitoring", mistakes);
  const bool within = viewer.scope.covers_area(wanted.village);
  if (!within || !TRY(transaction.find(select_village, {{"code", wanted.village}, {"day", wanted.registered_on}}))) {
    mistakes.push_back(at("/village", "village_unknown", base::text("那一天没有这个村。", "There was no such village on that day.")));
  }
  if (wanted.members.empty() || wanted.members.size() > members_max) {
    mistakes.push_back(at("/members", "members_count", base::text("每户 1 到 {} 人。", "A household has 1 to {} members.", members_max)));
  }
  int heads = 0;
  for (std::size_t i = 0; i < wanted.members.size(); ++i) {
    const NewPerson& member = wanted.members[i];
    check_new_person(member.values, fmt::format("/members/{}", i), mistakes);
    if (member.joined && (*member.joined < wanted.registered_on || *member.joined > base::date_of(transaction.now()))) {
      mistakes.push_back(at(fmt::format("/members/{}/joined", i).c_str(), "day_unfit",
                            base::text("入户日期不能早于登记日，也不能晚于今天。", "He cannot have joined before the household was registered, nor after today.")));
    }
    const auto relation = member.values.find("relation");
    if (relation != member.values.end() && relation->second == Cell(std::string("head"))) ++heads;
  }
  if (heads > 1) mistakes.push_back(at("/members", "heads", base::text("一户只能有一个户主。", "A household has one head.")));
  for (std::size_t i = 0; i < wanted.incomes.size(); ++i) check_income(wanted.incomes[i], fmt::format("/incomes/{}", i), mistakes);
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return {};
}

}  // namespace

base::Result<Added> add_household(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                                  const NewHousehold& wanted) {
  TRY(expect(viewer, access::Permission::register_change));
  const Values values = normal_form(household_fields, wanted.values);
  TRY(check_all(transaction, viewer, wanted, values));
  if (const auto code = values.find("code"); code != values.end() && known(code->second)) {
    if (TRY(transaction.find(select_code, {{"code", value_from(code->second)}}))) {
      return base::fail(base::Error{base::ErrorKind::conflict, "household_code_taken", base::text("户编号已被另一户使用。", "Another household has this number."), {},
                                    {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/code"}, {}});
    }
  }
  HouseholdRow row;
  row.id = HouseholdId::make();
  const Values stored = TRY(stored_form(transaction, rooms, row, values));
  json::object after;
  for (const auto& [field, value] : stored) {
    row.values.at(field) = value;
    if (known(value)) after[field] = json_from(value);
  }
  row.values.at("village") = wanted.village;
  row.values.at("status") = wanted.status;
  row.values.at("monitoring") = wanted.monitoring;
  row.values.at("registered_on") = base::to_string(wanted.registered_on);
  row.values.at("size") = static_cast<std::int64_t>(wanted.members.size());
  if (wanted.helper_account) row.values.at("helper_account") = wanted.helper_account->value;
  for (const NewPerson& member : wanted.members) {
    const auto relation = member.values.find("relation");
    const auto name = member.values.find("name");
    if (relation != member.values.end() && relation->second == Cell(std::string("head")) && name != member.values.end()) {
      row.values.at("head_name") = name->second;
    }
  }
  TRY(insert(transaction, row));
  Added added{row.id, {}};
  // The event comes after the people, because the journal's entry names them; its id is needed before.
  json::array members;
  const EventId event = EventId::make();
  for (const NewPerson& member : wanted.members) {
    NewMember made = TRY(make_member(transaction, rooms, row, member.values, member.joined.value_or(wanted.registered_on), event));
    members.emplace_back(std::move(made.told));
    added.members.push_back(made.id);
  }
  for (const Values& income : wanted.incomes) TRY(insert_income(transaction, row.id, income));
  after["village"] = wanted.village;
  after["status"] = wanted.status;
  after["members"] = std::move(members);
  Happening happening{.kind = "registered", .household = row.id};
  happening.detail = {{"status", wanted.status}, {"monitoring", wanted.monitoring}, {"people", wanted.members.size()}};
  happening.after = std::move(after);
  happening.id = event;
  TRY(record(transaction, viewer, {wanted.registered_on, wanted.reason}, std::move(happening)));
  return added;
}

}  // namespace yihu::registry
