#include "access/login.h"

#include "access/one_time_code.h"
#include "access/password.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace yihu::access {
namespace {

using store::Sql;

constexpr Sql select_account =
    "SELECT id, password, active, code_secret, code_enabled, code_step FROM user_account WHERE name = :name";
constexpr Sql select_password = "SELECT password, name FROM user_account WHERE id = :id";

base::Error too_busy() {
  return base::fail(base::ErrorKind::too_many, "too_many_attempts",
                    base::text("同时登录的人太多。", "Too many people are signing in at this moment."),
                    base::text("请几秒后再试。", "Try again in a few seconds.")).error();
}

/// Counts the passwords being checked.
class Turn {
 public:
  explicit Turn(std::atomic<int>& under_way) : under_way_(under_way), number_(++under_way) {}
  ~Turn() { --under_way_; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool taken() const { return number_ <= Login::at_once_max; }

 private:
  std::atomic<int>& under_way_;
  int number_;
};

}  // namespace

struct Login::Account {
  base::UserId id;
  std::string password;
  bool active = false;
  std::string code_secret;
  bool code_enabled = false;
  std::int64_t code_step = 0;
};

base::Result<std::optional<Login::Account>> Login::find(store::Session& session, const std::string& name) {
  const auto row = TRY(session.find(select_account, {{"name", name}}));
  if (!row) return std::optional<Account>();
  return std::optional(Account{row->id<base::UserId>(0), row->text(1), row->truth(2), row->text(3), row->truth(4), row->integer(5)});
}

/// One answer for every reason, so that nobody learns which names exist.
base::Error Login::refuse(const Attempt& attempt, const std::optional<Account>& account) {
  throttle_.failed(login_name_key(attempt.name), attempt.peer, store_.clock().now());
  if (account) {
    // Not waited for: the answer must come as fast as for a name that does not exist.
    const base::UserId user = account->id;
    store_.write({"system:login", base::RequestId::make(), ""},
                 [user](store::Transaction& transaction) -> base::Result<store::Answer> {
                   TRY(transaction.journal({"login.failed", "user", user.value, "", ""}));
                   return store::Answer();
                 },
                 [](base::Result<store::Answer>) {});
  }
  return base::fail(base::ErrorKind::signed_out, "login_failed", base::text("登录名或密码不对。", "The login name or password is wrong."),
                    base::text("忘记密码请找管理员重设。", "If you forgot the password, an administrator can reset it.")).error();
}

base::Result<std::optional<std::int64_t>> Login::code(store::Session& session, const Account& account, const Attempt& attempt) {
  if (!account.code_enabled) return std::optional<std::int64_t>();
  if (attempt.code.empty()) {
    return base::fail(base::ErrorKind::signed_out, "code_needed", base::text("请输入手机上的动态码。", "Enter the code that your phone shows."));
  }
  const std::string secret = TRY(store_.secrets().open(session, {"user_account", "code_secret", account.id.value}, account.code_secret));
  const auto step = step_of_code(secret, attempt.code, true_clock_.now(), account.code_step);
  if (!step) return base::fail(refuse(attempt, account));
  return step;
}

base::Result<Admitted> Login::check(store::Session& session, const Attempt& attempt) {
  const std::string name = login_name_key(attempt.name);
  TRY(throttle_.check(name, attempt.peer, store_.clock().now()));
  const Turn turn(under_way_);
  if (!turn.taken()) return base::fail(too_busy());
  const auto account = TRY(find(session, name));
  // Made before either kind of name is checked, so that the first unknown name is no slower than the next.
  const std::string& nobody = password_hash_of_nobody();
  const bool matches = attempt.password.size() <= password_bytes_max &&
                       password_matches(attempt.password, account ? account->password : nobody);
  if (!account || !matches || !account->active) return base::fail(refuse(attempt, account));
  Admitted out{account->id, account->password, {}, {}};
  out.code_step = TRY(code(session, *account, attempt));
  throttle_.succeeded(name);
  if (password_hash_outdated(account->password)) out.hash_after = TRY(password_hash(attempt.password));
  return out;
}

base::Result<std::string> Login::confirm(store::Session& session, const base::UserId& user, const std::string& password,
                                         const std::string& peer, const char* field) {
  const auto row = TRY(session.find(select_password, {{"id", user}}));
  if (!row) return base::fail(base::ErrorKind::signed_out, "signed_out", base::text("请先登录。", "Please sign in."));
  const base::Instant now = store_.clock().now();
  TRY(throttle_.check(row->text(1), peer, now));
  const Turn turn(under_way_);
  if (!turn.taken()) return base::fail(too_busy());
  if (password.size() > password_bytes_max || !password_matches(password, row->text(0))) {
    throttle_.failed(row->text(1), peer, now);
    return base::fail(base::Error{base::ErrorKind::input, "password_wrong", base::text("原密码不对。", "The present password is wrong."), {},
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = field}, {}});
  }
  throttle_.succeeded(row->text(1));
  return row->text(0);
}

}  // namespace yihu::access
