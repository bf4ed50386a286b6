#pragma once
// A household enters the register, with its members and incomes.

#include "registry/rooms.h"

namespace yihu::registry {

struct NewPerson {
  Values values;                           ///< of person_fields that may be entered, in clear: name, id_number, relation …
  std::optional<base::Date> joined = {};   ///< missing: with the household; not before it
};

struct NewHousehold {
  std::string village;                     ///< code
  base::Date registered_on;
  std::string status = "general";
  std::string monitoring = "none";
  Values values = {};                      ///< of household_fields that may be entered, in clear
  std::optional<base::UserId> helper_account = {};
  std::vector<NewPerson> members;          ///< 1 to `members_max`
  std::vector<Values> incomes = {};        ///< of income_fields, each with its year
  std::string reason;
};
inline constexpr std::size_t members_max = 50;

struct Added {
  HouseholdId household;
  std::vector<PersonId> members;           ///< as given
};

/// One household, one journal entry. About a thousand of them fit well into one transaction.
/// Errors: input, every mistake by its JSON pointer ("/members/0/id_number"); conflict when a household or person number
/// is taken, or a document number is another present person's ("person_known").
base::Result<Added> add_household(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                                  const NewHousehold& household);

}  // namespace yihu::registry
