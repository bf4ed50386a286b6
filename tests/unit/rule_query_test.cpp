// Expressions about rows, on every engine: what they yield, and that unknown stays unknown.
#include "rule_engines.h"

#include "rule/compiler.h"

#include <algorithm>

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

/// Two villages and a town in one table; households with members, one of whom a ledger has checked.
Schema village_schema() {
  Schema schema;
  schema.rows["village"] = {.name = "village", .table = "area", .key = "code", .area = "code", .subject = true,
                            .relations = {{"households", "household", Cardinality::many, "code", "village"}},
                            .only_column = "level", .only_value = "village"};
  schema.rows["household"] = {.name = "household", .table = "household", .area = "village", .subject = true,
                              .relations = {{"place", "village", Cardinality::one, "village", "code"},
                                            {"checks", "checks", Cardinality::many, "id", "subject", Completeness::by_delivery, "checks", Period::month}}};
  schema.rows["checks"] = {.name = "checks", .table = "checks", .period = "period", .fields = {{"passed", Kind::truth, "passed"}, {"score", Kind::integer, "score"}}};
  return schema;
}

void fill_villages(Database& database) {
  const std::string v1 = "460108100201";
  const std::string v2 = "460108101202";
  const auto text = [](const std::string& value) { return Cell{value}; };
  const auto number = [](int value) { return Cell{std::int64_t{value}}; };
  database.fill("area", {{"code", Kind::text}, {"level", Kind::text}}, {{text(v1), text("village")}, {text(v2), text("village")}, {text("460108100"), text("town")}});
  database.fill("household", {{"id", Kind::text}, {"village", Kind::text}}, {{text("a"), text(v1)}, {text("b"), text(v1)}, {text("c"), text(v2)}, {text("d"), text("460108100")}});
  database.fill("checks", {{"id", Kind::text}, {"subject", Kind::text}, {"period", Kind::text}, {"passed", Kind::truth}, {"score", Kind::integer}},
                {{text("1"), text("a"), text("2019-04"), number(0), number(7)}, {text("2"), text("a"), text("2019-03"), {}, number(9)}, {text("3"), text("c"), text("2019-04"), number(1), {}}});
  // Delivered for the first village's town, this month; for the second's, last month only.
  database.fill("delivery", {{"ledger", Kind::text}, {"area", Kind::text}, {"period", Kind::text}},
                {{text("checks"), text("460108100"), text("2019-04")}, {text("checks"), text("460108101"), text("2019-03")}});
}

std::map<std::string, Cell> answers(Database& database, const std::string& subject, const std::string& text) {
  const Compiler compiler = *Compiler::make(village_schema());
  const std::vector<Expression> asked{*compiler.compile(subject, text)};
  std::string said;
  const auto rows = database.ask(fuse(compiler, asked, {.engine = database.engine(), .today = base::make_date(2019, 4, 30)}).front().sql, said);
  EXPECT_TRUE(rows) << said;
  std::map<std::string, Cell> out;
  for (const Row& row : *rows) out[std::get<std::string>(row[0])] = row[1];
  return out;
}

TEST(RuleQuery, NoRowMeansNoOnlyWhereTheLedgerWasDelivered) {
  const std::vector<std::pair<std::string, std::vector<Cell>>> cases{
      {"household.checks.exists(c, c.passed)", {unknown, no, yes, no}},
      {"household.checks.exists(c, c.score == 9)", {yes, no, unknown, no}},
      {"household.checks.all(c, c.passed)", {no, yes, unknown, yes}},
      {"household.checks.size()", {std::int64_t{2}, std::int64_t{0}, unknown, std::int64_t{0}}},
      {"household.checks.map(c, c.score).sum()", {std::int64_t{16}, std::int64_t{0}, unknown, std::int64_t{0}}},
      {"household.checks.map(c, c.score).max()", {std::int64_t{9}, unknown, unknown, unknown}},
      {"has(household.place) && household.place.households.size() == 2", {yes, yes, no, no}},
  };
  for (const auto& database : databases()) {
    fill_villages(*database);
    for (const auto& [text, wanted] : cases) {
      const auto found = answers(*database, "household", text);
      const std::vector<Cell> cells{found.at("a"), found.at("b"), found.at("c"), found.at("d")};
      for (std::size_t i = 0; i < cells.size(); ++i) EXPECT_TRUE(cells[i] == wanted[i]) << text << " of " << i << ": " << words(cells[i]) << " on " << name_of(database->engine());
    }
  }
}

