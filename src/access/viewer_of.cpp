#include "access/viewer_of.h"

namespace yihu::access {
namespace {

using store::Sql;

constexpr Sql select_user = "SELECT must_change_password FROM user_account WHERE id = :id AND active = 1";
constexpr Sql select_posts =
    "SELECT p.id, p.unit, p.role, COALESCE(p.area, u.division, '') FROM post p JOIN unit u ON u.id = p.unit"
    " WHERE p.account = :account AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to >= :day)"
    " ORDER BY p.valid_from, p.id";

}  // namespace

base::Result<Viewer> viewer_of(store::Session& session, const Roles& roles, const base::UserId& user, base::Date day) {
  const auto row = TRY(session.find(select_user, {{"id", user}}));
  if (!row) {
    return base::fail(base::ErrorKind::signed_out, "signed_out", base::text("登录已失效。", "The session has ended."),
                      base::text("请重新登录。", "Please sign in again."));
  }
  Viewer viewer;
  viewer.user = user;
  for (const store::Row& post : TRY(session.query(select_posts, {{"account", user}, {"day", day}}))) {
    viewer.posts.push_back({post.id<base::PostId>(0), post.id<base::UnitId>(1), post.text(2), post.text(3)});
  }
  if (!row->truth(0)) roles.grant(viewer);
  return viewer;
}

}  // namespace yihu::access
