// Rosters come in: what is planted is found, nothing else; what concerns nobody goes; decisions stay.

#include "compare_fixture.h"

namespace yihu::compare {
namespace {

class CompareRun : public CompareTest {
 protected:
  void SetUp() override {
    CompareTest::SetUp();
    if (IsSkipped()) return;
    zhang_ = family("H1", {{"张建国", "1975-03-04", "head", "male", "", 111}, {"张小明", "2009-05-06", "child", "male", "primary", 113}, {"张小红", "2011-07-08", "child", "female", "primary", 114}});
    li_ = family("H2", {{"李秀英", "1968-09-10", "head", "female", "", 121}, {"李大山", "2008-11-12", "child", "male", "junior", 123}}, "allowance");
    wang_ = family("H3", {{"王海涛", "1959-01-02", "head", "male", "", 131}, {"王雨", "2010-02-03", "child", "female", "primary", 132}}, "general", "460108101201");
  }
  std::string row(const std::string& name, const std::string& birth, int order, const std::string& rest) { return name + "," + number_of(birth, order) + "," + rest + "\n"; }
  std::string head() { return "姓名,身份证号,所在年级,补助（元）,文化程度\n"; }
  std::string whole() {
    return head() + row("张小明", "2009-05-06", 113, "5,500,小学") + row("张小红", "2011-07-08", 114, "3,500,小学") + row("李大山", "2008-11-12", 123, "7,500,初中") +
           row("王雨", "2010-02-03", 132, "4,500,小学");
  }
  void grade(const std::string& person, int value, int yuan) { put("roll", person, {{"grade", value}, {"paid", boost::json::value(std::to_string(yuan))}}); }
  void everybody_at_school() {
    grade(zhang_[1], 5, 500);
    grade(zhang_[2], 3, 500);
    grade(li_[1], 7, 500);
    grade(wang_[1], 4, 500);
  }

  std::vector<std::string> zhang_, li_, wang_;
};

using Lines = std::vector<std::string>;

TEST_P(CompareRun, TwoListsThatAgreeShowNothing) {
  everybody_at_school();
  const compare::Run run = bring("school", whole());
  EXPECT_EQ(run.state, RunState::done);
  EXPECT_EQ(run.summary.matched, 4);
  EXPECT_EQ(run.summary.doubtful, 0);
  EXPECT_EQ(run.deleted, 0);
  EXPECT_EQ(found("school"), Lines());
}

TEST_P(CompareRun, ExactlyWhatWasPlantedIsFound) {
  everybody_at_school();
  value_of(write([&](store::Transaction& transaction) {
    return registry::remove_member(transaction, everything_, registry::PersonId{li_[1]}, registry::Departure::died, {*base::parse_date("2019-05-01"), "病故"});
  }));
  const compare::Run run = bring("school", head() + row("张小明", "2009-05-06", 113, "6,503,小学")  // a class higher; three yuan lie within the tolerance
                                      + row("张小明", "2009-05-06", 113, "5,500,小学")     // twice
                                      + row("李大山", "2008-11-12", 123, "7,500,初中")     // dead
                                      + row("王雨", "2010-02-03", 132, "4,520,初中")       // paid more, another education
                                      + row("陈外人", "2010-10-10", 555, "4,500,小学"));   // nobody's business
  EXPECT_EQ(found("school"), (Lines{"deceased deceased 李大山 |", "differs education 王雨 初中|小学", "differs grade 张小明 6|5", "differs paid 王雨 520.00|500.00",
                                    "register_only register_only 张小红 |", "twice twice 张小明 2, 3|"}));
  EXPECT_EQ(run.summary.rows, 5);
  EXPECT_EQ(run.summary.matched, 4);
  EXPECT_EQ(run.deleted, 1);
  EXPECT_EQ(run.certificate.size(), 64U);
}

TEST_P(CompareRun, TheSameRosterAgainChangesNothing) {
  bring("school", whole());
  const auto before = items("school");
  const compare::Run again = bring("school", whole());
  EXPECT_EQ(again.summary.discrepancies.added, 0);
  EXPECT_EQ(again.summary.discrepancies.changed, 0);
  EXPECT_EQ(again.summary.discrepancies.gone, 0);
  const auto after = items("school");
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i].version, after[i].version);
}

