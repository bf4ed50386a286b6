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
  /// And the tables and columns, as SQL, that say where the rows in question lie; each is a table `delivered_0`, ….
  std::vector<std::pair<std::string, std::string>> delivery_places = {};
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

/// What stands in a statement more than once, found by drawing it up a first time.
class Repeats {
 public:
  void note(const Node& node, const std::string& sql);
  /// The SQL of a value that stands there again and is worth a column; nullptr of all others.
  const std::string* repeated(const Node& node) const;

 private:
  std::map<const Node*, std::string> sql_;
  std::map<std::string, int> times_;
};

class Scope {
 public:
  /// @param base whose row the SELECT's own table holds
  Scope(Statement& statement, Select& select, RowPointer base);

  Rendered render(const Node& node);

  /// For one subject on SQLite: each relation is gathered by a layer below this SELECT, which adds its aggregates to the
  /// one row there is. Groups that are joined would be written into tables in memory first, each time. Layers hand on
  /// the subject's key, as k, and what was reckoned; who needs its other columns joins its row.
  void in_layers();
  /// Writes down into `repeats` what is rendered.
  void note(Repeats& repeats) { noted_ = &repeats; }
  /// Above the layers: what stands there again and again is reckoned once, in a layer of its own.
  void share(const Repeats& repeats) { repeats_ = &repeats; }

 private:
  /// One relation's rows, grouped by where they start.
  struct Group {
    Select* select = nullptr;
    std::unique_ptr<Scope> scope;
    std::string alias;      ///< under which its columns are known
    std::string row_alias;  ///< of the relation's rows, within the group
    std::string prefix;     ///< of its columns' names
    std::string present;    ///< of a layer: which of its rows hold one of the relation; follows every aggregate
    std::map<std::string, std::string> columns = {};  ///< SQL of what is gathered → its column
  };

  std::string alias_of(const RowPointer& row);
  std::string joined_back(const RowPointer& from, const RowPointer& row);
  std::string joined_one(const RowPointer& row);
  std::string column(const std::string& alias, const std::string& name) const { return alias + "." + quoted_name(name); }

  Group& group_of(const Node& gathering);
  std::unique_ptr<Group> plain_group(const Node& gathering, const std::string& alias);
  std::unique_ptr<Group> anchored_group(const Node& gathering);
  Join own_row(const std::string& alias) const;
  std::unique_ptr<Group> layer_below(char letter);
  std::unique_ptr<Group> layer(const Node& gathering);
  std::string delivered_by_layer(const RowPointer& from, const Relation& relation);
  std::string gathered(Group& group, const std::string& function, const std::string& operand);
  std::string whole(const Node& gathering);
  std::string delivered_by_join(const RowPointer& from, const Relation& relation);
  std::optional<std::string> age_compared(const Node& node);
  std::optional<base::Date> known_day(const Node& node) const;

  Rendered plain(const Node& node);
  std::optional<Rendered> reckoned_apart(const Node& node);
  Rendered shared(const Node& node, const std::string& sql);
  std::string reckoned_in(Group& layer, const Node& node);
  void reckon_in_layer(const Node& node, const std::string& name);
  void reckon_in_table(const Node& node, const std::string& name);
  std::string apart_alias() const { return layered_ ? select_.alias : aliases_.at(base_.get()); }
  Rendered field(const Node& node);
  const Constant* in_force(const Parameter& parameter) const;
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
  bool layered_ = false;
  std::string parent_;                                          // within a layer: where its rows start
  std::optional<std::size_t> row_join_;                         // within a layer: its rows, among the joins
  std::map<const RowSource*, std::string> aliases_;             // of the rows this FROM runs through
  std::map<std::string, std::string> joined_;                   // "alias relation" → alias
  std::map<std::string, std::unique_ptr<Group>> groups_;        // "alias relation" → group
  std::map<std::string, Rendered> anchored_;                    // their shape → what they yield
  std::map<const Node*, std::string> apart_;                    // for SQLite: values reckoned beforehand → their columns
  std::map<std::string, std::string> apart_by_sql_;             // the same by what they were here
  Repeats* noted_ = nullptr;
  const Repeats* repeats_ = nullptr;
  std::unique_ptr<Group> shared_layer_;
  std::map<std::string, std::string> shared_;                   // SQL of what stands there again → its column
};

}  // namespace yihu::rule
