#pragma once
// What is shown of a plan, as plain structs: the answers of the API field by field. Sentences are in both languages.

#include "base/clock.h"
#include "base/id.h"
#include "plan/tracking/difference.h"
#include "plan/tracking/state.h"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>
#include <string>
#include <vector>

namespace yihu::plan {

BOOST_DESCRIBE_ENUM(State, done, on_course, at_risk, late, unknown)
BOOST_DESCRIBE_ENUM(DifferenceKind, added, removed, changed, same)
BOOST_DESCRIBE_STRUCT(Deadline, (), (from, by, text))
BOOST_DESCRIBE_STRUCT(Recurrence, (), (per, times, text))
BOOST_DESCRIBE_STRUCT(Target, (), (value, value_max, unit, op, text))

struct UnitName {
  base::UnitId id;
  base::Text name;
  base::Text short_name;
};
BOOST_DESCRIBE_STRUCT(UnitName, (), (id, name, short_name))

struct PlanLine {
  base::PlanId id;
  base::Text title;
  std::string number;
  std::string issuer;
  int year = 0;
  std::optional<base::Date> date;
  std::string origin;
  std::string status;
};
BOOST_DESCRIBE_STRUCT(PlanLine, (), (id, title, number, issuer, year, date, origin, status))

struct BoardPlan : PlanLine {
  bool has_document = false;
};
BOOST_DESCRIBE_STRUCT(BoardPlan, (PlanLine), (has_document))

struct Figures {
  int measures = 0;
  int done = 0;
  int on_course = 0;
  int at_risk = 0;
  int late = 0;
  int unknown = 0;
};
BOOST_DESCRIBE_STRUCT(Figures, (), (measures, done, on_course, at_risk, late, unknown))

struct Tile {
  base::TaskId id;
  int no = 0;
  base::Text title;
  base::Text short_title;
  std::string kind;
  int measures = 0;
  int done = 0;
  std::optional<double> progress;
  State state = State::unknown;
  base::Text reason;
  std::vector<UnitName> lead;
  std::optional<base::Date> next_due;
};
BOOST_DESCRIBE_STRUCT(Tile, (), (id, no, title, short_title, kind, measures, done, progress, state, reason, lead, next_due))

struct BoardPart {
  int no = 0;
  base::Text title;
  std::vector<Tile> tasks;
};
BOOST_DESCRIBE_STRUCT(BoardPart, (), (no, title, tasks))

/// `occurrence_id` is missing for a measure without dates, due at the end of the year.
struct FallingDue {
  std::optional<base::OccurrenceId> occurrence_id;
  base::MeasureId measure_id;
  int task_no = 0;
  std::optional<int> measure_no;
  int position = 0;
  base::Text title;
  base::Text label;
  base::Date due;
  int days_left = 0;
  State state = State::unknown;
  base::Text reason;
  std::vector<UnitName> units;
};
BOOST_DESCRIBE_STRUCT(FallingDue, (), (occurrence_id, measure_id, task_no, measure_no, position, title, label, due,
                                       days_left, state, reason, units))

struct Board {
  BoardPlan plan;
  base::Date as_of;
  Figures figures;
  std::vector<BoardPart> parts;
  std::vector<FallingDue> falling_due;
};
BOOST_DESCRIBE_STRUCT(Board, (), (plan, as_of, figures, parts, falling_due))

/// What a list and the page of a measure both show.
struct MeasureLine {
  base::MeasureId id;
  int task_no = 0;
  std::optional<int> no;
  int position = 0;
  base::Text title;
  std::string text;
  std::vector<UnitName> lead;
  std::vector<UnitName> responsible;
  std::vector<std::string> groups;  ///< names in the document that stand for several units, or for none we know
  State state = State::unknown;
  base::Text reason;
  double progress = 0;
  std::optional<base::Date> next_due;
};
BOOST_DESCRIBE_STRUCT(MeasureLine, (), (id, task_no, no, position, title, text, lead, responsible, groups, state, reason,
                                        progress, next_due))

struct MeasureSummary : MeasureLine {
  int reports = 0;
};
BOOST_DESCRIBE_STRUCT(MeasureSummary, (MeasureLine), (reports))

struct Titled {
  int no = 0;
  base::Text title;
};
BOOST_DESCRIBE_STRUCT(Titled, (), (no, title))

struct TaskView {
  base::PlanId plan_id;
  base::TaskId id;
  int no = 0;
  base::Text title;
  base::Text short_title;
  Titled part;
  std::string text;
  std::string kind;
  State state = State::unknown;
  base::Text reason;
  std::optional<double> progress;
  std::vector<MeasureSummary> measures;
};
BOOST_DESCRIBE_STRUCT(TaskView, (), (plan_id, id, no, title, short_title, part, text, kind, state, reason, progress, measures))

struct SentenceView {
  std::string text;
  base::Span span;
};
BOOST_DESCRIBE_STRUCT(SentenceView, (), (text, span))

struct IndicatorValue {
  base::Date day;
  double value = 0;
};
BOOST_DESCRIBE_STRUCT(IndicatorValue, (), (day, value))

struct IndicatorView {
  std::string id;
  base::Text label;
  std::optional<double> value;
  std::optional<double> target;
  std::string unit;
  std::optional<base::Date> as_of;
  std::vector<IndicatorValue> series;
};
BOOST_DESCRIBE_STRUCT(IndicatorView, (), (id, label, value, target, unit, as_of, series))

struct OccurrenceView {
  base::OccurrenceId id;
  base::Text label;
  std::optional<base::Date> from;
  base::Date due;
  State state = State::unknown;
  base::Text reason;
  std::optional<base::ReportId> report_id;  ///< the report that closed it
};
BOOST_DESCRIBE_STRUCT(OccurrenceView, (), (id, label, from, due, state, reason, report_id))

struct EvidenceView {
  std::string id;
  std::string name;
  std::int64_t size = 0;
  std::string type;
};
BOOST_DESCRIBE_STRUCT(EvidenceView, (), (id, name, size, type))

struct ReportView {
  base::ReportId id;
  base::Instant at;
  std::string by;
  UnitName unit;
  std::optional<base::OccurrenceId> occurrence_id;
  bool done = false;
  std::string text;
  std::optional<double> value;
  std::vector<EvidenceView> evidence;
};
BOOST_DESCRIBE_STRUCT(ReportView, (), (id, at, by, unit, occurrence_id, done, text, value, evidence))

struct HistoryLine {
  base::Instant at;
  std::string who;
  base::Text what;
};
BOOST_DESCRIBE_STRUCT(HistoryLine, (), (at, who, what))

struct MeasureDetail : MeasureLine {
  base::PlanId plan_id;
  Titled task;
  std::optional<SentenceView> sentence;
  std::vector<Deadline> deadlines;
  std::vector<Recurrence> recurrences;
  std::vector<Target> targets;
  std::optional<IndicatorView> indicator;
  std::vector<OccurrenceView> occurrences;
  std::vector<ReportView> reports;    ///< empty for who may not read them
  bool reports_open = false;          ///< this viewer may read what the reports say
  std::vector<UnitName> may_report;   ///< units of the viewer that may report on it
  std::vector<HistoryLine> history;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(MeasureDetail, (MeasureLine), (plan_id, task, sentence, deadlines, recurrences, targets, indicator,
                                                     occurrences, reports, reports_open, may_report, history, version))

struct DocumentMark {
  base::MeasureId measure_id;
  int task_no = 0;
  int position = 0;
  base::Span span;
};
BOOST_DESCRIBE_STRUCT(DocumentMark, (), (measure_id, task_no, position, span))

struct DocumentView {
  std::string text;
  std::vector<DocumentMark> marks;
};
BOOST_DESCRIBE_STRUCT(DocumentView, (), (text, marks))

struct Workbench {
  UnitName unit;
  base::PlanId plan_id;
  base::Date as_of;
  Figures figures;
  std::vector<MeasureSummary> leading;
  std::vector<MeasureSummary> responsible;
  std::vector<FallingDue> due;
};
BOOST_DESCRIBE_STRUCT(Workbench, (), (unit, plan_id, as_of, figures, leading, responsible, due))

struct TodayItem {
  std::string kind;  ///< measure_due, import_open, or discrepancies: then the id is roster/kind/cause
  std::string id;
  std::optional<base::MeasureId> measure_id;
  std::optional<std::string> import_id;
  base::Text title;
  base::Text place;
  base::Text what;
  std::optional<base::Date> due;
  std::optional<int> days_left;
  State state = State::unknown;
  base::Text reason;
};
BOOST_DESCRIBE_STRUCT(TodayItem, (), (kind, id, measure_id, import_id, title, place, what, due, days_left, state, reason))

struct NextItem {
  base::Text title;
  base::Date due;
};
BOOST_DESCRIBE_STRUCT(NextItem, (), (title, due))

struct Today {
  base::Date day;
  int mine = 0;
  int late = 0;
  int done_this_week = 0;
  std::vector<TodayItem> items;
  std::optional<NextItem> next;
};
BOOST_DESCRIBE_STRUCT(Today, (), (day, mine, late, done_this_week, items, next))

struct DifferenceLine {
  DifferenceKind kind = DifferenceKind::same;
  std::string task_title;
  std::string before;
  std::string after;
  std::vector<std::string> fields;
};
BOOST_DESCRIBE_STRUCT(DifferenceLine, (), (kind, task_title, before, after, fields))

}  // namespace yihu::plan
