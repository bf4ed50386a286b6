#pragma once
// An expression whose names and types are known. Macros over written-out lists are unrolled by now; what is left are
// single values and gatherings over the rows of a relation.

#include "base/utf8.h"
#include "rule/operation.h"
#include "rule/schema.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace yihu::rule {

struct Node;
using NodePointer = std::shared_ptr<const Node>;  // shared: an unrolled macro and a fact use one tree in many places

/// A row that an expression speaks of. Rows are told apart by their address.
struct RowSource {
  enum class Form {
    subject,  ///< whom the expression is about
    one,      ///< the row at the end of a relation of cardinality one, or a ledger's row of the current period
    each,     ///< every row of a relation in turn, inside a gathering
  };
  Form form = Form::subject;
  const Rows* rows = nullptr;
  const Relation* relation = nullptr;          ///< by which it is reached; nullptr for the subject
  std::shared_ptr<const RowSource> from = {};  ///< the row the relation starts at
};
using RowPointer = std::shared_ptr<const RowSource>;

enum class NodeForm {
  constant,
  unknown,     ///< a value nobody has
  today,
  parameter,
  field,       ///< of `row`
  row_exists,  ///< whether there is a row at the end of a relation
  operation,   ///< `operation` on `parts`
  fact,        ///< parts[0], which stands in the text of the fact `name`
  gathering,
};

/// What becomes of the rows of a relation. With a witness a list need not be whole: one true row decides `any`.
enum class Gathering {
  any,    ///< exists
  every,  ///< all
  single, ///< exists_one
  count,  ///< size
  sum,
  least,
  greatest,
};

struct Node {
  NodeForm form = NodeForm::constant;
  Kind kind = Kind::truth;
  std::string codes = {};        ///< of text: the list its values come from
  base::Span span = {};          ///< in the text of the expression, or of the fact it stands in
  bool never_unknown = false;
  int depth = 1;                 ///< of the tree, itself included
  std::size_t size = 1;          ///< nodes of the tree, shared ones counted wherever they stand

  Constant constant = {};
  Operation operation = Operation::negation;
  std::vector<NodePointer> parts = {};
  RowPointer row = {};           ///< of a field; of row_exists the row that may not be there
  const Field* field = nullptr;
  const Parameter* parameter = nullptr;
  std::string name = {};         ///< of a fact: "person.insured"

  /// Of a gathering: over `row`, those for which `filter` is true (a missing one takes all; an unknown one makes the
  /// whole unknown), the value of `body`.
  Gathering gathering = Gathering::any;
  NodePointer filter = {};
  NodePointer body = {};
  /// The row that decides what it yields, when that is not the row its relation starts at.
  RowPointer anchor = {};
};

/// The rows that a tree speaks of and does not itself run through.
std::vector<RowPointer> free_rows(const Node& node);

/// Whether one row `from` settles which row `row` is: by relations of cardinality one, and back along the relation of
/// which it is one of many.
bool determines(const RowPointer& from, const RowPointer& row);

/// The same text for trees that yield the same. @param row the name of one that the tree does not itself run through
std::string shape_of(const Node& node, const std::function<std::string(const RowPointer&)>& row);

/// Calls `visit` for the node and all below it, gatherings included.
template <class Visit>
void walk(const Node& node, const Visit& visit) {
  visit(node);
  for (const NodePointer& part : node.parts) walk(*part, visit);
  if (node.filter) walk(*node.filter, visit);
  if (node.body) walk(*node.body, visit);
}

}  // namespace yihu::rule
