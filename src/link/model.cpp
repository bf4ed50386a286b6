#include "link/model.h"

#include "link/parallel.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace yihu::link {
namespace {

constexpr std::size_t date_places = 1 << 17;
constexpr std::uint32_t days_of_year = 372;
constexpr std::size_t rows_counted_whole = 1'000'000;
constexpr std::uint64_t sampled_of = 8;

/// Where only the share of equal values is wanted, every eighth value tells it in large tables.
bool is_sampled(const Slot& slot, const Field& field, std::size_t rows) { return slot.form == Form::wide && !field.frequency && rows > rows_counted_whole; }

Buffer<std::uint32_t> counters_for(const Slot& slot, bool sampled, const Dictionaries& dictionaries, std::size_t rows) {
  switch (slot.form) {
    case Form::text: return Buffer<std::uint32_t>(dictionaries[slot.dictionary]->size() + 1);
    case Form::date: return Buffer<std::uint32_t>(date_places);
    case Form::wide: return Buffer<std::uint32_t>(std::bit_ceil(std::max<std::size_t>(sampled ? rows / sampled_of : rows, 1024)));
  }
  return {};
}

}  // namespace

std::array<double, levels_count> expected_m(Kind kind) {
  // missing, differs, region, weak, close, near, sound, crossed, equal
  switch (kind) {
    case Kind::name: return {0, 0.03, 0.01, 0.01, 0.01, 0.04, 0.02, 0.01, 0.87};
    case Kind::id_number: return {0, 0.012, 0.01, 0, 0.003, 0.02, 0.005, 0, 0.95};
    case Kind::date: return {0, 0.01, 0.005, 0.015, 0.02, 0.04, 0.01, 0, 0.90};
    case Kind::phone: return {0, 0.26, 0, 0, 0, 0.03, 0.01, 0, 0.70};
    case Kind::address: return {0, 0.20, 0, 0.05, 0.05, 0.05, 0.02, 0.01, 0.62};
    case Kind::division: return {0, 0.08, 0.03, 0.03, 0, 0.01, 0, 0, 0.85};
    case Kind::sex: return {0, 0.01, 0, 0, 0, 0, 0, 0, 0.99};
    case Kind::text: return {0, 0.20, 0, 0.05, 0.05, 0.05, 0.02, 0.01, 0.62};
    case Kind::number: return {0, 0.06, 0, 0, 0.01, 0.05, 0.01, 0.01, 0.86};
    case Kind::category: return {0, 0.08, 0, 0, 0, 0, 0, 0, 0.92};
    case Kind::code: return {0, 0.05, 0, 0, 0.01, 0.06, 0.01, 0.01, 0.86};
  }
  return {};
}

Weight weight_of(double m, double u) {
  return static_cast<Weight>(std::lround(weights_per_bit * std::log2(std::max(m, 1e-9) / std::max(u, 1e-12))));
}

Weight prior_of(const Model& model) { return weight_of(model.match_share, 1 - model.match_share); }

double probability_of(std::int64_t weight) { return 1 / (1 + std::exp2(-static_cast<double>(weight) / weights_per_bit)); }

Frequencies::Frequencies(const Spec& spec, const Layout& layout, const Dictionaries& dictionaries, const Records& left,
                         const Records* right, unsigned threads)
    : layout_(layout), dictionaries_(dictionaries), rows_(left.size + (right == nullptr ? 0 : right->size)) {
  const std::size_t fields = spec.fields.size();
  const Records* tables[] = {&left, right};
  for (std::size_t field = 0; field < fields; ++field) sampled_.push_back(is_sampled(layout.slots[field], spec.fields[field], rows_) ? 1 : 0);
  for (std::size_t side = 0; side < 2; ++side) {
    known_[side].assign(fields, 0);
    for (std::size_t field = 0; field < fields; ++field) {
      counts_[side].push_back(tables[side] == nullptr ? Buffer<std::uint32_t>() : counters_for(layout.slots[field], sampled_[field] != 0, dictionaries, rows_));
    }
  }
  equal_share_.assign(fields, 1);
  missing_share_.assign(fields, 1);
  // Each half of the fields of each table by itself.
  in_parallel(threads, right == nullptr ? 2 : 4, [&](std::size_t task, unsigned) {
    const std::size_t half = fields / 2;
    count_fields(task / 2, *tables[task / 2], task % 2 == 0 ? 0 : half, task % 2 == 0 ? half : fields);
  });
  in_parallel(threads, fields, [&](std::size_t field, unsigned) { share_of_equals(field, right == nullptr); });
}

