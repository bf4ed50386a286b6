#include "rule/query.h"

#include "rule/layer_order.h"
#include "rule/scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <functional>
#include <numeric>

namespace yihu::rule {
namespace {

// SQLite joins at most 64 tables; PostgreSQL's and DuckDB's planners slow down long before a limit.
constexpr std::size_t tables_max = 60;
constexpr std::size_t columns_max = 1200;
constexpr std::size_t sql_bytes_max = 900'000;

std::size_t joins_in(std::string_view sql) {
  constexpr std::string_view join = "JOIN ";
  std::size_t count = 0;
  for (std::size_t at = sql.find(join); at != sql.npos; at = sql.find(join, at + join.size())) ++count;
  return count;
}

/// Layers that gather or yield one row are not taken apart: each joins for itself.
std::size_t joins_in_layers(const Statement& statement) {
  std::size_t count = 0;
  for (const auto& [name, select] : statement.named) {
    if (name.starts_with('l') || name.starts_with('c')) count += joins_in(sql_from_select(*select));
  }
  return count;
}

std::string output(const Node& node, std::string sql, Engine engine) {
  switch (node.kind) {
    case Kind::truth:
      switch (engine) {
        case Engine::sqlite: return sql;  // a number already
        case Engine::postgres: return "CAST(" + sql + " AS INTEGER)";
        case Engine::duckdb: return "CAST(" + sql + " AS TINYINT)";
      }
      break;
    case Kind::integer:
    case Kind::money: return "CAST(" + sql + " AS BIGINT)";
    case Kind::real: return sql;
    case Kind::text:
    case Kind::day: break;
  }
  return "CAST(" + sql + " AS TEXT)";
}

/// DuckDB's tables of deliveries: `delivered` says per area which of the ledgers asked about were delivered there, and
/// `delivered_0`, … the same of each place where rows lie, whose town or district may have been delivered to.
std::string delivered(const Statement& statement) {
  if (statement.deliveries.empty()) return "";
  std::string sql = "WITH delivered AS (SELECT area";
  std::string each;
  for (std::size_t i = 0; i < statement.deliveries.size(); ++i) {
    const auto& [ledger, period] = statement.deliveries[i];
    sql += fmt::format(", MAX(CASE WHEN ledger = {} AND period = {} THEN 1 END) AS d{}",
                       literal({Kind::text, ledger}, statement.options.engine), statement.current(period), i);
    each += fmt::format(", MAX(d.d{0}) AS d{0}", i);
  }
  sql += " FROM " + quoted_name(statement.schema.delivery_table) + " GROUP BY area)\n";
  for (std::size_t i = 0; i < statement.delivery_places.size(); ++i) {
    const auto& [table, column] = statement.delivery_places[i];
    std::string areas;
    for (const int digits : statement.schema.area_digits) {
      areas += fmt::format("{}SELECT {} AS k, substr({}, 1, {}) AS area FROM places", areas.empty() ? "" : " UNION ALL ", column, column, digits);
    }
    sql += fmt::format(", delivered_{} AS (WITH places AS (SELECT DISTINCT {} FROM {}) SELECT v.k{} FROM ({}) AS v JOIN delivered AS d ON d.area = v.area GROUP BY v.k)\n",
                       i, column, table, each, areas);
  }
  return sql;
}

/// SQLite's parser has a short stack: selects within selects are given names and stand before one another instead.
void name_inner(Select& select, Statement& statement) {
  for (Join& join : select.joins) {
    if (!join.select) continue;
    name_inner(*join.select, statement);
    join.table = "of_" + join.alias;
    statement.named.emplace_back(join.table, std::move(join.select));
  }
}

std::string sql_of(Select& select, Statement& statement) {
  std::string sql = delivered(statement);
  if (statement.options.engine == Engine::sqlite) {
    // Those that were made while rendering hold selects themselves.
    for (std::size_t i = 0; i < statement.named.size(); ++i) {
      Select& inner = *statement.named[i].second;
      name_inner(inner, statement);
    }
    name_inner(select, statement);
  }
  for (const auto& [name, inner] : statement.named) {
    sql += (sql.empty() ? "WITH " : ", ") + name + " AS (" + sql_from_select(*inner) + ")\n";
  }
  return sql + sql_from_select(select);
}

class Fusion {
 public:
  Fusion(const Compiler& compiler, std::span<const Expression> expressions, const QueryOptions& options)
      : schema_(compiler.schema()), expressions_(expressions), options_(options) {}

