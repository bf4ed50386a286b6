#include "plan/tracking/record.h"

#include "base/date.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace yihu::plan {
namespace {

namespace json = boost::json;
using base::text;

/// Reads fields of one object and remembers the first thing wrong.
class Reader {
 public:
  Reader(const json::value& value, std::string pointer) : pointer_(std::move(pointer)) {
    object_ = value.if_object();
    if (object_ == nullptr) wrong("");
  }

  void text_of(const char* name, std::string& into) {
    const json::value* value = field(name);
    if (value == nullptr) return;
    if (!value->is_string()) return wrong(name);
    into = std::string(value->get_string());
  }
  void maybe_text(const char* name, std::optional<std::string>& into) {
    if (present(name)) text_of(name, into.emplace());
  }
  void number(const char* name, double& into) {
    const json::value* value = field(name);
    if (value == nullptr) return;
    if (value->is_number()) into = value->to_number<double>();
    else wrong(name);
  }
  void maybe_number(const char* name, std::optional<double>& into) {
    if (present(name)) number(name, into.emplace());
  }
  template <class Int>
  void integer(const char* name, Int& into) {
    const json::value* value = field(name);
    if (value == nullptr) return;
    json::error_code problem;
    into = value->to_number<Int>(problem);
    if (problem) wrong(name);
  }
  void maybe_integer(const char* name, std::optional<int>& into) {
    if (present(name)) integer(name, into.emplace());
  }
  void span(const char* name, base::Span& into) {
    const json::value* value = field(name);
    if (value == nullptr) return;
    const auto* pair = value->if_array();
    json::error_code begin, end;
    if (pair == nullptr || pair->size() != 2) return wrong(name);
    into = {(*pair)[0].to_number<std::size_t>(begin), (*pair)[1].to_number<std::size_t>(end)};
    if (begin || end) wrong(name);
  }
  void names(const char* name, std::vector<std::string>& into) {
    list(name, into, [](const json::value& item, const std::string& pointer) -> base::Result<std::string> {
      if (item.is_string()) return std::string(item.get_string());
      return base::fail(unreadable(pointer));
    });
  }
  template <class T, class Make>
  void list(const char* name, std::vector<T>& into, Make make) {
    const json::value* value = field(name);
    if (value == nullptr) return;
    if (!value->is_array()) return wrong(name);
    std::size_t index = 0;
    for (const json::value& item : value->get_array()) {
      auto one = make(item, fmt::format("{}/{}/{}", pointer_, name, index++));
      if (!one) {
        if (!error_) error_ = one.error();
        return;
      }
      into.push_back(*std::move(one));
    }
  }
  void truth(const char* name, bool& into) {
    const json::value* value = field(name);
    if (value == nullptr) return;
    if (value->is_bool()) into = value->get_bool();
    else wrong(name);
  }
  /// A nested object, by its own reader.
  template <class Make>
  auto of(const char* name, Make make) {
    auto one = make(*object_->if_contains(name), pointer_ + "/" + name);
    if (!one && !error_) error_ = one.error();
    return one ? *std::move(one) : typename decltype(one)::value_type{};
  }
  bool present(const char* name) const {
    const json::value* value = object_ == nullptr ? nullptr : object_->if_contains(name);
    return value != nullptr && !value->is_null();
  }
  void require(bool condition, const char* name) {
    if (!condition) wrong(name);
  }

  template <class T>
  base::Result<T> ended(T value) {
    if (error_) return base::fail(*std::move(error_));
    return value;
  }

  static base::Error unreadable(const std::string& pointer) {
    base::Error error{base::ErrorKind::input, "field_unreadable", text("这一项填写有误。", "This field cannot be read."), {}, {}, {}};
    error.place.field = pointer;
    return error;
  }

 private:
  const json::value* field(const char* name) {
    const json::value* value = object_ == nullptr ? nullptr : object_->if_contains(name);
    if (value == nullptr) wrong(name);
    return value;
  }
  void wrong(const char* name) {
    if (!error_) error_ = unreadable(*name == '\0' ? pointer_ : pointer_ + "/" + name);
  }

