#pragma once
// Divisions from packs into the store, as units go by fill.h.

#include "pack/pack.h"
#include "store/transaction.h"

namespace yihu::area {

/// Whether `fill_divisions` would do anything.
base::Result<bool> divisions_differ(store::Session& session, const pack::Pack& pack);

/// A division that a newer pack no longer names stays: households may live there.
/// @returns how many were made or changed
base::Result<int> fill_divisions(store::Transaction& transaction, const pack::Pack& pack);

}  // namespace yihu::area
