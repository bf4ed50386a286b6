#pragma once
// Who belongs to which household, event by event. Each is one function and one entry in the timeline of every household
// it touches; days count as in rooms.h, and a person's events follow one another in time.
//
// Errors of all: not_found; denied; input for reason and day; conflict "household_ended", "membership_order",
// "person_present" or "person_absent", "head_missing" when a household would be left without a head and nobody is named.

#include "registry/registration.h"

namespace yihu::registry {

enum class Arrival { born, married_in, moved_in };
/// Somebody new to the register. `person.joined` is not used: the day is that of `why`.
base::Result<PersonId> add_member(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                                  const HouseholdId& household, Arrival arrival, const NewPerson& person, const Why& why);

enum class Departure { died, married_out, moved_out };
/// Somebody leaves the register. What is known of him stays, with the days on which he was a member. When the last
/// member leaves, the household ends on that day.
/// @param next_head who follows him, when he was the head and others remain
base::Done remove_member(store::Transaction& transaction, const access::Viewer& viewer, const PersonId& person,
                         Departure departure, const Why& why, const std::optional<PersonId>& next_head = {});
/// The departure was recorded by mistake: he never left. Errors: conflict when he has joined a household since.
base::Done undo_departure(store::Transaction& transaction, const access::Viewer& viewer, const PersonId& person, const Why& why);
/// Somebody who left comes back, to the same household or another.
base::Done readmit(store::Transaction& transaction, const access::Viewer& viewer, const PersonId& person,
                   const HouseholdId& household, const std::string& relation, const Why& why);

/// From one household of the register to another.
base::Done move_member(store::Transaction& transaction, const access::Viewer& viewer, const PersonId& person,
                       const HouseholdId& to, const std::string& relation, const Why& why,
                       const std::optional<PersonId>& next_head = {});

struct Moving {
  PersonId person;
  std::string relation;  ///< to the head of the household he will belong to
};
/// Some members found a household of their own, in the same village, with the same status, monitoring and helper.
/// What it owns is unknown until somebody enters it.
base::Result<HouseholdId> split_household(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& household,
                                          const std::vector<Moving>& moving, const Why& why,
                                          const std::optional<PersonId>& next_head = {});
/// Everybody of `from` moves into `into`; `from` ends.
base::Done merge_households(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& from,
                            const HouseholdId& into, const std::vector<Moving>& moving, const Why& why);

/// @param former_relation what the present head becomes to the new one
base::Done change_head(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& household,
                       const PersonId& head, const std::string& former_relation, const Why& why);

}  // namespace yihu::registry
