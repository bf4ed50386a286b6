#pragma once
// Fellegi and Sunter's model: how often each level turns up among pairs of the same person (m) and of two persons (u).
// Weights are whole numbers of a ten-thousandth of a bit, so that they add up exactly, in any order.

#include "base/result.h"
#include "link/comparison.h"
#include "link/records.h"
#include "link/spec.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace yihu::link {

/// Ten-thousandths of a bit.
using Weight = std::int32_t;
inline constexpr double weights_per_bit = 10'000;

struct FieldModel {
  std::string field;
  Kind kind = Kind::text;
  std::array<double, levels_count> m = {};
  std::array<double, levels_count> u = {};
};

struct Model {
  static constexpr int version = 1;
  double match_share = 1e-6;   ///< of all pairs, those that are the same person
  std::vector<FieldModel> fields;
  int rounds = 0;              ///< of expectation and maximisation
  std::size_t labelled = 0;    ///< labelled pairs that took part
};

/// What is expected of people and clerks before any data is seen.
std::array<double, levels_count> expected_m(Kind kind);

Weight weight_of(double m, double u);
/// Weight of a match before any field is looked at; negative.
Weight prior_of(const Model& model);
double probability_of(std::int64_t weight);

/// How often values occur, for the weight of equality.
class Frequencies {
 public:
  Frequencies(const Spec& spec, const Layout& layout, const Dictionaries& dictionaries, const Records& left, const Records* right, unsigned threads);

  /// Asks memory for what count() will read.
  void fetch(std::size_t field, Code code) const;
  /// Rows of both tables that hold the value; at least 1.
  std::uint32_t count(std::size_t field, Code code) const;
  /// Rows of both tables in which the field is not missing.
  std::uint64_t known(std::size_t field) const { return known_[0][field] + known_[1][field]; }
  /// Counters of a field; a code's own is at place().
  std::size_t places(std::size_t field) const { return counts_[0][field].size(); }
  std::size_t place(std::size_t field, Code code) const;
  std::uint32_t count_at(std::size_t field, std::size_t place) const { return std::max(1U, counts_[0][field][place]); }
  /// Of all pairs in which both values are known, those that are equal.
  double equal_share(std::size_t field) const { return equal_share_[field]; }
  double missing_share(std::size_t field) const { return missing_share_[field]; }
  /// What count() and known() rest on, to be kept in a file.
  struct State {
    std::vector<std::span<const std::uint32_t>> counts;  ///< by field
    std::vector<std::uint64_t> known;                     ///< by field, left table, then right
  };
  State state() const;
  /// Answers count() and known() as the one did that the state is from.
  Frequencies(const Layout& layout, const Dictionaries& dictionaries, const State& state);

 private:
  std::uint64_t scattered(const Slot& slot, Code code) const;
  void count_fields(std::size_t side, const Records& records, std::size_t first, std::size_t end);
  void share_of_equals(std::size_t field, bool within);

  const Layout& layout_;
  const Dictionaries& dictionaries_;
  std::size_t rows_;
  std::vector<std::uint8_t> sampled_;   ///< by field: only some values are counted
  std::vector<Buffer<std::uint32_t>> counts_[2];   ///< of the left table; the right one's are added to them
  std::vector<std::uint64_t> known_[2];
  std::vector<double> equal_share_, missing_share_;
};

/// The model's weights, ready to be added.
class Weights {
 public:
  Weights(const Model& model, const Spec& spec, const Frequencies& frequencies);
  Weight of(std::size_t field, Level level) const { return table_[field][static_cast<std::size_t>(level)]; }
  /// What the rarity of a value adds when both rows hold it.
  Weight frequency(std::size_t field, Code code) const;
  /// Asks memory for what frequency() will read.
  void fetch(std::size_t field, Code code) const {
    if (uses_frequency_[field] != 0 && by_place_[field].empty()) frequencies_.fetch(field, code);
  }
  Weight frequency_max(std::size_t field) const { return frequency_max_[field]; }
  Weight prior() const { return prior_; }
  bool uses_frequency(std::size_t field) const { return uses_frequency_[field] != 0; }

 private:
  static constexpr std::size_t tabled = 4096;
  static constexpr std::size_t places_kept = 1 << 18;
  Weight frequency_of_count(std::size_t field, std::uint32_t count) const;

  const Frequencies& frequencies_;
  std::vector<std::array<Weight, levels_count>> table_;
  std::vector<double> equal_m_;
  std::vector<std::vector<Weight>> by_count_, by_place_;
  std::vector<Weight> frequency_max_;
  std::vector<std::uint8_t> uses_frequency_;
  Weight prior_ = 0;
};

/// A model as text that a person can read, and back. The text names its version, fields and levels.
std::string text_from_model(const Model& model, base::Language language);
base::Result<Model> model_from_text(const std::string& text, const std::string& file);
/// A model serves a spec whose fields have the same names and kinds, in any order.
base::Result<Model> model_for_spec(const Model& model, const Spec& spec, const std::string& file);

}  // namespace yihu::link
