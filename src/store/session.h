#pragma once
// What a room sees of the database: named SQL, typed parameters, rows. SOCI stays behind this header.

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace yihu::store {

class SqlText;

/// SQL is a named constant, never glued to data: only a string literal becomes one, or a text made of literals and
/// checked identifiers (store/generated_sql.h).
/// Parameters are written `:name`. The text must mean the same on SQLite and PostgreSQL.
class Sql {
 public:
  consteval Sql(const char* text) : text_(text) {}  // NOLINT: literals convert on purpose
  const char* text() const { return text_; }

 private:
  friend class SqlText;
  friend Sql compiled_sql(const std::string& text);
  struct Kept {};
  Sql(Kept, const char* text) : text_(text) {}
  const char* text_;
};

/// What a cell or a parameter holds: nothing, a whole number, a real number, text.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

/// A parameter. Truth is stored as 0 or 1, instants as microseconds, days as "2019-04-30", bytes as base64 text.
/// Text must be UTF-8 without a zero byte, a real number finite: the engines disagree on everything else.
class Value {
 public:
  Value(std::nullptr_t) {}
  Value(std::nullopt_t) {}
  Value(std::integral auto number) : held_(static_cast<std::int64_t>(number)) {}
  Value(double number) : held_(number) {}
  Value(const char* text) : held_(std::string(text)) {}
  Value(std::string_view text) : held_(std::string(text)) {}
  Value(std::string text) : held_(std::move(text)) {}
  Value(base::Instant instant) : held_(instant.microseconds) {}
  Value(base::Date date) : held_(base::to_string(date)) {}
  template <class Tag>
  Value(const base::Id<Tag>& id) : held_(id.value) {}
  template <class T>
  Value(const std::optional<T>& maybe) {
    if (maybe) held_ = Value(*maybe).held_;
  }

  const Cell& held() const { return held_; }

 private:
  Cell held_;
};

struct Parameter {
  std::string_view name;
  Value value;
};
using Parameters = std::vector<Parameter>;

/// One row of an answer. Columns count from 0. Asking for the wrong type is our bug and asserts;
/// asking a missing value for its content gives the type's empty value: use the `maybe_` forms where null means something.
class Row {
 public:
  explicit Row(std::vector<Cell> cells) : cells_(std::move(cells)) {}
  std::size_t size() const { return cells_.size(); }
  const Cell& cell(std::size_t column) const { return cells_[column]; }
  bool null(std::size_t column) const { return std::holds_alternative<std::monostate>(cells_[column]); }
  std::int64_t integer(std::size_t column) const;
  bool truth(std::size_t column) const { return integer(column) != 0; }
  double real(std::size_t column) const;
  const std::string& text(std::size_t column) const;
  base::Instant instant(std::size_t column) const { return {integer(column)}; }
  std::optional<base::Instant> maybe_instant(std::size_t column) const;
  std::optional<std::int64_t> maybe_integer(std::size_t column) const;
  std::optional<std::string> maybe_text(std::size_t column) const;
  std::optional<base::Date> maybe_date(std::size_t column) const;
  template <class IdType>
  IdType id(std::size_t column) const { return IdType{text(column)}; }

 private:
  std::vector<Cell> cells_;
};

/// Reads. One session serves one thread at a time; statements are prepared once and kept.
class Session {
 public:
  virtual ~Session() = default;
  /// @returns all rows, in the order the SQL gives
  virtual base::Result<std::vector<Row>> query(Sql sql, const Parameters& parameters = {}) = 0;

  /// @returns the first row, or nothing when there is none
  base::Result<std::optional<Row>> find(Sql sql, const Parameters& parameters = {});
};

}  // namespace yihu::store
