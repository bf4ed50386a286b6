#include "plan/tracking/difference.h"

#include "plan/tracking/likeness.h"

#include <algorithm>
#include <map>

namespace yihu::plan {
namespace {

/// A measure of a plan, or a task that has none.
struct Item {
  const Task* task;
  const Measure* measure;
  const std::string& text() const { return measure != nullptr ? measure->text : task->title; }
};

std::vector<Item> items_of(const PlanDocument& plan) {
  std::vector<Item> items;
  for (const Task& task : plan.tasks) {
    if (task.measures.empty()) items.push_back({&task, nullptr});
    for (const Measure& measure : task.measures) items.push_back({&task, &measure});
  }
  return items;
}

/// Task numbers of `before` in terms of `after`, by title; unmatched ones get numbers that match nothing.
std::map<int, int> tasks_matched(const PlanDocument& before, const PlanDocument& after) {
  const auto sentences = [](const PlanDocument& plan) {
    std::vector<Sentence> list;
    for (const Task& task : plan.tasks) list.push_back({Pairs(task.title), 0, task.no});
    return list;
  };
  const auto partner = match(sentences(before), sentences(after));
  std::map<int, int> numbers;
  for (std::size_t i = 0; i < partner.size(); ++i) {
    numbers[before.tasks[i].no] = partner[i] ? after.tasks[*partner[i]].no : -before.tasks[i].no;
  }
  return numbers;
}

bool same(const std::vector<Deadline>& a, const std::vector<Deadline>& b) {
  return std::ranges::equal(a, b, [](const Deadline& x, const Deadline& y) { return x.from == y.from && x.by == y.by; });
}
bool same(const std::vector<Recurrence>& a, const std::vector<Recurrence>& b) {
  return std::ranges::equal(a, b, [](const Recurrence& x, const Recurrence& y) { return x.per == y.per && x.times == y.times; });
}
bool same(const std::vector<Target>& a, const std::vector<Target>& b) {
  return std::ranges::equal(a, b, [](const Target& x, const Target& y) {
    return x.value == y.value && x.value_max == y.value_max && x.unit == y.unit && x.op == y.op;
  });
}
bool same_names(std::vector<std::string> a, std::vector<std::string> b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  return a == b;
}

std::vector<std::string> fields_changed(const Item& a, const Item& b, bool same_task) {
  std::vector<std::string> fields;
  if (likeness(Pairs(a.text()), Pairs(b.text())) < 1) fields.emplace_back("text");
  if (!same_task) fields.emplace_back("task");
  if (a.measure == nullptr || b.measure == nullptr) return fields;
  const Measure& x = *a.measure;
  const Measure& y = *b.measure;
  if (!same_names(x.lead, y.lead)) fields.emplace_back("lead");
  if (!same_names(x.responsible, y.responsible)) fields.emplace_back("responsible");
  if (!same(x.deadlines, y.deadlines)) fields.emplace_back("deadlines");
  if (!same(x.recurrences, y.recurrences)) fields.emplace_back("recurrences");
  if (!same(x.targets, y.targets)) fields.emplace_back("targets");
  return fields;
}

}  // namespace

std::vector<Difference> difference(const PlanDocument& before, const PlanDocument& after) {
  const std::vector<Item> olds = items_of(before);
  const std::vector<Item> news = items_of(after);
  std::map<int, int> task_numbers = tasks_matched(before, after);
  const auto sentences = [](const std::vector<Item>& items, auto group) {
    std::vector<Sentence> list;
    for (const Item& item : items) {
      list.push_back({Pairs(item.text()), group(item.task->no), item.measure != nullptr ? item.measure->position : 0});
    }
    return list;
  };
  const auto partner = match(sentences(news, [](int no) { return no; }),
                             sentences(olds, [&](int no) { return task_numbers[no]; }));

  std::vector<bool> kept(olds.size(), false);
  std::vector<Difference> all;
  for (std::size_t i = 0; i < news.size(); ++i) {
    const Item& item = news[i];
    Difference one{DifferenceKind::added, 0, item.task->no, item.task->title, {}, item.text(), {}};
    if (partner[i]) {
      const Item& old = olds[*partner[i]];
      kept[*partner[i]] = true;
      one.before = old.text();
      one.task_before = old.task->no;
      one.fields = fields_changed(old, item, task_numbers[old.task->no] == item.task->no);
      one.kind = one.fields.empty() ? DifferenceKind::same : DifferenceKind::changed;
    }
    all.push_back(std::move(one));
  }
  for (std::size_t i = 0; i < olds.size(); ++i) {
    if (kept[i]) continue;
    const Item& old = olds[i];
    const int now = std::max(0, task_numbers[old.task->no]);
    Difference one{DifferenceKind::removed, old.task->no, now, old.task->title, old.text(), {}, {}};
    // After the last line of the task it stood in, so that a reader finds it in its place.
    auto place = std::find_if(all.rbegin(), all.rend(), [&](const Difference& other) {
      return now > 0 ? other.task_after == now : other.task_before != 0 && other.task_before <= old.task->no;
    });
    all.insert(place.base(), std::move(one));
  }
  return all;
}

}  // namespace yihu::plan
