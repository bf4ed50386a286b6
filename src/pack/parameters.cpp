#include "pack/loading.h"

#include "base/utf8.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace yihu::pack {
namespace {

constexpr double yuan_max = 9e13;  // fen stay exact in a double on the way in

/// As expressions see it; nothing when it does not fit the type (then the mistake is told).
std::optional<std::string> stored_from(const Value& value, ColumnType type) {
  switch (type) {
    case ColumnType::money: {
      const auto yuan = value.number();
      if (!yuan) return std::nullopt;
      const double fen = *yuan * 100;
      if (std::abs(*yuan) > yuan_max || std::abs(fen - std::round(fen)) > 1e-6) {
        value.mistake("pack_money", base::text("金额最多两位小数。", "An amount has two decimals at most."));
        return std::nullopt;
      }
      return fmt::format("{}", std::llround(fen));
    }
    case ColumnType::integer: {
      const auto number = value.integer(-1'000'000'000'000, 1'000'000'000'000);
      if (!number) return std::nullopt;
      return fmt::format("{}", *number);
    }
    case ColumnType::real:
    case ColumnType::percent: {
      const auto number = value.number();
      if (!number) return std::nullopt;
      return fmt::format("{}", *number);
    }
    case ColumnType::date: {
      const auto date = value.date();
      if (!date) return std::nullopt;
      return base::to_string(*date);
    }
    case ColumnType::truth: {
      const auto truth = value.truth();
      if (!truth) return std::nullopt;
      return *truth ? "1" : "0";
    }
    case ColumnType::text:
    case ColumnType::code: return value.text();
  }
  return std::nullopt;
}

void read_values(const Value& list, Parameter& out, Loading& loading) {
  for (const Value& item : list.list()) {
    Fields fields = item.fields();
    const auto from = fields.need("from").date();
    const Value value = fields.need("value");
    const auto stored = stored_from(value, out.type);
    ParameterValue one;
    one.place = item.place();
    one.source = source_from(fields.need("source"), loading);
    one.verified = fields.may("verified").truth().value_or(false);
    if (!from || !stored) continue;
    one.from = *from;
    one.value = *stored;
    one.written = value.scalar_text();
    if (!out.values.empty() && one.from <= out.values.back().from) {
      item.mistake("pack_parameter_order", base::text("起始日应晚于前一个值的 {}。", "Its first day should be after that of the value before, {}.",
                                                      base::to_string(out.values.back().from)));
      continue;
    }
    out.values.push_back(std::move(one));
  }
}

}  // namespace

const ParameterValue* Parameter::on(base::Date day) const {
  const ParameterValue* found = nullptr;
  for (const ParameterValue& value : values) {
    if (value.from <= day) found = &value;
  }
  return found;
}

bool Parameter::verified() const { return std::ranges::all_of(values, &ParameterValue::verified); }

void read_parameters(const Value& section, Loading& loading) {
  for (const auto& [id, value] : section.entries()) {
    Fields fields = value.fields();
    Parameter out;
    out.id = id;
    out.place = value.place();
    out.layer = loading.layer_id;
    out.article = loading.article;
    out.label = fields.need("label").bilingual().value_or(base::Text{});
    out.unit = fields.need("unit").bilingual(Value::Single::allowed).value_or(base::Text{});
    const auto type = column_type_from(fields.need("type"));
    out.type = type.value_or(ColumnType::text);
    const Value values = fields.need("values");
    if (type) {
      read_values(values, out, loading);
      if (values.present() && values.list().empty()) {
        values.mistake("pack_parameter_empty", base::text("参数没有值。", "The parameter has no value."));
      }
    }
    if (check_name(value, id)) loading.put(loading.pack.parameters, std::move(out), "parameter", value.place());
  }
}

}  // namespace yihu::pack
