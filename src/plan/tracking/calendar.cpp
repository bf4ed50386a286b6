#include "plan/tracking/calendar.h"

#include <fmt/format.h>

namespace yihu::plan {
namespace {

constexpr std::size_t line_octets_max = 75;

std::string compact(base::Date day) {
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::string utc(base::Instant instant) {
  const std::chrono::sys_time<std::chrono::microseconds> time{std::chrono::microseconds{instant.microseconds}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  return fmt::format("{}T{:02}{:02}{:02}Z", compact(base::Date{day}), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

void add_event(const CalendarEvent& event, std::string& into) {
  into += "BEGIN:VEVENT\r\n";
  into += folded_line("UID", escaped_text(event.uid));
  into += folded_line("DTSTAMP", utc(event.stamp));
  into += folded_line("LAST-MODIFIED", utc(event.stamp));
  into += folded_line("SEQUENCE", std::to_string(event.sequence));
  into += folded_line("DTSTART;VALUE=DATE", compact(event.day));
  into += folded_line("DTEND;VALUE=DATE", compact(base::plus_days(event.day, 1)));  // exclusive
  into += folded_line("SUMMARY", escaped_text(event.summary));
  if (!event.description.empty()) into += folded_line("DESCRIPTION", escaped_text(event.description));
  if (!event.categories.empty()) {
    std::string list;
    for (const std::string& category : event.categories) {
      if (!list.empty()) list += ',';
      list += escaped_text(category);
    }
    into += folded_line("CATEGORIES", list);
  }
  // A day by which something is due takes none of the day's time.
  into += "TRANSP:TRANSPARENT\r\n";
  into += "END:VEVENT\r\n";
}

}  // namespace

std::string escaped_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '\\': out += "\\\\"; break;
      case ';': out += "\\;"; break;
      case ',': out += "\\,"; break;
      case '\n': out += "\\n"; break;
      default:
        // Other control characters are not allowed in a text value.
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
        else if (c == '\t') out += ' ';
    }
  }
  return out;
}

std::string folded_line(std::string_view name, std::string_view value) {
  std::string line = fmt::format("{}:{}", name, value);
  std::string out;
  out.reserve(line.size() + line.size() / 20 + 4);
  std::size_t begin = 0;
  std::size_t room = line_octets_max;
  while (line.size() - begin > room) {
    std::size_t end = begin + room;
    while (end > begin && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80) --end;  // never inside a character
    if (end == begin) end = begin + room;                                                // not UTF-8: go on anyway
    out.append(line, begin, end - begin);
    out += "\r\n ";
    begin = end;
    room = line_octets_max - 1;  // the leading space counts
  }
  out.append(line, begin);
  out += "\r\n";
  return out;
}

std::string icalendar_from(const Calendar& calendar) {
  std::string out = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Yihu//Plan//ZH\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n";
  out += folded_line("X-WR-CALNAME", escaped_text(calendar.name));
  out += folded_line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
  for (const CalendarEvent& event : calendar.events) add_event(event, out);
  out += "END:VCALENDAR\r\n";
  return out;
}

}  // namespace yihu::plan
