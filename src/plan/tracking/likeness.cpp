#include "plan/tracking/likeness.h"

#include "base/utf8.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cstdlib>

namespace yihu::plan {
namespace {

/// Full-width forms become half-width, capitals small; what is neither letter nor digit is dropped (0).
char32_t plain(char32_t point) {
  if (point >= 0xff01 && point <= 0xff5e) point -= 0xfee0;
  if (!u_isalnum(static_cast<UChar32>(point))) return 0;
  return static_cast<char32_t>(u_tolower(static_cast<UChar32>(point)));
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

double likeness(const Pairs& a, const Pairs& b) {
  if (a.size() + b.size() == 0) return 1;
  return 2.0 * static_cast<double>(a.common(b)) / static_cast<double>(a.size() + b.size());
}

double containment(const Pairs& a, const Pairs& b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  if (shorter == 0) return a.size() == b.size() ? 1 : 0;
  return static_cast<double>(a.common(b)) / static_cast<double>(shorter);
}

std::vector<std::optional<std::size_t>> match(const std::vector<Sentence>& left, const std::vector<Sentence>& right,
                                              const MatchOptions& options) {
  struct Candidate {
    double score;
    int distance;
    std::size_t left, right;
  };
  // Titles in other words share few characters with the sentence, so the same place speaks for them.
  constexpr double same_place = 0.5;
  constexpr double short_wording_min = 0.3;
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < left.size(); ++i) {
    for (std::size_t j = 0; j < right.size(); ++j) {
      const bool grouped = left[i].group == right[j].group;
      const int distance = std::abs(left[i].position - right[j].position) + (grouped ? 0 : 1000);
      double score = likeness(left[i].pairs, right[j].pairs);
      if (options.one_is_short) {
        const double wording = std::max(score, containment(left[i].pairs, right[j].pairs));
        const bool placed = options.place_speaks && distance == 0;
        if (!grouped || (!placed && wording < short_wording_min)) continue;
        score = wording + (placed ? same_place : 0);
      }
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
