#include "pack/plan_facts.h"

#include "pack/loading.h"

namespace yihu::pack {
namespace {

constexpr std::string_view pers[] = {"day", "week", "half_month", "month", "quarter", "half_year", "term", "year"};
constexpr std::string_view operators[] = {">", ">=", "=", "<=", "<", "in"};
constexpr std::string_view task_kinds[] = {"tracked", "principle"};

std::vector<std::string> owners(const Value& list, Loading& loading) {
  std::vector<std::string> out;
  for (const Value& item : list.list()) {
    auto id = item.id();
    if (!id) continue;
    loading.references.push_back({*id, item.place(), Named::unit_or_group});
    out.push_back(std::move(*id));
  }
  return out;
}

std::optional<DeadlineFact> deadline(const Value& value) {
  Fields fields = value.fields();
  const Value from_value = fields.may("from");
  const auto from = from_value.date();
  const auto by = fields.need("by").date();
  if (!by) return std::nullopt;
  if (from && *by < *from) {
    from_value.mistake("pack_dates", base::text("开始日晚于截止日 {}。", "The first day is after the last, {}.",
                                                base::to_string(*by)));
  }
  return DeadlineFact{from, *by};
}

std::optional<RecurrenceFact> recurrence(const Value& value) {
  Fields fields = value.fields();
  const auto per = fields.need("per").one_of(pers);
  const auto times = fields.may("times").integer(1, 366);
  if (!per) return std::nullopt;
  return RecurrenceFact{*per, static_cast<int>(times.value_or(1))};
}

std::optional<TargetFact> target(const Value& value) {
  Fields fields = value.fields();
  const auto number = fields.need("value").number();
  const Value max = fields.may("value_max");
  const auto value_max = max.number();
  const auto unit = fields.need("unit").text();
  const auto op = fields.need("op").one_of(operators);
  base::Text of = fields.may("of").bilingual().value_or(base::Text{});
  if (!number || !unit || !op) return std::nullopt;
  if ((*op == "in") != max.present()) {
    value.mistake("pack_target", base::text("op 为 in 时才写、且必须写 value_max。", "value_max goes with op \"in\", and only with it."));
  } else if (value_max && *value_max < *number) {
    max.mistake("pack_target", base::text("value_max 小于 value。", "value_max is smaller than value."));
  }
  return TargetFact{*number, value_max, *unit, *op, std::move(of)};
}

/// Numbers rise; a gap or a repetition is a slip of the pen in a pack, whatever the document did.
int risen(const Value& value, int before) {
  const auto no = value.integer(1, 999);
  if (!no) return before + 1;
  if (*no != before + 1) {
    value.mistake("pack_number_order", base::text("编号应为 {}，这里是 {}。", "The number should be {} and is {}.", before + 1, *no));
  }
  return static_cast<int>(*no);
}

MeasureFact measure(const Value& value, int before, Loading& loading) {
  Fields fields = value.fields();
  MeasureFact out;
  out.no = risen(fields.need("no"), before);
  out.title = fields.need("title").bilingual().value_or(base::Text{});
  out.lead = owners(fields.may("lead"), loading);
  out.responsible = owners(fields.may("responsible"), loading);
  for (const Value& item : fields.may("deadlines").list()) {
    if (auto one = deadline(item)) out.deadlines.push_back(*one);
  }
  for (const Value& item : fields.may("recurrences").list()) {
    if (auto one = recurrence(item)) out.recurrences.push_back(*one);
  }
  for (const Value& item : fields.may("targets").list()) {
    if (auto one = target(item)) out.targets.push_back(std::move(*one));
  }
  const Value indicator = fields.may("indicator");
  out.indicator = indicator.id();
  if (out.indicator) loading.references.push_back({*out.indicator, indicator.place(), Named::indicator});
  return out;
}

TaskFact task(const Value& value, int before, Loading& loading) {
  Fields fields = value.fields();
  TaskFact out;
  out.no = risen(fields.need("no"), before);
  out.title = fields.need("title").bilingual().value_or(base::Text{});
  out.short_title = fields.may("short").bilingual().value_or(out.title);
  out.kind = fields.may("kind").one_of(task_kinds) == "principle" ? TaskKind::principle : TaskKind::tracked;
  int no = 0;
  for (const Value& item : fields.may("measures").list()) {
    out.measures.push_back(measure(item, no, loading));
    no = out.measures.back().no;
  }
  return out;
}

}  // namespace

void read_plan(const Value& section, Loading& loading) {
  Fields fields = section.fields();
  PlanFacts plan;
  plan.id = fields.need("id").id().value_or("");
  plan.title = fields.need("title").bilingual().value_or(base::Text{});
  plan.number = fields.need("number").text().value_or("");
  plan.issuer = fields.need("issuer").bilingual(Value::Single::allowed).value_or(base::Text{});
  plan.date = fields.need("date").date().value_or(base::Date{});
  plan.year = static_cast<int>(fields.need("year").integer(1949, 2200).value_or(0));
  int part_no = 0;
  int task_no = 0;
  for (const Value& item : fields.need("parts").list()) {
    Fields part_fields = item.fields();
    PartFact part;
    part.no = part_no = risen(part_fields.need("no"), part_no);
    part.title = part_fields.need("title").bilingual().value_or(base::Text{});
    for (const Value& task_item : part_fields.need("tasks").list()) {
      part.tasks.push_back(task(task_item, task_no, loading));
      task_no = part.tasks.back().no;
    }
    plan.parts.push_back(std::move(part));
  }
  loading.put(loading.pack.plans, std::move(plan), "plan", section.place());
}

}  // namespace yihu::pack
