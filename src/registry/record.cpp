#include "registry/record.h"

#include "base/utf8.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>

namespace yihu::registry {
namespace {

base::Error mistake(const Field& field, const char* code, base::Text text, base::Text mend = {}) {
  return {base::ErrorKind::input, code, std::move(text), std::move(mend),
          {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/" + std::string(field.id)}, {}};
}

/// The error's words in each language name the field in that language.
base::Error wrong(const Field& field, const char* zh, const char* en) {
  return mistake(field, "value_kind", {"“" + std::string(field.zh) + "”应填写" + zh + "。", "\"" + std::string(field.en) + "\" takes " + en + "."});
}

template <class Number>
std::optional<Number> number_from(std::string_view text) {
  Number number{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

std::optional<std::int64_t> truth_from(std::string_view text) {
  for (const std::string_view yes : {"是", "有", "1", "true", "yes", "Y", "y", "√"}) {
    if (text == yes) return 1;
  }
  for (const std::string_view no : {"否", "无", "没有", "0", "false", "no", "N", "n", "×"}) {
    if (text == no) return 0;
  }
  return std::nullopt;
}

/// 2019-04-30, 2019/4/30, 2019.4.30, 2019年4月30日, 20190430
std::optional<base::Date> day_from(std::string_view text) {
  std::vector<int> parts;
  std::string digits;
  for (const char32_t point : base::code_points(std::string(text) + "|")) {
    if (point >= '0' && point <= '9') {
      digits += static_cast<char>(point);
    } else if (!digits.empty()) {
      if (digits.size() > 8) return std::nullopt;
      parts.push_back(*number_from<int>(digits));
      digits.clear();
    }
    const bool between = point == '-' || point == '/' || point == '.' || point == U'年' || point == U'月' || point == U'日' || point == '|';
    if ((point < '0' || point > '9') && !between) return std::nullopt;
  }
  if (parts.size() == 1 && parts[0] > 1850'00'00) parts = {parts[0] / 10000, parts[0] / 100 % 100, parts[0] % 100};
  if (parts.size() != 3) return std::nullopt;
  const base::Date date = base::make_date(parts[0], parts[1], parts[2]);
  if (!date.ok() || parts[0] < 1850 || parts[0] > 2200) return std::nullopt;
  return date;
}

}  // namespace

Record::Record(std::span<const Field> fields, const store::Row& row, std::size_t first) : Record(fields) {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const std::size_t column = first + i;
    if (row.null(column)) continue;
    switch (fields_[i].type) {
      case FieldType::truth:
      case FieldType::integer:
      case FieldType::money: cells_[i] = row.integer(column); break;
      case FieldType::real: cells_[i] = row.real(column); break;
      case FieldType::text:
      case FieldType::code:
      case FieldType::date:
      case FieldType::area: cells_[i] = row.text(column); break;
    }
  }
}

std::size_t Record::place(std::string_view field) const {
  const auto at = std::ranges::find(fields_, field, &Field::id);
  assert(at != fields_.end());
  return static_cast<std::size_t>(at - fields_.begin());
}

std::string Record::text(std::string_view field) const {
  const auto* text = std::get_if<std::string>(&at(field));
  return text == nullptr ? std::string() : *text;
}

std::optional<std::int64_t> Record::integer(std::string_view field) const {
  const auto* number = std::get_if<std::int64_t>(&at(field));
  if (number == nullptr) return std::nullopt;
  return *number;
}

bool known(const Cell& cell) { return !std::holds_alternative<std::monostate>(cell); }

store::Value value_from(const Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return *number;
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return nullptr;
}

store::Parameters parameters_from(const Record& values) {
  store::Parameters out;
  out.reserve(values.fields().size() + 8);
  for (std::size_t i = 0; i < values.fields().size(); ++i) out.push_back({values.fields()[i].id, value_from(values.cell(i))});
  return out;
}

std::optional<std::string> text_from(const Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
  if (const auto* real = std::get_if<double>(&cell)) return fmt::format("{}", *real);
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return std::nullopt;
}

Cell cell_from_history(const Field& field, const std::optional<std::string>& text) {
  if (!text) return {};
  switch (field.type) {
    case FieldType::truth:
    case FieldType::integer:
    case FieldType::money: return number_from<std::int64_t>(*text).value_or(0);
    case FieldType::real: return number_from<double>(*text).value_or(0);
    case FieldType::text:
    case FieldType::code:
    case FieldType::date:
    case FieldType::area: return *text;
  }
  return {};
}

boost::json::value json_from(const Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return *number;
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  if (const auto* text = std::get_if<std::string>(&cell)) return boost::json::string(*text);
  return nullptr;
}

base::Result<Cell> cell_from_text(const Field& field, std::string_view written) {
  const std::string text = trimmed(written);
  if (text.empty()) return Cell{};
  Cell cell;
  switch (field.type) {
    case FieldType::text:
    case FieldType::area: cell = text; break;
    case FieldType::code: {
      const auto at = std::ranges::find_if(field.codes, [&](const CodeWord& word) { return text == word.code || text == word.zh || text == word.en; });
      cell = at == field.codes.end() ? text : std::string(at->code);
      break;
    }
    case FieldType::truth: {
      const auto truth = truth_from(text);
      if (!truth) return base::fail(wrong(field, "是或否", "yes or no"));
      cell = *truth;
      break;
    }
    case FieldType::integer: {
      const auto number = number_from<std::int64_t>(text);
      if (!number) return base::fail(wrong(field, "整数", "a whole number"));
      cell = *number;
      break;
    }
    case FieldType::real: {
      const auto number = number_from<double>(text);
      if (!number) return base::fail(wrong(field, "数", "a number"));
      cell = *number;
      break;
    }
    case FieldType::money: {
      const auto yuan = number_from<double>(text);
      // Two places at most: what is finer was computed somewhere and is not an amount anybody received.
      if (!yuan || std::abs(*yuan) > 1e13 || std::abs(*yuan * 100 - std::round(*yuan * 100)) > 1e-4) {
        return base::fail(wrong(field, "金额（元，至多两位小数）", "an amount in yuan with two places at most"));
      }
      cell = static_cast<std::int64_t>(std::llround(*yuan * 100));
      break;
    }
    case FieldType::date: {
      const auto day = day_from(text);
      if (!day) return base::fail(wrong(field, "日期，例如 2019-04-30", "a day such as 2019-04-30"));
      cell = base::to_string(*day);
      break;
    }
  }
  TRY(check(field, cell));
  return cell;
}

base::Done check(const Field& field, const Cell& cell) {
  if (!known(cell)) return {};
  const auto* text = std::get_if<std::string>(&cell);
  const auto* whole = std::get_if<std::int64_t>(&cell);
  const bool limited = field.min != field.max;
  const auto within = [&](double number) { return std::isfinite(number) && (!limited || (number >= field.min && number <= field.max)); };
  switch (field.type) {
    case FieldType::text:
      if (text == nullptr) return base::fail(wrong(field, "文字", "text"));
      if (text->empty() || base::count_code_points(*text) > static_cast<std::size_t>(field.length_max) ||
          std::ranges::any_of(*text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
        return base::fail(mistake(field, "value_length", {fmt::format("“{}”为 1 到 {} 个字，不含换行。", field.zh, field.length_max),
                                                         fmt::format("\"{}\" takes 1 to {} characters in one line.", field.en, field.length_max)}));
      }
      return {};
    case FieldType::area:
      if (text == nullptr || text->size() != 12 || !std::ranges::all_of(*text, [](char c) { return c >= '0' && c <= '9'; })) {
        return base::fail(wrong(field, "12 位区划代码", "a division code of twelve digits"));
      }
      return {};
    case FieldType::code:
      if (text == nullptr || field.word(*text) == nullptr) return base::fail(wrong(field, "列出的选项之一", "one of the listed values"));
      return {};
    case FieldType::truth:
      if (whole == nullptr || (*whole != 0 && *whole != 1)) return base::fail(wrong(field, "是或否", "yes or no"));
      return {};
    case FieldType::date:
      if (text == nullptr || !base::parse_date(*text)) return base::fail(wrong(field, "日期，例如 2019-04-30", "a day such as 2019-04-30"));
      return {};
    case FieldType::integer:
    case FieldType::money:
      if (whole == nullptr || !within(static_cast<double>(*whole))) break;
      return {};
    case FieldType::real:
      if (const auto* real = std::get_if<double>(&cell); (real == nullptr || !within(*real)) && (whole == nullptr || !within(static_cast<double>(*whole)))) break;
      return {};
  }
  const double unit = field.type == FieldType::money ? 100 : 1;
  return base::fail(mistake(field, "value_limits", {fmt::format("“{}”应在 {} 到 {} 之间。", field.zh, field.min / unit, field.max / unit),
                                                   fmt::format("\"{}\" lies between {} and {}.", field.en, field.min / unit, field.max / unit)}));
}

}  // namespace yihu::registry
