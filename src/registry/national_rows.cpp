// Cells of the national workbook → values in our words, every mistake with its cell.

#include "registry/national_workbook.h"

#include "base/utf8.h"
#include "sheet/cell_value.h"
#include "sheet/table.h"

#include <algorithm>
#include <array>
#include <optional>

namespace yihu::registry {
namespace {

/// Columns that are no field of ours, or more than one.
enum class Special { none, village, town, causes, health };

struct Target {
  const char* subject = "";
  const Field* field = nullptr;
  Special special = Special::none;
};

struct Naming {
  std::string_view subject;
  std::span<const Field> fields;
};

constexpr Naming namings[] = {{"household", household_fields}, {"person", person_fields}, {"income", income_fields}};

/// Headings in use beside our labels.
struct Alias {
  std::string_view heading;
  std::string_view subject;
  std::string_view field;
};
constexpr Alias aliases[] = {
    {"贫困户编号", "household", "code"}, {"家庭编号", "household", "code"},       {"人口编号", "person", "code"},
    {"身份证号", "person", "id_number"}, {"身份证号码", "person", "id_number"},   {"公民身份号码", "person", "id_number"},
    {"证件号", "person", "id_number"},   {"民族名称", "person", "ethnicity"},     {"贫困户属性", "household", "attribute"},
    {"户属性", "household", "attribute"}, {"脱贫属性", "household", "status"},    {"主要致贫原因", "household", "main_cause"},
    {"耕地面积", "household", "arable_mu"}, {"有效灌溉面积", "household", "irrigated_mu"}, {"林地面积", "household", "forest_mu"},
    {"联系方式", "person", "phone"},     {"务工时间", "person", "work_months"},
};

bool identifies(const Field& field) {
  return field.private_ || field.id == "code";
}

Target target_of(const sheet::TableColumn& column) {
  for (const std::string& part : column.parts) {
    const std::string key = sheet::heading_key(part);
    if (key == "aar006" || key == "行政村" || key == "村") return {"household", find_field(household_fields, "village"), Special::village};
    if (key == "aar005" || key == "乡镇" || key == "镇" || key == "乡") return {"household", nullptr, Special::town};
    if (key == "aac008" || key == "其他致贫原因") return {"household", find_field(household_fields, "other_cause_1"), Special::causes};
    if (key == "aab017" || key == "健康状况") return {"person", find_field(person_fields, "health"), Special::health};
    for (const Naming& naming : namings) {
      for (const Field& field : naming.fields) {
        if (field.writing == Writing::derived || (field.writing == Writing::event && field.id != "status")) continue;
        const bool named = (!field.national.empty() && key == sheet::heading_key(field.national)) || key == sheet::heading_key(field.zh);
        if (named) return {naming.subject.data(), &field, Special::none};
      }
    }
    for (const Alias& alias : aliases) {
      if (key != sheet::heading_key(alias.heading)) continue;
      for (const Naming& naming : namings) {
        if (naming.subject == alias.subject) return {naming.subject.data(), find_field(naming.fields, alias.field), Special::none};
      }
    }
  }
  return {};
}

std::vector<std::string> known_headings() {
  std::vector<std::string> out;
  for (const Naming& naming : namings) {
    for (const Field& field : naming.fields) {
      out.emplace_back(field.zh);
      if (!field.national.empty()) out.emplace_back(field.national);
    }
  }
  for (const Alias& alias : aliases) out.emplace_back(alias.heading);
  return out;
}

class Reader {
 public:
  Reader(const OutsideCodes& codes, const area::Divisions& divisions, const sheet::TableHead& head, bool from_1904)
      : codes_(codes), divisions_(divisions), sheet_(head.sheet), from_1904_(from_1904) {
    for (const sheet::TableColumn& column : head.columns) {
      const Target target = target_of(column);
      targets_.push_back(target);
      std::string field;
      if (target.special == Special::town) field = "household.town";
      else if (target.field != nullptr) field = std::string(target.subject) + '.' + std::string(target.field->id);
      matches_.push_back({column.heading, column.address, field});
    }
  }

  const std::vector<WorkbookColumnMatch>& matches() const { return matches_; }
  bool has(std::string_view field) const {
    return std::ranges::any_of(matches_, [&](const WorkbookColumnMatch& match) { return match.field == field; });
  }

  base::Done expect_yuan(const sheet::TableHead& head) const {
    std::vector<base::Error> mistakes;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      if (targets_[i].field == nullptr || targets_[i].field->type != FieldType::money) continue;
      if (auto in_yuan = sheet::expect_yuan(head, matches_[i].heading, matches_[i].address); !in_yuan) mistakes.push_back(std::move(in_yuan).error());
    }
    if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
    return {};
  }

  WorkbookRow row(const sheet::TableRow& cells) {
    WorkbookRow out;
    out.row = cells.number;
    town_.clear();
    village_cell_ = nullptr;
    for (std::size_t i = 0; i < targets_.size(); ++i) take(out, targets_[i], cells.cells[i]);
    if (village_cell_ != nullptr) take_village(out, *village_cell_);
    return out;
  }

