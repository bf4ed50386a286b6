#pragma once
// Plans: board, tasks, measures, reports and evidence, imports, what is due, files to take away, calendar feeds.

#include "access/role.h"
#include "compare/rosters.h"
#include "http/route.h"
#include "plan/tracking/plan_shelf.h"
#include "plan/tracking/report.h"
#include "store/secret.h"

namespace yihu::http {

/// What these routes use; all of it must outlive them.
struct PlanServices {
  plan::PlanShelf& shelf;
  const store::Secrets& secrets;
  const access::Roles& roles;
  const compare::Rosters& rosters;   ///< whose differences are among what somebody has to do
};

/// Everything below, in one table.
std::vector<Route> plan_routes(const PlanServices& services);

// The parts of the table, each in its own file.
std::vector<Route> board_routes(const PlanServices& services);     ///< plans, board, tasks, workbench, document, difference
std::vector<Route> measure_routes(const PlanServices& services);   ///< a measure, its corrections, reports, evidence
std::vector<Route> import_routes(const PlanServices& services);    ///< plan-imports
std::vector<Route> today_routes(const PlanServices& services);     ///< today
std::vector<Route> plan_file_routes(const PlanServices& services); ///< responsibility workbooks, plan.json
std::vector<Route> calendar_routes(const PlanServices& services);  ///< /calendar/{secret}.ics

/// Names of those who did something, found as they are asked for. Refers to `session`.
plan::NameOf names_from(const PlanServices& services, store::Session& session, base::Language language);

/// A tag that tells both the version an edit is made on and the body it was read as, so that new reports on an
/// unchanged measure are never answered by "not modified".
std::string versioned_tag(std::int64_t version, std::string_view body);
/// The version in an If-Match made so; 0 for anything else, which no version is.
std::int64_t version_in(const std::optional<std::string>& if_match);

/// The plan meant by ?plan=, else the one in force on the day. Errors: not_found.
base::Result<std::shared_ptr<const plan::TrackedPlan>> plan_asked(const PlanServices& services, const Request& request,
                                                                  Context& context);

/// The plan of a path like /plans/{plan}/…. Errors: not_found.
base::Result<std::shared_ptr<const plan::TrackedPlan>> plan_at(const PlanServices& services, std::string_view id,
                                                               Context& context);

}  // namespace yihu::http
