#include "base/id.h"

#include <sodium.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace yihu::base {
namespace {

// The 12 bits after the millisecond count upwards within it, so that ids sort in the order they were made.
struct Ticket {
  std::uint64_t millisecond;
  std::uint32_t count;
};

Ticket next_ticket() {
  static std::mutex mutex;
  static std::uint64_t last_millisecond = 0;
  static std::uint32_t count = 0;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto millisecond =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  const std::scoped_lock lock(mutex);
  if (millisecond > last_millisecond) {
    last_millisecond = millisecond;
    count = randombytes_uniform(0x400);
  } else if (++count > 0xfff) {
    ++last_millisecond;
    count = 0;
  }
  return {last_millisecond, count};
}

}  // namespace

std::string new_uuid() {
  static const int ready = sodium_init();
  (void)ready;
  const Ticket ticket = next_ticket();
  std::array<unsigned char, 16> bytes{};
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<unsigned char>(ticket.millisecond >> (40 - 8 * i));
  bytes[6] = static_cast<unsigned char>(0x70 | (ticket.count >> 8));
  bytes[7] = static_cast<unsigned char>(ticket.count);
  randombytes_buf(bytes.data() + 8, 8);
  bytes[8] = static_cast<unsigned char>(0x80 | (bytes[8] & 0x3f));
  constexpr char hex[] = "0123456789abcdef";
  std::string out;
  out.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += hex[bytes[i] >> 4];
    out += hex[bytes[i] & 15];
  }
  return out;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

}  // namespace yihu::base
