// Keys chosen from the data: see propose_keys in proposal.h.

#include "link/parallel.h"
#include "link/proposal.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <map>
#include <utility>

namespace yihu::link {
namespace {

constexpr std::size_t sample_rows = 8'000;
constexpr std::size_t trials = 4'096;
constexpr double pairs_floor = 1'500'000;
constexpr double pairs_per_row = 4;
constexpr double equal_share_max = 0.05;
constexpr double gain_least = 0.0006;
constexpr double small_rows = 200'000;
constexpr double dirt_of_small = 2.5;   ///< small tables can afford keys for more mistakes
constexpr double swap_rate = 0.06;      ///< of partners, such as given name and surname
constexpr double row_cost = 2.0;    ///< of sorting a row into its block, in comparisons
constexpr std::size_t proposed_max = 16;

/// How often the part of a value is wrong in one of two rows about the same person.
double error_rate(Kind kind, Cut cut) {
  const bool whole = cut == Cut::whole;
  switch (kind) {
    case Kind::name: return whole ? 0.09 : cut == Cut::sound ? 0.06 : 0.05;
    case Kind::id_number: return 0.03;
    case Kind::date: return whole ? 0.06 : 0.04;
    case Kind::phone: return whole ? 0.35 : 0.33;
    case Kind::address:
    case Kind::text: return whole ? 0.30 : 0.20;
    case Kind::division: return 0.12;
    case Kind::sex: return 0.01;
    case Kind::number:
    case Kind::code: return whole ? 0.10 : 0.07;
    case Kind::category: return 0.08;
  }
  return 0.1;
}

using Trials = std::bitset<trials>;

struct Part {
  KeyPart part;
  std::size_t field = 0;
  std::vector<std::uint32_t> left, right;   ///< hashes of the sampled rows; 0 missing
  Trials intact;
  Trials intact_either;   ///< where the partner's part stands in the same key, in either order
};

std::vector<std::uint32_t> sampled_rows(std::size_t size) {
  std::vector<std::uint32_t> rows;
  const std::size_t count = std::min(size, sample_rows);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = size * i / count;
    // Not every n-th row exactly: members of a household stand together.
    rows.push_back(static_cast<std::uint32_t>(size == count ? at : std::min(size - 1, at + mixed(i) % (size / count))));
  }
  return rows;
}

/// Eleven bits at a time, least significant first.
void sort(std::vector<std::uint32_t>& values) {
  std::vector<std::uint32_t> scratch(values.size());
  for (const unsigned shift : {0U, 11U, 22U}) {
    std::array<std::uint32_t, 2048> begins = {};
    for (const std::uint32_t value : values) ++begins[value >> shift & 2047];
    std::uint32_t sum = 0;
    for (std::uint32_t& begin : begins) sum += std::exchange(begin, sum);
    for (const std::uint32_t value : values) scratch[begins[value >> shift & 2047]++] = value;
    values.swap(scratch);
  }
}

class Sampled {
 public:
  Sampled(const Spec& spec, const Layout& layout, const Dictionaries& dictionaries, const Records& left, const Records* right)
      : spec_(spec), layout_(layout), dictionaries_(dictionaries), left_(left), right_(right), left_rows_(sampled_rows(left.size)),
        right_rows_(right == nullptr ? std::vector<std::uint32_t>() : sampled_rows(right->size)) {}

  Part part(const KeyPart& wanted) const {
    Part part{wanted, field_of(wanted.field), {}, {}, {}, {}};
    for (const std::uint32_t row : left_rows_) part.left.push_back(hash(part, left_.row(row)));
    for (const std::uint32_t row : right_rows_) part.right.push_back(hash(part, right_->row(row)));
    return part;
  }
  std::size_t field_of(const std::string& name) const {
    return static_cast<std::size_t>(std::find_if(spec_.fields.begin(), spec_.fields.end(), [&](const Field& f) { return f.name == name; }) - spec_.fields.begin());
  }

