#include "plan/reading/difference.h"

#include "base/chinese_number.h"
#include "plan/reading/alignment.h"
#include "plan/reading/characters.h"
#include "plan/reading/unit_name.h"

#include <algorithm>
#include <map>
#include <set>

namespace yihu::plan {
namespace {

constexpr double same_title_at_least = 0.3;
constexpr double same_title_elsewhere_at_least = 0.6;
constexpr std::size_t searched_tasks_max = 300;

using Names = std::vector<std::string>;

std::u32string points(const std::string& text) { return base::code_points(text); }

std::string joined(const Names& names) { return names.empty() ? "无" : fmt::format("{}", fmt::join(names, "、")); }
std::string joined_numbers(const std::vector<int>& numbers) { return fmt::format("{}", fmt::join(numbers, "、")); }

double title_likeness(const std::string& left, const std::string& right) {
  return likeness(pairs_of(points(left)), pairs_of(points(right)));
}

/// The body's task that a table's task repeats: the one with its number if their titles agree, else the most alike.
Task* task_for(PlanDocument& plan, const TableTask& row, std::size_t row_index, const std::multimap<int, std::size_t>& numbered, std::set<int>& used) {
  Task* best = nullptr;
  double most = same_title_elsewhere_at_least;
  const auto offer = [&](Task& task, double at_least) {
    if (used.contains(task.position)) return;
    const double alike = title_likeness(task.title, row.title);
    if (alike < at_least) return;
    best = &task;
    most = alike;
  };
  const auto [first, last] = numbered.equal_range(row.no);
  std::size_t looked = 0;
  for (auto place = first; place != last && row.no > 0 && !best && looked < searched_tasks_max; ++place, ++looked) {
    offer(plan.tasks[place->second], same_title_at_least);
  }
  if (!best && plan.tasks.size() <= searched_tasks_max) {
    for (auto& task : plan.tasks) offer(task, most);
  }
  // A table without task titles can only answer by place.
  if (!best && row.title.empty() && row_index < plan.tasks.size() && !used.contains(plan.tasks[row_index].position)) best = &plan.tasks[row_index];
  if (best) used.insert(best->position);
  return best;
}

/// What the two lists of one measure disagree in.
struct Disagreement {
  Names only_body_lead, only_body_responsible, only_table_lead, only_table_responsible;
  std::vector<std::pair<std::string, std::string>> spelled;  ///< body's and table's name of one unit

  bool owners() const {
    return !(only_body_lead.empty() && only_body_responsible.empty() && only_table_lead.empty() && only_table_responsible.empty());
  }
  auto operator<=>(const Disagreement&) const = default;
};

/// Takes equal names off both lists, then names that differ by a word.
void settle(Names& body, Names& table, Disagreement& found) {
  const auto take = [&](auto same, bool spelled) {
    for (std::size_t i = 0; i < body.size();) {
      const auto other = std::ranges::find_if(table, [&](const std::string& name) { return same(body[i], name); });
      if (other == table.end()) {
        ++i;
        continue;
      }
      if (spelled) found.spelled.emplace_back(body[i], *other);
      table.erase(other);
      body.erase(body.begin() + static_cast<std::ptrdiff_t>(i));
    }
  };
  take([](const std::string& left, const std::string& right) { return plain_name(left) == plain_name(right); }, false);
  take([](const std::string& left, const std::string& right) { return differ_by_a_word(left, right); }, true);
}

Names together(Names first, const Names& second) {
  for (const auto& name : second) {
    if (std::ranges::find(first, name) == first.end()) first.push_back(name);
  }
  return first;
}

Disagreement disagreement(const Measure& body, const TableMeasure& table) {
  Disagreement found;
  // One cell for both columns does not say who leads, so only the units are compared.
  if (table.roles_unclear) {
    auto ours = together(body.lead, body.responsible);
    auto theirs = together(table.lead, table.responsible);
    settle(ours, theirs, found);
    found.only_body_responsible = std::move(ours);
    found.only_table_responsible = std::move(theirs);
    return found;
  }
  found.only_body_lead = body.lead;
  found.only_table_lead = table.lead;
  settle(found.only_body_lead, found.only_table_lead, found);
  found.only_body_responsible = body.responsible;
  found.only_table_responsible = table.responsible;
  settle(found.only_body_responsible, found.only_table_responsible, found);
  return found;
}

std::string of_role(const Names& lead, const Names& responsible, std::string_view lead_word, std::string_view responsible_word) {
  std::string out;
  if (!lead.empty()) out += fmt::format("{}{}", lead_word, joined(lead));
  if (!responsible.empty()) out += fmt::format("{}{}{}", out.empty() ? "" : "，", responsible_word, joined(responsible));
  return out.empty() ? "无" : out;
}

class Comparison {
 public:
  Comparison(PlanDocument& plan, Task& task, TableTask& row) : plan_(plan), task_(task), row_(row) {}

