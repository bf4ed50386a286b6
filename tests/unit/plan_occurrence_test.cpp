#include "plan/tracking/occurrence.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

namespace yihu {
namespace {

using plan::occurrences_of;

const plan::PlanYear year_2019{2019, base::make_date(2019, 4, 19)};

std::vector<std::string> dues(const std::vector<plan::DatedOccurrence>& occurrences) {
  std::vector<std::string> days;
  for (const auto& one : occurrences) days.push_back(base::to_string(one.due));
  return days;
}

TEST(Occurrence, QuarterlyMeetingIsFour) {
  const auto four = occurrences_of({}, {{"quarter", 1, "每季度至少召开一次"}}, year_2019);
  EXPECT_EQ(dues(four), (std::vector<std::string>{"2019-03-31", "2019-06-30", "2019-09-30", "2019-12-31"}));
  EXPECT_EQ(four[1].label.zh, "第二季度");
  EXPECT_EQ(four[1].label.en, "quarter 2");
  EXPECT_EQ(four[1].from, base::make_date(2019, 4, 1));
}

TEST(Occurrence, EveryRhythmHasItsNumberOfPeriods) {
  const auto count = [](const char* per, int times = 1) {
    return occurrences_of({}, {{per, times, ""}}, year_2019).size();
  };
  EXPECT_EQ(count("month"), 12U);
  EXPECT_EQ(count("half_month"), 24U);
  EXPECT_EQ(count("week"), 52U);
  EXPECT_EQ(count("half_year"), 2U);
  EXPECT_EQ(count("term"), 2U);
  EXPECT_EQ(count("year"), 1U);
  EXPECT_EQ(count("year", 2), 2U);
  EXPECT_EQ(count("month", 2), 24U);
  EXPECT_EQ(count("day"), 12U) << "a daily duty is reported by exception, once a month";
  EXPECT_EQ(count("fortnight"), 0U);
}

TEST(Occurrence, WhatWasDueBeforeTheDocumentIsMarked) {
  const auto months = occurrences_of({}, {{"month", 1, "每月"}}, year_2019);
  EXPECT_TRUE(months[2].before_document) << "March, of a document of 19 April";
  EXPECT_FALSE(months[3].before_document);
  const auto march = occurrences_of({{{}, "2019-03-31", "3月底前"}}, {}, year_2019);
  ASSERT_EQ(march.size(), 1U);
  EXPECT_TRUE(march[0].before_document);
  EXPECT_EQ(march[0].label.zh, "3月底前");
  EXPECT_EQ(march[0].label.en, "by March 31");
  const auto same_day = occurrences_of({{{}, "2019-04-19", ""}}, {}, year_2019);
  EXPECT_FALSE(same_day[0].before_document);
}

TEST(Occurrence, DeadlineWithoutReadableDayGivesNone) {
  EXPECT_TRUE(occurrences_of({{{}, {}, "适时"}, {{}, "soon", "尽快"}}, {}, year_2019).empty());
}

TEST(Occurrence, StretchKeepsItsFirstDay) {
  const auto stretch = occurrences_of({{"2019-07-01", "2019-08-31", "7月至8月"}}, {}, year_2019);
  EXPECT_EQ(stretch[0].from, base::make_date(2019, 7, 1));
  const auto reversed = occurrences_of({{"2019-09-01", "2019-08-31", ""}}, {}, year_2019);
  EXPECT_EQ(reversed[0].from, std::nullopt);
}

TEST(Occurrence, TwoDutiesOfOneRhythmReadApart) {
  const auto terms = occurrences_of({}, {{"term", 1, "每学期至少一次家访"}, {"term", 1, "每学期进行一次评估"}}, year_2019);
  ASSERT_EQ(terms.size(), 4U);
  EXPECT_EQ(terms[0].label.zh, "春季学期（每学期至少一次家访）");
  EXPECT_EQ(terms[1].label.zh, "春季学期（每学期进行一次评估）");
}

TEST(Occurrence, WeeksEndOnSundaysOfTheYear) {
  EXPECT_TRUE(rc::check("weeks", [] {
    const int year = *rc::gen::inRange(1990, 2100);
    const auto weeks = occurrences_of({}, {{"week", 1, ""}}, {year, {}});
    for (const auto& week : weeks) {
      RC_ASSERT(std::chrono::weekday{std::chrono::sys_days{week.due}} == std::chrono::Sunday);
      RC_ASSERT(static_cast<int>(week.due.year()) == year);
      RC_ASSERT(base::days_between(*week.from, week.due) == 6);
    }
    RC_ASSERT(weeks.size() == 52 || weeks.size() == 53);
  }));
}

TEST(Occurrence, OrderedUniqueAndWithinTheYear) {
  EXPECT_TRUE(rc::check("any mixture", [] {
    const std::vector<std::string> rhythms{"day", "week", "half_month", "month", "quarter", "half_year", "term", "year"};
    std::vector<plan::Recurrence> recurrences;
    for (const int kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8))) {
      if (recurrences.size() == 6) break;
      recurrences.push_back({rhythms[static_cast<std::size_t>(kind)], *rc::gen::inRange(0, 9), "文"});
    }
    std::vector<plan::Deadline> deadlines;
    for (const int month : *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 13))) {
      deadlines.push_back({{}, base::to_string(base::last_day_of_month(2019, month)), ""});
    }
    const auto all = occurrences_of(deadlines, recurrences, year_2019);
    std::set<std::string> keys;
    for (std::size_t i = 0; i < all.size(); ++i) {
      RC_ASSERT(keys.insert(all[i].key).second);
      RC_ASSERT(i == 0 || all[i - 1].due <= all[i].due);
      RC_ASSERT(static_cast<int>(all[i].due.year()) == 2019);
      RC_ASSERT(all[i].due.ok());
      RC_ASSERT(!all[i].label.zh.empty() && !all[i].label.en.empty());
      RC_ASSERT(all[i].before_document == (all[i].due < *year_2019.document_date));
    }
  }));
}

}  // namespace
}  // namespace yihu
