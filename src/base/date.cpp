#include "base/date.h"

#include <charconv>

namespace yihu::base {
namespace {

bool number(std::string_view text, int& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

Date make_date(int year, int month, int day) {
  return Date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
              std::chrono::day{static_cast<unsigned>(day)}};
}

Result<Date> parse_date(std::string_view text) {
  int year = 0, month = 0, day = 0;
  const bool shape = text.size() == 10 && text[4] == '-' && text[7] == '-';
  if (shape && number(text.substr(0, 4), year) && number(text.substr(5, 2), month) && number(text.substr(8), day) &&
      month > 0 && day > 0) {
    if (const Date date = make_date(year, month, day); date.ok()) return date;
  }
  return fail(ErrorKind::input, "date_unreadable",
              base::text("这不是日期。", "This is not a date."),
              base::text("请按 2019-04-30 的样子填写。", "Write it like 2019-04-30."));
}

std::string to_string(Date date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

int days_between(Date from, Date to) {
  return static_cast<int>((std::chrono::sys_days{to} - std::chrono::sys_days{from}).count());
}

Date plus_days(Date date, int days) { return Date{std::chrono::sys_days{date} + std::chrono::days{days}}; }

Date last_day_of_month(int year, int month) {
  return Date{std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(month)} / std::chrono::last};
}

}  // namespace yihu::base
