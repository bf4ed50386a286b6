#include "pack/loading.h"

#include "base/utf8.h"

#include <algorithm>
#include <set>

namespace yihu::pack {
namespace {

constexpr std::string_view subjects[] = {"household", "person", "village", "none"};
constexpr std::string_view periods[] = {"none", "year", "half_year", "quarter", "month"};
constexpr std::string_view row_counts[] = {"one", "many"};
constexpr std::string_view column_types[] = {"bool", "int", "real", "money", "date", "text", "code", "percent"};

/// Words that the expression language keeps for itself: a column of that name could never be read by a rule.
constexpr std::string_view reserved[] = {"true",  "false", "null",   "in",      "as",        "break",  "const", "continue",
                                         "else",  "for",   "function", "if",    "import",    "let",    "loop",  "package",
                                         "namespace", "return", "var", "void",  "while",     "has",    "all",   "exists",
                                         "exists_one", "filter", "map", "size", "today",     "household", "person", "village"};

template <class Names>
std::size_t position(const Names& names, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(names, name) - std::begin(names));
}

bool is_number(ColumnType type) {
  switch (type) {
    case ColumnType::integer:
    case ColumnType::real:
    case ColumnType::money:
    case ColumnType::percent: return true;
    case ColumnType::truth:
    case ColumnType::date:
    case ColumnType::text:
    case ColumnType::code: return false;
  }
  return false;
}

/// What only some types take.
void check_fit(const Column& column, const Value& value, bool codes_named) {
  if (column.type == ColumnType::code && !codes_named) {
    value.mistake("pack_codes_missing", base::text("类型为 code 的列必须写 codes。", "A code column needs `codes`."),
                  base::text("请写明取值表的编号。", "Name the list of its values."));
  }
  if (column.type != ColumnType::code && codes_named) {
    value.mistake("pack_codes_unused", base::text("只有类型为 code 的列才写 codes。", "Only a code column has `codes`."));
  }
  if (!is_number(column.type) && (column.min || column.max)) {
    value.mistake("pack_range_unused", base::text("只有数值列才写 min 和 max。", "Only columns of numbers have `min` and `max`."));
  }
  if (column.min && column.max && *column.max < *column.min) {
    value.mistake("pack_range", base::text("max 小于 min。", "`max` is smaller than `min`."));
  }
  if (column.personal && column.type != ColumnType::text) {
    value.mistake("pack_private", base::text("只有文字列才能写 private。", "Only a column of text can be `private`."),
                  base::text("规则要用的代码、数值和日期不能加密保存。", "Codes, numbers and dates are kept plain, because rules read them."));
  }
  if (column.personal && (column.key || column.unique)) {
    value.mistake("pack_private", base::text("加密保存的列不能是 key 或 unique。", "A sealed column can be neither `key` nor `unique`."));
  }
}

Column column(const std::string& id, const Value& value, Loading& loading) {
  Fields fields = value.fields();
  Column out;
  out.id = id;
  out.place = value.place();
  out.label = fields.need("label").bilingual().value_or(base::Text{});
  if (const auto type = fields.need("type").one_of(column_types)) {
    out.type = static_cast<ColumnType>(position(column_types, *type));
  }
  const Value codes = fields.may("codes");
  if (auto list = codes.id()) {
    loading.references.push_back({*list, codes.place(), Named::code_list});
    out.codes = std::move(*list);
  }
  out.required = fields.may("required").truth().value_or(false);
  out.min = fields.may("min").number();
  out.max = fields.may("max").number();
  out.unique = fields.may("unique").truth().value_or(false);
  out.key = fields.may("key").truth().value_or(false);
  out.personal = fields.may("private").truth().value_or(false);
  out.length_max = static_cast<std::size_t>(fields.may("length_max").integer(1, ledger_text_max).value_or(1000));
  const Value fact = fields.may("fact");
  if (auto name = fact.id()) out.fact = std::move(*name);
  out.hint = fields.may("say").bilingual().value_or(base::Text{});
  out.was = fields.may("was").id().value_or("");
  check_fit(out, value, codes.present());
  return out;
}

void read_columns(const Value& section, Ledger& ledger, Loading& loading) {
  const auto entries = section.entries();
  if (entries.size() > ledger_columns_max) {
    section.mistake("pack_too_many_columns",
                    base::text("有 {} 列，最多 {} 列。", "There are {} columns, at most {} are allowed.", entries.size(), ledger_columns_max),
                    base::text("请分成几个台账。", "Split it into several ledgers."));
    return;
  }
  if (section.present() && entries.empty()) {
    section.mistake("pack_columns_missing", base::text("台账没有列。", "The ledger has no columns."));
  }
  for (const auto& [id, value] : entries) {
    Column one = column(id, value, loading);
    if (!check_name(value, id)) continue;
    if (position(ledger_own_columns, id) != std::size(ledger_own_columns)) {
      value.mistake("pack_name_reserved", base::text("“{}”是每个台账自带的列。", "\"{}\" is a column that every ledger has of itself.", id),
                    base::text("请换一个编号。", "Use another id."));
      continue;
    }
    ledger.columns.push_back(std::move(one));
  }
}

}  // namespace

