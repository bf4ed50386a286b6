#pragma once
// The FROM of one SELECT while it grows: expressions ask for rows and gatherings, and what they need is joined once.

#include "rule/node.h"
#include "rule/query.h"
#include "rule/select.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace yihu::rule {

/// A value as SQL.
struct Rendered {
  std::string sql;
  bool simple = false;  ///< a column, a name or a literal: may be written twice
  int doubled = 0;      ///< how many conditions of conditions it holds, each of which DuckDB's binder doubles
};

/// What all SELECTs of a statement have in common.
struct Statement {
  const Schema& schema;
  const QueryOptions& options;
  int names = 0;
  /// For DuckDB: ledgers and periods whose deliveries were asked for; each is a column of the table `delivered`.
  std::vector<std::pair<std::string, Period>> deliveries = {};
  /// Selects that stand before the statement under names of their own.
  std::vector<std::pair<std::string, std::unique_ptr<Select>>> named = {};

  std::string fresh(char letter) { return letter + std::to_string(++names); }
  std::string today() const;
  /// The period that contains today.
  std::string current(Period period) const;
  /// Condition that a column holds the key of such a row, of one of the wanted subjects. Empty: of all.
  std::string wanted(const std::string& column, const RowPointer& row) const;
  /// Adds to a condition that only such rows count as do.
  void only(std::string& condition, const std::string& alias, const Rows& rows) const;
};

class Scope {
 public:
  /// @param base whose row the SELECT's own table holds
  Scope(Statement& statement, Select& select, RowPointer base);

  Rendered render(const Node& node);

 private:
  /// One relation's rows, grouped by where they start.
  struct Group {
    Select* select;
    std::unique_ptr<Scope> scope;
    std::string alias;
    std::map<std::string, std::string> columns;  ///< SQL of what is gathered → its column
  };

  std::string alias_of(const RowPointer& row);
  std::string joined_back(const RowPointer& from, const RowPointer& row);
  std::string joined_one(const RowPointer& row);
  std::string column(const std::string& alias, const std::string& name) const { return alias + "." + quoted_name(name); }

  Group& group_of(const Node& gathering);
  std::unique_ptr<Group> plain_group(const Node& gathering, const std::string& alias);
  std::unique_ptr<Group> anchored_group(const Node& gathering);
  std::string gathered(Group& group, const std::string& aggregate);
  std::string whole(const Node& gathering);
  std::string delivered_by_join(const std::string& alias, const std::string& area, std::size_t number);

  Rendered plain(const Node& node);
  std::optional<Rendered> reckoned_apart(const Node& node);
  Rendered field(const Node& node);
  std::string parameter(const Parameter& parameter) const;
  Rendered operation(const Node& node);
  Rendered gathering(const Node& node);
  std::string test(const Node& node, Group& group);
  std::string number(const Node& node, Group& group);
  std::pair<std::string, std::string> sum(const std::string& taken, Group& group);
  std::string filled(std::string_view pattern, std::vector<std::string> operands) const;

  Statement& statement_;
  Select& select_;
  RowPointer base_;
  std::map<const RowSource*, std::string> aliases_;             // of the rows this FROM runs through
  std::map<std::string, std::string> joined_;                   // "alias relation" → alias
  std::map<std::string, std::unique_ptr<Group>> groups_;        // "alias relation" → group
  std::map<const Node*, std::string> apart_;                    // for SQLite: values reckoned beforehand → their columns
};

}  // namespace yihu::rule
