#pragma once
// Households and people: lists, pages, changes, events of membership, private values, past days.

#include "area/division.h"
#include "http/route.h"
#include "registry/outside_codes.h"
#include "registry/rooms.h"

namespace yihu::http {

/// What these routes use; all of it must outlive them.
struct RegistryServices {
  registry::Rooms rooms;
  registry::OutsideCodes codes;   ///< of the national system
};

/// /api/v1/areas, /api/v1/register…, /api/v1/households…, /api/v1/people…, /api/v1/identity-corrections/{correction}/undo
std::vector<Route> registry_routes(const RegistryServices& services);

/// Parts of the above, by file.
std::vector<Route> registry_read_routes(const RegistryServices& services);
std::vector<Route> registry_change_routes(const RegistryServices& services);
std::vector<Route> registry_membership_routes(const RegistryServices& services);
std::vector<Route> registry_exchange_routes(const RegistryServices& services);

}  // namespace yihu::http
