#pragma once
// Calendar days. The proleptic Gregorian calendar, no time of day, no zone.

#include "base/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace yihu::base {

using Date = std::chrono::year_month_day;
using Year = std::chrono::year;

/// Reads "2019-04-30"; anything else, or a day that does not exist, is an input error.
Result<Date> parse_date(std::string_view text);

/// "2019-04-30"
std::string to_string(Date date);

/// Days from `from` to `to`; negative if `to` is earlier.
int days_between(Date from, Date to);
Date plus_days(Date date, int days);
Date last_day_of_month(int year, int month);
Date make_date(int year, int month, int day);

}  // namespace yihu::base
