#pragma once
// Rosters over HTTP: what is declared and delivered, runs, doubtful pairs, discrepancies, the year's comparisons.

#include "compare/desk.h"
#include "http/route.h"

namespace yihu::http {

struct CompareServices {
  const compare::Rosters& rosters;
  compare::Desk& desk;
  const store::Secrets& secrets;
};

std::vector<Route> compare_routes(const CompareServices& services);

// Parts of it.
std::vector<Route> roster_routes(const CompareServices& services);
std::vector<Route> roster_run_routes(const CompareServices& services);
std::vector<Route> pair_routes(const CompareServices& services);
std::vector<Route> discrepancy_routes(const CompareServices& services);
std::vector<Route> comparison_routes(const CompareServices& services);

}  // namespace yihu::http
