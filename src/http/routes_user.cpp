// Users, their posts, and the roles a post may have.

#include "access/password.h"
#include "access/permission.h"
#include "http/account.h"
#include "http/answer.h"
#include "http/page.h"
#include "http/response.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"

namespace yihu::http {
namespace {

using access::Permission;

struct NewUser {
  std::string name;
  std::string display_name;
  base::UnitId unit_id;
  std::string role;
};
BOOST_DESCRIBE_STRUCT(NewUser, (), (name, display_name, unit_id, role))

struct MadeUser {
  UserRow user;
  std::string one_time_password;
};
BOOST_DESCRIBE_STRUCT(MadeUser, (), (user, one_time_password))

struct OneTimePassword {
  std::string one_time_password;
};
BOOST_DESCRIBE_STRUCT(OneTimePassword, (), (one_time_password))

struct UserChange {
  std::optional<std::string> display_name;
  std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(UserChange, (), (display_name, active))

struct NewPost {
  base::UnitId unit_id;
  std::string role;
  base::Date from;
  std::optional<base::Date> to;
  std::optional<std::string> area;  ///< code of one village in the unit's town
};
BOOST_DESCRIBE_STRUCT(NewPost, (), (unit_id, role, from, to, area))

struct PostEnd {
  std::optional<base::Date> to;
};
BOOST_DESCRIBE_STRUCT(PostEnd, (), (to))

struct RoleRow {
  std::string id;
  base::Text label;
  std::string scope;
  std::vector<std::string> permissions;
};
BOOST_DESCRIBE_STRUCT(RoleRow, (), (id, label, scope, permissions))

const boost::json::value short_text{{"minLength", 1}, {"maxLength", 100}};

base::Result<Response> told(const AccessServices& services, store::Session& session, const access::User& user,
                            base::Language language, int status = 200) {
  const auto units = TRY(services.shelf.directory(session));
  Response response = answer(row_of(user, services.rooms.roles, *units), language, status);
  response.etag = std::to_string(user.version);
  return response;
}

base::Result<Response> list_users(const AccessServices& services, const Request& request, Context& context) {
  const Page page = TRY(page_from(request, 1));
  const auto units = TRY(services.shelf.directory(context.session));
  // One more than asked for tells whether anything follows.
  auto users = TRY(access::list_users(context.session, services.rooms, context.viewer,
                                      page.after.empty() ? "" : page.after.front(), page.limit + 1));
  List<UserRow> list;
  if (static_cast<int>(users.size()) > page.limit) {
    users.pop_back();
    list.next = key_from({users.back().name});
  }
  for (const access::User& user : users) list.items.push_back(row_of(user, services.rooms.roles, *units));
  return answer(list, request.language);
}

base::Result<Step> make_user(const AccessServices& services, const Request& request, Context& context) {
  const NewUser body = TRY(value_from_json<NewUser>(request.json));
  const std::string password = access::one_time_password();
  const std::string hash = TRY(access::password_hash(password));
  return Step([services, body, password, hash, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const auto user = TRY(access::make_user(transaction, services.rooms, viewer,
                                            {body.name, body.display_name, body.unit_id, body.role, true}, hash));
    const auto units = TRY(services.shelf.directory(transaction));
    return answer(MadeUser{row_of(user, services.rooms.roles, *units), password}, language, 201);
  });
}

base::Result<Step> change_user(const AccessServices& services, const Request& request, Context& context) {
  const auto id = TRY(base::UserId::parse(request.path.at("user")));
  const UserChange body = TRY(value_from_json<UserChange>(request.json));
  const access::User user = TRY(access::read_user(context.session, services.rooms, context.viewer, id));
  TRY(expect_version(request, std::to_string(user.version)));
  return Step([services, id, body, version = user.version, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const auto changed = TRY(access::change_user(transaction, services.rooms, viewer, id, {body.display_name, body.active}, version));
    return told(services, transaction, changed, language);
  });
}

base::Result<Step> give_post(const AccessServices& services, const Request& request, Context& context) {
  const auto id = TRY(base::UserId::parse(request.path.at("user")));
  const NewPost body = TRY(value_from_json<NewPost>(request.json));
  return Step([services, id, body, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const auto user = TRY(access::give_post(transaction, services.rooms, viewer, id, {body.unit_id, body.role, body.from, body.to, body.area}));
    return told(services, transaction, user, language, 201);
  });
}

base::Result<Step> end_post(const AccessServices& services, const Request& request, Context& context) {
  const auto id = TRY(base::PostId::parse(request.path.at("post")));
  const PostEnd body = TRY(value_from_json<PostEnd>(request.json));
  return Step([services, id, body, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    return told(services, transaction, TRY(access::end_post(transaction, services.rooms, viewer, id, body.to)), language);
  });
}

base::Result<Step> reset_password(const AccessServices& services, const Request& request, Context& context) {
  const auto id = TRY(base::UserId::parse(request.path.at("user")));
  const std::string password = access::one_time_password();
  const std::string hash = TRY(access::password_hash(password));
  return Step([services, id, password, hash, viewer = context.viewer, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    TRY(access::reset_password(transaction, services.rooms, viewer, id, hash));
    return answer(OneTimePassword{password}, language);
  });
}

base::Result<Response> list_roles(const AccessServices& services, const Request& request) {
  List<RoleRow> list;
  for (const access::Role& role : services.rooms.roles.all()) {
    RoleRow row{role.id, role.label, role.district ? "district" : "unit", {}};
    for (const Permission permission : role.permissions) row.permissions.emplace_back(access::name_of(permission));
    list.items.push_back(std::move(row));
  }
  return answer(list, request.language);
}

void add_post_routes(const AccessServices& services, std::vector<Route>& routes) {
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/users/{user}/posts",
                    .name = "givePost",
                    .summary = base::text("任职", "Gives a user a post"),
                    .permission = Permission::user_manage,
                    .body_schema = body_schema_of<NewPost>({{"/role", short_text}, {"/area", short_text}}),
                    .answer_schema = schema_of<UserRow>(),
                    .answer_status = 201,
                    .handler = Prepare([services](const Request& request, Context& context) { return give_post(services, request, context); })});
  routes.push_back({.method = Method::patch,
                    .path = "/api/v1/posts/{post}",
                    .name = "endPost",
                    .summary = base::text("免职", "Sets a post's last day"),
                    .permission = Permission::user_manage,
                    .body_schema = body_schema_of<PostEnd>(),
                    .answer_schema = schema_of<UserRow>(),
                    .handler = Prepare([services](const Request& request, Context& context) { return end_post(services, request, context); })});
  routes.push_back({.method = Method::get,
                    .path = "/api/v1/roles",
                    .name = "listRoles",
                    .summary = base::text("角色", "Roles, as the packs define them"),
                    .permission = Permission::user_manage,
                    .answer_schema = schema_of<List<RoleRow>>(),
                    .handler = Read([services](const Request& request, Context&) { return list_roles(services, request); })});
}

}  // namespace

