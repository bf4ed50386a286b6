#include "rule/compiler.h"
#include "rule/node.h"

#include <algorithm>

namespace yihu::rule {
namespace {

bool near(RowPointer row) {
  while (row->form == RowSource::Form::one && row->relation->cardinality == Cardinality::one) row = row->from;
  return row->form == RowSource::Form::subject;
}

bool cheap(const Node& node) {
  bool all = true;
  walk(node, [&](const Node& one) { all = all && one.form != NodeForm::gathering && (!one.row || near(one.row)); });
  return all;
}

/// Nothing: always true, as far as can be told cheaply.
NodePointer weakened(const NodePointer& node) {
  if (cheap(*node)) return node->form == NodeForm::constant ? nullptr : node;
  if (node->form == NodeForm::fact) return weakened(node->parts.front());
  const bool both = node->operation == Operation::both;
  if (node->form != NodeForm::operation || (!both && node->operation != Operation::either)) return nullptr;
  const NodePointer left = weakened(node->parts[0]);
  const NodePointer right = weakened(node->parts[1]);
  if (left && right) return std::make_shared<const Node>(Node{.form = NodeForm::operation, .kind = Kind::truth, .operation = node->operation, .parts = {left, right}});
  if (!both) return nullptr;
  return left ? left : right;
}

}  // namespace

std::optional<Premise> Compiler::premise(const Expression& condition) const {
  NodePointer node = weakened(condition.node_);
  if (!node) return std::nullopt;
  std::string shape = shape_of(*node, [](const RowPointer&) { return std::string("s"); });
  Expression expression = expression_of(*condition.schema_, condition.subject_, condition.text_, std::move(node));
  expression.schema_ = condition.schema_;
  return Premise{std::move(expression), std::move(shape)};
}

}  // namespace yihu::rule
