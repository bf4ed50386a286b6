#pragma once
// One process at a time writes a store. The system lets go of the lock when the process ends, however it ends.

#include "base/result.h"

#include <filesystem>

namespace yihu::store {

class FolderLock {
 public:
  /// Errors: conflict "store_in_use" with the other's process number.
  static base::Result<FolderLock> take(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/// The sentence for a second writer; `who` may be empty.
base::Error store_in_use(const std::string& who);

}  // namespace yihu::store
