#include "link/scoring.h"

#include "link/parallel.h"

#include <algorithm>

namespace yihu::link {
namespace {

constexpr std::size_t look_ahead = 12;

void fetch(const std::uint32_t* row) { __builtin_prefetch(row); }

/// Orders a bucket's pairs by left row and drops repeats.
class Ordering {
 public:
  void order(const std::vector<std::uint64_t>& pairs, std::uint32_t first, std::uint32_t lefts) {
    begins_.assign(lefts + 1, 0);
    for (const std::uint64_t pair : pairs) ++begins_[(pair >> 32) - first + 1];
    for (std::uint32_t i = 0; i < lefts; ++i) begins_[i + 1] += begins_[i];
    rights_.resize(pairs.size());
    next_.assign(begins_.begin(), begins_.end() - 1);
    for (const std::uint64_t pair : pairs) rights_[next_[(pair >> 32) - first]++] = static_cast<std::uint32_t>(pair);
    pairs_.clear();
    for (std::uint32_t i = 0; i < lefts; ++i) {
      const auto begin = rights_.begin() + begins_[i], end = rights_.begin() + begins_[i + 1];
      if (end - begin > 1) std::sort(begin, end);
      std::uint32_t before = 0;
      for (auto at = begin; at != end; ++at) {
        if (at == begin || *at != before) pairs_.push_back(static_cast<std::uint64_t>(first + i) << 32 | *at);
        before = *at;
      }
    }
  }
  const std::vector<std::uint64_t>& pairs() const { return pairs_; }

 private:
  std::vector<std::uint32_t> begins_, next_, rights_;
  std::vector<std::uint64_t> pairs_;
};

}  // namespace

Compared compare(const Comparing& comparing, const PairStore& store, const std::function<bool(Pattern)>& promising) {
  Compared compared;
  compared.candidates.resize(store.buckets());
  struct State {
    Comparison::Memory memory;
    PatternCounts counts;
    Ordering ordering;
    std::vector<std::uint64_t> collected;
    std::uint64_t pairs = 0;
  };
  std::vector<State> states;
  for (unsigned thread = 0; thread < comparing.threads; ++thread) states.push_back({comparing.comparison.memory(), {}, {}, {}, 0});
  std::atomic<std::int64_t> done = 0;
  in_parallel(comparing.threads, store.buckets(), [&](std::size_t bucket, unsigned thread) {
    if (comparing.cancel.asked()) return;
    State& state = states[thread];
    store.collect(bucket, state.collected);
    state.ordering.order(state.collected, store.first_left(bucket), store.lefts());
    const auto& pairs = state.ordering.pairs();
    state.pairs += pairs.size();
    auto& kept = compared.candidates[bucket];
    kept.reserve(pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (i + look_ahead < pairs.size()) fetch(comparing.right.row(static_cast<std::uint32_t>(pairs[i + look_ahead])));
      if (const std::size_t next = i + look_ahead / 2; next < pairs.size()) {
        comparing.comparison.fetch(comparing.left.row(pairs[next] >> 32), comparing.right.row(static_cast<std::uint32_t>(pairs[next])));
      }
      const auto left = static_cast<std::uint32_t>(pairs[i] >> 32), right = static_cast<std::uint32_t>(pairs[i]);
      const Pattern pattern = comparing.comparison.pattern(comparing.left.row(left), comparing.right.row(right), state.memory);
      const auto found = state.counts.add(pattern);
      if (found.fresh) *found.flag = promising(pattern) ? 1 : 0;
      if (*found.flag != 0) kept.push_back({left, right, pattern, 0});
    }
    if (comparing.progress) comparing.progress(++done, static_cast<std::int64_t>(store.buckets()));
  });
  for (const State& state : states) {
    compared.patterns.add_all(state.counts);
    compared.pairs += state.pairs;
  }
  return compared;
}

std::int64_t weight_max(const Weights& weights, std::size_t fields, Pattern pattern) {
  std::int64_t sum = 0;
  for (std::size_t field = 0; field < fields; ++field) {
    const Level level = level_in(pattern, field);
    sum += weights.of(field, level) + (level == Level::equal ? weights.frequency_max(field) : 0);
  }
  return sum;
}

std::int32_t score_of(const Weights& weights, const Layout& layout, Pattern pattern, const std::uint32_t* left) {
  std::int32_t sum = 0;
  for (std::size_t field = 0; field < layout.slots.size(); ++field) {
    const Level level = level_in(pattern, field);
    sum += weights.of(field, level);
    if (level == Level::equal) sum += weights.frequency(field, code_in(layout.slots[field], left));
  }
  return sum;
}

void fetch_score(const Weights& weights, const Layout& layout, Pattern pattern, const std::uint32_t* left) {
  for (std::size_t field = 0; field < layout.slots.size(); ++field) {
    if (level_in(pattern, field) == Level::equal) weights.fetch(field, code_in(layout.slots[field], left));
  }
}

PatternCounts random_patterns(const Comparing& comparing, bool within, std::uint64_t sample, std::uint64_t all_max) {
  const std::uint64_t a = comparing.left.size, b = comparing.right.size;
  const std::uint64_t total = within ? a * (a - 1) / 2 : a * b;
  const bool all = total <= all_max;
  const std::size_t tasks = all ? a : 64;
  std::vector<PatternCounts> counts(comparing.threads);
  std::vector<Comparison::Memory> memories(comparing.threads, comparing.comparison.memory());
  in_parallel(comparing.threads, tasks, [&](std::size_t task, unsigned thread) {
    const auto add = [&](std::uint64_t left, std::uint64_t right) {
      counts[thread].add(comparing.comparison.pattern(comparing.left.row(left), comparing.right.row(right), memories[thread]));
    };
    if (all) {
      for (std::uint64_t right = within ? task + 1 : 0; right < b; ++right) add(task, right);
      return;
    }
    constexpr std::size_t batch = 64;
    std::array<std::pair<std::uint64_t, std::uint64_t>, batch> drawn;
    for (std::uint64_t i = sample * task / tasks; i < sample * (task + 1) / tasks;) {
      std::size_t count = 0;
      for (; count < batch && i < sample * (task + 1) / tasks; ++i) {
        const std::uint64_t left = mixed(2 * i + 1) % a, right = mixed(2 * i + 2) % b;
        if (within && left == right) continue;
        drawn[count++] = {left, right};
        fetch(comparing.left.row(left));
        fetch(comparing.right.row(right));
      }
      for (std::size_t at = 0; at < count; ++at) add(drawn[at].first, drawn[at].second);
    }
  });
  PatternCounts sum;
  for (const PatternCounts& count : counts) sum.add_all(count);
  return sum;
}

}  // namespace yihu::link