 private:
  void mistake(WorkbookRow& out, const sheet::SheetCell& cell, base::Error error) {
    error.place = {.file = {}, .line = 0, .column = 0, .cell = sheet::cell_address(sheet_, cell.row, cell.column), .field = {}};
    out.mistakes.push_back(std::move(error));
  }

  Values& values_of(WorkbookRow& out, const Target& target) {
    if (std::string_view(target.subject) == "person") return out.person_values;
    return std::string_view(target.subject) == "income" ? out.income_values : out.household_values;
  }

  void take(WorkbookRow& out, const Target& target, const sheet::SheetCell& cell) {
    if (target.special == Special::town) {
      if (!sheet::is_empty(cell)) town_ = sheet::trimmed_text(cell.text);
      return;
    }
    if (target.field == nullptr) return;
    if (target.special == Special::village) {
      if (!sheet::is_empty(cell)) village_cell_ = &cell;
      return;
    }
    const Field& field = *target.field;
    if (sheet::is_empty(cell)) {
      if (field.writing == Writing::entered) values_of(out, target)[std::string(field.id)] = Cell{};
      return;
    }
    if (target.special == Special::causes) return take_causes(out, cell);
    if (target.special == Special::health) return take_health(out, cell);
    auto value = value_of(target, cell);
    if (!value) return mistake(out, cell, std::move(value).error());
    if (auto fits = check(field, *value); !fits) return mistake(out, cell, std::move(fits).error());
    if (field.id == "status") out.status = std::get<std::string>(*value);
    else values_of(out, target)[std::string(field.id)] = *value;
    if (std::string_view(target.subject) == "household" && field.id == "code") out.household = std::get<std::string>(*value);
  }

  base::Result<Cell> value_of(const Target& target, const sheet::SheetCell& cell) {
    const Field& field = *target.field;
    switch (field.type) {
      case FieldType::code: return code_of(target.subject, field, TRY(sheet::text_from_cell(cell, sheet_)));
      case FieldType::truth: return Cell(std::int64_t{TRY(sheet::bool_from_cell(cell, sheet_))});
      case FieldType::integer: return Cell(TRY(sheet::whole_from_cell(cell, sheet_)));
      case FieldType::money: return Cell(TRY(sheet::fen_from_cell(cell, sheet_)));
      case FieldType::real: return cell_from_text(field, TRY(sheet::decimal_from_cell(cell, sheet_)));
      case FieldType::date: {
        const auto day = TRY(sheet::date_from_cell(cell, sheet_, from_1904_));
        if (day.month_only) {
          return base::fail(base::ErrorKind::input, "date_unclear", base::text("只有年月，缺少日。", "The day is missing."));
        }
        return Cell(base::to_string(day.day));
      }
      case FieldType::text:
      case FieldType::area: break;
    }
    if (std::string_view(target.subject) == "person" && field.id == "name") return Cell(TRY(sheet::name_from_cell(cell, sheet_)));
    if (identifies(field)) return Cell(TRY(sheet::identifier_from_cell(cell, sheet_)));
    return Cell(TRY(sheet::text_from_cell(cell, sheet_)));
  }

  base::Result<Cell> code_of(const char* subject, const Field& field, const std::string& text) {
    if (const auto word = codes_.ours(subject, field, text)) return Cell(*word);
    return base::fail(base::ErrorKind::input, "code_unknown", base::text("不认识“{}”。", "\"{}\" is not known here.", text),
                      base::text("请填写选项的文字；编号须先在政策包的 code_maps 中说明。", "Give the value in words; numbers need an entry in code_maps of the pack."));
  }

  void take_causes(WorkbookRow& out, const sheet::SheetCell& cell) {
    auto text = sheet::text_from_cell(cell, sheet_);
    if (!text) return mistake(out, cell, std::move(text).error());
    const Field& field = *find_field(household_fields, "other_cause_1");
    std::vector<Cell> words;
    std::string one;
    for (const char32_t point : base::code_points(*text + ",")) {
      if (point != U',' && point != U'，' && point != U'、' && point != U';' && point != U'；') {
        one += base::utf8(point);
        continue;
      }
      if (!one.empty()) {
        auto word = code_of("household", field, sheet::trimmed_text(one));
        if (!word) return mistake(out, cell, std::move(word).error());
        words.push_back(*std::move(word));
      }
      one.clear();
    }
    if (words.size() > 2) {
      return mistake(out, cell, {base::ErrorKind::input, "causes_count", base::text("其他致贫原因至多两项。", "There are two other causes at most."), {}, {}, {}});
    }
    out.household_values["other_cause_1"] = words.empty() ? Cell() : words[0];
    out.household_values["other_cause_2"] = words.size() < 2 ? Cell() : words[1];
  }

