#pragma once
// A plan in force: what the store holds of it, and what has been said about it.
//
// The plan itself changes rarely and is kept in memory by version (plan_shelf.h); the words of the units change with
// every report and are read each time. Everything shown (board, workbench, today, calendar) is computed from the two.

#include "base/id.h"
#include "plan/tracking/occurrence.h"
#include "plan/tracking/state.h"
#include "store/session.h"

#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace yihu::plan {

/// A unit that answers for a measure, as the document names it.
struct Owner {
  std::string name;                   ///< what the document says: a unit, or a group
  std::string via;                    ///< the group whose member it is; empty if named itself
  std::optional<base::UnitId> unit;   ///< nothing while the name stands for no known unit
  bool operator==(const Owner&) const = default;
};

struct TrackedOccurrence : DatedOccurrence {
  base::OccurrenceId id;
};

struct TrackedMeasure {
  base::MeasureId id;
  std::optional<int> no;
  int position = 0;
  base::Text title;                   ///< short words; the text itself where a document gives no others
  std::string text;                   ///< the document's sentence, or empty for a plan from a pack
  std::optional<base::Span> span;     ///< in the document's text
  std::optional<std::string> indicator;
  std::vector<Deadline> deadlines;
  std::vector<Recurrence> recurrences;
  std::vector<Target> targets;
  std::vector<Owner> lead;
  std::vector<Owner> responsible;
  std::vector<TrackedOccurrence> occurrences;  ///< by due day
  std::int64_t version = 0;

  bool assigned(const base::UnitId& unit) const;
};

struct TrackedTask {
  base::TaskId id;
  int no = 0;
  int part = 0;
  base::Text title;
  base::Text short_title;
  std::string text;
  bool principle = false;             ///< shown with the plan; nothing to track
  std::optional<base::Span> span;
  std::vector<TrackedMeasure> measures;
};

struct TrackedPart {
  int no = 0;
  base::Text title;
};

/// A line of the list of plans.
struct PlanHead {
  base::PlanId id;
  base::Text title;
  std::string number;
  std::string issuer;
  int year = 0;
  std::optional<base::Date> date;
  std::string origin;   ///< document or pack
  std::string status;   ///< current or replaced
  std::string pack;     ///< id in the pack it came from; stays when a document joins it
  std::int64_t version = 0;
  bool has_document = false;

  PlanYear plan_year() const { return {year, date}; }
};

struct TrackedPlan : PlanHead {
  std::vector<TrackedPart> parts;
  std::vector<TrackedTask> tasks;

  const TrackedTask* task(int no) const;
  /// The measure and its task, or two nulls.
  std::pair<const TrackedTask*, const TrackedMeasure*> measure(const base::MeasureId& wanted) const;
};

/// What has been said and measured so far.
struct Facts {
  struct Said {
    std::string occurrence;  ///< empty: the whole measure
    Word word;
    std::string report;
  };
  struct OfMeasure {
    std::vector<Said> said;
    int reports = 0;
  };
  std::unordered_map<std::string, OfMeasure> measures;  ///< by id
  std::map<std::string, std::vector<std::pair<base::Date, double>>> indicators;

  const OfMeasure& of(const base::MeasureId& id) const;
};

/// Errors of all: not_found when there is no such plan.
base::Result<PlanHead> plan_head(store::Session& session, const base::PlanId& id);
base::Result<std::vector<PlanHead>> plan_heads(store::Session& session);
/// The plan in force on a day: of that year, else the latest current one before it, else the earliest after it.
base::Result<std::optional<PlanHead>> current_plan(store::Session& session, int year);
base::Result<TrackedPlan> load_plan(store::Session& session, const base::PlanId& id);
base::Result<Facts> load_facts(store::Session& session, const base::PlanId& id);
/// For one measure only.
base::Result<Facts> load_facts(store::Session& session, const base::PlanId& plan, const TrackedMeasure& measure);
base::Result<base::PlanId> plan_of(store::Session& session, const base::MeasureId& measure);

}  // namespace yihu::plan
