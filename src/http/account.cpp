#include "http/account.h"

#include "access/permission.h"
#include "access/viewer_of.h"

namespace yihu::http {

UnitName unit_name(const base::UnitId& id, const area::Directory& units) {
  const area::Unit* unit = units.unit(id);
  if (unit == nullptr) return {id, {}, {}};
  return {id, unit->name, unit->short_name};
}

namespace {

Post post_of(const access::TermOfPost& post, const access::Roles& roles, const area::Directory& units) {
  return {post.id, unit_name(post.unit, units), post.role, roles.label(post.role), post.from, post.to, post.area};
}

}  // namespace

UserRow row_of(const access::User& user, const access::Roles& roles, const area::Directory& units) {
  UserRow row{user.id, user.name, user.display_name, user.active, user.last_seen, {}, user.version};
  for (const access::TermOfPost& post : user.posts) row.posts.push_back(post_of(post, roles, units));
  return row;
}

base::Result<Me> me_of(store::Session& session, const AccessServices& services, const base::UserId& user,
                       const std::string& session_id, base::Date today) {
  const access::Viewer viewer = TRY(access::viewer_of(session, services.rooms.roles, user, today));
  const access::User self = TRY(access::read_user(session, services.rooms, viewer, user));
  const auto units = TRY(services.shelf.directory(session));
  Me me;
  me.user = {self.id, self.name, self.display_name};
  for (const access::TermOfPost& post : self.posts) {
    if (post.in_force(today)) me.posts.push_back(post_of(post, services.rooms.roles, *units));
  }
  for (const access::Permission permission : viewer.permissions) me.permissions.emplace_back(access::name_of(permission));
  me.district = viewer.scope.district;
  me.csrf_token = services.sessions.csrf_token(session_id);
  me.must_change_password = self.must_change_password;
  me.code_enabled = self.code_enabled;
  me.demo = services.demo;
  me.today = today;
  if (viewer.may(access::Permission::plan_read)) {
    const auto plan = TRY(plan::current_plan(session, static_cast<int>(today.year())));
    if (plan) me.plan = PlanName{plan->id, plan->title, plan->year};
  }
  if (!viewer.posts.empty()) me.own_unit = unit_name(viewer.posts.front().unit, *units);
  return me;
}

}  // namespace yihu::http