  const json::object* object_ = nullptr;
  std::string pointer_;
  std::optional<base::Error> error_;
};

template <class T>
json::value maybe(const std::optional<T>& value) {
  if (!value) return nullptr;
  return json::value(*value);
}

json::value span_json(const base::Span& span) { return json::array{span.begin, span.end}; }

json::object item_json(const Deadline& d) {
  return json::object{{"from", maybe(d.from)}, {"by", maybe(d.by)}, {"text", d.text}};
}
json::object item_json(const Recurrence& r) { return {{"per", r.per}, {"times", r.times}, {"text", r.text}}; }
json::object item_json(const Target& t) {
  return json::object{{"value", t.value}, {"value_max", maybe(t.value_max)}, {"unit", t.unit}, {"op", t.op}, {"text", t.text}};
}
json::object item_json(const Allocation& a) { return {{"to", a.to}, {"value", a.value}, {"unit", a.unit}}; }

template <class T>
json::value list_json(const std::vector<T>& items) {
  json::array array;
  for (const T& item : items) array.push_back(item_json(item));
  return array;
}

/// With the place in the document: for a draft, whose reader jumps there.
template <class T>
json::value placed_json(const std::vector<T>& items) {
  json::array array;
  for (const T& item : items) {
    json::object object = item_json(item);
    object["span"] = span_json(item.span);
    array.push_back(std::move(object));
  }
  return array;
}

json::value maybe_span(const std::optional<base::Span>& span) { return span ? span_json(*span) : json::value(nullptr); }

base::Result<Deadline> deadline_from(const json::value& value, const std::string& pointer) {
  Reader reader(value, pointer);
  Deadline d;
  reader.maybe_text("from", d.from);
  reader.maybe_text("by", d.by);
  if (reader.present("text")) reader.text_of("text", d.text);
  if (reader.present("span")) reader.span("span", d.span);
  reader.require(!d.from || base::parse_date(*d.from).has_value(), "from");
  reader.require(!d.by || base::parse_date(*d.by).has_value(), "by");
  return reader.ended(std::move(d));
}

base::Result<Recurrence> recurrence_from(const json::value& value, const std::string& pointer) {
  static constexpr std::array rhythms = {"day", "week", "half_month", "month", "quarter", "half_year", "term", "year"};
  constexpr int times_max = 366;
  Reader reader(value, pointer);
  Recurrence r;
  reader.text_of("per", r.per);
  reader.integer("times", r.times);
  if (reader.present("text")) reader.text_of("text", r.text);
  if (reader.present("span")) reader.span("span", r.span);
  reader.require(std::ranges::find(rhythms, r.per) != rhythms.end(), "per");
  reader.require(r.times >= 1 && r.times <= times_max, "times");
  return reader.ended(std::move(r));
}

base::Result<Target> target_from(const json::value& value, const std::string& pointer) {
  static constexpr std::array operators = {">", ">=", "=", "<=", "<", "in"};
  Reader reader(value, pointer);
  Target t;
  reader.number("value", t.value);
  reader.maybe_number("value_max", t.value_max);
  reader.text_of("unit", t.unit);
  reader.text_of("op", t.op);
  if (reader.present("text")) reader.text_of("text", t.text);
  if (reader.present("span")) reader.span("span", t.span);
  reader.require(std::ranges::find(operators, t.op) != operators.end(), "op");
  return reader.ended(std::move(t));
}

base::Result<Allocation> allocation_from(const json::value& value, const std::string& pointer) {
  Reader reader(value, pointer);
  Allocation a;
  reader.text_of("to", a.to);
  reader.number("value", a.value);
  reader.text_of("unit", a.unit);
  if (reader.present("span")) reader.span("span", a.span);
  return reader.ended(std::move(a));
}

template <class T, class Make>
base::Result<std::vector<T>> list_from(const json::value& value, const std::string& pointer, Make make) {
  constexpr std::size_t items_max = 500;
  if (!value.is_array() || value.get_array().size() > items_max) return base::fail(Reader::unreadable(pointer));
  std::vector<T> list;
  for (const json::value& item : value.get_array()) {
    auto one = make(item, fmt::format("{}/{}", pointer, list.size()));
    if (!one) return base::fail(std::move(one).error());
    list.push_back(*std::move(one));
  }
  return list;
}

base::Result<std::string> name_from(const json::value& value, const std::string& pointer) {
  if (!value.is_string()) return base::fail(Reader::unreadable(pointer));
  return std::string(value.get_string());
}

json::value measure_json(const Measure& m) {
  return json::object{{"no", maybe(m.no)},
                      {"position", m.position},
                      {"text", m.text},
                      {"span", span_json(m.span)},
                      {"lead", json_of(m.lead)},
                      {"responsible", json_of(m.responsible)},
                      {"owners_span", maybe_span(m.owners_span)},
                      {"deadlines", placed_json(m.deadlines)},
                      {"recurrences", placed_json(m.recurrences)},
                      {"targets", placed_json(m.targets)},
                      {"allocations", placed_json(m.allocations)}};
}

base::Result<Measure> measure_from(const json::value& value, const std::string& pointer) {
  Reader reader(value, pointer);
  Measure m;
  reader.maybe_integer("no", m.no);
  reader.integer("position", m.position);
  reader.text_of("text", m.text);
  reader.span("span", m.span);
  reader.names("lead", m.lead);
  reader.names("responsible", m.responsible);
  if (reader.present("owners_span")) reader.span("owners_span", m.owners_span.emplace());
  reader.list("deadlines", m.deadlines, deadline_from);
  reader.list("recurrences", m.recurrences, recurrence_from);
  reader.list("targets", m.targets, target_from);
  reader.list("allocations", m.allocations, allocation_from);
  return reader.ended(std::move(m));
}

json::value demands_json(const Demands& d) {
  return json::object{{"deadlines", placed_json(d.deadlines)},
                      {"recurrences", placed_json(d.recurrences)},
                      {"targets", placed_json(d.targets)},
                      {"allocations", placed_json(d.allocations)}};
}

base::Result<Demands> demands_from(const json::value& value, const std::string& pointer) {
  Reader reader(value, pointer);
  Demands d;
  reader.list("deadlines", d.deadlines, deadline_from);
  reader.list("recurrences", d.recurrences, recurrence_from);
  reader.list("targets", d.targets, target_from);
  reader.list("allocations", d.allocations, allocation_from);
  return reader.ended(std::move(d));
}

json::value table_json(const TableTask& task) {
  json::array measures;
  for (const TableMeasure& m : task.measures) {
    json::array answers(m.answers.begin(), m.answers.end());
    measures.push_back(json::object{{"no", maybe(m.no)},
                                    {"position", m.position},
                                    {"text", m.text},
                                    {"span", span_json(m.span)},
                                    {"lead", json_of(m.lead)},
                                    {"responsible", json_of(m.responsible)},
                                    {"answers", std::move(answers)},
                                    {"roles_unclear", m.roles_unclear}});
  }
  return json::object{{"no", task.no},       {"position", task.position},   {"title", task.title},
                      {"text", task.text},   {"span", span_json(task.span)}, {"measures", std::move(measures)}};
}

base::Result<TableMeasure> table_measure_from(const json::value& value, const std::string& pointer) {
  Reader reader(value, pointer);
  TableMeasure m;
  reader.maybe_integer("no", m.no);
  reader.integer("position", m.position);
  reader.text_of("text", m.text);
  reader.span("span", m.span);
  reader.names("lead", m.lead);
  reader.names("responsible", m.responsible);
  reader.list("answers", m.answers, [](const json::value& item, const std::string& place) -> base::Result<int> {
    json::error_code problem;
    const int answer = item.to_number<int>(problem);
    if (problem) return base::fail(Reader::unreadable(place));
    return answer;
  });
  reader.truth("roles_unclear", m.roles_unclear);
  return reader.ended(std::move(m));
}

base::Result<TableTask> table_task_from(const json::value& value, const std::string& pointer) {
  Reader reader(value, pointer);
  TableTask task;
  reader.integer("no", task.no);
  reader.integer("position", task.position);
  reader.text_of("title", task.title);
  reader.text_of("text", task.text);
  reader.span("span", task.span);
  reader.list("measures", task.measures, table_measure_from);
  return reader.ended(std::move(task));
}

base::Result<Task> task_from(const json::value& value, const std::string& pointer) {
  Reader reader(value, pointer);
  Task task;
  reader.integer("no", task.no);
  reader.integer("position", task.position);
  reader.integer("part", task.part);
  reader.text_of("title", task.title);
  reader.text_of("text", task.text);
  reader.span("span", task.span);
  if (reader.present("demands")) task.demands = reader.of("demands", demands_from);
  reader.list("measures", task.measures, measure_from);
  return reader.ended(std::move(task));
}

base::Result<Part> part_from(const json::value& value, const std::string& pointer) {
  Reader reader(value, pointer);
  Part part;
  reader.integer("no", part.no);
  reader.text_of("title", part.title);
  reader.span("span", part.span);
  return reader.ended(std::move(part));
}

base::Result<Warning> warning_from(const json::value& value, const std::string& pointer) {
  Reader reader(value, pointer);
  Warning warning;
  reader.text_of("code", warning.code);
  reader.maybe_integer("task", warning.task);
  reader.maybe_integer("measure", warning.measure);
  reader.maybe_integer("position", warning.position);
  reader.text_of("zh", warning.text.zh);
  reader.text_of("en", warning.text.en);
  if (reader.present("span")) reader.span("span", warning.span.emplace());
  return reader.ended(std::move(warning));
}

json::array tasks_json(const PlanDocument& plan) {
  json::array tasks;
  for (const Task& task : plan.tasks) {
    json::array measures;
    for (const Measure& measure : task.measures) measures.push_back(measure_json(measure));
    tasks.push_back(json::object{{"no", task.no},
                                 {"position", task.position},
                                 {"part", task.part},
                                 {"title", task.title},
                                 {"text", task.text},
                                 {"span", span_json(task.span)},
                                 {"demands", demands_json(task.demands)},
                                 {"measures", std::move(measures)}});
  }
  return tasks;
}

}  // namespace

