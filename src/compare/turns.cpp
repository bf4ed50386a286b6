#include "compare/turns.h"

#include <algorithm>

namespace yihu::compare {

base::Done in_turns(store::Store& store, const store::Act& act, const std::vector<Task>& tasks, const base::Cancel& cancel,
                    const base::Progress& progress) {
  for (std::size_t begin = 0; begin < tasks.size(); begin += turn_tasks) {
    if (cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已取消，没有留下任何内容。", "Cancelled; nothing of it stays."));
    if (progress) progress(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(tasks.size()));
    const std::size_t end = std::min(begin + turn_tasks, tasks.size());
    TRY(store.write(act, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      for (std::size_t i = begin; i < end; ++i) TRY(tasks[i](transaction));
      return store::Answer();
    }));
  }
  return {};
}

}  // namespace yihu::compare
