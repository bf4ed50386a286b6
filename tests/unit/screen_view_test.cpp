// What is shown: how a household stands, why, lists of findings, goals, indicators, what would follow from a draft.

#include "screen/explanation.h"
#include "screen/finding_list.h"
#include "screen/goal.h"
#include "screen/household_standing.h"
#include "screen/indicator.h"
#include "screen/light_count.h"
#include "screen/sweep_status.h"
#include "screen/undecided.h"
#include "screen/what_if.h"
#include "screen_fixture.h"

namespace yihu::screen {
namespace {

constexpr store::Sql set_attribute = "UPDATE household SET attribute = 'allowance' WHERE id = :id";
constexpr store::Sql set_cause = "UPDATE household SET main_cause = 'illness' WHERE id = :id";
constexpr store::Sql set_healthy = "UPDATE person SET chronic = 0, serious_illness = 0 WHERE household = :id";
constexpr store::Sql set_status = "UPDATE household SET status = :status WHERE id = :id";
constexpr store::Sql put_insurance =
    "INSERT INTO ledger_insurance (id, subject, period, year, enrolled, version) VALUES (:id, :subject, '2019', 2019, :value, 1)";
constexpr store::Sql deliver = "INSERT INTO delivery (ledger, area, period) VALUES (:ledger, '460108101', :period)";
constexpr store::Sql change_cohort = "UPDATE cohort_member SET household = 'other'";
constexpr store::Sql join_cohort =
    "INSERT INTO cohort_member (cohort, subject_kind, subject, household, village) VALUES ('poor-2019', 'household', 'h3', 'h3', '')";

class ViewTest : public ScreenTest {
 protected:
  void SetUp() override {
    ScreenTest::SetUp();
    if (IsSkipped()) return;
    write([](store::Transaction& transaction) -> base::Done {
      TRY(household(transaction, "h1", "poor"));
      TRY(person(transaction, "p1", "h1", "1980-05-01"));
      TRY(person(transaction, "p2", "h1", "2010-05-01"));
      TRY(household(transaction, "h2", "exited_supported", "460108101201"));
      TRY(person(transaction, "p3", "h2", "1985-01-01", "460108101201"));
      TRY(household(transaction, "h3", "general"));
      TRY(person(transaction, "p4", "h3", "1985-01-01"));
      for (const char* id : {"h1", "h3"}) TRY(transaction.execute(set_attribute, {{"id", id}}));
      TRY(transaction.execute(set_cause, {{"id", "h2"}}));
      TRY(transaction.execute(set_healthy, {{"id", "h2"}}));
      TRY(transaction.execute(put_insurance, {{"id", "i1"}, {"subject", "p1"}, {"value", 0}}));
      TRY(transaction.execute(put_insurance, {{"id", "i2"}, {"subject", "p2"}, {"value", 1}}));
      TRY(transaction.execute(deliver, {{"ledger", "insurance"}, {"period", "2019"}}));
      TRY(transaction.execute(deliver, {{"ledger", "visits"}, {"period", "2019-06"}}));
      return transaction.journal({"ledger_row.changed", "ledger_row", "i1", "", R"({"ledger":"insurance","subject":"p1","period":"2019","enrolled":false})"});
    });
    value_of(bring_up_to_date(*store_, book(), options()));
    clerk_.permissions = {access::Permission::register_read};
    clerk_.scope.whole_register = true;
    village_.permissions = clerk_.permissions;
    village_.scope.areas = {"460108101201"};
  }
  SweepOptions options() const { return {SweepEngine::duckdb, today_, {.threads_max = 1}}; }

