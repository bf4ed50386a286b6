#pragma once
// How far a viewer sees in the register. What lies outside is answered as if it did not exist.

#include "access/viewer.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::registry {

/// Village codes from `low` (inclusive) to `high` (exclusive); codes sort so that a town's villages lie together.
struct Stretch {
  std::string low;
  std::string high;
  bool operator==(const Stretch&) const = default;
};

/// The stretches of villages that the viewer sees, narrowed to `area` (a county's, town's or village's code; empty for
/// all of them). In order, apart from one another. A viewer who sees only assigned households has none.
std::vector<Stretch> stretches_of(const access::Viewer& viewer, std::string_view area = {});

/// Whether the viewer sees a household of that village and helper.
bool sees(const access::Viewer& viewer, std::string_view village, std::string_view helper_account);

base::Error no_such_household();
base::Error no_such_person();
/// Errors: denied.
base::Done expect(const access::Viewer& viewer, access::Permission permission);

}  // namespace yihu::registry
