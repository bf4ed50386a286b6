#pragma once
// A workbook's rows against the ledger: for each one what would happen. Read as a stream, a few blocks of rows in memory
// at a time: one thread reads the workbook, the caller's looks rows up, each block in a read of its own, so that no
// import holds the store's past. The same reading serves the dry run and the writing.

#include "base/cancel.h"
#include "ledger/row.h"
#include "ledger/subject_finder.h"
#include "store/store.h"

#include <functional>
#include <set>

namespace yihu::ledger {

enum class Outcome {
  added,      ///< a row that is not there yet
  changed,    ///< old → new
  same,       ///< nothing differs
  wrong,      ///< cells that cannot be read or do not fit
  not_found,  ///< whom it is about is not in the register, or has no row and none is to be made
};
inline constexpr std::size_t outcomes = 5;
std::string_view name_of(Outcome outcome);

struct CellChange {
  std::size_t column = 0;  ///< of the ledger
  store::Cell before;      ///< after it stands in the row
};

/// One row of the sheet.
struct ImportRow {
  int number = 0;              ///< in the sheet, from 1
  Outcome outcome = Outcome::same;
  bool untouched = false;      ///< with `same`: a row of a template that nobody filled in
  LedgerRow row;               ///< as it is to be; id, version and import_id as stored, id empty when it is new
  std::vector<CellChange> changes;  ///< of a changed row; of a new one every cell that holds something is new
  std::set<std::size_t> clear;  ///< columns whose private value stands in clear in `row`
  std::vector<base::Error> mistakes;  ///< each with its cell's address in `place.cell`
  std::vector<std::pair<int, std::size_t>> marks;  ///< for each mistake: column of the sheet
};

/// False ends the reading without an error.
using ImportSink = std::function<bool(ImportRow& row)>;

struct ImportReading {
  const pack::Pack& pack;
  const LedgerTable& table;
  const Reach& reach;
  const store::Secrets& secrets;
  const Layout& layout;
  Match match = Match::none;
  bool create = true;
  bool clear_empty = false;
  std::string period;          ///< of rows that do not say
};

/// Reads the body of the table; total rows, notes and repeated heads are passed over. Private cells that are
/// given are compared in clear; whoever writes the row seals those named in `clear`.
/// @param progress is told on the thread that reads the workbook
/// Errors: cancelled; a workbook that cannot be read.
base::Done read_import(store::Store& store, sheet::Workbook& workbook, const ImportReading& reading, const ImportSink& sink,
                       const base::Cancel& cancel, const base::Progress& progress);

}  // namespace yihu::ledger
