#include "access/sessions.h"

#include "access/viewer_of.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <sodium.h>

#include <array>
#include <atomic>
#include <mutex>
#include <unordered_map>

namespace yihu::access {
namespace {

using store::Sql;

constexpr Sql take_code_step =
    "UPDATE user_account SET code_step = :step WHERE id = :id AND code_enabled = 1 AND code_step < :step";
constexpr Sql select_still_admitted = "SELECT 1 FROM user_account WHERE id = :id AND active = 1 AND password = :password";
constexpr Sql update_hash = "UPDATE user_account SET password = :password WHERE id = :id";
constexpr Sql insert_session =
    "INSERT INTO login_session (id, token_hash, account, made_at, last_used_at, expires_at, ended_at)"
    " VALUES (:id, :token_hash, :account, :now, :now, :expires_at, NULL)";
constexpr Sql update_seen = "UPDATE user_account SET last_seen = :now WHERE id = :id";
constexpr Sql delete_old = "DELETE FROM login_session WHERE expires_at < :then";
constexpr Sql end_session = "UPDATE login_session SET ended_at = :now WHERE id = :id AND ended_at IS NULL";
constexpr Sql update_used = "UPDATE login_session SET last_used_at = :now WHERE id = :id AND ended_at IS NULL";
constexpr Sql select_session =
    "SELECT id, account, last_used_at, expires_at FROM login_session WHERE token_hash = :hash AND ended_at IS NULL";

constexpr std::chrono::hours kept_after_end{24 * 30};

std::string new_token() {
  static const int ready = sodium_init();
  (void)ready;
  std::array<unsigned char, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, 48> text{};
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text.data();
}

base::Error signed_out() {
  return base::fail(base::ErrorKind::signed_out, "signed_out", base::text("登录已失效。", "The session has ended."),
                    base::text("请重新登录。", "Please sign in again.")).error();
}

std::chrono::microseconds between(base::Instant from, base::Instant to) {
  return std::chrono::microseconds(to.microseconds - from.microseconds);
}

/// What changes who somebody is. A new session and a failed login change nothing for those already here.
bool concerns_sessions(const store::Committed::Touched& touched) {
  if (touched.action == "session.started" || touched.action == "login.failed") return false;
  return touched.subject_kind == "user" || touched.subject_kind == "session";
}

}  // namespace

struct Sessions::Entry {
  std::shared_ptr<const Visitor> visitor;
  std::uint64_t tick = 0;      ///< of the users' state it was read from
  base::Date day;              ///< on which the posts were in force
  base::Instant last_used;
  base::Instant touched;       ///< when its use was last written down
  base::Instant expires;
};

struct Sessions::Cache {
  std::atomic<std::uint64_t> tick = 1;  ///< rises with every commit about users, posts or ended sessions
  std::mutex mutex;
  std::unordered_map<std::string, Entry> entries;  ///< by the token's hash
};

Sessions::Sessions(store::Store& store, const Roles& roles)
    : store_(store), roles_(roles), cache_(std::make_shared<Cache>()) {
  store_.on_commit([cache = cache_](const store::Committed& committed) {
    for (const auto& touched : committed.touched) {
      if (!concerns_sessions(touched)) continue;
      cache->tick.fetch_add(1, std::memory_order_release);
      return;
    }
  });
}

Sessions::~Sessions() = default;

base::Result<Sessions::Started> Sessions::start(store::Transaction& transaction, const Admitted& admitted) {
  const auto refused = base::fail(base::ErrorKind::signed_out, "login_failed", base::text("登录名或密码不对。", "The login name or password is wrong."));
  const auto still = TRY(transaction.find(select_still_admitted, {{"id", admitted.user}, {"password", admitted.password_hash}}));
  if (!still) return refused;
  if (admitted.code_step &&
      TRY(transaction.execute(take_code_step, {{"id", admitted.user}, {"step", *admitted.code_step}})) == 0) {
    return refused;
  }
  if (admitted.hash_after) TRY(transaction.execute(update_hash, {{"id", admitted.user}, {"password", *admitted.hash_after}}));
  const base::Instant now = transaction.now();
  const base::Instant expires = now + session_age_max;
  Started started{new_token(), base::new_uuid()};
  const std::string hash = store_.secrets().index("login_session.token", started.token);
  TRY(transaction.execute(delete_old, {{"then", now + -std::chrono::duration_cast<std::chrono::microseconds>(kept_after_end)}}));
  TRY(transaction.execute(insert_session, {{"id", started.session}, {"token_hash", hash}, {"account", admitted.user},
                                           {"now", now}, {"expires_at", expires}}));
  TRY(transaction.execute(update_seen, {{"id", admitted.user}, {"now", now}}));
  TRY(transaction.journal({"session.started", "session", started.session, "",
                           boost::json::serialize(boost::json::object{{"user", admitted.user.value}})}));
  return started;
}

base::Done Sessions::end(store::Transaction& transaction, const std::string& session) {
  if (TRY(transaction.execute(end_session, {{"id", session}, {"now", transaction.now()}})) == 0) return {};
  return transaction.journal({"session.ended", "session", session, "", ""});
}

base::Result<std::string> Sessions::session_of(store::Session& session, std::string_view token) const {
  const auto row = TRY(session.find(select_session, {{"hash", store_.secrets().index("login_session.token", token)}}));
  if (!row) return base::fail(signed_out());
  return row->text(0);
}

std::string Sessions::csrf_token(const std::string& session) const { return store_.secrets().index("csrf", session); }

base::Result<std::shared_ptr<const Visitor>> Sessions::visitor(std::string_view token, bool active) {
  if (token.size() != 43) return base::fail(signed_out());
  const std::string hash = store_.secrets().index("login_session.token", token);
  const base::Instant now = store_.clock().now();
  std::optional<Entry> due;
  std::shared_ptr<const Visitor> found;
  {
    const std::scoped_lock lock(cache_->mutex);
    const auto at = cache_->entries.find(hash);
    if (at != cache_->entries.end()) {
      Entry& entry = at->second;
      if (now >= entry.expires || between(entry.last_used, now) > session_idle_max) {
        cache_->entries.erase(at);
        return base::fail(signed_out());
      }
      if (entry.tick == cache_->tick.load(std::memory_order_acquire) && entry.day == base::date_of(now)) {
        if (active) entry.last_used = now;
        if (active && between(entry.touched, now) > touch_interval) {
          entry.touched = now;
          due = entry;
        }
        found = entry.visitor;
      }
    }
  }
  if (due) touch(*due, now);
  if (found) return found;
  return read(hash, active);
}

base::Result<std::shared_ptr<const Visitor>> Sessions::read(const std::string& hash, bool active) {
  const base::Instant now = store_.clock().now();
  Entry entry;
  // Taken before the store is read: a commit in between makes the entry stale at once.
  entry.tick = cache_->tick.load(std::memory_order_acquire);
  entry.day = base::date_of(now);
  const auto query = [&](store::Session& session) -> base::Done {
    const auto row = TRY(session.find(select_session, {{"hash", hash}}));
    if (!row) return base::fail(signed_out());
    Visitor visitor;
    visitor.session = row->text(0);
    visitor.viewer = TRY(viewer_of(session, roles_, row->id<base::UserId>(1), entry.day));
    visitor.csrf_token = csrf_token(visitor.session);
    entry.last_used = entry.touched = row->instant(2);
    entry.expires = row->instant(3);
    entry.visitor = std::make_shared<const Visitor>(std::move(visitor));
    return {};
  };
  auto done = store_.read(query);
  const std::scoped_lock lock(cache_->mutex);
  const auto at = cache_->entries.find(hash);
  if (!done) {
    if (at != cache_->entries.end()) cache_->entries.erase(at);
    return base::fail(std::move(done).error());
  }
  // What memory knows of its use is newer than what was written down.
  if (at != cache_->entries.end()) {
    entry.last_used = std::max(entry.last_used, at->second.last_used);
    entry.touched = std::max(entry.touched, at->second.touched);
  }
  if (now >= entry.expires || between(entry.last_used, now) > session_idle_max) return base::fail(signed_out());
  if (active) entry.last_used = now;
  if (active && between(entry.touched, now) > touch_interval) {
    entry.touched = now;
    touch(entry, now);
  }
  if (cache_->entries.size() >= cached_max) cache_->entries.clear();
  auto visitor = entry.visitor;
  cache_->entries.insert_or_assign(hash, std::move(entry));
  return visitor;
}

void Sessions::touch(const Entry& entry, base::Instant now) {
  store_.write({"system:sessions", base::RequestId::make(), ""},
               [session = entry.visitor->session, user = entry.visitor->viewer.user, now](store::Transaction& transaction) -> base::Result<store::Answer> {
                 TRY(transaction.execute(update_used, {{"id", session}, {"now", now}}));
                 TRY(transaction.execute(update_seen, {{"id", user}, {"now", now}}));
                 return store::Answer();
               },
               [](base::Result<store::Answer>) {});
}

}  // namespace yihu::access
