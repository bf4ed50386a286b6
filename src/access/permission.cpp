#include "access/permission.h"

namespace yihu::access {

std::span<const Permission> permissions() {
  static constexpr Permission all[] = {Permission::plan_read,      Permission::plan_import, Permission::plan_correct,
                                       Permission::measure_report, Permission::unit_manage, Permission::user_manage,
                                       Permission::journal_read,   Permission::register_read, Permission::register_change,
                                       Permission::status_change,  Permission::private_open, Permission::register_exchange,
                                       Permission::ledger_read,    Permission::ledger_change};
  return all;
}

std::string_view name_of(Permission permission) {
  switch (permission) {
    case Permission::plan_read: return "plan_read";
    case Permission::plan_import: return "plan_import";
    case Permission::plan_correct: return "plan_correct";
    case Permission::measure_report: return "measure_report";
    case Permission::unit_manage: return "unit_manage";
    case Permission::user_manage: return "user_manage";
    case Permission::journal_read: return "journal_read";
    case Permission::register_read: return "register_read";
    case Permission::register_change: return "register_change";
    case Permission::status_change: return "status_change";
    case Permission::private_open: return "private_open";
    case Permission::register_exchange: return "register_exchange";
    case Permission::ledger_read: return "ledger_read";
    case Permission::ledger_change: return "ledger_change";
  }
  return "";
}

std::optional<Permission> permission_from(std::string_view name) {
  for (const Permission permission : permissions()) {
    if (name_of(permission) == name) return permission;
  }
  return std::nullopt;
}

pack::Vocabulary vocabulary() {
  pack::Vocabulary out;
  for (const Permission permission : permissions()) out.permissions.push_back(name_of(permission));
  return out;
}

}  // namespace yihu::access
