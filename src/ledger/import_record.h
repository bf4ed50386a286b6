#pragma once
// How an import stands in the store. Inside the room only.

#include "ledger/import.h"

namespace yihu::ledger {

/// The summary with what was used: match, period, layout.
std::string summary_text(const Import& import);

}  // namespace yihu::ledger
