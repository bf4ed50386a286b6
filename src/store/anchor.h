#pragma once
// The anchor: a file beside the store that says how far the journal had come. The chain alone cannot show that its
// last entries were cut off; the anchor can, up to the moment it was written. It is signed with a key derived from the
// store's key, so that whoever can change only the database cannot forge it.

#include "store/journal.h"

#include <filesystem>
#include <optional>

namespace yihu::store {

/// The file's name in the store's folder.
inline constexpr const char* anchor_name = "anchor";

struct Anchor {
  Head head;
  base::Instant at;  ///< when it was written
};

base::Done write_anchor(const std::filesystem::path& file, const Anchor& anchor, Algorithms algorithms, const Key& key);
/// @returns nothing when there is none. Errors: unavailable "anchor_forged" when it is not signed with `key`.
base::Result<std::optional<Anchor>> read_anchor(const std::filesystem::path& file, Algorithms algorithms, const Key& key);

}  // namespace yihu::store
