#pragma once
// Long writing in short turns: whoever saves something beside it waits for one turn at most.

#include "base/cancel.h"
#include "store/store.h"

#include <functional>
#include <vector>

namespace yihu::compare {

/// A row or two of a long piece of writing. It may come to the turn long after it was thought of, so it asks the store
/// again for whatever somebody could have changed.
using Task = std::function<base::Done(store::Transaction&)>;

inline constexpr std::size_t turn_tasks = 200;

/// All of them in order, `turn_tasks` in a transaction.
/// Errors: cancelled, between two turns; what a task says. Turns before it stay written.
base::Done in_turns(store::Store& store, const store::Act& act, const std::vector<Task>& tasks, const base::Cancel& cancel,
                    const base::Progress& progress = {});

}  // namespace yihu::compare
