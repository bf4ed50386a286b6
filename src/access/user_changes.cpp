// Every change to users and posts.

#include "access/user.h"
#include "access/user_rows.h"

#include "base/utf8.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace yihu::access {
namespace {

namespace json = boost::json;
using store::Sql;

constexpr Sql insert_user =
    "INSERT INTO user_account (id, name, display_name, password, must_change_password, active, code_secret,"
    " code_enabled, code_step, last_seen, made_at, version) VALUES (:id, :name, :display_name, :password,"
    " :must_change_password, 1, NULL, 0, 0, NULL, :made_at, 1)";
constexpr Sql update_user =
    "UPDATE user_account SET display_name = :display_name, active = :active, version = version + 1"
    " WHERE id = :id AND version = :version";
constexpr Sql select_display_name = "SELECT display_name FROM user_account WHERE id = :id";
constexpr Sql touch_version = "UPDATE user_account SET version = version + 1 WHERE id = :id";
constexpr Sql update_reset =
    "UPDATE user_account SET password = :password, must_change_password = 1, code_secret = NULL, code_enabled = 0,"
    " version = version + 1 WHERE id = :id";
constexpr Sql update_password =
    "UPDATE user_account SET password = :after, must_change_password = 0, version = version + 1"
    " WHERE id = :id AND password = :before";
constexpr Sql end_sessions =
    "UPDATE login_session SET ended_at = :now WHERE account = :account AND ended_at IS NULL AND id <> :kept";
constexpr Sql insert_post =
    "INSERT INTO post (id, account, unit, role, valid_from, valid_to, made_at, area)"
    " VALUES (:id, :account, :unit, :role, :valid_from, :valid_to, :made_at, :area)";
constexpr Sql select_post = "SELECT account, unit, role, valid_from, valid_to FROM post WHERE id = :id";
constexpr Sql update_post = "UPDATE post SET valid_to = :valid_to WHERE id = :id";
constexpr Sql select_unit = "SELECT valid_to, division FROM unit WHERE id = :id";
constexpr Sql select_area = "SELECT 1 FROM area WHERE code = :code";
constexpr Sql select_managers =
    "SELECT DISTINCT p.role FROM post p JOIN user_account u ON u.id = p.account WHERE u.active = 1"
    " AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to >= :day)";

// Nobody can undo the last administrator's leaving but with the command line, so it takes more than a slip.
constexpr int administrator_days_min = 1;

base::Error mistake(const char* code, const char* field, base::Text text, base::Text mend = {}) {
  return {base::ErrorKind::input, code, std::move(text), std::move(mend),
          {.file = {}, .line = 0, .column = 0, .cell = {}, .field = field}, {}};
}

void check_login_name(const std::string& name, std::vector<base::Error>& mistakes) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool good = name.size() >= 2 && name.size() <= 32 && plain(name.front()) &&
                    std::ranges::all_of(name, [&](char c) { return plain(c) || c == '.' || c == '-' || c == '_'; });
  if (good) return;
  mistakes.push_back(mistake("login_name_shape", "/name", base::text("登录名不合要求。", "The login name does not fit."),
                             base::text("用 2 到 32 个小写字母、数字、点、短横或下划线。",
                                        "Use 2 to 32 lower-case letters, digits, dots, dashes or underscores.")));
}

void check_display_name(const std::string& name, std::vector<base::Error>& mistakes) {
  const std::size_t points = base::count_code_points(name);
  const bool control = std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  const bool blank = name.find_first_not_of(' ') == name.npos;
  if (!blank && !control && points <= display_name_points_max) return;
  mistakes.push_back(mistake("display_name_shape", "/display_name",
                             base::text("请填写姓名，不超过 {} 个字。", "Give the name, {} characters at most.", display_name_points_max)));
}

