// Functions and methods.

#include "rule/checker.h"

#include "base/date.h"
#include "base/nearest.h"

#include <algorithm>
#include <array>
#include <limits>

namespace yihu::rule {
namespace {

constexpr std::array<std::string_view, 18> functions{"has",  "size", "sum",   "min",    "max",  "year",         "month", "day", "age",
                                                     "days_between", "date", "yuan", "int", "double", "string", "bool", "dyn", "abs"};
constexpr std::array<std::string_view, 14> methods{"exists", "all", "exists_one", "filter",     "map",      "size",   "sum",
                                                   "min",    "max", "contains",   "startsWith", "endsWith", "existsOne", "abs"};

struct TextMethod {
  std::string_view name;
  Operation operation;
};
constexpr std::array text_methods{TextMethod{"contains", Operation::contains}, TextMethod{"startsWith", Operation::starts_with},
                                  TextMethod{"endsWith", Operation::ends_with}};

bool is_fold(std::string_view name) { return name == "size" || name == "sum" || name == "min" || name == "max"; }

std::vector<const Syntax*> pointers(const std::vector<SyntaxPointer>& parts) {
  std::vector<const Syntax*> out;
  for (const SyntaxPointer& part : parts) out.push_back(part.get());
  return out;
}

}  // namespace

bool Checker::count_is(const Syntax& syntax, std::size_t given, std::size_t wanted) {
  if (given == wanted) return true;
  fail_type(syntax.name_span, base::text("{} 要 {} 项，写了 {} 项。", "{} takes {} items, {} are given.", syntax.name, wanted, given));
  return false;
}

Checker::Checked Checker::call(const Syntax& syntax) {
  const std::string& name = syntax.name;
  const std::size_t given = syntax.parts.size();
  if (name == "has") return has(syntax);
  if (is_fold(name)) return fold(name, pointers(syntax.parts), syntax);
  if (name == "year" || name == "month" || name == "day" || name == "age" || name == "days_between" || name == "date") {
    return day_call(syntax);
  }
  if (name == "yuan") {
    const NodePointer amount = count_is(syntax, given, 1) ? check_single(*syntax.parts[0]) : nullptr;
    if (!amount) return std::nullopt;
    if (amount->kind != Kind::integer && amount->kind != Kind::real) {
      return fail_type(syntax.parts[0]->span, base::text("yuan(…) 里写一个数。", "yuan(…) takes a number."));
    }
    return single(yuan(amount, syntax.span));
  }
  if (name == "dyn") return count_is(syntax, given, 1) ? check(*syntax.parts[0]) : std::nullopt;
  if (std::ranges::find(functions, name) != functions.end()) return conversion(syntax);
  return fail_name(syntax.name_span, base::text("没有叫“{}”的函数。", "There is no function \"{}\".", name), name,
                   {functions.begin(), functions.end()});
}

NodePointer Checker::yuan(const NodePointer& amount, base::Span span) {
  constexpr std::int64_t fen_per_yuan = 100;
  const bool fits = amount->form == NodeForm::constant && amount->kind == Kind::integer &&
                    std::abs(std::get<std::int64_t>(amount->constant.value) / fen_per_yuan) <
                        std::numeric_limits<std::int64_t>::max() / fen_per_yuan / fen_per_yuan;
  if (fits) return constant({Kind::money, std::get<std::int64_t>(amount->constant.value) * fen_per_yuan}, span);
  if (amount->kind == Kind::integer) {
    return operation(Operation::multiply, Kind::money, {amount, integer(fen_per_yuan, span)}, span);
  }
  NodePointer fen = operation(Operation::multiply_real, Kind::real, {amount, constant({Kind::real, double{fen_per_yuan}}, span)}, span);
  return operation(Operation::rounded_from_real, Kind::money, {std::move(fen)}, span);
}

Checker::Checked Checker::has(const Syntax& syntax) {
  if (!count_is(syntax, syntax.parts.size(), 1)) return std::nullopt;
  const Syntax& asked = *syntax.parts[0];
  if (asked.form != SyntaxForm::field) {
    return fail_type(asked.span, base::text("has(…) 里写一个字段，如 has(household.village)。", "has(…) takes a field, such as has(household.village)."));
  }
  const Checked value = check(asked);
  if (!value) return std::nullopt;
  if (value->form == Value::Form::single) return single(known(value->node, syntax.span));
  RowPointer row = value->row;
  if (value->form == Value::Form::rows && !value->node && !value->filter && row->relation->one_per_period) {
    row = one_row(row->from, *row->relation);
  }
  if (row && row->form == RowSource::Form::one) {
    return single(make({.form = NodeForm::row_exists, .kind = Kind::truth, .span = syntax.span, .never_unknown = true, .row = row}));
  }
  return fail_type(asked.span, base::text("has(…) 不能用于多条记录。", "has(…) does not take rows."),
                   base::text("用 exists(r, true) 或 size()。", "Use exists(r, true) or size()."));
}

Checker::Checked Checker::conversion(const Syntax& syntax) {
  const NodePointer value = count_is(syntax, syntax.parts.size(), 1) ? check_single(*syntax.parts[0]) : nullptr;
  if (!value) return std::nullopt;
  const std::string& name = syntax.name;
  const auto made = [&](Operation op, Kind kind) { return single(operation(op, kind, {value}, syntax.span)); };
  const Kind kind = value->kind;
  if (name == "int" && kind == Kind::integer) return single(value);
  if (name == "int" && kind == Kind::real) return made(Operation::integer_from_real, Kind::integer);
  if (name == "double" && kind == Kind::real) return single(value);
  if (name == "double" && kind == Kind::integer) return made(Operation::real_from_integer, Kind::real);
  if (name == "string" && kind == Kind::text) return single(value);
  if (name == "string" && kind == Kind::integer) return made(Operation::text_from_integer, Kind::text);
  if (name == "bool" && kind == Kind::truth) return single(value);
  if (name == "abs" && (kind == Kind::integer || kind == Kind::money)) return made(Operation::magnitude, kind);
  if (name == "abs" && kind == Kind::real) return made(Operation::magnitude_real, kind);
  const base::Text found = words_of(kind);
  return fail_type(syntax.span, {fmt::format("{} 不能用于{}。", name, found.zh), fmt::format("{} does not take {}.", name, found.en)});
}

Checker::Checked Checker::day_call(const Syntax& syntax) {
  const std::string& name = syntax.name;
  if (name == "date") {
    if (!count_is(syntax, syntax.parts.size(), 1)) return std::nullopt;
    const Syntax& written = *syntax.parts[0];
    if (written.form == SyntaxForm::text && base::parse_date(written.name)) {
      return single(constant({Kind::day, written.name}, syntax.span));
    }
    return fail_type(written.span, base::text("date(…) 里写一个存在的日期，如 \"2019-04-30\"。", "date(…) takes a day that exists, such as \"2019-04-30\"."));
  }
  const bool two = name == "age" || name == "days_between";
  if (!count_is(syntax, syntax.parts.size(), two ? 2 : 1)) return std::nullopt;
  const NodePointer first = check_single(*syntax.parts[0], Kind::day);
  const NodePointer second = two ? check_single(*syntax.parts[1], Kind::day) : nullptr;
  if (!first || (two && !second)) return std::nullopt;
  const auto made = [&](Operation op, std::vector<NodePointer> parts) {
    return single(operation(op, Kind::integer, std::move(parts), syntax.span));
  };
  if (name == "age") return made(Operation::age, {first, second});
  if (two) return made(Operation::days_between, {first, second});
  if (name == "year") return made(Operation::year, {first});
  return made(name == "month" ? Operation::month : Operation::day_of_month, {first});
}

Checker::Checked Checker::method(const Syntax& syntax) {
  const std::string& name = syntax.name;
  if (is_macro(name)) return macro(syntax);
  const Syntax& on = *syntax.parts[0];
  if (on.form == SyntaxForm::name && on.name == "math") {
    const std::string least_or_greatest = name == "least" ? "min" : name == "greatest" ? "max" : "";
    std::vector<const Syntax*> arguments = pointers(syntax.parts);
    arguments.erase(arguments.begin());
    if (!least_or_greatest.empty()) return fold(least_or_greatest, arguments, syntax);
    return fail_name(syntax.name_span, base::text("math 没有“{}”。", "There is no math.{}.", name), name, {"least", "greatest"});
  }
  if (is_fold(name)) {
    return count_is(syntax, syntax.parts.size() - 1, 0) ? fold(name, {&on}, syntax) : std::nullopt;
  }
  for (const TextMethod& known : text_methods) {
    if (known.name != name) continue;
    if (!count_is(syntax, syntax.parts.size() - 1, 1)) return std::nullopt;
    const NodePointer text = check_single(on, Kind::text);
    const NodePointer sought = check_single(*syntax.parts[1], Kind::text);
    if (!text || !sought) return std::nullopt;
    return single(operation(known.operation, Kind::truth, {text, sought}, syntax.span));
  }
  if (name == "matches") {
    return fail_name(syntax.name_span, base::text("规则里没有正则表达式，因为各数据库的写法不同。", "There are no regular expressions in rules: databases differ in them."),
                     name, {methods.begin(), methods.end()});
  }
  return fail_name(syntax.name_span, base::text("没有叫“{}”的方法。", "There is no method \"{}\".", name), name,
                   {methods.begin(), methods.end()});
}

/// size, sum, min, max: of a list, of rows, of a text (size), or of what is given one by one (min, max).
Checker::Checked Checker::fold(const std::string& name, const std::vector<const Syntax*>& arguments, const Syntax& syntax) {
  std::vector<NodePointer> singles;
  std::optional<Value> list;
  for (const Syntax* argument : arguments) {
    Checked value = check(*argument);
    if (!value) return std::nullopt;
    if (value->form == Value::Form::single) singles.push_back(value->node);
    else list = std::move(value);
  }
  if (list && arguments.size() == 1 && list->form == Value::Form::rows) return fold_rows(name, *list, syntax.span);
  if (list && arguments.size() == 1 && list->form == Value::Form::list) {
    return name == "size" ? size_of_list(*list, syntax.span) : fold_list(name, *list, syntax.span);
  }
  if (!list && name == "size" && singles.size() == 1 && singles[0]->kind == Kind::text) {
    return single(operation(Operation::length, Kind::integer, singles, syntax.span));
  }
  if (!list && (name == "min" || name == "max") && !singles.empty()) {
    NodePointer found = singles.front();
    for (std::size_t i = 0; i < singles.size(); ++i) {
      const Kind kind = singles[i]->kind;
      if (kind != found->kind || kind == Kind::truth || kind == Kind::text) {
        return fail_type(syntax.span, base::text("{} 要的是同一种数。", "{} takes numbers of one kind.", name));
      }
      if (i != 0) found = extreme(name == "max", found, singles[i], syntax.span);
    }
    return single(std::move(found));
  }
  return fail_type(syntax.span, base::text("{} 用于列表或多条记录。", "{} takes a list or rows.", name));
}

NodePointer Checker::extreme(bool greatest, const NodePointer& left, const NodePointer& right, base::Span span) {
  return operation(greatest ? Operation::greater_of : Operation::lesser_of, left->kind, {left, right}, span);
}

}  // namespace yihu::rule
