#include "plan/reading/item.h"

#include <algorithm>
#include <array>

namespace yihu::plan {
namespace {

constexpr int skipped_in_line_max = 2;

bool is_beginning(const Place& place, int last_number) {
  const int number = place.marker.number;
  switch (place.boundary) {
    case Boundary::paragraph: return true;
    case Boundary::doubtful: return number == 1 || number == last_number + 1;
    case Boundary::sentence: return number == 1 || (last_number > 0 && number == last_number + 1);
    case Boundary::space: return number == 1 && place.marker.style == MarkerStyle::numeric;
    case Boundary::inside: return false;
  }
  return false;
}

/// The highest style of number with which a list begins here; lower ones are lists inside an item.
std::optional<MarkerStyle> style_of(std::span<const Place> places, int last_number, MarkerStyle highest) {
  std::optional<MarkerStyle> style;
  for (const auto& place : places) {
    if (place.marker.style < highest || !is_beginning(place, last_number)) continue;
    if (!style || place.marker.style < *style) style = place.marker.style;
  }
  return style;
}

bool continues(const Place& place, int last) {
  const int number = place.marker.number;
  switch (place.boundary) {
    case Boundary::paragraph: return true;
    case Boundary::doubtful: return number == last || number == last + 1;
    case Boundary::sentence: return number >= last && number <= last + skipped_in_line_max;
    case Boundary::space:
    case Boundary::inside: return number == last + 1;
  }
  return false;
}

}  // namespace

std::vector<Item> items_in(std::span<const Place> all, std::size_t begin, std::size_t end, int last_number, bool bracketed_chinese) {
  const auto places = places_in(all, begin, end);
  const auto highest = bracketed_chinese ? MarkerStyle::bracketed_chinese : MarkerStyle::numeric;
  const auto style = style_of(places, last_number, highest);
  std::vector<Item> items;
  if (!style) return items;
  std::array<int, marker_styles> nested{};  // last number of each lower list inside the current item
  int last = 0;
  for (const auto& place : places) {
    if (place.marker.style < highest) continue;
    const auto& marker = place.marker;
    bool accepted = false;
    if (items.empty()) {
      accepted = marker.style == *style && is_beginning(place, last_number);
    } else if (marker.style == *style) {
      accepted = continues(place, last);
    } else {
      // 3、 may be followed by （4）; but （1） begins a list inside an item, and （2） behind it goes on with that.
      auto& inner = nested[static_cast<std::size_t>(marker.style)];
      accepted = marker.number > 1 && marker.number == last + 1 && inner != marker.number - 1 && place.boundary <= Boundary::sentence;
      if (!accepted) inner = marker.number;
    }
    if (!accepted) continue;
    nested.fill(0);
    if (!items.empty()) items.back().end = place.at;
    items.push_back({marker.number, place.text(), end, place.at});
    last = marker.number;
  }
  return items;
}

}  // namespace yihu::plan
