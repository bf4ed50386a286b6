#include "link/training.h"

#include <algorithm>
#include <cmath>

namespace yihu::link {
namespace {

constexpr int rounds_max = 40;
constexpr double settled = 1e-5;
/// So many pairs' worth of what is expected stands against what the data says.
constexpr double expectation_pairs = 12;
constexpr auto equal_at = static_cast<std::size_t>(Level::equal);

using Table = std::array<double, levels_count>;

/// Shares of levels among all pairs in which the field is known on both sides.
std::vector<Table> overall_shares(const Training& training) {
  const std::size_t fields = training.spec.fields.size();
  std::vector<Table> shares(fields);
  std::vector<double> known(fields);
  training.random.each([&](Pattern pattern, std::uint64_t count) {
    for (std::size_t field = 0; field < fields; ++field) {
      const Level level = level_in(pattern, field);
      if (level == Level::missing) continue;
      shares[field][static_cast<std::size_t>(level)] += static_cast<double>(count);
      known[field] += static_cast<double>(count);
    }
  });
  for (std::size_t field = 0; field < fields; ++field) {
    const std::vector<Level> levels = levels_of(training.spec.fields[field].kind);
    double rest = 0;
    for (const Level level : levels) {
      if (level == Level::equal) continue;
      double& share = shares[field][static_cast<std::size_t>(level)];
      // A level that no random pair showed is rare, not impossible.
      share = (share + 0.3) / (known[field] + 1);
      rest += share;
    }
    const double equal = training.frequencies.equal_share(field);
    shares[field][equal_at] = equal;
    for (const Level level : levels) {
      if (level != Level::equal) shares[field][static_cast<std::size_t>(level)] *= (1 - equal) / rest;
    }
  }
  return shares;
}

class Rounds {
 public:
  explicit Rounds(const Training& training) : training_(training), overall_(overall_shares(training)) {
    for (const Field& field : training.spec.fields) {
      Table m = expected_m(field.kind);
      expected_.push_back(m);
      model_.fields.push_back({field.name, field.kind, m, {}});
    }
    model_.match_share = std::clamp(0.5 * training.rows_least / std::max(training.pairs_total, 1.0), 1e-12, 0.3);
    update_u();
  }

  Model run() {
    if (training_.labels_only) {
      maximise({}, 0);
      return model_;
    }
    if (training_.blocked == nullptr) return model_;
    std::vector<std::pair<Pattern, double>> patterns;
    training_.blocked->each([&](Pattern pattern, std::uint64_t count) { patterns.emplace_back(pattern, static_cast<double>(count)); });
    std::sort(patterns.begin(), patterns.end());
    double before = 0;
    for (model_.rounds = 1; model_.rounds <= rounds_max; ++model_.rounds) {
      const double matches = expect(patterns);
      maximise(patterns, matches);
      if (std::abs(matches - before) < settled * matches) break;
      before = matches;
    }
    return model_;
  }

 private:
  double expect(const std::vector<std::pair<Pattern, double>>& patterns) {
    std::vector<Table> ratio(model_.fields.size());
    for (std::size_t field = 0; field < ratio.size(); ++field) {
      for (std::size_t level = 1; level < levels_count; ++level) {
        const double m = model_.fields[field].m[level], u = model_.fields[field].u[level];
        ratio[field][level] = u > 0 ? std::log(std::max(m, 1e-9) / u) : 0;
      }
    }
    const double prior = std::log(model_.match_share / (1 - model_.match_share));
    posterior_.resize(patterns.size());
    double matches = 0;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      double weight = prior;
      for (std::size_t field = 0; field < ratio.size(); ++field) weight += ratio[field][patterns[i].first >> (4 * field) & 0xf];
      posterior_[i] = 1 / (1 + std::exp(-weight));
      matches += posterior_[i] * patterns[i].second;
    }
    return matches;
  }

  void maximise(const std::vector<std::pair<Pattern, double>>& patterns, double matches) {
    for (std::size_t field = 0; field < model_.fields.size(); ++field) {
      Table counts = {};
      for (std::size_t i = 0; i < patterns.size(); ++i) counts[patterns[i].first >> (4 * field) & 0xf] += posterior_[i] * patterns[i].second;
      for (const Labelled& labelled : training_.labelled) {
        if (labelled.same) counts[static_cast<std::size_t>(level_in(labelled.pattern, field))] += 1;
      }
      double known = 0;
      for (std::size_t level = 1; level < levels_count; ++level) known += counts[level];
      for (std::size_t level = 1; level < levels_count; ++level) {
        model_.fields[field].m[level] = (counts[level] + expectation_pairs * expected_[field][level]) / (known + expectation_pairs);
      }
    }
    const double labelled = static_cast<double>(std::count_if(training_.labelled.begin(), training_.labelled.end(), [](const Labelled& l) { return l.same; }));
    model_.labelled = training_.labelled.size();
    if (!training_.labels_only) model_.match_share = std::clamp(matches / training_.pairs_total, 1e-12, 0.5);
    else if (labelled > 0) model_.match_share = std::clamp(0.5 * training_.rows_least / training_.pairs_total, 1e-12, 0.5);
    update_u();
  }

  /// All pairs are those of one person and those of two, so the latter is what is left.
  void update_u() {
    const double share = model_.match_share;
    for (std::size_t field = 0; field < model_.fields.size(); ++field) {
      FieldModel& trained = model_.fields[field];
      for (std::size_t level = 1; level < levels_count; ++level) {
        if (overall_[field][level] == 0) continue;
        const double left_over = (overall_[field][level] - share * trained.m[level]) / (1 - share);
        trained.u[level] = std::max({left_over, overall_[field][level] * 0.02, 1e-10});
      }
    }
  }

  const Training& training_;
  std::vector<Table> overall_, expected_;
  std::vector<double> posterior_;
  Model model_;
};

}  // namespace

PatternCounts::Found PatternCounts::add(Pattern pattern, std::uint64_t count) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = mixed(pattern) & mask;
  while (slots_[at].count != 0 && slots_[at].pattern != pattern) at = (at + 1) & mask;
  Slot& slot = slots_[at];
  if (slot.count != 0) {
    slot.count += count;
    return {false, &slot.flag};
  }
  if ((used_ + 1) * 2 > slots_.size()) {
    grow();
    return add(pattern, count);
  }
  ++used_;
  slot = {pattern, count, 0};
  return {true, &slot.flag};
}

void PatternCounts::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  std::swap(old, slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.count == 0) continue;
    std::size_t at = mixed(slot.pattern) & mask;
    while (slots_[at].count != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

Model train(const Training& training) { return Rounds(training).run(); }

}  // namespace yihu::link
