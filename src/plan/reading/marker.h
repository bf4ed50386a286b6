#pragma once
// The number that stands before a heading or an item: 第一部分, 一、, （一）, 1., 1）, （1）, ①.

#include <cstddef>
#include <optional>
#include <string_view>

namespace yihu::plan {

/// From the highest level to the lowest, as official documents nest them.
enum class MarkerStyle { division, article, chinese, bracketed_chinese, numeric, closed_numeric, bracketed_numeric, circled };
inline constexpr std::size_t marker_styles = 8;

struct Marker {
  MarkerStyle style = MarkerStyle::numeric;
  int number = 0;
  std::size_t length = 0;  ///< up to the first character of what it numbers
};

/// The marker that begins at `at` in folded characters, if one does. Looks ahead only a few characters.
std::optional<Marker> marker_at(std::u32string_view folded, std::size_t at);

}  // namespace yihu::plan
