#pragma once
// A file that gets its name only when everything is in it.

#include "base/cancel.h"
#include "base/result.h"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace yihu::link {

class WholeFile {
 public:
  /// Opens a file beside `path`; what goes wrong is said by finish().
  explicit WholeFile(const std::filesystem::path& path);
  /// Without finish() nothing stays.
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  bool add(std::string_view text) { return add_at(text, size_.fetch_add(text.size())); }
  /// Several threads may write at places of their own.
  bool add_at(std::string_view text, std::size_t place);
  /// Gives the file its name, unless something failed or the run was cancelled.
  base::Done finish(bool good, const base::Cancel& cancel);

 private:
  std::filesystem::path path_;
  std::string part_;
  int file_ = -1;
  bool finished_ = false;
  std::atomic<std::size_t> size_ = 0;
};

}  // namespace yihu::link
