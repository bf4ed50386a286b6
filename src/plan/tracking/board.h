#pragma once
// The pages of a plan in force: board, task, workbench of a unit. Pure: plan, facts, units and day in, views out.

#include "plan/tracking/standing.h"
#include "plan/tracking/view.h"

namespace yihu::plan {

inline constexpr int falling_due_days = 30;
inline constexpr std::size_t falling_due_max = 200;

Board board_of(const TrackedPlan& plan, const Facts& facts, const area::Directory& units, base::Date today);

/// Nothing when the plan has no such task.
std::optional<TaskView> task_view(const TrackedPlan& plan, int no, const Facts& facts, const area::Directory& units,
                                  base::Date today);

/// The measures behind a figure of the board: those in `state`, or all, as the plan orders them.
std::vector<MeasureSummary> measures_in(const TrackedPlan& plan, std::optional<State> state, const Facts& facts,
                                        const area::Directory& units, base::Date today);

/// What a unit leads, what it must do, what is due. Due are those the unit itself still owes a word on.
Workbench workbench_of(const TrackedPlan& plan, const area::Unit& unit, const Facts& facts, const area::Directory& units,
                       base::Date today);

/// The unit still owes its word on this duty.
bool owes(const TrackedPlan& plan, const OpenDuty& duty, const base::UnitId& unit, const Facts& facts,
          const area::Directory& units);

PlanLine plan_line(const PlanHead& plan);
UnitName unit_name(const area::Unit& unit);
std::vector<UnitName> unit_names(const std::vector<Owner>& owners, const area::Directory& units);
MeasureSummary summary_of(const MeasureStanding& standing, const area::Directory& units);
FallingDue falling_due(const OpenDuty& duty, const area::Directory& units, base::Date today);

}  // namespace yihu::plan
