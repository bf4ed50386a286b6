#include "registry/status.h"

#include "registry/put_values.h"

namespace yihu::registry {
namespace {

using store::Sql;

constexpr Sql select_later =
    "SELECT until FROM field_history WHERE kind = 'household' AND subject = :household AND field = :field AND until > :day LIMIT 1";

/// Years that a status carries with it; a fact is entered once.
void add_years(std::string_view before, std::string_view status, base::Date day, const Record& row, Values& values) {
  const Cell year = static_cast<std::int64_t>(static_cast<int>(day.year()));
  const bool entered = before == "general" || before == "candidate";
  if (status == "poor" && entered && !row.known("identified_year")) values["identified_year"] = year;
  if (status.starts_with("exited") && !before.starts_with("exited")) values["exit_year"] = year;
  if (status == "returned") values["return_year"] = year;
}

base::Result<int> change(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& id,
                         const Field& field, std::string_view value, const Why& why, std::optional<int> version) {
  TRY(expect(viewer, access::Permission::status_change));
  HouseholdRow row = TRY(household_row(transaction, viewer, id));
  TRY(expect_version(transaction, id, version, row.version));
  if (auto fits = check(field, std::string(value)); !fits) return base::fail(fits.error());
  TRY(check_why(transaction, why, row.values.text("registered_on")));
  if (row.values.known("ended_on")) {
    return base::fail(base::ErrorKind::conflict, "household_ended", base::text("此户已销户。", "The household has ended."));
  }
  const std::string before = row.values.text(field.id);
  if (before == value) {
    return base::fail(base::ErrorKind::conflict, "status_same", base::text("此户已是“{}”。", "The household is that already.", field.word(value)->zh));
  }
  // A status that was followed by another is changed by correcting the later one first.
  if (const auto later = TRY(transaction.find(select_later, {{"household", id}, {"field", field.id}, {"day", why.day}}))) {
    return base::fail(base::ErrorKind::conflict, "status_order",
                      base::text("{} 已有更晚的变更。", "A later change is on record, on {}.", later->text(0)),
                      base::text("请核对日期。", "Check the day."));
  }
  Values values{{std::string(field.id), Cell(std::string(value))}};
  const bool is_status = field.id == "status";
  if (is_status) add_years(before, value, why.day, row.values, values);
  Happening happening{.kind = is_status ? "status_changed" : "monitoring_changed", .household = id};
  happening.detail = {{"from", before}, {"to", std::string(value)}};
  happening.before = before_of(row.values, values);
  happening.after = json_from(values);
  const EventId event = TRY(record(transaction, viewer, why, std::move(happening)));
  TRY(put_values(transaction, {"household", id.value, why.day, event}, values, row.values));
  TRY(update(transaction, row));
  return row.version;
}

}  // namespace

base::Result<int> change_status(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& household,
                                std::string_view status, base::Date day, std::string_view reason, std::optional<int> version) {
  return change(transaction, viewer, household, *find_field(household_fields, "status"), status, {day, std::string(reason)}, version);
}

base::Result<int> change_monitoring(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& household,
                                    std::string_view monitoring, base::Date day, std::string_view reason, std::optional<int> version) {
  return change(transaction, viewer, household, *find_field(household_fields, "monitoring"), monitoring, {day, std::string(reason)}, version);
}

}  // namespace yihu::registry
