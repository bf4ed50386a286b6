#pragma once
// Somebody who did something, for whoever tells it: how he is called, and where he worked.

#include "access/user.h"

namespace yihu::access {

struct NamedPosts {
  std::string display_name;
  std::vector<TermOfPost> posts;  ///< the latest first
};
/// @returns nothing in it for an id that is nobody's
base::Result<NamedPosts> named_posts(store::Session& session, const store::Secrets& secrets, const base::UserId& id);

}  // namespace yihu::access
