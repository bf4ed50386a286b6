// What is refused and in which words; facts, parameters, what an expression reads, and how it is explained.
#include "rule/compiler.h"
#include "rule/query.h"

#include "base/date.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace yihu::rule {
namespace {

Schema small_schema() {
  Schema schema;
  schema.code_lists["status"] = {"general", "candidate", "poor", "exited_supported"};
  schema.code_lists["sex"] = {"male", "female"};
  schema.rows["household"] = {
      .name = "household", .table = "household", .area = "village", .subject = true,
      .fields = {{"status", Kind::text, "status", true, "status"}, {"land", Kind::real, "arable_mu"}, {"village", Kind::text, "village", true},
                 {"debt", Kind::money, "debt"}},
      .relations = {{"members", "person", Cardinality::many, "id", "household"},
                    {"water", "water", Cardinality::many, "id", "subject", Completeness::by_delivery, "water", Period::year, true}}};
  schema.rows["person"] = {
      .name = "person", .table = "person", .area = "village", .subject = true,
      .fields = {{"birth", Kind::day, "birth"}, {"sex", Kind::text, "sex", false, "sex"}, {"work_months", Kind::integer, "work_months"}},
      .relations = {{"household", "household", Cardinality::one, "household", "id"}}};
  schema.rows["water"] = {.name = "water", .table = "ledger_water", .period = "period",
                          .fields = {{"quality", Kind::truth, "quality"}, {"year", Kind::integer, "year"}}};
  schema.parameters = {{"poverty_line", Kind::money, {{base::make_date(2019, 1, 1), {Kind::money, std::int64_t{321800}}},
                                                      {base::make_date(2020, 1, 1), {Kind::money, std::int64_t{400000}}}}}};
  schema.facts = {{"person", "working_age", "age(person.birth, today) >= 16 && age(person.birth, today) < 60"},
                  {"household", "has_worker", "household.members.exists(m, m.working_age)"}};
  return schema;
}

base::Place at(const char* file, int line, int column) { return {.file = file, .line = line, .column = column, .cell = {}, .field = {}}; }

std::string refusal(const Schema& schema, const std::string& subject, const std::string& text, std::optional<Kind> wanted = Kind::truth) {
  const auto compiler = Compiler::make(schema);
  EXPECT_TRUE(compiler);
  const auto expression = compiler->compile(subject, text, at("pack.yaml", 7, 12), wanted);
  return expression ? "" : base::describe(expression.error(), base::Language::en);
}

TEST(RuleCompiler, SaysWhatIsWrongWhereAndWhatWasMeant) {
  const Schema schema = small_schema();
  const std::vector<std::pair<std::string, std::string>> cases{
      {"household.statsu == 'poor'", "pack.yaml:7:22: household has no field, relation or fact \"statsu\". Did you mean \"status\"?"},
      {"household.status == 'poorr'", "pack.yaml:7:32: \"poorr\" is not among the values of status. Did you mean \"poor\"?"},
      {"household.status in ['poor', 'exited_suported']", "pack.yaml:7:41: \"exited_suported\" is not among the values of status. Did you mean \"exited_supported\"?"},
      {"houshold.land > 1.0", "pack.yaml:7:12: Nothing is called \"houshold\". Did you mean \"household\"?"},
      {"person.sex == 'male'", "pack.yaml:7:12: This rule is about a household; person cannot be named directly. Begin with \"household.\""},
      {"household.debt > 4000", "pack.yaml:7:27: \">\" does not go between an amount of money and a whole number. Write amounts of money as yuan(…)."},
      {"household.debt > povety_line", "pack.yaml:7:29: Nothing is called \"povety_line\". Did you mean \"poverty_line\"?"},
      {"household.land", "pack.yaml:7:12: Wanted here is a truth value, written is a real number."},
      {"household.members.sex == 'male'", "pack.yaml:7:30: There is no \"sex\" in rows of person. Look at them one by one with exists(r, …), all(r, …) or filter(r, …)."},
      {"household.members.exist(m, true)", "pack.yaml:7:30: There is no method \"exist\". Did you mean \"exists\"?"},
      {"yaer(today) == 2019", "pack.yaml:7:12: There is no function \"yaer\". Did you mean \"year\"?"},
      {"household.land = 1.0", "pack.yaml:7:27: Equality is written \"==\"."},
      {"household.land ==", "pack.yaml:7:29: The expression ends too early."},
      {"date('2019-02-30') < today", "pack.yaml:7:17: date(…) takes a day that exists, such as \"2019-04-30\"."},
      {"household.status == null", "pack.yaml:7:32: There is no null in rules; what is missing is unknown. To ask whether there is a value, write has(…)."},
      {"household.village == \"x\"; DROP TABLE household", "pack.yaml:7:36: The character \";\" means nothing here. Put text in quotes."},
      {"\n household.land > 1", ""},
      {"has(household.water.quality) && household.water.quality", ""},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(refusal(schema, "household", text), wanted) << text;
}

TEST(RuleCompiler, AllMistakesComeAtOnceEachInItsLine) {
  const std::string text = refusal(small_schema(), "household", "household.lan > 1.0\n  && household.status == 'pour'\n  && househol.debt > yuan(1)");
  EXPECT_EQ(text,
            "pack.yaml:7:22: household has no field, relation or fact \"lan\". Did you mean \"land\"?\n"
            "pack.yaml:8:26: \"pour\" is not among the values of status. Did you mean \"poor\"?\n"
            "pack.yaml:9:6: Nothing is called \"househol\". Did you mean \"household\"?");
}

TEST(RuleCompiler, FactsInACircleAreNamedOnce) {
  Schema schema = small_schema();
  schema.facts = {{"household", "c", "household.a", at("f.yaml", 3, 1)}, {"household", "a", "household.members.exists(m, m.b)", at("f.yaml", 1, 1)},
                  {"person", "b", "person.household.c", at("f.yaml", 2, 1)}, {"household", "d", "household.a && household.land > 1"}};
  const auto compiler = Compiler::make(schema);
  ASSERT_FALSE(compiler);
  EXPECT_EQ(base::describe(compiler.error(), base::Language::en),
            "f.yaml:1:1: Facts define each other in a circle: household.a → person.b → household.c → household.a. One of them has to rest on fields alone.");
  schema.facts = {{"household", "a", "household.a", {}}};
  EXPECT_EQ(Compiler::make(schema).error().code, "fact_cycle");
}

TEST(RuleCompiler, HugeExpressionsAreRefusedInTime) {
  const Schema schema = small_schema();
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "(";
  std::string bangs(16000, '!');
  std::string dots = "household";
  for (int i = 0; i < 3000; ++i) dots += ".a[0";
  std::string sum = "1";
  for (int i = 0; i < 4000; ++i) sum += "+1";
  std::string nested = "x0";
  for (int i = 0; i < 12; ++i) nested = fmt::format("[1,2,3,4,5,6,7,8,9].exists(x{}, {})", i, i == 0 ? "x0 > 3" : nested);
  for (const std::string& text : {deep, bangs, dots, sum, std::string(20000, 'a'), nested}) {
    const auto compiler = Compiler::make(schema);
    const auto expression = compiler->compile("household", text);
    ASSERT_FALSE(expression);
    EXPECT_EQ(expression.error().code, "rule_limit") << text.substr(0, 40);
  }
  // Each fact twice the size of the one before.
  Schema doubling = small_schema();
  doubling.facts = {{"household", "f0", "household.land > 1.0"}};
  for (int i = 1; i < 16; ++i) doubling.facts.push_back({"household", fmt::format("f{}", i), fmt::format("household.f{0} && household.f{0}", i - 1)});
  const auto compiler = Compiler::make(doubling);
  ASSERT_FALSE(compiler);
  EXPECT_EQ(compiler.error().code, "rule_limit");
}

TEST(RuleCompiler, KnowsWhatAnExpressionReads) {
  const Compiler compiler = *Compiler::make(small_schema());
  const Reads reads = compiler.compile("person", "person.household.has_worker && person.household.debt < poverty_line && !person.household.water.exists(w, w.quality)")->reads();
  const std::set<Column> wanted{{"person", "household"}, {"household", "id"},        {"person", "birth"}, {"household", "debt"},
                                {"ledger_water", "subject"}, {"ledger_water", "quality"}, {"household", "village"}};
  EXPECT_EQ(reads.columns, wanted);
  EXPECT_EQ(reads.ledgers, std::set<std::string>{"water"});
  EXPECT_EQ(reads.parameters, std::set<std::string>{"poverty_line"});
  EXPECT_EQ(reads.facts, (std::set<std::string>{"household.has_worker", "person.working_age"}));
  EXPECT_TRUE(reads.today);
  EXPECT_FALSE(compiler.compile("household", "household.land > 1")->reads().today);
  EXPECT_TRUE(compiler.compile("household", "household.water.quality")->reads().columns.contains({"ledger_water", "period"}));
}

TEST(RuleCompiler, PartsShowWhatDecided) {
  const Compiler compiler = *Compiler::make(small_schema());
  const std::string text = "household.status == 'poor' && household.debt / 2 < poverty_line && household.has_worker";
  const auto expression = compiler.compile("household", text);
  std::vector<std::string> shown;
  for (const Part& part : parts_of(*expression)) {
    const std::string inside = part.inside.empty() ? text : "";
    shown.push_back(fmt::format("{}{}{}", std::string(static_cast<std::size_t>(part.depth), ' '), inside.substr(part.span.begin, part.span.end - part.span.begin),
                                part.inside.empty() ? "" : "in " + part.inside));
  }
  const std::vector<std::string> wanted{
      text, " household.status == 'poor'", "  household.status", " household.debt / 2 < poverty_line", "  household.debt / 2", "   household.debt", "  poverty_line",
      " household.has_worker", "  in household.has_worker", "   in household.has_worker"};
  EXPECT_EQ(shown, wanted);
  std::vector<Expression> all;
  for (const Part& part : parts_of(*expression)) all.push_back(part.expression);
  EXPECT_EQ(fuse(compiler, all, {.which = QueryOptions::Which::parameter}).size(), 1U);
}

TEST(RuleCompiler, ParametersTakeTheValueInForce) {
  const Compiler compiler = *Compiler::make(small_schema());
  const std::vector<Expression> line{*compiler.compile("household", "poverty_line")};
  const auto sql = [&](int year) { return fuse(compiler, line, {.today = base::make_date(year, 4, 30)}).front().sql; };
  EXPECT_NE(sql(2019).find("CAST(321800 AS BIGINT)"), std::string::npos);
  EXPECT_NE(sql(2021).find("CAST(400000 AS BIGINT)"), std::string::npos);
  EXPECT_NE(sql(2018).find("NULL"), std::string::npos);
}

TEST(RuleCompiler, ManyTablesBecomeSeveralStatements) {
  Schema schema = small_schema();
  std::vector<std::string> texts;
  for (int i = 0; i < 150; ++i) {
    const std::string name = fmt::format("l{}", i);
    schema.rows[name] = {.name = name, .table = name, .fields = {{"x", Kind::truth, "x"}}};
    schema.rows["household"].relations.push_back({name, name, Cardinality::many, "id", "subject"});
    texts.push_back(fmt::format("household.{}.exists(r, r.x)", name));
  }
  const Compiler compiler = *Compiler::make(schema);
  std::vector<Expression> expressions;
  for (const std::string& text : texts) expressions.push_back(*compiler.compile("household", text));
  std::vector<std::size_t> answered;
  for (const Query& query : fuse(compiler, expressions, {})) answered.insert(answered.end(), query.expressions.begin(), query.expressions.end());
  std::ranges::sort(answered);
  ASSERT_EQ(answered.size(), texts.size());
  for (std::size_t i = 0; i < answered.size(); ++i) EXPECT_EQ(answered[i], i);
}

/// Whoever it is false of is not asked further, so it must never be false where the condition is not.
TEST(RuleCompiler, APremiseIsWhatTheSubjectsOwnRowsTell) {
  const Compiler compiler = *Compiler::make(small_schema());
  const auto shape = [&](const std::string& text) -> std::optional<std::string> {
    const auto found = compiler.premise(*compiler.compile("person", text));
    return found ? std::optional(found->shape) : std::nullopt;
  };
  const std::string poor = "person.household.status == 'poor'";
  const std::string many = "person.household.members.size() > 3";
  const auto itself = shape(poor);
  ASSERT_TRUE(itself);
  EXPECT_EQ(shape(poor + " && " + many), itself);
  EXPECT_EQ(shape(many + " && (" + poor + " && " + many + ")"), itself);
  EXPECT_EQ(shape("(" + poor + " && " + many + ") || (" + many + " && " + poor + ")"), shape(poor + " || " + poor));
  EXPECT_NE(shape("person.household.status == 'candidate' && " + many), itself);
  EXPECT_FALSE(shape(poor + " || " + many));
  EXPECT_FALSE(shape("!(" + poor + " && " + many + ")"));
  EXPECT_FALSE(shape(many));
  EXPECT_FALSE(shape("true"));
}

RC_GTEST_PROP(RuleCompiler, TextIsNeverMoreThanTextInSql, (const std::string& text)) {
  RC_PRE(text.find('\0') == text.npos);
  const std::string sql = literal({Kind::text, text}, Engine::postgres);
  RC_ASSERT(sql.size() >= 2U);
  std::string back;
  for (std::size_t i = 1; i + 1 < sql.size(); ++i) {
    back += sql[i];
    if (sql[i] != '\'') continue;
    RC_ASSERT(sql[i + 1] == '\'' && i + 2 < sql.size());
    ++i;
  }
  RC_ASSERT(back == text);
}

}  // namespace
}  // namespace yihu::rule
