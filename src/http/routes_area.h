#pragma once
// Units: list, make, change.

#include "http/route.h"
#include "plan/tracking/plan_shelf.h"

namespace yihu::http {

/// GET and POST /api/v1/units, PATCH /api/v1/units/{unit}. `shelf` must outlive the routes.
std::vector<Route> area_routes(plan::PlanShelf& shelf);

}  // namespace yihu::http
