#pragma once
// Which known names a mistyped one may have meant.

#include <string>
#include <string_view>
#include <vector>

namespace yihu::base {

/// Fewest insertions, deletions, replacements and swaps of neighbours that turn one into the other, in code points.
int distance(std::string_view left, std::string_view right);

/// Positions in `known` of the names within a third of the longer one's length, nearest first, at most `count_max`.
std::vector<std::size_t> nearest(std::string_view name, const std::vector<std::string_view>& known,
                                 std::size_t count_max);

}  // namespace yihu::base
