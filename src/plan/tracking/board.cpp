#include "plan/tracking/board.h"

#include <algorithm>

namespace yihu::plan {
namespace {

using base::Date;
using base::text;

void count(State state, Figures& figures) {
  ++figures.measures;
  switch (state) {
    case State::done: ++figures.done; break;
    case State::on_course: ++figures.on_course; break;
    case State::at_risk: ++figures.at_risk; break;
    case State::late: ++figures.late; break;
    case State::unknown: ++figures.unknown; break;
  }
}

/// Leads of all measures of a task, each once, in the order they first appear; without any, who is responsible.
std::vector<UnitName> leads_of(const TrackedTask& task, const area::Directory& units) {
  std::vector<UnitName> leads;
  const auto add = [&](const std::vector<Owner>& owners) {
    for (UnitName& name : unit_names(owners, units)) {
      if (std::ranges::find(leads, name.id, &UnitName::id) == leads.end()) leads.push_back(std::move(name));
    }
  };
  for (const TrackedMeasure& measure : task.measures) add(measure.lead);
  return leads;
}

base::Text principle_reason() { return text("总体要求，不单独跟踪", "a general requirement; nothing to track by itself"); }

Tile tile_of(const TaskStanding& standing, const area::Directory& units) {
  const TrackedTask& task = *standing.task;
  Tile tile;
  tile.id = task.id;
  tile.no = task.no;
  tile.title = task.title;
  tile.short_title = task.short_title;
  tile.kind = task.principle ? "principle" : "tracked";
  tile.measures = static_cast<int>(task.measures.size());
  tile.done = standing.done;
  tile.lead = leads_of(task, units);
  tile.next_due = standing.next_due;
  if (standing.verdict) {
    tile.progress = standing.verdict->progress;
    tile.state = standing.verdict->state;
    tile.reason = standing.verdict->reason;
  } else {
    tile.reason = principle_reason();
  }
  return tile;
}

}  // namespace

PlanLine plan_line(const PlanHead& plan) {
  return {plan.id, plan.title, plan.number, plan.issuer, plan.year, plan.date, plan.origin, plan.status};
}

UnitName unit_name(const area::Unit& unit) { return {unit.id, unit.name, unit.short_name}; }

std::vector<UnitName> unit_names(const std::vector<Owner>& owners, const area::Directory& units) {
  std::vector<UnitName> names;
  for (const Owner& owner : owners) {
    const area::Unit* unit = owner.unit ? units.unit(*owner.unit) : nullptr;
    if (unit == nullptr || std::ranges::find(names, unit->id, &UnitName::id) != names.end()) continue;
    names.push_back(unit_name(*unit));
  }
  return names;
}

MeasureSummary summary_of(const MeasureStanding& standing, const area::Directory& units) {
  const TrackedMeasure& measure = *standing.measure;
  MeasureSummary summary;
  summary.id = measure.id;
  summary.task_no = standing.task->no;
  summary.no = measure.no;
  summary.position = measure.position;
  summary.title = measure.title;
  summary.text = measure.text.empty() ? measure.title.zh : measure.text;
  summary.lead = unit_names(measure.lead, units);
  summary.responsible = unit_names(measure.responsible, units);
  for (const auto* owners : {&measure.lead, &measure.responsible}) {
    for (const Owner& owner : *owners) {
      if (owner.unit && owner.via.empty()) continue;
      if (std::ranges::find(summary.groups, owner.name) == summary.groups.end()) summary.groups.push_back(owner.name);
    }
  }
  summary.state = standing.verdict.state;
  summary.reason = standing.verdict.reason;
  summary.progress = standing.verdict.progress;
  summary.next_due = standing.next_due;
  summary.reports = standing.reports;
  return summary;
}

FallingDue falling_due(const OpenDuty& duty, const area::Directory& units, Date today) {
  const TrackedMeasure& measure = *duty.standing->measure;
  FallingDue due;
  if (duty.occurrence != nullptr) due.occurrence_id = duty.occurrence->id;
  due.measure_id = measure.id;
  due.task_no = duty.standing->task->no;
  due.measure_no = measure.no;
  due.position = measure.position;
  due.title = measure.title;
  due.label = duty.occurrence != nullptr ? duty.occurrence->label : text("年内", "within the year");
  due.due = duty.due;
  due.days_left = base::days_between(today, duty.due);
  due.state = duty.verdict.state;
  due.reason = duty.verdict.reason;
  due.units = unit_names(measure.lead.empty() ? measure.responsible : measure.lead, units);
  return due;
}

Board board_of(const TrackedPlan& plan, const Facts& facts, const area::Directory& units, Date today) {
  Board board;
  static_cast<PlanLine&>(board.plan) = plan_line(plan);
  board.plan.has_document = plan.has_document;
  board.as_of = today;
  const auto standings = standings_of(plan, facts, units, today);
  for (const TrackedPart& part : plan.parts) board.parts.push_back({part.no, part.title, {}});
  for (const TaskStanding& standing : standings) {
    if (!standing.task->principle) {
      for (const MeasureStanding& measure : standing.measures) count(measure.verdict.state, board.figures);
    }
    auto part = std::ranges::find(board.parts, standing.task->part, &BoardPart::no);
    // A document without parts still shows its tasks, in one row without a name.
    if (part == board.parts.end()) part = board.parts.insert(part, {standing.task->part, {}, {}});
    part->tasks.push_back(tile_of(standing, units));
  }
  for (const OpenDuty& duty : open_duties(plan, standings, base::plus_days(today, falling_due_days))) {
    if (duty.due < today) continue;
    if (board.falling_due.size() == falling_due_max) break;
    board.falling_due.push_back(falling_due(duty, units, today));
  }
  return board;
}

std::vector<MeasureSummary> measures_in(const TrackedPlan& plan, std::optional<State> state, const Facts& facts,
                                        const area::Directory& units, Date today) {
  std::vector<MeasureSummary> out;
  for (const TaskStanding& task : standings_of(plan, facts, units, today)) {
    for (const MeasureStanding& standing : task.measures) {
      if (!state || standing.verdict.state == *state) out.push_back(summary_of(standing, units));
    }
  }
  return out;
}

std::optional<TaskView> task_view(const TrackedPlan& plan, int no, const Facts& facts, const area::Directory& units,
                                  Date today) {
  const TrackedTask* task = plan.task(no);
  if (task == nullptr) return {};
  TaskView view;
  view.plan_id = plan.id;
  view.id = task->id;
  view.no = task->no;
  view.title = task->title;
  view.short_title = task->short_title;
  view.part.no = task->part;
  for (const TrackedPart& part : plan.parts) {
    if (part.no == task->part) view.part.title = part.title;
  }
  view.text = task->text;
  view.kind = task->principle ? "principle" : "tracked";
  std::vector<Member> members;
  for (const TrackedMeasure& measure : task->measures) {
    const MeasureStanding standing = standing_of(plan, *task, measure, facts, units, today);
    const std::string number = number_of(*task, measure);
    members.push_back({{number, number}, standing.verdict});
    view.measures.push_back(summary_of(standing, units));
  }
  if (members.empty() || task->principle) {
    view.reason = principle_reason();
    return view;
  }
  const Verdict verdict = verdict_of(members);
  view.state = verdict.state;
  view.reason = verdict.reason;
  view.progress = verdict.progress;
  return view;
}

bool owes(const TrackedPlan& plan, const OpenDuty& duty, const base::UnitId& unit, const Facts& facts,
          const area::Directory& units) {
  // Where an indicator tells how far it is, nobody's word is wanted.
  if (duty.standing->measure->indicator && !duty.standing->measure->targets.empty()) return false;
  const Duty asked =
      duty_of(plan, *duty.standing->measure, duty.occurrence, facts.of(duty.standing->measure->id), units);
  const auto is = [&](const Debtor& debtor) { return debtor.unit == unit.value; };
  if (!std::ranges::any_of(asked.lead, is) && !std::ranges::any_of(asked.responsible, is)) return false;
  return std::ranges::none_of(asked.words, [&](const Word& word) { return word.unit == unit.value && word.done; });
}

Workbench workbench_of(const TrackedPlan& plan, const area::Unit& unit, const Facts& facts, const area::Directory& units,
                       Date today) {
  Workbench bench;
  bench.unit = unit_name(unit);
  bench.plan_id = plan.id;
  bench.as_of = today;
  const auto standings = standings_of(plan, facts, units, today);
  for (const TaskStanding& task : standings) {
    for (const MeasureStanding& standing : task.measures) {
      if (!standing.measure->assigned(unit.id)) continue;
      const bool leads = std::ranges::any_of(standing.measure->lead, [&](const Owner& o) { return o.unit == unit.id; });
      (leads ? bench.leading : bench.responsible).push_back(summary_of(standing, units));
      count(standing.verdict.state, bench.figures);
    }
  }
  for (const OpenDuty& duty : open_duties(plan, standings, base::plus_days(today, falling_due_days))) {
    if (bench.due.size() == falling_due_max) break;
    if (owes(plan, duty, unit.id, facts, units)) bench.due.push_back(falling_due(duty, units, today));
  }
  return bench;
}

}  // namespace yihu::plan
