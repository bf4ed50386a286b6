#pragma once
// The made-up ledgers of the demo, as the packs say (pack/demo.h): rows that meet every rule, then for each rule the
// problems that were planted, each on a household of its own, with the truth about them.

#include "app/demo_values.h"
#include "base/cancel.h"
#include "ledger/ledgers.h"
#include "registry/rooms.h"
#include "store/store.h"

#include <set>
#include <string>
#include <vector>

namespace yihu::app {

/// One problem that was planted: what screening must find, and nothing else.
struct Planted {
  std::string rule;
  std::string subject;              ///< household, person or village
  std::string number;               ///< its own number, the same in every demo
  std::string household;            ///< empty for a village
  std::vector<std::string> also;    ///< rules that cannot but be broken with it
};

struct DemoLedgersWish {
  const pack::Pack& pack;
  const rule::Compiler& compiler;
  registry::Why why;  ///< of every change of the register, which is today's unless the pack names another day
};

struct DemoLedgers {
  std::int64_t rows = 0;
  std::vector<Planted> planted;
  std::vector<std::string> unplanted;  ///< rules for which nobody could be found
};

/// Errors: cancelled; mistakes of the pack's demo section, by their place.
base::Result<DemoLedgers> fill_ledgers(store::Store& store, const DemoLedgersWish& wish, const base::Progress& progress,
                                       const base::Cancel& cancel);

}  // namespace yihu::app
