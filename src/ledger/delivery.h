#pragma once
// Whether a ledger has been handed in: for an area and a period, on a day, by whom. Where it has, a missing row means
// "no"; everywhere else it means "not yet known".

#include "ledger/ledgers.h"
#include "ledger/row.h"
#include "store/transaction.h"

namespace yihu::ledger {

struct Delivery {
  std::string ledger;
  std::string area;       ///< code of a village, a town or the district
  std::string period;
  base::Date delivered_on;
  std::string delivered_by;
};

/// Errors: input, when the period is not one of the ledger's, or there is no such area; not_found beyond the reach.
/// Doing it again changes nothing.
base::Done deliver(store::Transaction& transaction, const LedgerTable& table, const Reach& reach, std::string_view area, std::string_view period);
/// Takes it back. Errors: not_found.
base::Done take_back(store::Transaction& transaction, const LedgerTable& table, const Reach& reach, std::string_view area, std::string_view period);

/// Of one ledger (or of all, when empty), for one period (or all, "*"), by area.
base::Result<std::vector<Delivery>> read_deliveries(store::Session& session, std::string_view ledger, std::string_view period);

/// How many of these villages, by code, one of the deliveries speaks for: its own, its town's or its district's.
int villages_delivered(const std::vector<std::string>& villages, const std::vector<Delivery>& deliveries);

}  // namespace yihu::ledger
