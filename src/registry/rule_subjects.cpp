#include "registry/rule_subjects.h"

#include "registry/fields.h"

#include <algorithm>
#include <array>

namespace yihu::registry {
namespace {

using rule::Kind;

Kind kind_of(FieldType type) {
  switch (type) {
    case FieldType::text:
    case FieldType::code:
    case FieldType::area: return Kind::text;
    case FieldType::truth: return Kind::truth;
    case FieldType::integer: return Kind::integer;
    case FieldType::real: return Kind::real;
    case FieldType::money: return Kind::money;
    case FieldType::date: return Kind::day;
  }
  return Kind::text;
}

std::string list_of(const Field& field) {
  const auto at = std::ranges::find_if(code_lists, [&](const CodeList& list) { return list.words.data() == field.codes.data(); });
  return field.codes.empty() || at == std::end(code_lists) ? std::string() : std::string(at->id);
}

/// Columns that are NOT NULL (schema.cpp).
constexpr std::string_view never_missing[] = {"village", "status", "monitoring", "size", "registered_on", "present", "year"};

void add_fields(rule::Rows& rows, std::span<const Field> fields, bool village_known) {
  for (const Field& field : fields) {
    const bool relation = std::ranges::any_of(rows.relations, [&](const rule::Relation& one) { return one.name == field.id; });
    if (field.private_ || relation) continue;
    const bool known = std::ranges::find(never_missing, field.id) != std::end(never_missing) && (field.id != "village" || village_known);
    rows.fields.push_back({std::string(field.id), kind_of(field.type), std::string(field.id), known, list_of(field)});
  }
}

}  // namespace

void add_rule_subjects(rule::Schema& schema) {
  using rule::Cardinality;
  using rule::Completeness;
  rule::Rows household{.name = "household", .table = "household", .area = "village", .subject = true};
  household.relations = {{"members", "person", Cardinality::many, "id", "household", Completeness::always},
                         {"incomes", "income", Cardinality::many, "id", "household", Completeness::never}};
  add_fields(household, household_fields, true);
  rule::Rows person{.name = "person", .table = "person", .area = "village", .subject = true};
  person.relations = {{"household", "household", Cardinality::one, "household", "id", Completeness::always}};
  add_fields(person, person_fields, false);
  rule::Rows income{.name = "income", .table = "income", .key = "household"};
  add_fields(income, income_fields, true);
  rule::Rows village{.name = "village", .table = "area", .key = "code", .area = "code", .subject = true};
  village.fields = {{"code", Kind::text, "code", true}, {"name", Kind::text, "name", true}, {"town", Kind::text, "town"},
                    {"poor_village", Kind::truth, "poor_village"}, {"exited_year", Kind::integer, "exited_year"}};
  // Towns and the district are in the same table.
  village.only_column = "level";
  village.only_value = "village";
  village.relations = {{"households", "household", Cardinality::many, "code", "village", Completeness::always}};
  for (rule::Rows* rows : {&household, &person, &income, &village}) schema.rows[rows->name] = std::move(*rows);
  for (const CodeList& list : code_lists) {
    auto& words = schema.code_lists[std::string(list.id)];
    for (const CodeWord& word : list.words) words.emplace_back(word.code);
  }
}

}  // namespace yihu::registry
