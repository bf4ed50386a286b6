#include "pack/loading.h"

#include <algorithm>

namespace yihu::pack {
namespace {

std::vector<std::string> texts(const Value& list) {
  std::vector<std::string> out;
  for (const Value& item : list.list()) {
    if (auto text = item.text()) out.push_back(std::move(*text));
  }
  return out;
}

std::optional<std::string> division(const Value& value) {
  auto code = value.text();
  if (!code) return std::nullopt;
  const bool digits = std::ranges::all_of(*code, [](char c) { return c >= '0' && c <= '9'; });
  if (digits && (code->size() == 6 || code->size() == 9 || code->size() == 12)) return code;
  value.mistake("pack_division", base::text("“{}”不是区划代码。", "\"{}\" is not a division code.", *code),
                base::text("区划代码为 6、9 或 12 位数字。", "A division code has 6, 9 or 12 digits."));
  return std::nullopt;
}

}  // namespace

void read_units(const Value& section, Loading& loading) {
  for (const auto& [id, value] : section.entries()) {
    Fields fields = value.fields();
    Unit unit;
    unit.id = id;
    unit.place = value.place();
    unit.name = fields.need("name").bilingual().value_or(base::Text{});
    unit.short_name = fields.may("short").bilingual().value_or(unit.name);
    unit.kind = fields.need("kind").one_of(unit_kinds).value_or("");
    unit.aliases = texts(fields.may("aliases"));
    unit.division = division(fields.may("division"));
    unit.from = fields.may("from").date();
    const Value to = fields.may("to");
    unit.to = to.date();
    if (unit.from && unit.to && *unit.to < *unit.from) {
      to.mistake("pack_dates", base::text("结束日早于开始日 {}。", "The last day is before the first, {}.",
                                          base::to_string(*unit.from)));
    }
    const Value parent = fields.may("parent");
    unit.parent = parent.id();
    if (unit.parent) loading.references.push_back({*unit.parent, parent.place(), Named::unit});
    loading.put(loading.pack.units, std::move(unit), "unit", value.place());
  }
}

void read_groups(const Value& section, Loading& loading) {
  for (const auto& [id, value] : section.entries()) {
    Fields fields = value.fields();
    Group group;
    group.id = id;
    group.place = value.place();
    group.name = fields.need("name").bilingual().value_or(base::Text{});
    group.aliases = texts(fields.may("aliases"));
    const Value members = fields.need("members");
    for (const Value& member : members.list()) {
      auto unit = member.id();
      if (!unit) continue;
      if (std::ranges::find(group.members, *unit) != group.members.end()) {
        member.mistake("pack_member_repeated", base::text("“{}”重复。", "\"{}\" is repeated.", *unit));
        continue;
      }
      loading.references.push_back({*unit, member.place(), Named::unit});
      group.members.push_back(std::move(*unit));
    }
    group.unverified = fields.may("unverified").truth().value_or(false);
    group.note = fields.may("note").bilingual().value_or(base::Text{});
    if (members.present() && group.members.empty() && !group.unverified) {
      // An empty group nobody vouches for would silently take away the owners of every measure that names it.
      members.mistake("pack_group_empty", base::text("成员为空。", "The group has no members."),
                      base::text("请写明成员；暂不清楚的，加上 unverified: true。",
                                 "Name the members, or add unverified: true while they are not known."));
    }
    loading.put(loading.pack.groups, std::move(group), "group", value.place());
  }
}

}  // namespace yihu::pack