  double pairs(const std::vector<const Part*>& parts) const {
    std::vector<std::uint32_t> a = combined(parts, true), b = combined(parts, false);
    sort(a);
    sort(b);
    double pairs = 0;
    for (std::size_t i = 0, end = 0, j = 0; i < a.size(); i = end) {
      for (end = i + 1; end < a.size() && a[end] == a[i]; ++end) {
      }
      while (j < b.size() && b[j] < a[i]) ++j;
      std::size_t j_end = j;
      while (j_end < b.size() && b[j_end] == a[i]) ++j_end;
      const auto ours = static_cast<double>(end - i), theirs = static_cast<double>(j_end - j);
      pairs += right_ == nullptr ? ours * (ours - 1) / 2 : ours * theirs;
    }
    const double left_share = static_cast<double>(left_.size) / static_cast<double>(std::max<std::size_t>(left_rows_.size(), 1));
    const double right_share = right_ == nullptr ? left_share : static_cast<double>(right_->size) / static_cast<double>(std::max<std::size_t>(right_rows_.size(), 1));
    return pairs * left_share * right_share;
  }

 private:
  std::uint32_t hash(const Part& part, const std::uint32_t* row) const {
    const Slot& slot = layout_.slots[part.field];
    const Code code = code_in(slot, row);
    if (code == 0) return 0;
    std::uint64_t hash = 0;
    if (is_text(slot, code)) {
      // Hashes of the texts, not of their numbers: these differ from run to run.
      const std::string_view text = dictionaries_[slot.dictionary]->text(text_number(slot, code));
      hash = slot.form != Form::text || part.part.cut == Cut::whole ? hash_of(text) | 1 : cut_of_text(slot.kind, part.part.cut, text);
    } else {
      hash = cut_of_code(slot.kind, part.part.cut, code);
    }
    return static_cast<std::uint32_t>(hash >> 32);
  }

  std::vector<std::uint32_t> combined(const std::vector<const Part*>& parts, bool left) const {
    const std::size_t count = left ? left_rows_.size() : right_rows_.size();
    std::vector<std::uint32_t> hashes;
    hashes.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      std::uint64_t hash = 0;
      bool known = true;
      for (const Part* part : parts) {
        const std::uint32_t value = left ? part->left[i] : part->right[i];
        known = known && value != 0;
        hash = mixed(hash ^ value) * 3;
      }
      if (known) hashes.push_back(static_cast<std::uint32_t>(mixed(hash) >> 32) | 1);
    }
    return hashes;
  }

  const Spec& spec_;
  const Layout& layout_;
  const Dictionaries& dictionaries_;
  const Records& left_;
  const Records* right_;
  std::vector<std::uint32_t> left_rows_, right_rows_;
};

struct Choice {
  Key key;
  double pairs = 0;
  Trials covers;
};

double draw_of(std::size_t trial, std::size_t what) { return static_cast<double>(mixed(trial * 1'000'003 + what * 7919 + 1) >> 11) * 0x1p-53; }