  /// Several may stand in one cell: what is named holds, and what is not named does not.
  void take_health(WorkbookRow& out, const sheet::SheetCell& cell) {
    auto text = sheet::text_from_cell(cell, sheet_);
    if (!text) return mistake(out, cell, std::move(text).error());
    const Field& field = *find_field(person_fields, "health");
    for (const char* flag : {"disabled", "chronic", "serious_illness"}) out.person_values[flag] = std::int64_t{0};
    std::string one;
    for (const char32_t point : base::code_points(*text + ",")) {
      if (point != U',' && point != U'，' && point != U'、' && point != U';' && point != U'；') {
        one += base::utf8(point);
        continue;
      }
      if (!one.empty()) {
        auto word = code_of("person", field, sheet::trimmed_text(one));
        if (!word) return mistake(out, cell, std::move(word).error());
        const std::string flag = std::get<std::string>(*word);
        if (flag != "healthy") out.person_values[flag] = std::int64_t{1};
      }
      one.clear();
    }
  }

  void take_village(WorkbookRow& out, const sheet::SheetCell& cell) {
    const std::string text = sheet::trimmed_text(cell.text);
    if (const area::Division* known = divisions_.find(text); known != nullptr && known->level == "village") {
      out.village = text;
      return;
    }
    std::string town;
    for (const area::Division& one : divisions_.all()) {
      if (one.level == "town" && !town_.empty() && (one.name.zh == town_ || one.code == town_)) town = one.code;
    }
    const auto villages = divisions_.villages_named(text, town);
    if (villages.size() == 1) {
      out.village = villages[0]->code;
      return;
    }
    mistake(out, cell, {base::ErrorKind::input, villages.empty() ? "village_unknown" : "village_unclear",
                        villages.empty() ? base::text("区划里没有“{}”。", "There is no village \"{}\".", text)
                                         : base::text("有几个村叫“{}”，请填写乡镇或村的代码。", "Several villages are called \"{}\"; give the town or the code.", text), {}, {}, {}});
  }

  const OutsideCodes& codes_;
  const area::Divisions& divisions_;
  std::string sheet_;
  bool from_1904_;
  std::vector<Target> targets_;
  std::vector<WorkbookColumnMatch> matches_;
  std::string town_;
  const sheet::SheetCell* village_cell_ = nullptr;
};

/// The first sheet whose table has a column with the household's number; without one, the first that has a table.
base::Result<std::pair<std::size_t, sheet::TableHead>> table_of(sheet::Workbook& workbook, const OutsideCodes& codes, const area::Divisions& divisions,
                                                                const base::Cancel& cancel) {
  const auto known = known_headings();
  std::optional<std::pair<std::size_t, sheet::TableHead>> first;
  std::optional<base::Error> problem;
  for (std::size_t i = 0; i < workbook.sheets().size(); ++i) {
    if (workbook.sheets()[i].hidden && workbook.sheets().size() > 1) continue;
    auto head = sheet::table_head(workbook, i, known, cancel);
    if (!head) {
      if (head.error().kind == base::ErrorKind::cancelled) return base::fail(std::move(head).error());
      if (!problem) problem = std::move(head).error();
      continue;
    }
    if (Reader(codes, divisions, *head, workbook.counts_from_1904()).has("household.code")) return std::pair{i, *std::move(head)};
    if (!first) first.emplace(i, *std::move(head));
  }
  if (first) return *std::move(first);
  return base::fail(problem.value_or(base::Error{base::ErrorKind::input, "sheet_empty", base::text("工作簿里没有表格。", "The workbook holds no table."), {}, {}, {}}));
}

}  // namespace

base::Result<WorkbookRows> read_national_workbook(std::string_view bytes, std::string_view name, const OutsideCodes& codes,
                                                  const area::Divisions& divisions, const base::Cancel& cancel) {
  const auto workbook = TRY(sheet::open_workbook(bytes, name));
  const auto [index, head] = TRY(table_of(*workbook, codes, divisions, cancel));
  Reader reader(codes, divisions, head, workbook->counts_from_1904());
  WorkbookRows out;
  out.sheet = index;
  out.columns = reader.matches();
  out.people = reader.has("person.name") || reader.has("person.id_number");
  if (!reader.has("household.code")) {
    return base::fail(base::Error{base::ErrorKind::input, "household_column_missing", base::text("表中没有户编号一列（AAC001 或“户编号”）。", "No column gives the household's number (AAC001)."),
                                  base::text("请用系统导出的原表，或加上这一列。", "Use the system's own export, or add the column."), {.file = std::string(name), .line = 0, .column = 0, .cell = {}, .field = {}}, {}});
  }
  TRY(reader.expect_yuan(head));
  bool too_many = false;
  const auto sink = [&](const sheet::TableRow& row) {
    if (row.role != sheet::RowRole::body) return true;
    too_many = out.rows.size() >= workbook_rows_limit;
    if (!too_many) out.rows.push_back(reader.row(row));
    return !too_many;
  };
  TRY(sheet::read_table(*workbook, index, head, sink, cancel));
  if (too_many) {
    return base::fail(base::ErrorKind::too_large, "workbook_rows", base::text("表格超过 {} 行。", "The table has more than {} rows.", workbook_rows_limit));
  }
  return out;
}

}  // namespace yihu::registry
