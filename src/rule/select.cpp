#include "rule/select.h"

#include <algorithm>

namespace yihu::rule {

std::string sql_from_select(const Select& select) {
  std::string sql = "SELECT ";
  for (const Output& output : select.outputs) {
    if (&output != &select.outputs.front()) sql += ",\n  ";
    sql += output.sql + " AS " + output.name;
  }
  if (select.table.empty()) return sql;
  sql += "\nFROM " + select.table + " AS " + select.alias;
  for (const Join& join : select.joins) {
    sql += join.left ? "\nLEFT JOIN " : "\nJOIN ";
    sql += join.select ? "(" + sql_from_select(*join.select) + ")" : join.table;
    sql += " AS " + join.alias + " ON " + join.on;
  }
  if (!select.where.empty()) sql += "\nWHERE " + select.where;
  if (!select.group_by.empty()) sql += "\nGROUP BY " + select.group_by;
  return sql;
}

std::size_t tables_max_of(const Select& select) {
  std::size_t most = select.joins.size() + 1;
  for (const Join& join : select.joins) {
    if (join.select) most = std::max(most, tables_max_of(*join.select));
  }
  return most;
}

}  // namespace yihu::rule
