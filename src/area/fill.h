#pragma once
// Units and groups come from packs, at first start and again when a pack has changed.

#include "pack/pack.h"
#include "store/store.h"

namespace yihu::area {

/// Brings the store up to the pack. A unit keeps its id for good: it is known by its slug. What a user changed by hand
/// stays, unless a newer pack changes that very field. A unit that a newer pack no longer names stays too.
/// Doing it again changes nothing.
/// @returns how many units and groups were made or changed
base::Result<int> fill_from_pack(store::Transaction& transaction, const pack::Pack& pack);

/// The same as one write; cheap when nothing changed: it then reads only.
base::Result<int> fill_from_pack(store::Store& store, const pack::Pack& pack);

}  // namespace yihu::area
