#pragma once
// A write: one transaction per request, journalled, answered only after commit.

#include "store/session.h"

namespace yihu::store {

/// Who does this, in which request. Goes into every journal entry of the transaction.
struct Act {
  std::string actor;       ///< a UserId, or "system:<job>"
  base::RequestId request;
  std::string operation;   ///< chosen by the client; the same one again has no second effect. May be empty
};

/// What changed. `before` and `after` are JSON objects with the changed fields only, or empty.
/// Private values stand there as ciphertext (store/secret.h), never in clear.
struct Change {
  std::string action;        ///< "<noun>.<past participle>", such as "measure.reported"
  std::string subject_kind;  ///< "measure"
  std::string subject;       ///< its id
  std::string before;
  std::string after;
  /// Whether those who follow commits (Committed::touched) are told of it. One of a hundred thousand rows of an import
  /// is not worth telling: the import itself is.
  bool told = true;
};

class Transaction : public Session {
 public:
  /// @returns the number of rows touched
  virtual base::Result<std::int64_t> execute(Sql sql, const Parameters& parameters = {}) = 0;
  /// Changes the schema, as part of this transaction: CREATE, ALTER. The words of store/migration.h (`@int`, `@strict`,
  /// "@sqlite " …) are understood; there are no parameters. Only for tables that a pack declares: the program's own
  /// tables grow by migrations.
  virtual base::Done define(Sql statement) = 0;
  /// Appends to the hash chain; part of this transaction.
  virtual base::Done journal(Change change) = 0;
  virtual const Act& act() const = 0;
  /// The same instant throughout one transaction.
  virtual base::Instant now() const = 0;
};

}  // namespace yihu::store
