#pragma once
// The steps of which events of membership are made. Inside the room only.

#include "registry/membership.h"
#include "registry/put_values.h"

namespace yihu::registry {

/// A household that can take part in an event on that day.
base::Result<HouseholdRow> open_household(store::Transaction& transaction, const access::Viewer& viewer, const HouseholdId& id, const Why& why);
/// A present member. Errors: conflict "person_absent".
base::Result<PersonRow> present_person(store::Transaction& transaction, const access::Viewer& viewer, const PersonId& id);

/// Nobody comes back from the dead. Errors: conflict "person_dead".
base::Done expect_living(store::Session& session, const PersonId& id);
/// While he was away somebody else may have been entered under his number. Errors: conflict "person_known".
base::Done expect_number_free(store::Session& session, const PersonRow& person);

base::Done check_relation(const std::string& relation);

/// Out of the household; the flat row is written.
base::Done take_out(store::Transaction& transaction, PersonRow& person, const Why& why, const EventId& event);
/// Into the household with that relation; the flat row is written.
base::Done put_in(store::Transaction& transaction, PersonRow& person, const HouseholdRow& household, const std::string& relation,
                  const Why& why, const EventId& event);
base::Done set_relation(store::Transaction& transaction, PersonRow& person, const std::string& relation, const Why& why, const EventId& event);

/// After people left: names the next head when there is none, then counts. Errors: conflict "head_missing".
base::Done settle(store::Transaction& transaction, HouseholdRow& household, bool head_left, const std::optional<PersonId>& next_head,
                  const Why& why, const EventId& event);

}  // namespace yihu::registry
