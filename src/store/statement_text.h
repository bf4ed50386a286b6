#pragma once
// One SQL text for both engines: what is replaced in it, and where its parameters stand.

#include "store/connection.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::store {

/// The distinct names of `:name` parameters, in order of first appearance. Quoted text and `::` are passed over.
std::vector<std::string> parameter_names(std::string_view sql);

/// What a parameter is bound as.
enum class Kind : char { nothing, integer, real, text };
Kind kind_of(const Cell& cell);

/// PostgreSQL guesses a parameter's type from its surroundings, and guesses wrong (`:n + 1` becomes 32 bits, `:x IS NULL`
/// has no type at all), so each one is cast to what is given, and nothing is written as NULL.
/// `kinds` answers to `names`.
std::string postgresql_from_sql(std::string_view sql, std::span<const std::string> names, std::span<const Kind> kinds);

/// Puts the engine's words for `@int`, `@real`, `@strict`. Nothing when the statement begins with "@sqlite " or
/// "@postgresql " and is meant for the other engine.
std::string statement_from_migration(std::string_view statement, Engine engine);

}  // namespace yihu::store
