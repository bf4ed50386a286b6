// Lists of rows. Their length is known to the database alone, so that what is asked of them becomes a gathering.

#include "rule/checker.h"

#include <algorithm>
#include <array>

namespace yihu::rule {
namespace {

constexpr std::array<std::string_view, 6> macros{"exists", "all", "exists_one", "existsOne", "filter", "map"};

}  // namespace

// ---- macros name a variable and say something about it

bool Checker::is_macro(std::string_view name) { return std::ranges::find(macros, name) != macros.end(); }

Checker::Checked Checker::macro(const Syntax& syntax) {
  const Checked list = check(*syntax.parts[0]);
  const std::size_t given = syntax.parts.size() - 1;
  if (given != 2 && !(given == 3 && syntax.name == "map")) {
    return fail_type(syntax.name_span,
                     base::text("{0} 写作 {0}(r, …)：一个名称，一个表达式。", "{0} is written {0}(r, …): a name, and an expression.", syntax.name));
  }
  if (syntax.parts[1]->form != SyntaxForm::name) {
    return fail_type(syntax.parts[1]->span, base::text("{} 的第一项是一个新名称。", "The first item of {} is a new name.", syntax.name));
  }
  if (!list) return std::nullopt;
  if (list->form == Value::Form::list) return list_macro(syntax, *list);
  if (list->form == Value::Form::rows) return rows_macro(syntax, *list);
  const base::Text found = words_of(*list);
  return fail_type(syntax.parts[0]->span, {fmt::format("{} 要用于列表或多条记录，这里是{}。", syntax.name, found.zh),
                                           fmt::format("{} takes a list or rows; this is {}.", syntax.name, found.en)});
}

Checker::Checked Checker::with(const Syntax& variable, Value value, const Syntax& body) {
  variables_.emplace_back(variable.name, std::move(value));
  Checked result = check(body);
  variables_.pop_back();
  return result;
}

NodePointer Checker::single_with(const Syntax& variable, Value value, const Syntax& body, std::optional<Kind> wanted) {
  variables_.emplace_back(variable.name, std::move(value));
  NodePointer result = check_single(body, wanted);
  variables_.pop_back();
  return result;
}

NodePointer Checker::and_then(const NodePointer& first, NodePointer then, base::Span span) {
  if (!first) return then;
  return conditional(first, std::move(then), truth(false, span), span);
}

/// The rows' filter, unknown also where what they were mapped to is: as in CEL, one such item makes the list unknown.
NodePointer Checker::strict_filter(const Value& rows, base::Span span) {
  if (!rows.node || rows.node->never_unknown) return rows.filter;
  return and_then(rows.filter, conditional(known(rows.node, span), truth(true, span), unknown(Kind::truth, span), span), span);
}

Checker::Checked Checker::rows_macro(const Syntax& syntax, const Value& rows) {
  const base::Span span = syntax.span;
  const Value item = rows.node ? single(rows.node) : Value{.form = Value::Form::row, .row = rows.row};
  const Syntax& variable = *syntax.parts[1];
  if (syntax.name == "map") {
    Value out = rows;
    out.filter = strict_filter(rows, span);
    if (syntax.parts.size() == 4) {
      const NodePointer test = single_with(variable, item, *syntax.parts[2], Kind::truth);
      if (!test) return std::nullopt;
      out.filter = and_then(out.filter, test, span);
    }
    out.node = single_with(variable, item, *syntax.parts.back(), std::nullopt);
    return out.node ? Checked(std::move(out)) : std::nullopt;
  }
  const NodePointer test = single_with(variable, item, *syntax.parts[2], Kind::truth);
  if (!test) return std::nullopt;
  Value out = rows;
  out.filter = strict_filter(rows, span);
  if (syntax.name == "filter") {
    out.filter = and_then(out.filter, test, span);
    return out;
  }
  out.node = nullptr;
  const Gathering how = syntax.name == "exists" ? Gathering::any : syntax.name == "all" ? Gathering::every : Gathering::single;
  return gathering(how, out, test, Kind::truth, span);
}

Checker::Checked Checker::fold_rows(const std::string& name, const Value& rows, base::Span span) {
  if (name == "size") {
    Value counted = rows;
    counted.filter = strict_filter(rows, span);
    counted.node = nullptr;
    return gathering(Gathering::count, counted, nullptr, Kind::integer, span);
  }
  if (!rows.node) {
    return fail_type(span, base::text("{} 要的是数，这里是记录。", "{} takes numbers; these are rows.", name),
                     base::text("先用 map(r, r.…) 取出一个字段。", "Take one field of them first, with map(r, r.…)."));
  }
  const Kind kind = rows.node->kind;
  const bool sums = name == "sum";
  if (kind == Kind::truth || kind == Kind::text || (sums && kind == Kind::day)) {
    const base::Text found = words_of(kind);
    return fail_type(span, {fmt::format("{} 不能用于{}。", name, found.zh), fmt::format("{} does not take {}.", name, found.en)});
  }
  if (!sums) return gathering(name == "max" ? Gathering::greatest : Gathering::least, rows, rows.node, kind, span);
  if (kind != Kind::real) return gathering(Gathering::sum, rows, rows.node, kind, span);
  // Engines add rows in any order and real numbers round differently in each, so that they are added as whole millionths.
  const NodePointer million = constant({Kind::real, 1e6}, span);
  NodePointer scaled = operation(Operation::multiply_real, Kind::real, {rows.node, million}, span);
  Value whole = rows;
  whole.node = operation(Operation::rounded_from_real, Kind::integer, {scaled}, span);
  Checked sum = gathering(Gathering::sum, whole, whole.node, Kind::integer, span);
  if (!sum) return std::nullopt;
  NodePointer real = operation(Operation::real_from_integer, Kind::real, {sum->node}, span);
  return single(operation(Operation::divide_real, Kind::real, {real, million}, span));
}

Checker::Checked Checker::gathering(Gathering gathering, const Value& rows, NodePointer body, Kind kind, base::Span span) {
  const bool countable = rows.row->relation->completeness == Completeness::always && !rows.filter;
  Node node{.form = NodeForm::gathering, .kind = kind, .span = span,
            .never_unknown = gathering == Gathering::count && countable, .row = rows.row, .gathering = gathering,
            .filter = rows.filter, .body = std::move(body)};
  // Whatever else it speaks of must be settled by one row, for each of which it can then be gathered.
  const std::vector<RowPointer> free = free_rows(node);
  const auto settles_all = [&](const RowPointer& from) {
    return std::ranges::all_of(free, [&](const RowPointer& row) { return determines(from, row); });
  };
  if (!settles_all(rows.row)) {
    for (const RowPointer& row : free) {
      RowPointer base = row;
      while (base->form == RowSource::Form::one) base = base->from;
      if (settles_all(base)) node.anchor = base;
    }
    if (!node.anchor) {
      return fail_type(span, base::text("这里同时提到几层名单里的记录，没法逐条对照。", "This speaks of rows of several lists that do not settle each other."),
                       base::text("把它拆开，或写成事实。", "Take it apart, or make a part of it a fact."));
    }
  }
  return single(make(std::move(node)));
}

}  // namespace yihu::rule
