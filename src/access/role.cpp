#include "access/role.h"

#include "access/permission.h"

#include <algorithm>

namespace yihu::access {

Roles::Roles(const pack::Pack& pack) {
  for (const pack::Role& role : pack.roles) {
    Role out{role.id, role.label, role.scope == pack::RoleScope::district, role.reach, {}};
    for (const std::string& name : role.permissions) {
      if (const auto permission = permission_from(name)) out.permissions.insert(*permission);
    }
    roles_.push_back(std::move(out));
  }
}

const Role* Roles::find(std::string_view id) const {
  const auto at = std::ranges::find(roles_, id, [](const Role& role) -> std::string_view { return role.id; });
  return at == roles_.end() ? nullptr : &*at;
}

base::Text Roles::label(std::string_view id) const {
  if (const Role* role = find(id)) return role->label;
  return {std::string(id), std::string(id)};
}

void Roles::grant(Viewer& viewer) const {
  for (const Post& post : viewer.posts) {
    const Role* role = find(post.role);
    if (role == nullptr) continue;
    viewer.permissions.insert(role->permissions.begin(), role->permissions.end());
    if (role->district) viewer.scope.district = true;
    viewer.scope.units.insert(post.unit);
    if (!role->permissions.contains(Permission::register_read)) continue;
    switch (role->reach) {
      case pack::Reach::district: viewer.scope.whole_register = true; break;
      case pack::Reach::area:
        if (!post.area.empty()) viewer.scope.areas.insert(post.area);
        break;
      case pack::Reach::assigned: viewer.scope.assigned = true; break;
    }
  }
}

}  // namespace yihu::access
