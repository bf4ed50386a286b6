#pragma once
// Signing in and out, the person's own account, users and posts, roles, secret calendar addresses.

#include "access/login.h"
#include "access/sessions.h"
#include "access/user.h"
#include "http/route.h"
#include "plan/tracking/plan_shelf.h"

#include <memory>

namespace yihu::http {

/// What these routes use; all of it must outlive them.
struct AccessServices {
  access::Sessions& sessions;
  access::Login& login;
  access::Rooms rooms;
  plan::PlanShelf& shelf;
  const base::Clock& true_clock;  ///< the machine's, for one-time codes
  bool demo = false;
};

/// /api/v1/session…, /api/v1/users…, /api/v1/posts/{post}, /api/v1/roles, /api/v1/calendar-addresses…
std::vector<Route> access_routes(const AccessServices& services);

/// The sessions, as the server asks for them. `sessions` must outlive the result.
std::unique_ptr<Visitors> visitors_from(access::Sessions& sessions);

}  // namespace yihu::http
