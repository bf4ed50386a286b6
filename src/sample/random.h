#pragma once
// Random numbers that are the same on every machine: a seed names a whole made-up district.

#include <cstdint>
#include <initializer_list>
#include <span>

namespace yihu::sample {

/// splitmix64. Not for secrets.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  /// 0 ≤ result < bound; bound > 0.
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }
  /// from ≤ result ≤ to.
  int between(int from, int to) { return from + static_cast<int>(below(static_cast<std::uint32_t>(to - from + 1))); }
  /// 0 ≤ result < 1.
  double share() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  bool happens(double probability) { return share() < probability; }
  template <class Range>
  const auto& one_of(const Range& range) {
    return *(std::begin(range) + below(static_cast<std::uint32_t>(std::size(range))));
  }

 private:
  std::uint64_t state_;
};

}  // namespace yihu::sample