void Frequencies::share_of_equals(std::size_t field, bool within) {
  // Wide values share counters by chance; that many equal pairs are taken off again.
  double equal = 0;
  double pairs = 0;
  const double share = sampled_[field] != 0 ? 1.0 / static_cast<double>(sampled_of) : 1.0;
  const auto a = static_cast<double>(known_[0][field]), b = static_cast<double>(known_[1][field]);
  auto& left = counts_[0][field];
  auto& right = counts_[1][field];
  if (within) {
    for (std::size_t i = 0; i < left.size(); ++i) equal += 0.5 * left[i] * (left[i] - (left[i] > 0 ? 1.0 : 0.0));
    pairs = 0.5 * a * (a - 1);
  } else {
    for (std::size_t i = 0; i < left.size(); ++i) equal += static_cast<double>(left[i]) * right[i];
    pairs = a * b;
  }
  if (layout_.slots[field].form == Form::wide) equal = std::max(0.0, equal - pairs * share * share / static_cast<double>(left.size()));
  equal /= share;
  equal_share_[field] = pairs > 0 ? std::clamp(equal / pairs, 1e-10, 1.0) : 1.0;
  // From here on only the sum is asked for.
  for (std::size_t i = 0; i < right.size(); ++i) left[i] += right[i];
  right = {};
  missing_share_[field] = rows_ == 0 ? 1.0 : 1 - (a + b) / static_cast<double>(rows_);
}

/// A text's number differs from run to run; its own hash does not.
std::uint64_t Frequencies::scattered(const Slot& slot, Code code) const {
  return is_text(slot, code) ? hash_of(dictionaries_[slot.dictionary]->text(text_number(slot, code))) : mixed(code);
}

std::size_t Frequencies::place(std::size_t field, Code code) const {
  const Slot& slot = layout_.slots[field];
  switch (slot.form) {
    case Form::text: return dictionaries_[slot.dictionary]->place_of(static_cast<std::uint32_t>(code));
    case Form::date: {
      const auto date = static_cast<std::uint32_t>(code);
      const std::uint32_t year = date / 10'000, month = date / 100 % 100, day = date % 100;
      if (!is_text(slot, code) && year >= 1850 && year < 2150 && month <= 12 && day <= 31) return (year - 1850) * days_of_year + month * 31 + day;
      return (date_places >> 3) * 7 + (scattered(slot, code) & ((date_places >> 3) - 1));
    }
    case Form::wide: return scattered(slot, code) >> 8 & (counts_[0][field].size() - 1);
  }
  return 0;
}

void Frequencies::count_fields(std::size_t side, const Records& records, std::size_t first, std::size_t end) {
  constexpr std::size_t batch = 64;
  std::array<std::uint32_t*, batch> counters;
  for (std::size_t row = 0; row < records.size; row += batch) {
    const std::size_t row_end = std::min(row + batch, records.size);
    for (std::size_t field = first; field < end; ++field) {
      // All counters of the batch are asked for before the first is raised.
      std::size_t count = 0, known = 0;
      for (std::size_t at = row; at < row_end; ++at) {
        const Code code = code_in(layout_.slots[field], records.row(at));
        if (code == 0) continue;
        ++known;
        if (sampled_[field] != 0 && scattered(layout_.slots[field], code) % sampled_of != 0) continue;
        counters[count] = &counts_[side][field][place(field, code)];
        __builtin_prefetch(counters[count++], 1);
      }
      for (std::size_t i = 0; i < count; ++i) ++*counters[i];
      known_[side][field] += known;
    }
  }
}

