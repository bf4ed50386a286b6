#pragma once
// How a run stands in the store. Inside the room only.

#include "compare/intake.h"

namespace yihu::compare {

base::Done insert_run(store::Transaction& transaction, const Run& run);
/// Writes state, summary, certificate and the end.
base::Done update_run(store::Transaction& transaction, const Run& run);

}  // namespace yihu::compare
