#include "ledger/ledger_sheet.h"

#include "sheet/csv_writer.h"
#include "sheet/template_writer.h"

#include <map>

namespace yihu::ledger {
namespace {

using base::ErrorKind;
using base::Result;
using pack::ColumnType;
using pack::Subject;
using sheet::TemplateColumn;
using sheet::TemplateType;
using sheet::TemplateValue;
using store::Sql;

constexpr int subjects_page = 1000;
constexpr Sql households_of =
    "SELECT id, coalesce(code, ''), coalesce(head_name, ''), village FROM household"
    " WHERE village >= :from AND village < :to AND ended_on IS NULL AND id > :after ORDER BY id LIMIT :limit";
constexpr Sql persons_of =
    "SELECT id, coalesce(code, ''), coalesce(name, ''), coalesce(village, '') FROM person"
    " WHERE village >= :from AND village < :to AND present = 1 AND id > :after ORDER BY id LIMIT :limit";
constexpr Sql villages_of =
    "SELECT code, code, name, code FROM area WHERE level = 'village' AND code >= :from AND code < :to AND code > :after"
    " ORDER BY code LIMIT :limit";
constexpr Sql village_names = "SELECT code, name FROM area WHERE level = 'village'";

TemplateColumn column_of(const pack::Pack& pack, const pack::Column& column, base::Language language) {
  TemplateColumn out;
  out.heading = column.label.in(language);
  out.type = template_type_of(column.type);
  out.hint = column.hint.in(language);
  out.required = column.required;
  out.key = column.key;
  if (const pack::CodeList* list = column.codes.empty() ? nullptr : pack.code_list(column.codes)) {
    for (const pack::CodeValue& value : list->values) out.choices.push_back(value.label.in(language));
  }
  out.least = column.min;
  out.most = column.max;
  if (column.type == ColumnType::percent) {
    if (out.least) *out.least /= 100;
    if (out.most) *out.most /= 100;
  }
  if (column.type == ColumnType::text) out.length_max = static_cast<int>(column.length_max);
  return out;
}

TemplateColumn key_column(std::string heading, TemplateType type, double width) {
  TemplateColumn out;
  out.heading = std::move(heading);
  out.type = type;
  out.required = true;
  out.key = true;
  out.width = width;
  return out;
}

/// What says whom a row is about: number, name and village, as the import knows them by heading.
std::vector<TemplateColumn> subject_columns(const pack::Ledger& ledger, base::Language language) {
  const auto said = [&](base::Text text) { return text.in(language); };
  std::vector<TemplateColumn> out;
  switch (ledger.subject) {
    case Subject::household:
      out.push_back(key_column(said(base::text("户编号", "Number")), TemplateType::identifier, 18));
      out.push_back(key_column(said(base::text("户主姓名", "Name")), TemplateType::text, 12));
      break;
    case Subject::person:
      out.push_back(key_column(said(base::text("人员编号", "Number")), TemplateType::identifier, 18));
      out.push_back(key_column(said(base::text("姓名", "Name")), TemplateType::text, 12));
      break;
    case Subject::village: out.push_back(key_column(said(base::text("行政村代码", "Village code")), TemplateType::identifier, 16)); break;
    case Subject::none: break;
  }
  if (ledger.subject != Subject::none) out.push_back(key_column(said(base::text("行政村", "Village")), TemplateType::text, 14));
  if (ledger.period != pack::Period::none) out.push_back(key_column(said(base::text("期间", "Period")), TemplateType::identifier, 10));
  return out;
}

std::vector<TemplateColumn> columns_of(const SheetOut& out) {
  std::vector<TemplateColumn> columns = subject_columns(out.table.ledger(), out.language);
  // In a blank one the keys are what has to be filled in.
  for (const pack::Column& column : out.table.ledger().columns) columns.push_back(column_of(out.pack, column, out.language));
  return columns;
}

sheet::TemplateOptions options_of(const SheetOut& out, int blank_rows) {
  const pack::Ledger& ledger = out.table.ledger();
  sheet::TemplateOptions options;
  options.created = out.created;
  options.language = out.language;
  options.title = ledger.label.in(out.language);
  options.sheet = base::text("填报", "Entries").in(out.language);
  options.blank_rows = blank_rows;
  const auto say = [&](base::Text text) { options.instructions.push_back(text.in(out.language)); };
  if (ledger.subject != Subject::none) {
    say(base::text("每行按编号对应到登记簿；没有编号的，可改用“证件号码”一列。", "Rows are matched by number; where there is none, add a column with the document number."));
  }
  if (ledger.period != pack::Period::none) {
    say(base::text("期间写成 {} 的样子；留空表示当前期间。", "Write the period like {}; empty means the current one.",
                   period_on(ledger.period, base::date_of(out.created))));
  }
  say(base::text("空着的格子不会改动已有的内容。", "An empty cell changes nothing that is stored."));
  return options;
}

/// "甲村" for its code.
Result<std::map<std::string, std::string>> names_of_villages(store::Session& session) {
  std::map<std::string, std::string> out;
  for (const auto& row : TRY(session.query(village_names))) out[row.text(0)] = row.text(1);
  return out;
}

struct Who {
  std::string code;
  std::string label;
  std::string area;
  std::string period;
};

std::vector<TemplateValue> values_of(const SheetOut& out, const std::map<std::string, std::string>& villages, const Who& who,
                                     const std::vector<store::Cell>& cells) {
  const pack::Ledger& ledger = out.table.ledger();
  std::vector<TemplateValue> values;
  const auto text = [](const std::string& held) { return held.empty() ? TemplateValue() : TemplateValue(held); };
  const auto village = villages.find(who.area);
  switch (ledger.subject) {
    case Subject::household:
    case Subject::person:
      values.push_back(text(who.code));
      values.push_back(text(who.label));
      break;
    case Subject::village: values.push_back(text(who.area)); break;
    case Subject::none: break;
  }
  if (ledger.subject != Subject::none) values.push_back(village != villages.end() ? TemplateValue(village->second) : TemplateValue());
  if (ledger.period != pack::Period::none) values.push_back(text(who.period));
  for (std::size_t i = 0; i < ledger.columns.size(); ++i) {
    // Private values do not leave in a file; an empty cell keeps what is stored.
    const bool shown = i < cells.size() && !ledger.columns[i].personal;
    values.push_back(shown ? template_value(out.pack, ledger.columns[i], cells[i], out.language) : TemplateValue());
  }
  return values;
}

/// Every row within reach, page by page.
template <class Take>
base::Done for_each_row(store::Session& session, const SheetOut& out, Take take) {
  RowFilter filter;
  filter.area = out.area;
  filter.period = out.period.empty() ? "*" : out.period;
  filter.limit = rows_page_max;
  for (;;) {
    if (out.cancel.asked()) return base::fail(ErrorKind::cancelled, "cancelled", base::text("已取消。", "Cancelled."));
    const auto rows = TRY(read_rows(session, out.table, out.reach, filter));
    for (const LedgerRow& row : rows) TRY(take(row));
    if (static_cast<int>(rows.size()) < rows_page_max) return {};
    filter.after = {rows.back().subject, rows.back().period, rows.back().id};
  }
}

Sql subjects_of(Subject subject) {
  switch (subject) {
    case Subject::household: return households_of;
    case Subject::person: return persons_of;
    case Subject::village:
    case Subject::none: return villages_of;
  }
  return villages_of;
}

}  // namespace

TemplateType template_type_of(ColumnType type) {
  switch (type) {
    case ColumnType::truth: return TemplateType::boolean;
    case ColumnType::integer: return TemplateType::whole;
    case ColumnType::real: return TemplateType::decimal;
    case ColumnType::money: return TemplateType::money;
    case ColumnType::date: return TemplateType::date;
    case ColumnType::text: return TemplateType::text;
    case ColumnType::code: return TemplateType::choice;
    case ColumnType::percent: return TemplateType::percent;
  }
  return TemplateType::text;
}

Result<std::string> blank_template(const SheetOut& out) {
  auto writer = TRY(sheet::TemplateWriter::open(options_of(out, 500), columns_of(out)));
  return std::move(writer).finish();
}

Result<std::string> filled_template(store::Session& session, const SheetOut& out) {
  const pack::Ledger& ledger = out.table.ledger();
  if (ledger.subject == Subject::none || out.area.size() < 6) {
    return base::fail(ErrorKind::input, "template_area", base::text("预填的模板要指明村或镇。", "A filled template needs a village or a town."));
  }
  const std::string period = out.period.empty() || out.period == "*" ? period_on(ledger.period, base::date_of(out.created)) : out.period;
  const auto villages = TRY(names_of_villages(session));
  auto writer = TRY(sheet::TemplateWriter::open(options_of(out, 20), columns_of(out)));
  std::string after;
  for (;;) {
    if (out.cancel.asked()) return base::fail(ErrorKind::cancelled, "cancelled", base::text("已取消。", "Cancelled."));
    const auto subjects = TRY(session.query(subjects_of(ledger.subject),
                                            {{"from", out.area}, {"to", out.area + "~"}, {"after", after}, {"limit", subjects_page}}));
    for (const auto& subject : subjects) {
      store::Parameters parameters = {{"subject", subject.text(0)}};
      add_reach_parameters(out.table, out.reach, parameters);
      if (!TRY(session.find(out.table.reached(out.reach), parameters))) continue;
      const Who who{subject.text(1), subject.text(2), subject.text(3), period};
      const auto stored = TRY(session.query(out.table.by_subject(), {{"subject", subject.text(0)}, {"period", period}}));
      for (const auto& row : stored) TRY(writer.add_row(values_of(out, villages, who, row_from(out.table, row, false).cells)));
      if (stored.empty()) TRY(writer.add_row(values_of(out, villages, who, {})));
    }
    if (static_cast<int>(subjects.size()) < subjects_page) break;
    after = subjects.back().text(0);
  }
  return std::move(writer).finish();
}

Result<std::string> export_xlsx(store::Session& session, const SheetOut& out) {
  const auto villages = TRY(names_of_villages(session));
  auto writer = TRY(sheet::TemplateWriter::open(options_of(out, 0), columns_of(out)));
  TRY(for_each_row(session, out, [&](const LedgerRow& row) -> base::Done {
    return writer.add_row(values_of(out, villages, {row.code, row.label, row.area, row.period}, row.cells));
  }));
  return std::move(writer).finish();
}

Result<std::string> export_csv(store::Session& session, const SheetOut& out) {
  const pack::Ledger& ledger = out.table.ledger();
  const auto villages = TRY(names_of_villages(session));
  sheet::CsvWriter writer;
  std::vector<std::string> texts;
  std::vector<bool> numbers;
  const auto add = [&] {
    std::vector<sheet::CsvField> fields;
    for (std::size_t i = 0; i < texts.size(); ++i) fields.push_back({texts[i], numbers[i]});
    writer.add_row(fields);
  };
  for (const TemplateColumn& column : columns_of(out)) texts.push_back(column.heading);
  numbers.assign(texts.size(), false);
  add();
  std::string bytes = writer.take();
  TRY(for_each_row(session, out, [&](const LedgerRow& row) -> base::Done {
    texts.clear();
    numbers.clear();
    const auto put = [&](std::string text, bool number = false) {
      texts.push_back(std::move(text));
      numbers.push_back(number);
    };
    const auto village = villages.find(row.area);
    if (ledger.subject == Subject::household || ledger.subject == Subject::person) {
      put(row.code);
      put(row.label);
    } else if (ledger.subject == Subject::village) {
      put(row.area);
    }
    if (ledger.subject != Subject::none) put(village != villages.end() ? village->second : std::string());
    if (ledger.period != pack::Period::none) put(row.period);
    for (std::size_t i = 0; i < ledger.columns.size(); ++i) {
      const pack::Column& column = ledger.columns[i];
      if (column.personal) {
        put(is_nothing(row.cells[i]) ? std::string() : std::string(masked));
        continue;
      }
      const bool number = column.type == ColumnType::integer || column.type == ColumnType::real || column.type == ColumnType::money;
      put(text_from_cell(out.pack, column, row.cells[i], out.language), number);
    }
    add();
    bytes += writer.take();
    return {};
  }));
  return bytes;
}

}  // namespace yihu::ledger
