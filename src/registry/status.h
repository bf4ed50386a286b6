#pragma once
// The status of a household and whether it is monitored. Every change goes through these two functions, so that the
// published procedures can stand before them.

#include "registry/rooms.h"

namespace yihu::registry {

/// Who, when and why stand in the history; the year of identification, exit or return follows from the day.
/// Errors: not_found; denied; input for an unknown status, a missing reason, a day before registration or in the future;
/// conflict "status_same", "household_ended", "status_order" when a later change of status is on record.
base::Result<int> change_status(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& household,
                                std::string_view status, base::Date day, std::string_view reason,
                                std::optional<int> version = {});

base::Result<int> change_monitoring(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& household,
                                    std::string_view monitoring, base::Date day, std::string_view reason,
                                    std::optional<int> version = {});

/// Under help: candidate or general households are not, nor those removed or suspended.
constexpr bool listed(std::string_view status) {
  return status == "poor" || status == "returned" || status == "exited_supported" || status == "exited_stable";
}

}  // namespace yihu::registry
