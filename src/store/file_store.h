#pragma once
// Files kept by the hash of their content, under files/ab/cdef…: the same bytes are kept once, and bytes that changed on
// the disk are noticed when they are read. What a file is called and who may see it stands in the database.

#include "base/cancel.h"
#include "store/digest.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::store {

struct KeptFile {
  std::string hash;             ///< 64 hexadecimal digits
  std::int64_t size_bytes = 0;
};

struct FileCheck {
  std::int64_t files = 0;             ///< read
  std::vector<std::string> damaged;   ///< hashes of those whose content no longer fits, sorted
};

class FileStore {
 public:
  /// Also removes what an interrupted process left half-written.
  FileStore(std::filesystem::path folder, Algorithms algorithms);

  /// Bytes on their way in. Left unfinished, nothing stays.
  class Draft {
   public:
    ~Draft();
    Draft(Draft&&) noexcept;
    Draft& operator=(Draft&&) noexcept;
    /// Errors: too_large beyond the limit given to `begin`; unavailable when the disk does not take it.
    base::Done add(std::string_view bytes);
    /// On the disk for good when this returns.
    base::Result<KeptFile> finish();

   private:
    friend class FileStore;
    struct State;
    explicit Draft(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
  };

  base::Result<Draft> begin(std::int64_t size_bytes_max);
  base::Result<KeptFile> keep(std::string_view bytes, std::int64_t size_bytes_max);

  /// Whether the content came in, or came in again, within the last hour: somebody may be about to name it.
  bool is_fresh(std::string_view hash) const;
  /// Takes content away that nothing names any more; fresh content stays. @returns whether it is gone
  bool remove_unless_fresh(std::string_view hash);

  /// @returns the content, checked against the hash. Errors: not_found; unavailable "file_damaged".
  base::Result<std::string> read(std::string_view hash) const;
  /// Where it lies, for streaming. Errors: not_found.
  base::Result<std::filesystem::path> find(std::string_view hash) const;
  /// Reads all of it and compares. Errors: not_found; unavailable "file_damaged".
  base::Done check(std::string_view hash) const;
  /// Checks every file that is kept. Errors: cancelled.
  base::Result<FileCheck> check_all(const base::Progress& progress, const base::Cancel& cancel) const;

 private:
  std::filesystem::path folder_;
  Algorithms algorithms_;
  /// Held while content is found to be there already, and while it is taken away.
  std::shared_ptr<std::mutex> removal_;   ///< drafts hold it too, and may outlive us
};

}  // namespace yihu::store
