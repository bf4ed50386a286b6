#include "registry/identity.h"

#include "registry/history.h"
#include "registry/put_values.h"
#include "registry/stored_form.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace yihu::registry {
namespace {

namespace json = boost::json;
using store::Sql;

constexpr Sql select_same_number = "SELECT 1 FROM person WHERE id_index = :index AND present = 1 AND id <> :id";
constexpr Sql insert_correction =
    "INSERT INTO identity_correction (id, person, before, after, event, undone_by)"
    " VALUES (:id, :person, :before, :after, :event, NULL)";
constexpr Sql select_correction = "SELECT person, before, undone_by FROM identity_correction WHERE id = :id";
constexpr Sql select_later = "SELECT 1 FROM identity_correction WHERE person = :person AND id > :id AND undone_by IS NULL";
constexpr Sql mark_undone = "UPDATE identity_correction SET undone_by = :event WHERE id = :id";
constexpr Sql select_corrections =
    "SELECT c.id, c.undone_by, e.reason, e.detail, e.actor, e.at FROM identity_correction c"
    " JOIN register_event e ON e.id = c.event WHERE c.person = :person ORDER BY c.id DESC";

constexpr std::string_view identity_fields[] = {"name", "sex", "birth", "id_number", "id_kind"};

base::Result<std::string> sealed_json(store::Transaction& transaction, const Rooms& rooms, const PersonId& person, const Values& values) {
  return rooms.secrets.seal(transaction, {"identity_correction", "values", person.value}, json::serialize(json_from(values)));
}

base::Result<Values> values_from_sealed(store::Session& session, const Rooms& rooms, const PersonId& person, const std::string& sealed) {
  const std::string clear = TRY(rooms.secrets.open(session, {"identity_correction", "values", person.value}, sealed));
  json::error_code problem;
  const json::value value = json::parse(clear, problem);
  Values out;
  if (problem || !value.is_object()) return out;
  for (const auto& [field, one] : value.get_object()) out[std::string(field)] = one.is_string() ? Cell(std::string(one.get_string())) : Cell();
  return out;
}

/// What the row says now, in clear, of the fields that are going to change.
base::Result<Values> clear_values(store::Session& session, const Rooms& rooms, const PersonRow& row, const Values& changing) {
  Values out;
  for (const auto& [id, value] : changing) {
    const Field* field = find_field(person_fields, id);
    if (!field->private_) {
      out[id] = row.values.at(id);
    } else if (auto text = TRY(opened(session, rooms, "person", *field, row.id.value, row.values.at(id)))) {
      out[id] = *std::move(text);
    } else {
      out[id] = Cell{};
    }
  }
  return out;
}

/// Writes the new identity and everything derived from it, in the past as well.
base::Done apply(store::Transaction& transaction, const Rooms& rooms, PersonRow& row, const Values& values, const Why& why) {
  const Values stored = TRY(stored_form(transaction, rooms, row, values));
  if (values.contains("id_number") && row.id_index && !row.values.text("household").empty() &&
      TRY(transaction.find(select_same_number, {{"index", *row.id_index}, {"id", row.id}}))) {
    return base::fail(base::Error{base::ErrorKind::conflict, "person_known", base::text("这个证件号码已属于另一个在户的人。", "Another present person has this document number."), {},
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/id_number"}, {}});
  }
  for (const auto& [field, value] : stored) row.values.at(field) = value;
  TRY(update(transaction, row));
  const HouseholdId household{row.values.text("household")};
  if (household.empty()) return {};
  HouseholdRow owner = *TRY(find_household_row(transaction, household));
  return refresh(transaction, owner, why.day);
}

base::Result<HouseholdId> household_of(store::Session& session, const PersonRow& row) {
  if (row.values.known("household")) return HouseholdId{row.values.text("household")};
  return last_household(session, row.id);
}

}  // namespace

base::Result<CorrectionId> correct_identity(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                                            const PersonId& id, const Values& wanted, const Why& why, std::optional<int> version) {
  TRY(expect(viewer, access::Permission::register_change));
  PersonRow row = TRY(person_row(transaction, viewer, id));
  TRY(expect_version(transaction, HouseholdId{row.values.text("household")}, version, row.version));
  TRY(check_why(transaction, why));
  const Values values = normal_form(person_fields, wanted);
  std::vector<base::Error> mistakes;
  check_values(person_fields, values, "", mistakes);
  for (const auto& [field, value] : values) {
    if (std::ranges::find(identity_fields, field) != std::end(identity_fields)) continue;
    mistakes.push_back({base::ErrorKind::input, "field_unknown", base::text("“{}”不属于身份。", "\"{}\" is no part of an identity.", field), {},
                        {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/" + field}, {}});
  }
  if (values.empty()) {
    mistakes.push_back({base::ErrorKind::input, "nothing_to_correct", base::text("没有要更正的内容。", "There is nothing to correct."), {}, {}, {}});
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  // A number may tell its own kind; an undo gives that back too.
  Values touched = values;
  if (values.contains("id_number")) touched.try_emplace("id_kind");
  const Values before = TRY(clear_values(transaction, rooms, row, touched));
  json::array fields;
  for (const auto& [field, value] : values) fields.emplace_back(field);
  const auto correction = CorrectionId::make();
  Happening happening{.kind = "identity_corrected", .household = TRY(household_of(transaction, row)), .person = id};
  happening.detail = {{"fields", fields}, {"correction", correction.value}};
  happening.before = TRY(told(transaction, rooms, id, before));
  happening.after = TRY(told(transaction, rooms, id, values));
  const EventId event = TRY(record(transaction, viewer, why, std::move(happening)));
  TRY(transaction.execute(insert_correction, {{"id", correction}, {"person", id}, {"before", TRY(sealed_json(transaction, rooms, id, before))},
                                              {"after", TRY(sealed_json(transaction, rooms, id, values))}, {"event", event}}));
  TRY(apply(transaction, rooms, row, values, why));
  return correction;
}

base::Done undo_correction(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                           const CorrectionId& correction, const Why& why) {
  TRY(expect(viewer, access::Permission::register_change));
  const auto stored = TRY(transaction.find(select_correction, {{"id", correction}}));
  if (!stored) return base::fail(no_such_person());
  const auto id = stored->id<PersonId>(0);
  PersonRow row = TRY(person_row(transaction, viewer, id));
  TRY(check_why(transaction, why));
  if (!stored->null(2)) {
    return base::fail(base::ErrorKind::conflict, "correction_undone", base::text("这次更正已经撤销。", "This correction has been undone."));
  }
  if (TRY(transaction.find(select_later, {{"person", id}, {"id", correction}}))) {
    return base::fail(base::ErrorKind::conflict, "correction_followed", base::text("之后又有更正，请先撤销后一次。", "A later correction stands; undo that one first."));
  }
  const Values before = TRY(values_from_sealed(transaction, rooms, id, stored->text(1)));
  Happening happening{.kind = "identity_restored", .household = TRY(household_of(transaction, row)), .person = id};
  happening.detail = {{"correction", correction.value}};
  happening.before = TRY(told(transaction, rooms, id, TRY(clear_values(transaction, rooms, row, before))));
  happening.after = TRY(told(transaction, rooms, id, before));
  const EventId event = TRY(record(transaction, viewer, why, std::move(happening)));
  TRY(transaction.execute(mark_undone, {{"event", event}, {"id", correction}}));
  return apply(transaction, rooms, row, before, why);
}

base::Result<std::vector<Correction>> corrections_of(store::Session& session, const access::Viewer& viewer, const PersonId& person) {
  TRY(expect(viewer, access::Permission::register_read));
  TRY(person_row(session, viewer, person));
  std::vector<Correction> out;
  for (const store::Row& row : TRY(session.query(select_corrections, {{"person", person}}))) {
    Correction one{row.id<CorrectionId>(0), {}, row.text(2), row.instant(5), row.text(4), !row.null(1)};
    json::error_code problem;
    const json::value detail = json::parse(row.text(3), problem);
    if (!problem && detail.is_object()) {
      for (const auto& field : detail.at("fields").as_array()) one.fields.emplace_back(field.as_string());
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace yihu::registry
