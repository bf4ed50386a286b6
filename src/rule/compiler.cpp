#include "rule/compiler.h"

#include "base/nearest.h"
#include "rule/checker.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>
#include <utility>

namespace yihu::rule {
namespace {

void read_row(const RowPointer& row, const Schema& schema, Reads& reads) {
  if (row->form == RowSource::Form::subject) return;
  const Relation& relation = *row->relation;
  reads.columns.insert({row->from->rows->table, relation.column_here});
  reads.columns.insert({row->rows->table, relation.column_there});
  const bool current = row->form == RowSource::Form::one && relation.one_per_period;
  if (current && !row->rows->period.empty()) {
    reads.columns.insert({row->rows->table, row->rows->period});
    reads.today = reads.today || relation.period != Period::none;
  }
  if (row->form == RowSource::Form::each && relation.completeness == Completeness::by_delivery) {
    reads.ledgers.insert(relation.ledger);
    reads.columns.insert({row->from->rows->table, row->from->rows->area});
    reads.today = reads.today || relation.period != Period::none;
  }
  read_row(row->from, schema, reads);
}

Reads reads_of(const Node& whole, const Schema& schema) {
  Reads reads;
  walk(whole, [&](const Node& node) {
    if (node.row) read_row(node.row, schema, reads);
    if (node.form == NodeForm::field) reads.columns.insert({node.row->rows->table, node.field->column});
    if (node.form == NodeForm::today) reads.today = true;
    if (node.form == NodeForm::fact) reads.facts.insert(node.name);
    if (node.form == NodeForm::parameter) {
      reads.parameters.insert(node.parameter->name);
      reads.today = reads.today || node.parameter->values.size() > 1;
    }
  });
  return reads;
}

/// Each relation it follows is a table to join, of which databases take so many.
std::size_t relations_of(const Node& whole) {
  const auto path = [](auto&& self, const RowPointer& row) -> std::string {
    return row->form == RowSource::Form::subject ? "" : self(self, row->from) + "/" + row->relation->name;
  };
  std::set<std::string> paths;
  walk(whole, [&](const Node& node) {
    for (RowPointer row = node.row; row && row->form != RowSource::Form::subject; row = row->from) paths.insert(path(path, row));
  });
  return paths.size();
}

/// What is wrong with a schema; `registry` and `pack` see to it that nothing is, so nobody outside has to mend it.
class SchemaCheck {
 public:
  explicit SchemaCheck(const Schema& schema) : schema_(schema) {}

  std::vector<base::Error> errors() {
    for (const auto& [name, rows] : schema_.rows) check_rows(name, rows);
    for (const Parameter& parameter : schema_.parameters) {
      for (const Parameter::Dated& dated : parameter.values) {
        if (dated.value.kind != parameter.kind) broken(parameter.name, "a value of another kind");
      }
    }
    std::set<std::pair<std::string, std::string>> seen;
    for (const Fact& fact : schema_.facts) {
      if (!schema_.rows.contains(fact.subject)) broken(fact.subject + "." + fact.name, "no such subject", fact.place);
      if (!seen.insert({fact.subject, fact.name}).second) broken(fact.subject + "." + fact.name, "defined twice", fact.place);
    }
    return std::move(errors_);
  }

 private:
  void broken(const std::string& what, const std::string& why, const base::Place& place = {}) {
    errors_.push_back({base::ErrorKind::input, "schema_broken",
                       base::text("规则用的数据结构有误：{}（{}）。", "The schema of the rules is broken: {} ({}).", what, why), {}, place, {}});
  }

