#pragma once
// Ids of the register.

#include "base/id.h"

namespace yihu::registry {

using HouseholdId = base::Id<struct HouseholdTag>;
using PersonId = base::Id<struct PersonTag>;
using EventId = base::Id<struct EventTag>;
using CorrectionId = base::Id<struct CorrectionTag>;
using SnapshotId = base::Id<struct SnapshotTag>;

}  // namespace yihu::registry
