#pragma once
// A person enters the register, as a member of a household. Inside the room only.

#include "registry/rows.h"

#include <boost/json/object.hpp>

namespace yihu::registry {

/// A name is needed; the rest may be unknown. Adds to `mistakes`.
void check_new_person(const Values& values, const std::string& pointer, std::vector<base::Error>& mistakes);

struct NewMember {
  PersonId id;
  boost::json::object told;  ///< for the journal, sealed
};
/// Makes the person and opens his membership. The household's size is the caller's to refresh.
/// Errors: conflict "person_known" when a present person has that document number, "person_code_taken".
base::Result<NewMember> make_member(store::Transaction& transaction, const Rooms& rooms, const HouseholdRow& household,
                                    const Values& values, base::Date joined, const EventId& event);

}  // namespace yihu::registry
