#pragma once
// How often one fact is asked for. A fact belongs into one place; each further column that records it is work for
// somebody in a village, every period again.

#include "pack/pack.h"

#include <string>
#include <vector>

namespace yihu::pack {

/// One fact and the columns that ask for it.
struct AskedFact {
  struct Asker {
    const Ledger* ledger = nullptr;
    const Column* column = nullptr;
  };
  std::string fact;        ///< "person.insured", "household.water.quality": what the columns record
  base::Text label;
  std::vector<Asker> askers;
};

/// Every fact that ledgers ask for, in the order of the packs. Columns with the same `fact`, or of the same subject with
/// the same label, ask for the same.
std::vector<AskedFact> asked_facts(const Pack& pack);

/// How often a year somebody fills in a row of that period; 1 for none.
int times_per_year(Period period);

}  // namespace yihu::pack
