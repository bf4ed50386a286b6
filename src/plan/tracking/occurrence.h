#pragma once
// What a measure's deadlines and recurrences come to in its year: dated occurrences, each of which somebody reports.

#include "base/date.h"
#include "base/text.h"
#include "plan/reading/plan_document.h"

#include <optional>
#include <string>
#include <vector>

namespace yihu::plan {

/// The year a plan covers, and the day its document bears.
struct PlanYear {
  int year = 0;
  std::optional<base::Date> document_date;
};

/// One thing to have happened by one day.
struct DatedOccurrence {
  std::string key;                 ///< stable within the measure while its dates stay: "by:2019-04-30", "month:1:2019-05:1"
  base::Text label;                ///< "第二季度", "4月底前"
  std::optional<base::Date> from;  ///< first day of its period; missing for a plain deadline
  base::Date due;                  ///< last day, inclusive
  /// Due before the document was issued: unknown, never late, until somebody says what happened.
  bool before_document = false;
  bool operator==(const DatedOccurrence&) const = default;
};

/// A deadline gives one; a recurrence one (or `times`) per period of the year: quarterly four, monthly twelve,
/// half-monthly 24, weekly as many as weeks end in the year, half-yearly two, per school term two, yearly one.
/// A daily duty is reported by exception, once a month: nobody fills in 365 forms.
/// Deadlines without a readable day give none. Ordered by due day, then key; keys are unique.
std::vector<DatedOccurrence> occurrences_of(const std::vector<Deadline>& deadlines,
                                            const std::vector<Recurrence>& recurrences, const PlanYear& year);

/// Last day of the year a plan covers: what has no date of its own is due then.
base::Date end_of(const PlanYear& year);

}  // namespace yihu::plan
