#pragma once
// The journal of an import. Its rows are journalled by blocks, one entry for each: an entry for every row would write as
// much again as the rows themselves. A row knows the entry it stands in, so its history is as whole as any other's.
//
// An entry "ledger_import.written" about the import holds {"ledger", "import", "columns": [id …], "added": [row …],
// "changed": [row …]}; a row is [id, subject, period, column, value, column, value …], of a changed one [… column, before,
// after …]. A column is its place in "columns". Private values stand there sealed, those from before as `masked`.

#include "ledger/import_row.h"
#include "store/journal.h"

namespace yihu::ledger {

inline constexpr std::size_t import_block_rows = 64;
inline constexpr std::string_view import_written_action = "ledger_import.written";

/// The text of one entry, row by row.
class ImportBlock {
 public:
  ImportBlock(const pack::Ledger& ledger, std::string_view import) : ledger_(ledger), import_(import) {}
  /// As it is written: with its id, private values sealed.
  void add(const ImportRow& row);
  bool empty() const { return added_.empty() && changed_.empty(); }
  std::string json() const;

 private:
  const pack::Ledger& ledger_;
  std::string_view import_;
  std::string added_;
  std::string changed_;
};

/// What the journal says of one row, newest first. What stands in an import's block is given as if the row had an entry of
/// its own, "ledger_row.imported", with {"ledger", "subject", "period", "import"} and its columns in `after`.
base::Result<std::vector<store::Entry>> row_entries(store::Session& session, const pack::Ledger& ledger, std::string_view row, int limit);

}  // namespace yihu::ledger
