#pragma once
// One household as a viewer sees it: now, on a past day, and what happened to it in between. Private values are masked.

#include "registry/income.h"
#include "registry/rooms.h"

#include "base/clock.h"

namespace yihu::registry {

struct Member {
  PersonId id;
  Record values{person_fields};
  int version = 0;
};

struct Household {
  HouseholdId id;
  Record values{household_fields};
  int version = 0;
  std::vector<Member> members;      ///< the head first, then in order of birth
  std::vector<IncomeRow> incomes;   ///< the latest year first
};

/// Errors: not_found.
base::Result<Household> read_household(store::Session& session, const Rooms& rooms, const access::Viewer& viewer, const HouseholdId& id);
base::Result<Member> read_person(store::Session& session, const Rooms& rooms, const access::Viewer& viewer, const PersonId& id);

/// Composition, status and fields at the end of a past day. `incomes` are those known now: they belong to years.
/// Errors: not_found, also when the household was not registered yet or had ended by that day.
base::Result<Household> household_as_of(store::Session& session, const Rooms& rooms, const access::Viewer& viewer,
                                        const HouseholdId& id, base::Date day);

/// Something that happened to the household or one of its members.
struct Event {
  EventId id;
  std::string kind;                     ///< "registered", "born", "status_changed" …
  HouseholdId household;
  std::optional<PersonId> person;
  std::string person_name;              ///< as it is now; empty when there is none
  base::Date day;                       ///< from which it holds
  std::string reason;
  boost::json::object detail;
  std::string actor;                    ///< a user id, or "system:<job>"
  base::Instant at;                     ///< when it was written down
};
/// The timeline, the latest day first.
/// @param before the last event of the page before, with its day
struct EventPlace {
  std::string day;
  EventId id;
};
base::Result<std::vector<Event>> events_of(store::Session& session, const access::Viewer& viewer, const HouseholdId& id,
                                           const std::optional<EventPlace>& before, int limit);

/// Members who left, the latest first, and the day on which they did.
struct FormerMember {
  PersonId id;
  std::string name;
  base::Date left_on;
  std::string how;     ///< kind of the event: "died", "moved_to" …
  std::optional<HouseholdId> now_in;  ///< a household of the register, if the viewer sees it
};
base::Result<std::vector<FormerMember>> former_members(store::Session& session, const access::Viewer& viewer, const HouseholdId& id);

/// One private value in clear. The look itself is written into the journal, with the reason, in the same transaction.
/// @param owner a household's id or a person's
/// Errors: denied; not_found when there is no value, or its key was destroyed; input without a reason.
enum class Owner { household, person };
base::Result<std::string> open_private(store::Transaction& transaction, const Rooms& rooms, const access::Viewer& viewer,
                                       Owner kind, const std::string& owner, std::string_view field, std::string_view reason);

}  // namespace yihu::registry
