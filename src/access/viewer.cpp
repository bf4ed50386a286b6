#include "access/viewer.h"

#include "access/permission.h"

#include <algorithm>

namespace yihu::access {

bool Viewer::holds_post_in(const base::UnitId& unit) const {
  return std::ranges::any_of(posts, [&](const Post& post) { return post.unit == unit; });
}

bool Scope::covers_area(std::string_view code) const {
  return covers_register() || std::ranges::any_of(areas, [&](const std::string& area) { return code.starts_with(area); });
}

std::string Viewer::actor() const { return job.empty() ? user.value : "system:" + job; }

Viewer Viewer::system(std::string job) {
  Viewer viewer;
  viewer.job = std::move(job);
  viewer.scope.district = true;
  for (const Permission permission : access::permissions()) viewer.permissions.insert(permission);
  return viewer;
}

}  // namespace yihu::access
