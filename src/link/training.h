#pragma once
// The model learnt from the data itself: expectation and maximisation on the counts of patterns.

#include "link/model.h"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yihu::link {

/// Open hash table from pattern to count; one per thread, then added up.
class PatternCounts {
 public:
  PatternCounts() : slots_(1024) {}
  /// @returns the count before; `flag` is stored with a new pattern
  struct Found {
    bool fresh;
    std::uint32_t* flag;
  };
  Found add(Pattern pattern, std::uint64_t count = 1);
  std::size_t size() const { return used_; }
  template <class Visit>
  void each(const Visit& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.count > 0) visit(slot.pattern, slot.count);
    }
  }
  void add_all(const PatternCounts& other) {
    other.each([&](Pattern pattern, std::uint64_t count) { add(pattern, count); });
  }

 private:
  struct Slot {
    Pattern pattern = 0;
    std::uint64_t count = 0;
    std::uint32_t flag = 0;
  };
  void grow();
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

struct Labelled {
  Pattern pattern = 0;
  bool same = false;
};

struct Training {
  const Spec& spec;
  const Frequencies& frequencies;
  double pairs_total = 0;               ///< of which almost all are two persons
  const PatternCounts& random;          ///< of pairs drawn at random, or of all pairs where there are few
  const PatternCounts* blocked = nullptr;  ///< of the pairs that share a key; none: before the pairs are known
  double rows_least = 0;                ///< of the smaller table; bounds what is expected at first
  std::span<const Labelled> labelled = {};
  bool labels_only = false;
};

/// Pairs outside the blocks count as two persons. What chance gives (u) is taken exactly from the values' frequencies
/// for equality and from random pairs for the other levels, less the share of true pairs among them.
Model train(const Training& training);

}  // namespace yihu::link
