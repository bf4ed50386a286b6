// Turning a person's one-time code on and off.

#include "access/login.h"
#include "access/one_time_code.h"

namespace yihu::access {
namespace {

using store::Sql;

constexpr Sql select_code = "SELECT name, code_secret, code_enabled FROM user_account WHERE id = :id";
constexpr Sql update_offer = "UPDATE user_account SET code_secret = :secret WHERE id = :id AND code_enabled = 0";
constexpr Sql update_enabled =
    "UPDATE user_account SET code_enabled = 1, code_step = :step, version = version + 1 WHERE id = :id";
constexpr Sql update_disabled =
    "UPDATE user_account SET code_enabled = 0, code_secret = NULL, version = version + 1 WHERE id = :id";

store::SecretPlace place(const base::UserId& user) { return {"user_account", "code_secret", user.value}; }

base::Result<store::Row> code_row(store::Session& session, const base::UserId& user) {
  auto row = TRY(session.find(select_code, {{"id", user}}));
  if (!row) return base::fail(base::ErrorKind::signed_out, "signed_out", base::text("请先登录。", "Please sign in."));
  return *std::move(row);
}

}  // namespace

base::Result<CodeOffer> offer_code(store::Transaction& transaction, const store::Secrets& secrets, const base::UserId& user) {
  const store::Row row = TRY(code_row(transaction, user));
  if (row.truth(2)) {
    return base::fail(base::ErrorKind::conflict, "code_enabled", base::text("动态码已经启用。", "One-time codes are on already."),
                      base::text("要换手机，请先停用。", "To change the phone, turn them off first."));
  }
  const std::string secret = new_code_secret();
  const std::string sealed = TRY(secrets.seal(transaction, place(user), secret));
  TRY(transaction.execute(update_offer, {{"id", user}, {"secret", sealed}}));
  TRY(transaction.journal({"code.offered", "user", user.value, "", ""}));
  return CodeOffer{base32(secret), code_address(secret, row.text(0))};
}

base::Done enable_code(store::Transaction& transaction, const store::Secrets& secrets, const base::UserId& user,
                       const std::string& code, base::Instant true_now) {
  const store::Row row = TRY(code_row(transaction, user));
  if (row.null(1) || row.truth(2)) {
    return base::fail(base::ErrorKind::conflict, "code_not_offered", base::text("没有待确认的动态码。", "There is no one-time code to confirm."),
                      base::text("请重新开始设置。", "Start the setup again."));
  }
  const std::string secret = TRY(secrets.open(transaction, place(user), row.text(1)));
  const auto step = step_of_code(secret, code, true_now, 0);
  if (!step) {
    return base::fail(base::Error{base::ErrorKind::input, "code_wrong", base::text("动态码不对。", "The code is wrong."),
                                  base::text("请检查手机时间，输入当前显示的 6 位数字。", "Check the phone's clock and enter the six digits it shows now."),
                                  {.file = {}, .line = 0, .column = 0, .cell = {}, .field = "/code"}, {}});
  }
  TRY(transaction.execute(update_enabled, {{"id", user}, {"step", *step}}));
  return transaction.journal({"code.enabled", "user", user.value, "", ""});
}

base::Done disable_code(store::Transaction& transaction, const base::UserId& user) {
  TRY(transaction.execute(update_disabled, {{"id", user}}));
  return transaction.journal({"code.disabled", "user", user.value, "", ""});
}

}  // namespace yihu::access
