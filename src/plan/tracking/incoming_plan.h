#pragma once
// A plan about to be tracked, with its owners resolved: made from a document or from a pack, the same to acceptance.

#include "area/directory.h"
#include "pack/plan_facts.h"
#include "plan/tracking/tracked_plan.h"

#include <functional>

namespace yihu::plan {

struct IncomingMeasure {
  std::optional<int> no;
  int position = 0;
  base::Text title;                    ///< `en` empty where there is none
  std::string text;
  std::optional<base::Span> span;
  std::vector<Owner> lead;
  std::vector<Owner> responsible;
  std::vector<Deadline> deadlines;
  std::vector<Recurrence> recurrences;
  std::vector<Target> targets;
  std::optional<std::string> indicator;
  bool title_corrected = false;        ///< by a person, so it stands against any other
  std::string said;                    ///< the document's own words where `text` was corrected; it is matched by them
};

struct IncomingTask {
  int no = 0;
  int part = 0;
  base::Text title;
  base::Text short_title;
  std::string text;
  bool principle = false;
  std::optional<base::Span> span;
  std::vector<IncomingMeasure> measures;
};

struct IncomingDocument {
  std::string name;
  std::string format;
  std::string hash;
  std::string text;
};

struct IncomingPlan {
  base::Text title;
  std::string number;
  std::string issuer;
  int year = 0;
  std::optional<base::Date> date;
  std::string pack;                    ///< id in its pack; empty for a document
  std::optional<IncomingDocument> document;
  std::vector<TrackedPart> parts;
  std::vector<IncomingTask> tasks;
};

/// What a name in a document was said to stand for by whoever checked the import; asked before the directory.
using UnitChoices = std::map<std::string, base::UnitId>;

/// The units a document's name stands for: one, the members of a group, or one Owner without a unit when nobody knows.
std::vector<Owner> owners_of(const std::string& name, const area::Directory& units, const UnitChoices& choices);
std::vector<Owner> owners_of(const std::vector<std::string>& names, const area::Directory& units,
                             const UnitChoices& choices);

/// The short name of a measure: what the overview table says of it, else its first clause.
std::string title_of(const PlanDocument& plan, const Task& task, const Measure& measure);

IncomingPlan plan_from_document(const PlanDocument& document, int year, IncomingDocument source,
                                const area::Directory& units, const UnitChoices& choices);

/// @source the pack's plan.yaml. Ids of units and groups were checked when the pack was read.
IncomingPlan plan_from_pack(const pack::PlanFacts& facts, const area::Directory& units);

}  // namespace yihu::plan
