#pragma once
// An iCalendar feed (RFC 5545): one all-day event per dated occurrence. Pure. Names of units, never of people.

#include "base/clock.h"
#include "base/date.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::plan {

struct CalendarEvent {
  std::string uid;          ///< stable for the life of the occurrence, so that a change moves the event
  base::Date day;           ///< the day by which it is due
  std::string summary;
  std::string description;  ///< may hold line ends
  std::vector<std::string> categories;
  base::Instant stamp;      ///< when what it says last changed
  std::int64_t sequence = 0;
};

struct Calendar {
  std::string name;
  std::vector<CalendarEvent> events;
};

/// CRLF line ends, lines folded at 75 octets between whole characters, text escaped.
std::string icalendar_from(const Calendar& calendar);

/// One content line, folded: "SUMMARY:…\r\n". `value` is escaped already.
std::string folded_line(std::string_view name, std::string_view value);
std::string escaped_text(std::string_view text);

}  // namespace yihu::plan