  std::vector<Query> queries() {
    std::vector<std::size_t> all(expressions_.size());
    std::iota(all.begin(), all.end(), 0);
    add(all);
    return std::move(queries_);
  }

 private:
  bool layered() const { return options_.engine == Engine::sqlite && options_.which == QueryOptions::Which::parameter; }

  void add(std::span<const std::size_t> positions) {
    if (positions.empty()) return;
    Repeats repeats;
    if (layered()) {
      Statement draft{schema_, options_};
      Select select;
      build(positions, draft, select, [&](Scope& scope) { scope.note(repeats); });
    }
    Statement statement{schema_, options_};
    Select select;
    std::size_t tables = build(positions, statement, select, [&](Scope& scope) {
      if (layered()) scope.share(repeats);
    });
    if (layered()) order_layers(statement, select);
    std::string sql = sql_of(select, statement);
    // SQLite takes layers and what they join apart into one join.
    if (options_.engine == Engine::sqlite) tables = joins_in(sql) + 2 - joins_in_layers(statement);
    const bool fits = tables <= tables_max && sql.size() <= sql_bytes_max && positions.size() <= columns_max;
    if (fits || options_.whole || positions.size() == 1) {
      queries_.push_back({std::move(sql), {positions.begin(), positions.end()}});
      return;
    }
    add(positions.first(positions.size() / 2));
    add(positions.subspan(positions.size() / 2));
  }

  std::size_t build(std::span<const std::size_t> positions, Statement& statement, Select& select, const std::function<void(Scope&)>& prepare) const {
    const Rows& rows = schema_.rows.at(expressions_.front().subject());
    const auto subject = std::make_shared<const RowSource>(RowSource{RowSource::Form::subject, &rows, nullptr, {}});
    select.table = quoted_name(rows.table);
    select.alias = "s";
    const std::string key = "s." + quoted_name(rows.key);
    select.where = statement.wanted(key, subject);
    statement.only(select.where, select.alias, rows);
    select.outputs.push_back({key, "subject"});
    for (const std::string& column : options_.columns) select.outputs.push_back({"s." + quoted_name(column), quoted_name(column)});
    Scope scope(statement, select, subject);
    if (layered()) scope.in_layers();
    prepare(scope);
    assert(!options_.only || options_.which == QueryOptions::Which::all);
    if (options_.only) select.where += (select.where.empty() ? "" : " AND ") + scope.render(options_.only->node()).sql;
    for (const std::size_t position : positions) {
      const Expression& expression = expressions_[position];
      assert(expression.subject() == expressions_.front().subject());
      select.outputs.push_back({output(expression.node(), scope.render(expression.node()).sql, options_.engine), fmt::format("r{}", position)});
    }
    return tables_max_of(select);
  }

  const Schema& schema_;
  std::span<const Expression> expressions_;
  const QueryOptions& options_;
  std::vector<Query> queries_;
};

}  // namespace

std::optional<std::string> rows_behind(const Compiler& compiler, const Expression& expression, const QueryOptions& options) {
  const Node& node = expression.node();
  if (node.form != NodeForm::gathering || node.anchor || node.row->from->form == RowSource::Form::each) return std::nullopt;
  const Rows& rows = *node.row->rows;
  Statement statement{compiler.schema(), options};
  Select select;
  select.table = quoted_name(rows.table);
  select.alias = "s";
  select.where = statement.wanted("s." + quoted_name(node.row->relation->column_there), node.row->from);
  statement.only(select.where, select.alias, rows);
  select.outputs.push_back({"s." + quoted_name(rows.key), "subject"});
  Scope scope(statement, select, node.row);
  select.outputs.push_back({node.filter ? output(*node.filter, scope.render(*node.filter).sql, options.engine) : "1", "taken"});
  select.outputs.push_back({node.body ? output(*node.body, scope.render(*node.body).sql, options.engine) : "CAST(NULL AS INTEGER)", "value"});
  return sql_of(select, statement);
}

std::vector<Query> fuse(const Compiler& compiler, std::span<const Expression> expressions, const QueryOptions& options) {
  assert(options.keys.size() <= keys_max);
  return Fusion(compiler, expressions, options).queries();
}

}  // namespace yihu::rule
