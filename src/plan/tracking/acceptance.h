#pragma once
// A plan comes into force: for a year that has none it is made, for a year that has one it joins it. Measures answer
// to each other by what they say; ids, reports, indicators and corrections stay with them.

#include "plan/tracking/incoming_plan.h"
#include "store/transaction.h"

namespace yihu::plan {

/// A correction that holds in the plan accepted, to be kept for the next document.
struct KeptCorrection {
  int task = 0;
  int position = 0;
  std::string field;
  std::string before;   ///< JSON, as the document says
  std::string after;    ///< JSON
  std::string author;
  base::Instant at;
};

struct Acceptance {
  base::PlanId plan;
  int measures_made = 0;
  int measures_changed = 0;
  int measures_retired = 0;
};

/// What the document said of measures whose text was corrected, by the measure's id: the next document says it again,
/// so measures are matched by these words and not by the corrected ones.
using DocumentTexts = std::map<std::string, std::string>;
base::Result<DocumentTexts> document_texts(store::Session& session, const base::PlanId& plan);

/// Which measure of `plan` (task and position) each measure of the plan in force answers to, by its id.
std::map<std::string, std::pair<int, int>> places_in(const TrackedPlan& earlier, const DocumentTexts& texts,
                                                     const IncomingPlan& plan);

/// One transaction; journals the plan and every measure made, changed or retired.
base::Result<Acceptance> accept_plan(store::Transaction& transaction, const IncomingPlan& plan,
                                     const std::vector<KeptCorrection>& corrections = {});

/// For a store that has no plan of that year: the pack's. @returns nothing when there is one already.
base::Result<std::optional<Acceptance>> fill_plan_from_pack(store::Transaction& transaction,
                                                            const pack::PlanFacts& facts);

}  // namespace yihu::plan
