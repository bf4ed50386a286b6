#include "plan/tracking/likeness.h"

#include "base/utf8.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cstdlib>
#include <unordered_map>

namespace yihu::plan {
namespace {

/// Full-width forms become half-width, capitals small; what is neither letter nor digit is dropped (0).
char32_t plain(char32_t point) {
  if (point >= 0xff01 && point <= 0xff5e) point -= 0xfee0;
  if (!u_isalnum(static_cast<UChar32>(point))) return 0;
  return static_cast<char32_t>(u_tolower(static_cast<UChar32>(point)));
}

struct Candidate {
  double score;
  int distance;
  std::size_t left, right;
};

/// Which sentences hold a pair of characters, and how often.
class Occurring {
 public:
  explicit Occurring(const std::vector<Sentence>& sentences) : count_(sentences.size()) {
    for (std::size_t i = 0; i < sentences.size(); ++i) {
      for (const std::uint64_t pair : sentences[i].pairs.sorted()) {
        auto& list = lists_[pair];
        if (list.empty() || list.back().first != i) list.emplace_back(i, 0);
        ++list.back().second;
      }
    }
  }

  /// @returns Pairs::common with every sentence
  std::vector<std::size_t> common_with(const Pairs& pairs) const {
    std::vector<std::size_t> common(count_, 0);
    const auto& sorted = pairs.sorted();
    for (std::size_t i = 0; i < sorted.size();) {
      std::size_t times = 0;
      const std::uint64_t pair = sorted[i];
      for (; i < sorted.size() && sorted[i] == pair; ++i) ++times;
      const auto list = lists_.find(pair);
      if (list == lists_.end()) continue;
      for (const auto& [sentence, there] : list->second) common[sentence] += std::min(times, there);
    }
    return common;
  }

 private:
  std::size_t count_;
  std::unordered_map<std::uint64_t, std::vector<std::pair<std::size_t, std::size_t>>> lists_;
};

double likeness_of(std::size_t common, std::size_t a, std::size_t b) {
  return a + b == 0 ? 1 : 2.0 * static_cast<double>(common) / static_cast<double>(a + b);
}

double containment_of(std::size_t common, std::size_t a, std::size_t b) {
  const std::size_t shorter = std::min(a, b);
  if (shorter == 0) return a == b ? 1 : 0;
  return static_cast<double>(common) / static_cast<double>(shorter);
}

double score_of(const Sentence& left, const Sentence& right, std::size_t common, const MatchOptions& options, bool placed) {
  // Titles in other words share few characters with the sentence, so the same place speaks for them.
  constexpr double same_place = 0.5;
  constexpr double short_wording_min = 0.3;
  const std::size_t a = left.pairs.size();
  const std::size_t b = right.pairs.size();
  const double score = likeness_of(common, a, b);
  if (!options.one_is_short) return score;
  const double wording = std::max(score, containment_of(common, a, b));
  if (!placed && wording < short_wording_min) return 0;
  return wording + (placed ? same_place : 0);
}

}  // namespace

Pairs::Pairs(std::string_view utf8) {
  char32_t before = 0;
  std::size_t kept = 0;
  for (const char32_t point : base::code_points(utf8)) {
    const char32_t next = plain(point);
    if (next == 0) continue;
    if (kept++ > 0) pairs_.push_back((static_cast<std::uint64_t>(before) << 32) | next);
    before = next;
  }
  if (kept == 1) pairs_.push_back(before);  // a single character is alike to itself
  std::sort(pairs_.begin(), pairs_.end());
}

std::size_t Pairs::common(const Pairs& other) const {
  std::size_t count = 0;
  for (auto a = pairs_.begin(), b = other.pairs_.begin(); a != pairs_.end() && b != other.pairs_.end();) {
    if (*a < *b) ++a;
    else if (*b < *a) ++b;
    else ++count, ++a, ++b;
  }
  return count;
}

double likeness(const Pairs& a, const Pairs& b) { return likeness_of(a.common(b), a.size(), b.size()); }

double containment(const Pairs& a, const Pairs& b) { return containment_of(a.common(b), a.size(), b.size()); }

std::vector<std::optional<std::size_t>> match(const std::vector<Sentence>& left, const std::vector<Sentence>& right,
                                              const MatchOptions& options) {
  const Occurring occurring(right);
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const std::vector<std::size_t> common = occurring.common_with(left[i].pairs);
    for (std::size_t j = 0; j < right.size(); ++j) {
      const bool grouped = left[i].group == right[j].group;
      const int distance = std::abs(left[i].position - right[j].position) + (grouped ? 0 : 1000);
      const bool placed = options.one_is_short && options.place_speaks && distance == 0;
      const std::size_t both = left[i].pairs.size() + right[j].pairs.size();
      if (common[j] == 0 && !placed && both > 0) continue;
      const double score = score_of(left[i], right[j], common[j], options, placed);
      if (options.one_is_short && !grouped) continue;
      if (score >= options.likeness_min) candidates.push_back({score, distance, i, j});
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.score != b.score ? a.score > b.score : a.distance < b.distance;
  });
  std::vector<std::optional<std::size_t>> partner(left.size());
  std::vector<bool> taken(right.size(), false);
  for (const Candidate& candidate : candidates) {
    if (partner[candidate.left] || taken[candidate.right]) continue;
    partner[candidate.left] = candidate.right;
    taken[candidate.right] = true;
  }
  return partner;
}

}  // namespace yihu::plan
