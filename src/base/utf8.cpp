#include "base/utf8.h"

#include <unicode/utf8.h>

namespace yihu::base {

bool is_utf8(std::string_view bytes) {
  const auto* data = bytes.data();
  const auto length = static_cast<std::int64_t>(bytes.size());
  for (std::int64_t i = 0; i < length;) {
    UChar32 point = 0;
    U8_NEXT(data, i, length, point);
    if (point < 0) return false;
  }
  return true;
}

std::u32string code_points(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size() / 2);
  const auto* data = utf8.data();
  const auto length = static_cast<std::int64_t>(utf8.size());
  for (std::int64_t i = 0; i < length;) {
    UChar32 point = 0;
    U8_NEXT_OR_FFFD(data, i, length, point);
    out += static_cast<char32_t>(point);
  }
  return out;
}

std::string utf8(std::u32string_view points) {
  std::string out;
  out.reserve(points.size() * 3);
  for (const char32_t point : points) {
    char bytes[4];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, static_cast<UChar32>(point));
    out.append(bytes, static_cast<std::size_t>(length));
  }
  return out;
}

std::string utf8(char32_t point) { return utf8(std::u32string_view(&point, 1)); }

std::size_t count_code_points(std::string_view utf8) {
  std::size_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

std::string_view first_code_points(std::string_view utf8, std::size_t count) {
  std::size_t i = 0;
  for (; i < utf8.size(); ++i) {
    if ((static_cast<unsigned char>(utf8[i]) & 0xc0) != 0x80 && count-- == 0) break;
  }
  return utf8.substr(0, i);
}

}  // namespace yihu::base
