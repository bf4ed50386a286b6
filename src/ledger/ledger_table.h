#pragma once
// The statements that read and write one ledger's table. They are made from the pack's checked names once, and every
// value goes in as a parameter.

#include "pack/pack.h"
#include "store/generated_sql.h"

#include <vector>

namespace yihu::ledger {

/// How far a viewer sees in a ledger.
struct Reach {
  bool all = false;                 ///< every row
  std::vector<std::string> areas = {};   ///< codes of towns and villages, at most reach_areas_max
  std::string helper = {};               ///< user id whose assigned households count too; empty: none
};
inline constexpr std::size_t reach_areas_max = 40;

class LedgerTable {
 public:
  explicit LedgerTable(const pack::Ledger& ledger);

  const pack::Ledger& ledger() const { return *ledger_; }
  /// "ledger_<id>", the view of what counts.
  const store::Identifier& view() const { return view_; }
  /// "ledger_<id>_row", every state.
  const store::Identifier& rows() const { return rows_; }
  const store::Identifier& column(std::size_t index) const { return columns_[index]; }

  // Every answer below has the columns id, subject, period, import_id, version, updated_at, then the ledger's own.
  static constexpr std::size_t first_cell = 6;

  /// :id
  store::Sql by_id() const { return by_id_; }
  /// :subject :period
  store::Sql by_subject() const { return by_subject_; }
  /// The rows of many subjects: :period and a value list (ledger/value_list.h).
  store::Sql by_subjects() const { return by_subjects_; }
  /// :id :subject :period :year :import_id :version :updated_at :entry and a parameter for each column, "c_<id>".
  /// :entry is the journal's entry about the import's block (import_block.h), nothing of a row written by hand.
  store::Sql insert() const { return insert_; }
  /// One column of a row that counts: :cell :version (the new one) :updated_at :id :import_id :expected.
  store::Sql change(std::size_t column) const { return changes_[column]; }
  /// The row no longer counts: :by :id :import_id :expected.
  store::Sql replace() const { return replace_; }
  /// The name of a column's parameter in `insert`.
  std::string_view parameter(std::size_t column) const { return parameters_[column].text(); }

  /// Rows in the order of subject, period and id: :after_subject :after_period :after_id :period :area_from :area_to
  /// :limit, of `one_subject` also :subject, and those of `reach_parameters`. After the cells follow the subject's
  /// village, its name and its number.
  store::Sql page(const Reach& reach, bool one_subject, bool by_area) const;
  /// How many: :period :area_from :area_to and those of `reach_parameters`.
  store::Sql count(const Reach& reach) const;
  /// Whether the viewer reaches a subject: :subject and those of `reach_parameters`. A row when he does.
  store::Sql reached(const Reach& reach) const;

 private:
  void add_columns(store::SqlText& text, store::SqlPart before) const;
  void add_subject(store::SqlText& text) const;
  void add_reach(store::SqlText& text, const Reach& reach) const;

  const pack::Ledger* ledger_;
  store::Identifier view_;
  store::Identifier rows_;
  std::vector<store::Identifier> columns_;
  std::vector<store::Identifier> parameters_;
  store::Sql by_id_;
  store::Sql by_subject_;
  store::Sql by_subjects_;
  store::Sql insert_;
  store::Sql replace_;
  std::vector<store::Sql> changes_;
};

/// What the statements with a reach need beside their own parameters.
void add_reach_parameters(const LedgerTable& table, const Reach& reach, store::Parameters& parameters);

}  // namespace yihu::ledger
