#include "ledger/cell.h"

#include "base/nearest.h"
#include "base/utf8.h"
#include "sheet/cell_value.h"

#include <charconv>
#include <cmath>

namespace yihu::ledger {
namespace {

using base::ErrorKind;
using base::Result;
using pack::ColumnType;

base::Error wrong(std::string code, base::Text text, base::Text mend = {}) {
  return {ErrorKind::input, std::move(code), std::move(text), std::move(mend), {}, {}};
}

/// 85.00000000000001 is what a share of 0.85 becomes in binary.
double rounded(double value) { return std::round(value * 1e9) / 1e9; }

double real_from(const std::string& decimal) {
  double value = 0;
  std::from_chars(decimal.data(), decimal.data() + decimal.size(), value);
  return value;
}

Result<store::Cell> code_from(const pack::Pack& pack, const pack::Column& column, const std::string& text) {
  const pack::CodeList* list = pack.code_list(column.codes);
  if (list == nullptr) return base::fail(wrong("code_list_unknown", base::text("取值表“{}”不存在。", "There is no list \"{}\".", column.codes)));
  const std::string wanted = sheet::folded_text(text);
  std::vector<std::string_view> words;
  for (const pack::CodeValue& value : list->values) {
    if (value.id == wanted || sheet::folded_text(value.label.zh) == wanted || sheet::folded_text(value.label.en) == wanted) {
      return store::Cell(value.id);
    }
    words.push_back(value.label.zh);
  }
  const auto near = base::nearest(text, words, 1);
  base::Text mend;
  if (!near.empty()) {
    mend = base::text("是不是“{}”？", "Did you mean \"{}\"?", words[near.front()]);
  } else {
    std::string all;
    for (std::size_t i = 0; i < words.size() && i < 8; ++i) all += (i > 0 ? "、" : "") + std::string(words[i]);
    mend = words.size() > 8 ? base::text("可填：{}……", "It may be {} …", all) : base::text("可填：{}。", "It may be {}.", all);
  }
  return base::fail(wrong("code_unknown", base::text("“{}”不在取值里。", "\"{}\" is not one of the values.", base::first_code_points(text, 40)),
                          std::move(mend)));
}

Result<store::Cell> date_from(const sheet::SheetCell& cell, const SheetNames& names) {
  const sheet::CellDate date = TRY(sheet::date_from_cell(cell, names.sheet, names.from_1904));
  if (date.month_only) {
    return base::fail(wrong("date_month_only", base::text("只有年月，没有日。", "Only a month, no day."),
                            base::text("请写成 2019-04-30 的样子。", "Write it like 2019-04-30.")));
  }
  return store::Cell(base::to_string(date.day));
}

Result<store::Cell> typed(const pack::Pack& pack, const pack::Column& column, const sheet::SheetCell& cell, const SheetNames& names) {
  switch (column.type) {
    case ColumnType::truth: return store::Cell(std::int64_t{TRY(sheet::bool_from_cell(cell, names.sheet)) ? 1 : 0});
    case ColumnType::integer: return store::Cell(TRY(sheet::whole_from_cell(cell, names.sheet)));
    case ColumnType::real: return store::Cell(real_from(TRY(sheet::decimal_from_cell(cell, names.sheet))));
    case ColumnType::money: return store::Cell(TRY(sheet::fen_from_cell(cell, names.sheet)));
    case ColumnType::percent:
      return store::Cell(rounded(100 * TRY(sheet::share_from_cell(cell, names.sheet, sheet::PercentUnit::points))));
    case ColumnType::date: return date_from(cell, names);
    case ColumnType::text: return store::Cell(TRY(sheet::text_from_cell(cell, names.sheet)));
    case ColumnType::code: return code_from(pack, column, TRY(sheet::text_from_cell(cell, names.sheet)));
  }
  return store::Cell();
}

std::string grouped(std::int64_t fen) {
  const bool below = fen < 0;
  const auto amount = below ? 0 - static_cast<std::uint64_t>(fen) : static_cast<std::uint64_t>(fen);
  std::string yuan = std::to_string(amount / 100);
  for (auto at = static_cast<std::ptrdiff_t>(yuan.size()) - 3; at > 0; at -= 3) yuan.insert(static_cast<std::size_t>(at), ",");
  return fmt::format("{}{}.{:02}", below ? "-" : "", yuan, amount % 100);
}

double number_of(const store::Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  return 0;
}

const std::string& text_of(const store::Cell& cell) {
  static const std::string nothing;
  const auto* text = std::get_if<std::string>(&cell);
  return text != nullptr ? *text : nothing;
}

std::string plain_number(double value) { return fmt::format("{}", value); }

base::Done check_number(const pack::Column& column, const store::Cell& cell) {
  const double value = column.type == ColumnType::money ? number_of(cell) / 100 : number_of(cell);
  if (column.min && value < *column.min) {
    return base::fail(wrong("value_too_small", base::text("小于 {}。", "Smaller than {}.", plain_number(*column.min))));
  }
  if (column.max && value > *column.max) {
    return base::fail(wrong("value_too_large", base::text("大于 {}。", "Larger than {}.", plain_number(*column.max)),
                            column.type == ColumnType::money ? base::text("单位是元。", "The unit is yuan.") : base::Text{}));
  }
  return {};
}

}  // namespace

bool is_nothing(const store::Cell& cell) { return std::holds_alternative<std::monostate>(cell); }

Result<store::Cell> cell_from_sheet(const pack::Pack& pack, const pack::Column& column, const sheet::SheetCell& cell,
                                    const SheetNames& names) {
  if (sheet::is_empty(cell)) return store::Cell();
  auto value = typed(pack, column, cell, names);
  if (value) {
    if (auto checked = check_cell(pack, column, *value); !checked) value = base::fail(std::move(checked).error());
  }
  if (!value) {
    base::Error error = std::move(value).error();
    if (error.place.cell.empty() && cell.row > 0) error.place.cell = sheet::cell_address(names.sheet, cell.row, cell.column);
    return base::fail(std::move(error));
  }
  return value;
}

Result<store::Cell> cell_from_text(const pack::Pack& pack, const pack::Column& column, std::string_view text) {
  sheet::SheetCell cell;
  cell.kind = sheet::CellKind::text;
  cell.text = text;
  if (sheet::is_empty(cell)) return store::Cell();
  auto value = cell_from_sheet(pack, column, cell, {});
  if (value) return value;
  base::Error error = std::move(value).error();
  error.place = {};
  return base::fail(std::move(error));
}

base::Done check_cell(const pack::Pack& pack, const pack::Column& column, const store::Cell& cell) {
  if (is_nothing(cell)) return {};
  switch (column.type) {
    case ColumnType::integer:
    case ColumnType::real:
    case ColumnType::money:
    case ColumnType::percent: return check_number(column, cell);
    case ColumnType::text:
      if (base::count_code_points(text_of(cell)) > column.length_max) {
        return base::fail(wrong("text_too_long", base::text("超过 {} 个字。", "Longer than {} characters.", column.length_max)));
      }
      return {};
    case ColumnType::code: {
      const pack::CodeList* list = pack.code_list(column.codes);
      if (list == nullptr || list->value(text_of(cell)) == nullptr) {
        return base::fail(wrong("code_unknown", base::text("“{}”不在取值里。", "\"{}\" is not one of the values.",
                                                           base::first_code_points(text_of(cell), 40))));
      }
      return {};
    }
    case ColumnType::truth:
    case ColumnType::date: return {};
  }
  return {};
}

std::string text_from_cell(const pack::Pack& pack, const pack::Column& column, const store::Cell& cell, base::Language language) {
  if (is_nothing(cell)) return {};
  switch (column.type) {
    case ColumnType::truth: return (number_of(cell) != 0 ? base::text("是", "Yes") : base::text("否", "No")).in(language);
    case ColumnType::money: return grouped(static_cast<std::int64_t>(number_of(cell)));
    case ColumnType::percent: return plain_number(number_of(cell)) + "%";
    case ColumnType::integer:
    case ColumnType::real: return plain_number(number_of(cell));
    case ColumnType::date:
    case ColumnType::text: return text_of(cell);
    case ColumnType::code: {
      const pack::CodeList* list = pack.code_list(column.codes);
      const pack::CodeValue* value = list != nullptr ? list->value(text_of(cell)) : nullptr;
      return value != nullptr ? value->label.in(language) : text_of(cell);
    }
  }
  return {};
}

sheet::TemplateValue template_value(const pack::Pack& pack, const pack::Column& column, const store::Cell& cell,
                                    base::Language language) {
  if (is_nothing(cell)) return std::monostate();
  switch (column.type) {
    case ColumnType::truth: return number_of(cell) != 0;
    case ColumnType::integer:
    case ColumnType::money: return static_cast<std::int64_t>(number_of(cell));
    case ColumnType::real: return number_of(cell);
    case ColumnType::percent: return number_of(cell) / 100;
    case ColumnType::date: {
      const auto day = base::parse_date(text_of(cell));
      if (!day) return std::monostate();
      return *day;
    }
    case ColumnType::text:
    case ColumnType::code: return text_from_cell(pack, column, cell, language);
  }
  return std::monostate();
}

boost::json::value json_from_cell(const pack::Column& column, const store::Cell& cell) {
  if (is_nothing(cell)) return nullptr;
  if (column.type == ColumnType::truth) return number_of(cell) != 0;
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return *whole;
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  return boost::json::value(text_of(cell));
}

Result<store::Cell> cell_from_json(const pack::Pack& pack, const pack::Column& column, const boost::json::value& value) {
  if (value.is_null()) return store::Cell();
  // Text is read as if it had been typed, whatever the column: that is what a pasted block consists of.
  if (value.is_string()) return cell_from_text(pack, column, value.get_string());
  store::Cell cell;
  if (value.is_bool() && column.type == ColumnType::truth) {
    cell = std::int64_t{value.get_bool() ? 1 : 0};
  } else if (value.is_number() && (column.type == ColumnType::integer || column.type == ColumnType::money)) {
    boost::json::error_code problem;
    cell = value.to_number<std::int64_t>(problem);
    if (problem) return base::fail(wrong("number_not_whole", base::text("应当是整数。", "It should be a whole number.")));
  } else if (value.is_number() && (column.type == ColumnType::real || column.type == ColumnType::percent)) {
    cell = value.to_number<double>();
  } else {
    return base::fail(wrong("value_unfit", base::text("这里不能填这样的值。", "A value of this kind does not fit here.")));
  }
  TRY(check_cell(pack, column, cell));
  return cell;
}

}  // namespace yihu::ledger