  void run() {
    compare_title();
    align();
    compare_measures();
    compare_owners();
  }

 private:
  /// 第3项 or 第1、2、5项; empty for the whole task.
  std::string items(const std::vector<int>& positions) const {
    return positions.size() == task_.measures.size() ? "" : fmt::format("第{}项", joined_numbers(positions));
  }
  std::string items_en(const std::vector<int>& positions) const {
    return positions.size() == task_.measures.size() ? "" : fmt::format(", measure {}", joined_numbers(positions));
  }

  void warn(std::string code, std::optional<int> measure, base::Text text, std::optional<base::Span> span) {
    plan_.warnings.push_back({std::move(code), task_.no, measure, std::move(text), span, task_.position});
  }

  void compare_title() {
    if (row_.title.empty() || plain_name(row_.title) == plain_name(task_.title)) return;
    warn("title_differs", std::nullopt, base::text("正文标题“{}”，速览表写作“{}”。", "The text's title “{}” reads “{}” in the table.", task_.title, row_.title), row_.span);
  }

  void align() {
    std::vector<std::u32string> left, right;
    for (const auto& measure : task_.measures) left.push_back(points(measure.text));
    for (const auto& measure : row_.measures) right.push_back(points(measure.text));
    const auto answers = aligned(left, right);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      for (const auto index : answers[i]) row_.measures[i].answers.push_back(static_cast<int>(index) + 1);
    }
  }

  void compare_measures() {
    if (task_.measures.size() != row_.measures.size()) {
      warn("measures_differ", std::nullopt,
           base::text("正文有{}条措施，速览表有{}条。", "The text has {} measures, the table {}.", task_.measures.size(), row_.measures.size()), task_.span);
    }
    std::set<int> answered;
    for (const auto& measure : row_.measures) {
      answered.insert(measure.answers.begin(), measure.answers.end());
      if (!measure.answers.empty()) continue;
      warn("measure_only_in_table", std::nullopt, base::text("速览表第{}条在正文里没有找到。", "Measure {} of the table was not found in the text.", measure.position), measure.span);
    }
    for (const auto& measure : task_.measures) {
      if (answered.contains(measure.position)) continue;
      warn("measure_only_in_body", measure.position, base::text("正文第{}项在速览表里没有找到。", "Measure {} of the text was not found in the table.", measure.position), measure.span);
    }
  }

  /// Measures that disagree in the same way are one warning.
  void compare_owners() {
    std::map<Disagreement, std::pair<std::vector<int>, base::Span>> owners;
    std::map<std::pair<std::string, std::string>, std::pair<std::vector<int>, base::Span>> spelled;
    for (const auto& row : row_.measures) {
      for (const int position : row.answers) {
        const auto& body = task_.measures[static_cast<std::size_t>(position) - 1];
        auto found = disagreement(body, row);
        for (const auto& names : found.spelled) add(spelled[names], position, body);
        found.spelled.clear();
        if (found.owners()) add(owners[found], position, body);
      }
    }
    for (const auto& [found, where] : owners) warn_owners(found, where.first, where.second);
    for (const auto& [names, where] : spelled) {
      warn("unit_name_differs", measure_of(where.first),
           base::text("{0}单位名称写法不一：正文“{2}”，速览表“{3}”。", "One unit is spelled in two ways{1}: “{2}” in the text, “{3}” in the table.", items(where.first),
                      items_en(where.first), names.first, names.second),
           where.second);
    }
  }