base::Done check_post(store::Session& session, const Rooms& rooms, const Viewer& viewer, const NewPost& post,
                      const char* unit_field, std::vector<base::Error>& mistakes) {
  const auto unit = TRY(session.find(select_unit, {{"id", post.unit}}));
  if (!unit || !viewer.scope.covers(post.unit)) {
    mistakes.push_back(mistake("unit_unknown", unit_field, base::text("没有这个单位。", "There is no such unit.")));
  }
  const Role* role = rooms.roles.find(post.role);
  // Nobody gives away more than his own reach.
  if (role == nullptr || (role->district && !viewer.scope.district)) {
    mistakes.push_back(mistake("role_unknown", "/role", base::text("没有这个角色。", "There is no such role.")));
  }
  const bool within = !post.area || (unit && post.area->starts_with(unit->maybe_text(1).value_or("-")));
  if (!within || (post.area && !TRY(session.find(select_area, {{"code", *post.area}})))) {
    mistakes.push_back(mistake("area_unknown", "/area", base::text("该单位辖区内没有这个村。", "There is no such village in the unit's area.")));
  }
  if (post.to && *post.to < post.from) {
    mistakes.push_back(mistake("post_dates", "/to", base::text("结束日早于开始日。", "The last day is before the first.")));
  }
  return {};
}

base::Done all_of(std::vector<base::Error> mistakes) {
  if (mistakes.empty()) return {};
  return base::fail_all(std::move(mistakes));
}

base::Done insert(store::Transaction& transaction, const base::UserId& user, const NewPost& post) {
  const auto id = base::PostId::make();
  TRY(transaction.execute(insert_post, {{"id", id}, {"account", user}, {"unit", post.unit}, {"role", post.role},
                                        {"valid_from", post.from}, {"valid_to", post.to}, {"made_at", transaction.now()},
                                        {"area", post.area}}));
  json::object told{{"post", id.value}, {"unit", post.unit.value}, {"role", post.role}, {"from", base::to_string(post.from)}};
  if (post.to) told["to"] = base::to_string(*post.to);
  if (post.area) told["area"] = *post.area;
  return transaction.journal({"post.given", "user", user.value, "", json::serialize(told)});
}

base::Done expect_manager_left(store::Session& session, const Rooms& rooms, base::Date today) {
  const base::Date then = base::plus_days(today, administrator_days_min);
  for (const store::Row& row : TRY(session.query(select_managers, {{"day", then}}))) {
    const Role* role = rooms.roles.find(row.text(0));
    if (role != nullptr && role->district && role->permissions.contains(Permission::user_manage)) return {};
  }
  return base::fail(base::ErrorKind::conflict, "last_administrator",
                    base::text("这样就没有人能管理用户了。", "Nobody would be left to manage users."),
                    base::text("请先把管理员岗位交给另一个人。", "Give another person an administrator's post first."));
}

bool manages(const Rooms& rooms, const std::string& role_id) {
  const Role* role = rooms.roles.find(role_id);
  return role != nullptr && role->permissions.contains(Permission::user_manage);
}

/// Whoever manages one unit must not take over the account of somebody who may do more elsewhere.
bool reaches_beyond(const Rooms& rooms, const Viewer& viewer, const User& user, base::Date today) {
  return std::ranges::any_of(user.posts, [&](const TermOfPost& post) {
    const Role* role = rooms.roles.find(post.role);
    const bool over = post.to && *post.to < today;
    return !over && (!viewer.scope.covers(post.unit) || (role != nullptr && role->district));
  });
}

/// Errors: not_found, whether there is none or the viewer may not know; denied when the person reaches further.
base::Result<User> managed(store::Transaction& session, const Rooms& rooms, const Viewer& viewer, const base::UserId& id) {
  const base::Date today = base::date_of(session.now());
  User user = TRY(user_by_id(session, rooms.secrets, id));
  if (!viewer.may(Permission::user_manage) || !within_scope(viewer, user)) return base::fail(no_such_user());
  if (!viewer.scope.district && reaches_beyond(rooms, viewer, user, today)) {
    return base::fail(base::ErrorKind::denied, "user_beyond_scope", base::text("此人还有您管不到的岗位。", "The person also holds posts beyond your own reach."),
                      base::text("请找全区的管理员办理。", "Ask an administrator of the whole district."));
  }
  return user;
}

