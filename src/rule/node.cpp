#include "rule/node.h"

#include <algorithm>

namespace yihu::rule {
namespace {

void collect(const Node& node, std::vector<RowPointer>& bound, std::vector<RowPointer>& out) {
  const auto add = [&](const RowPointer& row) {
    RowPointer base = row;
    // A row at the end of a relation depends on where that starts.
    while (base->form == RowSource::Form::one) base = base->from;
    if (std::ranges::find(bound, base) != bound.end()) return;
    if (std::ranges::find(out, row) == out.end()) out.push_back(row);
  };
  if (node.form == NodeForm::field || node.form == NodeForm::row_exists) add(node.row);
  for (const NodePointer& part : node.parts) collect(*part, bound, out);
  if (node.form != NodeForm::gathering) return;
  add(node.row->from);
  bound.push_back(node.row);
  if (node.filter) collect(*node.filter, bound, out);
  if (node.body) collect(*node.body, bound, out);
  bound.pop_back();
}

}  // namespace

std::vector<RowPointer> free_rows(const Node& node) {
  std::vector<RowPointer> bound;
  std::vector<RowPointer> out;
  collect(node, bound, out);
  return out;
}

bool determines(const RowPointer& from, const RowPointer& row) {
  for (RowPointer step = row;; step = step->from) {
    if (step == from) return true;
    if (step->form != RowSource::Form::one) break;
  }
  return from->form == RowSource::Form::each && determines(from->from, row);
}

}  // namespace yihu::rule
