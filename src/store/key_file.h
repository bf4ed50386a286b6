#pragma once
// The store's key: 32 random bytes in a file that only its owner may read. It wraps the persons' keys; without it
// nothing sealed can be opened, so it is kept apart from the copies of the store.

#include "store/digest.h"

#include <filesystem>

namespace yihu::store {

/// Makes the file (mode 600) if `make`, else reads it.
/// Errors: missing (when not to be made); readable by others; not a key file.
base::Result<Key> key_from_file(const std::filesystem::path& file, bool make);

}  // namespace yihu::store
