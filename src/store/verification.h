#pragma once
// Proof that the journal is whole, and how far the proof reaches.

#include "base/cancel.h"
#include "store/anchor.h"
#include "store/store.h"

namespace yihu::store {

struct Verification {
  std::int64_t entries = 0;              ///< walked and found whole, from the first on
  bool whole = true;
  Head head;                             ///< the last whole entry
  std::int64_t broken_at = 0;            ///< the first sequence that does not hold; 0 when whole
  base::Text why;                        ///< why it does not hold, in one sentence; empty when whole
  std::optional<Anchor> anchor;
  bool anchor_missing = false;
  std::int64_t entries_after_anchor = 0; ///< held by the chain alone
};

/// Walks the whole chain, page by page; writers go on meanwhile. `witness` is a head noted down earlier outside the
/// store, which nobody who can change the folder could have changed with it.
/// Errors: cancelled; whatever reading meets. A broken journal is an answer, not an error.
base::Result<Verification> verify_journal(Store& store, const std::optional<Head>& witness,
                                          const base::Progress& progress, const base::Cancel& cancel);

/// "1234:<64 hexadecimal digits>", as `yihu verify` prints a head.
base::Result<Head> head_from(std::string_view text);
std::string to_string(const Head& head);

}  // namespace yihu::store
