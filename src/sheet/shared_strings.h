#pragma once
// An xlsx file's table of texts that cells share, in as little memory as it can be kept.

#include "sheet/xml_stream.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

struct SharedString {
  std::string_view text;
  bool cut = false;  ///< longer than cell_bytes_max
};

class SharedStrings {
 public:
  /// Errors: damaged, larger than shared_text_bytes_max, cancelled.
  static base::Result<SharedStrings> read(const ZipArchive& archive, const std::string& part, const base::Cancel& cancel);

  std::size_t size() const { return entries_.size(); }
  SharedString at(std::size_t index) const {
    const Entry& entry = entries_[index];
    return {{entry.begin, entry.size}, entry.cut};
  }
  /// Takes a copy. False when the table would grow beyond its limit.
  bool add(std::string_view text, bool cut);

 private:
  struct Entry {
    const char* begin;
    std::uint32_t size;
    bool cut;
  };
  std::vector<Entry> entries_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* free_ = nullptr;
  std::size_t free_bytes_ = 0;
  std::size_t bytes_ = 0;
};

/// Collects the text of one cell from its pieces: no more than cell_bytes_max, whole characters only.
class CellText {
 public:
  void clear();
  void add(std::string_view piece);
  /// With "_x000D_" and the like turned into what they stand for.
  std::string_view text();
  bool cut() const { return cut_; }

 private:
  std::string text_;
  bool cut_ = false;
};

}  // namespace yihu::sheet
