#pragma once
// A demo store: the plan of the pack, accounts for each kind of user, and half a year of made-up reports.
// Everything in it is invented; which reports are missing depends on nothing but the plan, so every demo looks alike.

#include "app/office.h"
#include "base/cancel.h"

#include <filesystem>
#include <string>
#include <vector>

namespace yihu::app {

/// One line of the file of accounts.
struct DemoAccount {
  std::string name;
  std::string unit;   ///< its short name
  std::string role;   ///< its label
};

struct Demo {
  std::string password;  ///< of every account, new for every store
  std::vector<DemoAccount> accounts;
  base::Date day;        ///< the day on which the store wakes up
  int measures = 0;
  int reports = 0;
};

/// Makes a store in `folder`, which must be empty or missing.
/// Errors: conflict when there is a store; cancelled; what pack and store say.
base::Result<Demo> make_demo(const std::filesystem::path& folder, base::Language language,
                             const base::Progress& progress, const base::Cancel& cancel);

inline constexpr const char* demo_accounts_file = "demo-accounts.txt";

}  // namespace yihu::app
