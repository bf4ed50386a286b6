#pragma once
// The engines that rules run on, asked directly: SQLite and DuckDB always, PostgreSQL when YIHU_TEST_POSTGRES names a server.

#include "engine/duckdb.h"
#include "rule/query.h"
#include "store/sqlite_function.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <sqlite3.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace yihu::rule {

using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;
using Row = std::vector<Cell>;

inline std::string words(const Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return fmt::format("{}", *number);
  if (const auto* real = std::get_if<double>(&cell)) return fmt::format("{} (real)", *real);
  if (const auto* text = std::get_if<std::string>(&cell)) return "'" + *text + "'";
  return "unknown";
}


/// Columns of a table of the test: name and kind.
using Columns = std::vector<std::pair<std::string, Kind>>;

class Database {
 public:
  virtual ~Database() = default;
  virtual Engine engine() const = 0;
  virtual void fill(const std::string& table, const Columns& columns, const std::vector<Row>& rows) = 0;
  /// The rows, or nothing with what the engine said in `said`.
  virtual std::optional<std::vector<Row>> ask(const std::string& sql, std::string& said) = 0;
};

inline std::string insert_of(const std::string& table, const std::vector<Row>& rows, Engine engine) {
  std::string sql = "INSERT INTO " + table + " VALUES ";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sql += i == 0 ? "(" : ", (";
    for (std::size_t k = 0; k < rows[i].size(); ++k) {
      if (k != 0) sql += ", ";
      const Cell& cell = rows[i][k];
      if (const auto* number = std::get_if<std::int64_t>(&cell)) sql += literal({Kind::integer, *number}, engine);
      else if (const auto* real = std::get_if<double>(&cell)) sql += literal({Kind::real, *real}, engine);
      else if (const auto* text = std::get_if<std::string>(&cell)) sql += literal({Kind::text, *text}, engine);
      else sql += "NULL";
    }
    sql += ")";
  }
  return sql;
}

class Sqlite final : public Database {
 public:
  Sqlite() {
    EXPECT_EQ(sqlite3_open(":memory:", &handle_), SQLITE_OK);
    EXPECT_TRUE(store::add_sqlite_functions(handle_));
  }
  ~Sqlite() override { sqlite3_close(handle_); }
  Engine engine() const override { return Engine::sqlite; }

  void fill(const std::string& table, const Columns& columns, const std::vector<Row>& rows) override {
    std::string list;
    for (const auto& [name, kind] : columns) {
      const char* type = kind == Kind::real ? "REAL" : kind == Kind::text || kind == Kind::day ? "TEXT" : "INTEGER";
      list += (list.empty() ? "" : ", ") + name + " " + type;
    }
    run("DROP TABLE IF EXISTS " + table);
    run("CREATE TABLE " + table + " (" + list + ") STRICT");
    if (!rows.empty()) run(insert_of(table, rows, Engine::sqlite));
  }

  std::optional<std::vector<Row>> ask(const std::string& sql, std::string& said) override {
    sqlite3_stmt* statement = nullptr;
    std::optional<std::vector<Row>> out;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK) {
      bind(statement);
      out.emplace();
      int step = sqlite3_step(statement);
      for (; step == SQLITE_ROW; step = sqlite3_step(statement)) out->push_back(row_of(statement));
      if (step != SQLITE_DONE) out.reset();
    }
    if (!out) said = sqlite3_errmsg(handle_);
    sqlite3_finalize(statement);
    return out;
  }

  /// Values of the named parameters :today and :subject.
  std::map<std::string, std::string> parameters;

 private:
  void bind(sqlite3_stmt* statement) {
    for (const auto& [name, value] : parameters) {
      const int index = sqlite3_bind_parameter_index(statement, name.c_str());
      if (index > 0) sqlite3_bind_text(statement, index, value.c_str(), -1, SQLITE_STATIC);
    }
  }
  static Row row_of(sqlite3_stmt* statement) {
    Row row;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      switch (sqlite3_column_type(statement, i)) {
        case SQLITE_INTEGER: row.emplace_back(std::int64_t{sqlite3_column_int64(statement, i)}); break;
        case SQLITE_FLOAT: row.emplace_back(sqlite3_column_double(statement, i)); break;
        case SQLITE_NULL: row.emplace_back(); break;
        default: row.emplace_back(std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, i)))); break;
      }
    }
    return row;
  }
  void run(const std::string& sql) {
    ASSERT_EQ(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle_);
  }
  sqlite3* handle_ = nullptr;
};

class Postgres final : public Database {
 public:
  explicit Postgres(const char* server) : handle_(PQconnectdb(server)) {
    EXPECT_EQ(PQstatus(handle_), CONNECTION_OK) << PQerrorMessage(handle_);
    PQsetNoticeProcessor(handle_, [](void*, const char*) {}, nullptr);
    // Its compiler takes longer for one such statement than all of them take together.
    run("SET jit = off");
  }
  ~Postgres() override { PQfinish(handle_); }
  Engine engine() const override { return Engine::postgres; }

