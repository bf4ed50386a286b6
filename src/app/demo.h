#pragma once
// A demo store: the plan of the pack, accounts for each kind of user, a made-up register with its ledgers, and half a
// year of made-up reports. Everything in it is invented, and every demo looks alike.

#include "app/office.h"
#include "base/cancel.h"

#include <filesystem>
#include <optional>
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
  int listed_people = 0;
  int other_people = 0;
  std::int64_t ledger_rows = 0;
  int planted = 0;       ///< problems, each in the file of the truth
  std::vector<std::string> unplanted;  ///< rules whose problem found nobody to be planted on
};

struct DemoWish {
  std::filesystem::path folder;  ///< must be empty or missing
  base::Language language = base::Language::zh;
  int other_people = 20'000;     ///< about so many who are not listed
  std::optional<base::Date> day = {}; ///< on which the store wakes up, in the plan's year; missing: in June
};

/// What is being made, for whoever waits.
using DemoProgress = std::function<void(const base::Text& what, std::int64_t done, std::int64_t total)>;

/// Errors: conflict when there is a store; cancelled; what pack and store say.
base::Result<Demo> make_demo(const DemoWish& wish, const DemoProgress& progress, const base::Cancel& cancel);

inline constexpr const char* demo_accounts_file = "demo-accounts.txt";
/// Which problems were planted on whom: what screening must find.
inline constexpr const char* demo_truth_file = "demo-truth.json";

}  // namespace yihu::app
