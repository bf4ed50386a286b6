#pragma once
// Is the server there, and what can be asked of it.

#include "http/route.h"

namespace yihu::http {

/// /health, /api/v1/events
std::vector<Route> health_routes(std::string version);

/// Adds /api/v1/openapi.json, which describes the whole table including itself. Call it last.
void add_description(std::vector<Route>& routes, std::string_view version);

/// The same text, for the commands that generate from it.
std::string description(const std::vector<Route>& routes, std::string_view version);

}  // namespace yihu::http
