#include "rule/select.h"

#include <algorithm>
#include <cctype>

namespace yihu::rule {

namespace {

bool speaks_of(const Select& select, const std::string& alias) {
  const std::string start = alias + ".";
  const auto has = [&](const std::string& sql) {
    for (std::size_t at = sql.find(start); at != sql.npos; at = sql.find(start, at + 1)) {
      if (at == 0 || (std::isalnum(static_cast<unsigned char>(sql[at - 1])) == 0 && sql[at - 1] != '_')) return true;
    }
    return false;
  };
  return has(select.where) || has(select.group_by) || std::ranges::any_of(select.outputs, has, &Output::sql) ||
         std::ranges::any_of(select.joins, has, &Join::on);
}

}  // namespace

std::string sql_from_select(const Select& select) {
  std::string sql = "SELECT ";
  for (const Output& output : select.outputs) {
    if (&output != &select.outputs.front()) sql += ",\n  ";
    sql += output.sql;
    if (!output.name.empty()) sql += " AS " + output.name;
  }
  if (select.table.empty()) return sql;
  sql += "\nFROM " + select.table + " AS " + select.alias;
  // In this order: SQLite then takes the row as it comes, without a table for it.
  if (!select.own.alias.empty() && speaks_of(select, select.own.alias)) {
    sql += "\nCROSS JOIN " + select.own.table + " AS " + select.own.alias + " ON " + select.own.on;
  }
  for (const Join& join : select.joins) {
    sql += join.left ? "\nLEFT JOIN " : "\nJOIN ";
    sql += join.select ? "(" + sql_from_select(*join.select) + ")" : join.table;
    sql += " AS " + join.alias + " ON " + join.on;
  }
  if (!select.where.empty()) sql += "\nWHERE " + select.where;
  if (!select.group_by.empty()) sql += "\nGROUP BY " + select.group_by;
  if (select.single) sql += "\nLIMIT 1";
  return sql;
}

int parser_depth(std::string_view sql) {
  // Measured on SQLite 3.40: what an open bracket or CASE holds on the stack, with what stands before it.
  constexpr int bracket = 3;
  constexpr int bracket_of_call = 5;
  constexpr int bracket_of_in = 6;
  constexpr int choice = 4;
  constexpr int select = 3;
  std::vector<int> open;
  int depth = 0;
  int most = 0;
  std::string_view before;
  for (std::size_t i = 0; i < sql.size();) {
    const char c = sql[i];
    if (c == '\'' || c == '"') {
      // A quote within is doubled, which closes and opens again.
      i = sql.find(c, i + 1);
      if (i == sql.npos) break;
      ++i;
      before = {};
    } else if (std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_') {
      const std::size_t begin = i;
      while (i < sql.size() && (std::isalnum(static_cast<unsigned char>(sql[i])) != 0 || sql[i] == '_')) ++i;
      before = sql.substr(begin, i - begin);
      if (before == "CASE") depth += choice;
      if (before == "END") depth -= choice;
      if (before == "SELECT" && !open.empty()) {
        open.back() += select;
        depth += select;
      }
    } else {
      if (c == '(') {
        static constexpr std::string_view words = " AND OR NOT THEN ELSE WHEN CASE SELECT FROM ";
        const bool call = !before.empty() && words.find(" " + std::string(before) + " ") == words.npos;
        open.push_back(before == "IN" ? bracket_of_in : call ? bracket_of_call : bracket);
        depth += open.back();
      } else if (c == ')' && !open.empty()) {
        depth -= open.back();
        open.pop_back();
      }
      if (c != ' ') before = {};
      ++i;
    }
    most = std::max(most, depth);
  }
  return most;
}

std::size_t tables_max_of(const Select& select) {
  std::size_t most = select.joins.size() + 1;
  for (const Join& join : select.joins) {
    if (join.select) most = std::max(most, tables_max_of(*join.select));
  }
  return most;
}

}  // namespace yihu::rule
