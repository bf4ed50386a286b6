#include "link/link.h"

#include "link/parallel.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <new>
#include <unordered_map>

namespace yihu::link {
namespace {

constexpr std::uint64_t random_sample = 150'000;
constexpr std::uint64_t random_sample_small = 50'000;  ///< for small tables, where it costs nothing
constexpr std::uint64_t random_all_max = 150'000;
constexpr double small_rows = 100'000;
constexpr std::size_t look_ahead = 12;
constexpr std::size_t bytes_beside_row = 96;
constexpr auto stranger_margin = static_cast<std::int64_t>(6 * weights_per_bit);
constexpr auto first_margin = static_cast<std::int64_t>(30 * weights_per_bit);  ///< before the model is trained
constexpr auto doubt_margin = static_cast<std::int64_t>(12 * weights_per_bit);

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Score at which the probability is `threshold`.
std::int32_t score_at(double threshold, Weight prior) {
  const double odds = threshold / std::max(1 - threshold, 1e-12);
  return static_cast<std::int32_t>(std::ceil(std::log2(std::max(odds, 1e-12)) * weights_per_bit)) - prior;
}

}  // namespace

base::Error out_of_memory() {
  return {base::ErrorKind::unavailable, "memory_short", base::text("内存或磁盘空间不够。", "Memory or disk space is short."),
          base::text("请关掉其他程序，或用 --memory 限制内存。", "Close other programs, or limit memory with --memory."), {}, {}};
}

void Linkage::step(std::string_view name) {
  const std::int64_t now = now_us();
  if (!step_name_.empty()) report_.seconds.emplace_back(step_name_, static_cast<double>(now - step_began_) / 1e6);
  step_name_ = std::string(name);
  step_began_ = now;
  if (settings_.progress && !name.empty()) settings_.progress(name, 0, 0);
}

base::Done Linkage::stopped() const {
  if (settings_.cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已取消，没有写出任何结果。", "Cancelled; nothing was written."));
  return {};
}

base::Done Linkage::pack_tables(const Source& left, const Source* right) {
  layout_ = layout_of(spec_);
  for (std::size_t i = 0; i < layout_.dictionaries; ++i) dictionaries_.push_back(std::make_unique<Dictionary>());
  const std::size_t rows = left.rows() + (right == nullptr ? 0 : right->rows());
  // Rows, keys and counters, then pairs and candidates: some hundred bytes a row besides the row itself.
  const bool spill = rows * (layout_.lanes * sizeof(std::uint32_t) + bytes_beside_row) > settings_.memory_max;
  kept_pages_ = std::make_unique<KeptPages>(spill ? &settings_.spill_folder : nullptr);
  report_.spills = spill;
  const Packing packing{settings_.threads, settings_.cancel, spill ? &settings_.spill_folder : nullptr};
  left_ = std::make_unique<Records>(TRY(pack(left, spec_, Side::left, layout_, dictionaries_, packing)));
  if (right != nullptr) right_ = std::make_unique<Records>(TRY(pack(*right, spec_, Side::right, layout_, dictionaries_, packing)));
  for (const auto& dictionary : dictionaries_) dictionary->finish();
  return {};
}

base::Result<std::unique_ptr<Linkage>> Linkage::prepare(const Source& left, const Source* right, Settings settings) {
  try {
    std::unique_ptr<Linkage> linkage(new Linkage);
    linkage->settings_ = std::move(settings);
    linkage->step("propose");
    const Settings& given = linkage->settings_;
    for (const Source* source : {&left, right}) {
      if (source != nullptr && source->rows() == 0) {
        return base::fail(base::Error{base::ErrorKind::input, "table_without_rows", base::text("表里只有列名，没有数据。", "The table has headings but no rows."), {}, {source->name(), 0, 0, {}, {}}, {}});
      }
    }
    if (right == nullptr && left.rows() < 2) {
      return base::fail(base::Error{base::ErrorKind::input, "one_row", base::text("表里只有一行，无从查重。", "The table has one row only; there is nothing to compare it with."), {}, {left.name(), 0, 0, {}, {}}, {}});
    }
    if (given.spec) {
      linkage->spec_ = *given.spec;
    } else {
      Proposal proposal = TRY(propose_fields(left, right, {given.key_left, given.key_right, given.ignored}));
      linkage->spec_ = std::move(proposal.spec);
      linkage->report_.columns = std::move(proposal.columns);
    }
    if (given.threshold) linkage->spec_.threshold = *given.threshold;
    if (given.many_to_many) linkage->spec_.one_to_one = false;
    TRY(check_spec(linkage->spec_, left, right));
    if (given.model) linkage->settings_.model = TRY(model_for_spec(*given.model, linkage->spec_, given.model_file));
    linkage->step("read");
    TRY(linkage->pack_tables(left, right));
    const double a = static_cast<double>(left.rows()), b = right == nullptr ? 0 : static_cast<double>(right->rows());
    linkage->pairs_total_ = right == nullptr ? a * (a - 1) / 2 : a * b;
    linkage->step("frequencies");
    linkage->frequencies_ = std::make_unique<Frequencies>(linkage->spec_, linkage->layout_, linkage->dictionaries_, *linkage->left_, linkage->right_.get(), given.threads);
    linkage->step("keys");
    if (linkage->spec_.keys.empty()) {
      propose_keys(linkage->spec_, linkage->layout_, linkage->dictionaries_, *linkage->left_, linkage->right_.get(), *linkage->frequencies_, given.threads);
    }
    if (linkage->spec_.keys.empty()) {
      return base::fail(base::ErrorKind::input, "no_keys", base::text("没有哪一列能把相同的人聚到一起：各列或为空，或几乎只有一个值。", "No column brings the same people together: they are empty or hold nearly one value only."));
    }
    linkage->hashes_ = std::make_unique<KeyHashes>(linkage->spec_, linkage->layout_, linkage->dictionaries_, given.threads);
    linkage->comparison_ = std::make_unique<Comparison>(linkage->spec_, linkage->layout_, linkage->dictionaries_);
    linkage->step("");
    return linkage;
  } catch (const std::bad_alloc&) {
    return base::fail(out_of_memory());
  }
}

Blocking Linkage::blocking() const {
  Blocking blocking{spec_, *hashes_, *left_, right_.get(), {}, settings_.threads, settings_.cancel};
  for (std::size_t field = 0; field < spec_.fields.size(); ++field) blocking.split_fields.push_back(field);
  // The sharpest fields that are mostly filled split first.
  std::sort(blocking.split_fields.begin(), blocking.split_fields.end(), [&](std::size_t one, std::size_t other) {
    const auto dullness = [&](std::size_t field) { return frequencies_->equal_share(field) + frequencies_->missing_share(field); };
    return dullness(one) < dullness(other);
  });
  if (blocking.split_fields.size() > 4) blocking.split_fields.resize(4);
  return blocking;
}

std::vector<double> Linkage::estimated() const {
  return estimated_pairs(spec_, spec_.keys, layout_, dictionaries_, *left_, right_.get(), settings_.threads);
}

base::Done Linkage::run() {
  try {
    const Comparing comparing{*comparison_, *left_, right(), settings_.threads, settings_.cancel,
                              [this](std::int64_t done, std::int64_t total) { if (settings_.progress) settings_.progress("compare", done, total); }};
    step("block");
    std::optional<PairStore> pairs(std::in_place, left_->size, settings_.threads, settings_.memory_max / 2, settings_.spill_folder);
    const Blocking bringing = blocking();
    BlockingSpace space;
    for (std::size_t key = 0; key < spec_.keys.size(); ++key) {
      report_.keys.push_back(block(bringing, key, *pairs, space));
      if (settings_.progress) settings_.progress("block", static_cast<std::int64_t>(key + 1), static_cast<std::int64_t>(spec_.keys.size()));
      TRY(stopped());
    }
    space = {};
    report_.spilled_bytes = pairs->spilled_bytes();
    step("sample");
    const bool small = static_cast<double>(left_->size + right().size) < small_rows;
    const PatternCounts random = random_patterns(comparing, within(), small ? random_sample_small : random_sample, random_all_max);
    const Training first{spec_, *frequencies_, pairs_total_, random, nullptr, static_cast<double>(std::min(left_->size, right().size)), {}, false};
    model_ = settings_.model ? *settings_.model : train(first);
    weights_ = std::make_unique<Weights>(model_, spec_, *frequencies_);
    step("compare");
    const auto promising = [&](std::int64_t margin) {
      return [this, margin](Pattern pattern) { return weight_max(*weights_, spec_.fields.size(), pattern) + weights_->prior() >= -margin; };
    };
    Compared compared = compare(comparing, *pairs, promising(first_margin));
    TRY(stopped());
    step("train");
    std::vector<Pattern> dropped;
    compared.patterns.each([&](Pattern pattern, std::uint64_t) {
      if (!promising(first_margin)(pattern)) dropped.push_back(pattern);
    });
    if (!settings_.model) train_on(compared, random);
    // What looked hopeless before training may not be so after it; then the pairs are compared once more.
    if (std::any_of(dropped.begin(), dropped.end(), promising(0))) {
      step("compare again");
      compared = compare(comparing, *pairs, promising(doubt_margin));
    }
    TRY(stopped());
    pairs.reset();
    step("score");
    report_.pairs = compared.pairs;
    score(compared);
    step("decide");
    decide();
    step("");
    kept_pages_.reset();
    return stopped();
  } catch (const std::bad_alloc&) {
    return base::fail(out_of_memory());
  }
}

/// Scores what was compared; what is far from being linked goes.
void Linkage::score(Compared& compared) {
  const std::size_t buckets = compared.candidates.size();
  in_parallel(settings_.threads, buckets, [&](std::size_t at, unsigned) {
    auto& bucket = compared.candidates[at];
    std::erase_if(bucket, [&](const Candidate& candidate) { return weight_max(*weights_, spec_.fields.size(), candidate.pattern) + weights_->prior() < -doubt_margin; });
    for (std::size_t i = 0; i < bucket.size(); ++i) {
      if (i + look_ahead < bucket.size()) fetch_score(*weights_, layout_, bucket[i + look_ahead].pattern, left_->row(bucket[i + look_ahead].left));
      bucket[i].score = score_of(*weights_, layout_, bucket[i].pattern, left_->row(bucket[i].left));
    }
    std::erase_if(bucket, [&](const Candidate& candidate) { return std::int64_t{candidate.score} + weights_->prior() < -doubt_margin; });
  });
  std::vector<std::size_t> begins(buckets + 1);
  for (std::size_t at = 0; at < buckets; ++at) begins[at + 1] = begins[at] + compared.candidates[at].size();
  candidates_.resize(begins[buckets]);
  in_parallel(settings_.threads, buckets, [&](std::size_t at, unsigned) {
    std::copy(compared.candidates[at].begin(), compared.candidates[at].end(), candidates_.begin() + static_cast<std::ptrdiff_t>(begins[at]));
    compared.candidates[at] = {};
  });
}

void Linkage::train_on(const Compared& compared, const PatternCounts& random) {
  std::vector<Labelled> labelled;
  if (!settings_.labels.empty()) {
    std::unordered_map<std::string_view, std::uint32_t> lefts, rights;
    for (std::uint32_t row = 0; row < left_->size; ++row) lefts[left_->key(row)] = row;
    for (std::uint32_t row = 0; row < right().size; ++row) rights[right().key(row)] = row;
    Comparison::Memory memory = comparison_->memory();
    for (const auto& [one, other] : settings_.labels) {
      const auto a = lefts.find(one), b = rights.find(other);
      if (a != lefts.end() && b != rights.end()) labelled.push_back({comparison_->pattern(left_->row(a->second), right().row(b->second), memory), true});
    }
  }
  const Training training{spec_, *frequencies_, pairs_total_, random, &compared.patterns, static_cast<double>(std::min(left_->size, right().size)), labelled, settings_.labels_only};
  model_ = train(training);
  weights_ = std::make_unique<Weights>(model_, spec_, *frequencies_);
}

void Linkage::decide() {
  const std::int32_t threshold = score_at(spec_.threshold, weights_->prior());
  report_.candidates = candidates_.size();
  if (!within() && left_->households.size() > 0 && right_->households.size() > 0) {
    step("households");
    report_.household = add_household_evidence(candidates_, *left_, *right_, threshold, settings_.threads);
    step("partners");
  }
  if (within()) {
    const Grouping grouping{spec_, layout_, *left_, threshold, static_cast<std::int32_t>(threshold - stranger_margin)};
    groups_ = groups_of(grouping, candidates_);
    report_.refused_ids = groups_.refused_ids;
    // All pairs of a group are linked, also those that no key brought together.
    Comparison::Memory memory = comparison_->memory();
    for (const auto& members : groups_.members) {
      for (std::size_t i = 0; i < members.size(); ++i) {
        for (std::size_t j = i + 1; j < members.size(); ++j) {
          const std::uint32_t* row = left_->row(members[i]);
          const Pattern pattern = comparison_->pattern(row, left_->row(members[j]), memory);
          links_.push_back({members[i], members[j], pattern, score_of(*weights_, layout_, pattern, row)});
        }
      }
    }
    std::sort(links_.begin(), links_.end(), [](const Candidate& a, const Candidate& b) { return std::pair(a.left, a.right) < std::pair(b.left, b.right); });
    return;
  }
  links_ = linked_pairs(candidates_, threshold, spec_.one_to_one, left_->size, right().size, settings_.threads);
}

Weight Linkage::weight(const Candidate& pair, std::size_t field) const {
  const Level level = level_in(pair.pattern, field);
  return weights_->of(field, level) + (level == Level::equal ? weights_->frequency(field, code_in(layout_.slots[field], left_->row(pair.left))) : 0);
}

Weight Linkage::household_weight(const Candidate& pair) const {
  std::int32_t sum = 0;
  for (std::size_t field = 0; field < spec_.fields.size(); ++field) sum += weight(pair, field);
  return pair.score - sum;
}

base::Done check_spec(const Spec& spec, const Source& left, const Source* right) {
  std::vector<base::Error> mistakes;
  const auto mistake = [&](std::string code, base::Text text, const std::string& file) {
    mistakes.push_back({base::ErrorKind::input, std::move(code), std::move(text), {}, {file, 0, 0, {}, {}}, {}});
  };
  const auto need = [&](const Source& source, const std::string& column) {
    const auto& headings = source.headings();
    if (std::find(headings.begin(), headings.end(), column) == headings.end()) {
      mistake("column_missing", base::text("表里没有列“{}”。", "The table has no column “{}”.", column), source.name());
    }
  };
  need(left, spec.key_left);
  if (right != nullptr) need(*right, spec.key_right);
  if (spec.fields.size() > fields_max) mistake("fields_too_many", base::text("最多比对 {} 个字段。", "At most {} fields can be compared.", fields_max), "");
  for (const Field& field : spec.fields) {
    need(left, field.left);
    if (right != nullptr) need(*right, field.right);
    if (!field.left_else.empty()) need(left, field.left_else);
    if (right != nullptr && !field.right_else.empty()) need(*right, field.right_else);
  }
  if (!spec.household_left.empty()) need(left, spec.household_left);
  if (right != nullptr && !spec.household_right.empty()) need(*right, spec.household_right);
  if (mistakes.empty()) return {};
  return base::fail_all(std::move(mistakes));
}

}  // namespace yihu::link
