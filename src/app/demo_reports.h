#pragma once
// Made-up reports for a demo: who reported what on which day, and who is behind.

#include "access/role.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "store/store.h"

#include <map>

namespace yihu::app {

class DemoReports {
 public:
  DemoReports(store::Store& store, const access::Roles& roles, base::FixedClock& clock)
      : store_(store), roles_(roles), clock_(clock) {}

  /// Files every report up to `until`, in the order of their days, each by the unit's own clerk.
  /// @returns how many
  base::Result<int> file(const std::map<base::UnitId, base::UserId>& clerks, base::Date until,
                         const base::Progress& progress, const base::Cancel& cancel) const;

 private:
  store::Store& store_;
  const access::Roles& roles_;
  base::FixedClock& clock_;
};

}  // namespace yihu::app
