#include "plan/reading/alignment.h"

#include "plan/reading/characters.h"

#include <algorithm>

namespace yihu::plan {
namespace {

constexpr std::size_t pairs_max = 40'000;
// Items that say nothing alike may still stand for each other, one for one; a second answer must earn its place.
constexpr double alone = 0.15;
constexpr double second_at_least = 0.5;

enum class Step : unsigned char { none, both, left_again, right_again, skip_left, skip_right };

std::vector<std::vector<std::size_t>> by_place(std::size_t left, std::size_t right) {
  std::vector<std::vector<std::size_t>> out(right);
  for (std::size_t i = 0; i < std::min(left, right); ++i) out[i] = {i};
  return out;
}

}  // namespace

std::vector<std::uint64_t> pairs_of(std::u32string_view text) {
  std::u32string plain;
  for (const char32_t point : text) {
    if (is_han(point) || is_digit(point) || is_letter(point)) plain += point;
  }
  std::vector<std::uint64_t> pairs;
  for (std::size_t i = 0; i + 1 < plain.size(); ++i) pairs.push_back(std::uint64_t{plain[i]} << 32 | plain[i + 1]);
  std::ranges::sort(pairs);
  pairs.erase(std::ranges::unique(pairs).begin(), pairs.end());
  return pairs;
}

double likeness(const std::vector<std::uint64_t>& left, const std::vector<std::uint64_t>& right) {
  const auto fewer = std::min(left.size(), right.size());
  if (fewer == 0) return 0;
  std::size_t common = 0;
  for (std::size_t i = 0, k = 0; i < left.size() && k < right.size();) {
    if (left[i] == right[k]) ++common;
    const bool advance_left = left[i] <= right[k];
    const bool advance_right = right[k] <= left[i];
    i += advance_left;
    k += advance_right;
  }
  return static_cast<double>(common) / static_cast<double>(fewer);
}

std::vector<std::vector<std::size_t>> aligned(const std::vector<std::u32string>& left, const std::vector<std::u32string>& right) {
  const auto rows = left.size();
  const auto columns = right.size();
  if (rows == 0 || columns == 0 || rows * columns > pairs_max) return by_place(rows, columns);
  std::vector<std::vector<std::uint64_t>> of_left(rows);
  std::vector<std::vector<std::uint64_t>> of_right(columns);
  std::ranges::transform(left, of_left.begin(), [](const std::u32string& text) { return pairs_of(text); });
  std::ranges::transform(right, of_right.begin(), [](const std::u32string& text) { return pairs_of(text); });
  const auto width = columns + 1;
  std::vector<double> best((rows + 1) * width, 0);
  std::vector<Step> step((rows + 1) * width, Step::none);
  std::vector<double> like(rows * columns);
  const auto place = [&](std::size_t i, std::size_t k) { return i * width + k; };
  for (std::size_t i = 0; i <= rows; ++i) {
    for (std::size_t k = 0; k <= columns; ++k) {
      if (i == 0 && k == 0) continue;
      double most = -1;
      Step taken = Step::none;
      const auto consider = [&](double value, Step how) {
        if (value > most) {
          most = value;
          taken = how;
        }
      };
      if (i > 0 && k > 0) {
        const double here = like[(i - 1) * columns + k - 1] = likeness(of_left[i - 1], of_right[k - 1]);
        consider(best[place(i - 1, k - 1)] + here + alone, Step::both);
        if (here >= second_at_least) {
          // The same left item answers this one too, if it answered the one before; likewise on the other side.
          const auto before_left = step[place(i, k - 1)];
          const auto before_right = step[place(i - 1, k)];
          if (before_left == Step::both || before_left == Step::left_again) consider(best[place(i, k - 1)] + here, Step::left_again);
          if (before_right == Step::both || before_right == Step::right_again) consider(best[place(i - 1, k)] + here, Step::right_again);
        }
      }
      if (i > 0) consider(best[place(i - 1, k)], Step::skip_left);
      if (k > 0) consider(best[place(i, k - 1)], Step::skip_right);
      best[place(i, k)] = most;
      step[place(i, k)] = taken;
    }
  }
  std::vector<std::vector<std::size_t>> out(columns);
  for (auto i = rows, k = columns; i > 0 || k > 0;) {
    switch (step[place(i, k)]) {
      case Step::both: out[k - 1].push_back(i - 1); --i; --k; break;
      case Step::left_again: out[k - 1].push_back(i - 1); --k; break;
      case Step::right_again: out[k - 1].push_back(i - 1); --i; break;
      case Step::skip_left: --i; break;
      case Step::skip_right: --k; break;
      case Step::none: i = k = 0; break;
    }
  }
  for (auto& answers : out) std::ranges::reverse(answers);
  return out;
}

}  // namespace yihu::plan
