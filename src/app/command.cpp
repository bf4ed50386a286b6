#include "app/command.h"

#include <array>
#include <cstdio>

namespace yihu::app {

std::span<const AddCommand> commands() {
  static constexpr std::array all{
      add_init_command,
      add_demo_command,
      add_serve_command,
      add_plan_command,
      add_user_command,
      add_screen_commands,
      add_pack_command,
      add_register_command,
      add_link_command,
      add_import_command,
      add_ledger_command,
      add_compare_command,
      add_roster_command,
      add_sample_command,
      add_verify_command,
      add_version_command,
  };
  return all;
}

Exit report(const base::Error& error, const Common& common) {
  std::fprintf(stderr, "%s\n", base::describe(error, common.language).c_str());
  switch (error.kind) {
    case base::ErrorKind::input:
    case base::ErrorKind::not_found:
    case base::ErrorKind::denied:
    case base::ErrorKind::signed_out:
    case base::ErrorKind::conflict:
    case base::ErrorKind::stale:
    case base::ErrorKind::too_large:
    case base::ErrorKind::too_many:
    case base::ErrorKind::cancelled:
      return Exit::input_wrong;
    case base::ErrorKind::unavailable:
    case base::ErrorKind::internal:
      return Exit::our_fault;
  }
  return Exit::our_fault;
}

}  // namespace yihu::app
