#include "access/user_rows.h"

#include "access/named_posts.h"

#include <algorithm>

namespace yihu::access {
namespace {

using store::Sql;

constexpr Sql select_user =
    "SELECT id, name, display_name, active, must_change_password, code_enabled, last_seen, version"
    " FROM user_account WHERE id = :id";
constexpr Sql select_users_after =
    "SELECT id, name, display_name, active, must_change_password, code_enabled, last_seen, version"
    " FROM user_account WHERE name > :after ORDER BY name LIMIT :limit";
constexpr Sql select_id_by_name = "SELECT id FROM user_account WHERE name = :name";
constexpr Sql select_any = "SELECT 1 FROM user_account LIMIT 1";
constexpr Sql select_posts =
    "SELECT id, account, unit, role, valid_from, valid_to, area FROM post WHERE account = :account"
    " ORDER BY valid_from DESC, id DESC";
constexpr Sql select_sealed_name = "SELECT display_name FROM user_account WHERE id = :id";
constexpr Sql select_holders =
    "SELECT DISTINCT p.account FROM post p JOIN user_account u ON u.id = p.account WHERE p.unit = :unit"
    " AND u.active = 1 AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to >= :day) ORDER BY p.account";

/// A person whose key was destroyed is still somebody who did something: only the name is gone.
base::Result<std::string> opened_name(store::Session& session, const store::Secrets& secrets, const base::UserId& id,
                                      const std::string& sealed) {
  auto name = secrets.open(session, display_name_place(id), sealed);
  if (!name && name.error().code == "secret_destroyed") return std::string("—");
  return name;
}

base::Result<User> user_from_row(store::Session& session, const store::Secrets& secrets, const store::Row& row) {
  User user;
  user.id = row.id<base::UserId>(0);
  user.name = row.text(1);
  user.display_name = TRY(opened_name(session, secrets, user.id, row.text(2)));
  user.active = row.truth(3);
  user.must_change_password = row.truth(4);
  user.code_enabled = row.truth(5);
  user.last_seen = row.maybe_instant(6);
  user.version = static_cast<int>(row.integer(7));
  user.posts = TRY(posts_of(session, user.id));
  return user;
}

}  // namespace

store::SecretPlace display_name_place(const base::UserId& id) { return {"user_account", "display_name", id.value}; }

base::Error no_such_user() {
  return base::fail(base::ErrorKind::not_found, "user_unknown", base::text("没有这个用户。", "There is no such user.")).error();
}

std::string login_name_key(std::string_view name) {
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  std::string out(name.substr(0, 100));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

base::Result<std::vector<TermOfPost>> posts_of(store::Session& session, const base::UserId& user) {
  std::vector<TermOfPost> out;
  for (const store::Row& row : TRY(session.query(select_posts, {{"account", user}}))) {
    out.push_back({row.id<base::PostId>(0), row.id<base::UserId>(1), row.id<base::UnitId>(2), row.text(3),
                   row.maybe_date(4).value_or(base::Date{}), row.maybe_date(5), row.maybe_text(6)});
  }
  return out;
}

base::Result<User> user_by_id(store::Session& session, const store::Secrets& secrets, const base::UserId& id) {
  const auto row = TRY(session.find(select_user, {{"id", id}}));
  if (!row) return base::fail(no_such_user());
  return user_from_row(session, secrets, *row);
}

bool within_scope(const Viewer& viewer, const User& user) {
  return viewer.scope.district ||
         std::ranges::any_of(user.posts, [&](const TermOfPost& post) { return viewer.scope.covers(post.unit); });
}

base::Result<std::vector<User>> list_users(store::Session& session, const Rooms& rooms, const Viewer& viewer,
                                           std::string_view after, int limit) {
  std::vector<User> out;
  std::string last(after);
  // Whoever is outside the scope falls out after reading; another stretch is read until the page is full.
  while (static_cast<int>(out.size()) < limit) {
    const auto rows = TRY(session.query(select_users_after, {{"after", last}, {"limit", limit}}));
    for (const store::Row& row : rows) {
      User user = TRY(user_from_row(session, rooms.secrets, row));
      last = user.name;
      if (within_scope(viewer, user)) out.push_back(std::move(user));
      if (static_cast<int>(out.size()) == limit) break;
    }
    if (static_cast<int>(rows.size()) < limit) break;
  }
  return out;
}

base::Result<User> read_user(store::Session& session, const Rooms& rooms, const Viewer& viewer, const base::UserId& id) {
  User user = TRY(user_by_id(session, rooms.secrets, id));
  const bool self = viewer.job.empty() && viewer.user == id;
  if (!self && !(viewer.may(Permission::user_manage) && within_scope(viewer, user))) return base::fail(no_such_user());
  return user;
}

base::Result<std::optional<base::UserId>> find_user(store::Session& session, std::string_view login_name) {
  const auto row = TRY(session.find(select_id_by_name, {{"name", login_name_key(login_name)}}));
  if (!row) return std::optional<base::UserId>();
  return std::optional(row->id<base::UserId>(0));
}

base::Result<std::map<base::UserId, std::string>> display_names(store::Session& session, const store::Secrets& secrets,
                                                                const std::set<base::UserId>& users) {
  std::map<base::UserId, std::string> out;
  for (const base::UserId& id : users) {
    const auto row = TRY(session.find(select_sealed_name, {{"id", id}}));
    if (row) out[id] = TRY(opened_name(session, secrets, id, row->text(0)));
  }
  return out;
}

base::Result<NamedPosts> named_posts(store::Session& session, const store::Secrets& secrets, const base::UserId& id) {
  const auto row = TRY(session.find(select_sealed_name, {{"id", id}}));
  if (!row) return NamedPosts{};
  return NamedPosts{TRY(opened_name(session, secrets, id, row->text(0))), TRY(posts_of(session, id))};
}

base::Result<bool> has_users(store::Session& session) { return TRY(session.find(select_any)).has_value(); }

base::Result<std::vector<base::UserId>> holders_in(store::Session& session, const base::UnitId& unit, base::Date day) {
  std::vector<base::UserId> out;
  for (const store::Row& row : TRY(session.query(select_holders, {{"unit", unit}, {"day", day}}))) {
    out.push_back(row.id<base::UserId>(0));
  }
  return out;
}

}  // namespace yihu::access
