#pragma once
// Places of the text where a number may begin a heading or an item.

#include "plan/reading/marker.h"
#include "plan/reading/owner_block.h"

#include <span>
#include <vector>

namespace yihu::plan {

/// What stands before the number, from the surest sign of a beginning to the weakest.
enum class Boundary {
  paragraph,
  doubtful,  ///< a new line behind an unfinished sentence
  sentence,
  space,
  inside,  ///< nothing: 核对名单2、发放补助. Only the number that is expected next begins an item here
};

struct Place {
  std::size_t at = 0;  ///< in Flow
  Boundary boundary = Boundary::paragraph;
  Marker marker;

  std::size_t text() const { return at + marker.length; }
};

/// All of them outside owner blocks and book titles, in the order of the text.
std::vector<Place> places_from_flow(const Flow& flow, std::span<const OwnerBlock> blocks);

/// Those in [begin, end).
std::span<const Place> places_in(std::span<const Place> places, std::size_t begin, std::size_t end);
std::span<const OwnerBlock> blocks_in(std::span<const OwnerBlock> blocks, std::size_t begin, std::size_t end);

}  // namespace yihu::plan
