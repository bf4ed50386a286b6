#pragma once
// Two lists that say the same in the same order, in other words, and not item by item.

#include <cstddef>
#include <string>
#include <vector>

namespace yihu::plan {

/// Pairs of neighbouring characters, sorted, each once.
std::vector<std::uint64_t> pairs_of(std::u32string_view text);

/// How much of the shorter text's pairs the longer has: 0 to 1.
double likeness(const std::vector<std::uint64_t>& left, const std::vector<std::uint64_t>& right);

/// For each of `right` the indexes in `left` that it answers, by the alignment that keeps the order of both and says
/// the most alike. One left item may answer several of the right and the other way round. Above 40,000 pairs,
/// items answer by place.
std::vector<std::vector<std::size_t>> aligned(const std::vector<std::u32string>& left, const std::vector<std::u32string>& right);

}  // namespace yihu::plan
