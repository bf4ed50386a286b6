#pragma once
// What the rules say: a household's lights and entitlements, findings, why, what if, goals, indicators, how far the
// sweep is.

#include "http/route.h"
#include "screen/rule_book.h"
#include "screen/sweep.h"

namespace yihu::http {

/// What these routes use; all of it must outlive them.
struct ScreenServices {
  std::shared_ptr<const screen::RuleBook> book;
};

std::vector<Route> screen_routes(const ScreenServices& services);

// The parts of the table, each in its own file.
std::vector<Route> screen_household_routes(const ScreenServices& services);  ///< standing, explanation, lights by village
std::vector<Route> screen_finding_routes(const ScreenServices& services);    ///< findings, counts, rules
std::vector<Route> screen_policy_routes(const ScreenServices& services);     ///< what-if, goals, cohorts, indicators, sweep

}  // namespace yihu::http
