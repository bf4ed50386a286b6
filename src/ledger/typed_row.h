#pragma once
// What a row of a workbook says, each cell read and checked by itself. No store is asked, so it can be done on a thread
// of its own. Inside the room only.

#include "ledger/import_row.h"

namespace yihu::ledger {

struct TypedRow {
  ImportRow out;        ///< number, period, and the mistakes of its cells
  SubjectKeys keys;
  std::vector<std::optional<store::Cell>> given;  ///< by column of the ledger; nothing where the sheet has no such column
};

/// What the layout's columns are for: place in the layout beside what it means.
struct LayoutTargets {
  explicit LayoutTargets(const ImportReading& reading);
  /// The cell that names the subject, for mistakes about it.
  std::size_t key_place(Match match) const;
  /// Whether the row says anything: a printed form has rows with nothing but their number.
  bool any_filled(const sheet::TableRow& row) const;

  std::vector<std::pair<std::string, std::size_t>> keys;   ///< "@name" …
  std::vector<std::pair<std::size_t, std::size_t>> cells;  ///< column of the ledger
};

/// Puts the mistake to the cell in that column of the layout.
void add_mistake(ImportRow& out, const Layout& layout, std::size_t at, base::Error error);

class RowTyping {
 public:
  RowTyping(const ImportReading& reading, const LayoutTargets& targets, bool from_1904)
      : reading_(reading), ledger_(reading.table.ledger()), targets_(targets), names_{reading.layout.sheet_name, from_1904} {}

  TypedRow read(const sheet::TableRow& row) const;

 private:
  void read_keys(const sheet::TableRow& row, TypedRow& typed) const;
  void put_key(TypedRow& typed, const std::string& target, std::string text, std::size_t at) const;

  const ImportReading& reading_;
  const pack::Ledger& ledger_;
  const LayoutTargets& targets_;
  SheetNames names_;
};

}  // namespace yihu::ledger
