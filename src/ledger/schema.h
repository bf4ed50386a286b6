#pragma once
// The room's tables, 6xx, and those it makes for each ledger of the packs (ledger/table_fit.h).
//
// ledger_<id>_row  every state of every row that was ever written by hand or by an import; (id, import_id) is unique.
// ledger_<id>      what counts now, a view of it: a row counts unless its import is hidden (not finished, broken off,
//                  undone) or something that counts has replaced it. Rules and pages read this one.
// delivery         for which area and period a ledger has been handed in: there, no row means no.
// ledger_import    one workbook on its way in; `batch` is what its rows carry as import_id.

#include "store/store.h"

namespace yihu::ledger {

std::vector<store::Migration> migrations();

}  // namespace yihu::ledger
