#pragma once
// Who is looking. No function returns data about a person without one, and every write knows its own.

#include "base/id.h"

#include <set>
#include <string>
#include <string_view>
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
  register_read,    ///< see households and people within reach, private values masked
  register_change,  ///< enter and correct fields, income, membership
  status_change,    ///< change a household's status and monitoring
  private_open,     ///< open one masked value, with a reason on record
  register_exchange,///< read the national system's workbook in and out, freeze snapshots
  ledger_read,      ///< see ledgers, their rows within reach, templates and exports
  ledger_change,    ///< fill in ledgers: rows, workbooks, deliveries; see ledger::may_change
};

struct Post {
  base::PostId id;
  base::UnitId unit;
  std::string role;
  std::string area = {};  ///< code of the town or village he answers for: the post's own, else its unit's; or empty
};

/// How far a viewer sees. A request for anything outside is answered as if the thing did not exist.
struct Scope {
  bool district = false;              ///< everything
  std::set<base::UnitId> units;       ///< own units
  bool covers(const base::UnitId& unit) const { return district || units.contains(unit); }

  // Of the register: households and people.
  bool whole_register = false;        ///< every household, which `district` implies
  std::set<std::string> areas;        ///< codes of towns and villages; a town's code covers its villages
  bool assigned = false;              ///< households whose helper the viewer is
  bool covers_register() const { return district || whole_register; }
  bool covers_area(std::string_view code) const;
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