TEST_P(CompareRun, NobodyIsMissedWhereNothingWasDelivered) {
  everybody_at_school();
  const compare::Run run = bring("school", head() + row("张小明", "2009-05-06", 113, "5,500,小学"), {"460108101200"});
  EXPECT_EQ(found("school"), (Lines{"register_only register_only 张小红 |", "register_only register_only 李大山 |"})) << "the other village was not delivered";
  EXPECT_EQ(run.summary.not_yet_known, 1);
  bring("school", head() + row("王雨", "2010-02-03", 132, "4,500,小学"), {"460108101201"});
  EXPECT_EQ(found("school").size(), 2U) << "the first village's rows stay";
}

TEST_P(CompareRun, OfWhomNobodyKnowsNothingIsKept) {
  bring("school", head() + row("陈外人", "2010-10-10", 555, "4,500,小学"));
  for (const store::Sql count : {store::Sql("SELECT count(*) FROM roster_match"), store::Sql("SELECT count(*) FROM roster_pair"),
                                 store::Sql("SELECT count(*) FROM discrepancy WHERE person IS NULL")}) {
    EXPECT_EQ(read([&](store::Session& session) { return session.query(count); }).at(0).integer(0), 0) << count.text();
  }
}

TEST_P(CompareRun, AcceptingWritesTheDepartmentsValueWithItsSource) {
  everybody_at_school();
  bring("school", head() + row("张小明", "2009-05-06", 113, "6,500,初中") + row("张小红", "2011-07-08", 114, "3,500,小学") + row("李大山", "2008-11-12", 123, "7,500,初中") +
                      row("王雨", "2010-02-03", 132, "4,500,小学"));
  ASSERT_EQ(found("school"), (Lines{"differs education 张小明 初中|小学", "differs grade 张小明 6|5"}));
  for (const Discrepancy& one : items("school")) {
    value_of(write([&](store::Transaction& transaction) { return accept_discrepancy(transaction, store_->secrets(), *rosters_, everything_, one.id, one.version); }));
  }
  EXPECT_EQ(found("school"), Lines());
  EXPECT_EQ(found("school", DiscrepancyState::accepted).size(), 2U);
  const compare::Run again = bring("school", head() + row("张小明", "2009-05-06", 113, "6,500,初中") + row("张小红", "2011-07-08", 114, "3,500,小学") +
                                        row("李大山", "2008-11-12", 123, "7,500,初中") + row("王雨", "2010-02-03", 132, "4,500,小学"));
  EXPECT_EQ(again.summary.discrepancies.added, 0);
  const auto reason = read([&](store::Session& session) { return session.query("SELECT reason FROM register_event WHERE kind = 'person_corrected'"); });
  ASSERT_EQ(reason.size(), 1U);
  EXPECT_EQ(reason[0].text(0), "采纳“学籍名册”2019的数据");
}

TEST_P(CompareRun, WhatIsKeptStaysKeptUntilTheValuesChangeAndGoesOutAsACorrection) {
  everybody_at_school();
  const std::string first = head() + row("张小明", "2009-05-06", 113, "6,500,小学");
  bring("school", first, {"460108101200"});
  Discrepancy one;
  for (const Discrepancy& each : items("school")) {
    if (each.kind == "differs") one = each;
  }
  value_of(write([&](store::Transaction& transaction) { return keep_discrepancy(transaction, store_->secrets(), *rosters_, everything_, one.id, one.version, "看过学籍卡"); }));
  EXPECT_EQ(code_of(write([&](store::Transaction& transaction) { return keep_discrepancy(transaction, store_->secrets(), *rosters_, everything_, one.id, one.version, "再来"); })), "discrepancy_settled");
  bring("school", first, {"460108101200"});
  EXPECT_EQ(found("school", DiscrepancyState::kept), (Lines{"differs grade 张小明 6|5"}));
  const std::string book = read([&](store::Session& session) {
    return corrections(session, {*rosters_, store_->secrets(), *value_of(rosters_->find("school")), everything_, "2019"}, clock_.now());
  });
  EXPECT_EQ(book.substr(0, 2), "PK");
  bring("school", head() + row("张小明", "2009-05-06", 113, "8,500,小学"), {"460108101200"});
  EXPECT_EQ(found("school", DiscrepancyState::kept), Lines()) << "another value is another question";
}