  void check_rows(const std::string& name, const Rows& rows) {
    if (rows.name != name) broken(name, "listed under another name");
    std::set<std::string> names;
    for (const Field& field : rows.fields) {
      if (!names.insert(field.name).second) broken(name + "." + field.name, "two fields of that name");
      if (!field.codes.empty() && !schema_.code_lists.contains(field.codes)) broken(name + "." + field.name, "no code list " + field.codes);
      if (!field.codes.empty() && field.kind != Kind::text) broken(name + "." + field.name, "codes that are not text");
    }
    names.clear();
    for (const Relation& relation : rows.relations) {
      const std::string what = name + "." + relation.name;
      if (!names.insert(relation.name).second) broken(what, "two relations of that name");
      if (!schema_.rows.contains(relation.target)) broken(what, "no rows " + relation.target);
      // Rows are gathered per key, so a list of many has to hang on it.
      if (relation.cardinality == Cardinality::many && relation.column_here != rows.key) broken(what, "many, but not by the key");
      if (relation.completeness == Completeness::by_delivery && rows.area.empty()) broken(what, "delivered, but to no area");
    }
  }

  const Schema& schema_;
  std::vector<base::Error> errors_;
};

}  // namespace

void Reads::add(const Reads& other) {
  columns.insert(other.columns.begin(), other.columns.end());
  ledgers.insert(other.ledgers.begin(), other.ledgers.end());
  parameters.insert(other.parameters.begin(), other.parameters.end());
  facts.insert(other.facts.begin(), other.facts.end());
  today = today || other.today;
}

struct Compiler::Inside {
  Schema schema;
  std::map<std::pair<std::string, std::string>, FactText> facts;
  std::map<std::pair<std::string, std::string>, Expression> compiled;

  RowPointer subject_row(std::string_view subject) const {
    const auto found = schema.rows.find(std::string(subject));
    if (found == schema.rows.end()) return nullptr;
    return std::make_shared<const RowSource>(RowSource{RowSource::Form::subject, &found->second, nullptr, {}});
  }
};

Compiler::Compiler(std::shared_ptr<const Inside> inside) : inside_(std::move(inside)) {}

const Schema& Compiler::schema() const { return inside_->schema; }

base::Result<Compiler> Compiler::make(Schema schema) {
  if (std::vector<base::Error> errors = SchemaCheck(schema).errors(); !errors.empty()) return base::fail_all(std::move(errors));
  auto inside = std::make_shared<Inside>();
  inside->schema = std::move(schema);
  Mistakes mistakes;
  for (const Fact& fact : inside->schema.facts) {
    Source source(fact.expression, fact.place);
    SyntaxPointer syntax;
    if (fact.expression.size() > text_bytes_max) {
      mistakes.add(source, {}, "rule_limit", base::text("表达式超过 {} 字节。", "The expression is longer than {} bytes.", text_bytes_max));
    } else {
      syntax = syntax_from_text(source, mistakes);
    }
    inside->facts.emplace(std::pair{fact.subject, fact.name}, FactText{&fact, std::move(source), std::move(syntax)});
  }
  for (const auto& [key, text] : inside->facts) {
    if (!text.syntax) continue;
    Checking checking{inside->schema, inside->facts, mistakes};
    checking.open.push_back(text.fact);
    Checker checker(checking, text.source, inside->subject_row(key.first));
    const NodePointer node = checker.check_single(*text.syntax);
    if (!node) continue;
    inside->compiled.emplace(key, expression_of(inside->schema, key.first, text.fact->expression, node));
  }
  if (!mistakes.empty()) return base::fail_all(mistakes.take());
  return Compiler(std::move(inside));
}

Expression Compiler::expression_of(const Schema& schema, std::string subject, std::string text, std::shared_ptr<const Node> node) {
  Expression expression;
  expression.subject_ = std::move(subject);
  expression.text_ = std::move(text);
  expression.kind_ = node->kind;
  expression.codes_ = node->codes;
  expression.reads_ = std::make_shared<const Reads>(reads_of(*node, schema));
  expression.node_ = std::move(node);
  return expression;
}

base::Result<Expression> Compiler::compile(std::string_view subject, std::string_view text, const base::Place& place,
                                           std::optional<Kind> wanted) const {
  const RowPointer row = inside_->subject_row(subject);
  if (!row) {
    return base::fail(base::Error{base::ErrorKind::input, "rule_name",
                                  base::text("没有“{}”这种对象。", "There is no subject \"{}\".", subject), {}, place, {}});
  }
  Mistakes mistakes;
  const Source source(text, place);
  if (text.size() > text_bytes_max) {
    mistakes.add(source, {}, "rule_limit", base::text("表达式超过 {} 字节。", "The expression is longer than {} bytes.", text_bytes_max));
    return base::fail_all(mistakes.take());
  }
  const SyntaxPointer syntax = syntax_from_text(source, mistakes);
  NodePointer node;
  if (syntax) {
    Checking checking{inside_->schema, inside_->facts, mistakes};
    node = Checker(checking, source, row).check_single(*syntax, wanted);
  }
  if (node && relations_of(*node) > relations_max) {
    mistakes.add(source, {}, "rule_limit", base::text("表达式连同它用到的事实牵涉超过 {} 种关系。", "With the facts it uses, the expression follows more than {} relations.", relations_max));
  }
  if (!mistakes.empty()) return base::fail_all(mistakes.take());
  assert(node);
  Expression expression = expression_of(inside_->schema, std::string(subject), std::string(text), std::move(node));
  expression.schema_ = std::shared_ptr<const Schema>(inside_, &inside_->schema);
  return expression;
}

std::optional<Expression> Compiler::fact(std::string_view subject, std::string_view name) const {
  const auto found = inside_->compiled.find({std::string(subject), std::string(name)});
  if (found == inside_->compiled.end()) return std::nullopt;
  Expression expression = found->second;
  expression.schema_ = std::shared_ptr<const Schema>(inside_, &inside_->schema);
  return expression;
}

// ---- explanation

class Parts {
 public:
  explicit Parts(const Expression& whole) : whole_(whole) {}

