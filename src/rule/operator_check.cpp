// Operators: logic, arithmetic, comparison.

#include "base/nearest.h"
#include "rule/checker.h"

#include <algorithm>

namespace yihu::rule {
namespace {

bool is_constant_text(const Node& node) { return node.form == NodeForm::constant && node.kind == Kind::text; }

}  // namespace

Checker::Checked Checker::logic(const Syntax& syntax) {
  std::vector<NodePointer> parts;
  for (const SyntaxPointer& part : syntax.parts) {
    if (NodePointer node = check_single(*part, Kind::truth)) parts.push_back(std::move(node));
  }
  if (parts.size() != syntax.parts.size()) return std::nullopt;
  return single(chain(syntax.form == SyntaxForm::both ? Operation::both : Operation::either, std::move(parts), syntax.span));
}

Checker::Checked Checker::choice(const Syntax& syntax) {
  const NodePointer condition = check_single(*syntax.parts[0], Kind::truth);
  const NodePointer yes = check_single(*syntax.parts[1]);
  const NodePointer no = check_single(*syntax.parts[2], yes ? std::optional(yes->kind) : std::nullopt);
  if (!condition || !yes || !no) return std::nullopt;
  return single(conditional(condition, yes, no, syntax.span));
}

Checker::Checked Checker::unary(const Syntax& syntax) {
  if (syntax.name == "!") {
    const NodePointer operand = check_single(*syntax.parts[0], Kind::truth);
    if (!operand) return std::nullopt;
    return single(operation(Operation::negation, Kind::truth, {operand}, syntax.span));
  }
  const NodePointer operand = check_single(*syntax.parts[0]);
  if (!operand) return std::nullopt;
  switch (operand->kind) {
    case Kind::integer:
    case Kind::money: return single(operation(Operation::minus, operand->kind, {operand}, syntax.span));
    case Kind::real: return single(operation(Operation::minus_real, Kind::real, {operand}, syntax.span));
    case Kind::truth: return fail_type(syntax.span, base::text("“-”不能用于是非。", "\"-\" does not apply to a truth value."),
                                       base::text("取反写“!”。", "The opposite is written \"!\"."));
    case Kind::text:
    case Kind::day: break;
  }
  const base::Text found = words_of(operand->kind);
  return fail_type(syntax.span, {fmt::format("“-”不能用于{}。", found.zh), fmt::format("\"-\" does not apply to {}.", found.en)});
}

Checker::Checked Checker::binary(const Syntax& syntax) {
  const Checked left = check(*syntax.parts[0]);
  const Checked right = check(*syntax.parts[1]);
  if (!left || !right) return std::nullopt;
  if (syntax.name == "in") return membership(syntax, *left, *right);
  static const std::string_view signs = "+-*/%";
  return signs.find(syntax.name[0]) != signs.npos ? arithmetic(syntax, *left, *right) : comparison(syntax, *left, *right);
}

Checker::Checked Checker::fail_kinds(const Syntax& syntax, const Value& left, const Value& right) {
  const base::Text a = words_of(left);
  const base::Text b = words_of(right);
  base::Text mend;
  const auto is = [](const Value& value, Kind kind) {
    return value.form == Value::Form::single && value.node->kind == kind;
  };
  const auto pair = [&](Kind one, Kind other) {
    return (is(left, one) && is(right, other)) || (is(left, other) && is(right, one));
  };
  if (pair(Kind::money, Kind::integer) || pair(Kind::money, Kind::real)) {
    mend = base::text("金额写成 yuan(…)。", "Write amounts of money as yuan(…).");
  } else if (pair(Kind::integer, Kind::real)) {
    mend = base::text("整数用 double(…) 转成实数，或写成 1.0。", "Turn the whole number into a real one with double(…), or write 1.0.");
  } else if (pair(Kind::day, Kind::text)) {
    mend = base::text("日期写成 date(\"2019-01-01\")。", "Write days as date(\"2019-01-01\").");
  } else if (is(left, Kind::day) && is(right, Kind::day) && syntax.name == "-") {
    mend = base::text("相隔的天数写 days_between(a, b)。", "The days between two are days_between(a, b).");
  }
  return fail_type(syntax.name_span,
                   {fmt::format("“{}”两边是{}和{}，配不上。", syntax.name, a.zh, b.zh),
                    fmt::format("\"{}\" does not go between {} and {}.", syntax.name, a.en, b.en)},
                   std::move(mend));
}

Checker::Checked Checker::arithmetic(const Syntax& syntax, const Value& left, const Value& right) {
  if (left.form == Value::Form::list && right.form == Value::Form::list && syntax.name == "+") return join_lists(left, right, syntax.span);
  if (left.form != Value::Form::single || right.form != Value::Form::single) return fail_kinds(syntax, left, right);
  const char sign = syntax.name[0];
  const NodePointer& a = left.node;
  const NodePointer& b = right.node;
  const auto is = [&](Kind one, Kind other) { return a->kind == one && b->kind == other; };
  const auto made = [&](Operation op) { return single(operation(op, a->kind, {a, b}, syntax.span)); };
  if (is(Kind::text, Kind::text) && sign == '+') return made(Operation::concatenate);
  if (is(Kind::integer, Kind::integer)) {
    switch (sign) {
      case '+': return made(Operation::add);
      case '-': return made(Operation::subtract);
      case '*': return made(Operation::multiply);
      case '/': return made(Operation::divide);
      default: return made(Operation::modulo);
    }
  }
  if (is(Kind::real, Kind::real) && sign != '%') {
    switch (sign) {
      case '+': return made(Operation::add_real);
      case '-': return made(Operation::subtract_real);
      case '*': return made(Operation::multiply_real);
      default: return made(Operation::divide_real);
    }
  }
  if (NodePointer money = money_arithmetic(sign, a, b, syntax.span)) return single(std::move(money));
  return fail_kinds(syntax, left, right);
}

/// nullptr where money does not go together with the other so.
NodePointer Checker::money_arithmetic(char sign, const NodePointer& left, const NodePointer& right, base::Span span) {
  const auto is = [&](Kind one, Kind other) { return left->kind == one && right->kind == other; };
  const auto real = [&](const NodePointer& node) { return operation(Operation::real_from_integer, Kind::real, {node}, span); };
  const auto rounded = [&](NodePointer node) { return operation(Operation::rounded_from_real, Kind::money, {std::move(node)}, span); };
  if (is(Kind::money, Kind::money)) {
    if (sign == '+') return operation(Operation::add, Kind::money, {left, right}, span);
    if (sign == '-') return operation(Operation::subtract, Kind::money, {left, right}, span);
    if (sign == '/') return operation(Operation::divide_real, Kind::real, {real(left), real(right)}, span);
  }
  if (sign == '*' && (is(Kind::money, Kind::integer) || is(Kind::integer, Kind::money))) {
    return operation(Operation::multiply, Kind::money, {left, right}, span);
  }
  if (sign == '/' && is(Kind::money, Kind::integer)) return operation(Operation::divide_evenly, Kind::money, {left, right}, span);
  if (sign == '*' && is(Kind::money, Kind::real)) {
    return rounded(operation(Operation::multiply_real, Kind::real, {real(left), right}, span));
  }
  if (sign == '*' && is(Kind::real, Kind::money)) {
    return rounded(operation(Operation::multiply_real, Kind::real, {left, real(right)}, span));
  }
  if (sign == '/' && is(Kind::money, Kind::real)) {
    return rounded(operation(Operation::divide_real, Kind::real, {real(left), right}, span));
  }
  return nullptr;
}

Checker::Checked Checker::comparison(const Syntax& syntax, const Value& left, const Value& right) {
  const base::Span span = syntax.span;
  if (syntax.name == "==" || syntax.name == "!=") {
    const std::size_t said = checking_.mistakes.count();
    NodePointer same = equal(left, right, span);
    if (!same) return checking_.mistakes.count() > said ? std::nullopt : fail_kinds(syntax, left, right);
    if (syntax.name == "!=") same = operation(Operation::negation, Kind::truth, {same}, span);
    return single(std::move(same));
  }
  if (left.form != Value::Form::single || right.form != Value::Form::single) return fail_kinds(syntax, left, right);
  const bool or_equal = syntax.name.size() == 2;
  const bool turned = syntax.name[0] == '>';
  NodePointer node = turned ? ordered(right.node, left.node, or_equal, span) : ordered(left.node, right.node, or_equal, span);
  return node ? Checked(single(std::move(node))) : fail_kinds(syntax, left, right);
}

/// A whole number meets a real one as a real number, as in CEL.
void Checker::meet(NodePointer& left, NodePointer& right, base::Span span) {
  for (auto [one, other] : {std::pair(&left, &right), std::pair(&right, &left)}) {
    if ((*one)->kind != Kind::integer || (*other)->kind != Kind::real) continue;
    *one = operation(Operation::real_from_integer, Kind::real, {*one}, span);
  }
}

NodePointer Checker::ordered(NodePointer left, NodePointer right, bool or_equal, base::Span span) {
  meet(left, right, span);
  const auto made = [&](Operation strict, Operation wide) {
    return operation(or_equal ? wide : strict, Kind::truth, {left, right}, span);
  };
  if (left->kind != right->kind) return nullptr;
  if (left->kind == Kind::text || left->kind == Kind::day) return made(Operation::text_less, Operation::text_less_or_equal);
  return made(Operation::less, Operation::less_or_equal);
}

/// nullptr where the two cannot be compared; a mistake has been said only where they could never be equal.
NodePointer Checker::equal(const Value& left, const Value& right, base::Span span) {
  if (left.form == Value::Form::list && right.form == Value::Form::list) return equal_lists(left, right, span);
  if (left.form != Value::Form::single || right.form != Value::Form::single) return nullptr;
  return equal_single(left.node, right.node, span);
}

NodePointer Checker::equal_single(NodePointer left, NodePointer right, base::Span span) {
  meet(left, right, span);
  if (left->kind != right->kind || !check_codes(left, right)) return nullptr;
  return operation(Operation::equal, Kind::truth, {left, right}, span);
}

bool Checker::check_codes(const NodePointer& left, const NodePointer& right) {
  if (left->codes.empty() && right->codes.empty()) return true;
  const NodePointer& coded = left->codes.empty() ? right : left;
  const NodePointer& other = left->codes.empty() ? left : right;
  const auto& lists = checking_.schema.code_lists;
  const auto& values = lists.at(coded->codes);
  if (is_constant_text(*other)) {
    const auto& written = std::get<std::string>(other->constant.value);
    if (std::ranges::find(values, written) != values.end()) return true;
    fail_name(other->span, base::text("“{}”不是“{}”的取值。", "\"{}\" is not among the values of {}.", written, coded->codes), written,
              {values.begin(), values.end()});
    return false;
  }
  if (other->codes.empty() || other->codes == coded->codes) return true;
  const auto& others = lists.at(other->codes);
  if (std::ranges::find_first_of(values, others) != values.end()) return true;
  fail_type(left->span, base::text("“{}”和“{}”没有相同的取值。", "{} and {} have no value in common.", coded->codes, other->codes));
  return false;
}

NodePointer Checker::equal_lists(const Value& left, const Value& right, base::Span span) {
  const auto sometimes = [](const Value& item) { return item.present != nullptr; };
  const bool turned = std::ranges::any_of(right.items, sometimes);
  const Value& a = turned ? right : left;
  const Value& b = turned ? left : right;
  if (std::ranges::any_of(b.items, sometimes)) return nullptr;
  // How many items of `a` stand before the one looked at, and whether each is the item of `b` at that place.
  NodePointer before = integer(0, span);
  std::vector<NodePointer> conditions;
  for (const Value& item : a.items) {
    std::vector<NodePointer> places;
    for (std::size_t j = 0; j < b.items.size(); ++j) {
      NodePointer same = equal(item, b.items[j], span);
      if (!same) return nullptr;
      const auto place = static_cast<std::int64_t>(j);
      places.push_back(conditional(operation(Operation::equal, Kind::truth, {before, integer(place, span)}, span), same,
                                   truth(false, span), span));
    }
    NodePointer found = chain(Operation::either, std::move(places), span);
    conditions.push_back(item.present ? conditional(item.present, found, truth(true, span), span) : found);
    const NodePointer one = item.present ? operation(Operation::integer_from_truth, Kind::integer, {item.present}, span) : integer(1, span);
    before = operation(Operation::count_up, Kind::integer, {before, one}, span);
  }
  const auto length = static_cast<std::int64_t>(b.items.size());
  NodePointer same = operation(Operation::equal, Kind::truth, {before, integer(length, span)}, span);
  conditions.insert(conditions.begin(), std::move(same));
  return gated(a, gated(b, chain(Operation::both, std::move(conditions), span), span), span);
}

}  // namespace yihu::rule
