#include "plan/reading/place.h"

#include <algorithm>
#include <optional>

namespace yihu::plan {
namespace {

/// What stands before `at`; `fresh_from` is where the last owner block ended.
std::optional<Boundary> boundary_at(const Flow& flow, std::size_t at, std::size_t fresh_from) {
  auto before = at;
  while (before > fresh_from && (flow.folded[before - 1] == U' ' || flow.folded[before - 1] == U'\t')) --before;
  if (before == 0) return Boundary::paragraph;
  const char32_t point = flow.folded[before - 1];
  if (point == paragraph_end || point == text_end) return Boundary::paragraph;
  if (point == doubtful_end) return Boundary::doubtful;
  if (before == fresh_from || ends_sentence(point) || point == U':') return Boundary::sentence;
  if (before < at || point == soft_end || point == U'》') return Boundary::space;
  // 第2、3项 and 达到2.5 count something; 名单2、发放 may begin an item.
  constexpr std::u32string_view counted = U"第达为到至共计少近约过超每前后和或与及的于在";
  const bool number = is_digit(flow.folded[at]) && is_han(point) && counted.find(point) == counted.npos;
  return number ? std::optional(Boundary::inside) : std::nullopt;
}

}  // namespace

std::vector<Place> places_from_flow(const Flow& flow, std::span<const OwnerBlock> blocks) {
  std::vector<Place> places;
  std::size_t fresh_from = 0;
  std::size_t block = 0;
  for (std::size_t i = 0; i < flow.size();) {
    if (block < blocks.size() && i >= blocks[block].begin) {
      fresh_from = std::max(i, blocks[block].end);
      i = fresh_from;
      ++block;
      continue;
    }
    const char32_t point = flow.folded[i];
    if (is_space(point)) {
      ++i;
      continue;
    }
    const auto boundary = boundary_at(flow, i, fresh_from);
    const auto marker = boundary ? marker_at(flow.folded, i) : std::nullopt;
    const bool runs_in = boundary == Boundary::inside && marker && marker->style == MarkerStyle::numeric &&
                         i + marker->length < flow.size() && is_han(flow.folded[i + marker->length]);
    if (!marker || (boundary == Boundary::inside && !runs_in)) {
      ++i;
      continue;
    }
    places.push_back({i, *boundary, *marker});
    // The marker's own bracket or dot is no boundary for what follows.
    i += std::max<std::size_t>(marker->length, 1);
    if (i < flow.size() && block < blocks.size() && i > blocks[block].begin) i = blocks[block].begin;
    else if (i < flow.size() && !is_space(flow.folded[i])) ++i;
  }
  return places;
}

std::span<const Place> places_in(std::span<const Place> places, std::size_t begin, std::size_t end) {
  const auto by_place = [](const Place& place, std::size_t at) { return place.at < at; };
  const auto first = std::lower_bound(places.begin(), places.end(), begin, by_place);
  const auto last = std::lower_bound(first, places.end(), end, by_place);
  return {first, last};
}

std::span<const OwnerBlock> blocks_in(std::span<const OwnerBlock> blocks, std::size_t begin, std::size_t end) {
  const auto by_place = [](const OwnerBlock& block, std::size_t at) { return block.begin < at; };
  const auto first = std::lower_bound(blocks.begin(), blocks.end(), begin, by_place);
  const auto last = std::lower_bound(first, blocks.end(), end, by_place);
  return {first, last};
}

}  // namespace yihu::plan
