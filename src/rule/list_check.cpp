// Lists that are written out. Their length is known, so that whatever is asked of them is unrolled into single values.
// As in CEL a list of which one item is unknown is unknown as a whole.

#include "rule/checker.h"

#include <algorithm>

namespace yihu::rule {

Checker::Checked Checker::list(const Syntax& syntax) {
  Value list{.form = Value::Form::list};
  bool whole = true;
  for (const SyntaxPointer& part : syntax.parts) {
    Checked item = check(*part);
    whole = whole && item;
    if (!whole) continue;
    if (item->form != Value::Form::single && item->form != Value::Form::list) {
      fail_type(part->span, base::text("列表里只能放单个的值。", "A list holds single values."));
      whole = false;
      continue;
    }
    const Value& first = list.items.empty() ? *item : list.items.front();
    if (first.form != item->form || (item->form == Value::Form::single && first.node->kind != item->node->kind)) {
      const base::Text a = words_of(first);
      const base::Text b = words_of(*item);
      fail_type(part->span, {fmt::format("列表里的值要同一种：前面是{}，这里是{}。", a.zh, b.zh),
                             fmt::format("The values of a list are of one kind: {} first, {} here.", a.en, b.en)});
      whole = false;
      continue;
    }
    list.known = both_of(list.known, known_of(*item, part->span), part->span);
    item->present = nullptr;
    list.items.push_back(std::move(*item));
  }
  return whole ? Checked(std::move(list)) : std::nullopt;
}

/// True where `node` has a value, for those that may have none.
NodePointer Checker::known(const NodePointer& node, base::Span span) {
  return operation(Operation::known, Kind::truth, {node}, span);
}

/// True where the value is known as a whole; nothing where it always is.
NodePointer Checker::known_of(const Value& value, base::Span span) {
  if (value.form == Value::Form::list) return value.known;
  return value.node->never_unknown ? nullptr : known(value.node, span);
}

NodePointer Checker::both_of(NodePointer one, NodePointer other, base::Span span) {
  if (!one || !other) return one ? one : other;
  return operation(Operation::both, Kind::truth, {std::move(one), std::move(other)}, span);
}

NodePointer Checker::gated(const Value& list, NodePointer result, base::Span span) {
  if (!list.known) return result;
  NodePointer otherwise = unknown(result->kind, span);
  return conditional(list.known, std::move(result), std::move(otherwise), span);
}

Checker::Checked Checker::join_lists(const Value& left, const Value& right, base::Span span) {
  Value list = left;
  list.items.insert(list.items.end(), right.items.begin(), right.items.end());
  if (!list.items.empty() && !left.items.empty() && !right.items.empty()) {
    const Value& a = left.items.front();
    const Value& b = right.items.front();
    if (a.form != b.form || (a.form == Value::Form::single && a.node->kind != b.node->kind)) {
      return fail_type(span, base::text("两个列表里的值不是同一种。", "The values of the two lists are of different kinds."));
    }
  }
  list.known = both_of(left.known, right.known, span);
  return list;
}

Checker::Checked Checker::index(const Syntax& syntax) {
  const Checked list = check(*syntax.parts[0]);
  const NodePointer position = check_single(*syntax.parts[1], Kind::integer);
  if (!list || !position) return std::nullopt;
  if (list->form != Value::Form::list) {
    return fail_type(syntax.span, base::text("只有写出来的列表可以按位置取。", "Only a list that is written out has positions."),
                     base::text("记录用 filter(r, …) 挑选。", "Pick rows with filter(r, …)."));
  }
  const auto is_single = [](const Value& item) { return !item.present && item.form == Value::Form::single; };
  if (list->items.empty()) return single(unknown(Kind::integer, syntax.span));
  if (!std::ranges::all_of(list->items, is_single)) {
    return fail_type(syntax.span, base::text("这个列表不能按位置取。", "This list cannot be asked by position."));
  }
  NodePointer out = unknown(list->items.front().node->kind, syntax.span);
  for (std::size_t i = list->items.size(); i-- > 0;) {
    const auto place = static_cast<std::int64_t>(i);
    NodePointer here = operation(Operation::equal, Kind::truth, {position, integer(place, syntax.span)}, syntax.span);
    out = conditional(std::move(here), list->items[i].node, std::move(out), syntax.span);
  }
  return single(gated(*list, std::move(out), syntax.span));
}

Checker::Checked Checker::membership(const Syntax& syntax, const Value& needle, const Value& list) {
  const base::Span span = syntax.span;
  if (list.form == Value::Form::rows && needle.form == Value::Form::single && list.node) {
    NodePointer same = equal_single(needle.node, list.node, span);
    if (!same) return fail_kinds(syntax, needle, list);
    Value rows = list;
    rows.filter = strict_filter(list, span);
    rows.node = nullptr;
    Checked found = gathering(Gathering::any, rows, std::move(same), Kind::truth, span);
    if (!found || needle.node->never_unknown) return found;
    return single(operation(Operation::if_known, Kind::truth, {needle.node, found->node}, span));
  }
  if (list.form != Value::Form::list || needle.form == Value::Form::row || needle.form == Value::Form::rows) {
    return fail_type(syntax.name_span, base::text("“in”右边要是列表。", "Right of \"in\" stands a list."),
                     list.form == Value::Form::rows
                         ? base::text("记录先用 map(r, r.…) 取出一个字段。", "Take one field of the rows first, with map(r, r.…).")
                         : base::Text{});
  }
  std::vector<NodePointer> same{needle.node};
  std::vector<NodePointer> tests;
  bool plain = needle.form == Value::Form::single;
  for (const Value& item : list.items) {
    const std::size_t said = checking_.mistakes.count();
    NodePointer test = equal(needle, item, span);
    if (!test) return checking_.mistakes.count() > said ? std::nullopt : fail_kinds(syntax, needle, item);
    plain = plain && !item.present && item.form == Value::Form::single && item.node->kind == needle.node->kind;
    if (plain) same.push_back(item.node);
    tests.push_back(item.present ? and_then(item.present, test, span) : test);
  }
  NodePointer found = plain && !tests.empty() ? operation(Operation::one_of, Kind::truth, std::move(same), span)
                                              : chain(Operation::either, std::move(tests), span);
  if (needle.form == Value::Form::list) found = gated(needle, std::move(found), span);
  else if (!plain || list.items.empty()) found = operation(Operation::if_known, Kind::truth, {needle.node, found}, span);
  return single(gated(list, std::move(found), span));
}

// ---- macros

Checker::Checked Checker::list_macro(const Syntax& syntax, const Value& list) {
  const std::string& name = syntax.name;
  if (name != "filter" && name != "map") return list_test(syntax, list);
  const bool filters = name == "filter";
  const bool chooses = filters || syntax.parts.size() == 4;
  Value out{.form = Value::Form::list};
  out.known = list.known;
  for (const Value& item : list.items) {
    NodePointer present = item.present;
    if (chooses) {
      const NodePointer test = single_with(*syntax.parts[1], item, *syntax.parts[2], Kind::truth);
      if (!test) return std::nullopt;
      present = and_then(item.present, test, syntax.span);
      out.known = both_of(out.known, known_of(single(present), syntax.span), syntax.span);
    }
    if (filters) {
      out.items.push_back(item);
      out.items.back().present = std::move(present);
      continue;
    }
    Checked value = with(*syntax.parts[1], item, *syntax.parts.back());
    if (!value) return std::nullopt;
    if (value->form != Value::Form::single && value->form != Value::Form::list) {
      return fail_type(syntax.parts.back()->span, base::text("map 要得出单个的值。", "map yields single values."));
    }
    NodePointer fine = known_of(*value, syntax.span);
    if (fine && present) fine = conditional(present, fine, truth(true, syntax.span), syntax.span);
    out.known = both_of(out.known, std::move(fine), syntax.span);
    value->present = std::move(present);
    out.items.push_back(std::move(*value));
  }
  return out;
}

Checker::Checked Checker::list_test(const Syntax& syntax, const Value& list) {
  const base::Span span = syntax.span;
  const bool every = syntax.name == "all";
  const bool one = syntax.name == "exists_one" || syntax.name == "existsOne";
  std::vector<NodePointer> tests;
  NodePointer count = integer(0, span);
  for (const Value& item : list.items) {
    NodePointer test = single_with(*syntax.parts[1], item, *syntax.parts[2], Kind::truth);
    if (!test) return std::nullopt;
    if (item.present) test = every ? conditional(item.present, test, truth(true, span), span) : and_then(item.present, test, span);
    if (one) {
      NodePointer number = operation(Operation::integer_from_truth, Kind::integer, {test}, span);
      count = operation(Operation::count_up, Kind::integer, {count, number}, span);
    }
    tests.push_back(std::move(test));
  }
  NodePointer result = one ? operation(Operation::equal, Kind::truth, {count, integer(1, span)}, span)
                           : chain(every ? Operation::both : Operation::either, std::move(tests), span);
  return single(gated(list, std::move(result), span));
}

Checker::Checked Checker::size_of_list(const Value& list, base::Span span) {
  std::int64_t certain = 0;
  NodePointer count;
  for (const Value& item : list.items) {
    if (!item.present) {
      ++certain;
      continue;
    }
    NodePointer number = operation(Operation::integer_from_truth, Kind::integer, {item.present}, span);
    count = count ? operation(Operation::count_up, Kind::integer, {count, number}, span) : number;
  }
  NodePointer total = integer(certain, span);
  if (count) total = operation(Operation::count_up, Kind::integer, {count, total}, span);
  return single(gated(list, std::move(total), span));
}

Checker::Checked Checker::fold_list(const std::string& name, const Value& list, base::Span span) {
  const auto plain = [](const Value& item) { return !item.present && item.form == Value::Form::single; };
  if (!std::ranges::all_of(list.items, plain)) {
    return fail_type(span, base::text("{} 只能用于写出来的、没有挑选过的列表，或记录。", "{} takes rows, or a list that is written out and not filtered.", name));
  }
  if (list.items.empty()) {
    return single(name == "sum" ? integer(0, span) : unknown(Kind::integer, span));
  }
  NodePointer total = list.items.front().node;
  if (total->kind == Kind::truth || total->kind == Kind::text || (name == "sum" && total->kind == Kind::day)) {
    const base::Text found = words_of(total->kind);
    return fail_type(span, {fmt::format("{} 不能用于{}。", name, found.zh), fmt::format("{} does not take {}.", name, found.en)});
  }
  const Operation add = total->kind == Kind::real ? Operation::add_real : Operation::add;
  for (std::size_t i = 1; i < list.items.size(); ++i) {
    const NodePointer& item = list.items[i].node;
    total = name == "sum" ? operation(add, total->kind, {total, item}, span) : extreme(name == "max", total, item, span);
  }
  return single(gated(list, std::move(total), span));
}

}  // namespace yihu::rule
