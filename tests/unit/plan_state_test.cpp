#include "plan/tracking/state.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace yihu {
namespace {

using plan::State;
using plan::verdict_of;

const base::Date today = base::make_date(2019, 5, 12);

plan::Debtor unit(const char* name) { return {name, {name, name}}; }

plan::Duty due_on(int month, int day) {
  plan::Duty duty;
  duty.due = base::make_date(2019, month, day);
  duty.lead = {unit("区水务局")};
  duty.responsible = {unit("灵山镇"), unit("演丰镇")};
  return duty;
}

TEST(State, LateSaysHowLongAndWho) {
  auto duty = due_on(4, 30);
  duty.words = {{"演丰镇", true, base::make_date(2019, 4, 20)}, {"区水务局", false, base::make_date(2019, 4, 20)}};
  const auto verdict = verdict_of(duty, today);
  EXPECT_EQ(verdict.state, State::late);
  EXPECT_EQ(verdict.reason.zh, "逾期 12 天：灵山镇未报送");
  EXPECT_EQ(verdict.reason.en, "12 days late: no report from 灵山镇");
  EXPECT_DOUBLE_EQ(verdict.progress, 1.0 / 3);
}

TEST(State, BeforeTheDocumentIsUnknownUntilSomebodySays) {
  auto duty = due_on(3, 31);
  duty.before_document = true;
  EXPECT_EQ(verdict_of(duty, today).state, State::unknown);
  duty.words = {{"区水务局", true, base::make_date(2019, 5, 6)}};
  EXPECT_EQ(verdict_of(duty, today).state, State::done);
  EXPECT_EQ(verdict_of(duty, today).reason.zh, "区水务局 5月6日已办结") << "no lateness can be known";
}

TEST(State, LeadClosesForEverybody) {
  auto duty = due_on(4, 30);
  duty.words = {{"灵山镇", true, base::make_date(2019, 4, 1)}, {"演丰镇", true, base::make_date(2019, 4, 2)}};
  EXPECT_EQ(verdict_of(duty, today).reason.zh, "逾期 12 天：待区水务局办结");
  duty.words.push_back({"区水务局", true, base::make_date(2019, 5, 3)});
  const auto verdict = verdict_of(duty, today);
  EXPECT_EQ(verdict.state, State::done);
  EXPECT_EQ(verdict.reason.zh, "区水务局 5月3日已办结，晚 3 天");
}

TEST(State, WithoutLeadAllTogetherClose) {
  auto duty = due_on(6, 30);
  duty.lead.clear();
  duty.words = {{"灵山镇", true, base::make_date(2019, 5, 1)}};
  EXPECT_EQ(verdict_of(duty, today).state, State::on_course);
  duty.words.push_back({"演丰镇", true, base::make_date(2019, 5, 2)});
  EXPECT_EQ(verdict_of(duty, today).state, State::done);
  EXPECT_EQ(verdict_of(duty, today).reason.zh, "2 个单位 5月2日已办结");
}

TEST(State, PartialWordIsNotSilence) {
  auto duty = due_on(5, 14);
  duty.responsible = {unit("灵山镇")};
  duty.lead.clear();
  EXPECT_EQ(verdict_of(duty, today).reason.zh, "还剩 2 天：灵山镇未报送");
  duty.words = {{"灵山镇", false, base::make_date(2019, 5, 1)}};
  EXPECT_EQ(verdict_of(duty, today).reason.zh, "还剩 2 天：灵山镇尚未办结");
}

TEST(State, ManyNamesAreCounted) {
  auto duty = due_on(5, 12);
  duty.responsible = {unit("灵山镇"), unit("演丰镇"), unit("三江镇"), unit("大致坡镇")};
  EXPECT_EQ(verdict_of(duty, today).reason.zh, "今天到期：灵山镇、演丰镇等 5 个单位未报送");
}

TEST(State, NobodyNamedIsUnknown) {
  plan::Duty duty;
  duty.due = base::make_date(2019, 1, 31);
  EXPECT_EQ(verdict_of(duty, today).state, State::unknown);
}

TEST(State, WarningIsShorterForShortPeriods) {
  plan::Duty week;
  week.from = base::make_date(2019, 5, 6);
  week.due = base::make_date(2019, 5, 12);
  EXPECT_EQ(plan::warning_days(week), 1);
  plan::Duty month{base::make_date(2019, 5, 1), base::make_date(2019, 5, 31), false, {}, {}, {}};
  EXPECT_EQ(plan::warning_days(month), 7);
  plan::Duty quarter{base::make_date(2019, 4, 1), base::make_date(2019, 6, 30), false, {}, {}, {}};
  EXPECT_EQ(plan::warning_days(quarter), 14);
}

TEST(State, LongSilenceIsARiskForAMeasureWithoutDates) {
  auto duty = due_on(12, 31);
  const base::Date since = base::make_date(2019, 1, 1);
  EXPECT_EQ(plan::verdict_of_undated(duty, since, base::make_date(2019, 4, 1)).state, State::on_course);
  const auto silent = plan::verdict_of_undated(duty, since, base::make_date(2019, 4, 2));
  EXPECT_EQ(silent.state, State::at_risk);
  EXPECT_EQ(silent.reason.zh, "已 91 天没有报送");
  duty.words = {{"灵山镇", false, base::make_date(2019, 4, 1)}};
  EXPECT_EQ(plan::verdict_of_undated(duty, since, base::make_date(2019, 4, 2)).state, State::on_course);
  EXPECT_EQ(plan::verdict_of_undated(duty, since, base::make_date(2020, 1, 1)).state, State::late);
}

plan::Measured coverage(std::vector<std::pair<base::Date, double>> series) {
  return {std::move(series), {100, {}, "%", ">=", "100%"}, base::make_date(2019, 1, 1), base::make_date(2019, 12, 31)};
}

TEST(State, IndicatorAgainstItsTarget) {
  EXPECT_EQ(verdict_of(coverage({}), today).state, State::unknown);
  EXPECT_EQ(verdict_of(coverage({{today, 100}}), today).state, State::done);
  EXPECT_EQ(verdict_of(coverage({{today, 60}}), today).state, State::on_course);
  const auto slow = verdict_of(coverage({{today, 10}}), today);
  EXPECT_EQ(slow.state, State::at_risk);
  EXPECT_EQ(slow.reason.zh, "落后序时进度（应达 36%）：10%，目标 100%，截至 5月12日");
  EXPECT_EQ(verdict_of(coverage({{today, 99}}), base::make_date(2019, 12, 30)).state, State::at_risk);
  EXPECT_EQ(verdict_of(coverage({{today, 99}}), base::make_date(2020, 1, 2)).state, State::late);
  EXPECT_EQ(verdict_of(coverage({{today, 100}, {base::plus_days(today, 1), 0}}), today).state, State::done)
      << "a value of tomorrow is not known today";
}

TEST(State, FiguresAreToldToTwoPlacesAndNeverTellAnotherVerdict) {
  const auto told = [](double value) { return verdict_of(coverage({{today, value}}), today).reason.zh; };
  EXPECT_EQ(told(99.43019943019944), "99.43%，目标 100%，截至 5月12日");
  EXPECT_EQ(told(99.999), "99.999%，目标 100%，截至 5月12日") << "100% would be the target reached";
  EXPECT_EQ(told(60), "60%，目标 100%，截至 5月12日");
}

TEST(State, TargetsOfEveryOperator) {
  const auto with = [](const char* op, double value) { return plan::reached({90, 95, "%", op, ""}, value); };
  EXPECT_FALSE(with(">", 90));
  EXPECT_TRUE(with(">", 90.1));
  EXPECT_TRUE(with(">=", 90));
  EXPECT_TRUE(with("=", 90));
  EXPECT_FALSE(with("=", 91));
  EXPECT_TRUE(with("<=", 90));
  EXPECT_FALSE(with("<", 90));
  EXPECT_TRUE(with("in", 92));
  EXPECT_FALSE(with("in", 89));
}

TEST(State, WholeStandsAsItsMostUrgentMember) {
  const plan::Member done{{"1.1", "1.1"}, {State::done, {"好", "good"}, 1}};
  const plan::Member late{{"1.2", "1.2"}, {State::late, {"逾期 3 天：灵山镇未报送", "late"}, 0}};
  const plan::Member grey{{"1.3", "1.3"}, {State::unknown, {"不明", "unknown"}, 0}};
  EXPECT_EQ(verdict_of(std::vector{done, late, grey}).reason.zh, "1.2：逾期 3 天：灵山镇未报送");
  EXPECT_EQ(verdict_of(std::vector{late, late}).reason.zh, "2 项逾期，如1.2：逾期 3 天：灵山镇未报送");
  EXPECT_EQ(verdict_of(std::vector{done, done}).reason.zh, "2 项全部办结");
  EXPECT_EQ(verdict_of(std::vector{done, grey}).state, State::unknown);
  EXPECT_EQ(verdict_of(std::vector{done}).reason.zh, "好");
  EXPECT_DOUBLE_EQ(verdict_of(std::vector{done, late}).progress, 0.5);
}

plan::Duty any_duty() {
  plan::Duty duty;
  duty.due = base::plus_days(base::make_date(2019, 1, 1), *rc::gen::inRange(0, 365));
  if (*rc::gen::arbitrary<bool>()) duty.from = base::plus_days(duty.due, -*rc::gen::inRange(0, 365));
  duty.before_document = *rc::gen::arbitrary<bool>();
  const char* names[] = {"甲", "乙", "丙", "丁"};
  for (const char* name : names) {
    const int role = *rc::gen::inRange(0, 3);
    if (role == 1) duty.lead.push_back(unit(name));
    if (role == 2) duty.responsible.push_back(unit(name));
    const int said = *rc::gen::inRange(0, 3);
    if (said > 0) duty.words.push_back({name, said == 2, base::plus_days(duty.due, *rc::gen::inRange(-90, 90))});
  }
  return duty;
}

TEST(State, HoldsForEveryDuty) {
  EXPECT_TRUE(rc::check("invariants", [] {
    const plan::Duty duty = any_duty();
    const base::Date day = base::plus_days(duty.due, *rc::gen::inRange(-200, 200));
    const auto verdict = verdict_of(duty, day);
    RC_ASSERT(!verdict.reason.zh.empty() && !verdict.reason.en.empty());
    RC_ASSERT(verdict.progress >= 0 && verdict.progress <= 1);
    RC_ASSERT((verdict.state == State::done) == (verdict.progress == 1.0));
    if (verdict.state == State::late) RC_ASSERT(day > duty.due && !duty.before_document);
    if (duty.before_document) RC_ASSERT(verdict.state == State::done || verdict.state == State::unknown);
  }));
}

TEST(State, TimeAloneNeverMakesThingsBetter) {
  EXPECT_TRUE(rc::check("monotonic", [] {
    const plan::Duty duty = any_duty();
    const base::Date day = base::plus_days(duty.due, *rc::gen::inRange(-200, 200));
    const base::Date later = base::plus_days(day, *rc::gen::inRange(0, 100));
    RC_ASSERT(!plan::more_urgent(verdict_of(duty, day).state, verdict_of(duty, later).state));
  }));
}

TEST(State, ReportOfDoneNeverMakesThingsWorse) {
  EXPECT_TRUE(rc::check("report", [] {
    plan::Duty duty = any_duty();
    if (duty.lead.empty() && duty.responsible.empty()) duty.lead.push_back(unit("甲"));
    const auto before = verdict_of(duty, today);
    const auto& who = duty.lead.empty() ? duty.responsible.front() : duty.lead.front();
    std::erase_if(duty.words, [&](const plan::Word& word) { return word.unit == who.unit; });
    duty.words.push_back({who.unit, true, today});
    const auto after = verdict_of(duty, today);
    RC_ASSERT(!plan::more_urgent(after.state, before.state));
    RC_ASSERT(after.progress >= before.progress);
    if (!duty.lead.empty()) RC_ASSERT(after.state == State::done);
  }));
}

}  // namespace
}  // namespace yihu
