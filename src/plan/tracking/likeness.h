#pragma once
// How alike two sentences are, and which sentence of one list answers to which of another. Pure.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::plan {

/// The pairs of neighbouring characters of a text, sorted; punctuation, spaces and the width of characters do not count.
class Pairs {
 public:
  explicit Pairs(std::string_view utf8);
  std::size_t size() const { return pairs_.size(); }
  std::size_t common(const Pairs& other) const;
  const std::vector<std::uint64_t>& sorted() const { return pairs_; }

 private:
  std::vector<std::uint64_t> pairs_;
};

/// 0 (nothing in common) … 1 (the same words). Symmetric.
double likeness(const Pairs& a, const Pairs& b);

/// How much of the shorter text stands in the longer one, 0 … 1: a short title against the sentence it sums up.
double containment(const Pairs& a, const Pairs& b);

/// One sentence to be matched, with where it stands.
struct Sentence {
  Pairs pairs;
  int group = 0;     ///< the task it belongs to
  int position = 0;  ///< in the group
};

struct MatchOptions {
  bool one_is_short = false;   ///< one list holds short titles in other words
  bool place_speaks = false;   ///< with it: the same place is enough, because both tell of one document
  double likeness_min = 0.5;
};

/// For each of `left` the index of its partner in `right`, one to one, or nothing. The most alike pairs are taken
/// first; among equals the same group, then the nearest position. Only pairs with a character pair in common are
/// looked at, so that thousands of sentences take milliseconds.
std::vector<std::optional<std::size_t>> match(const std::vector<Sentence>& left, const std::vector<Sentence>& right,
                                              const MatchOptions& options = {});

}  // namespace yihu::plan
