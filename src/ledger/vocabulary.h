#pragma once
// What packs may name: permissions, and the register as rules see it.

#include "pack/pack.h"

namespace yihu::ledger {

/// For `pack::load`, so that every expression is checked.
pack::Vocabulary vocabulary();

}  // namespace yihu::ledger
