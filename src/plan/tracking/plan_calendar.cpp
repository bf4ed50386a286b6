#include "plan/tracking/plan_calendar.h"

#include <algorithm>

namespace yihu::plan {
namespace {

using base::text;

std::string names_of(const std::vector<Owner>& owners, const area::Directory& units, base::Language language) {
  std::string list;
  std::set<std::string> seen;
  for (const Owner& owner : owners) {
    const area::Unit* unit = owner.unit && owner.via.empty() ? units.unit(*owner.unit) : nullptr;
    const std::string name = unit == nullptr ? owner.name : unit->short_name.in(language);
    if (!seen.insert(name).second) continue;
    if (!list.empty()) list += language == base::Language::zh ? "、" : ", ";
    list += name;
  }
  return list;
}

base::Text word_for(State state) {
  switch (state) {
    case State::done: return {"已办结", "done"};
    case State::on_course: return {"正常", "on course"};
    case State::at_risk: return {"有风险", "at risk"};
    case State::late: return {"逾期", "late"};
    case State::unknown: return {"情况不明", "not yet known"};
  }
  return {};
}

std::string described(const MeasureStanding& standing, State state, const area::Directory& units, base::Language language) {
  const TrackedMeasure& measure = *standing.measure;
  std::string out = text("状态：{0}\n任务：{2}", "State: {1}\nTask: {3}", word_for(state).zh, word_for(state).en,
                         standing.task->title.zh, standing.task->title.en)
                        .in(language);
  if (const std::string lead = names_of(measure.lead, units, language); !lead.empty()) {
    out += text("\n牵头单位：{}", "\nLead: {}", lead).in(language);
  }
  if (const std::string helps = names_of(measure.responsible, units, language); !helps.empty()) {
    out += text("\n责任单位：{}", "\nResponsible: {}", helps).in(language);
  }
  return out;
}

}  // namespace

Calendar calendar_of(const TrackedPlan& plan, const Facts& facts, const area::Directory& units,
                     const std::vector<base::UnitId>& units_wanted, base::Date today, base::Instant stamp,
                     base::Language language) {
  Calendar calendar;
  calendar.name = plan.title.in(language);
  if (units_wanted.size() == 1) {
    if (const area::Unit* unit = units.unit(units_wanted.front())) calendar.name = unit->short_name.in(language) + " · " + calendar.name;
  }
  for (const TaskStanding& task : standings_of(plan, facts, units, today)) {
    for (const MeasureStanding& standing : task.measures) {
      const TrackedMeasure& measure = *standing.measure;
      if (!std::ranges::any_of(units_wanted, [&](const base::UnitId& unit) { return measure.assigned(unit); })) continue;
      const auto add = [&](const std::string& id, base::Date day, const std::string& label, State state) {
        CalendarEvent event;
        event.uid = id + "@yihu";
        event.day = day;
        event.summary = fmt::format("{}{} {}{}{}", state == State::done ? "✓ " : "", number_of(*task.task, measure),
                                    measure.title.in(language), label.empty() ? "" : " · ", label);
        event.description = described(standing, state, units, language);
        event.categories = {task.task->short_title.in(language)};
        event.stamp = stamp;
        event.sequence = measure.version;
        calendar.events.push_back(std::move(event));
      };
      for (std::size_t i = 0; i < measure.occurrences.size(); ++i) {
        const TrackedOccurrence& one = measure.occurrences[i];
        add(one.id.value, one.due, one.label.in(language), standing.occurrences[i].state);
      }
      if (measure.occurrences.empty()) add(measure.id.value, end_of(plan.plan_year()), {}, standing.verdict.state);
    }
  }
  return calendar;
}

}  // namespace yihu::plan
