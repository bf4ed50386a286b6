#pragma once
// What a person must do now: one list, most urgent first.

#include "access/viewer.h"
#include "plan/tracking/board.h"

namespace yihu::plan {

/// How far ahead the list looks; what comes later is `next`.
inline constexpr int today_days = 14;
inline constexpr std::size_t today_items_max = 200;

struct OpenImport {
  std::string id;
  std::string title;
  int warnings = 0;
};
/// Drafts nobody has decided, for who may import; else none.
base::Result<std::vector<OpenImport>> open_imports(store::Session& session, const access::Viewer& viewer);

/// Closed by units of the viewer since Monday: occurrences and measures, each once.
base::Result<int> done_this_week(store::Session& session, const access::Viewer& viewer, base::Date today);

/// The first moment of a day in China.
base::Instant start_of(base::Date day);

/// Whether any measure is assigned to a unit the viewer holds a post in. Who oversees and answers for nothing himself is
/// told what is late instead.
bool answers_for_something(const std::vector<TaskStanding>& standings, const access::Viewer& viewer);

/// Pure. Duties of the units the viewer holds posts in, on which they still owe a word; for who leads or inspects and
/// holds no such post, what is late. Without a plan only imports.
Today today_of(const TrackedPlan* plan, const Facts& facts, const area::Directory& units, const access::Viewer& viewer,
               const std::vector<OpenImport>& imports, base::Date today);

}  // namespace yihu::plan
