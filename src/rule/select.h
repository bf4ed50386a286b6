#pragma once
// The relational tree: one SELECT over a table, what is joined to it, and what it is grouped by.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::rule {

struct Select;

struct Join {
  bool left = true;                ///< keeps rows without a partner
  std::string table;               ///< as SQL; empty when `select` stands in its place
  std::unique_ptr<Select> select;
  std::string alias;
  std::string on;                  ///< as SQL
};

struct Output {
  std::string sql;
  std::string name;                ///< as SQL; empty: all columns of a table
};

struct Select {
  std::string table;               ///< as SQL; empty: one row of nothing
  std::string alias;
  Join own = {};                   ///< the row that `table` stands for; joined where something speaks of it
  std::vector<Join> joins;
  std::string where;
  std::string group_by;
  std::vector<Output> outputs;
  bool single = false;             ///< yields one row; said so, SQLite does not write its outputs into whoever reads them
};

std::string sql_from_select(const Select& select);

/// How many entries of a parser's stack the SQL takes where it is deepest, at most. SQLite's has a hundred.
int parser_depth(std::string_view sql);

/// Tables in the largest FROM of the tree.
std::size_t tables_max_of(const Select& select);

}  // namespace yihu::rule
