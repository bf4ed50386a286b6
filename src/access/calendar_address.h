#pragma once
// Secret addresses of calendar feeds: whoever knows one sees the deadlines of a person or a unit, nothing else.

#include "access/role.h"
#include "access/viewer.h"
#include "base/clock.h"
#include "store/secret.h"
#include "store/store.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::access {

struct CalendarAddress {
  std::string id;
  base::UserId user;
  std::optional<base::UnitId> unit;  ///< missing: all units of the person's posts
  base::Instant made_at;
};

inline constexpr int calendar_addresses_max = 20;  ///< of one person, at a time

struct MadeCalendarAddress {
  CalendarAddress address;
  std::string secret;  ///< 43 characters, for /calendar/<secret>.ics; told once, only its hash is kept
};

/// Errors: input "unit_unknown" at /unit_id when the unit is outside the viewer's scope; too_large.
base::Result<MadeCalendarAddress> make_calendar_address(store::Transaction& transaction, const store::Secrets& secrets,
                                                        const Viewer& viewer, const std::optional<base::UnitId>& unit);
/// The viewer's own, newest first.
base::Result<std::vector<CalendarAddress>> list_calendar_addresses(store::Session& session, const Viewer& viewer);
/// Errors: not_found for anybody else's.
base::Done end_calendar_address(store::Transaction& transaction, const Viewer& viewer, std::string_view id);

/// Whose calendar stands at a secret address, with what that person may see today.
struct CalendarReader {
  CalendarAddress address;
  Viewer viewer;
};
/// Errors: not_found when there is none, it has ended, its person is no longer active, or may no longer see the unit.
base::Result<CalendarReader> read_calendar_address(store::Session& session, const store::Secrets& secrets,
                                                   const Roles& roles, std::string_view secret, base::Date today);

}  // namespace yihu::access
