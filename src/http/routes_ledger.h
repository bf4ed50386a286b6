#pragma once
// Ledgers over HTTP: rows in a grid, workbooks in and out, deliveries, what is asked of whom, and the packs themselves.

#include "http/route.h"
#include "ledger/ledgers.h"
#include "ledger/row_change.h"

namespace yihu::http {

struct LedgerServices {
  const ledger::Ledgers& ledgers;
  const store::Secrets& secrets;
};

/// What most of these routes begin with.
struct OpenLedger {
  const ledger::LedgerTable* table = nullptr;
  ledger::Reach reach;
  bool may_change = false;
};
/// Errors: not_found, when there is no such ledger.
base::Result<OpenLedger> open_ledger(const LedgerServices& services, std::string_view id, store::Session& session, const access::Viewer& viewer);
/// Errors: denied, when the viewer may not fill it in.
base::Done expect_change(const OpenLedger& open);

std::vector<Route> ledger_routes(const LedgerServices& services);
std::vector<Route> ledger_household_routes(const LedgerServices& services);
std::vector<Route> ledger_import_routes(const LedgerServices& services);
std::vector<Route> ledger_sheet_routes(const LedgerServices& services);
std::vector<Route> pack_routes(const LedgerServices& services);

}  // namespace yihu::http
