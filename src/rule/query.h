#pragma once
// Checked expressions become SQL: many over the same subject in one pass, each relation read and aggregated once.

#include "base/result.h"
#include "rule/compiler.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace yihu::rule {

enum class Engine { sqlite, postgres, duckdb };

struct QueryOptions {
  Engine engine = Engine::sqlite;
  /// The day that counts as today. Nothing: the statement has the named parameter :today, text "2019-04-30".
  std::optional<base::Date> today = {};
  /// Which subjects: everybody; the one whose key is the named parameter :subject (text); those whose `keys` are given.
  enum class Which { all, parameter, keys };
  Which which = Which::all;
  std::vector<std::string> keys = {};  ///< for Which::keys; at most keys_max
  /// Columns of the subject's own table that are handed on under their own names.
  std::vector<std::string> columns = {};
  /// Of everybody, only those of whom this is true.
  std::optional<Expression> only = {};
  bool whole = false;  ///< one statement, however large
};
inline constexpr std::size_t keys_max = 1000;

/// One statement. Its rows: column `subject` (the key), the options' columns, then one column per expression named r0, r1, … after the
/// expression's position in what was given. Truth is 1, 0 or NULL for unknown; integers and money (fen) are 64-bit
/// integers; real numbers, text and days as they are; unknown is NULL. Rows come in no order, each subject once.
struct Query {
  std::string sql;
  std::vector<std::size_t> expressions;  ///< positions, in the order of the columns
};

/// Usually one statement; more when an engine's limits (tables in a join, length, columns) would be passed.
/// @param expressions all about the same subject
std::vector<Query> fuse(const Compiler& compiler, std::span<const Expression> expressions, const QueryOptions& options);

/// The rows behind an expression that is one of a relation as a whole (exists, all, size, sum …), such as a Part. Columns:
/// `subject`, the row's key; `taken`, whether its filter is true of it, 1 without one; `value`, what it yields, such as the
/// condition's truth. Nothing for other expressions. Of the subjects that the options name.
std::optional<std::string> rows_behind(const Compiler& compiler, const Expression& expression, const QueryOptions& options);

/// A value as SQL, escaped. The only place where data becomes SQL.
std::string literal(const Constant& constant, Engine engine);

/// A name as SQL: in double quotes, those within doubled.
std::string quoted_name(std::string_view name);

}  // namespace yihu::rule
