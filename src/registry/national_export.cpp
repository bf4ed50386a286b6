// The register as the national system's workbook: one row per person.

#include "registry/household_page.h"
#include "registry/national_workbook.h"
#include "registry/reach.h"
#include "registry/stored_form.h"
#include "sheet/workbook_writer.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace yihu::registry {
namespace {

constexpr int households_per_page = 300;

struct Column {
  const char* subject;      ///< "household", "person" or "income"
  const Field* field;
};

/// Fields that have a column in the national workbook; money in yuan.
std::vector<Column> columns() {
  std::vector<Column> out;
  const auto add = [&](const char* subject, std::span<const Field> fields) {
    for (const Field& field : fields) {
      if (!field.national.empty()) out.push_back({subject, &field});
    }
  };
  add("household", household_fields);
  add("person", person_fields);
  add("income", income_fields);
  return out;
}

/// "姓名(AAB002)": read back by either.
std::string heading_of(const Field& field) { return fmt::format("{}({})", field.zh, field.national); }

using Written = std::variant<std::monostate, std::string, std::int64_t, double, base::Date>;

class Exporting {
 public:
  Exporting(store::Session& session, const Rooms& rooms, const OutsideCodes& codes, const area::Divisions& divisions, bool private_values)
      : session_(session), rooms_(rooms), codes_(codes), divisions_(divisions), private_values_(private_values) {}

  base::Result<std::vector<sheet::WorkbookCell>> row(const Household& household, const Member& member, const std::vector<Column>& columns) {
    std::vector<sheet::WorkbookCell> out;
    const area::Division* village = divisions_.find(household.values.text("village"));
    const area::Division* town = village == nullptr ? nullptr : divisions_.find(village->parent);
    out.push_back({.value = town == nullptr ? std::string() : town->name.zh});
    for (const Column& column : columns) {
      Written value;
      const std::string_view subject = column.subject;
      if (column.field->id == "village") value = village == nullptr ? household.values.text("village") : village->name.zh;
      else if (subject == "household") value = TRY(written(column, "household", household.id.value, household.values));
      else if (subject == "person") value = TRY(written(column, "person", member.id.value, member.values));
      else if (!household.incomes.empty()) value = TRY(written(column, "income", "", household.incomes.front().values));
      out.push_back({.value = std::move(value)});
    }
    return out;
  }

 private:
  base::Result<Written> written(const Column& column, const char* table, const std::string& owner, const Record& values) {
    const Field& field = *column.field;
    if (field.id == "other_cause_1") return Written(joined(values, {"other_cause_1", "other_cause_2"}, field));
    if (field.id == "health") return Written(health(values));
    if (!values.known(field.id)) return Written();
    const Cell& cell = values.at(field.id);
    if (field.private_) return TRY(private_value(field, table, owner, values));
    switch (field.type) {
      case FieldType::code: return Written(codes_.outside(column.subject, field, values.text(field.id)));
      case FieldType::truth: return Written(std::string(cell == Cell(std::int64_t{1}) ? "是" : "否"));
      case FieldType::integer: return Written(std::get<std::int64_t>(cell));
      case FieldType::money: return Written(static_cast<double>(std::get<std::int64_t>(cell)) / 100);
      case FieldType::real: return Written(std::get<double>(cell));
      case FieldType::date: return Written(TRY(base::parse_date(values.text(field.id))));
      case FieldType::text:
      case FieldType::area: break;
    }
    return Written(values.text(field.id));
  }

  /// The household was read masked; in clear it is read once more, from the table.
  base::Result<Written> private_value(const Field& field, const char* table, const std::string& owner, const Record& values) {
    if (!private_values_) return Written(values.text(field.id));
    const bool household = std::string_view(table) == "household";
    Cell sealed;
    if (household) sealed = TRY(find_household_row(session_, HouseholdId{owner}))->values.at(field.id);
    else sealed = TRY(find_person_row(session_, PersonId{owner}))->values.at(field.id);
    const auto clear = TRY(opened(session_, rooms_, table, field, owner, sealed));
    return Written(clear.value_or(""));
  }

  std::string joined(const Record& values, std::initializer_list<const char*> ids, const Field& field) const {
    std::string out;
    for (const char* id : ids) {
      if (!values.known(id)) continue;
      if (!out.empty()) out += ',';
      out += codes_.outside("household", field, values.text(id));
    }
    return out;
  }

  std::string health(const Record& values) const {
    const Field& field = *find_field(person_fields, "health");
    std::string out;
    for (const char* flag : {"chronic", "serious_illness", "disabled"}) {
      if (values.at(flag) != Cell(std::int64_t{1})) continue;
      if (!out.empty()) out += ',';
      out += codes_.outside("person", field, flag);
    }
    return out.empty() && values.text("health") == "healthy" ? codes_.outside("person", field, "healthy") : out;
  }

  store::Session& session_;
  const Rooms& rooms_;
  const OutsideCodes& codes_;
  const area::Divisions& divisions_;
  bool private_values_;
};

base::Done check_options(const access::Viewer& viewer, const ExportOptions& options) {
  TRY(expect(viewer, access::Permission::register_exchange));
  if (!options.private_values) return {};
  TRY(expect(viewer, access::Permission::private_open));
  if (options.reason.find_first_not_of(' ') != std::string::npos) return {};
  return base::fail(base::Error{base::ErrorKind::input, "reason_missing", base::text("导出密文须写明原因。", "Say why private values go out."), {},
                                {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/reason"}, {}});
}

}  // namespace

base::Result<Export> export_national(store::Session& session, const Rooms& rooms, const access::Viewer& viewer, const OutsideCodes& codes,
                                     const area::Divisions& divisions, const ExportOptions& options, base::Instant created,
                                     const base::Progress& progress, const base::Cancel& cancel) {
  TRY(check_options(viewer, options));
  const auto all = columns();
  sheet::WorkbookWriter writer = TRY(sheet::WorkbookWriter::open({.created = created, .title = "建档立卡人口信息", .author = "", .constant_memory = true}));
  sheet::WorkbookSheet page{.name = "人口信息", .frozen_columns = 2};
  page.columns.push_back({"乡镇"});
  for (const Column& column : all) page.columns.push_back({heading_of(*column.field), column.field->private_ ? 22.0 : 14.0});
  TRY(writer.add_sheet(std::move(page)));
  Exporting exporting(session, rooms, codes, divisions, options.private_values);
  Export out;
  std::optional<HouseholdPlace> after;
  for (bool more = true; more;) {
    if (cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已停止。", "Stopped."));
    const auto lines = TRY(list_households(session, viewer, options.filter, after, households_per_page));
    for (const HouseholdLine& line : lines) {
      const Household household = TRY(read_household(session, rooms, viewer, line.id));
      for (const Member& member : household.members) {
        TRY(writer.add_row(TRY(exporting.row(household, member, all))));
        ++out.people;
      }
      ++out.households;
      after = HouseholdPlace{line.village, line.id};
    }
    more = static_cast<int>(lines.size()) == households_per_page;
    if (progress) progress(out.households, out.households);
  }
  out.workbook = TRY(std::move(writer).finish());
  return out;
}

base::Done record_export(store::Transaction& transaction, const access::Viewer& viewer, const Export& made, const ExportOptions& options) {
  TRY(check_options(viewer, options));
  const boost::json::object what{{"households", made.households}, {"people", made.people}, {"private_values", options.private_values},
                                 {"area", options.filter.area}, {"reason", options.reason}};
  return transaction.journal({"register.exported", "register", "", "", boost::json::serialize(what)});
}

}  // namespace yihu::registry
