// Signing in and out; the person's own password and one-time code.

#include "access/password.h"
#include "http/account.h"
#include "http/answer.h"
#include "http/response.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"

#include <chrono>

namespace yihu::http {
namespace {

struct SignIn {
  std::string name;
  std::string password;
  std::optional<std::string> code;
};
BOOST_DESCRIBE_STRUCT(SignIn, (), (name, password, code))

struct PasswordChange {
  std::string old;
  std::string new_;
};
BOOST_DESCRIBE_STRUCT(PasswordChange, (), (old, new_))

struct Code {
  std::string code;
};
BOOST_DESCRIBE_STRUCT(Code, (), (code))

struct Password {
  std::string password;
};
BOOST_DESCRIBE_STRUCT(Password, (), (password))

struct CodeOffer {
  std::string secret;
  std::string address;
};
BOOST_DESCRIBE_STRUCT(CodeOffer, (), (secret, address))

const boost::json::value password_limits{{"maxLength", access::password_bytes_max}};
const boost::json::value name_limits{{"minLength", 1}, {"maxLength", 100}};
const boost::json::value code_limits{{"maxLength", 10}};

base::Result<Step> sign_in(const AccessServices& services, const Request& request, Context& context) {
  const SignIn body = TRY(value_from_json<SignIn>(request.json));
  const auto admitted = TRY(services.login.check(context.session, {body.name, body.password, body.code.value_or(""), request.peer}));
  return Step([services, admitted, language = request.language, secure = request.secure](store::Transaction& transaction) -> base::Result<Response> {
    const auto started = TRY(services.sessions.start(transaction, admitted));
    const Me me = TRY(me_of(transaction, services, admitted.user, started.session, base::date_of(transaction.now())));
    Response response = answer(me, language);
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(access::session_age_max);
    response.headers.push_back(session_cookie(started.token, static_cast<int>(age.count()), secure));
    return response;
  });
}

base::Result<Response> read_me(const AccessServices& services, const Request& request, Context& context) {
  const std::string session = TRY(services.sessions.session_of(context.session, request.session_token.value_or("")));
  return answer(TRY(me_of(context.session, services, context.viewer.user, session, context.today)), request.language);
}

base::Result<Step> sign_out(const AccessServices& services, const Request& request, Context& context) {
  const std::string session = TRY(services.sessions.session_of(context.session, request.session_token.value_or("")));
  return Step([services, session](store::Transaction& transaction) -> base::Result<Response> {
    TRY(services.sessions.end(transaction, session));
    Response response = nothing();
    response.headers.push_back(session_cookie_cleared());
    return response;
  });
}

/// What a write on the own account answers: how things stand after it.
base::Result<Response> me_after(const AccessServices& services, store::Transaction& transaction, const base::UserId& user,
                                const std::string& session, base::Language language) {
  return answer(TRY(me_of(transaction, services, user, session, base::date_of(transaction.now()))), language);
}

base::Result<Step> change_password(const AccessServices& services, const Request& request, Context& context) {
  const PasswordChange body = TRY(value_from_json<PasswordChange>(request.json));
  const auto user = context.viewer.user;
  const std::string session = TRY(services.sessions.session_of(context.session, request.session_token.value_or("")));
  const std::string before = TRY(services.login.confirm(context.session, user, body.old, request.peer, "/old"));
  const access::User self = TRY(access::read_user(context.session, services.rooms, context.viewer, user));
  TRY(access::check_password(body.new_, self.name, "/new"));
  if (body.new_ == body.old) {
    return base::fail(base::Error{base::ErrorKind::input, "password_same", base::text("新密码与原密码相同。", "The new password is the present one."), {},
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/new"}, {}});
  }
  const std::string after = TRY(access::password_hash(body.new_));
  return Step([services, user, session, before, after, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    TRY(access::change_password(transaction, user, before, after, session));
    return me_after(services, transaction, user, session, language);
  });
}

base::Result<Step> offer_code(const AccessServices& services, const Request& request, Context& context) {
  return Step([services, user = context.viewer.user, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const auto offer = TRY(access::offer_code(transaction, services.rooms.secrets, user));
    return answer(CodeOffer{offer.secret, offer.address}, language);
  });
}

base::Result<Step> enable_code(const AccessServices& services, const Request& request, Context& context) {
  const Code body = TRY(value_from_json<Code>(request.json));
  const std::string session = TRY(services.sessions.session_of(context.session, request.session_token.value_or("")));
  return Step([services, body, session, user = context.viewer.user, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    TRY(access::enable_code(transaction, services.rooms.secrets, user, body.code, services.true_clock.now()));
    return me_after(services, transaction, user, session, language);
  });
}

base::Result<Step> disable_code(const AccessServices& services, const Request& request, Context& context) {
  const Password body = TRY(value_from_json<Password>(request.json));
  const auto user = context.viewer.user;
  const std::string session = TRY(services.sessions.session_of(context.session, request.session_token.value_or("")));
  (void)TRY(services.login.confirm(context.session, user, body.password, request.peer, "/password"));
  return Step([services, session, user, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    TRY(access::disable_code(transaction, user));
    return me_after(services, transaction, user, session, language);
  });
}

void add_code_routes(const AccessServices& services, std::vector<Route>& routes) {
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/session/code",
                    .name = "offerCode",
                    .summary = base::text("开始设置动态码", "Begins to set up one-time codes"),
                    .answer_schema = schema_of<CodeOffer>(),
                    .answers_once = true,
                    .handler = Prepare([services](const Request& request, Context& context) { return offer_code(services, request, context); })});
  routes.push_back({.method = Method::put,
                    .path = "/api/v1/session/code",
                    .name = "enableCode",
                    .summary = base::text("启用动态码", "Turns one-time codes on, with one of them"),
                    .body_schema = body_schema_of<Code>({{"/code", code_limits}}),
                    .answer_schema = schema_of<Me>(),
                    .handler = Prepare([services](const Request& request, Context& context) { return enable_code(services, request, context); })});
  routes.push_back({.method = Method::remove,
                    .path = "/api/v1/session/code",
                    .name = "disableCode",
                    .summary = base::text("停用动态码", "Turns one-time codes off, with the password"),
                    .pace = Pace::slow,
                    .body_schema = body_schema_of<Password>({{"/password", password_limits}}),
                    .answer_schema = schema_of<Me>(),
                    .handler = Prepare([services](const Request& request, Context& context) { return disable_code(services, request, context); })});
}

}  // namespace

std::vector<Route> session_routes(const AccessServices& services) {
  std::vector<Route> routes;
  routes.push_back({.method = Method::post,
                    .path = "/api/v1/session",
                    .name = "signIn",
                    .summary = base::text("登录", "Signs in and sets the session cookie"),
                    .entry = Entry::open,
                    .pace = Pace::slow,
                    .body_schema = body_schema_of<SignIn>({{"/name", name_limits}, {"/password", password_limits}, {"/code", code_limits}}),
                    .answer_schema = schema_of<Me>(),
                    .handler = Prepare([services](const Request& request, Context& context) { return sign_in(services, request, context); })});
  routes.push_back({.method = Method::get,
                    .path = "/api/v1/session",
                    .name = "readMe",
                    .summary = base::text("当前用户", "Who is signed in, and what he may do"),
                    .answer_schema = schema_of<Me>(),
                    .handler = Read([services](const Request& request, Context& context) { return read_me(services, request, context); })});
  routes.push_back({.method = Method::remove,
                    .path = "/api/v1/session",
                    .name = "signOut",
                    .summary = base::text("退出", "Signs out"),
                    .answer_status = 204,
                    .handler = Prepare([services](const Request& request, Context& context) { return sign_out(services, request, context); })});
  routes.push_back({.method = Method::put,
                    .path = "/api/v1/session/password",
                    .name = "changePassword",
                    .summary = base::text("修改密码", "Changes the own password; other sessions end"),
                    .pace = Pace::slow,
                    .body_schema = body_schema_of<PasswordChange>({{"/old", password_limits}, {"/new", password_limits}}),
                    .answer_schema = schema_of<Me>(),
                    .handler = Prepare([services](const Request& request, Context& context) { return change_password(services, request, context); })});
  add_code_routes(services, routes);
  return routes;
}

}  // namespace yihu::http
