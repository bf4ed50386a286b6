#include "registry/income.h"

#include "registry/field_sql.h"
#include "registry/history.h"
#include "registry/stored_form.h"

namespace yihu::registry {
namespace {

using store::Sql;

constexpr Sql select_incomes =
    sql_of<[] { return "SELECT " + columns_of(income_fields) + ", version FROM income WHERE household = :household ORDER BY year DESC"; }>;
constexpr Sql insert_row = sql_of<[] {
  return "INSERT INTO income (household, " + columns_of(income_fields) + ", version, updated_at) VALUES (:household, :" +
         parameters_of(income_fields) + ", 1, :now)";
}>;
constexpr Sql update_row = sql_of<[] {
  return "UPDATE income SET " + assignments_of(income_fields) +
         ", version = version + 1, updated_at = :now WHERE household = :household AND year = :year AND version = :version";
}>;

std::optional<std::int64_t> year_of(const Values& values) {
  const auto at = values.find("year");
  const auto* year = at == values.end() ? nullptr : std::get_if<std::int64_t>(&at->second);
  return year == nullptr ? std::nullopt : std::optional(*year);
}

}  // namespace

void check_income(const Values& values, const std::string& pointer, std::vector<base::Error>& mistakes) {
  check_values(income_fields, values, pointer, mistakes);
  if (year_of(values)) return;
  mistakes.push_back({base::ErrorKind::input, "year_missing", base::text("请填写年度。", "Give the year."), {},
                      {.file = {}, .line = 0, .column = 0, .cell = {}, .field = pointer + "/year"}, {}});
}

base::Done insert_income(store::Transaction& transaction, const HouseholdId& household, const Values& values) {
  Record row(income_fields);
  for (const auto& [field, value] : values) row.at(field) = value;
  store::Parameters parameters{{"household", household}};
  for (store::Parameter& one : parameters_from(row)) parameters.push_back(std::move(one));
  parameters.push_back({"now", transaction.now()});
  TRY(transaction.execute(insert_row, parameters));
  return {};
}

base::Result<std::vector<IncomeRow>> income_rows(store::Session& session, const HouseholdId& household) {
  std::vector<IncomeRow> out;
  for (const store::Row& row : TRY(session.query(select_incomes, {{"household", household}}))) {
    out.push_back({Record(income_fields, row, 0), static_cast<int>(row.integer(std::size(income_fields)))});
  }
  return out;
}

base::Result<int> write_income(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& household,
                               const Values& values, const Why& why, int version) {
  TRY(expect(viewer, access::Permission::register_change));
  const HouseholdRow owner = TRY(household_row(transaction, viewer, household));
  std::vector<base::Error> mistakes;
  check_income(values, "", mistakes);
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  TRY(check_why(transaction, why));
  const std::int64_t year = *year_of(values);
  std::optional<IncomeRow> stored;
  for (IncomeRow& row : TRY(income_rows(transaction, household))) {
    if (row.values.integer("year") == year) stored = std::move(row);
  }
  if ((stored ? stored->version : 0) != version) {
    return base::fail(base::ErrorKind::stale, "register_stale", base::text("刚刚有人修改过。", "Somebody has just changed this."),
                      base::text("请刷新后再改。", "Reload and change it again."));
  }
  Happening happening{.kind = "income_written", .household = household};
  happening.detail = {{"year", year}};
  for (const auto& [field, value] : values) {
    if (stored && stored->values.at(field) == value) continue;
    if (stored) happening.before[field] = json_from(stored->values.at(field));
    happening.after[field] = json_from(value);
    if (stored) stored->values.at(field) = value;
  }
  if (happening.after.empty()) return version;
  if (!stored) {
    TRY(insert_income(transaction, household, values));
  } else {
    store::Parameters parameters = parameters_from(stored->values);
    parameters.push_back({"now", transaction.now()});
    parameters.push_back({"household", household});
    parameters.push_back({"version", version});
    TRY(transaction.execute(update_row, parameters));
  }
  TRY(record(transaction, viewer, why, std::move(happening)));
  return version + 1;
}

}  // namespace yihu::registry