base::Done end_all_sessions(store::Transaction& transaction, const base::UserId& user, std::string_view kept) {
  const auto ended = TRY(transaction.execute(end_sessions, {{"account", user}, {"now", transaction.now()}, {"kept", kept}}));
  if (ended == 0) return {};
  return transaction.journal({"user.signed_out", "user", user.value, "", json::serialize(json::object{{"sessions", ended}})});
}

}  // namespace

base::Result<User> make_user(store::Transaction& transaction, const Rooms& rooms, const Viewer& viewer,
                             const NewUser& wanted, const std::string& password_hash) {
  const std::string name = login_name_key(wanted.name);
  const base::Date today = base::date_of(transaction.now());
  std::vector<base::Error> mistakes;
  check_login_name(name, mistakes);
  check_display_name(wanted.display_name, mistakes);
  std::optional<NewPost> post;
  if (wanted.unit) {
    post = NewPost{*wanted.unit, wanted.role, today, std::nullopt, wanted.area};
    TRY(check_post(transaction, rooms, viewer, *post, "/unit_id", mistakes));
  } else if (!viewer.scope.district) {
    mistakes.push_back(mistake("unit_unknown", "/unit_id", base::text("请选择单位。", "Choose the unit.")));
  }
  TRY(all_of(std::move(mistakes)));
  if (TRY(find_user(transaction, name))) {
    return base::fail(base::Error{base::ErrorKind::conflict, "login_name_taken", base::text("这个登录名已有人用。", "This login name is taken."),
                                  base::text("请换一个。", "Choose another."), {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/name"}, {}});
  }
  const auto id = base::UserId::make();
  const std::string sealed = TRY(rooms.secrets.seal(transaction, display_name_place(id), wanted.display_name));
  TRY(transaction.execute(insert_user, {{"id", id}, {"name", name}, {"display_name", sealed}, {"password", password_hash},
                                        {"must_change_password", wanted.must_change_password}, {"made_at", transaction.now()}}));
  TRY(transaction.journal({"user.made", "user", id.value, "", json::serialize(json::object{{"name", name}, {"display_name", sealed}})}));
  if (post) TRY(insert(transaction, id, *post));
  return user_by_id(transaction, rooms.secrets, id);
}

base::Result<User> change_user(store::Transaction& transaction, const Rooms& rooms, const Viewer& viewer,
                               const base::UserId& id, const UserChange& change, int version) {
  const User user = TRY(managed(transaction, rooms, viewer, id));
  const auto stale = base::fail(base::ErrorKind::stale, "user_stale", base::text("这个用户已被别人修改。", "Somebody else has changed this user."),
                                base::text("请刷新后再改。", "Reload and change it again."));
  if (user.version != version) return stale;
  json::object before, after;
  const auto row = TRY(transaction.find(select_display_name, {{"id", id}}));
  std::string sealed = row ? row->text(0) : "";
  if (change.display_name && *change.display_name != user.display_name) {
    std::vector<base::Error> mistakes;
    check_display_name(*change.display_name, mistakes);
    TRY(all_of(std::move(mistakes)));
    before["display_name"] = sealed;
    sealed = TRY(rooms.secrets.seal(transaction, display_name_place(id), *change.display_name));
    after["display_name"] = sealed;
  }
  const bool active = change.active.value_or(user.active);
  if (active != user.active) {
    before["active"] = user.active;
    after["active"] = active;
  }
  if (after.empty()) return user;
  if (TRY(transaction.execute(update_user, {{"id", id}, {"version", version}, {"display_name", sealed}, {"active", active}})) == 0) return stale;
  TRY(transaction.journal({"user.changed", "user", id.value, json::serialize(before), json::serialize(after)}));
  if (user.active && !active) {
    const auto holds = [&](const TermOfPost& post) { return manages(rooms, post.role); };
    if (std::ranges::any_of(user.posts, holds)) TRY(expect_manager_left(transaction, rooms, base::date_of(transaction.now())));
    TRY(end_all_sessions(transaction, id, ""));
  }
  return user_by_id(transaction, rooms.secrets, id);
}

base::Result<User> give_post(store::Transaction& transaction, const Rooms& rooms, const Viewer& viewer,
                             const base::UserId& id, const NewPost& post) {
  const User user = TRY(managed(transaction, rooms, viewer, id));
  std::vector<base::Error> mistakes;
  TRY(check_post(transaction, rooms, viewer, post, "/unit_id", mistakes));
  TRY(all_of(std::move(mistakes)));
  for (const TermOfPost& held : user.posts) {
    const bool apart = (held.to && *held.to < post.from) || (post.to && *post.to < held.from);
    if (held.unit == post.unit && held.role == post.role && held.area == post.area && !apart) {
      return base::fail(base::ErrorKind::conflict, "post_held", base::text("这段时间已在该单位担任这个角色。", "The person holds this post during that time already."));
    }
  }
  TRY(insert(transaction, id, post));
  TRY(transaction.execute(touch_version, {{"id", id}}));
  return user_by_id(transaction, rooms.secrets, id);
}

base::Result<User> end_post(store::Transaction& transaction, const Rooms& rooms, const Viewer& viewer,
                            const base::PostId& id, std::optional<base::Date> to) {
  const auto unknown = base::fail(base::ErrorKind::not_found, "post_unknown", base::text("没有这个岗位。", "There is no such post."));
  const auto row = TRY(transaction.find(select_post, {{"id", id}}));
  if (!row || !viewer.may(Permission::user_manage) || !viewer.scope.covers(row->id<base::UnitId>(1))) return unknown;
  const auto user = row->id<base::UserId>(0);
  const auto from = row->maybe_date(3).value_or(base::Date{});
  const auto before_to = row->maybe_date(4);
  if (to == before_to) return user_by_id(transaction, rooms.secrets, user);
  // A post given by mistake ends the day before it began: it was never in force.
  if (to && *to < base::plus_days(from, -1)) {
    return base::fail(mistake("post_dates", "/to", base::text("结束日早于开始日 {}。", "The last day is before the first, {}.", base::to_string(from))));
  }
  TRY(transaction.execute(update_post, {{"id", id}, {"valid_to", to}}));
  TRY(transaction.execute(touch_version, {{"id", user}}));
  const auto told = [&](const std::optional<base::Date>& day) {
    return json::serialize(json::object{{"post", id.value}, {"to", day ? json::value(base::to_string(*day)) : json::value(nullptr)}});
  };
  TRY(transaction.journal({"post.ended", "user", user.value, told(before_to), told(to)}));
  if (manages(rooms, row->text(2))) TRY(expect_manager_left(transaction, rooms, base::date_of(transaction.now())));
  return user_by_id(transaction, rooms.secrets, user);
}

base::Done reset_password(store::Transaction& transaction, const Rooms& rooms, const Viewer& viewer,
                          const base::UserId& id, const std::string& password_hash) {
  const User user = TRY(managed(transaction, rooms, viewer, id));
  TRY(transaction.execute(update_reset, {{"id", id}, {"password", password_hash}}));
  TRY(transaction.journal({"password.reset", "user", id.value, "",
                           json::serialize(json::object{{"code_enabled_before", user.code_enabled}})}));
  return end_all_sessions(transaction, id, "");
}

base::Done change_password(store::Transaction& transaction, const base::UserId& id, const std::string& hash_before,
                           const std::string& hash_after, std::string_view session_kept) {
  const auto rows = TRY(transaction.execute(update_password, {{"id", id}, {"before", hash_before}, {"after", hash_after}}));
  if (rows == 0) {
    return base::fail(base::ErrorKind::stale, "password_stale", base::text("密码刚刚已被修改。", "The password has just been changed."),
                      base::text("请重新登录。", "Sign in again."));
  }
  TRY(transaction.journal({"password.changed", "user", id.value, "", ""}));
  return end_all_sessions(transaction, id, session_kept);
}

}  // namespace yihu::access
