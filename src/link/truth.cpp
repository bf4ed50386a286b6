#include "link/truth.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace yihu::link {
namespace {

std::uint64_t pair_of(std::uint32_t left, std::uint32_t right, bool within) {
  if (within && left > right) std::swap(left, right);
  return static_cast<std::uint64_t>(left) << 32 | right;
}

std::unordered_map<std::string_view, std::uint32_t> rows_of(const Records& records) {
  std::unordered_map<std::string_view, std::uint32_t> rows;
  rows.reserve(records.size);
  for (std::uint32_t row = 0; row < records.size; ++row) rows.emplace(records.key(row), row);
  return rows;
}

double f1_of(double precision, double recall) { return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0; }

}  // namespace

Share share_of(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return {0, 0, 1};
  constexpr double z = 1.959964;
  const double n = static_cast<double>(whole), p = static_cast<double>(part) / n;
  const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {p, std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

Metrics metrics_of(const Linkage& linkage, const KeyPairs& truth) {
  Metrics metrics;
  const auto lefts = rows_of(linkage.left()), rights = rows_of(linkage.right());
  std::unordered_set<std::uint64_t> right_pairs;
  for (const auto& [one, other] : truth) {
    const auto a = lefts.find(one), b = rights.find(other);
    if (a != lefts.end() && b != rights.end()) right_pairs.insert(pair_of(a->second, b->second, linkage.within()));
    else if (metrics.missed.size() < Metrics::listed_max) metrics.missed.emplace_back(one, other);
  }
  metrics.true_pairs = truth.size();
  metrics.linked = linkage.links().size();
  std::unordered_set<std::uint64_t> found;
  for (const Candidate& pair : linkage.links()) {
    const std::uint64_t key = pair_of(pair.left, pair.right, linkage.within());
    if (right_pairs.contains(key)) found.insert(key);
    else if (metrics.wrong.size() < Metrics::listed_max) metrics.wrong.emplace_back(linkage.left().key(pair.left), linkage.right().key(pair.right));
  }
  metrics.right = found.size();
  for (const auto& [one, other] : truth) {
    if (metrics.missed.size() >= Metrics::listed_max) break;
    const auto a = lefts.find(one), b = rights.find(other);
    if (a != lefts.end() && b != rights.end() && !found.contains(pair_of(a->second, b->second, linkage.within()))) metrics.missed.emplace_back(one, other);
  }
  metrics.precision = share_of(metrics.right, metrics.linked);
  metrics.recall = share_of(metrics.right, metrics.true_pairs);
  metrics.f1 = f1_of(metrics.precision.value, metrics.recall.value);
  metrics.f1_low = f1_of(metrics.precision.low, metrics.recall.low);
  metrics.f1_high = f1_of(metrics.precision.high, metrics.recall.high);
  for (const double threshold : {0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 0.9999}) {
    std::uint64_t linked = 0, right = 0;
    for (const Candidate& pair : linkage.candidates()) {
      if (linkage.probability(pair) < threshold) continue;
      ++linked;
      right += right_pairs.contains(pair_of(pair.left, pair.right, linkage.within())) ? 1 : 0;
    }
    const double precision = linked > 0 ? static_cast<double>(right) / static_cast<double>(linked) : 1;
    const double recall = truth.empty() ? 0 : static_cast<double>(right) / static_cast<double>(truth.size());
    metrics.curve.push_back({threshold, precision, recall, f1_of(precision, recall)});
  }
  return metrics;
}

base::Result<KeyPairs> truth_from_column(const Source& left, const Source* right, const std::string& key_left, const std::string& key_right, const std::string& column) {
  const auto read = [&](const Source& source, const std::string& key_heading) -> base::Result<std::map<std::string, std::vector<std::string>>> {
    const auto& headings = source.headings();
    const auto key = static_cast<std::size_t>(std::find(headings.begin(), headings.end(), key_heading) - headings.begin());
    const auto value = static_cast<std::size_t>(std::find(headings.begin(), headings.end(), column) - headings.begin());
    std::map<std::string, std::vector<std::string>> keys;
    if (key >= headings.size() || value >= headings.size()) {
      return base::fail(base::Error{base::ErrorKind::input, "column_missing", base::text("表里没有列“{}”。", "The table has no column “{}”.", key >= headings.size() ? key_heading : column), {}, {source.name(), 0, 0, {}, {}}, {}});
    }
    for (std::size_t part = 0; part < source.parts(); ++part) {
      TRY(source.visit(part, [&](std::size_t, Cells cells) {
        if (!cells[value].empty()) keys[std::string(cells[value])].emplace_back(cells[key]);
      }));
    }
    return keys;
  };
  const auto lefts = TRY(read(left, key_left));
  KeyPairs pairs;
  if (right == nullptr) {
    for (const auto& [value, keys] : lefts) {
      for (std::size_t i = 0; i < keys.size(); ++i) {
        for (std::size_t j = i + 1; j < keys.size(); ++j) pairs.emplace_back(keys[i], keys[j]);
      }
    }
    return pairs;
  }
  const auto rights = TRY(read(*right, key_right));
  for (const auto& [value, keys] : lefts) {
    const auto found = rights.find(value);
    if (found == rights.end()) continue;
    for (const std::string& one : keys) {
      for (const std::string& other : found->second) pairs.emplace_back(one, other);
    }
  }
  return pairs;
}

base::Result<KeyPairs> truth_from_pairs(const Source& source) {
  if (source.headings().size() < 2) {
    return base::fail(base::Error{base::ErrorKind::input, "pairs_missing", base::text("真值文件要有两列：两张表各自的键。", "A file of pairs has two columns: a key of each table."), {}, {source.name(), 1, 0, {}, {}}, {}});
  }
  KeyPairs pairs;
  for (std::size_t part = 0; part < source.parts(); ++part) {
    TRY(source.visit(part, [&](std::size_t, Cells cells) { pairs.emplace_back(cells[0], cells[1]); }));
  }
  return pairs;
}

}  // namespace yihu::link
