#include "link/decision.h"

#include "link/parallel.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace yihu::link {
namespace {

/// The places given, in their order, become: best score first; equal scores keep their order.
void sort_best_first(const Candidates& pairs, Places& order) {
  Places scratch(order.size());
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

Places best_first(const Candidates& pairs) {
  Places order(pairs.size());
  std::iota(order.begin(), order.end(), 0U);
  sort_best_first(pairs, order);
  return order;
}

constexpr std::size_t part_size = 1 << 15;
std::size_t parts_of(std::size_t count) { return (count + part_size - 1) / part_size; }

std::uint64_t pair_key(std::uint32_t one, std::uint32_t other) {
  return static_cast<std::uint64_t>(std::min(one, other)) << 32 | std::max(one, other);
}

/// work(i) for each i of [first, end), fetch(i) some steps before it.
template <class Fetch, class Work>
void ahead(std::size_t first, std::size_t end, const Fetch& fetch, const Work& work) {
  constexpr std::size_t steps = 16;
  for (std::size_t i = first; i < end + steps; ++i) {
    if (i < end) fetch(i);
    if (i >= first + steps) work(i - steps);
  }
}

/// work(first, end, part) for consecutive parts of [0, count), both cores busy.
template <class Work>
void by_parts(std::size_t count, unsigned threads, const Work& work) {
  const std::size_t parts = parts_of(count);
  in_parallel(threads, parts, [&](std::size_t part, unsigned) { work(part * part_size, std::min(count, (part + 1) * part_size), part); });
}

/// The places below `count` of which `is_wanted` is true, in order.
template <class Wanted>
Places places_where(std::size_t count, unsigned threads, const Wanted& is_wanted) {
  std::vector<std::vector<std::uint32_t>> found(parts_of(count));
  by_parts(count, threads, [&](std::size_t first, std::size_t end, std::size_t part) {
    found[part].reserve(end - first);
    for (std::size_t at = first; at < end; ++at) {
      if (is_wanted(at)) found[part].push_back(static_cast<std::uint32_t>(at));
    }
  });
  std::vector<std::size_t> begins(found.size() + 1);
  for (std::size_t part = 0; part < found.size(); ++part) begins[part + 1] = begins[part] + found[part].size();
  Places places(begins.back());
  in_parallel(threads, found.size(), [&](std::size_t part, unsigned) { std::copy(found[part].begin(), found[part].end(), places.begin() + static_cast<std::ptrdiff_t>(begins[part])); });
  return places;
}

/// Rows seen once, and seen more often.
class Seen {
 public:
  explicit Seen(std::size_t rows) : marks_(rows) {}
  void add(std::uint32_t row) {
    std::atomic_ref<std::uint8_t> mark(marks_[row]);
    if ((mark.fetch_or(once, std::memory_order_relaxed) & once) != 0) mark.fetch_or(twice, std::memory_order_relaxed);
  }
  void fetch(std::uint32_t row) const { __builtin_prefetch(&marks_[row]); }
  bool is_seen(std::uint32_t row) const { return marks_[row] != 0; }
  bool is_repeated(std::uint32_t row) const { return (marks_[row] & twice) != 0; }

 private:
  static constexpr std::uint8_t once = 1, twice = 2;
  Buffer<std::uint8_t> marks_;
};

/// The two families of each pair: the left one's hash above, the right one's below, 0 where one is not known.
LargeVector<std::uint64_t> families_of(const Candidates& pairs, const Records& left, const Records& right, unsigned threads) {
  LargeVector<std::uint64_t> families(pairs.size());
  by_parts(pairs.size(), threads, [&](std::size_t first, std::size_t end, std::size_t) {
    ahead(first, end, [&](std::size_t at) { __builtin_prefetch(&right.households[pairs[at].right]); }, [&](std::size_t at) {
      const std::uint64_t ours = left.households[pairs[at].left], theirs = right.households[pairs[at].right];
      families[at] = ours == 0 || theirs == 0 ? 0 : ours << 32 | theirs;
    });
  });
  return families;
}

/// Sure pairs of each two families, as many as a byte holds.
class FamilyCounts {
 public:
  explicit FamilyCounts(std::size_t pairs) : slots_(std::bit_ceil(2 * pairs + 256)) {}
  /// May be called by several threads at once.
  void add(std::uint64_t families) {
    const std::uint64_t hash = mixed(families), tag = std::max<std::uint64_t>(hash & ~counted, counted + 1);
    for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      std::atomic_ref<std::uint64_t> slot(slots_[at]);
      std::uint64_t known = slot.load(std::memory_order_relaxed);
      if (known == 0 && slot.compare_exchange_strong(known, tag + 1, std::memory_order_relaxed)) return;
      if ((known & ~counted) != tag) continue;
      while ((known & counted) < counted && !slot.compare_exchange_weak(known, known + 1, std::memory_order_relaxed)) {
      }
      return;
    }
  }
  std::uint64_t count(std::uint64_t families) const {
    // The hash is one to one, and its low bits, which the count replaces, say where the search begins; two that differ only
    // there are taken for one, once in many runs.
    const std::uint64_t hash = mixed(families), tag = std::max<std::uint64_t>(hash & ~counted, counted + 1);
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at] != 0 && (slots_[at] & ~counted) != tag) at = (at + 1) & (slots_.size() - 1);
    return slots_[at] & counted;
  }
  void fetch(std::uint64_t families) const { __builtin_prefetch(&slots_[mixed(families) & (slots_.size() - 1)]); }

 private:
  static constexpr std::uint64_t counted = 0xff;
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