/// In each trial one draw per field says how badly it is damaged, so that a name wrong in its first letter is wrong as a whole.
std::vector<Part> parts_of(const Spec& spec, const Sampled& sampled, const Frequencies& frequencies, double dirt, double smaller, unsigned threads) {
  std::vector<std::pair<std::size_t, Cut>> wanted;
  for (std::size_t field = 0; field < spec.fields.size(); ++field) {
    // In small tables the true pairs themselves make many values equal.
    if (frequencies.equal_share(field) > equal_share_max + 1 / smaller || frequencies.missing_share(field) > 0.95) continue;
    for (const Cut cut : cuts_of(spec.fields[field].kind)) wanted.emplace_back(field, cut);
  }
  std::vector<Part> all(wanted.size());
  in_parallel(threads, wanted.size(), [&](std::size_t i, unsigned) { all[i] = sampled.part({spec.fields[wanted[i].first].name, wanted[i].second}); });
  std::vector<Part> parts;
  for (Part& part : all) {
    const Field& field = spec.fields[part.field];
    const bool never = std::all_of(part.left.begin(), part.left.end(), [](std::uint32_t hash) { return hash == 0; });
    // A cut that says the same as another of this field serves nobody.
    const bool known = std::any_of(parts.begin(), parts.end(), [&](const Part& other) { return other.field == part.field && other.left == part.left; });
    if (never || known) continue;
    const double missing = 1 - (1 - frequencies.missing_share(part.field)) * (1 - frequencies.missing_share(part.field));
    const std::size_t partner = std::min(part.field, sampled.field_of(field.partner));
    for (std::size_t trial = 0; trial < trials; ++trial) {
      const bool swapped = !field.partner.empty() && draw_of(trial, partner + fields_max) < swap_rate * dirt;
      part.intact_either[trial] = draw_of(trial, part.field) >= missing + (1 - missing) * std::min(0.9, dirt * error_rate(field.kind, part.part.cut));
      part.intact[trial] = part.intact_either[trial] && !swapped;
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace

std::vector<double> estimated_pairs(const Spec& spec, const std::vector<Key>& keys, const Layout& layout, const Dictionaries& dictionaries,
                                    const Records& left, const Records* right, unsigned threads) {
  const Sampled sampled(spec, layout, dictionaries, left, right);
  std::vector<double> estimates(keys.size());
  in_parallel(threads, keys.size(), [&](std::size_t key, unsigned) {
    std::vector<Part> parts;
    for (const KeyPart& part : keys[key].parts) parts.push_back(sampled.part(part));
    std::vector<const Part*> pointers;
    for (const Part& part : parts) pointers.push_back(&part);
    estimates[key] = sampled.pairs(pointers);
  });
  return estimates;
}

void propose_keys(Spec& spec, const Layout& layout, const Dictionaries& dictionaries, const Records& left, const Records* right,
                  const Frequencies& frequencies, unsigned threads) {
  const Sampled sampled(spec, layout, dictionaries, left, right);
  const double rows = static_cast<double>(left.size + (right == nullptr ? 0 : right->size));
  const double dirt = rows < small_rows ? dirt_of_small : 1;
  const std::vector<Part> parts = parts_of(spec, sampled, frequencies, dirt, static_cast<double>(right == nullptr ? left.size : std::min(left.size, right->size)), threads);
  std::vector<std::vector<const Part*>> combinations;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    combinations.push_back({&parts[i]});
    for (std::size_t j = i + 1; j < parts.size(); ++j) {
      if (parts[i].field != parts[j].field) combinations.push_back({&parts[i], &parts[j]});
    }
  }
  std::vector<Choice> choices(combinations.size());
  in_parallel(threads, combinations.size(), [&](std::size_t i, unsigned) {
    Choice& choice = choices[i];
    choice.pairs = sampled.pairs(combinations[i]);
    choice.covers.set();
    const auto& both = combinations[i];
    const bool partners = both.size() == 2 && spec.fields[both[0]->field].partner == spec.fields[both[1]->field].name && both[0]->part.cut == both[1]->part.cut;
    for (const Part* part : combinations[i]) {
      choice.key.parts.push_back(part->part);
      choice.covers &= partners ? part->intact_either : part->intact;
    }
    const Field& first = spec.fields[combinations[i].front()->field];
    choice.key.repaired = combinations[i].size() == 1 && first.kind == Kind::id_number;
  });
  const double budget = std::max(pairs_floor, pairs_per_row * rows);
  double spent = 0;
  Trials covered;
  while (spec.keys.size() < proposed_max) {
    const Choice* best = nullptr;
    double best_rate = 0, best_gain = 0;
    for (const Choice& choice : choices) {
      if (spent + choice.pairs > budget) continue;
      const double gain = static_cast<double>((choice.covers & ~covered).count()) / trials;
      const double rate = gain / (row_cost * rows + choice.pairs);
      if (gain >= (rows < small_rows ? 1.0 / trials : gain_least) && rate > best_rate) {
        best = &choice;
        best_rate = rate;
        best_gain = gain;
      }
    }
    if (best == nullptr) break;
    covered |= best->covers;
    spent += best->pairs;
    spec.keys.push_back(best->key);
    spec.keys.back().why = base::text("约 {:.0f} 对；按常见差错率，多找到 {:.2f}% 的真配对", "about {:.0f} pairs; at usual error rates it adds {:.2f}% of the true ones", best->pairs, 100 * best_gain);
  }
  if (spec.keys.empty() && !choices.empty()) {
    spec.keys.push_back(std::min_element(choices.begin(), choices.end(), [](const Choice& a, const Choice& b) { return a.pairs < b.pairs; })->key);
  }
}

}  // namespace yihu::link
