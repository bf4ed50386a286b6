#pragma once
// How every measure of a plan stands on a day: the plan, what was said, and the names of the units put together.

#include "area/directory.h"
#include "plan/tracking/tracked_plan.h"

namespace yihu::plan {

struct MeasureStanding {
  const TrackedTask* task = nullptr;
  const TrackedMeasure* measure = nullptr;
  Verdict verdict;
  std::vector<Verdict> occurrences;    ///< in the order of TrackedMeasure::occurrences
  std::optional<base::Date> next_due;  ///< of what is open; of what is late the earliest
  bool answerable = false;             ///< some owner is a known unit
  int reports = 0;
};

struct TaskStanding {
  const TrackedTask* task = nullptr;
  std::optional<Verdict> verdict;      ///< nothing for a principle, or a task without measures
  std::vector<MeasureStanding> measures;
  int done = 0;
  std::optional<base::Date> next_due;
};

/// A measure's progress comes from its indicator where it has one, else from its occurrences, else from the reports
/// on it as a whole.
MeasureStanding standing_of(const TrackedPlan& plan, const TrackedTask& task, const TrackedMeasure& measure,
                            const Facts& facts, const area::Directory& units, base::Date today);
std::vector<TaskStanding> standings_of(const TrackedPlan& plan, const Facts& facts, const area::Directory& units,
                                       base::Date today);

/// What a measure without dates, or one of its occurrences (not null), asks of whom, with what they said.
Duty duty_of(const TrackedPlan& plan, const TrackedMeasure& measure, const TrackedOccurrence* occurrence,
             const Facts::OfMeasure& said, const area::Directory& units);

/// "9.2", by the place in the task, as everything shown names a measure.
std::string number_of(const TrackedTask& task, const TrackedMeasure& measure);

/// Something open that has a day: an occurrence, or a whole measure without dates (then `occurrence` is null).
struct OpenDuty {
  const MeasureStanding* standing = nullptr;
  const TrackedOccurrence* occurrence = nullptr;
  Verdict verdict;
  base::Date due;
};
/// Every open duty due up to and including `until`, late ones and those of before the document too; most urgent first:
/// late by day, then by day, those nobody knows about last.
std::vector<OpenDuty> open_duties(const TrackedPlan& plan, const std::vector<TaskStanding>& standings, base::Date until);

}  // namespace yihu::plan
