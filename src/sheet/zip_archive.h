#pragma once
// The parts of an office file, which is a zip. Nothing is written to disk, and every size is held to a limit
// while inflating, because what the directory of a zip promises may be a lie.

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct zip;
struct zip_file;

namespace yihu::sheet {

inline constexpr std::size_t zip_entries_max = 10'000;
inline constexpr std::size_t zip_part_bytes_max = 32u << 20;
/// Text compresses 5 to 60 times, a bomb about 1,000 times.
inline constexpr std::size_t zip_ratio_max = 250;
/// Small parts may be of any ratio: an empty style sheet of 10,000 spaces harms nobody.
inline constexpr std::size_t zip_ratio_free_bytes = 4u << 20;

/// A part read piece by piece, for parts too large to hold. It must not outlive its archive.
class ZipStream {
 public:
  /// Fills `buffer` as far as the part goes; 0 at its end. Errors: damaged, larger than the limits given when opened.
  base::Result<std::size_t> read(char* buffer, std::size_t size);
  /// What the directory promises, for progress.
  std::uint64_t size() const { return size_; }

 private:
  friend class ZipArchive;
  struct Close {
    void operator()(zip_file* file) const;
  };
  std::unique_ptr<zip_file, Close> file_;
  std::uint64_t size_ = 0;
  std::uint64_t packed_ = 0;
  std::uint64_t got_ = 0;
  std::uint64_t bytes_max_ = 0;
};

/// A sheet of equal rows packs 100 to 400 times; nothing of it is kept, so only time is at stake.
inline constexpr std::uint64_t zip_stream_ratio_max = 500;
inline constexpr std::uint64_t zip_stream_ratio_free_bytes = 64u << 20;

class ZipArchive {
 public:
  /// `bytes` must outlive the archive.
  static base::Result<ZipArchive> open(std::string_view bytes);
  /// Without taking the file into memory.
  static base::Result<ZipArchive> open_file(const std::filesystem::path& file);

  bool has(const std::string& part) const;
  /// The names of all parts, as the directory has them.
  std::vector<std::string> parts() const;
  /// Errors: not there, locked by a password, promises more than `bytes_max`.
  base::Result<ZipStream> stream(const std::string& part, std::uint64_t bytes_max) const;
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
