#include "base/clock.h"
#include "base/date.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace yihu {
namespace {

TEST(Date, ReadsOnlyWholeDays) {
  EXPECT_EQ(base::parse_date("2019-04-30").value(), base::make_date(2019, 4, 30));
  EXPECT_EQ(base::parse_date("2020-02-29").value(), base::make_date(2020, 2, 29));
  for (const char* wrong : {"", "2019-4-30", "2019-02-29", "2019-13-01", "2019-00-10", "2019/04/30", "2019-04-30 ",
                            "二〇一九年四月", "2019-04--3", "+019-04-30"}) {
    EXPECT_FALSE(base::parse_date(wrong)) << wrong;
  }
}

TEST(Date, AMistakeSaysWhatMendsIt) {
  const auto wrong = base::parse_date("4月底");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, base::ErrorKind::input);
  EXPECT_FALSE(wrong.error().mend.zh.empty());
  EXPECT_FALSE(wrong.error().mend.en.empty());
}

TEST(Date, LastDayKnowsLeapYears) {
  EXPECT_EQ(base::last_day_of_month(2019, 2), base::make_date(2019, 2, 28));
  EXPECT_EQ(base::last_day_of_month(2020, 2), base::make_date(2020, 2, 29));
  EXPECT_EQ(base::last_day_of_month(1900, 2), base::make_date(1900, 2, 28));
  EXPECT_EQ(base::last_day_of_month(2019, 11), base::make_date(2019, 11, 30));
}

RC_GTEST_PROP(Date, AddingDaysAndCountingThemAgree, ()) {
  const int days = *rc::gen::inRange(-200'000, 200'000);
  const base::Date start = base::make_date(2019, 4, 19);
  RC_ASSERT(base::days_between(start, base::plus_days(start, days)) == days);
}

RC_GTEST_PROP(Date, WhatIsPrintedReadsBack, ()) {
  const base::Date date = base::plus_days(base::make_date(2000, 1, 1), *rc::gen::inRange(-300'000, 300'000));
  RC_ASSERT(base::parse_date(base::to_string(date)).value() == date);
}

TEST(Clock, TheDayChangesAtMidnightInChina) {
  // 2019-04-30T15:59:59Z and one second later.
  const base::Instant before{1556639999'000000};
  const base::Instant after{1556640000'000000};
  EXPECT_EQ(base::date_of(before), base::make_date(2019, 4, 30));
  EXPECT_EQ(base::date_of(after), base::make_date(2019, 5, 1));
  EXPECT_EQ(base::to_string(before), "2019-04-30T23:59:59+08:00");
  EXPECT_EQ(base::to_string(after), "2019-05-01T00:00:00+08:00");
}

TEST(Clock, AFixedClockMovesOnlyWhenTold) {
  base::FixedClock clock({0});
  EXPECT_EQ(clock.today(), base::make_date(1970, 1, 1));
  clock.set(clock.now() + std::chrono::hours(24));
  EXPECT_EQ(clock.today(), base::make_date(1970, 1, 2));
}

}  // namespace
}  // namespace yihu
