#include "link/index.h"

#include <algorithm>

namespace yihu::link {
namespace {

constexpr auto doubt_margin = static_cast<std::int64_t>(12 * weights_per_bit);
constexpr std::size_t look_ahead = 8;

}  // namespace

base::Result<std::unique_ptr<Index>> Index::from(std::unique_ptr<Linkage> linkage) {
  try {
    std::unique_ptr<Index> index(new Index);
    index->linkage_ = std::move(linkage);
    Linkage& kept = *index->linkage_;
    if (kept.within()) {
      kept.model_.match_share = 0.5 / static_cast<double>(kept.left_->size);
      kept.weights_ = std::make_unique<Weights>(kept.model_, kept.spec_, *kept.frequencies_);
    }
    // Long keys may lie in the source.
    for (std::size_t row = 0; row < kept.left_->size; ++row) {
      const std::string_view key = kept.left_->key(row);
      if (key.size() <= RowKey::inside) continue;
      Dictionary& texts = *kept.left_->key_texts;
      kept.left_->keys[row] = RowKey::of(texts.text(texts.number_of(key)));
    }
    kept.left_->source = nullptr;
    kept.right_.reset();
    kept.candidates_ = {};
    kept.links_ = {};
    kept.groups_ = {};
    index->make_ready();
    return index;
  } catch (const std::bad_alloc&) {
    return base::fail(out_of_memory());
  }
}

void Index::make_ready() {
  const Linkage& kept = *linkage_;
  base_rows_ = kept.left().size;
  for (const Field& field : spec().fields) {
    const auto of_id = [&](const Field& other) { return other.kind == Kind::id_number && other.left == field.left_else; };
    const auto found = std::find_if(spec().fields.begin(), spec().fields.end(), of_id);
    id_fields_.push_back(static_cast<std::size_t>(found - spec().fields.begin()));
  }
  const Blocking blocking{spec(), kept.hashes(), kept.left(), nullptr, {}, kept.settings_.threads, kept.settings_.cancel};
  for (std::size_t key = 0; key < spec().keys.size(); ++key) by_key_.emplace_back(blocking, key);
  added_by_key_.resize(spec().keys.size());
}

const std::uint32_t* Index::row_at(std::uint32_t row) const {
  return row < base_rows_ ? linkage_->left().row(row) : added_rows_[row - base_rows_]->data();
}

base::Result<Index::Lanes> Index::packed_lanes(const Person& person) const {
  const Linkage& kept = *linkage_;
  if (person.values.size() != spec().fields.size()) {
    return base::fail(base::ErrorKind::input, "values_count", base::text("要给 {} 个值，给了 {} 个。", "{} values are wanted, {} were given.", spec().fields.size(), person.values.size()));
  }
  Lanes lanes = {};
  std::string scratch;
  for (std::size_t field = 0; field < person.values.size(); ++field) {
    const Slot& slot = kept.layout().slots[field];
    Dictionary& dictionary = *kept.dictionaries()[slot.dictionary];
    bool bad = false;
    const std::string_view cell = trimmed(person.values[field]);
    Code code = cell.empty() ? 0 : packed(slot, cell, kept.left().months_first[field], dictionary, scratch, bad);
    if (bad) return base::fail(base::ErrorKind::input, "encoding_mixed", base::text("“{}”的值不是 UTF-8。", "The value of “{}” is not UTF-8.", spec().fields[field].name));
    if (code == 0 && id_fields_[field] < person.values.size()) code = code_from_id(slot, trimmed(person.values[id_fields_[field]]), dictionary);
    store(slot, code, lanes.data());
  }
  return lanes;
}

void Index::rows_of(std::size_t key, std::uint32_t hash, std::vector<std::uint32_t>& rows) const {
  if (hash == 0) return;
  const std::span<const std::uint64_t> entries = by_key_[key].find(hash);
  const auto added = added_by_key_[key].find(hash);
  const std::size_t more = added == added_by_key_[key].end() ? 0 : added->second.size();
  if (entries.size() + more > block_rows_max) {
    passed_over_ += entries.size() + more;
    return;
  }
  for (const std::uint64_t entry : entries) rows.push_back(static_cast<std::uint32_t>(entry));
  if (more > 0) rows.insert(rows.end(), added->second.begin(), added->second.end());
}

void Index::rows_sharing_keys(const Lanes& lanes, std::vector<std::uint32_t>& rows) const {
  const KeyHashes& hashes = linkage_->hashes();
  std::vector<std::uint32_t> repaired;
  for (std::size_t key = 0; key < spec().keys.size(); ++key) {
    rows_of(key, hashes.hash(key, lanes.data()), rows);
    if (!hashes.is_repaired(key)) continue;
    repaired.clear();
    hashes.repaired(key, lanes.data(), repaired);
    for (const std::uint32_t hash : repaired) rows_of(key, hash, rows);
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

base::Result<std::vector<Answer>> Index::ask(const Person& person, std::size_t most) const {
  const Lanes lanes = TRY(packed_lanes(person));
  std::vector<std::uint32_t> rows;
  rows_sharing_keys(lanes, rows);
  const Linkage& kept = *linkage_;
  Comparison::Memory memory = kept.comparison().memory();
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + look_ahead < rows.size()) __builtin_prefetch(row_at(rows[i + look_ahead]));
    const std::uint32_t* row = row_at(rows[i]);
    const Pattern pattern = kept.comparison().pattern(row, lanes.data(), memory);
    if (weight_max(kept.weights(), spec().fields.size(), pattern) + kept.weights().prior() < -doubt_margin) continue;
    const std::int32_t score = score_of(kept.weights(), kept.layout(), pattern, row);
    if (std::int64_t{score} + kept.weights().prior() >= -doubt_margin) answers.push_back({rows[i], score, pattern});
  }
  std::sort(answers.begin(), answers.end(), [](const Answer& a, const Answer& b) { return a.score != b.score ? a.score > b.score : a.row < b.row; });
  if (answers.size() > most) answers.resize(most);
  return answers;
}

base::Done Index::add(const Person& person) {
  const Lanes lanes = TRY(packed_lanes(person));
  if (rows() >= rows_max) return base::fail(base::ErrorKind::too_large, "rows_too_many", base::text("索引最多 {} 行。", "An index holds at most {} rows.", rows_max));
  const auto row = static_cast<std::uint32_t>(rows());
  std::vector<std::uint32_t> hashes;
  for (std::size_t key = 0; key < spec().keys.size(); ++key) {
    hashes.clear();
    if (const std::uint32_t hash = linkage_->hashes().hash(key, lanes.data()); hash != 0) hashes.push_back(hash);
    if (linkage_->hashes().is_repaired(key)) linkage_->hashes().repaired(key, lanes.data(), hashes);
    for (const std::uint32_t hash : hashes) added_by_key_[key][hash].push_back(row);
  }
  added_rows_.push_back(std::make_unique<Lanes>(lanes));
  added_keys_.push_back(person.key);
  added_.push_back(person);
  return {};
}

Weight Index::weight(const Answer& answer, std::size_t field) const {
  const Level level = level_in(answer.pattern, field);
  const Weights& weights = linkage_->weights();
  return weights.of(field, level) + (level == Level::equal ? weights.frequency(field, code_in(linkage_->layout().slots[field], row_at(answer.row))) : 0);
}

}  // namespace yihu::link
