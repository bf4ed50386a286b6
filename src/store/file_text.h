#pragma once
// Small files that must be whole or not there at all.

#include "base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace yihu::store {

/// Written beside, flushed to the disk, then put in place: after a power cut the file is the old one or the new one.
base::Done write_durably(const std::filesystem::path& file, std::string_view text, unsigned mode);
/// For small files only. Errors: unavailable when it cannot be read.
base::Result<std::string> read_whole(const std::filesystem::path& file);
/// Makes a rename or a new file in `folder` survive a power cut.
base::Done flush_folder(const std::filesystem::path& folder);
/// What the system says about the last failed call, as one error.
base::Error file_error(const std::filesystem::path& file, int code);

}  // namespace yihu::store
