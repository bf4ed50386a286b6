// The table of outcomes, in C++ and as SQL on DuckDB: the same answer for every pair of three values.

#include "engine/duckdb.h"
#include "screen/outcome.h"
#include "screen/rule_book.h"
#include "screen/wording.h"

#include <gtest/gtest.h>

namespace yihu::screen {
namespace {

constexpr Truth truths[] = {Truth(true), Truth(false), Truth()};

const char* sql_of(Truth truth) { return !truth ? "CAST(NULL AS INTEGER)" : *truth ? "1" : "0"; }

TEST(Outcome, SqlAndCodeAgree) {
  auto engine = engine::Duckdb::open({.threads_max = 1});
  ASSERT_TRUE(engine);
  for (const auto kind : {pack::RuleKind::guarantee, pack::RuleKind::entitlement, pack::RuleKind::risk, pack::RuleKind::consistency}) {
    for (const Truth first : truths) {
      for (const Truth second : truths) {
        const std::string sql = fmt::format("SELECT {} FROM (SELECT {} AS a, {} AS b)", outcome_sql(kind, "a", "b"), sql_of(first), sql_of(second));
        auto answer = (*engine)->ask(sql);
        ASSERT_TRUE(answer && answer->next()) << sql;
        EXPECT_EQ(answer->integer(0, 0), static_cast<int>(outcome_of(kind, first, second))) << sql;
      }
    }
  }
}

TEST(Outcome, UnknownIsNeverWell) {
  EXPECT_EQ(outcome_of(pack::RuleKind::guarantee, true, std::nullopt), Outcome::unknown);
  EXPECT_EQ(outcome_of(pack::RuleKind::guarantee, std::nullopt, true), Outcome::unknown);
  EXPECT_EQ(outcome_of(pack::RuleKind::guarantee, false, std::nullopt), Outcome::not_applicable);
  EXPECT_EQ(outcome_of(pack::RuleKind::entitlement, true, std::nullopt), Outcome::unknown);
  EXPECT_EQ(outcome_of(pack::RuleKind::entitlement, false, std::nullopt), Outcome::not_entitled);
  EXPECT_EQ(outcome_of(pack::RuleKind::entitlement, false, true), Outcome::served_not_entitled);
  EXPECT_EQ(outcome_of(pack::RuleKind::risk, true, std::nullopt), Outcome::unknown);
}

TEST(Outcome, NamesGoBothWays) {
  for (int at = 0; at < outcomes; ++at) {
    const auto outcome = static_cast<Outcome>(at);
    EXPECT_EQ(outcome_from_name(name_of(outcome)), outcome);
    EXPECT_FALSE(label_of(outcome).empty());
  }
  EXPECT_FALSE(outcome_from_name("nothing"));
}

TEST(Period, IsThatOfTheDay) {
  const auto day = base::make_date(2019, 6, 30);
  EXPECT_EQ(period_on(rule::Period::none, day), "");
  EXPECT_EQ(period_on(rule::Period::year, day), "2019");
  EXPECT_EQ(period_on(rule::Period::half_year, day), "2019-H1");
  EXPECT_EQ(period_on(rule::Period::half_year, base::make_date(2019, 7, 1)), "2019-H2");
  EXPECT_EQ(period_on(rule::Period::quarter, day), "2019-Q2");
  EXPECT_EQ(period_on(rule::Period::month, day), "2019-06");
}

TEST(Wording, FillsSentences) {
  Values values;
  values["person.name"] = {"张三", "Zhang San"};
  EXPECT_EQ(filled({"{person.name} 缺 {x}。", "{person.name} lacks {x}."}, values), (base::Text{"张三 缺 …。", "Zhang San lacks …."}));
  EXPECT_EQ(placeholders({"{a}{b", "}{c}"}), (std::set<std::string>{"a", "c"}));
  EXPECT_EQ(yuan_text(123'456'789), "1,234,567.89");
  EXPECT_EQ(yuan_text(-5), "-0.05");
  EXPECT_EQ(words_of(std::monostate{}, rule::Kind::money, "", {}).zh, "不详");
  EXPECT_EQ(words_of(std::int64_t{400'000}, rule::Kind::money, "", {}).zh, "4,000.00 元");
  EXPECT_EQ(words_of(2.50, rule::Kind::real, "", {}).en, "2.5");
}

}  // namespace
}  // namespace yihu::screen
