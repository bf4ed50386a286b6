#pragma once
// Record linkage: which rows of two tables, or of one, are about the same person.
//
//   const auto left = CsvSource::open("register.csv", threads), right = CsvSource::open("roster.csv", threads);
//   auto linkage = Linkage::prepare(**left, right->get(), {.key_left = "编号", .key_right = "序号"});
//   (*linkage)->run();
//   for (const Candidate& pair : (*linkage)->links()) … (*linkage)->left().key(pair.left) …
//
// The steps, each in a file of its own: a spec is read or proposed (spec.h, proposal.h), rows are packed (records.h),
// keys bring pairs together (blocking.h), each pair becomes a pattern of levels (comparison.h), counts of patterns
// train the model (training.h), its weights score the pairs (scoring.h), and decisions are taken (decision.h).

#include "base/cancel.h"
#include "base/result.h"
#include "link/blocking.h"
#include "link/decision.h"
#include "link/proposal.h"
#include "link/source.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace yihu::link {

struct Settings {
  std::string key_left{}, key_right{};  ///< needed where no spec is given
  std::vector<std::string> ignored{};   ///< columns never compared, where no spec is given
  std::optional<Spec> spec{};           ///< none: proposed from the data
  std::optional<Model> model{};         ///< none: trained on the data
  std::vector<std::pair<std::string, std::string>> labels{};  ///< keys of pairs known to be the same person
  std::string model_file{};             ///< its name, for messages
  std::optional<double> threshold{};    ///< in place of the spec's
  bool many_to_many = false;            ///< in place of the spec's one_to_one
  bool labels_only = false;             ///< no expectation and maximisation beside them
  unsigned threads = 2;
  std::size_t memory_max = std::size_t{8} << 30;  ///< bytes; pairs and rows beyond it go to unnamed files
  std::filesystem::path spill_folder = ".";
  base::Cancel cancel{};
  /// step: "propose", "read", "frequencies", "keys", "block", "sample", "compare", "train", "score", "decide"
  std::function<void(std::string_view step, std::int64_t done, std::int64_t total)> progress{};
};

struct Report {
  std::vector<ColumnReport> columns;    ///< how the proposal saw them
  std::vector<KeyReport> keys;
  std::uint64_t pairs = 0;              ///< compared, each once
  std::uint64_t candidates = 0;         ///< kept for a decision
  std::uint64_t refused_ids = 0;
  HouseholdEvidence household;
  bool spills = false;                  ///< large arrays lie in unnamed files
  std::size_t spilled_bytes = 0;        ///< of pairs written out
  std::vector<std::pair<std::string, double>> seconds;  ///< per step
};

class Linkage {
 public:
  /// Reads and packs the tables; proposes fields and keys where no spec is given. Sources must outlive the linkage.
  static base::Result<std::unique_ptr<Linkage>> prepare(const Source& left, const Source* right, Settings settings);
  base::Done run();

  const Spec& spec() const { return spec_; }
  const Model& model() const { return model_; }
  const Report& report() const { return report_; }
  bool within() const { return right_ == nullptr; }
  const Records& left() const { return *left_; }
  const Records& right() const { return right_ == nullptr ? *left_ : *right_; }
  const Layout& layout() const { return layout_; }
  const Dictionaries& dictionaries() const { return dictionaries_; }
  const Frequencies& frequencies() const { return *frequencies_; }
  const Weights& weights() const { return *weights_; }
  const Comparison& comparison() const { return *comparison_; }
  const KeyHashes& hashes() const { return *hashes_; }
  Blocking blocking() const;
  /// Pairs that each key is expected to bring together.
  std::vector<double> estimated() const;

  /// Linked pairs in order of the left row, then the right.
  const Candidates& links() const { return links_; }
  const Groups& groups() const { return groups_; }
  /// Every pair that came near, linked or not.
  const Candidates& candidates() const { return candidates_; }
  double probability(const Candidate& pair) const { return probability_of(std::int64_t{pair.score} + weights_->prior()); }
  /// Weight of one field, rarity included.
  Weight weight(const Candidate& pair, std::size_t field) const;
  /// What the household adds: the score less the fields.
  Weight household_weight(const Candidate& pair) const;

 private:
  friend class Index;      // keeps one that has run
  friend class IndexFile;  // restores what an index needs
  Linkage() = default;
  base::Done pack_tables(const Source& left, const Source* right);
  void train_on(const Compared& compared, const PatternCounts& random);
  void score(Compared& compared);
  void decide();
  void step(std::string_view name);
  base::Done stopped() const;

  std::unique_ptr<KeptPages> kept_pages_;  ///< until it has run
  Settings settings_;
  Spec spec_;
  Layout layout_;
  Dictionaries dictionaries_;
  std::unique_ptr<Records> left_, right_;
  std::unique_ptr<Frequencies> frequencies_;
  std::unique_ptr<Comparison> comparison_;
  std::unique_ptr<KeyHashes> hashes_;
  std::unique_ptr<Weights> weights_;
  Model model_;
  Report report_;
  Candidates candidates_, links_;
  Groups groups_;
  double pairs_total_ = 0;
  std::int64_t step_began_ = 0;
  std::string step_name_;
};

base::Error out_of_memory();

/// Mistakes of a spec for these tables: columns that are not there, fields and keys that name nothing.
base::Done check_spec(const Spec& spec, const Source& left, const Source* right);

}  // namespace yihu::link
