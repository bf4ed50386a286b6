#pragma once
// Reading users and posts from their tables, for the files of this room.

#include "access/user.h"

namespace yihu::access {

base::Result<std::vector<TermOfPost>> posts_of(store::Session& session, const base::UserId& user);
/// Errors: not_found. Says nothing about who may see it.
base::Result<User> user_by_id(store::Session& session, const store::Secrets& secrets, const base::UserId& id);
/// A manager sees all of his district, or those who hold or held a post in one of his units.
bool within_scope(const Viewer& viewer, const User& user);
base::Error no_such_user();

/// Where the display name stands, for sealing.
store::SecretPlace display_name_place(const base::UserId& id);

}  // namespace yihu::access