TEST(RuleQuery, OfOneSubjectWhatManyRulesAskIsReckonedOnce) {
  Sqlite database;
  fill_villages(database);
  database.parameters = {{":today", "2019-04-30"}, {":subject", "a"}};
  const Compiler compiler = *Compiler::make(village_schema());
  const std::string seldom = "household.checks.exists(c, c.score == 9)";
  const std::string often = "household.checks.filter(c, c.score < 8).size() == 1 && household.checks.all(c, has(c.score))";
  const std::vector<Expression> asked{*compiler.compile("household", often), *compiler.compile("household", "(" + often + ") && " + seldom),
                                      *compiler.compile("household", "(" + often + ") == (" + seldom + ")"), *compiler.compile("household", "!(" + often + ")")};
  const std::vector<Query> queries = fuse(compiler, asked, {.engine = Engine::sqlite, .which = QueryOptions::Which::parameter});
  ASSERT_EQ(queries.size(), 1U);
  const std::string& sql = queries.front().sql;
  const auto first = sql.find(" = 1) AND ");
  EXPECT_NE(first, sql.npos) << sql;
  EXPECT_EQ(sql.find(" = 1) AND ", first + 1), sql.npos) << sql;
  std::string said;
  const auto rows = database.ask(sql, said);
  ASSERT_TRUE(rows) << said << sql;
  const std::vector<Cell> wanted{yes, yes, yes, no};
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_TRUE(rows->front()[i + 1] == wanted[i]) << i << ": " << words(rows->front()[i + 1]);
}

TEST(RuleQuery, OnlyVillagesOfTheTableOfAreasAreAsked) {
  for (const auto& database : databases()) {
    fill_villages(*database);
    const std::map<std::string, Cell> wanted{{"460108100201", std::int64_t{2}}, {"460108101202", std::int64_t{1}}};
    EXPECT_TRUE(answers(*database, "village", "village.households.size()") == wanted) << name_of(database->engine());
  }
}

/// DuckDB compares births where the others reckon ages.
TEST(RuleQuery, AgesAreComparedAlikeOnTheDayItselfAndBesideIt) {
  Schema schema;
  schema.rows["person"] = {.name = "person", .table = "person", .subject = true, .fields = {{"birth", Kind::day, "birth"}}};
  const Compiler compiler = *Compiler::make(schema);
  std::vector<Row> people{{std::string("unknown"), {}}};
  for (const char* birth : {"2004-02-28", "2004-02-29", "2004-03-01", "2003-12-31", "2020-02-29", "2020-03-01", "1920-02-29", "0000-01-01"}) {
    people.push_back({std::string(birth), std::string(birth)});
  }
  std::vector<Expression> asked;
  for (const char* sign : {"<", "<=", ">", ">=", "=="}) {
    for (const char* years : {"0", "15", "16", "99", "100", "2019", "2020", "2021", "-1"}) {
      for (const char* day : {"today", "date('2020-02-28')"}) {
        asked.push_back(*compiler.compile("person", fmt::format("age(person.birth, {}) {} {}", day, sign, years)));
        asked.push_back(*compiler.compile("person", fmt::format("{} {} age(person.birth, {})", years, sign, day)));
      }
    }
  }
  std::map<int, std::vector<Row>> said_of;
  for (const auto& database : databases()) {
    database->fill("person", {{"id", Kind::text}, {"birth", Kind::day}}, people);
    for (const base::Date today : {base::make_date(2020, 2, 29), base::make_date(2019, 3, 1)}) {
      std::string said;
      auto rows = database->ask(fuse(compiler, asked, {.engine = database->engine(), .today = today}).front().sql, said);
      ASSERT_TRUE(rows) << said;
      std::ranges::sort(*rows);
      const auto [known, first] = said_of.try_emplace(static_cast<int>(today.year()), *rows);
      EXPECT_TRUE(known->second == *rows) << name_of(database->engine());
    }
  }
}

TEST(RuleQuery, HandsColumnsOnAndLeavesOthersOut) {
  const Compiler compiler = *Compiler::make(village_schema());
  const std::vector<Expression> asked{*compiler.compile("household", "household.checks.size() == 2")};
  for (const auto& database : databases()) {
    fill_villages(*database);
    QueryOptions options{.engine = database->engine(), .today = base::make_date(2019, 4, 30), .columns = {"village"}};
    options.only = *compiler.compile("household", "has(household.place) && household.checks.exists(c, true)");
    std::string said;
    const auto rows = database->ask(fuse(compiler, asked, options).front().sql, said);
    ASSERT_TRUE(rows) << said;
    std::vector<Row> sorted = *rows;
    std::ranges::sort(sorted);
    const std::vector<Row> wanted{{std::string("a"), std::string("460108100201"), yes}, {std::string("c"), std::string("460108101202"), unknown}};
    EXPECT_TRUE(sorted == wanted) << name_of(database->engine());
  }
}

TEST(RuleQuery, RowsBehindAnExpressionSayWhatEachOfThemYields) {
  const Compiler compiler = *Compiler::make(village_schema());
  const Expression all = *compiler.compile("household", "household.checks.filter(c, c.score > 7).all(c, c.passed)");
  EXPECT_FALSE(rows_behind(compiler, *compiler.compile("household", "1 > 0"), {}));
  for (const auto& database : databases()) {
    fill_villages(*database);
    const auto sql = rows_behind(compiler, all, {.engine = database->engine(), .today = base::make_date(2019, 4, 30), .which = QueryOptions::Which::keys, .keys = {"a"}});
    std::string said;
    auto rows = database->ask(*sql, said);
    ASSERT_TRUE(rows) << said;
    std::ranges::sort(*rows);
    const std::vector<Row> wanted{{std::string("1"), no, no}, {std::string("2"), yes, unknown}};
    EXPECT_TRUE(*rows == wanted) << name_of(database->engine());
  }
}

}  // namespace
}  // namespace yihu::rule