  std::vector<Part> all() {
    add(whole_.node_, "", 0);
    visit(*whole_.node_, "", 1);
    return std::move(parts_);
  }

 private:
  // A person reads a list of this length; what is deeper can be asked by its own name.
  static constexpr std::size_t parts_max = 60;

  bool add(const NodePointer& node, const std::string& inside, int depth) {
    if (parts_.size() == parts_max) return false;
    // The same field named twice is shown once.
    if (!parts_.empty()) {
      for (const Part& part : parts_) {
        if (part.inside == inside && part.span == node->span && part.expression.kind() == node->kind) return false;
      }
    }
    Expression expression = Compiler::expression_of(*whole_.schema_, whole_.subject_, whole_.text_, node);
    expression.schema_ = whole_.schema_;
    parts_.push_back({node->span, inside, depth, std::move(expression)});
    return true;
  }

  static bool is_worth_showing(const Node& node) {
    switch (node.form) {
      case NodeForm::field:
      case NodeForm::row_exists:
      case NodeForm::parameter:
      case NodeForm::today:
      case NodeForm::fact:
      case NodeForm::gathering: return true;
      case NodeForm::constant:
      case NodeForm::unknown: return false;
      case NodeForm::operation: break;
    }
    // Negation and what only serves the reckoning are seen in what they stand around.
    static const std::set<Operation> plain{Operation::negation, Operation::known, Operation::if_known, Operation::conditional,
                                           Operation::integer_from_truth, Operation::count_up, Operation::real_from_integer};
    return !plain.contains(node.operation);
  }

  void visit(const Node& node, const std::string& inside, int depth) {
    for (const NodePointer& part : node.parts) {
      const std::string& where = node.form == NodeForm::fact ? node.name : inside;
      const bool shown = is_worth_showing(*part) && add(part, where, depth);
      visit(*part, where, shown ? depth + 1 : depth);
    }
    if (node.form != NodeForm::gathering || node.gathering == Gathering::count) return;
    // How many rows there are, whatever is asked of them.
    auto count = std::make_shared<Node>(Node{.form = NodeForm::gathering, .kind = Kind::integer, .span = node.span,
                                             .row = node.row, .gathering = Gathering::count});
    if (!node.anchor) add(count, inside, depth);
  }

  const Expression& whole_;
  std::vector<Part> parts_;
};

std::vector<Part> parts_of(const Expression& expression) { return Parts(expression).all(); }

}  // namespace yihu::rule
