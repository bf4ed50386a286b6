#pragma once
// Whether a directory read earlier still stands.

#include "store/session.h"

#include <string>

namespace yihu::area {

/// Differs whenever a unit was made or changed, or a group's members differ in number: cheap to ask, so that whoever
/// keeps a Directory need not read it again.
base::Result<std::string> directory_version(store::Session& session);

}  // namespace yihu::area
