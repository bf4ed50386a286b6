#pragma once
// One household of the national workbook against the register: what would be done. Inside the room only.

#include "registry/income.h"
#include "registry/national_workbook.h"
#include "registry/rows.h"

namespace yihu::registry {

struct PersonStep {
  std::size_t report = 0;                ///< place in `reports`
  std::optional<PersonRow> stored;       ///< missing: to be made
  Values changes;                        ///< in clear
};

struct GroupPlan {
  std::vector<RowReport> reports;        ///< one per row, in order
  std::optional<HouseholdRow> stored;    ///< missing: to be made, or not found
  bool make = false;
  std::optional<std::string> village;    ///< of one to be made
  Values changes;                        ///< of the household, in clear
  std::optional<std::string> status;     ///< one that differs
  Values income;                         ///< with its year; empty for none
  int income_version = 0;
  std::vector<PersonStep> people;
  std::int64_t absent = 0;
};

/// @param rows all rows that name this household, in order
base::Result<GroupPlan> plan_group(store::Session& session, const Rooms& rooms, const access::Viewer& viewer,
                                   const std::vector<const WorkbookRow*>& rows, const MatchPolicy& policy);

/// Rows by household, in the order in which households first appear. Rows without a number stand alone.
std::vector<std::vector<const WorkbookRow*>> groups_of(const WorkbookRows& workbook);

/// Adds a group's reports to the whole; rows that stay the same are only counted.
void add_to(ImportReport& report, GroupPlan& plan);

}  // namespace yihu::registry