TEST_P(CompareRun, BothWaysForTheAllowance) {
  const compare::Run run = bring("allowance", "姓名,身份证号,月金额\n" + row("张建国", "1975-03-04", 111, "300") + row("赵无名", "1950-05-05", 777, "300"));
  EXPECT_EQ(found("allowance"), (Lines{"register_only register_only 李秀英 |", "roster_only roster_only 张建国 |", "roster_only stranger 赵无名 |"}));
  EXPECT_EQ(run.deleted, 0) << "this roster asks about strangers, so theirs are kept until settled";
  bring("allowance", "姓名,身份证号,月金额\n" + row("张建国", "1975-03-04", 111, "300"));
  EXPECT_EQ(found("allowance"), (Lines{"register_only register_only 李秀英 |", "roster_only roster_only 张建国 |"}));
  for (const Discrepancy& one : items("allowance")) {
    if (one.kind != "roster_only") continue;
    value_of(write([&](store::Transaction& transaction) { return accept_discrepancy(transaction, store_->secrets(), *rosters_, everything_, one.id, one.version); }));
  }
  const auto rows = read([&](store::Session& session) { return session.query("SELECT attribute FROM household WHERE code = 'H1'"); });
  EXPECT_EQ(rows.at(0).text(0), "allowance");
}

TEST_P(CompareRun, PropertyIsComparedOnlyWithLeaveAndAHitIsAQuestion) {
  const std::string list = "姓名,身份证号,车牌\n" + row("张建国", "1975-03-04", 111, "琼A1") + row("李秀英", "1968-09-10", 121, "琼A2");
  const compare::Run without = bring("vehicles", list);
  EXPECT_EQ(without.summary.matched, 0);
  EXPECT_EQ(without.summary.unauthorised, 7);
  EXPECT_EQ(without.deleted, 2);
  EXPECT_EQ(found("vehicles"), Lines());
  const auto house = read([&](store::Session& session) { return session.query("SELECT id FROM household WHERE code = 'H1'"); });
  put("consents", house.at(0).text(0), {{"scope", "vehicles"}});
  EXPECT_EQ(bring("vehicles", list).summary.matched, 1);
  EXPECT_EQ(found("vehicles"), (Lines{"question question 张建国 |"}));
  for (const Discrepancy& one : items("vehicles")) EXPECT_FALSE(one.can_accept);
}

TEST_P(CompareRun, TwoDepartmentsContradictEachOther) {
  everybody_at_school();
  bring("other_school", "姓名,身份证号,年级\n" + row("王雨", "2010-02-03", 132, "2"));
  bring("school", whole());
  EXPECT_EQ(found("school"), (Lines{"contradicts other_school.grade 王雨 4|2"}));
}

TEST_P(CompareRun, BadFilesSayOneSentence) {
  EXPECT_EQ(code_of(try_bring("schol", whole())), "roster_unknown");
  EXPECT_EQ(code_of(try_bring("school", "年级,补助\n5,3\n")), "roster_identifies_nobody");
  EXPECT_EQ(code_of(try_bring("school", whole(), {"990000"})), "area_unknown");
  const compare::Run run = bring("school", head() + "张小明,4.60108E+17,很多,500,小学\n");
  EXPECT_EQ(run.summary.wrong_cells, 2);
}

TEST_P(CompareRun, ACancelledRunLeavesNothing) {
  const Work at = work();
  const compare::Run started = value_of(start_run(at, everything_, store::act_of(), {.roster = "school", .file_name = "名册.csv"}, whole()));
  at.cancel.ask();
  EXPECT_EQ(code_of(carry_out(at, started.id, whole())), "cancelled");
  EXPECT_EQ(read([&](store::Session& session) { return read_run(session, started.id); }).state, RunState::cancelled);
  EXPECT_EQ(found("school"), Lines());
}

ON_BOTH_ENGINES(CompareRun);

}  // namespace
}  // namespace yihu::compare
