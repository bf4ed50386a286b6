#pragma once
// Users and their posts.

#include "access/role.h"
#include "access/viewer.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/text.h"
#include "store/secret.h"
#include "store/store.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::access {

/// A post with its dates. Whoever leaves office keeps the post that ended: the past stays true.
struct TermOfPost {
  base::PostId id;
  base::UserId user;
  base::UnitId unit;
  std::string role;
  base::Date from;               ///< first day
  std::optional<base::Date> to;  ///< last day; missing: open
  std::optional<std::string> area = {};  ///< one village of the unit's town, which alone he answers for

  bool in_force(base::Date day) const { return from <= day && (!to || day <= *to); }
};

struct User {
  base::UserId id;
  std::string name;          ///< what he signs in with
  std::string display_name;  ///< private; sealed in the store
  bool active = true;
  bool must_change_password = false;
  bool code_enabled = false;
  std::optional<base::Instant> last_seen;  ///< within five minutes
  std::vector<TermOfPost> posts;           ///< all of them, the latest first
  int version = 1;
};

/// What this room's functions need beside the store.
struct Rooms {
  const store::Secrets& secrets;
  const Roles& roles;
};

inline constexpr std::size_t display_name_points_max = 40;

/// The room's part of the schema, 3xx.
std::vector<store::Migration> migrations();

/// Login names compare without case and spaces around them.
std::string login_name_key(std::string_view name);

// ---- reading

/// Users within the viewer's scope, by name.
/// @param after the name of the last one already seen; empty for the first page
base::Result<std::vector<User>> list_users(store::Session& session, const Rooms& rooms, const Viewer& viewer,
                                           std::string_view after, int limit);
/// The viewer himself, or one within his scope if he manages users. Errors: not_found.
base::Result<User> read_user(store::Session& session, const Rooms& rooms, const Viewer& viewer, const base::UserId& id);
base::Result<std::optional<base::UserId>> find_user(store::Session& session, std::string_view login_name);
/// How the people who did something are called; ids that are nobody's are left out.
base::Result<std::map<base::UserId, std::string>> display_names(store::Session& session, const store::Secrets& secrets,
                                                                const std::set<base::UserId>& users);
/// Whether anybody exists at all: a fresh store asks for its first administrator.
base::Result<bool> has_users(store::Session& session);
/// Users with a post in force in that unit: who is told when something there falls due.
base::Result<std::vector<base::UserId>> holders_in(store::Session& session, const base::UnitId& unit, base::Date day);

// ---- writing; each is journalled, without passwords or secrets

struct NewUser {
  std::string name;
  std::string display_name;
  std::optional<base::UnitId> unit;  ///< with `role`: the first post, from today on
  std::string role;
  bool must_change_password = true;
  std::optional<std::string> area = {};  ///< of the first post, see NewPost
};

/// @param password_hash of a password made or checked before; making one takes too long for the writer
/// Errors: input by field; conflict when the name is taken; not_found for a unit outside the viewer's scope.
base::Result<User> make_user(store::Transaction& transaction, const Rooms& rooms, const Viewer& viewer,
                             const NewUser& user, const std::string& password_hash);

struct UserChange {
  std::optional<std::string> display_name;
  std::optional<bool> active;  ///< false: no session from now on, and no signing in
};
/// Errors: input, not_found, stale; conflict when nobody would be left to manage users.
base::Result<User> change_user(store::Transaction& transaction, const Rooms& rooms, const Viewer& viewer,
                               const base::UserId& id, const UserChange& change, int version);

struct NewPost {
  base::UnitId unit;
  std::string role;
  base::Date from;
  std::optional<base::Date> to;
  std::optional<std::string> area = {};  ///< code of a village in the unit's town: he answers for it alone
};
base::Result<User> give_post(store::Transaction& transaction, const Rooms& rooms, const Viewer& viewer,
                             const base::UserId& id, const NewPost& post);
/// Errors: also conflict when nobody would be left to manage users.
base::Result<User> end_post(store::Transaction& transaction, const Rooms& rooms, const Viewer& viewer,
                            const base::PostId& id, std::optional<base::Date> to);

/// An administrator's help: a new password, to be changed at once; one-time codes are off, all sessions end.
base::Done reset_password(store::Transaction& transaction, const Rooms& rooms, const Viewer& viewer,
                          const base::UserId& id, const std::string& password_hash);

/// The person's own change. All his other sessions end.
/// @param hash_before the one the old password was checked against
/// @param session_kept the id of the session that goes on
base::Done change_password(store::Transaction& transaction, const base::UserId& id, const std::string& hash_before,
                           const std::string& hash_after, std::string_view session_kept);

}  // namespace yihu::access
