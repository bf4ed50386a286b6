#pragma once
// Who changed what, and whether the record of it is whole.

#include "http/route.h"
#include "plan/tracking/plan_shelf.h"

namespace yihu::http {

/// GET /api/v1/journal, …/actions, …/check. `shelf` must outlive the routes.
std::vector<Route> journal_routes(plan::PlanShelf& shelf);

/// What an entry's action is called; the action itself when nothing names it.
base::Text action_label(std::string_view action);
/// Those that have a name.
std::vector<std::string_view> known_actions();

}  // namespace yihu::http
