#pragma once
// Who is looking. No function returns data about a person without one, and every write knows its own.

#include "base/id.h"

#include <set>
#include <string>
#include <vector>

namespace yihu::access {

/// What a role may do. Packs give roles these by name (packs/…/roles.yaml).
enum class Permission {
  plan_read,      ///< see plans, measures and their progress
  plan_import,    ///< read in a document, correct it, accept it
  plan_correct,   ///< change a tracked measure's owners, dates or text
  measure_report, ///< report progress for the own unit
  unit_manage,    ///< make and change units
  user_manage,    ///< make users, give and end posts, reset passwords
  journal_read,   ///< read and verify the journal
};

struct Post {
  base::PostId id;
  base::UnitId unit;
  std::string role;
};

/// How far a viewer sees. A request for anything outside is answered as if the thing did not exist.
struct Scope {
  bool district = false;              ///< everything
  std::set<base::UnitId> units;       ///< own units, and towns' own villages once they exist
  bool covers(const base::UnitId& unit) const { return district || units.contains(unit); }
};

struct Viewer {
  base::UserId user;
  std::vector<Post> posts;            ///< those in force today
  std::set<Permission> permissions;
  Scope scope;
  std::string job;                    ///< of background work; then `user` is empty

  bool may(Permission permission) const { return permissions.contains(permission); }
  bool holds_post_in(const base::UnitId& unit) const;
  /// The name that stands in the journal: the user id, or "system:<job>".
  std::string actor() const;

  static Viewer system(std::string job);
};

}  // namespace yihu::access