json::value json_of(const std::vector<Deadline>& deadlines) { return list_json(deadlines); }
json::value json_of(const std::vector<Recurrence>& recurrences) { return list_json(recurrences); }
json::value json_of(const std::vector<Target>& targets) { return list_json(targets); }
json::value json_of(const std::vector<std::string>& names) { return json::array(names.begin(), names.end()); }

base::Result<std::vector<Deadline>> deadlines_from(const json::value& json, const std::string& pointer) {
  return list_from<Deadline>(json, pointer, deadline_from);
}
base::Result<std::vector<Recurrence>> recurrences_from(const json::value& json, const std::string& pointer) {
  return list_from<Recurrence>(json, pointer, recurrence_from);
}
base::Result<std::vector<Target>> targets_from(const json::value& json, const std::string& pointer) {
  return list_from<Target>(json, pointer, target_from);
}
base::Result<std::vector<std::string>> names_from(const json::value& json, const std::string& pointer) {
  return list_from<std::string>(json, pointer, name_from);
}

base::Result<json::value> json_from_column(const std::string& column) {
  json::error_code problem;
  auto value = json::parse(column, problem);
  if (problem) {
    return base::fail(base::ErrorKind::internal, "column_damaged", text("存储内容损坏。", "Stored content is damaged."));
  }
  return value;
}

