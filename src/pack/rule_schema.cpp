#include "pack/rule_schema.h"

#include <charconv>

namespace yihu::pack {
namespace {

rule::Period period_of(Period period) {
  switch (period) {
    case Period::none: return rule::Period::none;
    case Period::year: return rule::Period::year;
    case Period::half_year: return rule::Period::half_year;
    case Period::quarter: return rule::Period::quarter;
    case Period::month: return rule::Period::month;
  }
  return rule::Period::none;
}

rule::Rows rows_of(const Ledger& ledger) {
  const bool dated = ledger.period != Period::none;
  rule::Rows rows;
  rows.name = ledger.id;
  rows.table = table_of(ledger);
  if (dated) rows.period = "period";
  for (const Column& column : ledger.columns) {
    if (column.personal) continue;
    rows.fields.push_back({column.id, kind_of(column.type), column.id, false, column.codes});
  }
  rows.fields.push_back({"year", rule::Kind::integer, "year", dated, {}});
  rows.fields.push_back({"period", rule::Kind::text, "period", true, {}});
  return rows;
}

rule::Relation relation_of(const Ledger& ledger, const rule::Rows& subject) {
  rule::Relation relation;
  relation.name = ledger.id;
  relation.target = ledger.id;
  relation.cardinality = rule::Cardinality::many;
  relation.column_here = subject.key;
  relation.column_there = "subject";
  relation.completeness = rule::Completeness::by_delivery;
  relation.ledger = ledger.id;
  relation.period = period_of(ledger.period);
  relation.one_per_period = ledger.rows == RowCount::one;
  return relation;
}

rule::Constant constant_of(const ParameterValue& value, ColumnType type) {
  rule::Constant out;
  out.kind = kind_of(type);
  switch (out.kind) {
    case rule::Kind::truth: out.value = value.value == "1"; break;
    case rule::Kind::integer:
    case rule::Kind::money: {
      std::int64_t number = 0;
      std::from_chars(value.value.data(), value.value.data() + value.value.size(), number);
      out.value = number;
      break;
    }
    case rule::Kind::real: {
      double number = 0;
      std::from_chars(value.value.data(), value.value.data() + value.value.size(), number);
      out.value = number;
      break;
    }
    case rule::Kind::day:
    case rule::Kind::text: out.value = value.value; break;
  }
  return out;
}

}  // namespace

std::string table_of(const Ledger& ledger) { return "ledger_" + ledger.id; }

rule::Kind kind_of(ColumnType type) {
  switch (type) {
    case ColumnType::truth: return rule::Kind::truth;
    case ColumnType::integer: return rule::Kind::integer;
    case ColumnType::real:
    case ColumnType::percent: return rule::Kind::real;
    case ColumnType::money: return rule::Kind::money;
    case ColumnType::date: return rule::Kind::day;
    case ColumnType::text:
    case ColumnType::code: return rule::Kind::text;
  }
  return rule::Kind::text;
}

rule::Schema rule_schema(const rule::Schema& subjects, const Pack& pack) {
  rule::Schema schema = subjects;
  for (const Ledger& ledger : pack.ledgers) {
    if (ledger.subject == Subject::none || schema.rows.contains(ledger.id)) continue;
    const auto subject = schema.rows.find(std::string(name_of(ledger.subject)));
    if (subject == schema.rows.end()) continue;
    subject->second.relations.push_back(relation_of(ledger, subject->second));
    schema.rows.emplace(ledger.id, rows_of(ledger));
  }
  for (const CodeList& list : pack.codes) {
    auto& values = schema.code_lists[list.id];
    values.clear();
    for (const CodeValue& value : list.values) values.push_back(value.id);
  }
  for (const Fact& fact : pack.facts) {
    schema.facts.push_back({std::string(name_of(fact.subject)), fact.name, fact.expression.text, fact.expression.place});
  }
  for (const Parameter& parameter : pack.parameters) {
    rule::Parameter out{parameter.id, kind_of(parameter.type), {}};
    for (const ParameterValue& value : parameter.values) out.values.push_back({value.from, constant_of(value, parameter.type)});
    schema.parameters.push_back(std::move(out));
  }
  return schema;
}

base::Result<rule::Compiler> compiler_of(const rule::Schema& subjects, const Pack& pack) {
  return rule::Compiler::make(rule_schema(subjects, pack));
}

std::optional<std::vector<std::string>> placeholders(std::string_view sentence) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < sentence.size();) {
    const auto open = sentence.find_first_of("{}", at);
    if (open == sentence.npos) break;
    const auto close = sentence.find_first_of("{}", open + 1);
    if (sentence[open] == '}' || close == sentence.npos || sentence[close] == '{') return std::nullopt;
    out.emplace_back(sentence.substr(open + 1, close - open - 1));
    at = close + 1;
  }
  return out;
}

}  // namespace yihu::pack