void keep_one_to_one(const Candidates& pairs, Places& places, std::size_t left_rows, std::size_t right_rows, unsigned threads) {
  // Most pairs have no rival on either side; only the others need an order.
  Seen rights(right_rows);
  by_parts(places.size(), threads, [&](std::size_t first, std::size_t end, std::size_t) {
    ahead(first, end, [&](std::size_t i) { rights.fetch(pairs[places[i]].right); }, [&](std::size_t i) { rights.add(pairs[places[i]].right); });
  });
  const auto same_left = [&](std::size_t i, std::size_t other) { return other < places.size() && pairs[places[other]].left == pairs[places[i]].left; };
  Places rivals = places_where(places.size(), threads, [&](std::size_t i) {
    return rights.is_repeated(pairs[places[i]].right) || same_left(i, i + 1) || same_left(i, i - 1);
  });
  if (rivals.empty()) return;
  for (std::uint32_t& at : rivals) at = places[at];
  Places losers;
  sort_best_first(pairs, rivals);
  std::vector<bool> left_taken(left_rows), right_taken(right_rows);
  for (const std::uint32_t at : rivals) {
    const Candidate& pair = pairs[at];
    if (left_taken[pair.left] || right_taken[pair.right]) losers.push_back(at);
    else left_taken[pair.left] = right_taken[pair.right] = true;
  }
  std::sort(losers.begin(), losers.end());
  auto loser = losers.begin();
  std::erase_if(places, [&](std::uint32_t at) { return loser != losers.end() && *loser == at && (++loser, true); });
}

Candidates linked_pairs(const Candidates& pairs, std::int32_t threshold, bool one_to_one, std::size_t left_rows, std::size_t right_rows, unsigned threads) {
  Places places = places_where(pairs.size(), threads, [&](std::size_t at) { return pairs[at].score >= threshold; });
  if (one_to_one) keep_one_to_one(pairs, places, left_rows, right_rows, threads);
  Candidates linked(places.size());
  by_parts(places.size(), threads, [&](std::size_t first, std::size_t end, std::size_t) {
    for (std::size_t i = first; i < end; ++i) linked[i] = pairs[places[i]];
  });
  return linked;
}

Groups groups_of(const Grouping& grouping, const Candidates& candidates) {
  Joining joining(grouping, candidates);
  for (const std::uint32_t at : best_first(candidates)) {
    if (candidates[at].score < grouping.threshold) break;
    joining.consider(candidates[at]);
  }
  return joining.finish();
}

