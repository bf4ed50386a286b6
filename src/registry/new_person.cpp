#include "registry/new_person.h"

#include "registry/history.h"
#include "registry/stored_form.h"

namespace yihu::registry {
namespace {

using store::Sql;

constexpr Sql select_present_by_id = "SELECT id FROM person WHERE id_index = :index AND present = 1";
constexpr Sql select_code = "SELECT 1 FROM person WHERE code = :code";

}  // namespace

void check_new_person(const Values& values, const std::string& pointer, std::vector<base::Error>& mistakes) {
  const Values normal = normal_form(person_fields, values);
  check_values(person_fields, normal, pointer, mistakes);
  const auto name = normal.find("name");
  if (name == normal.end() || !known(name->second)) {
    mistakes.push_back({base::ErrorKind::input, "name_missing", base::text("请填写姓名。", "Give the name."), {},
                        {.file = {}, .line = 0, .column = 0, .cell = {}, .field = pointer + "/name"}, {}});
  }
}

base::Result<NewMember> make_member(store::Transaction& transaction, const Rooms& rooms, const HouseholdRow& household,
                                    const Values& wanted, base::Date joined, const EventId& event) {
  const Values values = normal_form(person_fields, wanted);
  PersonRow row;
  row.id = PersonId::make();
  const Values stored = TRY(stored_form(transaction, rooms, row, values));
  if (row.id_index && TRY(transaction.find(select_present_by_id, {{"index", *row.id_index}}))) {
    return base::fail(base::Error{base::ErrorKind::conflict, "person_known", base::text("这个证件号码已属于另一个在户的人。", "Another present person has this document number."),
                                  base::text("请核对号码；同一人换户请用“迁移”。", "Check the number; somebody who changes households is moved."),
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/id_number"}, {}});
  }
  if (const auto code = values.find("code"); code != values.end() && known(code->second) &&
                                             TRY(transaction.find(select_code, {{"code", value_from(code->second)}}))) {
    return base::fail(base::Error{base::ErrorKind::conflict, "person_code_taken", base::text("人员编号已被另一人使用。", "Another person has this number."), {},
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/code"}, {}});
  }
  for (const auto& [field, value] : stored) row.values.at(field) = value;
  row.values.at("household") = household.id.value;
  row.values.at("village") = household.values.at("village");
  row.values.at("present") = std::int64_t{1};
  TRY(insert(transaction, row));
  TRY(join(transaction, row.id, household.id, joined, event));
  return NewMember{row.id, TRY(told(transaction, rooms, row.id, values))};
}

}  // namespace yihu::registry
