#pragma once
// Plans kept in memory. A plan changes a few times a month and is read thousands of times a second, so it is loaded
// once per version; each reader asks the store for the version only and gets the plan of its own snapshot.

#include "area/directory.h"
#include "plan/tracking/tracked_plan.h"

#include <memory>
#include <mutex>

namespace yihu::plan {

class PlanShelf {
 public:
  /// Errors: not_found.
  base::Result<std::shared_ptr<const TrackedPlan>> plan(store::Session& session, const base::PlanId& id);
  /// The units and groups, as the session's snapshot has them.
  base::Result<std::shared_ptr<const area::Directory>> directory(store::Session& session);

 private:
  static constexpr std::size_t plans_kept_max = 8;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const TrackedPlan>> plans_;
  std::pair<std::string, std::shared_ptr<const area::Directory>> directory_;
};

}  // namespace yihu::plan
