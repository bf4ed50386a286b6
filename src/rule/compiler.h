#pragma once
// Text becomes a checked expression. The language is a subset of CEL, described in docs/packs.md; nothing evaluates it
// but the database (rule/query.h).

#include "base/result.h"
#include "base/utf8.h"
#include "rule/schema.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::rule {

struct Node;
class Parts;

/// Limits, so that one line of a pack cannot stop the office.
inline constexpr std::size_t text_bytes_max = 16 * 1024;
inline constexpr std::size_t nodes_max = 4000;  ///< with the facts it uses
inline constexpr std::size_t relations_max = 40;
inline constexpr int depth_max = 96;            ///< with the facts it uses

/// A column of a table of the live store.
struct Column {
  std::string table;
  std::string column;
  auto operator<=>(const Column&) const = default;
};

/// What an answer can depend on. Joining columns and keys are among the columns.
struct Reads {
  std::set<Column> columns;
  std::set<std::string> ledgers;     ///< whose delivery decides
  std::set<std::string> parameters;
  std::set<std::string> facts;       ///< "person.insured"
  bool today = false;                ///< changes by itself when the day does
  void add(const Reads& other);
};

/// A checked expression about one subject. Cheap to copy.
class Expression {
 public:
  const std::string& subject() const { return subject_; }
  const std::string& text() const { return text_; }
  /// What it yields when it is known.
  Kind kind() const { return kind_; }
  /// For text: the code list whose values it yields; empty for free text.
  const std::string& codes() const { return codes_; }
  const Reads& reads() const { return *reads_; }
  const Node& node() const { return *node_; }

 private:
  friend class Compiler;
  friend class Parts;
  std::string subject_;
  std::string text_;
  Kind kind_ = Kind::truth;
  std::string codes_;
  std::shared_ptr<const Node> node_;      // expressions are copied into lists and threads; their tree is not
  std::shared_ptr<const Reads> reads_;    // likewise
  std::shared_ptr<const Schema> schema_;  // what the tree points into lives as long as it does
};

/// One thing worth showing when an expression is explained: a comparison, a fact, a field, a number of rows. It is an
/// expression about the same subject and can be asked in the same query.
struct Part {
  base::Span span;       ///< in the text of the expression that was given, or of the fact `inside`
  std::string inside;    ///< "person.insured" when it stands in that fact's text; empty for the expression's own
  int depth = 0;         ///< how deep below the whole, for indenting
  Expression expression;
};

struct Premise {
  Expression expression;
  std::string shape;  ///< the same for two that are the same
};

/// Knows the schema and its facts, all checked.
class Compiler {
 public:
  /// Checks every fact; all mistakes at once. Errors: input, with the codes rule_syntax, rule_name, rule_type,
  /// rule_limit, fact_cycle, schema_broken.
  static base::Result<Compiler> make(Schema schema);

  /// @param place of the expression's first character; errors are placed relative to it, line and column in code points
  /// @param wanted what it must yield, such as Kind::truth for a condition; nothing: any single value
  base::Result<Expression> compile(std::string_view subject, std::string_view text, const base::Place& place = {},
                                   std::optional<Kind> wanted = {}) const;
  /// A part of the condition that is false only where all of it is, and that is told by the subject's own row and the rows
  /// it belongs to: whoever is not poor needs nobody to look into his ledgers. Nothing when there is no such part.
  std::optional<Premise> premise(const Expression& condition) const;
  /// Nothing when the subject has no such fact.
  std::optional<Expression> fact(std::string_view subject, std::string_view name) const;
  const Schema& schema() const;

 private:
  friend class Parts;
  struct Inside;
  explicit Compiler(std::shared_ptr<const Inside> inside);
  static Expression expression_of(const Schema& schema, std::string subject, std::string text, std::shared_ptr<const Node> node);
  std::shared_ptr<const Inside> inside_;  // shared, so that a Compiler can be copied into the threads that use it
};

/// In the order of the text, outer before inner; the whole expression is the first.
std::vector<Part> parts_of(const Expression& expression);

}  // namespace yihu::rule
