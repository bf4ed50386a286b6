#pragma once
// Half-yearly frozen states of the register. Once frozen, no row of it can be changed: the tables refuse it, and the hash
// of all rows stands in the journal. Names and private values are sealed under each person's key, so that destroying a
// key erases them here as well while the hash still holds.

#include "registry/household_page.h"

#include "base/cancel.h"
#include "store/store.h"

namespace yihu::registry {

struct Snapshot {
  SnapshotId id;
  std::string period;               ///< "2019-H1"
  base::Date day;                   ///< whose end it shows
  std::int64_t households = 0;
  std::int64_t people = 0;
  std::string hash;                 ///< of all rows; empty until it is frozen
  std::string actor;
  std::optional<base::Instant> frozen_at;
};

/// Freezes the register as it was at the end of `day`, in transactions of some hundred households, so that nobody waits.
/// One that was broken off is begun anew.
/// @param period "2019-H1" or "2019-H2"; its last day is the one to freeze, unless `day` says another
/// Errors: denied; input for a period or a day that is not over; conflict "snapshot_known"; cancelled.
base::Result<Snapshot> freeze(store::Store& store, const Rooms& rooms, const access::Viewer& viewer, const std::string& period,
                              std::optional<base::Date> day, const base::Progress& progress = {}, const base::Cancel& cancel = {});

/// The latest first; only frozen ones.
base::Result<std::vector<Snapshot>> list_snapshots(store::Session& session, const access::Viewer& viewer);

/// A household as it was frozen. Errors: not_found, also when the viewer does not see it today.
base::Result<Household> household_in_snapshot(store::Session& session, const Rooms& rooms, const access::Viewer& viewer,
                                              const SnapshotId& snapshot, const HouseholdId& household);

/// Reads all rows of a frozen snapshot and compares their hash with the one on record.
/// @returns whether it is whole
base::Result<bool> verify_snapshot(store::Session& session, const access::Viewer& viewer, const SnapshotId& snapshot,
                                   store::Algorithms algorithms);

}  // namespace yihu::registry
