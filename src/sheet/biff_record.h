#pragma once
// Records of an old workbook (BIFF8): a number, a length, and bytes that may go on in further records.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

/// Numbers are little-endian; what lies beyond the end reads as 0.
std::uint32_t biff_number(std::string_view bytes, std::size_t at, int size);
double biff_double(std::string_view bytes, std::size_t at);
/// A number packed into 30 bits.
double biff_packed(std::uint32_t packed);

/// One record with the pieces in which it goes on.
struct BiffRecord {
  std::uint32_t kind = 0;
  std::string_view body;               ///< of the record itself
  std::vector<std::string_view> more;  ///< of the records that continue it
};

class BiffRecords {
 public:
  BiffRecords(std::string_view stream, std::size_t begin) : stream_(stream), at_(begin) {}
  /// False at the end, or where the rest is no record.
  bool next(BiffRecord& record);
  std::size_t at() const { return at_; }

 private:
  std::string_view stream_;
  std::size_t at_;
};

/// Reads on through the pieces of a record.
class BiffText {
 public:
  BiffText(const BiffRecord& record, std::size_t begin) : record_(record), piece_(record.body), at_(begin) {}

  bool ended() const { return at_ >= piece_.size() && next_ >= record_.more.size(); }
  std::uint32_t number(int size);
  /// A text with its own length of `length_bytes` in front, and whatever decoration it carries.
  std::string text(int length_bytes);

 private:
  std::uint32_t byte();
  bool turn_piece();
  void skip(std::uint64_t bytes);

  const BiffRecord& record_;
  std::string_view piece_;
  std::size_t at_;
  std::size_t next_ = 0;
};

}  // namespace yihu::sheet
