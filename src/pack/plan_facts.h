#pragma once
// A plan as a pack tells it, in our own short words: what must be done, by whom, by when and how much of it.
// It lets a fresh store show a plan before anybody has read in the document.

#include "base/date.h"
#include "base/text.h"

#include <optional>
#include <string>
#include <vector>

namespace yihu::pack {

struct DeadlineFact {
  std::optional<base::Date> from;  ///< first day, where there is a stretch
  base::Date by;                   ///< last day, inclusive
};

struct RecurrenceFact {
  std::string per;  ///< day, week, half_month, month, quarter, half_year, term or year
  int times = 1;    ///< at least so often in each
};

/// A figure to reach.
struct TargetFact {
  double value = 0;
  std::optional<double> value_max;  ///< only with op "in"
  std::string unit;                 ///< "%", "户", "人", "元", "个" …
  std::string op;                   ///< one of > >= = <= <, or "in" for value … value_max
  base::Text of;                    ///< what is counted; may be empty
};

struct MeasureFact {
  int no = 0;
  base::Text title;
  std::vector<std::string> lead;         ///< ids of units or groups, as units.yaml and groups.yaml name them
  std::vector<std::string> responsible;  ///< the same
  std::vector<DeadlineFact> deadlines;
  std::vector<RecurrenceFact> recurrences;
  std::vector<TargetFact> targets;
  std::optional<std::string> indicator;  ///< id of the indicator its progress comes from
};

enum class TaskKind {
  tracked,
  principle,  ///< shown with the plan; nothing to do by itself
};

struct TaskFact {
  int no = 0;  ///< counts through the whole plan, not within its part
  base::Text title;
  base::Text short_title;  ///< for a tile: a few characters
  TaskKind kind = TaskKind::tracked;
  std::vector<MeasureFact> measures;
};

struct PartFact {
  int no = 0;
  base::Text title;
  std::vector<TaskFact> tasks;
};

/// Checked when it comes out of `pack::load`: numbers rise by one, every unit or group named is defined, days exist.
struct PlanFacts {
  std::string id;
  base::Text title;
  std::string number;
  base::Text issuer;  ///< written as one text, both languages are the same
  base::Date date;
  int year = 0;
  std::vector<PartFact> parts;
};

}  // namespace yihu::pack