std::vector<Route> user_routes(const AccessServices& services) {
  std::vector<Route> routes;
  routes.push_back({.method = Method::get,
                    .path = "/api/v1/users",
                    .name = "listUsers",
                    .summary = base::text("用户列表", "Users within the viewer's scope, by name"),
                    .permission = Permission::user_manage,
                    .query_schema = page_schema(),
                    .answer_schema = schema_of<List<UserRow>>(),
                    .handler = Read([services](const Request& request, Context& context) { return list_users(services, request, context); })});
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/users",
                    .name = "makeUser",
                    .summary = base::text("新增用户", "Makes a user with a first post and a password for one use"),
                    .permission = Permission::user_manage,
                    .pace = Pace::slow,
                    .body_schema = body_schema_of<NewUser>({{"/name", short_text}, {"/display_name", short_text}, {"/role", short_text}}),
                    .answer_schema = schema_of<MadeUser>(),
                    .answers_once = true,
                    .answer_status = 201,
                    .handler = Prepare([services](const Request& request, Context& context) { return make_user(services, request, context); })});
  routes.push_back({.method = Method::patch,
                    .path = "/api/v1/users/{user}",
                    .name = "changeUser",
                    .summary = base::text("修改用户", "Renames a user, or opens or closes his account"),
                    .permission = Permission::user_manage,
                    .body_schema = body_schema_of<UserChange>({{"/display_name", short_text}}),
                    .answer_schema = schema_of<UserRow>(),
                    .edits = true,
                    .handler = Prepare([services](const Request& request, Context& context) { return change_user(services, request, context); })});
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/users/{user}/password",
                    .name = "resetPassword",
                    .summary = base::text("重设密码", "Gives a user a password for one use and turns his one-time code off"),
                    .permission = Permission::user_manage,
                    .pace = Pace::slow,
                    .answer_schema = schema_of<OneTimePassword>(),
                    .answers_once = true,
                    .handler = Prepare([services](const Request& request, Context& context) { return reset_password(services, request, context); })});
  add_post_routes(services, routes);
  return routes;
}

}  // namespace yihu::http
