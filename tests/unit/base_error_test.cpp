#include "base/cancel.h"
#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace yihu {
namespace {

base::Result<std::unique_ptr<int>> halve(int number) {
  if (number % 2 != 0) return base::fail(base::ErrorKind::input, "odd", base::text("{} 是奇数。", "{} is odd.", number));
  return std::make_unique<int>(number / 2);
}

base::Result<int> quarter(int number) {
  const std::unique_ptr<int> half = TRY(halve(number));
  return *TRY(halve(*half));
}

TEST(Result, TryTakesTheValueOrReturnsTheError) {
  EXPECT_EQ(quarter(12).value(), 3);
  const auto wrong = quarter(6);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text.en, "3 is odd.");
}

base::Result<int> eighth(int number) {
  return *TRY(halve(TRY(quarter(TRY([&]() -> base::Result<int> { return *TRY(halve(number)) * 2; }())))));
}

TEST(Result, TryStandsInsideAnother) {
  EXPECT_EQ(eighth(24).value(), 3);
  EXPECT_EQ(eighth(7).error().text.en, "7 is odd.");
  EXPECT_EQ(eighth(10).error().text.en, "5 is odd.");
}

TEST(Error, DescribesEveryMistakeOnItsOwnLine) {
  std::vector<base::Error> mistakes;
  mistakes.push_back(base::Error{base::ErrorKind::input, "a", base::text("单位写错了。", "The unit is wrong."),
                                 base::text("应为区水务局。", "It should be 区水务局."), {}, {}}
                         .at({.file = "计划.txt", .line = 3, .column = 7, .cell = {}, .field = {}}));
  mistakes.push_back(base::Error{base::ErrorKind::input, "b", base::text("没有日期。", "The date is missing."), {}, {}, {}}
                         .at({.file = {}, .line = 0, .column = 0, .cell = "表一!C7", .field = {}}));
  const base::Result<int> failed = base::fail_all(std::move(mistakes));
  EXPECT_EQ(base::describe(failed.error(), base::Language::zh), "计划.txt:3:7: 单位写错了。 应为区水务局。\n表一!C7: 没有日期。");
  EXPECT_EQ(base::describe(failed.error(), base::Language::en),
            "计划.txt:3:7: The unit is wrong. It should be 区水务局.\n表一!C7: The date is missing.");
}

TEST(Cancel, CopiesShareOneSwitch) {
  const base::Cancel here;
  const base::Cancel there = here;
  EXPECT_FALSE(there.asked());
  here.ask();
  EXPECT_TRUE(there.asked());
  EXPECT_FALSE(base::Cancel().asked());
}

}  // namespace
}  // namespace yihu
