#include "link/decision.h"

#include "link/parallel.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace yihu::link {
namespace {

/// The places given, in their order, become: best score first; equal scores keep their order.
void sort_best_first(const Candidates& pairs, std::vector<std::uint32_t>& order) {
  std::vector<std::uint32_t> scratch(order.size());
  // Sixteen bits at a time, least significant first; the sign bit turned so that the order is that of numbers.
  const auto key = [&](std::uint32_t at) { return ~(static_cast<std::uint32_t>(pairs[at].score) ^ 0x8000'0000U); };
  for (const unsigned shift : {0U, 11U, 22U}) {
    std::vector<std::uint32_t> counts(2048 + 1);
    for (const std::uint32_t at : order) ++counts[(key(at) >> shift & 2047) + 1];
    std::partial_sum(counts.begin(), counts.end(), counts.begin());
    for (const std::uint32_t at : order) scratch[counts[key(at) >> shift & 2047]++] = at;
    order.swap(scratch);
  }
}

std::vector<std::uint32_t> best_first(const Candidates& pairs) {
  std::vector<std::uint32_t> order(pairs.size());
  std::iota(order.begin(), order.end(), 0U);
  sort_best_first(pairs, order);
  return order;
}

std::uint64_t pair_key(std::uint32_t one, std::uint32_t other) {
  return static_cast<std::uint64_t>(std::min(one, other)) << 32 | std::max(one, other);
}

/// work(i) for each i in order, fetch(i) some steps before it.
template <class Fetch, class Work>
void ahead(std::size_t count, const Fetch& fetch, const Work& work) {
  constexpr std::size_t steps = 16;
  for (std::size_t i = 0; i < count + steps; ++i) {
    if (i < count) fetch(i);
    if (i >= steps) work(i - steps);
  }
}

/// The two families of each pair: the left one's hash above, the right one's below, 0 where there is none.
LargeVector<std::uint64_t> families_of(const Candidates& pairs, const Records& left, const Records& right, unsigned threads) {
  constexpr std::size_t pairs_per_task = 1 << 15;
  LargeVector<std::uint64_t> families(pairs.size());
  in_parallel(threads, (pairs.size() + pairs_per_task - 1) / pairs_per_task, [&](std::size_t task, unsigned) {
    const std::size_t first = task * pairs_per_task;
    ahead(std::min(pairs_per_task, pairs.size() - first), [&](std::size_t i) { __builtin_prefetch(&right.households[pairs[first + i].right]); }, [&](std::size_t i) {
      const Candidate& pair = pairs[first + i];
      families[first + i] = static_cast<std::uint64_t>(left.households[pair.left]) << 32 | right.households[pair.right];
    });
  });
  return families;
}

/// Sure pairs of each two families, as many as a byte holds.
class FamilyCounts {
 public:
  explicit FamilyCounts(std::size_t pairs) : slots_(std::bit_ceil(2 * pairs + 256)) {}
  void add(std::uint64_t families) {
    std::uint64_t& slot = slots_[place(families)];
    if (slot == 0) slot = mixed(families) & ~counted;
    if ((slot & counted) < counted) ++slot;
  }
  std::uint64_t count(std::uint64_t families) const { return slots_[place(families)] & counted; }
  void fetch(std::uint64_t families) const { __builtin_prefetch(&slots_[mixed(families) & (slots_.size() - 1)]); }

 private:
  static constexpr std::uint64_t counted = 0xff;
  /// Where the two families are counted, or would be. Their hash is one to one, and its low bits, which the count
  /// replaces, say where the search begins; two that differ only there are taken for one, once in many runs.
  std::size_t place(std::uint64_t families) const {
    const std::uint64_t hash = mixed(families);
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at] != 0 && ((slots_[at] ^ hash) & ~counted) != 0) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  Buffer<std::uint64_t> slots_;
};

class Joining {
 public:
  Joining(const Grouping& grouping, const Candidates& candidates) : grouping_(grouping), group_(grouping.records.size) {
    std::iota(group_.begin(), group_.end(), 0U);
    for (std::size_t field = 0; field < grouping.layout.slots.size(); ++field) {
      if (grouping.layout.slots[field].kind == Kind::id_number) id_field_ = field;
    }
    scores_.reserve(candidates.size());
    for (const Candidate& candidate : candidates) scores_[pair_key(candidate.left, candidate.right)] = candidate.score;
  }

  void consider(const Candidate& pair) {
    const std::uint32_t one = group_[pair.left], other = group_[pair.right];
    if (one == other) return;
    std::vector<std::uint32_t>& ours = members(one);
    std::vector<std::uint32_t>& theirs = members(other);
    if (ids_differ(ours, theirs)) {
      ++groups.refused_ids;
      return;
    }
    if (grouping_.spec.groups == GroupRule::average && average(ours, theirs) < grouping_.threshold) return;
    std::vector<std::uint32_t>& into = ours.size() >= theirs.size() ? ours : theirs;
    std::vector<std::uint32_t>& from = ours.size() >= theirs.size() ? theirs : ours;
    const std::uint32_t name = ours.size() >= theirs.size() ? one : other;
    for (const std::uint32_t row : from) group_[row] = name;
    into.insert(into.end(), from.begin(), from.end());
    from.clear();
  }

  Groups finish() {
    for (auto& [name, rows] : members_) {
      if (rows.size() < 2) continue;
      std::sort(rows.begin(), rows.end());
      groups.members.push_back(std::move(rows));
    }
    std::sort(groups.members.begin(), groups.members.end());
    return std::move(groups);
  }
  Groups groups;

 private:
  std::vector<std::uint32_t>& members(std::uint32_t name) {
    auto& rows = members_[name];
    if (rows.empty()) rows.push_back(name);
    return rows;
  }

  Code valid_id(std::uint32_t row) const {
    const Code code = code_in(grouping_.layout.slots[id_field_], grouping_.records.row(row));
    return (code & id_valid) != 0 && (code & wide_is_text) == 0 ? code : 0;
  }

  bool ids_differ(const std::vector<std::uint32_t>& ours, const std::vector<std::uint32_t>& theirs) const {
    if (id_field_ == static_cast<std::size_t>(-1)) return false;
    Code seen = 0;
    for (const auto* rows : {&ours, &theirs}) {
      for (const std::uint32_t row : *rows) {
        const Code id = valid_id(row);
        if (id != 0 && seen != 0 && id != seen) return true;
        if (id != 0) seen = id;
      }
    }
    return false;
  }

  double average(const std::vector<std::uint32_t>& ours, const std::vector<std::uint32_t>& theirs) const {
    double sum = 0;
    for (const std::uint32_t a : ours) {
      for (const std::uint32_t b : theirs) {
        const auto found = scores_.find(pair_key(a, b));
        sum += found == scores_.end() ? grouping_.stranger_score : found->second;
      }
    }
    return sum / static_cast<double>(ours.size() * theirs.size());
  }

  const Grouping& grouping_;
  std::vector<std::uint32_t> group_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> members_;
  std::unordered_map<std::uint64_t, std::int32_t> scores_;
  std::size_t id_field_ = static_cast<std::size_t>(-1);
};

}  // namespace

void keep_one_to_one(Candidates& pairs, std::size_t left_rows, std::size_t right_rows) {
  // Most pairs have no rival on either side; only the others need an order.
  std::vector<bool> right_once(right_rows), right_twice(right_rows);
  for (const Candidate& pair : pairs) {
    if (right_once[pair.right]) right_twice[pair.right] = true;
    right_once[pair.right] = true;
  }
  std::vector<bool> chosen(pairs.size());
  std::vector<std::uint32_t> rivals;
  for (std::size_t at = 0; at < pairs.size(); ++at) {
    const auto same_left = [&](std::size_t other) { return other < pairs.size() && pairs[other].left == pairs[at].left; };
    if (right_twice[pairs[at].right] || same_left(at + 1) || same_left(at - 1)) {
      rivals.push_back(static_cast<std::uint32_t>(at));
    } else {
      chosen[at] = true;
    }
  }
  sort_best_first(pairs, rivals);
  std::vector<bool> left_taken(left_rows), right_taken(right_rows);
  for (const std::uint32_t at : rivals) {
    const Candidate& pair = pairs[at];
    if (left_taken[pair.left] || right_taken[pair.right]) continue;
    left_taken[pair.left] = right_taken[pair.right] = chosen[at] = true;
  }
  std::size_t kept = 0;
  for (std::size_t at = 0; at < pairs.size(); ++at) {
    if (chosen[at]) pairs[kept++] = pairs[at];
  }
  pairs.resize(kept);
}

Groups groups_of(const Grouping& grouping, const Candidates& candidates) {
  Joining joining(grouping, candidates);
  for (const std::uint32_t at : best_first(candidates)) {
    if (candidates[at].score < grouping.threshold) break;
    joining.consider(candidates[at]);
  }
  return joining.finish();
}

HouseholdEvidence add_household_evidence(Candidates& candidates, const Records& left, const Records& right,
                                         std::int32_t threshold, unsigned threads, std::vector<std::uint8_t>& others, Candidates& good) {
  constexpr std::size_t counts = HouseholdEvidence::counts;
  constexpr auto sure_margin = static_cast<std::int32_t>(7 * weights_per_bit);
  HouseholdEvidence evidence;
  others.assign(candidates.size(), counts);
  if (left.households.size() == 0 || right.households.size() == 0) return evidence;
  const LargeVector<std::uint64_t> families = families_of(candidates, left, right, threads);
  const auto both_known = [&](std::size_t at) { return families[at] >> 32 != 0 && static_cast<std::uint32_t>(families[at]) != 0; };
  // Sure pairs in which each row stands once, per pair of families.
  good.clear();
  good.reserve(candidates.size());
  for (std::size_t at = 0; at < candidates.size(); ++at) {
    if (candidates[at].score >= threshold + sure_margin && both_known(at)) good.push_back(candidates[at]);
  }
  keep_one_to_one(good, left.size, right.size);
  std::vector<bool> left_sure(left.size), right_sure(right.size);
  for (const Candidate& pair : good) left_sure[pair.left] = right_sure[pair.right] = true;
  const LargeVector<std::uint64_t> good_families = families_of(good, left, right, threads);
  FamilyCounts sure(good.size());
  ahead(good_families.size(), [&](std::size_t at) { sure.fetch(good_families[at]); }, [&](std::size_t at) { sure.add(good_families[at]); });
  std::array<double, counts> same = {1, 1, 1, 1}, strange = {1, 1, 1, 1};
  ahead(good_families.size(), [&](std::size_t at) { sure.fetch(good_families[at]); },
        [&](std::size_t at) { same[std::min<std::size_t>(sure.count(good_families[at]) - 1, counts - 1)] += 1; });
  std::vector<std::uint32_t> open;
  for (std::size_t at = 0; at < candidates.size(); ++at) {
    // Rows that surely belong elsewhere say nothing about chance among those that are left.
    if (both_known(at) && !left_sure[candidates[at].left] && !right_sure[candidates[at].right]) open.push_back(static_cast<std::uint32_t>(at));
  }
  ahead(open.size(), [&](std::size_t i) { sure.fetch(families[open[i]]); }, [&](std::size_t i) {
    const auto count = std::min<std::size_t>(sure.count(families[open[i]]), counts - 1);
    if (candidates[open[i]].score < threshold - sure_margin) strange[count] += 1;
    others[open[i]] = static_cast<std::uint8_t>(count);
  });
  const double same_all = std::accumulate(same.begin(), same.end(), 0.0), strange_all = std::accumulate(strange.begin(), strange.end(), 0.0);
  for (std::size_t count = 0; count < counts; ++count) {
    // No household is worth more than eight bits: brothers and sisters live together too.
    const double bits = std::clamp(std::log2(same[count] / same_all * strange_all / strange[count]), -3.0, 8.0);
    evidence.weights[count] = static_cast<Weight>(std::lround(bits * weights_per_bit));
  }
  evidence.used = true;
  for (const std::uint32_t at : open) {
    if (candidates[at].score < threshold + sure_margin) candidates[at].score += evidence.weights[others[at]];
    else others[at] = counts;
  }
  return evidence;
}

}  // namespace yihu::link
