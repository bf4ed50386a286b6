#pragma once
// A viewer from the posts he holds on a day.

#include "access/role.h"
#include "store/session.h"

namespace yihu::access {

/// Until a password handed over by an administrator has been changed, its holder may do nothing and sees nothing.
/// Errors: signed_out when there is no such user, or he is no longer active.
base::Result<Viewer> viewer_of(store::Session& session, const Roles& roles, const base::UserId& user, base::Date day);

}  // namespace yihu::access
