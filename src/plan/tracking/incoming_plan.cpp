#include "plan/tracking/incoming_plan.h"

#include "base/utf8.h"

#include <algorithm>

namespace yihu::plan {
namespace {

constexpr std::size_t title_code_points_max = 40;
constexpr std::size_t short_title_code_points_max = 8;

/// The first clause that says enough by itself, at most `most` characters.
std::string first_clause(const std::string& text, std::size_t most) {
  constexpr std::size_t enough = 6;
  const std::u32string points = base::code_points(text);
  static const std::u32string ends = U"。；;！？\n";
  static const std::u32string pauses = U"，,：:";
  std::size_t cut = std::min(points.size(), most);
  for (std::size_t i = 0; i < points.size() && i <= most; ++i) {
    const bool end = ends.find(points[i]) != ends.npos;
    if (end || (i >= enough && pauses.find(points[i]) != pauses.npos)) {
      cut = i;
      break;
    }
  }
  std::string out = base::utf8(std::u32string_view(points).substr(0, cut));
  if (cut == most && points.size() > most) out += "…";
  return out;
}

/// 落实贫困群众安全饮水 → 贫困群众安全饮水…: a tile holds few characters, and every title begins with the same verbs.
std::string short_title_of(const std::string& title) {
  static constexpr std::string_view openings[] = {"落实", "完善", "强化", "加大", "建立健全", "加快", "持续推进", "持续开展",
                                                  "提升", "激发", "切实解决", "深入", "探索", "继续", "实施", "推进", "做好"};
  std::string rest = title;
  for (const std::string_view opening : openings) {
    if (rest.starts_with(opening) && base::count_code_points(rest) > short_title_code_points_max) {
      rest = rest.substr(opening.size());
      break;
    }
  }
  return first_clause(rest, short_title_code_points_max);
}

Deadline deadline_from(const pack::DeadlineFact& fact) {
  Deadline deadline;
  if (fact.from) deadline.from = base::to_string(*fact.from);
  deadline.by = base::to_string(fact.by);
  return deadline;
}

std::vector<Owner> owners_from_slugs(const std::vector<std::string>& slugs, const area::Directory& units) {
  std::vector<Owner> owners;
  for (const std::string& slug : slugs) {
    if (const area::Unit* unit = units.unit_by_slug(slug)) {
      owners.push_back({unit->name.zh, {}, unit->id});
    } else if (const area::Group* group = units.group(slug)) {
      for (const base::UnitId& member : group->members) owners.push_back({group->name.zh, group->id, member});
      if (group->members.empty()) owners.push_back({group->name.zh, group->id, {}});
    } else {
      owners.push_back({slug, {}, {}});
    }
  }
  return owners;
}

IncomingMeasure measure_from_fact(const pack::MeasureFact& fact, const area::Directory& units) {
  IncomingMeasure measure;
  measure.no = fact.no;
  measure.position = fact.no;
  measure.title = fact.title;
  measure.lead = owners_from_slugs(fact.lead, units);
  measure.responsible = owners_from_slugs(fact.responsible, units);
  for (const auto& deadline : fact.deadlines) measure.deadlines.push_back(deadline_from(deadline));
  for (const auto& recurrence : fact.recurrences) measure.recurrences.push_back({recurrence.per, recurrence.times, {}});
  for (const auto& target : fact.targets) {
    measure.targets.push_back({target.value, target.value_max, target.unit, target.op, target.of.zh});
  }
  measure.indicator = fact.indicator;
  return measure;
}

}  // namespace

std::vector<Owner> owners_of(const std::string& name, const area::Directory& units, const UnitChoices& choices) {
  if (const auto choice = choices.find(name); choice != choices.end()) return {{name, {}, choice->second}};
  const area::Match match = units.resolve(name);
  if (match.unit != nullptr) return {{name, {}, match.unit->id}};
  if (match.group == nullptr) return {{name, {}, {}}};
  std::vector<Owner> members;
  for (const base::UnitId& member : match.group->members) members.push_back({name, match.group->id, member});
  if (members.empty()) members.push_back({name, match.group->id, {}});
  return members;
}

std::vector<Owner> owners_of(const std::vector<std::string>& names, const area::Directory& units,
                             const UnitChoices& choices) {
  std::vector<Owner> all;
  for (const std::string& name : names) {
    for (Owner& owner : owners_of(name, units, choices)) {
      // 区扶贫办 named and 各行业牵头责任单位 with it as a member: it answers once, under the name that came first.
      const bool again = owner.unit && std::ranges::any_of(all, [&](const Owner& o) { return o.unit == owner.unit; });
      if (!again) all.push_back(std::move(owner));
    }
  }
  return all;
}

std::string title_of(const PlanDocument& plan, const Task& task, const Measure& measure) {
  for (const TableTask& row : plan.table) {
    if (row.no != task.no) continue;
    for (const TableMeasure& line : row.measures) {
      // A line that sums up several measures names none of them.
      if (line.answers == std::vector<int>{measure.position} && !line.text.empty()) {
        return first_clause(line.text, title_code_points_max);
      }
    }
  }
  return first_clause(measure.text, title_code_points_max);
}

IncomingPlan plan_from_document(const PlanDocument& document, int year, IncomingDocument source,
                                const area::Directory& units, const UnitChoices& choices) {
  IncomingPlan plan;
  plan.title = {document.title, {}};
  plan.number = document.number;
  plan.issuer = document.issuer;
  plan.year = year;
  if (document.date) {
    if (const auto date = base::parse_date(*document.date)) plan.date = *date;
  }
  plan.document = std::move(source);
  for (const Part& part : document.parts) plan.parts.push_back({part.no, {part.title, {}}});
  for (const Task& task : document.tasks) {
    IncomingTask incoming{task.no, task.part, {task.title, {}}, {short_title_of(task.title), {}}, task.text,
                          task.measures.empty(), task.span, {}};
    for (const Measure& measure : task.measures) {
      incoming.measures.push_back({measure.no, measure.position, {title_of(document, task, measure), {}}, measure.text,
                                   measure.span, owners_of(measure.lead, units, choices),
                                   owners_of(measure.responsible, units, choices), measure.deadlines,
                                   measure.recurrences, measure.targets, {}, false, {}});
    }
    plan.tasks.push_back(std::move(incoming));
  }
  return plan;
}

IncomingPlan plan_from_pack(const pack::PlanFacts& facts, const area::Directory& units) {
  IncomingPlan plan;
  plan.title = facts.title;
  plan.number = facts.number;
  plan.issuer = facts.issuer.zh;
  plan.year = facts.year;
  plan.date = facts.date;
  plan.pack = facts.id;
  for (const pack::PartFact& part : facts.parts) {
    plan.parts.push_back({part.no, part.title});
    for (const pack::TaskFact& task : part.tasks) {
      IncomingTask incoming{task.no, part.no, task.title, task.short_title, {}, task.kind == pack::TaskKind::principle,
                            {}, {}};
      for (const pack::MeasureFact& measure : task.measures) {
        incoming.measures.push_back(measure_from_fact(measure, units));
      }
      plan.tasks.push_back(std::move(incoming));
    }
  }
  return plan;
}

}  // namespace yihu::plan
