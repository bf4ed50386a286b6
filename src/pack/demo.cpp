#include "pack/demo.h"

#include "pack/loading.h"

#include <algorithm>

namespace yihu::pack {
namespace {

constexpr std::string_view register_tables[] = {"household", "person", "incomes"};

template <class T>
void need_two(const Value& value, const std::vector<T>& two) {
  if (two.size() == 2 && two[0] <= two[1]) return;
  value.mistake("pack_demo_range", base::text("要写两个值，小的在前。", "Two values are needed, the smaller first."));
}

DemoValue value_from(const std::string& target, const Value& value) {
  DemoValue out;
  out.target = target;
  out.place = value.place();
  if (value.is_scalar()) {
    out.expression = expression_from(value);
    return out;
  }
  Fields fields = value.fields();
  const Value any = fields.may("any");
  const Value days = fields.may("days");
  const Value range = fields.may("between");
  if (any.present() + days.present() + range.present() != 1) {
    value.mistake("pack_demo_value", base::text("写一个表达式，或 any、days、between 之一。", "Write an expression, or one of any, days, between."));
    return out;
  }
  for (const Value& one : any.list()) {
    if (auto text = one.text()) out.choice.push_back(std::move(*text));
  }
  for (const Value& one : days.list()) {
    if (const auto day = one.date()) out.days.push_back(*day);
  }
  for (const Value& one : range.list()) {
    if (const auto number = one.number()) out.range.push_back(*number);
  }
  if (days.present()) need_two(days, out.days);
  if (range.present()) need_two(range, out.range);
  return out;
}

std::vector<DemoValue> values_from(const Value& section) {
  std::vector<DemoValue> out;
  if (!section.present()) return out;
  for (const auto& [target, value] : section.entries()) out.push_back(value_from(target, value));
  return out;
}

void read_ledger_name(const Value& value, std::vector<std::string>& names, Loading& loading) {
  auto name = value.id();
  if (!name) return;
  const std::string ledger = name->starts_with("head.") ? name->substr(5) : *name;
  loading.references.push_back({ledger, value.place(), Named::ledger});
  names.push_back(std::move(*name));
}

DemoFill fill_from(const Value& value, Loading& loading) {
  Fields fields = value.fields();
  DemoFill out;
  out.place = value.place();
  const Value of = fields.need("of");
  out.of = of.id().value_or("");
  if (!out.of.empty() && std::ranges::find(register_tables, out.of) == std::end(register_tables)) {
    loading.references.push_back({out.of, of.place(), Named::ledger});
  }
  out.whom = expression_from(fields.may("for"));
  out.period = fields.may("period").text().value_or("");
  out.values = values_from(fields.may("set"));
  return out;
}

DemoPlant plant_from(const std::string& rule, const Value& value, Loading& loading) {
  Fields fields = value.fields();
  DemoPlant out;
  out.id = rule;
  out.layer = loading.layer_id;
  out.place = value.place();
  loading.references.push_back({rule, value.place(), Named::rule});
  out.subjects = static_cast<int>(fields.may("subjects").integer(1, demo_plant_subjects_max).value_or(2));
  out.whom = expression_from(fields.may("for"));
  out.values = values_from(fields.may("set"));
  for (const Value& ledger : fields.may("without").list()) read_ledger_name(ledger, out.without, loading);
  for (const Value& other : fields.may("also").list()) {
    auto id = other.id();
    if (!id) continue;
    loading.references.push_back({*id, other.place(), Named::rule});
    out.also.push_back(std::move(*id));
  }
  if (out.values.empty() && out.without.empty()) {
    value.mistake("pack_demo_plant", base::text("没有写怎样违反这条规则。", "It does not say how the rule is broken."),
                  base::text("请写 set 或 without。", "Write `set` or `without`."));
  }
  return out;
}

}  // namespace

void read_demo(const Value& section, Loading& loading) {
  Fields fields = section.fields();
  DemoFacts& demo = loading.pack.demo;
  for (const Value& fill : fields.may("fill").list()) demo.fills.push_back(fill_from(fill, loading));
  if (const Value plants = fields.may("plants"); plants.present()) {
    for (const auto& [rule, value] : plants.entries()) {
      loading.put(demo.plants, plant_from(rule, value, loading), "plant", value.place());
    }
  }
  for (const Value& ledger : fields.may("undelivered").list()) read_ledger_name(ledger, demo.undelivered, loading);
}

}  // namespace yihu::pack