  static void add(std::pair<std::vector<int>, base::Span>& where, int position, const Measure& body) {
    if (where.first.empty()) where.second = body.owners_span.value_or(body.span);
    if (where.first.empty() || where.first.back() != position) where.first.push_back(position);
  }

  std::optional<int> measure_of(const std::vector<int>& positions) const {
    if (positions.size() == task_.measures.size() && positions.size() > 1) return std::nullopt;
    return positions.front();
  }

  void warn_owners(const Disagreement& found, const std::vector<int>& positions, base::Span span) {
    const auto body = of_role(found.only_body_lead, found.only_body_responsible, "牵头", "责任");
    const auto table = of_role(found.only_table_lead, found.only_table_responsible, "牵头", "责任");
    warn("owners_differ", measure_of(positions),
         base::text("{0}单位不一致：只在正文的是{2}；只在速览表的是{3}。", "The units differ{1}: only in the text: {2}; only in the table: {3}.", items(positions), items_en(positions), body, table),
         span);
  }

  PlanDocument& plan_;
  Task& task_;
  TableTask& row_;
};

void compare_parts(PlanDocument& plan, const std::vector<Part>& table_parts) {
  for (const auto& row : table_parts) {
    const auto part = std::ranges::find(plan.parts, row.no, &Part::no);
    if (row.no == 0 || part == plan.parts.end() || plain_name(part->title) == plain_name(row.title)) continue;
    plan.warnings.push_back({"title_differs", std::nullopt, std::nullopt,
                             base::text("第{}部分正文标题“{}”，速览表写作“{}”。", "Part {}: the text's title “{}” reads “{}” in the table.", row.no, part->title, row.title),
                             row.span});
  }
}

}  // namespace

void compare_table(PlanDocument& plan, const std::vector<Part>& table_parts) {
  if (plan.table.empty() || plan.tasks.empty()) return;
  compare_parts(plan, table_parts);
  std::multimap<int, std::size_t> numbered;
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) numbered.emplace(plan.tasks[i].no, i);
  std::set<int> used;
  std::set<int> compared;
  for (std::size_t i = 0; i < plan.table.size(); ++i) {
    auto& row = plan.table[i];
    Task* task = task_for(plan, row, i, numbered, used);
    if (!task) {
      plan.warnings.push_back({"task_only_in_table", std::nullopt, std::nullopt,
                               base::text("速览表里的任务“{}”在正文里没有找到。", "The table's task “{}” was not found in the text.", row.title), row.span});
      continue;
    }
    row.position = task->position;
    compared.insert(task->position);
    Comparison(plan, *task, row).run();
  }
  // The table's own warnings know the task's number; its position shows only now.
  std::map<int, int> positions;
  for (const auto& row : plan.table) positions.try_emplace(row.no, row.position);
  for (auto& warning : plan.warnings) {
    const auto found = warning.task && !warning.position ? positions.find(*warning.task) : positions.end();
    if (found != positions.end() && found->second > 0) warning.position = found->second;
  }
  for (const auto& task : plan.tasks) {
    if (compared.contains(task.position) || task.measures.empty()) continue;
    plan.warnings.push_back({"task_only_in_body", task.no, std::nullopt,
                             base::text("任务“{}”在速览表里没有找到。", "Task “{}” was not found in the table.", task.title), task.span, task.position});
  }
}

}  // namespace yihu::plan
