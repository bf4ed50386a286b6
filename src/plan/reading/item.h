#pragma once
// The numbered items of one task.

#include "plan/reading/place.h"

#include <optional>

namespace yihu::plan {

struct Item {
  std::optional<int> number;
  std::size_t begin = 0;  ///< of its text, behind the number, in Flow
  std::size_t end = 0;    ///< where the next item or the task's end begins
  std::size_t marker = 0; ///< where its number begins
};

/// Items between `begin` and `end`. `last_number` is that of the item before the task: numbers may run on across tasks.
/// `bracketed_chinese` says that （一） numbers items here, because it does not number tasks.
std::vector<Item> items_in(std::span<const Place> places, std::size_t begin, std::size_t end, int last_number, bool bracketed_chinese);

}  // namespace yihu::plan
