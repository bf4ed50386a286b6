#include "pack/loading.h"

#include <algorithm>
#include <set>

namespace yihu::pack {
namespace {

template <class T>
std::vector<std::string_view> ids_of(const std::vector<T>& all) {
  std::vector<std::string_view> out;
  for (const T& one : all) out.push_back(one.id);
  return out;
}

/// What may be named by one kind of reference, and what to say of a name that is not there.
struct Known {
  std::vector<std::string_view> names;
  std::set<std::string_view> set;
  const char* zh;
  const char* en;

  Known(std::vector<std::string_view> all, const char* in_chinese, const char* in_english)
      : names(std::move(all)), set(names.begin(), names.end()), zh(in_chinese), en(in_english) {}
};

void check_defined(Loading& loading) {
  auto owners = ids_of(loading.pack.units);
  for (const Group& group : loading.pack.groups) owners.push_back(group.id);
  const std::map<Named, Known> known = {
      {Named::unit, {ids_of(loading.pack.units), "单位", "unit"}},
      {Named::unit_or_group, {std::move(owners), "单位或单位组", "unit or group"}},
      {Named::code_list, {ids_of(loading.pack.codes), "取值表", "list of codes"}},
      {Named::ledger, {ids_of(loading.pack.ledgers), "台账", "ledger"}},
      {Named::rule, {ids_of(loading.pack.rules), "规则", "rule"}},
      {Named::indicator, {ids_of(loading.pack.indicators), "指标", "indicator"}},
  };
  for (const Reference& reference : loading.references) {
    const Known& of = known.at(reference.what);
    if (of.set.contains(reference.id)) continue;
    loading.mistakes.add(reference.place, reference.what <= Named::unit_or_group ? "pack_unit_unknown" : "pack_name_unknown",
                         base::text("没有编号为“{0}”的{1}。", "No {2} has the id \"{0}\".", reference.id, of.zh, of.en),
                         suggestion(reference.id, of.names));
  }
}

/// An indicator or a goal feeds a measure of the plan, so the measure must be there.
void check_measures(Loading& loading) {
  if (loading.pack.plans.empty()) return;  // a lower layer alone has no plan; the district's has
  for (const MeasureReference& reference : loading.measures) {
    const bool there = std::ranges::any_of(loading.pack.plans, [&](const PlanFacts& plan) {
      return std::ranges::any_of(plan.parts, [&](const PartFact& part) {
        return std::ranges::any_of(part.tasks, [&](const TaskFact& task) {
          return task.no == reference.name.task &&
                 std::ranges::any_of(task.measures, [&](const MeasureFact& one) { return one.no == reference.name.measure; });
        });
      });
    });
    if (there) continue;
    loading.mistakes.add(reference.place, "pack_measure_unknown",
                         base::text("工作要点第 {} 项任务没有第 {} 条措施。", "Task {} of the plan has no measure {}.", reference.name.task,
                                    reference.name.measure));
  }
}

void check_parents(Loading& loading) {
  std::map<std::string_view, const Unit*> by_id;
  for (const Unit& unit : loading.pack.units) by_id[unit.id] = &unit;
  for (const Unit& unit : loading.pack.units) {
    const Unit* above = &unit;
    for (std::size_t steps = 0; above->parent; ++steps) {
      const auto found = by_id.find(*above->parent);
      if (found == by_id.end()) break;
      above = found->second;
      if (above == &unit || steps > by_id.size()) {
        if (above != &unit) break;
        loading.mistakes.add(unit.place, "pack_parent_circle",
                             base::text("“{}”的上级单位绕回了它自己。", "The parents of \"{}\" lead back to itself.", unit.id));
        break;
      }
    }
  }
}

/// A name that two units answer to could not be resolved when a document uses it.
void check_names(Loading& loading) {
  struct Owner {
    std::string id;
    std::string written;
  };
  std::map<std::string, Owner> owners;
  const auto take = [&](const std::string& id, const std::string& name, const base::Place& place) {
    const auto [at, added] = owners.emplace(name_key(name), Owner{id, name});
    if (added || at->second.id == id) return;
    loading.mistakes.add(place, "pack_name_shared",
                         base::text("“{}”既是“{}”的名称，也是“{}”的名称。", "\"{}\" names both \"{}\" and \"{}\".", name,
                                    at->second.id, id),
                         base::text("请让每个名称只指一个。", "Let each name mean one of them."));
  };
  for (const Unit& unit : loading.pack.units) {
    for (const std::string* name : {&unit.name.zh, &unit.short_name.zh}) take(unit.id, *name, unit.place);
    for (const std::string& alias : unit.aliases) take(unit.id, alias, unit.place);
  }
  for (const Group& group : loading.pack.groups) {
    take(group.id, group.name.zh, group.place);
    for (const std::string& alias : group.aliases) take(group.id, alias, group.place);
  }
}

/// A lead or responsible id is looked up in units and groups alike, so the two must not share one.
void check_ids(Loading& loading) {
  for (const Group& group : loading.pack.groups) {
    if (loading.pack.unit(group.id) == nullptr) continue;
    loading.mistakes.add(group.place, "pack_id_shared",
                         base::text("编号“{}”已经是单位的编号。", "The id \"{}\" is a unit's already.", group.id),
                         base::text("请给单位组换一个编号。", "Give the group another id."));
  }
}

}  // namespace

void check_references(Loading& loading) {
  check_defined(loading);
  check_measures(loading);
  check_parents(loading);
  check_names(loading);
  check_ids(loading);
}

}  // namespace yihu::pack
