#include "base/nearest.h"

#include "base/utf8.h"

#include <algorithm>
#include <cmath>

namespace yihu::base {
namespace {

constexpr std::size_t compared_points_max = 100;

int distance_of(std::u32string_view left, std::u32string_view right) {
  std::vector<int> before(right.size() + 1);
  std::vector<int> above(right.size() + 1);
  std::vector<int> row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) above[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const int same = left[i - 1] == right[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + same});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[right.size()];
}

std::u32string compared(std::string_view text) {
  std::u32string points = code_points(text);
  if (points.size() > compared_points_max) points.resize(compared_points_max);
  return points;
}

}  // namespace

int distance(std::string_view left, std::string_view right) { return distance_of(compared(left), compared(right)); }

std::vector<std::size_t> nearest(std::string_view name, const std::vector<std::string_view>& known,
                                 std::size_t count_max) {
  const std::u32string wanted = compared(name);
  std::vector<std::pair<int, std::size_t>> found;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const std::u32string candidate = compared(known[i]);
    const auto longer = static_cast<int>(std::max(wanted.size(), candidate.size()));
    const auto shorter = static_cast<int>(std::min(wanted.size(), candidate.size()));
    // Two names of three characters that share one character are not alike; from four on a third may differ.
    const int allowed = std::max(1, longer / 3);
    if (longer - shorter > allowed) continue;
    const int away = distance_of(wanted, candidate);
    if (away <= allowed && away < longer) found.emplace_back(away, i);
  }
  std::ranges::stable_sort(found, {}, [](const auto& one) { return one.first; });
  std::vector<std::size_t> out;
  for (const auto& [away, position] : found) {
    if (out.size() == count_max) break;
    out.push_back(position);
  }
  return out;
}

}  // namespace yihu::base
