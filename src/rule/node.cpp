#include "rule/node.h"

#include "rule/query.h"

#include <fmt/format.h>

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

class Shape {
 public:
  explicit Shape(const std::function<std::string(const RowPointer&)>& free) : free_(free) {}

  std::string of(const Node& node) {
    std::string out = fmt::format("({} {} {} ", static_cast<int>(node.form), static_cast<int>(node.kind), static_cast<int>(node.operation));
    if (node.form == NodeForm::constant) out += literal(node.constant, Engine::sqlite);
    if (node.field != nullptr) out += node.field->column;
    if (node.parameter != nullptr) out += node.parameter->name;
    if (node.form == NodeForm::gathering) {
      out += fmt::format("{} {} > {}", static_cast<int>(node.gathering), of(node.row->from), node.row->relation->name);
      if (node.anchor) out += " at " + of(node.anchor);
      bound_.push_back(node.row.get());
    } else if (node.row) {
      out += " " + of(node.row);
    }
    for (const NodePointer& part : node.parts) out += of(*part);
    if (node.filter) out += " if " + of(*node.filter);
    if (node.body) out += " of " + of(*node.body);
    return out + ")";
  }

 private:
  /// Rows by how they are reached; those that a gathering runs through by their number.
  std::string of(const RowPointer& row) {
    if (const auto found = std::ranges::find(bound_, row.get()); found != bound_.end()) return fmt::format("#{}", found - bound_.begin());
    if (row->form == RowSource::Form::one) return of(row->from) + "." + row->relation->name;
    return free_(row);
  }

  const std::function<std::string(const RowPointer&)>& free_;
  std::vector<const RowSource*> bound_;
};

}  // namespace

std::string shape_of(const Node& node, const std::function<std::string(const RowPointer&)>& row) { return Shape(row).of(node); }

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