void Frequencies::fetch(std::size_t field, Code code) const {
  const std::size_t at = place(field, code);
  if (at < counts_[0][field].size()) __builtin_prefetch(&counts_[0][field][at]);
}

std::uint32_t Frequencies::count(std::size_t field, Code code) const {
  const std::size_t at = place(field, code);
  if (at >= counts_[0][field].size()) return 1;  // a text that came later
  return std::max(1U, counts_[0][field][at]);
}

Frequencies::State Frequencies::state() const {
  State state;
  for (std::size_t field = 0; field < counts_[0].size(); ++field) state.counts.push_back(counts_[0][field].span());
  for (const auto& side : known_) state.known.insert(state.known.end(), side.begin(), side.end());
  return state;
}

Frequencies::Frequencies(const Layout& layout, const Dictionaries& dictionaries, const State& state) : layout_(layout), dictionaries_(dictionaries), rows_(0) {
  const std::size_t fields = state.counts.size();
  for (const auto& counts : state.counts) {
    counts_[0].emplace_back(counts.size());
    std::copy(counts.begin(), counts.end(), counts_[0].back().data());
  }
  counts_[1].resize(fields);
  sampled_.assign(fields, 0);
  known_[0].assign(state.known.begin(), state.known.begin() + static_cast<std::ptrdiff_t>(fields));
  known_[1].assign(state.known.begin() + static_cast<std::ptrdiff_t>(fields), state.known.end());
  equal_share_.assign(fields, 1);
  missing_share_.assign(fields, 0);
}

Weights::Weights(const Model& model, const Spec& spec, const Frequencies& frequencies) : frequencies_(frequencies), prior_(prior_of(model)) {
  for (std::size_t field = 0; field < spec.fields.size(); ++field) {
    const FieldModel& trained = model.fields[field];
    auto& table = table_.emplace_back();
    for (std::size_t level = 1; level < levels_count; ++level) {
      table[level] = trained.m[level] == 0 && trained.u[level] == 0 ? 0 : weight_of(trained.m[level], trained.u[level]);
    }
    equal_m_.push_back(trained.m[static_cast<std::size_t>(Level::equal)]);
    uses_frequency_.push_back(spec.fields[field].frequency ? 1 : 0);
    auto& by_count = by_count_.emplace_back();
    for (std::uint32_t count = 0; count < tabled && uses_frequency_.back() != 0; ++count) by_count.push_back(frequency_of_count(field, count));
    // Fields with few values have frequent ones, whose weights are kept.
    auto& by_place = by_place_.emplace_back();
    const std::size_t places = frequencies.places(field);
    if (uses_frequency_.back() == 0 || places > places_kept) {
      frequency_max_.push_back(uses_frequency_.back() == 0 ? 0 : std::max(0, by_count[1]));
      continue;
    }
    for (std::size_t at = 0; at < places; ++at) {
      const std::uint32_t count = frequencies.count_at(field, at);
      by_place.push_back(count < tabled ? by_count[count] : frequency_of_count(field, count));
    }
    frequency_max_.push_back(std::max(0, by_count[1]));
  }
}

Weight Weights::frequency_of_count(std::size_t field, std::uint32_t count) const {
  // One of the rows that hold the value is the pair's own; what is left is chance.
  const double chance = std::max(1.0, static_cast<double>(count) - 1) / static_cast<double>(std::max<std::uint64_t>(frequencies_.known(field), 1));
  return weight_of(equal_m_[field], chance) - table_[field][static_cast<std::size_t>(Level::equal)];
}

Weight Weights::frequency(std::size_t field, Code code) const {
  if (uses_frequency_[field] == 0) return 0;
  if (by_place_[field].size() > 0) {
    const std::size_t at = frequencies_.place(field, code);
    return at < by_place_[field].size() ? by_place_[field][at] : by_count_[field][1];
  }
  const std::uint32_t count = frequencies_.count(field, code);
  return count < tabled ? by_count_[field][count] : frequency_of_count(field, count);
}

}  // namespace yihu::link
