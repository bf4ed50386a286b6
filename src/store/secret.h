#pragma once
// Private values: sealed under a key per person, which is itself wrapped by the store's key. Destroying a person's key
// makes everything sealed under it unreadable, in the tables and in the journal, while the chain of hashes still holds.

#include "store/digest.h"
#include "store/transaction.h"

#include <string>
#include <string_view>

namespace yihu::store {

/// Where a sealed value stands. A value copied to another place or person does not open.
struct SecretPlace {
  std::string_view table;
  std::string_view column;
  std::string_view person;
};

/// The journal's word for a destroyed key.
inline constexpr std::string_view key_destroyed_action = "person_key.destroyed";

class Secrets {
 public:
  Secrets(Algorithms algorithms, const Key& store_key);
  ~Secrets();
  Secrets(const Secrets&) = delete;
  Secrets& operator=(const Secrets&) = delete;

  /// @returns base64 text whose first byte is the version. Makes the person's key when there is none yet.
  /// Errors: conflict "secret_destroyed" when the key was destroyed.
  base::Result<std::string> seal(Transaction& transaction, const SecretPlace& place, std::string_view clear) const;
  /// Errors: not_found "secret_destroyed"; unavailable "secret_unreadable" when it was altered or moved.
  base::Result<std::string> open(Session& session, const SecretPlace& place, std::string_view sealed) const;

  /// A keyed hash for exact look-up of a private value; `purpose` is table and column, so that equal values of two
  /// columns do not meet. It belongs into the person's own row, never into the journal: it outlives the key.
  std::string index(std::string_view purpose, std::string_view clear) const;

  /// Erases the person's key for good and journals that it happened.
  /// Errors: not_found when the person has no key.
  base::Done destroy(Transaction& transaction, std::string_view person) const;

  /// A key for another purpose of the store, such as signing the anchor or a cookie.
  Key key_for(std::string_view purpose) const;

 private:
  base::Result<Key> person_key(Session& session, std::string_view person) const;
  base::Result<Key> person_key_or_new(Transaction& transaction, std::string_view person) const;

  Algorithms algorithms_;
  Key store_key_;
  Key wrap_key_;
  Key index_key_;
};

}  // namespace yihu::store
