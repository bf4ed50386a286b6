#pragma once
// Roles: what the packs let the holder of a post do, and how far he sees.

#include "access/viewer.h"
#include "pack/pack.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::access {

struct Role {
  std::string id;
  base::Text label;
  bool district = false;  ///< sees everything; else the post's own unit
  pack::Reach reach = pack::Reach::area;  ///< whose households he sees
  std::set<Permission> permissions;
};

class Roles {
 public:
  explicit Roles(const pack::Pack& pack);

  const std::vector<Role>& all() const { return roles_; }
  /// nullptr when no pack names it (any more): such a post gives nothing.
  const Role* find(std::string_view id) const;
  /// The label, or the id itself when the role is gone.
  base::Text label(std::string_view id) const;

  /// What holding `posts` adds up to.
  void grant(Viewer& viewer) const;

 private:
  std::vector<Role> roles_;
};

}  // namespace yihu::access