HouseholdEvidence add_household_evidence(Candidates& candidates, const Records& left, const Records& right, std::int32_t threshold, unsigned threads) {
  constexpr std::size_t counts = HouseholdEvidence::counts;
  constexpr auto sure_margin = static_cast<std::int32_t>(7 * weights_per_bit);
  HouseholdEvidence evidence;
  if (left.households.size() == 0 || right.households.size() == 0) return evidence;
  const LargeVector<std::uint64_t> families = families_of(candidates, left, right, threads);
  // Sure pairs in which each row stands once, per pair of families.
  Places good = places_where(candidates.size(), threads, [&](std::size_t at) { return families[at] != 0 && candidates[at].score >= threshold + sure_margin; });
  keep_one_to_one(candidates, good, left.size, right.size, threads);
  FamilyCounts sure(good.size());
  Seen left_sure(left.size), right_sure(right.size);
  const auto fetch = [&](std::uint32_t at) {
    sure.fetch(families[at]);
    right_sure.fetch(candidates[at].right);
  };
  by_parts(good.size(), threads, [&](std::size_t first, std::size_t end, std::size_t) {
    ahead(first, end, [&](std::size_t i) { fetch(good[i]); }, [&](std::size_t i) {
      sure.add(families[good[i]]);
      left_sure.add(candidates[good[i]].left);
      right_sure.add(candidates[good[i]].right);
    });
  });
  std::array<std::atomic<std::uint64_t>, counts> same = {1, 1, 1, 1}, strange = {1, 1, 1, 1};
  by_parts(good.size(), threads, [&](std::size_t first, std::size_t end, std::size_t) {
    std::array<std::uint64_t, counts> found = {};
    ahead(first, end, [&](std::size_t i) { sure.fetch(families[good[i]]); }, [&](std::size_t i) { ++found[std::min<std::size_t>(sure.count(families[good[i]]) - 1, counts - 1)]; });
    for (std::size_t count = 0; count < counts; ++count) same[count] += found[count];
  });
  // Rows that surely belong elsewhere say nothing about chance among those that are left.
  const Places open = places_where(candidates.size(), threads, [&](std::size_t at) {
    return families[at] != 0 && !left_sure.is_seen(candidates[at].left) && !right_sure.is_seen(candidates[at].right);
  });
  const auto others = [&](std::uint32_t at) { return std::min<std::size_t>(sure.count(families[at]), counts - 1); };
  by_parts(open.size(), threads, [&](std::size_t first, std::size_t end, std::size_t) {
    ahead(first, end, [&](std::size_t i) { sure.fetch(families[open[i]]); }, [&](std::size_t i) {
      if (candidates[open[i]].score < threshold - sure_margin) ++strange[others(open[i])];
    });
  });
  const auto sum = [](const auto& of) { return std::accumulate(of.begin(), of.end(), 0.0, [](double so_far, const auto& one) { return so_far + static_cast<double>(one.load()); }); };
  const double same_all = sum(same), strange_all = sum(strange);
  for (std::size_t count = 0; count < counts; ++count) {
    // No household is worth more than eight bits: brothers and sisters live together too.
    const double bits = std::clamp(std::log2(static_cast<double>(same[count]) / same_all * strange_all / static_cast<double>(strange[count])), -3.0, 8.0);
    evidence.weights[count] = static_cast<Weight>(std::lround(bits * weights_per_bit));
  }
  evidence.used = true;
  by_parts(open.size(), threads, [&](std::size_t first, std::size_t end, std::size_t) {
    ahead(first, end, [&](std::size_t i) { sure.fetch(families[open[i]]); }, [&](std::size_t i) {
      if (candidates[open[i]].score < threshold + sure_margin) candidates[open[i]].score += evidence.weights[others(open[i])];
    });
  });
  return evidence;
}

}  // namespace yihu::link
