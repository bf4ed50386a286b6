#pragma once
// Sessions: a random token in the browser's cookie, its hash in the store, and the person behind it in memory.

#include "access/login.h"
#include "access/visitor.h"
#include "store/store.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace yihu::access {

// Half an hour without a request is what the grading rules for government systems (等级保护) expect; a working day
// with its breaks is the most a stolen cookie is good for.
inline constexpr std::chrono::minutes session_idle_max{30};
inline constexpr std::chrono::hours session_age_max{12};

class Sessions {
 public:
  static constexpr std::size_t cached_max = 20'000;
  /// How often use is written down; a restart may end a session so much earlier than its half hour.
  static constexpr std::chrono::minutes touch_interval{5};

  /// Listens to the store's commits from now on. Must not outlive it.
  Sessions(store::Store& store, const Roles& roles);
  ~Sessions();
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  struct Started {
    std::string token;        ///< 43 characters; told once, kept nowhere
    std::string session;      ///< its id
  };
  /// Errors: signed_out "login_failed" when password or code have been used up or changed since they were checked.
  base::Result<Started> start(store::Transaction& transaction, const Admitted& admitted);
  base::Done end(store::Transaction& transaction, const std::string& session);
  /// The id behind a token, for routes that end or keep their own session. Errors: signed_out.
  base::Result<std::string> session_of(store::Session& session, std::string_view token) const;
  /// What a write from this session must bring beside its cookie.
  std::string csrf_token(const std::string& session) const;

  /// Who holds this token. From any thread; about a microsecond when the session is known and nothing about users
  /// has changed, else two small queries. Not from within a read of the store.
  /// @param active false for what the browser does by itself: it does not keep a session alive
  /// Errors: signed_out.
  base::Result<std::shared_ptr<const Visitor>> visitor(std::string_view token, bool active);

 private:
  struct Cache;
  struct Entry;
  base::Result<std::shared_ptr<const Visitor>> read(const std::string& hash, bool active);
  void touch(const Entry& entry, base::Instant now);

  store::Store& store_;
  const Roles& roles_;
  std::shared_ptr<Cache> cache_;
};

}  // namespace yihu::access
