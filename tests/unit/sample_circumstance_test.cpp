#include "sample/circumstance.h"

#include <gtest/gtest.h>

#include <set>

namespace yihu::sample {
namespace {

const base::Date today = base::make_date(2019, 6, 30);

Households villages(std::uint64_t seed) { return {villages_of("460108", 12), {.today = today}, seed}; }

bool works(const PersonCircumstance& one) { return one.labour == "skilled" || one.labour == "ordinary" || one.labour == "weak"; }

TEST(Circumstance, AgreesWithItself) {
  Households from = villages(3);
  Random random(5);
  for (int i = 0; i < 3000; ++i) {
    const Household household = from.next();
    const Circumstance life = circumstance_of(household, {today, 2016, 250'000, 700'000}, random);
    ASSERT_EQ(life.members.size(), household.members.size());
    int months = 0;
    int workers = 0;
    bool ill = false, disabled = false, student = false;
    for (std::size_t at = 0; at < life.members.size(); ++at) {
      const PersonCircumstance& one = life.members[at];
      const int age = age_on(household.members[at].birth, today);
      const bool learns = one.schooling != "not_student";
      EXPECT_EQ(one.work_months == 0, one.work_place == "none");
      EXPECT_TRUE(one.work_months == 0 || (works(one) && !learns)) << age;
      EXPECT_TRUE(age >= 16 || !works(one)) << age;
      EXPECT_TRUE(!learns || age <= 30) << age;
      EXPECT_TRUE(age < 6 || age > 15 || learns) << age;
      months += one.work_months;
      workers += works(one);
      ill = ill || one.chronic || one.serious_illness;
      disabled = disabled || one.disabled;
      student = student || learns;
    }
    EXPECT_TRUE(life.main_cause != "illness" || ill);
    EXPECT_TRUE(life.main_cause != "disability" || disabled);
    EXPECT_TRUE(life.main_cause != "schooling" || student);
    EXPECT_TRUE(life.main_cause != "labour" || workers < 3);
    EXPECT_LE(life.irrigated_mu, life.arable_mu);
    ASSERT_EQ(life.incomes.size(), 4U);
    for (const Income& income : life.incomes) {
      EXPECT_EQ(income.wage > 0, months > 0);
      EXPECT_EQ(income.business > 0, income.business_cost > 0);
      EXPECT_LT(income.pension, income.transfer);
    }
    const auto members = static_cast<std::int64_t>(household.members.size());
    EXPECT_GE(life.incomes.back().net() / members, 600'000);
  }
}

TEST(Circumstance, ThePlansCohortsAreDrawnToTheLastPerson) {
  Households from = villages(11);
  for (const auto& [households, people] : {std::pair<std::size_t, std::size_t>{40, 131}, {320, 1206}}) {
    const auto drawn = draw_households(from, households, people, 6);
    std::size_t members = 0;
    for (const Household& household : drawn) {
      EXPECT_LE(household.members.size(), 6U);
      members += household.members.size();
    }
    EXPECT_EQ(drawn.size(), households);
    EXPECT_EQ(members, people);
  }
}

}  // namespace
}  // namespace yihu::sample
