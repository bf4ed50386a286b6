// Expressions about rows, on every engine: what they yield, and that unknown stays unknown.
#include "rule_engines.h"

#include "rule/compiler.h"

namespace yihu::rule {
namespace {

Schema one_row() {
  Schema schema;
  schema.rows["one"] = {.name = "one", .table = "one", .subject = true};
  return schema;
}

/// What an expression without any row yields.
Cell value_of(Database& database, const std::string& text) {
  database.fill("one", {{"id", Kind::text}}, {{std::string("x")}});
  const auto compiler = Compiler::make(one_row());
  EXPECT_TRUE(compiler);
  const auto expression = compiler->compile("one", text);
  EXPECT_TRUE(expression) << text << ": " << base::describe(expression.error(), base::Language::en);
  if (!expression) return std::string("refused");
  const std::vector<Query> queries = fuse(*compiler, std::span(&*expression, 1), {.engine = database.engine()});
  std::string said;
  const auto rows = database.ask(queries.front().sql, said);
  EXPECT_TRUE(rows) << name_of(database.engine()) << ": " << said << "\n" << queries.front().sql;
  if (!rows) return std::string("failed");
  return rows->front()[1];
}

const Cell yes = std::int64_t{1};
const Cell no = std::int64_t{0};
const Cell unknown = std::monostate{};

TEST(RuleQuery, ConstantsYieldTheSameEverywhere) {
  const std::vector<std::pair<std::string, Cell>> cases{
      {"7 / 2", std::int64_t{3}},
      {"-7 / 2", std::int64_t{-3}},
      {"-7 % 2", std::int64_t{-1}},
      {"1 / 0", unknown},
      {"1 % 0", unknown},
      {"9223372036854775807 + 1", unknown},
      {"-9223372036854775808 - 1", unknown},
      {"-9223372036854775808 + 0", std::int64_t{std::numeric_limits<std::int64_t>::min()}},
      {"-9223372036854775808 / -1", unknown},
      {"3037000500 * 3037000500", unknown},
      {"-(-9223372036854775808)", unknown},
      {"false && 1 / 0 == 1", no},
      {"1 / 0 == 1 && false", no},
      {"true || 1 / 0 == 1", yes},
      {"1 / 0 == 1 || false", unknown},
      {"1 / 0 == 1 ? 1 : 2", unknown},
      {"1.0 / 0.0", unknown},
      {"1e308 * 10.0", unknown},
      {"1e308 + 1e308", unknown},
      {"1e-308 * 1e-308", 0.0},
      {"0.1 + 0.2", 0.1 + 0.2},
      {"1 == 1.0", yes},
      {"9223372036854775807 == 9223372036854775808.0", yes},
      {"9007199254740993 == 9007199254740994.0", no},
      {"yuan(10) / 4", std::int64_t{250}},
      {"yuan(0.05) / 2", std::int64_t{2}},
      {"yuan(0.15) / 2", std::int64_t{8}},
      {"yuan(-0.15) / 2", std::int64_t{-8}},
      {"yuan(1) / yuan(4)", 0.25},
      {"yuan(100) * 0.333", std::int64_t{3330}},
      {"yuan(1) / 0", unknown},
      {"'1' + '2' == '12'", yes},
      {"size('医保😀')", std::int64_t{3}},
      {"'Z' < 'a' && 'a' < '中' && '中' < '😀'", yes},
      {"'abc'.contains('') && 'abc'.endsWith('') && 'abc'.startsWith('')", yes},
      {"1 in []", no},
      {"1 in [2, 1 / 0]", unknown},
      {"[1, 2, 3].exists(x, x > 2)", yes},
      {"[1, 2, 0].exists(x, 6 / x == 3)", yes},
      {"[1, 2, 0].all(x, 6 / x > 1)", unknown},
      {"[1, 2, 3].filter(x, x > 1).map(x, x * x) == [4, 9]", yes},
      {"[1, 2, 3].exists_one(x, x > 2)", yes},
      {"size([1, 2, 3].filter(x, x > 1))", std::int64_t{2}},
      {"[3, 1, 2].max() - min(3, 1, 2) + [1, 2].sum()", std::int64_t{5}},
      {"age(date('2000-02-29'), date('2019-02-28'))", std::int64_t{18}},
      {"days_between(date('2019-02-27'), date('2020-03-01'))", std::int64_t{368}},
      {"year(date('2019-04-30')) * 100 + month(date('2019-04-30')) + day(date('2019-04-30'))", std::int64_t{201934}},
      {"int(-3.7)", std::int64_t{-3}},
      {"int(1e19)", unknown},
      {"string(-5)", std::string("-5")},
  };
  for (const auto& database : databases()) {
    for (const auto& [text, wanted] : cases) {
      const Cell found = value_of(*database, text);
      EXPECT_TRUE(found == wanted) << words(found) << ", wanted " << words(wanted) << ": " << text << " on " << name_of(database->engine());
    }
  }
}

}  // namespace
}  // namespace yihu::rule
