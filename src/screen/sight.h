#pragma once
// Through which villages, and whose households only, a viewer looks when he asks for a list.

#include "access/viewer.h"
#include "registry/reach.h"

namespace yihu::screen {

struct Sight {
  std::vector<registry::Stretch> stretches;
  std::string helper;  ///< empty: everybody's households
};

inline Sight sight_of(const access::Viewer& viewer, std::string_view area) {
  Sight out{registry::stretches_of(viewer, area), ""};
  if (!out.stretches.empty() || !viewer.scope.assigned) return out;
  // A helper's households can be anywhere.
  out.stretches.push_back({std::string(area), std::string(area) + ":"});
  out.helper = viewer.user.value;
  return out;
}

}  // namespace yihu::screen
