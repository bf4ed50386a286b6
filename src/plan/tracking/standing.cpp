#include "plan/tracking/standing.h"

#include <algorithm>

namespace yihu::plan {
namespace {

using base::Date;

std::vector<Debtor> debtors_of(const std::vector<Owner>& owners, const std::vector<Debtor>& but,
                               const area::Directory& units) {
  std::vector<Debtor> debtors;
  for (const Owner& owner : owners) {
    if (!owner.unit) continue;
    const auto is = [&](const Debtor& debtor) { return debtor.unit == owner.unit->value; };
    if (std::ranges::any_of(debtors, is) || std::ranges::any_of(but, is)) continue;
    const area::Unit* unit = units.unit(*owner.unit);
    debtors.push_back({owner.unit->value, unit == nullptr ? base::Text{owner.name, owner.name} : unit->short_name});
  }
  return debtors;
}

/// Where the year's work begins: the document's day, or the first of January.
Date beginning_of(const TrackedPlan& plan) {
  return plan.date && static_cast<int>(plan.date->year()) == plan.year ? *plan.date : base::make_date(plan.year, 1, 1);
}

/// The indicator's own due day: the measure's last deadline, else the end of the year.
Date last_due(const TrackedPlan& plan, const TrackedMeasure& measure) {
  Date last = end_of(plan.plan_year());
  for (const TrackedOccurrence& one : measure.occurrences) {
    if (one.key.starts_with("by:")) last = one.due;
  }
  return last;
}

std::optional<Measured> measured(const TrackedPlan& plan, const TrackedMeasure& measure, const Facts& facts) {
  // Without a figure to reach, an indicator tells a trend but not whether it is enough.
  if (!measure.indicator || measure.targets.empty()) return {};
  Measured out{{}, measure.targets.front(), beginning_of(plan), last_due(plan, measure)};
  if (const auto series = facts.indicators.find(*measure.indicator); series != facts.indicators.end()) {
    out.series = series->second;
  }
  return out;
}

}  // namespace

std::string number_of(const TrackedTask& task, const TrackedMeasure& measure) {
  return fmt::format("{}.{}", task.no, measure.position);
}

Duty duty_of(const TrackedPlan& plan, const TrackedMeasure& measure, const TrackedOccurrence* occurrence,
             const Facts::OfMeasure& said, const area::Directory& units) {
  Duty duty;
  duty.due = end_of(plan.plan_year());
  std::string id;
  if (occurrence != nullptr) {
    duty.from = occurrence->from;
    duty.due = occurrence->due;
    duty.before_document = occurrence->before_document;
    id = occurrence->id.value;
  }
  duty.lead = debtors_of(measure.lead, {}, units);
  duty.responsible = debtors_of(measure.responsible, duty.lead, units);
  for (const Facts::Said& one : said.said) {
    if (one.occurrence == id) duty.words.push_back(one.word);
  }
  return duty;
}

MeasureStanding standing_of(const TrackedPlan& plan, const TrackedTask& task, const TrackedMeasure& measure,
                            const Facts& facts, const area::Directory& units, Date today) {
  MeasureStanding standing{&task, &measure, {}, {}, {}, false, 0};
  const Facts::OfMeasure& said = facts.of(measure.id);
  standing.reports = said.reports;
  Duty duty = duty_of(plan, measure, nullptr, said, units);
  standing.answerable = !duty.lead.empty() || !duty.responsible.empty();

  std::vector<Member> members;
  for (const TrackedOccurrence& occurrence : measure.occurrences) {
    // The same debtors owe every occurrence; copying them for each would be most of the work of a board.
    duty.from = occurrence.from;
    duty.due = occurrence.due;
    duty.before_document = occurrence.before_document;
    duty.words.clear();
    for (const Facts::Said& word : said.said) {
      if (word.occurrence == occurrence.id.value) duty.words.push_back(word.word);
    }
    members.push_back({occurrence.label, verdict_of(duty, today)});
    standing.occurrences.push_back(members.back().verdict);
    const State state = members.back().verdict.state;
    // What lies before the document is due on no day to come.
    if (!standing.next_due && state != State::done && !occurrence.before_document) standing.next_due = occurrence.due;
  }
  if (const auto series = measured(plan, measure, facts)) {
    standing.verdict = verdict_of(*series, today);
    if (standing.verdict.state == State::done) standing.next_due.reset();
    else if (!standing.next_due) standing.next_due = series->due;
  } else if (!members.empty()) {
    standing.verdict = verdict_of(members);
  } else {
    standing.verdict = verdict_of_undated(duty, beginning_of(plan), today);
    if (standing.verdict.state != State::done) standing.next_due = duty.due;
  }
  return standing;
}

std::vector<TaskStanding> standings_of(const TrackedPlan& plan, const Facts& facts, const area::Directory& units,
                                       Date today) {
  std::vector<TaskStanding> all;
  all.reserve(plan.tasks.size());
  for (const TrackedTask& task : plan.tasks) {
    TaskStanding standing{&task, {}, {}, 0, {}};
    std::vector<Member> members;
    for (const TrackedMeasure& measure : task.measures) {
      MeasureStanding one = standing_of(plan, task, measure, facts, units, today);
      const std::string number = number_of(task, measure);
      members.push_back({{number, number}, one.verdict});
      standing.done += one.verdict.state == State::done;
      if (one.next_due && (!standing.next_due || *one.next_due < *standing.next_due)) standing.next_due = one.next_due;
      standing.measures.push_back(std::move(one));
    }
    if (!members.empty() && !task.principle) standing.verdict = verdict_of(members);
    all.push_back(std::move(standing));
  }
  return all;
}

std::vector<OpenDuty> open_duties(const TrackedPlan& plan, const std::vector<TaskStanding>& standings, Date until) {
  std::vector<OpenDuty> open;
  const Date end = end_of(plan.plan_year());
  for (const TaskStanding& task : standings) {
    if (task.task->principle) continue;
    for (const MeasureStanding& standing : task.measures) {
      const auto& occurrences = standing.measure->occurrences;
      for (std::size_t i = 0; i < occurrences.size(); ++i) {
        if (occurrences[i].due > until || standing.occurrences[i].state == State::done) continue;
        open.push_back({&standing, &occurrences[i], standing.occurrences[i], occurrences[i].due});
      }
      if (occurrences.empty() && standing.verdict.state != State::done && end <= until) {
        open.push_back({&standing, nullptr, standing.verdict, end});
      }
    }
  }
  const auto rank = [](const OpenDuty& duty) {
    if (duty.verdict.state == State::late) return 0;
    return duty.verdict.state == State::unknown ? 2 : 1;
  };
  std::ranges::stable_sort(open, [&](const OpenDuty& a, const OpenDuty& b) {
    return rank(a) != rank(b) ? rank(a) < rank(b) : a.due < b.due;
  });
  return open;
}

}  // namespace yihu::plan
