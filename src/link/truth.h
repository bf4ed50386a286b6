#pragma once
// How good a linkage is, where the truth is known.

#include "link/link.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace yihu::link {

using KeyPairs = std::vector<std::pair<std::string, std::string>>;

/// A share with its Wilson interval at 95 %.
struct Share {
  double value = 0, low = 0, high = 0;
};
Share share_of(std::uint64_t part, std::uint64_t whole);

struct CurvePoint {
  double threshold = 0;   ///< probability
  double precision = 0, recall = 0, f1 = 0;
};

struct Metrics {
  std::uint64_t true_pairs = 0, linked = 0, right = 0;
  Share precision, recall;
  double f1 = 0, f1_low = 0, f1_high = 0;   ///< interval from those of precision and recall
  std::vector<CurvePoint> curve;            ///< of single pairs, before one-to-one and groups
  KeyPairs wrong, missed;                   ///< at most `listed_max` each
  static constexpr std::size_t listed_max = 50;
};

/// Pairs whose keys name no row count as missed.
Metrics metrics_of(const Linkage& linkage, const KeyPairs& truth);
/// Pairs of rows that share a value of the column, which stands in both tables.
base::Result<KeyPairs> truth_from_column(const Source& left, const Source* right, const std::string& key_left, const std::string& key_right, const std::string& column);
/// The first two columns of a table of pairs.
base::Result<KeyPairs> truth_from_pairs(const Source& pairs);

}  // namespace yihu::link