bool check_name(const Value& value, std::string_view id) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const bool good = !id.empty() && letter(id.front()) && id.size() <= name_length_max &&
                    std::ranges::all_of(id, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
  if (!good) {
    value.mistake("pack_name", base::text("“{}”不能作名称。", "\"{}\" cannot be a name.", base::first_code_points(id, 40)),
                  base::text("名称以小写字母开头，只用小写字母、数字和下划线，不超过 {} 个。",
                             "A name begins with a lower-case letter and has lower-case letters, digits and underscores, {} at most.",
                             name_length_max));
    return false;
  }
  if (std::ranges::find(reserved, id) != std::end(reserved)) {
    value.mistake("pack_name_reserved", base::text("“{}”是表达式里的保留字。", "\"{}\" is a word of the expression language.", id),
                  base::text("请换一个编号，例如 {}_。", "Use another id, such as {}_.", id));
    return false;
  }
  return true;
}

const CodeValue* CodeList::value(std::string_view wanted) const {
  const auto found = std::ranges::find(values, wanted, &CodeValue::id);
  return found == values.end() ? nullptr : &*found;
}

const Column* Ledger::column(std::string_view wanted) const {
  const auto found = std::ranges::find(columns, wanted, &Column::id);
  return found == columns.end() ? nullptr : &*found;
}

std::string_view name_of(Subject subject) { return subjects[static_cast<std::size_t>(subject)]; }
std::string_view name_of(Period period) { return periods[static_cast<std::size_t>(period)]; }
std::string_view name_of(ColumnType type) { return column_types[static_cast<std::size_t>(type)]; }

std::optional<Subject> subject_from(const Value& value) {
  const auto name = value.one_of(subjects);
  if (!name) return std::nullopt;
  return static_cast<Subject>(position(subjects, *name));
}

std::optional<ColumnType> column_type_from(const Value& value) {
  const auto name = value.one_of(column_types);
  if (!name) return std::nullopt;
  return static_cast<ColumnType>(position(column_types, *name));
}

void read_codes(const Value& section, Loading& loading) {
  for (const auto& [id, value] : section.entries()) {
    if (!check_name(value, id)) continue;
    CodeList list;
    list.id = id;
    list.place = value.place();
    const auto entries = value.entries();
    if (entries.empty() || entries.size() > code_values_max) {
      value.mistake("pack_codes_count", base::text("取值应有 1 到 {} 个。", "A list has 1 to {} values.", code_values_max));
      continue;
    }
    std::set<std::string> labels;
    for (const auto& [code, label] : entries) {
      base::Text words = label.bilingual(Value::Single::allowed).value_or(base::Text{});
      if (!words.empty() && !labels.insert(words.zh).second) {
        label.mistake("pack_label_repeated", base::text("两个取值都叫“{}”。", "Two values are called \"{}\".", words.zh),
                      base::text("填表的人分不清，请换一个说法。", "Whoever fills it in could not tell them apart."));
      }
      list.values.push_back({code, std::move(words)});
    }
    loading.put(loading.pack.codes, std::move(list), "codes", value.place());
  }
}

void read_ledgers(const Value& section, Loading& loading) {
  for (const auto& [id, value] : section.entries()) {
    Fields fields = value.fields();
    Ledger ledger;
    ledger.id = id;
    ledger.place = value.place();
    ledger.layer = loading.layer_id;
    ledger.article = loading.article;
    ledger.label = fields.need("label").bilingual().value_or(base::Text{});
    ledger.subject = subject_from(fields.need("subject")).value_or(Subject::none);
    if (const auto period = fields.may("period").one_of(periods)) ledger.period = static_cast<Period>(position(periods, *period));
    if (fields.may("rows").one_of(row_counts) == "one") ledger.rows = RowCount::one;
    const Value owner = fields.need("owner");
    if (auto unit = owner.id()) {
      loading.references.push_back({*unit, owner.place(), Named::unit_or_group});
      ledger.owner = std::move(*unit);
    }
    ledger.filled_by = fields.may("filled_by").one_of(ledger_fillers).value_or("lead");
    ledger.was = fields.may("was").id().value_or("");
    read_columns(fields.need("columns"), ledger, loading);
    if (ledger.subject == Subject::none && ledger.rows == RowCount::one) {
      value.mistake("pack_rows_one", base::text("不针对任何对象的台账不能写 rows: one。", "A ledger about nobody cannot have `rows: one`."));
    }
    if (check_name(value, id)) loading.put(loading.pack.ledgers, std::move(ledger), "ledger", value.place());
  }
  if (loading.pack.ledgers.size() > ledgers_max) {
    section.mistake("pack_too_many_ledgers", base::text("台账超过 {} 个。", "There are more than {} ledgers.", ledgers_max));
  }
}

}  // namespace yihu::pack