std::string column_from(const PlanDocument& plan) {
  json::array parts, table, warnings;
  for (const Part& part : plan.parts) {
    parts.push_back(json::object{{"no", part.no}, {"title", part.title}, {"span", span_json(part.span)}});
  }
  for (const TableTask& task : plan.table) table.push_back(table_json(task));
  for (const Warning& w : plan.warnings) {
    warnings.push_back(json::object{{"code", w.code},
                                    {"task", maybe(w.task)},
                                    {"measure", maybe(w.measure)},
                                    {"position", maybe(w.position)},
                                    {"zh", w.text.zh},
                                    {"en", w.text.en},
                                    {"span", maybe_span(w.span)}});
  }
  return json::serialize(json::object{{"title", plan.title},
                                      {"number", plan.number},
                                      {"issuer", plan.issuer},
                                      {"date", maybe(plan.date)},
                                      {"year", maybe(plan.year)},
                                      {"parts", std::move(parts)},
                                      {"tasks", tasks_json(plan)},
                                      {"table", std::move(table)},
                                      {"warnings", std::move(warnings)}});
}

base::Result<PlanDocument> plan_from_column(const std::string& column) {
  const json::value value = TRY(json_from_column(column));
  Reader reader(value, "");
  PlanDocument plan;
  reader.text_of("title", plan.title);
  reader.text_of("number", plan.number);
  reader.text_of("issuer", plan.issuer);
  reader.maybe_text("date", plan.date);
  reader.maybe_integer("year", plan.year);
  reader.list("parts", plan.parts, part_from);
  reader.list("tasks", plan.tasks, task_from);
  reader.list("table", plan.table, table_task_from);
  reader.list("warnings", plan.warnings, warning_from);
  return reader.ended(std::move(plan));
}

}  // namespace yihu::plan
