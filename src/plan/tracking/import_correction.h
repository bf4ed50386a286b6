#pragma once
// What a person put right in a document that is being imported. Pure: document and corrections in, corrected plan out.

#include "area/directory.h"
#include "base/clock.h"
#include "plan/tracking/incoming_plan.h"

#include <boost/json/value.hpp>

namespace yihu::plan {

/// `before` is what the document says, `after` what holds instead: a text, a list of names, deadlines and so on.
struct ImportCorrection {
  std::string id;
  int task = 0;           ///< Task::no
  int measure = 0;        ///< Measure::position
  std::string field;      ///< lead, responsible, text, deadlines, recurrences or targets; `title` only when carried
  boost::json::value before;
  boost::json::value after;
  std::string author;
  base::Instant at;
  /// False for one carried from an earlier document whose place this document words anew: it is shown, not applied.
  bool fits = true;
};

/// Every task gets a number of its own: the printed one where all differ, else its place in the plan. Numbers are how
/// corrections, addresses and people name a task.
void number_tasks(PlanDocument& plan);

const Measure* measure_at(const PlanDocument& plan, int task, int position);

/// What the document says there. Null for a field or place it does not have.
boost::json::value said_in(const PlanDocument& plan, int task, int position, std::string_view field);

/// A value given for a field. Errors: input, placed below `pointer`.
base::Result<boost::json::value> corrected_value(std::string_view field, const boost::json::value& given,
                                                 const std::string& pointer);

/// The document with all fitting corrections made.
PlanDocument corrected(PlanDocument plan, const std::vector<ImportCorrection>& corrections);

/// Whether two values of a field mean the same: owners as units whatever their names, dates whatever their wording.
bool same_meaning(std::string_view field, const boost::json::value& a, const boost::json::value& b,
                  const area::Directory& units, const UnitChoices& choices);

}  // namespace yihu::plan
