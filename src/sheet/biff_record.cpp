#include "sheet/biff_record.h"

#include "base/utf8.h"

#include <algorithm>
#include <bit>

namespace yihu::sheet {
namespace {

constexpr std::uint32_t record_continue = 0x3c;

}  // namespace

std::uint32_t biff_number(std::string_view bytes, std::size_t at, int size) {
  std::uint32_t number = 0;
  for (int i = size - 1; i >= 0; --i) {
    const std::size_t place = at + static_cast<std::size_t>(i);
    number = number << 8 | (place < bytes.size() ? static_cast<unsigned char>(bytes[place]) : 0u);
  }
  return number;
}

double biff_double(std::string_view bytes, std::size_t at) {
  const std::uint64_t low = biff_number(bytes, at, 4);
  const std::uint64_t high = biff_number(bytes, at + 4, 4);
  return std::bit_cast<double>(high << 32 | low);
}

double biff_packed(std::uint32_t packed) {
  const bool whole = (packed & 2) != 0;
  const double value = whole ? static_cast<double>(static_cast<std::int32_t>(packed) >> 2)
                             : std::bit_cast<double>(static_cast<std::uint64_t>(packed & ~3u) << 32);
  constexpr double hundred = 100;
  return (packed & 1) != 0 ? value / hundred : value;
}

bool BiffRecords::next(BiffRecord& record) {
  const auto take = [&](std::string_view& body) {
    const std::size_t size = biff_number(stream_, at_ + 2, 2);
    if (at_ + 4 + size > stream_.size()) return false;
    body = stream_.substr(at_ + 4, size);
    at_ += 4 + size;
    return true;
  };
  record.more.clear();
  if (at_ + 4 > stream_.size()) return false;
  record.kind = biff_number(stream_, at_, 2);
  if (!take(record.body)) return false;
  while (at_ + 4 <= stream_.size() && biff_number(stream_, at_, 2) == record_continue) {
    std::string_view body;
    if (!take(body)) return false;
    record.more.push_back(body);
  }
  return true;
}

bool BiffText::turn_piece() {
  while (at_ >= piece_.size()) {
    if (next_ >= record_.more.size()) return false;
    piece_ = record_.more[next_++];
    at_ = 0;
  }
  return true;
}

std::uint32_t BiffText::byte() { return turn_piece() ? static_cast<unsigned char>(piece_[at_++]) : 0; }

std::uint32_t BiffText::number(int size) {
  std::uint32_t number = 0;
  for (int i = 0; i < size; ++i) number |= byte() << (8 * i);
  return number;
}

void BiffText::skip(std::uint64_t bytes) {
  while (bytes > 0 && turn_piece()) {
    const std::uint64_t step = std::min<std::uint64_t>(bytes, piece_.size() - at_);
    at_ += step;
    bytes -= step;
  }
}

std::string BiffText::text(int length_bytes) {
  constexpr std::uint32_t is_wide = 1;
  constexpr std::uint32_t has_extension = 4;
  constexpr std::uint32_t has_runs = 8;
  std::uint32_t left = number(length_bytes);
  std::uint32_t flags = byte();
  const std::uint32_t runs = (flags & has_runs) != 0 ? number(2) : 0;
  const std::uint32_t extension = (flags & has_extension) != 0 ? number(4) : 0;
  std::string out;
  char32_t high = 0;
  while (left > 0) {
    if (at_ >= piece_.size()) {
      // Where a text goes on in the next record, that begins by saying again how wide its characters are.
      if (!turn_piece()) break;
      flags = byte();
      continue;
    }
    char32_t unit = byte();
    if ((flags & is_wide) != 0) unit |= static_cast<char32_t>(byte() << 8);
    --left;
    if (unit >= 0xd800 && unit < 0xdc00) {
      high = unit;
      continue;
    }
    if (unit >= 0xdc00 && unit < 0xe000) unit = high == 0 ? U'\ufffd' : 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00);
    high = 0;
    out += base::utf8(unit);
  }
  skip(std::uint64_t{runs} * 4 + extension);
  return out;
}

}  // namespace yihu::sheet
