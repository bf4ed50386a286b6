#pragma once
// UTF-8 and code points. Spans everywhere count code points, never bytes.

#include <string>
#include <string_view>

namespace yihu::base {

/// Half-open range of code points in one text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const Span&) const = default;
};

bool is_utf8(std::string_view bytes);
/// Bytes that are not UTF-8 become U+FFFD.
std::u32string code_points(std::string_view utf8);
std::string utf8(std::u32string_view points);
std::string utf8(char32_t point);
std::size_t count_code_points(std::string_view utf8);
/// The first `count` code points, whole characters only.
std::string_view first_code_points(std::string_view utf8, std::size_t count);

}  // namespace yihu::base
