#pragma once
// Who is this? One table kept ready to be asked about one person after the other, and to take more rows without being
// built anew.
//
//   auto index = Index::from(std::move(linkage));            // the left table of a linkage that has run, its spec and model
//   for (const Answer& answer : (*index)->ask({"", {"张伟", "男", …}})) … (*index)->key(answer.row), (*index)->probability(answer) …
//   (*index)->add({"A17", {"李娜", …}});
//   (*index)->save("register.index", {});                    // Index::open("register.index") reads it, rows added later included
//
// Weights, rarity of values among them, stay those of the model: the same question has the same answer after additions.

#include "link/link.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yihu::link {

/// One row as the index compares it: a value for each field of its spec, in that order, empty where nothing is known.
struct Person {
  std::string key;
  std::vector<std::string> values;
};

struct Answer {
  std::uint32_t row = 0;    ///< of the index; added rows count on
  std::int32_t score = 0;
  Pattern pattern = 0;
};

class Index {
 public:
  /// @param linkage has run; its sources may go afterwards. From one table alone the model knows only duplicates, so
  ///   every second person asked about is taken to be in the table.
  static base::Result<std::unique_ptr<Index>> from(std::unique_ptr<Linkage> linkage);
  static base::Result<std::unique_ptr<Index>> open(const std::filesystem::path& path, unsigned threads);
  /// The whole index under a new name, added rows included.
  base::Done save(const std::filesystem::path& path, const base::Cancel& cancel) const;

  /// The likeliest rows, best first; none that is far from being the same person. Several threads may ask at once, while
  /// nobody adds. Errors: a value that is not UTF-8, or another number of values than of fields.
  base::Result<std::vector<Answer>> ask(const Person& person, std::size_t most = 5) const;
  base::Done add(const Person& person);
  /// Adds to the index and to the file it was opened from, which keeps them from now on. All or none; not when somebody
  /// else has changed the file since.
  base::Done add_to_file(const std::filesystem::path& path, std::span<const Person> people);

  const Spec& spec() const { return linkage_->spec(); }
  std::size_t rows() const { return base_rows_ + added_keys_.size(); }
  std::string_view key(std::uint32_t row) const { return row < base_rows_ ? linkage_->left().key(row) : added_keys_[row - base_rows_]; }
  double probability(const Answer& answer) const { return probability_of(std::int64_t{answer.score} + linkage_->weights().prior()); }
  Weight weight(const Answer& answer, std::size_t field) const;
  /// Rows in blocks too large to be looked through while the index was asked.
  std::uint64_t rows_passed_over() const { return passed_over_; }

 private:
  static constexpr unsigned lanes_max = 2 * fields_max;
  static constexpr std::size_t block_rows_max = 4096;
  using Lanes = std::array<std::uint32_t, lanes_max>;

  Index() = default;
  void make_ready();
  base::Result<Lanes> packed_lanes(const Person& person) const;
  const std::uint32_t* row_at(std::uint32_t row) const;
  void rows_of(std::size_t key, std::uint32_t hash, std::vector<std::uint32_t>& rows) const;
  void rows_sharing_keys(const Lanes& lanes, std::vector<std::uint32_t>& rows) const;

  std::unique_ptr<Linkage> linkage_;
  std::size_t base_rows_ = 0;
  std::vector<std::size_t> id_fields_;       ///< by field: whose ID number gives a missing value; past the end for none
  std::vector<RowsByHash> by_key_;
  std::vector<std::unordered_map<std::uint32_t, std::vector<std::uint32_t>>> added_by_key_;
  std::vector<std::unique_ptr<Lanes>> added_rows_;
  std::vector<std::string> added_keys_;
  std::vector<Person> added_;                ///< as they were given, for save()
  std::size_t file_bytes_ = 0, whole_bytes_ = 0;  ///< of the file it was opened from; up to the end of its last whole row
  mutable std::atomic<std::uint64_t> passed_over_ = 0;

  friend class IndexFile;
};

}  // namespace yihu::link