  access::Viewer clerk_;
  access::Viewer village_;
};

TEST_P(ViewTest, AHouseholdStandsAsTheRulesSay) {
  const auto standing = read([&](store::Session& session) { return household_standing(session, book(), clerk_, "h1", today_); });
  ASSERT_EQ(standing.lights.size(), 3U);
  EXPECT_EQ(standing.lights[0].state, LightState::not_met);
  ASSERT_EQ(standing.lights[0].reasons.size(), 1U);
  EXPECT_EQ(standing.lights[0].reasons[0].say.zh, "人p1 未参保（1980-05-01）");
  EXPECT_EQ(standing.lights[2].state, LightState::unknown) << "no row about its water, and nobody delivered any";
  ASSERT_EQ(standing.lacking.size(), 1U);
  EXPECT_EQ(standing.lacking[0].rule, "net.allowance");
  EXPECT_EQ(standing.lacking_fen, 2 * 321'800);
  EXPECT_TRUE(standing.lacking[0].unverified) << "nobody has compared the poverty line with its source";
  EXPECT_FALSE(standing.computing);
  const auto outside = store_->read([&](store::Session& session) -> base::Done {
    TRY(household_standing(session, book(), village_, "h1", today_));
    return {};
  });
  EXPECT_EQ(code_of(outside), "household_unknown");
}

TEST_P(ViewTest, ExplainsDownToTheCell) {
  const auto why = read([&](store::Session& session) { return explain(session, book(), store_->secrets(), clerk_, "health.insured", "p1", today_); });
  EXPECT_EQ(why.saying.outcome, Outcome::not_met);
  ASSERT_EQ(why.conditions.size(), 2U);
  EXPECT_EQ(why.conditions[0].value, "yes");
  EXPECT_EQ(why.conditions[1].name, "holds");
  EXPECT_EQ(why.conditions[1].value, "no");
  EXPECT_FALSE(why.conditions[1].parts.empty());
  const auto cell = std::find_if(why.cells.begin(), why.cells.end(), [](const CellView& one) { return one.table == "insurance"; });
  ASSERT_NE(cell, why.cells.end());
  EXPECT_EQ(cell->row, "i1");
  EXPECT_EQ(cell->column, "enrolled");
  EXPECT_EQ(cell->value.zh, "否");
  EXPECT_EQ(cell->entered_by, "system:test");
  EXPECT_EQ(why.saying.mend.zh, "参保后自动消除");
  ASSERT_TRUE(why.finding);
  EXPECT_EQ(why.finding->rule_version, why.rule.version);
  EXPECT_NE(text_from_explanation(why, base::Language::zh).find("人p1 未参保"), std::string::npos);
  const auto unknown = store_->read([&](store::Session& session) -> base::Done {
    TRY(explain(session, book(), store_->secrets(), clerk_, "health.nothing", "p1", today_));
    return {};
  });
  EXPECT_EQ(code_of(unknown), "rule_unknown");
}

TEST_P(ViewTest, ListsAreCutByKeyAndByScope) {
  FindingFilter filter;
  filter.limit = 1;
  std::vector<std::string> all;
  for (;;) {
    const auto page = read([&](store::Session& session) { return findings(session, book(), clerk_, filter); });
    if (page.empty()) break;
    all.push_back(page[0].rule + " " + page[0].subject);
    filter.after_village = page[0].village;
    filter.after = page[0].id;
  }
  EXPECT_EQ(all.size(), stored().size());
  const auto theirs = read([&](store::Session& session) { return findings(session, book(), village_, {}); });
  ASSERT_EQ(theirs.size(), 2U);
  for (const FindingLine& line : theirs) {
    EXPECT_EQ(line.village, "460108101201");
    EXPECT_EQ(line.town_name.zh, "灵山镇");
  }
  filter = {};
  filter.rule = "consistency.cause";
  const auto cause = read([&](store::Session& session) { return findings(session, book(), clerk_, filter); });
  ASSERT_EQ(cause.size(), 1U);
  EXPECT_EQ(cause[0].say.zh, "主因为因病，但家中 0 人都健康");
  const auto counts = read([&](store::Session& session) { return finding_counts(session, book(), clerk_, ""); });
  std::int64_t open = 0;
  for (const FindingCount& count : counts) open += count.open;
  EXPECT_EQ(open, static_cast<std::int64_t>(all.size()));
  const auto rules = read([&](store::Session& session) { return rule_counts(session, book(), clerk_, ""); });
  EXPECT_EQ(rules[0].found + rules[0].well + rules[0].unknown, 3) << "three people in listed households";
  const auto lights = read([&](store::Session& session) { return light_counts(session, book(), village_, ""); });
  EXPECT_EQ(lights.size(), 3U);
}

TEST_P(ViewTest, WhomARuleCannotDecideOfIsListedWithWhatIsMissing) {
  const auto asked = [&](const access::Viewer& viewer, UndecidedFilter filter) {
    return read([&](store::Session& session) { return undecided(session, book(), viewer, filter, today_); });
  };
  std::vector<std::string> all;
  UndecidedFilter filter{.rule = "water.safe", .limit = 1};
  for (;;) {
    const Undecided page = asked(clerk_, filter);
    for (const UndecidedLine& line : page.lines) {
      all.push_back(line.subject + " " + line.household);
      ASSERT_EQ(line.missing.size(), 1U);
      EXPECT_EQ(line.missing[0].table + "." + line.missing[0].column, "water.safe");
    }
    if (!page.next) break;
    std::tie(filter.after_village, filter.after) = *page.next;
  }
  EXPECT_EQ(all, (std::vector<std::string>{"h1 h1", "h2 h2"}));
  EXPECT_EQ(asked(village_, {.rule = "water.safe"}).lines.size(), 1U);
  EXPECT_EQ(asked(clerk_, {.rule = "water.safe", .area = "460108101201"}).lines.size(), 1U);
  const Undecided insured = asked(village_, {.rule = "schooling.enrolled"});
  EXPECT_TRUE(insured.lines.empty()) << "too old to go to school";
  const Undecided ill = asked(clerk_, {.rule = "risk.illness", .area = "460108101200"});
  ASSERT_EQ(ill.lines.size(), 2U);
  EXPECT_EQ(ill.lines[0].missing[0].column, "serious_illness");
  const auto nothing = store_->read([&](store::Session& session) -> base::Done {
    TRY(undecided(session, book(), clerk_, {.rule = "no.such"}, today_));
    return {};
  });
  EXPECT_EQ(code_of(nothing), "rule_unknown");
}

TEST_P(ViewTest, ADraftSaysWhoJoinsAndWhatItCosts) {
  Draft draft;
  draft.figures = {{"poverty_line", "4000"}};
  draft.conditions = {{"net.allowance", "eligible", "household.attribute == \"allowance\" && household.status == \"poor\""}};
  const auto before = stored();
  const auto seen = read([&](store::Session& session) { return what_if(session, book(), clerk_, draft, options()); });
  ASSERT_EQ(seen.rules.size(), 1U);
  EXPECT_EQ(seen.rules[0].total.before, 2);
  EXPECT_EQ(seen.rules[0].total.after, 1);
  EXPECT_EQ(seen.rules[0].total.leaving, 1);
  EXPECT_EQ(seen.rules[0].total.households_leaving, 1);
  EXPECT_EQ(seen.rules[0].total.cost_before_fen, 3 * 321'800);
  EXPECT_EQ(seen.rules[0].total.cost_after_fen, 2 * 400'000);
  ASSERT_EQ(seen.rules[0].towns.size(), 1U);
  EXPECT_EQ(seen.rules[0].towns[0].town_name.zh, "灵山镇");
  EXPECT_EQ(stored(), before) << "nothing is written";
  draft.conditions[0].text = "household.nothing";
  draft.figures[0].value = "many";
  const auto wrong = store_->read([&](store::Session& session) -> base::Done {
    TRY(what_if(session, book(), clerk_, draft, options()));
    return {};
  });
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, "value_unreadable");
  EXPECT_EQ(wrong.error().place.field, "/figures/0/value");
}

TEST_P(ViewTest, WithoutACohortAGoalIsAboutWhoeverItsListNamesToday) {
  pack::Pack pack = small_pack();
  pack::Goal goal;
  goal.id = "poor_fed";
  goal.list = expression("household.status == \"poor\"");
  goal.holds = expression("household.status == \"poor\"");
  pack::Goal village;
  village.id = "villages_named";
  village.subject = pack::Subject::village;
  village.holds = expression("village.code != \"\"");
  pack.goals = {goal, village};
  policy_ = std::make_unique<Policy>(pack, live());
  auto board = read([&](store::Session& session) { return goals(session, book(), today_); });
  ASSERT_EQ(board.size(), 2U);
  EXPECT_EQ(board[0].yes, 1);
  EXPECT_EQ(board[0].no + board[0].unknown + board[0].gone, 0);
  EXPECT_GE(board[1].yes, 1);
  const auto members = read([&](store::Session& session) { return goal_members(session, book(), clerk_, "poor_fed", today_); });
  ASSERT_EQ(members.size(), 1U);
  EXPECT_EQ(members[0].household, "h1");
  write([](store::Transaction& transaction) -> base::Done {
    TRY(transaction.execute(set_status, {{"id", "h1"}, {"status", "exited_supported"}}));
    return transaction.journal({"household.status_changed", "household", "h1", "", "{}"});
  });
  board = read([&](store::Session& session) { return goals(session, book(), today_); });
  EXPECT_EQ(board[0].yes, 0);
}

TEST_P(ViewTest, AFrozenListStaysAsItWas) {
  pack::Pack pack = small_pack();
  pack::Goal goal;
  goal.id = "exit_2019";
  goal.cohort = "poor-2019";
  goal.households = 1;
  goal.people = 2;
  goal.holds = expression("household.status == \"exited_supported\"");
  pack.goals = {goal};
  policy_ = std::make_unique<Policy>(pack, live());
  const auto freeze = [&] {
    return store_->write(store::act_of(), [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      TRY(freeze_cohort(transaction, book(), clerk_, {"poor-2019", "household.status == \"poor\"", "3月底锁定"}));
      return store::Answer{};
    });
  };
  EXPECT_FALSE(read([&](store::Session& session) { return goals(session, book(), today_); })[0].frozen);
  value_of(freeze());
  EXPECT_EQ(code_of(freeze()), "cohort_frozen");
  auto board = read([&](store::Session& session) { return goals(session, book(), today_); });
  ASSERT_TRUE(board[0].frozen);
  EXPECT_EQ(board[0].frozen->households, 1);
  EXPECT_EQ(board[0].frozen->people, 2);
  EXPECT_EQ(board[0].no, 1);
  write([](store::Transaction& transaction) -> base::Done {
    TRY(transaction.execute(set_status, {{"id", "h1"}, {"status", "exited_supported"}}));
    return transaction.journal({"household.status_changed", "household", "h1", "", "{}"});
  });
  board = read([&](store::Session& session) { return goals(session, book(), today_); });
  EXPECT_EQ(board[0].yes, 1);
  for (const store::Sql sql : {change_cohort, join_cohort}) {
    EXPECT_FALSE(store_->write(store::act_of(), [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      TRY(transaction.execute(sql));
      return store::Answer{};
    }));
  }
  EXPECT_EQ(read([&](store::Session& session) { return goal_members(session, book(), village_, "exit_2019", today_); }).size(), 0U);
  EXPECT_EQ(read([&](store::Session& session) { return goal_members(session, book(), clerk_, "exit_2019", today_); }).size(), 1U);
}

TEST_P(ViewTest, IndicatorsFollowTheRules) {
  pack::Pack pack = small_pack();
  pack::Indicator coverage;
  coverage.id = "health.coverage";
  coverage.rule = "health.insured";
  coverage.target = pack::Target{">=", 100, true};
  pack::Indicator poor;
  poor.id = "households.poor";
  poor.count = expression("household.status == \"poor\"");
  poor.of = expression("household.status != \"general\"");
  pack.indicators = {coverage, poor};
  policy_ = std::make_unique<Policy>(pack, live());
  value_of(sweep_and_apply(*store_, book(), all_rules(book()), options()));
  const auto standings = read([&](store::Session& session) { return indicators(session, book(), today_); });
  EXPECT_EQ(standings.at("health.coverage").counted, 1);
  EXPECT_EQ(standings.at("health.coverage").total, 3) << "p3's village delivered its ledger, and he is not in it";
  EXPECT_NEAR(*standings.at("health.coverage").value, 100.0 / 3, 1e-9);
  EXPECT_EQ(standings.at("households.poor").value, 50);
  EXPECT_EQ(standings.at("households.poor").total, 2);
  const auto views = read([&](store::Session& session) { return indicator_views(session, book()); });
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views[0].reached, false);
  const auto status = read([&](store::Session& session) { return sweep_status(session, book(), today_); });
  EXPECT_FALSE(status.computing);
  EXPECT_GT(status.open_findings, 0);
}

ON_BOTH_ENGINES(ViewTest);

}  // namespace
}  // namespace yihu::screen
