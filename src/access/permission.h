#pragma once
// Permissions by name, as packs and the API write them.

#include "access/viewer.h"
#include "pack/pack.h"

#include <optional>
#include <span>
#include <string_view>

namespace yihu::access {

std::span<const Permission> permissions();
/// "plan_read"
std::string_view name_of(Permission permission);
std::optional<Permission> permission_from(std::string_view name);

/// What a pack may name that this room defines.
pack::Vocabulary vocabulary();

}  // namespace yihu::access
