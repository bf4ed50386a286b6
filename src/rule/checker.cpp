#include "rule/checker.h"

#include "base/nearest.h"
#include "rule/compiler.h"

#include <algorithm>
#include <array>

namespace yihu::rule {
namespace {

// How often a text is looked at while macros over written-out lists are unrolled, in nodes.
constexpr std::size_t made_max = 10 * nodes_max;

// Operations that can be without a result though their operands have values: it does not fit, or nothing divides by zero.
constexpr std::array partial{
    Operation::add,           Operation::subtract,      Operation::multiply,          Operation::divide,
    Operation::modulo,        Operation::minus,         Operation::magnitude,         Operation::divide_evenly,
    Operation::add_real,      Operation::subtract_real, Operation::multiply_real,     Operation::divide_real,
    Operation::integer_from_real, Operation::rounded_from_real,
};

}  // namespace

Checker::Checker(Checking& checking, const Source& source, RowPointer row)
    : checking_(checking), source_(source), row_(std::move(row)) {}

Value Checker::single(NodePointer node) { return {.form = Value::Form::single, .node = std::move(node)}; }

// ---- mistakes

Checker::Checked Checker::fail(base::Span span, std::string code, base::Text text, base::Text mend) {
  checking_.mistakes.add(source_, span, std::move(code), std::move(text), std::move(mend));
  return std::nullopt;
}

Checker::Checked Checker::fail_type(base::Span span, base::Text text, base::Text mend) {
  return fail(span, "rule_type", std::move(text), std::move(mend));
}

Checker::Checked Checker::fail_name(base::Span span, base::Text text, std::string_view name,
                                    const std::vector<std::string_view>& known) {
  base::Text mend;
  if (const auto near = base::nearest(name, known, 1); !near.empty()) {
    mend = base::text("是不是“{}”？", "Did you mean \"{}\"?", known[near.front()]);
  }
  return fail(span, "rule_name", std::move(text), std::move(mend));
}

// ---- nodes

NodePointer Checker::make(Node node) {
  std::size_t size = 1;
  int depth = 0;
  for (const NodePointer* below : {&node.filter, &node.body}) {
    if (!*below) continue;
    size += (*below)->size;
    depth = std::max(depth, (*below)->depth);
  }
  for (const NodePointer& part : node.parts) {
    size += part->size;
    depth = std::max(depth, part->depth);
  }
  node.size = size;
  node.depth = depth + 1;
  if (!checking_.exhausted && (node.size > nodes_max || node.depth > 2 * depth_max || ++checking_.made > made_max)) {
    checking_.exhausted = true;
    fail(node.span, "rule_limit",
         base::text("表达式连同它用到的事实太大。", "The expression, with the facts it uses, is too large."),
         base::text("把它拆成几条规则。", "Split it into several rules."));
  }
  return std::make_shared<const Node>(std::move(node));
}

NodePointer Checker::constant(Constant constant, base::Span span) {
  const Kind kind = constant.kind;
  return make({.form = NodeForm::constant, .kind = kind, .span = span, .never_unknown = true, .constant = std::move(constant)});
}
NodePointer Checker::truth(bool value, base::Span span) { return constant({Kind::truth, value}, span); }
NodePointer Checker::integer(std::int64_t value, base::Span span) { return constant({Kind::integer, value}, span); }
NodePointer Checker::unknown(Kind kind, base::Span span) {
  return make({.form = NodeForm::unknown, .kind = kind, .span = span});
}

NodePointer Checker::operation(Operation operation, Kind kind, std::vector<NodePointer> parts, base::Span span) {
  const bool known = operation == Operation::known ||
                     (std::ranges::find(partial, operation) == partial.end() &&
                      std::ranges::all_of(parts, [](const NodePointer& p) { return p->never_unknown; }));
  std::string codes;
  if (kind == Kind::text && operation == Operation::conditional && parts[1]->codes == parts[2]->codes) codes = parts[1]->codes;
  return make({.form = NodeForm::operation, .kind = kind, .codes = std::move(codes), .span = span, .never_unknown = known,
               .operation = operation, .parts = std::move(parts)});
}

NodePointer Checker::conditional(NodePointer condition, NodePointer yes, NodePointer no, base::Span span) {
  const Kind kind = yes->kind;
  return operation(Operation::conditional, kind, {std::move(condition), std::move(yes), std::move(no)}, span);
}

// Balanced, because a long row of conditions would be a deep tree for SQL's parsers.
NodePointer Checker::chain(Operation both_or_either, std::vector<NodePointer> parts, base::Span span) {
  if (parts.empty()) return truth(both_or_either == Operation::both, span);
  while (parts.size() > 1) {
    std::vector<NodePointer> pairs;
    for (std::size_t i = 0; i < parts.size(); i += 2) {
      pairs.push_back(i + 1 == parts.size() ? parts[i] : operation(both_or_either, Kind::truth, {parts[i], parts[i + 1]}, span));
    }
    parts = std::move(pairs);
  }
  return parts.front();
}

// ---- forms

std::optional<Value> Checker::check(const Syntax& syntax) {
  if (checking_.exhausted) return std::nullopt;
  if (depth_ >= depth_max) {
    return fail(syntax.span, "rule_limit",
                base::text("表达式嵌套超过 {} 层。", "The expression is nested more than {} deep.", depth_max),
                base::text("把其中一部分写成事实（facts）。", "Make a part of it a fact."));
  }
  ++depth_;
  Checked value = check_form(syntax);
  --depth_;
  if (checking_.exhausted) return std::nullopt;
  return value;
}

Checker::Checked Checker::check_form(const Syntax& syntax) {
  switch (syntax.form) {
    case SyntaxForm::truth: return single(truth(syntax.truth, syntax.span));
    case SyntaxForm::integer: return single(integer(syntax.integer, syntax.span));
    case SyntaxForm::real: return single(constant({Kind::real, syntax.real}, syntax.span));
    case SyntaxForm::text: return single(constant({Kind::text, syntax.name}, syntax.span));
    case SyntaxForm::name: return name(syntax);
    case SyntaxForm::field: return field(syntax);
    case SyntaxForm::call: return call(syntax);
    case SyntaxForm::method: return method(syntax);
    case SyntaxForm::index: return index(syntax);
    case SyntaxForm::list: return list(syntax);
    case SyntaxForm::conditional: return choice(syntax);
    case SyntaxForm::both:
    case SyntaxForm::either: return logic(syntax);
    case SyntaxForm::unary: return unary(syntax);
    case SyntaxForm::binary: return binary(syntax);
  }
  return std::nullopt;
}

NodePointer Checker::check_single(const Syntax& syntax, std::optional<Kind> wanted) {
  Checked value = check(syntax);
  if (!value) return nullptr;
  if (value->form == Value::Form::single && (!wanted || value->node->kind == *wanted)) return value->node;
  const base::Text found = words_of(*value);
  const base::Text words = wanted ? words_of(*wanted) : base::text("一个值", "a single value");
  fail_type(syntax.span, base::Text{fmt::format("这里要的是{}，写的是{}。", words.zh, found.zh),
                                    fmt::format("Wanted here is {}, written is {}.", words.en, found.en)});
  return nullptr;
}

// ---- names

Checker::Checked Checker::name(const Syntax& syntax) {
  for (auto variable = variables_.rbegin(); variable != variables_.rend(); ++variable) {
    if (variable->first == syntax.name) return variable->second;
  }
  if (row_ && syntax.name == row_->rows->name) return Value{.form = Value::Form::row, .row = row_};
  if (syntax.name == "today") {
    return single(make({.form = NodeForm::today, .kind = Kind::day, .span = syntax.span, .never_unknown = true}));
  }
  for (const Parameter& parameter : checking_.schema.parameters) {
    if (parameter.name != syntax.name) continue;
    return single(make({.form = NodeForm::parameter, .kind = parameter.kind, .span = syntax.span, .parameter = &parameter}));
  }
  if (const auto other = checking_.schema.rows.find(syntax.name); other != checking_.schema.rows.end() && row_) {
    return fail(syntax.span, "rule_name",
                base::text("这条规则的对象是“{}”，不能直接写“{}”。", "This rule is about a {}; {} cannot be named directly.",
                           row_->rows->name, syntax.name),
                base::text("从“{}.”开始写。", "Begin with \"{}.\"", row_->rows->name));
  }
  return fail_name(syntax.span, base::text("没有叫“{}”的名称。", "Nothing is called \"{}\".", syntax.name), syntax.name,
                   names_here());
}

std::vector<std::string_view> Checker::names_here() const {
  std::vector<std::string_view> names{"today"};
  if (row_) names.emplace_back(row_->rows->name);
  for (const auto& [name, value] : variables_) names.emplace_back(name);
  for (const Parameter& parameter : checking_.schema.parameters) names.emplace_back(parameter.name);
  return names;
}

Checker::Checked Checker::field(const Syntax& syntax) {
  Checked base = check(*syntax.parts[0]);
  if (!base) return std::nullopt;
  if (base->form == Value::Form::row) return field_of(syntax, base->row);
  if (base->form == Value::Form::rows && !base->node && !base->filter && base->row->relation->one_per_period) {
    return field_of(syntax, one_row(base->row->from, *base->row->relation));
  }
  const base::Text found = words_of(*base);
  const bool several = base->form == Value::Form::rows;
  return fail_type(syntax.name_span,
                   base::Text{fmt::format("{}没有字段“{}”。", found.zh, syntax.name),
                              fmt::format("There is no \"{}\" in {}.", syntax.name, found.en)},
                   several ? base::text("用 exists(r, …)、all(r, …) 或 filter(r, …) 逐条来看。",
                                        "Look at them one by one with exists(r, …), all(r, …) or filter(r, …).")
                           : base::Text{});
}

RowPointer Checker::one_row(const RowPointer& from, const Relation& relation) {
  RowPointer& row = checking_.ones[{from.get(), &relation}];
  if (!row) {
    row = std::make_shared<const RowSource>(
        RowSource{RowSource::Form::one, &checking_.schema.rows.at(relation.target), &relation, from});
  }
  return row;
}

Checker::Checked Checker::field_of(const Syntax& syntax, const RowPointer& row) {
  const Rows& rows = *row->rows;
  for (const Relation& relation : rows.relations) {
    if (relation.name != syntax.name) continue;
    if (relation.cardinality == Cardinality::one) return Value{.form = Value::Form::row, .row = one_row(row, relation)};
    auto each = std::make_shared<const RowSource>(
        RowSource{RowSource::Form::each, &checking_.schema.rows.at(relation.target), &relation, row});
    return Value{.form = Value::Form::rows, .row = std::move(each)};
  }
  for (const Field& field : rows.fields) {
    if (field.name != syntax.name) continue;
    return single(make({.form = NodeForm::field, .kind = field.kind, .codes = field.codes, .span = syntax.span,
                        .never_unknown = field.never_missing && row->form != RowSource::Form::one, .row = row,
                        .field = &field}));
  }
  if (const auto found = checking_.facts.find({rows.name, syntax.name}); found != checking_.facts.end()) {
    return fact(found->second, row, syntax.span);
  }
  std::vector<std::string_view> known;
  for (const Field& field : rows.fields) known.emplace_back(field.name);
  for (const Relation& relation : rows.relations) known.emplace_back(relation.name);
  for (const auto& [key, text] : checking_.facts) {
    if (key.first == rows.name) known.emplace_back(key.second);
  }
  return fail_name(syntax.name_span,
                   base::text("“{}”没有字段、关系或事实“{}”。", "{} has no field, relation or fact \"{}\".", rows.name, syntax.name),
                   syntax.name, known);
}

Checker::Checked Checker::fact(const FactText& text, const RowPointer& row, base::Span span) {
  // Once a limit is passed nothing more is looked into: facts that double each other would take for ever to fail.
  if (!text.syntax || checking_.exhausted) return std::nullopt;
  const auto begin = std::ranges::find(checking_.open, text.fact);
  if (begin != checking_.open.end()) {
    // Whichever fact of the circle is looked at first, the circle is named from its least name on, so it is said once.
    std::vector<const Fact*> circle(begin, checking_.open.end());
    const auto name = [](const Fact* fact) { return fact->subject + "." + fact->name; };
    std::ranges::rotate(circle, std::ranges::min_element(circle, {}, name));
    std::string path;
    for (const Fact* fact : circle) path += name(fact) + " → ";
    path += name(circle.front());
    const FactText& first = checking_.facts.at({circle.front()->subject, circle.front()->name});
    checking_.mistakes.add(first.source, {}, "fact_cycle",
                           base::text("事实互相引用，成了圈：{}。", "Facts define each other in a circle: {}.", path),
                           base::text("其中一个要改为只用字段。", "One of them has to rest on fields alone."));
    return std::nullopt;
  }
  if (checking_.open.size() >= static_cast<std::size_t>(depth_max)) {
    checking_.exhausted = true;
    return fail(span, "rule_limit", base::text("事实套事实超过 {} 层。", "Facts rest on facts more than {} deep.", depth_max));
  }
  checking_.open.push_back(text.fact);
  Checker inner(checking_, text.source, row);
  NodePointer body = inner.check_single(*text.syntax);
  checking_.open.pop_back();
  if (!body) return std::nullopt;
  return single(make({.form = NodeForm::fact, .kind = body->kind, .codes = body->codes, .span = span,
                      .never_unknown = body->never_unknown, .parts = {body},
                      .name = text.fact->subject + "." + text.fact->name}));
}

}  // namespace yihu::rule
