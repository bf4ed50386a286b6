#pragma once
// Rows of the flat tables, read and written whole. Inside the room only: nothing here asks who is looking, except the
// functions that take a viewer.

#include "registry/initials.h"
#include "registry/reach.h"
#include "registry/rooms.h"

#include <optional>

namespace yihu::registry {

struct HouseholdRow {
  HouseholdId id;
  Record values{household_fields};
  std::optional<std::string> phone_index;
  int version = 0;
};

struct PersonRow {
  PersonId id;
  Record values{person_fields};
  std::optional<std::string> initials;
  std::optional<std::string> initials_other;
  std::optional<std::string> id_index;
  std::optional<std::string> phone_index;
  int version = 0;
};

/// Errors: not_found when there is none or the viewer does not see it.
base::Result<HouseholdRow> household_row(store::Session& session, const access::Viewer& viewer, const HouseholdId& id);
/// Somebody who has left is seen by whoever sees the household he left last. Errors: not_found.
base::Result<PersonRow> person_row(store::Session& session, const access::Viewer& viewer, const PersonId& id);
/// Present members, the head first, then in order of birth.
base::Result<std::vector<PersonRow>> member_rows(store::Session& session, const HouseholdId& household);
base::Result<std::optional<PersonRow>> find_person_row(store::Session& session, const PersonId& id);
base::Result<std::optional<HouseholdRow>> find_household_row(store::Session& session, const HouseholdId& id);

/// The household he belongs to, or left last.
base::Result<HouseholdId> last_household(store::Session& session, const PersonId& person);

base::Done insert(store::Transaction& transaction, const HouseholdRow& row);
base::Done insert(store::Transaction& transaction, const PersonRow& row);
/// Raises the row's version. Errors: stale when somebody wrote it since it was read.
base::Done update(store::Transaction& transaction, HouseholdRow& row);
base::Done update(store::Transaction& transaction, PersonRow& row);

/// Counts the members, names the head, and ends the household when nobody is left: on `day`, or the day on which the last
/// of them left, when that is later. Writes when that changes
/// something. `row` is the household as it stands.
base::Done refresh(store::Transaction& transaction, HouseholdRow& row, base::Date day);

}  // namespace yihu::registry
