#pragma once
// What a work plan says, as it says it: the shape of `yihu plan read --json`.

#include "base/result.h"
#include "base/utf8.h"
#include "sheet/document.h"

#include <optional>
#include <string>
#include <vector>

namespace yihu::plan {

/// A day by which, or days between which, something must happen. Days are "2019-04-30".
struct Deadline {
  std::optional<std::string> from;  ///< first day, where the text gives a stretch (7月至8月)
  std::optional<std::string> by;    ///< last day, inclusive; missing when the text is unclear
  std::string text;
  base::Span span{};
  bool operator==(const Deadline&) const = default;
};

struct Recurrence {
  std::string per;  ///< day, week, half_month, month, quarter, half_year, term or year
  int times = 1;    ///< at least so often in each
  std::string text;
  base::Span span{};
  bool operator==(const Recurrence&) const = default;
};

/// A figure to reach. `op` is one of > >= = <= <, or "in" for value … value_max.
struct Target {
  double value = 0;
  std::optional<double> value_max;
  std::string unit;  ///< "%", "户", "人", "元", "个" …; 1.2万人 is 12000 人
  std::string op;
  std::string text;
  base::Span span{};
  bool operator==(const Target&) const = default;
};

/// A share of a target that one town or village is given: 灵山镇20户.
struct Allocation {
  std::string to;
  double value = 0;
  std::string unit;
  base::Span span{};
  bool operator==(const Allocation&) const = default;
};

/// What a sentence asks for, apart from who does it.
struct Demands {
  std::vector<Deadline> deadlines;
  std::vector<Recurrence> recurrences;
  std::vector<Target> targets;
  std::vector<Allocation> allocations;
};

struct Measure {
  std::optional<int> no;  ///< the number printed
  int position = 0;       ///< place in the task, from 1
  std::string text;       ///< without bold marks, and without spaces and line ends between Chinese characters
  base::Span span;        ///< of the text, in the document's code points
  std::vector<std::string> lead;         ///< names as the document writes them
  std::vector<std::string> responsible;
  std::optional<base::Span> owners_span;  ///< of the owner block these came from; may serve several measures
  std::vector<Deadline> deadlines;
  std::vector<Recurrence> recurrences;
  std::vector<Target> targets;
  std::vector<Allocation> allocations;
};

struct Task {
  int no = 0;        ///< the number printed; 0 where a part holds measures without a task heading
  int position = 0;  ///< place in the plan, from 1; unlike `no` never the same twice
  int part = 0;      ///< number of its part; 0 in a plan without parts
  std::string title;
  std::string text;  ///< what stands between the title and the first measure
  base::Span span;   ///< of the title
  Demands demands;   ///< of `text`: a task of goals has no measures but has figures
  std::vector<Measure> measures;
};

struct Part {
  int no = 0;
  std::string title;
  base::Span span;
};

struct TableMeasure {
  std::optional<int> no;
  int position = 0;
  std::string text;
  base::Span span;
  std::vector<std::string> lead;
  std::vector<std::string> responsible;
  std::vector<int> answers;  ///< positions of the body's measures that say the same
  bool roles_unclear = false;  ///< one cell stood for both columns, so nobody can tell who leads
};

struct TableTask {
  int no = 0;
  int position = 0;  ///< of the task in `PlanDocument::tasks` that it answers; 0 for none
  std::string title;
  std::string text;  ///< of a single cell without units: a principle, not a measure
  base::Span span;   ///< of the title
  std::vector<TableMeasure> measures;
};

/// A defect of the document. `code` as listed in docs/plan.md; `measure` is the position in the body.
struct Warning {
  std::string code;
  std::optional<int> task;     ///< Task::no
  std::optional<int> measure;  ///< missing when the whole task is meant
  base::Text text;
  std::optional<base::Span> span;
  std::optional<int> position = std::nullopt;  ///< Task::position, where `task` is given
};

struct PlanDocument {
  std::string title;
  std::string number;
  std::string issuer;
  std::optional<std::string> date;
  std::optional<int> year;
  std::vector<Part> parts;
  std::vector<Task> tasks;
  std::vector<TableTask> table;
  std::vector<Warning> warnings;
};

/// Far above any plan (the longest seen has 25,000): a longer text is refused at once.
inline constexpr std::size_t plan_code_points_max = 500'000;

/// Pure: the same document gives the same plan. Time grows with the length of the text, not faster.
/// Errors: nothing in the text looks like a plan (no numbered task); the text is too long.
base::Result<PlanDocument> read_plan(const sheet::Document& document);

/// The JSON of `yihu plan read --json`; warnings' texts in `language`.
std::string json_from_plan(const PlanDocument& plan, base::Language language);

/// The plan for people: a line for each part, task and measure, then the warnings.
std::string outline_from_plan(const PlanDocument& plan, base::Language language);

}  // namespace yihu::plan
