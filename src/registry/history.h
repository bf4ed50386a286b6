#pragma once
// The past of fields and memberships, and the events that made it. Inside the room only.

#include "registry/rows.h"

#include <boost/json/object.hpp>

namespace yihu::registry {

/// One event of a household's timeline is written, and one entry of the journal with it.
struct Happening {
  const char* kind;                 ///< "born", "status_changed" …
  HouseholdId household;
  std::optional<PersonId> person = {};
  boost::json::object detail = {};  ///< shown in the timeline: codes and ids, never a name or a private value
  boost::json::object before = {};  ///< for the journal: nothing of a person in clear
  boost::json::object after = {};
  std::optional<EventId> id = {};   ///< chosen before, when something else had to name it
};
base::Result<EventId> record(store::Transaction& transaction, const access::Viewer& viewer, const Why& why, Happening happening);

/// A person's changed values for the journal, sealed under his own key: {"person": id, "fields": […], "sealed": "…"}.
base::Result<boost::json::object> told(store::Transaction& transaction, const Rooms& rooms, const PersonId& person, const Values& values);

struct Moment {
  const char* kind;   ///< "household" or "person"
  std::string subject;
  base::Date day;
  EventId event;
  Mode mode = Mode::changed;
};
/// Puts `value` in force from the moment's day on, until the next change that is known already.
/// @param now what the flat table holds
/// @returns whether it holds today, so that the flat table has to take it
base::Result<bool> put(store::Transaction& transaction, const Moment& moment, const Field& field, const Cell& now, const Cell& value);
/// Turns the present row into that of a past day (as it was at the day's end).
base::Done wind_back(store::Session& session, const char* kind, const std::string& subject, base::Date day, Record& values);

/// Opens a membership. Errors: conflict when the person belongs to a household already, or did on a later day.
base::Done join(store::Transaction& transaction, const PersonId& person, const HouseholdId& household, base::Date day, const EventId& event);
/// Closes the open one. Errors: conflict when it began after `day`.
base::Done leave(store::Transaction& transaction, const PersonId& person, base::Date day, const EventId& event);
/// Who belonged to the household at the end of a day.
base::Result<std::vector<PersonId>> members_on(store::Session& session, const HouseholdId& household, base::Date day);

/// Errors: input when the reason is missing or too long, or the day lies in the future or before `first_day`.
base::Done check_why(store::Transaction& transaction, const Why& why, const std::optional<std::string>& first_day = std::nullopt);

}  // namespace yihu::registry
