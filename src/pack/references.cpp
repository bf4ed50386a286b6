#include "pack/loading.h"

#include <algorithm>
#include <set>

namespace yihu::pack {
namespace {

void check_defined(Loading& loading) {
  std::vector<std::string_view> units;
  for (const Unit& unit : loading.pack.units) units.push_back(unit.id);
  std::vector<std::string_view> owners = units;
  for (const Group& group : loading.pack.groups) owners.push_back(group.id);
  const std::set<std::string_view> known_units(units.begin(), units.end());
  const std::set<std::string_view> known_owners(owners.begin(), owners.end());
  for (const Reference& reference : loading.references) {
    if ((reference.group_allowed ? known_owners : known_units).contains(reference.id)) continue;
    base::Text mend = suggestion(reference.id, reference.group_allowed ? owners : units);
    const base::Text text =
        reference.group_allowed
            ? base::text("没有编号为“{}”的单位或单位组。", "No unit or group has the id \"{}\".", reference.id)
            : base::text("没有编号为“{}”的单位。", "No unit has the id \"{}\".", reference.id);
    loading.mistakes.add(reference.place, "pack_unit_unknown", text, std::move(mend));
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
  check_parents(loading);
  check_names(loading);
  check_ids(loading);
}

}  // namespace yihu::pack
