#pragma once
// Households as a list: by village, then in the order in which they were registered. Pages by key, so that a list stays
// right while it grows, and the last page costs what the first does.

#include "registry/rooms.h"

namespace yihu::registry {

/// Empty members ask for everything. Households that have ended are left out.
struct HouseholdFilter {
  std::string area = {};            ///< code of a town or village
  std::string status = {};
  bool listed = false;              ///< poor, returned and exited ones alone (status.h)
  std::string monitoring = {};      ///< a type, or "any" for all that are monitored
  std::string attribute = {};
  std::string cause = {};           ///< main cause
  std::string helper = {};          ///< account of the helper; "none" for households without one
};

struct HouseholdLine {
  HouseholdId id;
  std::string code;
  std::string village;
  std::string hamlet;
  std::string status;
  std::string monitoring;
  std::string attribute;
  std::string main_cause;
  std::string head_name;
  int size = 0;
  std::string helper;
  std::string helper_unit;
  int version = 0;
};

struct HouseholdPlace {
  std::string village;
  HouseholdId id;
};

/// @param after the last line of the page before
base::Result<std::vector<HouseholdLine>> list_households(store::Session& session, const access::Viewer& viewer,
                                                         const HouseholdFilter& filter,
                                                         const std::optional<HouseholdPlace>& after, int limit);

struct VillageCount {
  std::string village;
  std::int64_t households = 0;
  std::int64_t people = 0;
  std::int64_t listed = 0;      ///< of them under help
  std::int64_t poor = 0;        ///< of them poor or returned
  std::int64_t monitored = 0;
};
/// Villages with at least one household in the filter, in order of code.
base::Result<std::vector<VillageCount>> count_by_village(store::Session& session, const access::Viewer& viewer, const HouseholdFilter& filter);

}  // namespace yihu::registry
