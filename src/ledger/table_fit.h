#pragma once
// The store's tables follow the packs. A newer pack adds ledgers and columns, renames them (`was: old_id`), and takes
// some away; no cell is ever lost: what a pack no longer has stays in the table under another name. What cannot be
// done without losing a cell is refused, and the store stays as it was.

#include "ledger/ledger_table.h"
#include "store/store.h"

namespace yihu::ledger {

/// Brings every ledger's table up to the pack. Doing it again changes nothing.
/// @returns how many tables were made or changed
/// Errors: conflict, every reason at once, each with the place in the pack: a type that the stored cells do not have, a
/// value that is in use and no longer in its list, another subject or period while there are rows.
base::Result<int> fit_tables(store::Transaction& transaction, const pack::Pack& pack);

/// The same as one write; cheap when nothing changed: it then reads only.
base::Result<int> fit_tables(store::Store& store, const pack::Pack& pack);

}  // namespace yihu::ledger
