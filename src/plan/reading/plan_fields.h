#pragma once
// The fields of a plan's parts, each named once: what is printed, kept and read back goes by these lists.

#include "plan/reading/plan_document.h"

#include <concepts>

namespace yihu::plan {

/// T is Part, to read or to write.
template <class T, class Part>
concept Either = std::same_as<std::remove_const_t<T>, Part>;

/// Whether a field may be left out by whoever types the JSON.
enum class Presence { required, optional };

// each_field(x, visit) calls visit(name, field) or visit(name, field, presence) for every field of x, in the order of printing.

template <Either<Deadline> T, class Visit>
void each_field(T& x, Visit&& visit) {
  visit("from", x.from);
  visit("by", x.by);
  visit("text", x.text, Presence::optional);
  visit("span", x.span, Presence::optional);
}

template <Either<Recurrence> T, class Visit>
void each_field(T& x, Visit&& visit) {
  visit("per", x.per);
  visit("times", x.times);
  visit("text", x.text, Presence::optional);
  visit("span", x.span, Presence::optional);
}

template <Either<Target> T, class Visit>
void each_field(T& x, Visit&& visit) {
  visit("value", x.value);
  visit("value_max", x.value_max);
  visit("unit", x.unit);
  visit("op", x.op);
  visit("text", x.text, Presence::optional);
  visit("span", x.span, Presence::optional);
}

template <Either<Allocation> T, class Visit>
void each_field(T& x, Visit&& visit) {
  visit("to", x.to);
  visit("value", x.value);
  visit("unit", x.unit);
  visit("span", x.span, Presence::optional);
}

/// Of a sentence: Demands and Measure have these four.
template <class T, class Visit>
void each_demand(T& x, Visit&& visit) {
  visit("deadlines", x.deadlines);
  visit("recurrences", x.recurrences);
  visit("targets", x.targets);
  visit("allocations", x.allocations);
}

template <Either<Demands> T, class Visit>
void each_field(T& x, Visit&& visit) {
  each_demand(x, visit);
}

template <Either<Measure> T, class Visit>
void each_field(T& x, Visit&& visit) {
  visit("no", x.no);
  visit("position", x.position);
  visit("text", x.text);
  visit("span", x.span);
  visit("lead", x.lead);
  visit("responsible", x.responsible);
  visit("owners_span", x.owners_span);
  each_demand(x, visit);
}

template <Either<Task> T, class Visit>
void each_field(T& x, Visit&& visit) {
  visit("no", x.no);
  visit("position", x.position);
  visit("part", x.part);
  visit("title", x.title);
  visit("text", x.text);
  visit("span", x.span);
  visit("demands", x.demands, Presence::optional);
  visit("measures", x.measures);
}

template <Either<Part> T, class Visit>
void each_field(T& x, Visit&& visit) {
  visit("no", x.no);
  visit("title", x.title);
  visit("span", x.span);
}

template <Either<TableMeasure> T, class Visit>
void each_field(T& x, Visit&& visit) {
  visit("no", x.no);
  visit("position", x.position);
  visit("text", x.text);
  visit("span", x.span);
  visit("lead", x.lead);
  visit("responsible", x.responsible);
  visit("answers", x.answers);
  visit("roles_unclear", x.roles_unclear);
}

template <Either<TableTask> T, class Visit>
void each_field(T& x, Visit&& visit) {
  visit("no", x.no);
  visit("position", x.position);
  visit("title", x.title);
  visit("text", x.text);
  visit("span", x.span);
  visit("measures", x.measures);
}

template <Either<Warning> T, class Visit>
void each_field(T& x, Visit&& visit) {
  visit("code", x.code);
  visit("task", x.task);
  visit("measure", x.measure);
  visit("position", x.position);
  visit("text", x.text);
  visit("span", x.span);
}

template <Either<PlanDocument> T, class Visit>
void each_field(T& x, Visit&& visit) {
  visit("title", x.title);
  visit("number", x.number);
  visit("issuer", x.issuer);
  visit("date", x.date);
  visit("year", x.year);
  visit("parts", x.parts);
  visit("tasks", x.tasks);
  visit("table", x.table);
  visit("warnings", x.warnings);
}

}  // namespace yihu::plan
