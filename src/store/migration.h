#pragma once
// The schema grows in numbered steps.

#include "store/connection.h"

#include <vector>

namespace yihu::store {

/// One numbered step of the schema, owned by a room. `@int` becomes INTEGER or BIGINT, `@real` REAL or DOUBLE
/// PRECISION, `@strict` STRICT or nothing; a statement that begins with "@sqlite " or "@postgresql " is for that
/// engine alone. Each step runs once; all that a start finds missing run in order of number, in one transaction, so
/// that a failing step leaves the store as it was and the older program can still open it.
struct Migration {
  int number;              ///< unique over all rooms; hundreds digit groups: 1xx store, 2xx area, 3xx access, 4xx plan
  const char* name;
  std::vector<const char*> statements;
};

/// The store's own steps, 1xx.
const std::vector<Migration>& store_migrations();

/// Runs what is missing.
/// Errors: conflict "store_newer" when the store has a step that `migrations` lacks; whatever a step meets.
base::Done migrate(Connection& connection, std::vector<Migration> migrations, base::Instant now);

/// For a program that only looks: the store's own steps must all be there and none newer.
base::Done check_steps(Connection& connection);

}  // namespace yihu::store
