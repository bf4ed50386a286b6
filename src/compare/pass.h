#pragma once
// How what a search found becomes what everybody sees, with others saving beside it. A pass is written in short turns
// beside what is shown, is shown in one step, and then clears away what it took the place of. Until the step nothing of
// it counts; what a crash leaves is dropped, or cleared to its end when the step was done.

#include "compare/discrepancy.h"
#include "compare/turns.h"

namespace yihu::compare {

struct Pass {
  std::string id = {};      ///< the run's own, or a new one
  std::string roster = {};
  std::string period = {};
  std::string run = {};     ///< empty: the rules once more over rows that are there
};

/// Takes the pass down; before everything else of it.
base::Done begin_pass(store::Transaction& transaction, const Pass& pass);

struct PlannedDifferences {
  std::vector<Task> tasks = {};
  Written written = {};
};
/// What has to be written so that what is kept is what was found. The same again is left alone; what somebody kept stays
/// kept as long as the values are those he judged.
/// @param session the state in which they were found
/// @param whole the roster's own rows were there: rows about nobody that are no longer among them are erased
/// @param found outlives the tasks
base::Result<PlannedDifferences> plan_differences(store::Session& session, const store::Secrets& secrets, const Pass& pass, bool whole,
                                                  const std::vector<Difference>& found);

/// The one step. From here on the pass counts.
base::Done show_pass(store::Transaction& transaction, const Pass& pass);

/// Clears and drops what passes left behind, this one's or one's that a crash broke off. Nothing else of this room may
/// write meanwhile. Errors: cancelled; then it goes on the next time.
base::Done settle_passes(store::Store& store, const base::Cancel& cancel);

}  // namespace yihu::compare
