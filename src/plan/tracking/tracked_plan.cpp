#include "plan/tracking/tracked_plan.h"

#include "plan/tracking/record.h"

#include <algorithm>

namespace yihu::plan {
namespace {

using base::text;
using store::Row;
using store::Session;
using store::Sql;

// ---- heads

constexpr Sql heads_sql =
    "SELECT p.id, p.title, p.title_en, p.number, p.issuer, p.year, p.day, p.origin, p.status, p.version,"
    " CASE WHEN d.plan IS NULL THEN 0 ELSE 1 END, p.pack_id FROM plan p LEFT JOIN plan_document d ON d.plan = p.id"
    " ORDER BY p.year DESC, p.made_at DESC, p.id";
constexpr Sql head_sql =
    "SELECT p.id, p.title, p.title_en, p.number, p.issuer, p.year, p.day, p.origin, p.status, p.version,"
    " CASE WHEN d.plan IS NULL THEN 0 ELSE 1 END, p.pack_id FROM plan p LEFT JOIN plan_document d ON d.plan = p.id"
    " WHERE p.id = :plan";

/// A document's own words serve both languages where it gives no English.
base::Text titled(const std::string& zh, const std::string& en) { return {zh, en.empty() ? zh : en}; }

PlanHead head_from(const Row& row) {
  PlanHead head;
  head.id = row.id<base::PlanId>(0);
  head.title = titled(row.text(1), row.text(2));
  head.number = row.text(3);
  head.issuer = row.text(4);
  head.year = static_cast<int>(row.integer(5));
  head.date = row.maybe_date(6);
  head.origin = row.text(7);
  head.status = row.text(8);
  head.version = row.integer(9);
  head.has_document = row.truth(10);
  head.pack = row.text(11);
  return head;
}

auto no_plan() {
  return base::fail(base::ErrorKind::not_found, "plan_unknown", text("没有这份要点。", "There is no such plan."));
}

// ---- the plan's parts

constexpr Sql parts_sql = "SELECT no, title, title_en FROM plan_part WHERE plan = :plan ORDER BY no";
constexpr Sql tasks_sql =
    "SELECT id, no, part, title, title_en, short_title, short_title_en, content, kind, span_begin, span_end"
    " FROM plan_task WHERE plan = :plan AND retired = 0 ORDER BY no";
constexpr Sql measures_sql =
    "SELECT id, task, no, position, title, title_en, content, span_begin, span_end, indicator, deadlines, recurrences,"
    " targets, version FROM plan_measure WHERE plan = :plan AND retired = 0 ORDER BY position, id";
constexpr Sql owners_sql =
    "SELECT measure, role, name, via, unit FROM plan_owner WHERE plan = :plan ORDER BY measure, role, place";
constexpr Sql occurrences_sql =
    "SELECT measure, id, key, label, label_en, first_day, due, before_document FROM plan_occurrence"
    " WHERE plan = :plan AND retired = 0 ORDER BY due, key";

std::optional<base::Span> span_from(const Row& row, std::size_t column) {
  if (row.null(column)) return {};
  return base::Span{static_cast<std::size_t>(row.integer(column)), static_cast<std::size_t>(row.integer(column + 1))};
}

TrackedTask task_from(const Row& row) {
  TrackedTask task;
  task.id = row.id<base::TaskId>(0);
  task.no = static_cast<int>(row.integer(1));
  task.part = static_cast<int>(row.integer(2));
  task.title = titled(row.text(3), row.text(4));
  task.short_title = titled(row.text(5), row.text(6));
  task.text = row.text(7);
  task.principle = row.text(8) == "principle";
  task.span = span_from(row, 9);
  return task;
}

base::Result<TrackedMeasure> measure_from(const Row& row) {
  TrackedMeasure measure;
  measure.id = row.id<base::MeasureId>(0);
  if (const auto no = row.maybe_integer(2)) measure.no = static_cast<int>(*no);
  measure.position = static_cast<int>(row.integer(3));
  measure.title = titled(row.text(4), row.text(5));
  measure.text = row.text(6);
  measure.span = span_from(row, 7);
  measure.indicator = row.maybe_text(9);
  const auto deadlines = TRY(json_from_column(row.text(10)));
  measure.deadlines = TRY(deadlines_from(deadlines));
  const auto recurrences = TRY(json_from_column(row.text(11)));
  measure.recurrences = TRY(recurrences_from(recurrences));
  const auto targets = TRY(json_from_column(row.text(12)));
  measure.targets = TRY(targets_from(targets));
  measure.version = row.integer(13);
  return measure;
}

TrackedOccurrence occurrence_from(const Row& row) {
  TrackedOccurrence one;
  one.id = row.id<base::OccurrenceId>(1);
  one.key = row.text(2);
  one.label = {row.text(3), row.text(4)};
  one.from = row.maybe_date(5);
  one.due = row.maybe_date(6).value_or(base::Date{});
  one.before_document = row.truth(7);
  return one;
}

base::Done add_measures(Session& session, const store::Parameters& which, TrackedPlan& plan) {
  std::unordered_map<std::string, TrackedTask*> tasks;
  for (TrackedTask& task : plan.tasks) tasks[task.id.value] = &task;
  for (const Row& row : TRY(session.query(measures_sql, which))) {
    if (const auto task = tasks.find(row.text(1)); task != tasks.end()) {
      task->second->measures.push_back(TRY(measure_from(row)));
    }
  }
  std::unordered_map<std::string, TrackedMeasure*> measures;
  for (TrackedTask& task : plan.tasks) {
    for (TrackedMeasure& measure : task.measures) measures[measure.id.value] = &measure;
  }
  for (const Row& row : TRY(session.query(owners_sql, which))) {
    const auto measure = measures.find(row.text(0));
    if (measure == measures.end()) continue;
    auto& owners = row.text(1) == "lead" ? measure->second->lead : measure->second->responsible;
    Owner owner{row.text(2), row.text(3), {}};
    if (!row.null(4)) owner.unit = row.id<base::UnitId>(4);
    owners.push_back(std::move(owner));
  }
  for (const Row& row : TRY(session.query(occurrences_sql, which))) {
    if (const auto measure = measures.find(row.text(0)); measure != measures.end()) {
      measure->second->occurrences.push_back(occurrence_from(row));
    }
  }
  return {};
}

// ---- facts

constexpr Sql words_sql =
    "SELECT measure, occurrence, unit, done, at, report, reports FROM plan_word WHERE plan = :plan";
constexpr Sql measure_words_sql =
    "SELECT measure, occurrence, unit, done, at, report, reports FROM plan_word WHERE measure = :measure";
constexpr Sql values_sql =
    "SELECT indicator, day, value FROM plan_indicator_value WHERE plan = :plan ORDER BY indicator, day";
constexpr Sql indicator_values_sql =
    "SELECT indicator, day, value FROM plan_indicator_value WHERE plan = :plan AND indicator = :indicator ORDER BY day";

Facts facts_from(const std::vector<Row>& words, const std::vector<Row>& values) {
  Facts facts;
  for (const Row& row : words) {
    auto& measure = facts.measures[row.text(0)];
    measure.said.push_back({row.text(1), {row.text(2), row.truth(3), base::date_of(row.instant(4))}, row.text(5)});
    measure.reports += static_cast<int>(row.integer(6));
  }
  for (const Row& row : values) {
    if (const auto day = row.maybe_date(1)) facts.indicators[row.text(0)].emplace_back(*day, row.real(2));
  }
  return facts;
}

}  // namespace

bool TrackedMeasure::assigned(const base::UnitId& unit) const {
  const auto is = [&](const Owner& owner) { return owner.unit == unit; };
  return std::ranges::any_of(lead, is) || std::ranges::any_of(responsible, is);
}

const TrackedTask* TrackedPlan::task(int no) const {
  const auto found = std::ranges::find(tasks, no, &TrackedTask::no);
  return found == tasks.end() ? nullptr : &*found;
}

std::pair<const TrackedTask*, const TrackedMeasure*> TrackedPlan::measure(const base::MeasureId& wanted) const {
  for (const TrackedTask& task : tasks) {
    for (const TrackedMeasure& measure : task.measures) {
      if (measure.id == wanted) return {&task, &measure};
    }
  }
  return {nullptr, nullptr};
}

const Facts::OfMeasure& Facts::of(const base::MeasureId& id) const {
  static const OfMeasure nothing;
  const auto found = measures.find(id.value);
  return found == measures.end() ? nothing : found->second;
}

base::Result<PlanHead> plan_head(Session& session, const base::PlanId& id) {
  const auto row = TRY(session.find(head_sql, {{"plan", id}}));
  if (!row) return no_plan();
  return head_from(*row);
}

base::Result<std::vector<PlanHead>> plan_heads(Session& session) {
  std::vector<PlanHead> heads;
  for (const Row& row : TRY(session.query(heads_sql))) heads.push_back(head_from(row));
  return heads;
}

base::Result<std::optional<PlanHead>> current_plan(Session& session, int year) {
  std::optional<PlanHead> best;
  for (const PlanHead& head : TRY(plan_heads(session))) {
    if (head.status != "current") continue;
    // Heads come latest year first: the first one not after `year` wins, else the last one seen.
    best = head;
    if (head.year <= year) break;
  }
  return best;
}

base::Result<TrackedPlan> load_plan(Session& session, const base::PlanId& id) {
  TrackedPlan plan;
  static_cast<PlanHead&>(plan) = TRY(plan_head(session, id));
  const store::Parameters which{{"plan", id}};
  for (const Row& row : TRY(session.query(parts_sql, which))) {
    plan.parts.push_back({static_cast<int>(row.integer(0)), titled(row.text(1), row.text(2))});
  }
  for (const Row& row : TRY(session.query(tasks_sql, which))) plan.tasks.push_back(task_from(row));
  if (auto added = add_measures(session, which, plan); !added) return base::fail(added.error());
  return plan;
}

base::Result<Facts> load_facts(Session& session, const base::PlanId& id) {
  const store::Parameters which{{"plan", id}};
  const auto words = TRY(session.query(words_sql, which));
  const auto values = TRY(session.query(values_sql, which));
  return facts_from(words, values);
}

base::Result<Facts> load_facts(Session& session, const base::PlanId& plan, const TrackedMeasure& measure) {
  std::vector<Row> values;
  if (measure.indicator) {
    values = TRY(session.query(indicator_values_sql, {{"plan", plan}, {"indicator", *measure.indicator}}));
  }
  const auto words = TRY(session.query(measure_words_sql, {{"measure", measure.id}}));
  return facts_from(words, values);
}

base::Result<base::PlanId> plan_of(Session& session, const base::MeasureId& measure) {
  const auto row =
      TRY(session.find("SELECT plan FROM plan_measure WHERE id = :measure AND retired = 0", {{"measure", measure}}));
  if (!row) {
    return base::fail(base::ErrorKind::not_found, "measure_unknown", text("没有这条措施。", "There is no such measure."));
  }
  return row->id<base::PlanId>(0);
}

}  // namespace yihu::plan
