#pragma once
// Signing in: name, password, and the one-time code where the person uses one.

#include "access/throttle.h"
#include "access/user.h"
#include "base/clock.h"
#include "store/store.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace yihu::access {

struct Attempt {
  std::string name;
  std::string password;
  std::string code;  ///< empty when none was given
  std::string peer;  ///< address, for throttling
};

/// Somebody who has shown who he is, to be given a session.
struct Admitted {
  base::UserId user;
  std::string password_hash;              ///< the one that matched: a session is only given while it still stands
  std::optional<std::int64_t> code_step;  ///< of the code he used; used up with the session
  std::optional<std::string> hash_after;  ///< when today's parameters are others than those of the stored hash
};

class Login {
 public:
  static constexpr int at_once_max = 8;  ///< passwords being checked; each takes memory and a core

  /// @param true_clock the machine's own time, which a phone's codes follow, also where the store lives in another year
  Login(store::Store& store, const base::Clock& true_clock) : store_(store), true_clock_(true_clock) {}

  /// Takes about 60 ms, whether or not there is such a name. Not for the writer's thread.
  /// Errors: signed_out "login_failed" (wrong name or password, or no longer active: never which), signed_out "code_needed",
  /// too_many "too_many_attempts".
  base::Result<Admitted> check(store::Session& session, const Attempt& attempt);

  /// The password of somebody signed in, once more: before it is changed or the code turned off.
  /// @returns the hash it was checked against
  /// Errors: input "password_wrong" at `field`; too_many.
  base::Result<std::string> confirm(store::Session& session, const base::UserId& user, const std::string& password,
                                    const std::string& peer, const char* field);

  Throttle& throttle() { return throttle_; }

 private:
  struct Account;
  base::Result<std::optional<Account>> find(store::Session& session, const std::string& name);
  base::Result<std::optional<std::int64_t>> code(store::Session& session, const Account& account, const Attempt& attempt);
  base::Error refuse(const Attempt& attempt, const std::optional<Account>& account);

  store::Store& store_;
  const base::Clock& true_clock_;
  Throttle throttle_;
  std::atomic<int> under_way_ = 0;
};

// ---- the one-time code of a person, turned on in two steps

struct CodeOffer {
  std::string secret;   ///< base32, shown once
  std::string address;  ///< otpauth://…
};
/// Errors: conflict when codes are on already.
base::Result<CodeOffer> offer_code(store::Transaction& transaction, const store::Secrets& secrets, const base::UserId& user);
/// Errors: input "code_wrong" at /code; conflict when nothing was offered.
base::Done enable_code(store::Transaction& transaction, const store::Secrets& secrets, const base::UserId& user,
                       const std::string& code, base::Instant true_now);
base::Done disable_code(store::Transaction& transaction, const base::UserId& user);

}  // namespace yihu::access
