#include "registry/change.h"

#include "registry/put_values.h"
#include "registry/stored_form.h"

#include <boost/json/array.hpp>

#include <algorithm>

namespace yihu::registry {
namespace {

using store::Sql;

constexpr Sql select_same_code = "SELECT 1 FROM household WHERE code = :code AND id <> :id";
constexpr Sql select_same_person_code = "SELECT 1 FROM person WHERE code = :code AND id <> :id";
constexpr Sql select_same_number = "SELECT 1 FROM person WHERE id_index = :index AND present = 1 AND id <> :id";
constexpr Sql select_village =
    "SELECT 1 FROM area WHERE code = :code AND level = 'village' AND (valid_from IS NULL OR valid_from <= :day)"
    " AND (valid_to IS NULL OR valid_to >= :day)";
constexpr Sql select_account = "SELECT 1 FROM user_account WHERE id = :id AND active = 1";
constexpr Sql update_villages =
    "UPDATE person SET village = :village, version = version + 1, updated_at = :now WHERE household = :household";

constexpr std::string_view identity_fields[] = {"name", "sex", "birth", "id_number"};

base::Error taken(const char* code, const char* field, base::Text text) {
  return {base::ErrorKind::conflict, code, std::move(text), {}, {.file = {}, .line = 0, .column = 0, .cell = {}, .field = field}, {}};
}

base::Done check_changes(std::span<const Field> fields, const Values& values) {
  std::vector<base::Error> mistakes;
  check_values(fields, values, "", mistakes);
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return {};
}

/// Unchanged values are no news.
void drop_same(const Record& row, Values& values) {
  std::erase_if(values, [&](const auto& one) { return row.at(one.first) == one.second; });
}

bool is_identity(std::string_view field) { return std::ranges::find(identity_fields, field) != std::end(identity_fields); }

base::Done check_identity(const PersonRow& row, const Values& stored) {
  for (const auto& [field, value] : stored) {
    if (!is_identity(field) || !row.values.known(field)) continue;
    return base::fail(base::Error{base::ErrorKind::conflict, "identity_fixed",
                                  base::text("姓名、性别、出生日期和证件号码不能直接改。", "Name, sex, birth and document number cannot simply be changed."),
                                  base::text("请用“更正身份”办理，并写明原因。", "Correct the identity instead, and say why."),
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/" + field}, {}});
  }
  return {};
}

base::Done check_taken(store::Session& session, const PersonRow& row, const Values& stored) {
  if (const auto code = stored.find("code"); code != stored.end() && known(code->second) &&
                                             TRY(session.find(select_same_person_code, {{"code", value_from(code->second)}, {"id", row.id}}))) {
    return base::fail(taken("person_code_taken", "/code", base::text("人员编号已被另一人使用。", "Another person has this number.")));
  }
  if (stored.contains("id_number") && row.id_index && TRY(session.find(select_same_number, {{"index", *row.id_index}, {"id", row.id}}))) {
    return base::fail(taken("person_known", "/id_number", base::text("这个证件号码已属于另一个在户的人。", "Another present person has this document number.")));
  }
  return {};
}

/// The keys by which people are looked for belong to what holds today; a value of the past leaves them alone.
void keep_keys(const PersonRow& before, PersonRow& row) {
  if (row.values.at("phone") == before.values.at("phone")) row.phone_index = before.phone_index;
  if (row.values.at("id_number") == before.values.at("id_number")) row.id_index = before.id_index;
  if (row.values.at("name") != before.values.at("name")) return;
  row.initials = before.initials;
  row.initials_other = before.initials_other;
}

boost::json::array names_of(const Values& values) {
  boost::json::array out;
  for (const auto& [field, value] : values) out.emplace_back(field);
  return out;
}

}  // namespace

base::Result<int> change_household(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                                   const HouseholdId& id, const Change& change) {
  TRY(expect(viewer, access::Permission::register_change));
  HouseholdRow row = TRY(household_row(transaction, viewer, id));
  TRY(expect_version(transaction, id, change.version, row.version));
  const Values values = normal_form(household_fields, change.values);
  TRY(check_changes(household_fields, values));
  TRY(check_why(transaction, change.why, row.values.text("registered_on")));
  const auto phone_index = row.phone_index;
  const Cell phone = row.values.at("phone");
  Values stored = TRY(stored_form(transaction, rooms, row, values));
  if (change.why.day == base::date_of(transaction.now())) drop_same(row.values, stored);
  if (stored.empty()) return row.version;
  if (const auto code = stored.find("code"); code != stored.end() && known(code->second) &&
                                             TRY(transaction.find(select_same_code, {{"code", value_from(code->second)}, {"id", id}}))) {
    return base::fail(taken("household_code_taken", "/code", base::text("户编号已被另一户使用。", "Another household has this number.")));
  }
  Happening happening{.kind = change.mode == Mode::changed ? "changed" : "corrected", .household = id};
  happening.detail = {{"fields", names_of(stored)}};
  happening.before = before_of(row.values, stored);
  happening.after = json_from(stored);
  const EventId event = TRY(record(transaction, viewer, change.why, std::move(happening)));
  TRY(put_values(transaction, {"household", id.value, change.why.day, event, change.mode}, stored, row.values));
  if (row.values.at("phone") == phone) row.phone_index = phone_index;
  TRY(update(transaction, row));
  return row.version;
}

base::Result<int> change_person(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                                const PersonId& id, const Change& change) {
  TRY(expect(viewer, access::Permission::register_change));
  PersonRow row = TRY(person_row(transaction, viewer, id));
  TRY(expect_version(transaction, HouseholdId{row.values.text("household")}, change.version, row.version));
  if (row.values.text("household").empty()) {
    return base::fail(base::ErrorKind::conflict, "person_absent", base::text("此人已不在户。", "The person is no longer a member."));
  }
  const Values values = normal_form(person_fields, change.values);
  TRY(check_changes(person_fields, values));
  TRY(check_why(transaction, change.why));
  const PersonRow earlier = row;
  Values stored = TRY(stored_form(transaction, rooms, row, values));
  if (change.why.day == base::date_of(transaction.now())) drop_same(row.values, stored);
  if (stored.empty()) return row.version;
  TRY(check_identity(row, stored));
  TRY(check_taken(transaction, row, stored));
  const HouseholdId household{row.values.text("household")};
  if (const auto relation = stored.find("relation"); relation != stored.end() && relation->second == Cell(std::string("head"))) {
    return base::fail(taken("head_by_event", "/relation", base::text("更换户主请用“变更户主”办理。", "A new head is named by changing the head.")));
  }
  Happening happening{.kind = change.mode == Mode::changed ? "person_changed" : "person_corrected", .household = household, .person = id};
  happening.detail = {{"fields", names_of(stored)}};
  Values before;
  for (const auto& [field, value] : stored) before[field] = row.values.at(field);
  happening.before = TRY(told(transaction, rooms, id, before));
  happening.after = TRY(told(transaction, rooms, id, stored));
  const EventId event = TRY(record(transaction, viewer, change.why, std::move(happening)));
  TRY(put_values(transaction, {"person", id.value, change.why.day, event, change.mode}, stored, row.values));
  keep_keys(earlier, row);
  TRY(update(transaction, row));
  if (stored.contains("name") || stored.contains("relation")) {
    HouseholdRow owner = *TRY(find_household_row(transaction, household));
    TRY(refresh(transaction, owner, change.why.day));
  }
  return row.version;
}

base::Result<int> assign_helper(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& id,
                                const Helper& helper, const Why& why, std::optional<int> version) {
  TRY(expect(viewer, access::Permission::register_change));
  HouseholdRow row = TRY(household_row(transaction, viewer, id));
  TRY(expect_version(transaction, id, version, row.version));
  Values values;
  const auto cell = [](const std::optional<std::string>& text) { return text && !text->empty() ? Cell(*text) : Cell(); };
  values["helper"] = cell(helper.name);
  values["helper_unit"] = cell(helper.unit);
  TRY(check_changes(household_fields, values));
  TRY(check_why(transaction, why, row.values.text("registered_on")));
  if (helper.account && !TRY(transaction.find(select_account, {{"id", *helper.account}}))) {
    return base::fail(base::Error{base::ErrorKind::input, "user_unknown", base::text("没有这个用户。", "There is no such user."), {},
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/account"}, {}});
  }
  values["helper_account"] = helper.account ? Cell(helper.account->value) : Cell();
  Happening happening{.kind = "helper_assigned", .household = id};
  happening.before = before_of(row.values, values);
  happening.after = json_from(values);
  if (helper.account) happening.detail = {{"account", helper.account->value}};
  const EventId event = TRY(record(transaction, viewer, why, std::move(happening)));
  if (!TRY(put_values(transaction, {"household", id.value, why.day, event}, values, row.values))) return row.version;
  TRY(update(transaction, row));
  return row.version;
}

base::Result<int> relocate(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& id,
                           const std::string& village, const std::optional<std::string>& hamlet, const Why& why,
                           std::optional<int> version) {
  TRY(expect(viewer, access::Permission::register_change));
  HouseholdRow row = TRY(household_row(transaction, viewer, id));
  TRY(expect_version(transaction, id, version, row.version));
  TRY(check_why(transaction, why, row.values.text("registered_on")));
  if (!viewer.scope.covers_area(village) || !TRY(transaction.find(select_village, {{"code", village}, {"day", why.day}}))) {
    return base::fail(base::Error{base::ErrorKind::input, "village_unknown", base::text("那一天没有这个村。", "There was no such village on that day."), {},
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/village"}, {}});
  }
  const Values values{{"village", Cell(village)}, {"hamlet", hamlet ? Cell(*hamlet) : Cell()}};
  Happening happening{.kind = "relocated", .household = id};
  happening.detail = json_from(values);
  happening.before = before_of(row.values, values);
  const EventId event = TRY(record(transaction, viewer, why, std::move(happening)));
  if (!TRY(put_values(transaction, {"household", id.value, why.day, event}, values, row.values))) return row.version;
  TRY(update(transaction, row));
  TRY(transaction.execute(update_villages, {{"village", row.values.text("village")}, {"now", transaction.now()}, {"household", id}}));
  return row.version;
}

}  // namespace yihu::registry
