#pragma once
// Fields of a household or a person are changed or corrected.

#include "registry/rooms.h"

namespace yihu::registry {

/// Values in clear, of fields that may be entered.
struct Change {
  Values values;
  Why why;
  Mode mode = Mode::changed;
  std::optional<int> version = {};  ///< the one the change was made on; missing: whatever is stored, for background work
};

/// @returns the new version; the old one when nothing differs
/// Errors: input by "/<field>", not_found, stale; conflict when a number is taken.
base::Result<int> change_household(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                                   const HouseholdId& id, const Change& change);

/// Name, sex, birth and document number of somebody who has them already change by correct_identity (identity.h) alone:
/// a new number may be another person's. Errors: as above; conflict "identity_fixed".
base::Result<int> change_person(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                                const PersonId& id, const Change& change);

/// The household gets another helper; nothing for none. He sees it when he has an account with the role of a helper.
struct Helper {
  std::optional<std::string> name;
  std::optional<std::string> unit;               ///< slug
  std::optional<base::UserId> account;
};
base::Result<int> assign_helper(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& id,
                                const Helper& helper, const Why& why, std::optional<int> version = {});

/// The whole household goes to another village of the register.
base::Result<int> relocate(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& id,
                           const std::string& village, const std::optional<std::string>& hamlet, const Why& why,
                           std::optional<int> version = {});

}  // namespace yihu::registry
