// Whatever is written as an expression is compiled or refused with a place and a reason; what is compiled becomes SQL for
// every engine, in which each quotation ends.

#include "rule/compiler.h"
#include "rule/query.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace yihu;

rule::Compiler compiler() {
  rule::Schema schema;
  schema.code_lists["status"] = {"poor", "general"};
  schema.rows["household"] = {
      .name = "household", .table = "household", .area = "village", .subject = true,
      .fields = {{"t", rule::Kind::truth, "t"}, {"i", rule::Kind::integer, "i"}, {"r", rule::Kind::real, "r"}, {"m", rule::Kind::money, "m"},
                 {"x", rule::Kind::text, "x"}, {"d", rule::Kind::day, "d"}, {"s", rule::Kind::text, "s", true, "status"}},
      .relations = {{"members", "person", rule::Cardinality::many, "id", "household"},
                    {"water", "water", rule::Cardinality::many, "id", "subject", rule::Completeness::by_delivery, "water", rule::Period::year, true}}};
  schema.rows["person"] = {.name = "person", .table = "person", .area = "village", .subject = true,
                           .fields = {{"i", rule::Kind::integer, "i"}, {"d", rule::Kind::day, "d"}},
                           .relations = {{"home", "household", rule::Cardinality::one, "household", "id"}}};
  schema.rows["water"] = {.name = "water", .table = "water", .period = "period", .fields = {{"t", rule::Kind::truth, "t"}, {"m", rule::Kind::money, "m"}}};
  schema.parameters = {{"line", rule::Kind::money, {{base::make_date(2019, 1, 1), {rule::Kind::money, std::int64_t{321800}}}}}};
  schema.facts = {{"household", "f", "household.members.exists(m, m.i > 3)"}};
  auto made = rule::Compiler::make(std::move(schema));
  if (!made) std::abort();
  return *made;
}

void expect(bool condition) {
  if (!condition) std::abort();
}

bool quotations_end(std::string_view sql) {
  char open = 0;
  for (const char c : sql) {
    if (open == 0 && (c == '\'' || c == '"')) open = c;
    else if (c == open) open = 0;
  }
  return open == 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rule::Compiler known = compiler();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto expression = known.compile("household", text);
  if (!expression) {
    const base::Error& error = expression.error();
    expect(error.kind == base::ErrorKind::input && !error.text.empty() && error.place.line > 0 && error.place.column > 0);
    return 0;
  }
  expect(!rule::parts_of(*expression).empty());
  for (const rule::Engine engine : std::array{rule::Engine::sqlite, rule::Engine::postgres, rule::Engine::duckdb}) {
    for (const rule::Query& query : rule::fuse(known, std::span(&*expression, 1), {.engine = engine, .which = rule::QueryOptions::Which::parameter})) {
      expect(quotations_end(query.sql));
    }
  }
  return 0;
}
