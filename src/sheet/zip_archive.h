#pragma once
// The parts of an office file, which is a zip. Nothing is written to disk, and every size is held to a limit
// while inflating, because what the directory of a zip promises may be a lie.

#include "base/result.h"

#include <memory>
#include <string>
#include <string_view>

struct zip;

namespace yihu::sheet {

inline constexpr std::size_t zip_entries_max = 10'000;
inline constexpr std::size_t zip_part_bytes_max = 32u << 20;
/// Text compresses 5 to 60 times, a bomb about 1,000 times.
inline constexpr std::size_t zip_ratio_max = 250;
/// Small parts may be of any ratio: an empty style sheet of 10,000 spaces harms nobody.
inline constexpr std::size_t zip_ratio_free_bytes = 4u << 20;

class ZipArchive {
 public:
  /// `bytes` must outlive the archive.
  static base::Result<ZipArchive> open(std::string_view bytes);

  bool has(const std::string& part) const;
  /// The whole part. Errors: not there, locked by a password, damaged, larger than the limits allow.
  base::Result<std::string> read(const std::string& part) const;

 private:
  struct Close {
    void operator()(zip* archive) const;
  };
  explicit ZipArchive(zip* archive) : archive_(archive) {}
  std::unique_ptr<zip, Close> archive_;
};

}  // namespace yihu::sheet
