#pragma once
// Pairs that share a key become candidates: compared once each, scored with the model's weights.

#include "base/cancel.h"
#include "link/pair_store.h"
#include "link/training.h"

#include <cstdint>
#include <vector>

namespace yihu::link {

struct Candidate {
  std::uint32_t left = 0, right = 0;
  Pattern pattern = 0;
  std::int32_t score = 0;   ///< sum of the weights of fields and frequency (and household), without the prior
};

using Candidates = LargeVector<Candidate>;

struct Comparing {
  const Comparison& comparison;
  const Records& left;
  const Records& right;     ///< `left` again where duplicates are sought
  unsigned threads = 2;
  base::Cancel cancel;
  base::Progress progress;
};

struct Compared {
  PatternCounts patterns;                         ///< of every pair that shares a key, each pair once
  std::vector<Candidates> candidates; ///< by bucket, in order of the left row, then the right
  std::uint64_t pairs = 0;
};

/// @param promising whether a pair of this pattern must be kept; asked once per pattern and thread
Compared compare(const Comparing& comparing, const PairStore& pairs, const std::function<bool(Pattern)>& promising);

/// Highest weight the pattern can reach with the rarest values.
std::int64_t weight_max(const Weights& weights, std::size_t fields, Pattern pattern);
/// The sum of the fields' weights and their values' rarity.
std::int32_t score_of(const Weights& weights, const Layout& layout, Pattern pattern, const std::uint32_t* left);
/// Asks memory for what score_of() will read.
void fetch_score(const Weights& weights, const Layout& layout, Pattern pattern, const std::uint32_t* left);

/// Patterns of pairs drawn at random, the same ones for the same tables; of all pairs where there are at most `all_max`.
PatternCounts random_patterns(const Comparing& comparing, bool within, std::uint64_t sample, std::uint64_t all_max);

}  // namespace yihu::link
