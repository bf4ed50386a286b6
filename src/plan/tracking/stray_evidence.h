#pragma once
// Files that were uploaded for a report which was never sent.

#include "store/store.h"

#include <chrono>

namespace yihu::plan {

/// Who uploads a file has so long to send the report it belongs to.
inline constexpr std::chrono::hours stray_evidence_kept{24};

/// Drops evidence that belongs to no report after that time: its row, and its content unless something else has the
/// same. At most 500 at once; the rest waits for the next call. @returns how many were dropped
/// Waits for the writer: not from the writer's thread.
base::Result<int> drop_stray_evidence(store::Store& store);

}  // namespace yihu::plan
