#include "plan/reading/plan_document.h"

#include <boost/json.hpp>

#include <cmath>

namespace yihu::plan {
namespace {

namespace json = boost::json;

json::value optional(const std::optional<int>& value) { return value ? json::value(*value) : json::value(nullptr); }
json::value optional(const std::optional<std::string>& value) { return value ? json::value(*value) : json::value(nullptr); }

/// 90 rather than 9E1: whole numbers are written as such.
json::value number(double value) {
  constexpr double exact_max = 9'007'199'254'740'992.0;
  if (std::floor(value) == value && std::abs(value) < exact_max) return static_cast<std::int64_t>(value);
  return value;
}

json::array span(base::Span place) { return {place.begin, place.end}; }

json::array names(const std::vector<std::string>& list) { return json::array(list.begin(), list.end()); }

json::array deadlines(const std::vector<Deadline>& list) {
  json::array out;
  for (const auto& item : list) {
    out.push_back({{"from", optional(item.from)}, {"by", optional(item.by)}, {"text", item.text}, {"span", span(item.span)}});
  }
  return out;
}

json::array recurrences(const std::vector<Recurrence>& list) {
  json::array out;
  for (const auto& item : list) {
    out.push_back({{"per", item.per}, {"times", item.times}, {"text", item.text}, {"span", span(item.span)}});
  }
  return out;
}

json::array targets(const std::vector<Target>& list) {
  json::array out;
  for (const auto& item : list) {
    out.push_back({{"value", number(item.value)},
                   {"value_max", item.value_max ? number(*item.value_max) : json::value(nullptr)},
                   {"unit", item.unit},
                   {"op", item.op},
                   {"text", item.text},
                   {"span", span(item.span)}});
  }
  return out;
}

json::array allocations(const std::vector<Allocation>& list) {
  json::array out;
  for (const auto& item : list) {
    out.push_back({{"to", item.to}, {"value", number(item.value)}, {"unit", item.unit}, {"span", span(item.span)}});
  }
  return out;
}

json::object measure(const Measure& item) {
  return {{"no", optional(item.no)},
          {"position", item.position},
          {"text", item.text},
          {"span", span(item.span)},
          {"lead", names(item.lead)},
          {"responsible", names(item.responsible)},
          {"owners_span", item.owners_span ? json::value(span(*item.owners_span)) : json::value(nullptr)},
          {"deadlines", deadlines(item.deadlines)},
          {"recurrences", recurrences(item.recurrences)},
          {"targets", targets(item.targets)},
          {"allocations", allocations(item.allocations)}};
}

json::object task(const Task& item) {
  json::array measures;
  for (const auto& one : item.measures) measures.push_back(measure(one));
  return {{"no", item.no},
          {"position", item.position},
          {"part", item.part},
          {"title", item.title},
          {"text", item.text},
          {"span", span(item.span)},
          {"deadlines", deadlines(item.demands.deadlines)},
          {"recurrences", recurrences(item.demands.recurrences)},
          {"targets", targets(item.demands.targets)},
          {"allocations", allocations(item.demands.allocations)},
          {"measures", std::move(measures)}};
}

json::object table_task(const TableTask& item) {
  json::array measures;
  for (const auto& one : item.measures) {
    measures.push_back({{"no", optional(one.no)},
                        {"position", one.position},
                        {"text", one.text},
                        {"span", span(one.span)},
                        {"lead", names(one.lead)},
                        {"responsible", names(one.responsible)},
                        {"answers", json::array(one.answers.begin(), one.answers.end())},
                        {"roles_unclear", one.roles_unclear}});
  }
  return {{"no", item.no}, {"position", item.position}, {"title", item.title}, {"text", item.text}, {"span", span(item.span)}, {"measures", std::move(measures)}};
}

json::object warning(const Warning& item, base::Language language) {
  return {{"code", item.code},
          {"task", optional(item.task)},
          {"measure", optional(item.measure)},
          {"position", optional(item.position)},
          {"text", item.text.in(language)},
          {"span", item.span ? json::value(span(*item.span)) : json::value(nullptr)}};
}

}  // namespace

std::string json_from_plan(const PlanDocument& plan, base::Language language) {
  json::array parts, tasks, table, warnings;
  for (const auto& item : plan.parts) parts.push_back({{"no", item.no}, {"title", item.title}, {"span", span(item.span)}});
  for (const auto& item : plan.tasks) tasks.push_back(task(item));
  for (const auto& item : plan.table) table.push_back(table_task(item));
  for (const auto& item : plan.warnings) warnings.push_back(warning(item, language));
  return json::serialize(json::object{{"title", plan.title},
                                      {"number", plan.number},
                                      {"issuer", plan.issuer},
                                      {"date", optional(plan.date)},
                                      {"year", optional(plan.year)},
                                      {"parts", std::move(parts)},
                                      {"tasks", std::move(tasks)},
                                      {"table", json::object{{"tasks", std::move(table)}}},
                                      {"warnings", std::move(warnings)}});
}

}  // namespace yihu::plan
