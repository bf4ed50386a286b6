#pragma once
// Incomes of a household, year by year.

#include "registry/rooms.h"

namespace yihu::registry {

/// Writes one year: the fields given change, the others stay. Each change is in the journal, before and after; nothing
/// of a year that is over is history by day, so `why.day` is only when it was learnt.
/// @param version of the stored row, 0 when there is none yet
/// Errors: input, not_found, stale.
base::Result<int> write_income(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& household,
                               const Values& values, const Why& why, int version);

struct IncomeRow {
  Record values{income_fields};
  int version = 0;
};
/// The latest year first. Whoever calls has seen to it that the viewer sees the household.
base::Result<std::vector<IncomeRow>> income_rows(store::Session& session, const HouseholdId& household);

/// Inside the room: a first row, checked before.
base::Done insert_income(store::Transaction& transaction, const HouseholdId& household, const Values& values);
void check_income(const Values& values, const std::string& pointer, std::vector<base::Error>& mistakes);

}  // namespace yihu::registry