  void fill(const std::string& table, const Columns& columns, const std::vector<Row>& rows) override {
    std::string list;
    for (const auto& [name, kind] : columns) {
      const char* type = kind == Kind::real                         ? "DOUBLE PRECISION"
                         : kind == Kind::text || kind == Kind::day ? "TEXT"
                         : kind == Kind::truth                     ? "INTEGER"
                                                                   : "BIGINT";
      list += (list.empty() ? "" : ", ") + name + " " + type;
    }
    run("DROP TABLE IF EXISTS " + table);
    run("CREATE TEMPORARY TABLE " + table + " (" + list + ")");
    if (!rows.empty()) run(insert_of(table, rows, Engine::postgres));
  }

  std::optional<std::vector<Row>> ask(const std::string& sql, std::string& said) override {
    PGresult* result = PQexec(handle_, sql.c_str());
    std::optional<std::vector<Row>> out;
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
      out.emplace();
      for (int i = 0; i < PQntuples(result); ++i) {
        Row row;
        for (int k = 0; k < PQnfields(result); ++k) row.push_back(cell_of(result, i, k));
        out->push_back(std::move(row));
      }
    } else {
      said = PQresultErrorMessage(result);
    }
    PQclear(result);
    return out;
  }

 private:
  static Cell cell_of(PGresult* result, int row, int column) {
    constexpr Oid int8 = 20;
    constexpr Oid int4 = 23;
    constexpr Oid float8 = 701;
    if (PQgetisnull(result, row, column) != 0) return {};
    const std::string text = PQgetvalue(result, row, column);
    const Oid type = PQftype(result, column);
    if (type == int8 || type == int4) return std::int64_t{std::strtoll(text.c_str(), nullptr, 10)};
    if (type == float8) return std::strtod(text.c_str(), nullptr);
    return text;
  }
  void run(const std::string& sql) {
    PGresult* result = PQexec(handle_, sql.c_str());
    EXPECT_EQ(PQresultStatus(result), PGRES_COMMAND_OK) << PQresultErrorMessage(result);
    PQclear(result);
  }
  PGconn* handle_;
};

class Duck final : public Database {
 public:
  Duck() {
    auto opened = engine::Duckdb::open({.threads_max = 1});
    EXPECT_TRUE(opened) << "DuckDB's library is fetched by scripts/engine/fetch";
    if (opened) handle_ = std::move(*opened);
  }
  Engine engine() const override { return Engine::duckdb; }

  void fill(const std::string& table, const Columns& columns, const std::vector<Row>& rows) override {
    std::string list;
    for (const auto& [name, kind] : columns) {
      const char* type = kind == Kind::real                         ? "DOUBLE"
                         : kind == Kind::text || kind == Kind::day ? "VARCHAR"
                         : kind == Kind::truth                     ? "BOOLEAN"
                                                                   : "BIGINT";
      list += (list.empty() ? "" : ", ") + name + " " + type;
    }
    ASSERT_TRUE(handle_->run("CREATE OR REPLACE TABLE " + table + " (" + list + ")"));
    if (rows.empty()) return;
    ASSERT_TRUE(handle_->run(insert_of(table, rows, Engine::duckdb)));
  }

  std::optional<std::vector<Row>> ask(const std::string& sql, std::string& said) override {
    auto answer = handle_->ask(sql);
    if (!answer) {
      said = base::describe(answer.error(), base::Language::en);
      return std::nullopt;
    }
    std::vector<Row> out;
    while (answer->next()) {
      for (std::size_t i = 0; i < answer->size(); ++i) {
        Row row;
        for (std::size_t k = 0; k < answer->columns().size(); ++k) row.push_back(cell_of(*answer, i, k));
        out.push_back(std::move(row));
      }
    }
    return out;
  }

 private:
  static Cell cell_of(const engine::Answer& answer, std::size_t row, std::size_t column) {
    if (answer.null(column, row)) return {};
    switch (answer.columns()[column].type) {
      case engine::Type::boolean: return std::int64_t{answer.truth(column, row)};
      case engine::Type::integer: return answer.integer(column, row);
      case engine::Type::real: return answer.real(column, row);
      case engine::Type::text: break;
    }
    return std::string(answer.text(column, row));
  }
  std::unique_ptr<engine::Duckdb> handle_;
};

inline std::string name_of(Engine engine) {
  switch (engine) {
    case Engine::sqlite: return "SQLite";
    case Engine::postgres: return "PostgreSQL";
    case Engine::duckdb: break;
  }
  return "DuckDB";
}

inline std::vector<std::unique_ptr<Database>> databases() {
  std::vector<std::unique_ptr<Database>> all;
  all.push_back(std::make_unique<Sqlite>());
  all.push_back(std::make_unique<Duck>());
  if (const char* server = std::getenv("YIHU_TEST_POSTGRES")) all.push_back(std::make_unique<Postgres>(server));
  return all;
}

}  // namespace yihu::rule
