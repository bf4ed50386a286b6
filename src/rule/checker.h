#pragma once
// Syntax becomes a typed tree, against the schema. One checker looks at one text about one row; a fact that the text
// names is checked again where it stands, with that row for its subject.

#include "rule/mistake.h"
#include "rule/syntax.h"
#include "rule/value.h"

#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace yihu::rule {

/// A fact's text, parsed once.
struct FactText {
  const Fact* fact;
  Source source;
  SyntaxPointer syntax;  ///< nullptr when it could not be read
};

/// What all texts that are checked together have in common.
struct Checking {
  const Schema& schema;
  const std::map<std::pair<std::string, std::string>, FactText>& facts;  ///< by subject and name
  Mistakes& mistakes;
  std::vector<const Fact*> open = {};  ///< facts in whose text we are, outermost first
  std::size_t made = 0;                ///< nodes so far, so that time is bounded too
  bool exhausted = false;
  std::map<std::pair<const RowSource*, const Relation*>, RowPointer> ones = {};
};

class Checker {
 public:
  /// @param receiver the subject's name, as which `row` is known in the text
  Checker(Checking& checking, const Source& source, RowPointer row);

  /// Nothing when there is a mistake in it, which has been said.
  std::optional<Value> check(const Syntax& syntax);
  /// A single value of that kind, or of any.
  NodePointer check_single(const Syntax& syntax, std::optional<Kind> wanted = {});

 private:
  using Checked = std::optional<Value>;

  // checker.cpp: names, fields, nodes
  Checked check_form(const Syntax& syntax);
  Checked name(const Syntax& syntax);
  Checked field(const Syntax& syntax);
  Checked field_of(const Syntax& syntax, const RowPointer& row);
  Checked fact(const FactText& text, const RowPointer& row, base::Span span);
  RowPointer one_row(const RowPointer& from, const Relation& relation);
  std::vector<std::string_view> names_here() const;
  Checked fail(base::Span span, std::string code, base::Text text, base::Text mend = {});
  Checked fail_type(base::Span span, base::Text text, base::Text mend = {});
  Checked fail_name(base::Span span, base::Text text, std::string_view name, const std::vector<std::string_view>& known);
  NodePointer make(Node node);
  NodePointer constant(Constant constant, base::Span span);
  NodePointer truth(bool value, base::Span span);
  NodePointer integer(std::int64_t value, base::Span span);
  NodePointer unknown(Kind kind, base::Span span);
  NodePointer operation(Operation operation, Kind kind, std::vector<NodePointer> parts, base::Span span);
  NodePointer conditional(NodePointer condition, NodePointer yes, NodePointer no, base::Span span);
  NodePointer chain(Operation both_or_either, std::vector<NodePointer> parts, base::Span span);
  static Value single(NodePointer node);

  // operator_check.cpp
  Checked logic(const Syntax& syntax);
  Checked unary(const Syntax& syntax);
  Checked binary(const Syntax& syntax);
  Checked choice(const Syntax& syntax);
  Checked arithmetic(const Syntax& syntax, const Value& left, const Value& right);
  NodePointer money_arithmetic(char sign, const NodePointer& left, const NodePointer& right, base::Span span);
  Checked comparison(const Syntax& syntax, const Value& left, const Value& right);
  NodePointer equal(const Value& left, const Value& right, base::Span span);
  NodePointer equal_single(NodePointer left, NodePointer right, base::Span span);
  NodePointer equal_lists(const Value& left, const Value& right, base::Span span);
  NodePointer ordered(NodePointer left, NodePointer right, bool or_equal, base::Span span);
  void meet(NodePointer& left, NodePointer& right, base::Span span);
  bool check_codes(const NodePointer& left, const NodePointer& right);
  Checked fail_kinds(const Syntax& syntax, const Value& left, const Value& right);

  // call_check.cpp
  Checked call(const Syntax& syntax);
  Checked method(const Syntax& syntax);
  Checked has(const Syntax& syntax);
  Checked conversion(const Syntax& syntax);
  Checked day_call(const Syntax& syntax);
  Checked fold(const std::string& name, const std::vector<const Syntax*>& arguments, const Syntax& syntax);
  NodePointer yuan(const NodePointer& amount, base::Span span);
  NodePointer extreme(bool greatest, const NodePointer& left, const NodePointer& right, base::Span span);
  bool count_is(const Syntax& syntax, std::size_t given, std::size_t wanted);

  // list_check.cpp: written-out lists
  Checked list(const Syntax& syntax);
  Checked index(const Syntax& syntax);
  Checked join_lists(const Value& left, const Value& right, base::Span span);
  Checked membership(const Syntax& syntax, const Value& needle, const Value& list);
  Checked list_macro(const Syntax& syntax, const Value& list);
  Checked list_test(const Syntax& syntax, const Value& list);
  Checked size_of_list(const Value& list, base::Span span);
  Checked fold_list(const std::string& name, const Value& list, base::Span span);
  NodePointer gated(const Value& list, NodePointer result, base::Span span);
  NodePointer known_of(const Value& value, base::Span span);
  NodePointer both_of(NodePointer one, NodePointer other, base::Span span);
  NodePointer known(const NodePointer& node, base::Span span);

  // rows_check.cpp: lists of rows
  static bool is_macro(std::string_view name);
  Checked macro(const Syntax& syntax);
  Checked rows_macro(const Syntax& syntax, const Value& rows);
  Checked fold_rows(const std::string& name, const Value& rows, base::Span span);
  Checked gathering(Gathering gathering, const Value& rows, NodePointer body, Kind kind, base::Span span);
  NodePointer strict_filter(const Value& rows, base::Span span);
  NodePointer and_then(const NodePointer& first, NodePointer then, base::Span span);
  Checked with(const Syntax& variable, Value value, const Syntax& body);
  NodePointer single_with(const Syntax& variable, Value value, const Syntax& body, std::optional<Kind> wanted);

  Checking& checking_;
  const Source& source_;
  RowPointer row_;
  std::vector<std::pair<std::string, Value>> variables_;
  int depth_ = 0;
};

}  // namespace yihu::rule
