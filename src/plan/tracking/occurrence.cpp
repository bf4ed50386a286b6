#include "plan/tracking/occurrence.h"

#include <algorithm>
#include <map>
#include <set>

namespace yihu::plan {
namespace {

using base::Date;
using base::make_date;
using base::text;

/// A stretch of the year with its name.
struct Period {
  std::string key;
  base::Text label;
  Date from;
  Date due;
};

int month_of(Date date) { return static_cast<int>(static_cast<unsigned>(date.month())); }
int day_of(Date date) { return static_cast<int>(static_cast<unsigned>(date.day())); }

constexpr const char* month_names[] = {"January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December"};
constexpr const char* quarter_names[] = {"一", "二", "三", "四"};

std::vector<Period> months(int year, bool daily) {
  std::vector<Period> periods;
  for (int month = 1; month <= 12; ++month) {
    const char* name = month_names[month - 1];
    periods.push_back({fmt::format("{}-{:02}", year, month),
                       daily ? text("{}月（每天）", "{1}, every day", month, name) : text("{}月", "{1}", month, name),
                       make_date(year, month, 1), base::last_day_of_month(year, month)});
  }
  return periods;
}

std::vector<Period> half_months(int year) {
  std::vector<Period> periods;
  for (int month = 1; month <= 12; ++month) {
    const char* name = month_names[month - 1];
    periods.push_back({fmt::format("{}-{:02}a", year, month), text("{}月上半月", "{1}, first half", month, name),
                       make_date(year, month, 1), make_date(year, month, 15)});
    periods.push_back({fmt::format("{}-{:02}b", year, month), text("{}月下半月", "{1}, second half", month, name),
                       make_date(year, month, 16), base::last_day_of_month(year, month)});
  }
  return periods;
}

/// Weeks run from Monday to Sunday and belong to the year in which they end, so that none is due after it.
std::vector<Period> weeks(int year) {
  std::vector<Period> periods;
  const Date first = make_date(year, 1, 1);
  const auto weekday = std::chrono::weekday{std::chrono::sys_days{first}}.iso_encoding();
  Date sunday = base::plus_days(first, 7 - static_cast<int>(weekday));
  for (int number = 1; static_cast<int>(sunday.year()) == year; ++number, sunday = base::plus_days(sunday, 7)) {
    const Date monday = base::plus_days(sunday, -6);
    periods.push_back({fmt::format("{}-w{:02}", year, number),
                       text("第{}周（至{}月{}日）", "week {0}, to {3} {2}", number, month_of(sunday), day_of(sunday),
                            month_names[month_of(sunday) - 1]),
                       monday, sunday});
  }
  return periods;
}

std::vector<Period> quarters(int year) {
  std::vector<Period> periods;
  for (int quarter = 1; quarter <= 4; ++quarter) {
    periods.push_back({fmt::format("{}-q{}", year, quarter),
                       text("第{}季度", "quarter {1}", quarter_names[quarter - 1], quarter),
                       make_date(year, quarter * 3 - 2, 1), base::last_day_of_month(year, quarter * 3)});
  }
  return periods;
}

std::vector<Period> half_years(int year) {
  return {{fmt::format("{}-h1", year), text("上半年", "first half-year"), make_date(year, 1, 1), make_date(year, 6, 30)},
          {fmt::format("{}-h2", year), text("下半年", "second half-year"), make_date(year, 7, 1), make_date(year, 12, 31)}};
}

/// School terms of mainland schools. The autumn term runs on into January; a year's plan looks at it at the year's end.
std::vector<Period> terms(int year) {
  return {{fmt::format("{}-t1", year), text("春季学期", "spring term"), make_date(year, 2, 15), make_date(year, 7, 15)},
          {fmt::format("{}-t2", year), text("秋季学期", "autumn term"), make_date(year, 9, 1), make_date(year, 12, 31)}};
}

std::vector<Period> periods_of(const std::string& per, int year) {
  if (per == "day") return months(year, true);
  if (per == "week") return weeks(year);
  if (per == "half_month") return half_months(year);
  if (per == "month") return months(year, false);
  if (per == "quarter") return quarters(year);
  if (per == "half_year") return half_years(year);
  if (per == "term") return terms(year);
  if (per == "year") {
    return {{fmt::format("{}", year), text("{}年", "{}", year), make_date(year, 1, 1), make_date(year, 12, 31)}};
  }
  return {};
}

/// More than this often in one period is counted, not dated: one occurrence stands for all of them.
constexpr int times_dated_max = 4;

void add_recurrence(const Recurrence& recurrence, int ordinal, bool alone, const PlanYear& year,
                    std::vector<DatedOccurrence>& into) {
  const bool by_exception = recurrence.per == "day";
  const int times = by_exception || recurrence.times > times_dated_max ? 1 : std::max(recurrence.times, 1);
  for (const Period& period : periods_of(recurrence.per, year.year)) {
    for (int time = 1; time <= times; ++time) {
      base::Text label = period.label;
      if (times > 1) {
        label = text("{}第{}次", "{2}, {1} of {3}", label.zh, time, label.en, times);
      }
      // Two duties of one measure with the same rhythm would otherwise read alike.
      if (!alone && !recurrence.text.empty()) label = text("{}（{}）", "{2} ({1})", label.zh, recurrence.text, label.en);
      into.push_back({fmt::format("{}:{}:{}:{}", recurrence.per, ordinal, period.key, time), label, period.from,
                      period.due, false});
    }
  }
}

void add_deadline(const Deadline& deadline, std::vector<DatedOccurrence>& into) {
  if (!deadline.by) return;
  const auto by = base::parse_date(*deadline.by);
  if (!by) return;
  std::optional<Date> from;
  if (deadline.from) {
    if (const auto first = base::parse_date(*deadline.from); first && *first <= *by) from = *first;
  }
  base::Text label = text("{1}月{2}日前", "by {0} {2}", month_names[month_of(*by) - 1], month_of(*by), day_of(*by));
  if (!deadline.text.empty()) label.zh = deadline.text;
  into.push_back({"by:" + *deadline.by, std::move(label), from, *by, false});
}

}  // namespace

base::Date end_of(const PlanYear& year) { return make_date(year.year, 12, 31); }

std::vector<DatedOccurrence> occurrences_of(const std::vector<Deadline>& deadlines,
                                            const std::vector<Recurrence>& recurrences, const PlanYear& year) {
  std::vector<DatedOccurrence> all;
  for (const Deadline& deadline : deadlines) add_deadline(deadline, all);
  std::map<std::string, int> ordinals;
  for (const Recurrence& recurrence : recurrences) {
    add_recurrence(recurrence, ++ordinals[recurrence.per], recurrences.size() == 1, year, all);
  }
  std::set<std::string> keys;
  for (DatedOccurrence& one : all) {
    const std::string key = one.key;
    for (int again = 2; !keys.insert(one.key).second; ++again) one.key = fmt::format("{}#{}", key, again);
    one.before_document = year.document_date && one.due < *year.document_date;
  }
  std::stable_sort(all.begin(), all.end(), [](const DatedOccurrence& a, const DatedOccurrence& b) {
    return a.due != b.due ? a.due < b.due : a.key < b.key;
  });
  return all;
}

}  // namespace yihu::plan
