#include "plan/tracking/plan_shelf.h"

#include "area/directory_version.h"

namespace yihu::plan {

base::Result<std::shared_ptr<const TrackedPlan>> PlanShelf::plan(store::Session& session, const base::PlanId& id) {
  constexpr store::Sql version_sql = "SELECT version, status FROM plan WHERE id = :plan";
  const auto row = TRY(session.find(version_sql, {{"plan", id}}));
  if (row) {
    const std::lock_guard lock(mutex_);
    const auto kept = plans_.find(id.value);
    if (kept != plans_.end() && kept->second->version == row->integer(0) && kept->second->status == row->text(1)) {
      return kept->second;
    }
  }
  auto loaded = std::make_shared<const TrackedPlan>(TRY(load_plan(session, id)));
  const std::lock_guard lock(mutex_);
  if (plans_.size() >= plans_kept_max) plans_.clear();
  // A slow reader's older snapshot must not push out a newer plan.
  auto& place = plans_[id.value];
  if (!place || place->version <= loaded->version) place = loaded;
  return loaded;
}

base::Result<std::shared_ptr<const area::Directory>> PlanShelf::directory(store::Session& session) {
  const std::string version = TRY(area::directory_version(session));
  {
    const std::lock_guard lock(mutex_);
    if (directory_.first == version) return directory_.second;
  }
  auto read = std::make_shared<const area::Directory>(TRY(area::read_directory(session)));
  const std::lock_guard lock(mutex_);
  directory_ = {version, read};
  return read;
}

}  // namespace yihu::plan
