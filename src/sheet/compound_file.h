#pragma once
// Microsoft's compound file, the container of old office files and of encrypted new ones.

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

class CompoundFile {
 public:
  /// `bytes` must outlive the file. Errors: damaged.
  static base::Result<CompoundFile> open(std::string_view bytes);

  bool has(std::string_view name) const;
  /// A whole stream. Errors: not there, damaged; never more than the file itself holds.
  base::Result<std::string> read(std::string_view name) const;

 private:
  struct Entry {
    std::string name;
    std::uint32_t start = 0;
    std::uint64_t size = 0;
    bool stream = false;
  };
  /// The bytes of one chain of sectors, as many as `size` at most. Errors: a chain that leaves the file or runs in a circle.
  base::Result<std::string> chain(std::uint32_t start, std::uint64_t size) const;
  std::string_view sector(std::uint32_t number) const;

  std::string_view bytes_;
  std::size_t sector_bytes_ = 512;
  std::uint32_t mini_cutoff_ = 4096;
  std::vector<std::uint32_t> next_;       ///< by sector
  std::vector<std::uint32_t> mini_next_;  ///< by small sector
  std::string mini_;                      ///< the stream that holds all small streams
  std::vector<Entry> entries_;
};

}  // namespace yihu::sheet
