#pragma once
// Lights of the listed households, counted by village: what a map or a board of tiles is drawn from.

#include "access/viewer.h"
#include "screen/light.h"

#include <boost/describe/class.hpp>

namespace yihu::screen {

struct LightCount {
  std::string light;
  base::Text label;
  std::string village;
  std::int64_t met = 0;
  std::int64_t not_met = 0;
  std::int64_t unknown = 0;
  std::int64_t not_applicable = 0;
  bool computing = false;  ///< a large write there is being worked through
};
BOOST_DESCRIBE_STRUCT(LightCount, (), (light, label, village, met, not_met, unknown, not_applicable, computing))

/// By village and light, of the villages the viewer sees.
base::Result<std::vector<LightCount>> light_counts(store::Session& session, const RuleBook& book, const access::Viewer& viewer,
                                                   std::string_view area);

}  // namespace yihu::screen
