#include "plan/tracking/import_correction.h"

#include "base/utf8.h"
#include "plan/tracking/record.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>

namespace yihu::plan {
namespace {

namespace json = boost::json;
using base::text;

constexpr std::size_t corrected_text_max = 5000;  ///< characters
constexpr std::size_t corrected_name_max = 60;    ///< characters
constexpr std::size_t corrected_names_max = 100;

base::Error wrong(const std::string& pointer, const char* code, base::Text what, base::Text mend) {
  base::Error error{base::ErrorKind::input, code, std::move(what), std::move(mend), {}, {}};
  error.place.field = pointer;
  return error;
}

Measure* measure_of(PlanDocument& plan, int task, int position) {
  for (Task& one : plan.tasks) {
    if (one.no != task) continue;
    for (Measure& measure : one.measures) {
      if (measure.position == position) return &measure;
    }
  }
  return nullptr;
}

/// Values were checked when they were stored; what cannot be read leaves the document's own.
template <class T>
void assign(T& place, base::Result<T> value) {
  if (value) place = *std::move(value);
}

void make(const ImportCorrection& correction, Measure& measure) {
  const json::value& after = correction.after;
  if (correction.field == "text") {
    if (after.is_string()) measure.text = std::string(after.get_string());
  } else if (correction.field == "lead") {
    assign(measure.lead, names_from(after));
  } else if (correction.field == "responsible") {
    assign(measure.responsible, names_from(after));
  } else if (correction.field == "deadlines") {
    assign(measure.deadlines, deadlines_from(after));
  } else if (correction.field == "recurrences") {
    assign(measure.recurrences, recurrences_from(after));
  } else if (correction.field == "targets") {
    assign(measure.targets, targets_from(after));
  }
}

base::Result<json::value> names_value(const json::value& given, const std::string& pointer) {
  const auto names = TRY(names_from(given, pointer));
  if (names.size() > corrected_names_max) {
    return base::fail(wrong(pointer, "names_too_many", text("单位太多。", "There are too many units."), {}));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty() || base::count_code_points(names[i]) > corrected_name_max) {
      return base::fail(wrong(fmt::format("{}/{}", pointer, i), "name_unreadable",
                              text("单位名称为空或太长。", "The name of a unit is empty or too long."),
                              text("请填写 1 至 {} 字。", "Give 1 to {} characters.", corrected_name_max)));
    }
  }
  return json_of(names);
}

/// Units by id, names nobody knows by name.
std::set<std::string> meant(const json::value& value, const area::Directory& units, const UnitChoices& choices) {
  std::set<std::string> keys;
  const auto names = names_from(value);
  if (!names) return keys;
  for (const Owner& owner : owners_of(*names, units, choices)) keys.insert(owner.unit ? owner.unit->value : owner.name);
  return keys;
}

json::value without_wording(const json::value& value) {
  if (!value.is_array()) return value;
  json::array out;
  for (const json::value& item : value.get_array()) {
    json::value one = item;
    if (one.is_object()) one.get_object().erase("text");
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

void number_tasks(PlanDocument& plan) {
  std::set<int> numbers;
  const bool usable = std::ranges::all_of(plan.tasks, [&](const Task& t) { return t.no > 0 && numbers.insert(t.no).second; });
  if (usable) return;
  for (Task& task : plan.tasks) task.no = task.position;
  for (TableTask& task : plan.table) {
    if (task.position > 0) task.no = task.position;
  }
  for (Warning& warning : plan.warnings) {
    if (warning.task && warning.position) warning.task = warning.position;
  }
}

const Measure* measure_at(const PlanDocument& plan, int task, int position) {
  return measure_of(const_cast<PlanDocument&>(plan), task, position);
}

json::value said_in(const PlanDocument& plan, int task, int position, std::string_view field) {
  const Measure* measure = measure_at(plan, task, position);
  if (measure == nullptr) return nullptr;
  if (field == "text") return json::value(measure->text);
  if (field == "lead") return json_of(measure->lead);
  if (field == "responsible") return json_of(measure->responsible);
  if (field == "deadlines") return json_of(measure->deadlines);
  if (field == "recurrences") return json_of(measure->recurrences);
  if (field == "targets") return json_of(measure->targets);
  if (field != "title") return nullptr;
  for (const Task& one : plan.tasks) {
    if (one.no == task) return json::value(title_of(plan, one, *measure));
  }
  return nullptr;
}

base::Result<json::value> corrected_value(std::string_view field, const json::value& given, const std::string& pointer) {
  if (field == "lead" || field == "responsible") return names_value(given, pointer);
  if (field == "text") {
    const bool fine = given.is_string() && !given.get_string().empty() &&
                      base::count_code_points(std::string_view(given.get_string())) <= corrected_text_max;
    if (fine) return given;
    return base::fail(wrong(pointer, "text_unreadable", text("措施内容为空或太长。", "The text of the measure is empty or too long."),
                            text("请填写 1 至 {} 字。", "Give 1 to {} characters.", corrected_text_max)));
  }
  if (field == "deadlines") {
    const auto values = TRY(deadlines_from(given, pointer));
    return json_of(values);
  }
  if (field == "recurrences") {
    const auto values = TRY(recurrences_from(given, pointer));
    return json_of(values);
  }
  if (field == "targets") {
    const auto values = TRY(targets_from(given, pointer));
    return json_of(values);
  }
  return base::fail(wrong(pointer, "field_unknown", text("这一项不能更正。", "This field cannot be corrected."), {}));
}

PlanDocument corrected(PlanDocument plan, const std::vector<ImportCorrection>& corrections) {
  for (const ImportCorrection& correction : corrections) {
    if (!correction.fits) continue;
    if (Measure* measure = measure_of(plan, correction.task, correction.measure)) make(correction, *measure);
  }
  return plan;
}

bool same_meaning(std::string_view field, const json::value& a, const json::value& b, const area::Directory& units,
                  const UnitChoices& choices) {
  if (a == b) return true;
  if (field == "lead" || field == "responsible") return meant(a, units, choices) == meant(b, units, choices);
  return without_wording(a) == without_wording(b);
}

}  // namespace yihu::plan
