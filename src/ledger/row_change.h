#pragma once
// Rows changed by hand: a cell, a pasted block, a new row, a row taken away. Every change is checked whole, told with
// all its mistakes at once, and journalled cell by cell.

#include "ledger/ledgers.h"
#include "ledger/row.h"
#include "store/secret.h"
#include "store/transaction.h"

#include <map>
#include <set>

namespace yihu::ledger {

/// What a change needs beside the transaction. All of it outlives the change.
struct Editing {
  const pack::Pack& pack;
  const LedgerTable& table;
  const Reach& reach;
  const store::Secrets& secrets;
};

/// Values by column: null takes a value away, a text is read as if it had been typed.
using CellValues = std::map<std::string, boost::json::value>;

/// One row of a block: an existing one by id and the version it was read with, or a new one by its subject.
struct BlockRow {
  std::string id = {};
  std::int64_t version = 0;
  std::string subject = {};   ///< of a new row
  std::string period = {};    ///< of a new row; empty: the ledger's current one
  CellValues cells = {};
};
inline constexpr std::size_t block_rows_max = 2000;

/// What changed; higher rooms evaluate what reads it.
struct RowChange {
  std::string id;
  std::string subject;
  std::string period;
  std::int64_t version = 0;
  std::set<std::string> columns;
};

/// All rows or none. @returns one change for each row, in order; one that already was as asked has no columns
/// Errors: input, every wrong cell by "/rows/3/cells/enrolled"; stale, when a row has another version by now; not_found;
/// conflict, when the subject has its row of the period already, or a value that must be unique is there.
base::Result<std::vector<RowChange>> change_rows(store::Transaction& transaction, const Editing& editing, const std::vector<BlockRow>& rows);

/// The row no longer counts; its history stays. Errors: not_found, stale.
base::Result<RowChange> remove_row(store::Transaction& transaction, const Editing& editing, std::string_view id, std::int64_t version);

/// One private cell in clear. That it was looked at, by whom and why, is journalled.
/// Errors: not_found; input without a reason.
base::Result<std::string> open_cell(store::Transaction& transaction, const Editing& editing, std::string_view id, std::string_view column,
                                    std::string_view reason);

/// Seals a private value for a row. `clear` is not empty.
base::Result<std::string> sealed_cell(store::Transaction& transaction, const Editing& editing, const pack::Column& column,
                                      const std::string& row, const std::string& subject, const std::string& clear);

/// Every write to a ledger calls this, so that an import under way notices.
base::Done count_change(store::Transaction& transaction, const pack::Ledger& ledger);

}  // namespace yihu::ledger
