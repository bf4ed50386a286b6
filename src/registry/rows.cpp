#include "registry/rows.h"

#include "registry/field_sql.h"

namespace yihu::registry {
namespace {

using store::Sql;

constexpr Sql select_household =
    sql_of<[] { return "SELECT " + columns_of(household_fields) + ", phone_index, version FROM household WHERE id = :id"; }>;
constexpr Sql insert_household = sql_of<[] {
  return "INSERT INTO household (id, " + columns_of(household_fields) + ", phone_index, version, updated_at) VALUES (:id, :" +
         parameters_of(household_fields) + ", :phone_index, 1, :now)";
}>;
constexpr Sql update_household = sql_of<[] {
  return "UPDATE household SET " + assignments_of(household_fields) +
         ", phone_index = :phone_index, version = version + 1, updated_at = :now WHERE id = :id AND version = :version";
}>;
constexpr Sql select_person = sql_of<[] {
  return "SELECT id, " + columns_of(person_fields) + ", initials, initials_other, id_index, phone_index, version FROM person WHERE id = :id";
}>;
constexpr Sql select_members = sql_of<[] {
  return "SELECT id, " + columns_of(person_fields) + ", initials, initials_other, id_index, phone_index, version FROM person"
         " WHERE household = :household ORDER BY CASE relation WHEN 'head' THEN 0 ELSE 1 END, birth, id";
}>;
constexpr Sql insert_person = sql_of<[] {
  return "INSERT INTO person (id, " + columns_of(person_fields) + ", initials, initials_other, id_index, phone_index, version, updated_at)"
         " VALUES (:id, :" + parameters_of(person_fields) + ", :initials, :initials_other, :id_index, :phone_index, 1, :now)";
}>;
constexpr Sql update_person = sql_of<[] {
  return "UPDATE person SET " + assignments_of(person_fields) +
         ", initials = :initials, initials_other = :initials_other, id_index = :id_index, phone_index = :phone_index,"
         " version = version + 1, updated_at = :now WHERE id = :id AND version = :version";
}>;
constexpr Sql select_last_household =
    "SELECT household FROM membership WHERE person = :person ORDER BY joined_on DESC, joined_by DESC LIMIT 1";
constexpr Sql select_last_left = "SELECT MAX(left_on) FROM membership WHERE household = :household";
constexpr Sql select_place = "SELECT village, helper_account FROM household WHERE id = :id";

PersonRow person_from(const store::Row& row) {
  PersonRow out;
  out.id = row.id<PersonId>(0);
  out.values = Record(person_fields, row, 1);
  const std::size_t after = 1 + std::size(person_fields);
  out.initials = row.maybe_text(after);
  out.initials_other = row.maybe_text(after + 1);
  out.id_index = row.maybe_text(after + 2);
  out.phone_index = row.maybe_text(after + 3);
  out.version = static_cast<int>(row.integer(after + 4));
  return out;
}

base::Error stale() {
  return base::fail(base::ErrorKind::stale, "register_stale", base::text("刚刚有人修改过。", "Somebody has just changed this."),
                    base::text("请刷新后再改。", "Reload and change it again.")).error();
}

void add_own(store::Parameters& parameters, const PersonRow& row) {
  parameters.push_back({"initials", row.initials});
  parameters.push_back({"initials_other", row.initials_other});
  parameters.push_back({"id_index", row.id_index});
  parameters.push_back({"phone_index", row.phone_index});
}

}  // namespace

base::Result<std::optional<HouseholdRow>> find_household_row(store::Session& session, const HouseholdId& id) {
  const auto row = TRY(session.find(select_household, {{"id", id}}));
  if (!row) return std::optional<HouseholdRow>();
  HouseholdRow out;
  out.id = id;
  out.values = Record(household_fields, *row, 0);
  out.phone_index = row->maybe_text(std::size(household_fields));
  out.version = static_cast<int>(row->integer(std::size(household_fields) + 1));
  return std::optional(std::move(out));
}

base::Result<HouseholdRow> household_row(store::Session& session, const access::Viewer& viewer, const HouseholdId& id) {
  auto row = TRY(find_household_row(session, id));
  if (!row || !sees(viewer, row->values.text("village"), row->values.text("helper_account"))) return base::fail(no_such_household());
  return *std::move(row);
}

base::Result<std::optional<PersonRow>> find_person_row(store::Session& session, const PersonId& id) {
  const auto row = TRY(session.find(select_person, {{"id", id}}));
  if (!row) return std::optional<PersonRow>();
  return std::optional(person_from(*row));
}

base::Result<HouseholdId> last_household(store::Session& session, const PersonId& person) {
  const auto last = TRY(session.find(select_last_household, {{"person", person}}));
  return last ? last->id<HouseholdId>(0) : HouseholdId{};
}

base::Result<PersonRow> person_row(store::Session& session, const access::Viewer& viewer, const PersonId& id) {
  auto row = TRY(find_person_row(session, id));
  if (!row) return base::fail(no_such_person());
  std::string household = row->values.text("household");
  if (household.empty()) household = TRY(last_household(session, id)).value;
  const auto place = TRY(session.find(select_place, {{"id", household}}));
  if (!place || !sees(viewer, place->text(0), place->maybe_text(1).value_or(""))) return base::fail(no_such_person());
  return *std::move(row);
}

base::Result<std::vector<PersonRow>> member_rows(store::Session& session, const HouseholdId& household) {
  std::vector<PersonRow> out;
  for (const store::Row& row : TRY(session.query(select_members, {{"household", household}}))) out.push_back(person_from(row));
  return out;
}

base::Done insert(store::Transaction& transaction, const HouseholdRow& row) {
  store::Parameters parameters{{"id", row.id}};
  for (store::Parameter& one : parameters_from(row.values)) parameters.push_back(std::move(one));
  parameters.push_back({"phone_index", row.phone_index});
  parameters.push_back({"now", transaction.now()});
  TRY(transaction.execute(insert_household, parameters));
  return {};
}

base::Done insert(store::Transaction& transaction, const PersonRow& row) {
  store::Parameters parameters{{"id", row.id}};
  for (store::Parameter& one : parameters_from(row.values)) parameters.push_back(std::move(one));
  add_own(parameters, row);
  parameters.push_back({"now", transaction.now()});
  TRY(transaction.execute(insert_person, parameters));
  return {};
}

base::Done update(store::Transaction& transaction, HouseholdRow& row) {
  store::Parameters parameters = parameters_from(row.values);
  parameters.push_back({"phone_index", row.phone_index});
  parameters.push_back({"now", transaction.now()});
  parameters.push_back({"id", row.id});
  parameters.push_back({"version", row.version});
  if (TRY(transaction.execute(update_household, parameters)) == 0) return base::fail(stale());
  ++row.version;
  return {};
}

base::Done update(store::Transaction& transaction, PersonRow& row) {
  store::Parameters parameters = parameters_from(row.values);
  add_own(parameters, row);
  parameters.push_back({"now", transaction.now()});
  parameters.push_back({"id", row.id});
  parameters.push_back({"version", row.version});
  if (TRY(transaction.execute(update_person, parameters)) == 0) return base::fail(stale());
  ++row.version;
  return {};
}

base::Done refresh(store::Transaction& transaction, HouseholdRow& row, base::Date day) {
  const auto members = TRY(member_rows(transaction, row.id));
  Cell head_name;
  for (const PersonRow& member : members) {
    if (member.values.text("relation") == "head" && !known(head_name)) head_name = member.values.at("name");
  }
  const Cell size = static_cast<std::int64_t>(members.size());
  Cell ended_on = row.values.at("ended_on");
  if (members.empty() && !known(ended_on)) {
    // Days are not always entered in order: it ends when the last of them left, not when the last entry says so.
    const auto last = TRY(transaction.find(select_last_left, {{"household", row.id}}));
    ended_on = std::max(base::to_string(day), last ? last->maybe_text(0).value_or("") : std::string());
  }
  if (!members.empty()) ended_on = {};
  if (row.values.at("size") == size && row.values.at("head_name") == head_name && row.values.at("ended_on") == ended_on) return {};
  row.values.at("size") = size;
  row.values.at("head_name") = head_name;
  row.values.at("ended_on") = ended_on;
  return update(transaction, row);
}

}  // namespace yihu::registry
