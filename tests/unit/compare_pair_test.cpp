// Doubtful pairs: asked once, remembered, undone when the data changes, never lost.

#include "compare_fixture.h"

#include "registry/identity.h"

namespace yihu::compare {
namespace {

using Lines = std::vector<std::string>;

class ComparePair : public CompareTest {
 protected:
  void SetUp() override {
    CompareTest::SetUp();
    if (IsSkipped()) return;
    family("H1", {{"张建国", "1975-03-04", "head", "male", "", 111}, {"张小明", "2009-05-06", "child", "male", "primary", 113}});
    family("H2", {{"李秀英", "1968-09-10", "head", "female", "", 121}, {"李大山", "2008-11-12", "child", "male", "junior", 123}});
  }
  /// The name and the day of Zhang Xiaoming, another valid number: a person has to look.
  std::string doubtful() { return "姓名,身份证号,年级\n张小明," + number_of("2009-05-06", 777) + ",5\n李大山," + number_of("2008-11-12", 123) + ",7\n"; }
  base::Done decide(const Pair& pair, const std::string& decision) {
    return write([&](store::Transaction& transaction) { return decide_pair(transaction, store_->secrets(), *rosters_, everything_, pair.id, decision, pair.version); });
  }
  void again() { value_of(look_again(work(), *value_of(rosters_->find("school")), "2019", store::act_of())); }
};

TEST_P(ComparePair, ADoubtfulPairShowsBothSidesAndItsWeightsAddUp) {
  const compare::Run run = bring("school", doubtful());
  EXPECT_EQ(run.summary.doubtful, 1);
  EXPECT_EQ(run.summary.matched, 1);
  const PairPage page = pairs();
  ASSERT_EQ(page.items.size(), 1U);
  const Pair& pair = page.items[0];
  EXPECT_EQ(page.open, 1);
  std::int64_t sum = pair.prior;
  for (const PairField& field : pair.fields) {
    sum += field.weight;
    if (field.field == "name") {
      EXPECT_EQ(field.roster, "张小明");
    }
    if (field.field == "id") {
      EXPECT_EQ(field.level, "differs");
      EXPECT_NE(field.roster, field.registered);
      EXPECT_NE(field.registered, number_of("2009-05-06", 113)) << "equal digits stay hidden";
    }
  }
  EXPECT_NEAR(link::probability_of(sum), pair.probability, 1e-9);
  const auto lines = found("school");
  EXPECT_EQ(std::ranges::count_if(lines, [](const std::string& line) { return line.starts_with("register_only") && line.find("张小明") != line.npos; }), 0)
      << "who may be the doubtful one is not missed";
}

TEST_P(ComparePair, ADecisionIsRememberedAndNobodyIsAskedTwice) {
  bring("school", doubtful());
  value_of(decide(pairs().items.at(0), "same"));
  again();
  EXPECT_TRUE(pairs().items.empty());
  const compare::Run second = bring("school", doubtful());
  EXPECT_EQ(second.summary.doubtful, 0);
  EXPECT_EQ(second.summary.matched, 2);
  EXPECT_EQ(second.summary.remembered, 1);
}

TEST_P(ComparePair, ADoubtfulRowThatStandsThereTwiceIsAskedAboutOnce) {
  const std::string sheet = doubtful();
  const std::string row = sheet.substr(sheet.find('\n') + 1, sheet.find('\n', sheet.find('\n') + 1) - sheet.find('\n'));
  EXPECT_EQ(bring("school", sheet + row).state, RunState::done);
  EXPECT_EQ(pairs().items.size(), 1U);
}

TEST_P(ComparePair, DifferentDeletesTheRowAndIsRemembered) {
  bring("school", doubtful());
  value_of(decide(pairs().items.at(0), "different"));
  again();
  const compare::Run second = bring("school", doubtful());
  EXPECT_EQ(second.summary.doubtful, 0);
  EXPECT_EQ(second.deleted, 1);
  const auto lines = found("school");
  EXPECT_EQ(std::ranges::count_if(lines, [](const std::string& line) { return line.starts_with("register_only") && line.find("张小明") != line.npos; }), 1)
      << "he is missing after all";
}

TEST_P(ComparePair, ADecisionIsUndoneWhenTheDataItRestedOnChanges) {
  const auto people = read([&](store::Session& session) { return session.query("SELECT id FROM person WHERE name = '张小明'"); });
  bring("school", doubtful());
  value_of(decide(pairs().items.at(0), "different"));
  value_of(write([&](store::Transaction& transaction) {
    return registry::correct_identity(transaction, {store_->secrets()}, everything_, registry::PersonId{people.at(0).text(0)}, {{"sex", word("female")}},
                                      {*base::parse_date("2019-06-30"), "核对户口簿"});
  }));
  const compare::Run second = bring("school", doubtful());
  EXPECT_EQ(second.summary.undone, 1);
  ASSERT_EQ(pairs().items.size(), 1U);
  EXPECT_TRUE(pairs().items[0].undone);
  EXPECT_EQ(pairs().items[0].decision, "");
}

TEST_P(ComparePair, NotSureComesLastAndADecisionCanBeTakenBack) {
  bring("school", doubtful());
  value_of(decide(pairs().items.at(0), "unsure"));
  ASSERT_EQ(pairs().items.size(), 1U);
  EXPECT_EQ(pairs().open, 0);
  const Pair unsure = pairs().items[0];
  value_of(decide(unsure, "same"));
  EXPECT_EQ(code_of(decide(unsure, "different")), "pair_changed") << "somebody else was quicker";
  const auto version = read([&](store::Session& session) { return session.query("SELECT version FROM roster_pair"); });
  Pair back = unsure;
  back.version = version.at(0).integer(0);
  value_of(decide(back, ""));
  EXPECT_EQ(pairs().open, 1);
  const auto rows = read([&](store::Session& session) { return session.query("SELECT count(*) FROM roster_match WHERE how = 'confirmed'"); });
  EXPECT_EQ(rows.at(0).integer(0), 0);
}

TEST_P(ComparePair, ContentGoesAnHourAfterTheDecision) {
  bring("school", doubtful());
  const Pair pair = pairs().items.at(0);
  value_of(decide(pair, "different"));
  value_of(write([&](store::Transaction& transaction) { return erase_decided(transaction, store_->secrets(), {transaction.now().microseconds + 1}); }));
  const auto rows = read([&](store::Session& session) { return session.query("SELECT content, decision FROM roster_pair"); });
  EXPECT_EQ(rows.at(0).text(0), "");
  EXPECT_EQ(rows.at(0).text(1), "different");
  const auto keys = read([&](store::Session& session) { return session.query("SELECT count(*) FROM person_key WHERE person LIKE 'roster-run-%' AND wrapped IS NOT NULL"); });
  EXPECT_EQ(keys.at(0).integer(0), 0);
}

TEST_P(ComparePair, OutsideTheReachThereIsNothing) {
  bring("school", doubtful());
  access::Viewer elsewhere;
  elsewhere.user = base::UserId::make();
  elsewhere.permissions = {access::Permission::register_read, access::Permission::register_change, access::Permission::ledger_read};
  elsewhere.scope.areas = {"460108101201"};
  const auto seen = read([&](store::Session& session) { return list_pairs(session, store_->secrets(), *rosters_, elsewhere, "", true, 100); });
  EXPECT_TRUE(seen.items.empty());
  EXPECT_EQ(seen.open, 0);
  const Pair pair = pairs().items.at(0);
  EXPECT_EQ(code_of(write([&](store::Transaction& transaction) {
    return decide_pair(transaction, store_->secrets(), *rosters_, elsewhere, pair.id, "same", pair.version);
  })), "pair_unknown");
  const auto lines = read([&](store::Session& session) { return list_discrepancies(session, store_->secrets(), *rosters_, elsewhere, {.limit = 100}); });
  EXPECT_TRUE(lines.empty());
  for (const Discrepancy& one : items("school")) {
    EXPECT_EQ(code_of(write([&](store::Transaction& transaction) {
      return keep_discrepancy(transaction, store_->secrets(), *rosters_, elsewhere, one.id, one.version, "x");
    })), "discrepancy_unknown");
  }
}

TEST_P(ComparePair, AListGoesOutAndItsAnswersNeedNoRoster) {
  const SheetFor sheet{*rosters_, store_->secrets(), *value_of(rosters_->find("school")), everything_, "2019"};
  const ListOut list = read([&](store::Session& session) { return list_out(session, sheet, "核对学籍", clock_.now()); });
  EXPECT_EQ(list.bytes.substr(0, 2), "PK");
  EXPECT_EQ(list.people, 2);
  value_of(write([&](store::Transaction& transaction) { return journal_list_out(transaction, sheet, "核对学籍", list.people); }));
  const auto people = read([&](store::Session& session) { return session.query("SELECT id FROM person WHERE name IN ('张小明', '李大山') ORDER BY name"); });
  const compare::Run run = bring("school", "人员编号,姓名,在名册上,年级\n" + people.at(0).text(0) + ",张小明,是,5\n" + people.at(1).text(0) + ",李大山,否,\n");
  EXPECT_EQ(run.summary.matched, 2);
  EXPECT_EQ(run.deleted, 0);
  const auto lines = found("school");
  EXPECT_EQ(std::ranges::count_if(lines, [](const std::string& line) { return line.starts_with("register_only"); }), 1);
  EXPECT_TRUE(run.answers);
  const compare::Run half = bring("school", "人员编号,姓名,在名册上,年级\n" + people.at(0).text(0) + ",张小明,是,5\n" + people.at(1).text(0) + ",李大山,,\n");
  EXPECT_EQ(half.summary.not_yet_known, 1) << "nobody said anything about him";
  const auto fewer = found("school");
  EXPECT_EQ(std::ranges::count_if(fewer, [](const std::string& line) { return line.starts_with("register_only"); }), 0);
}

TEST_P(ComparePair, ComparisonsAreHeldAgainstEachOtherAndFrozen) {
  bring("school", doubtful());
  const auto make = [&](const std::string& title) {
    const Comparison started = value_of(write([&](store::Transaction& transaction) { return start_comparison(transaction, title); }));
    return value_of(make_comparison(work(), started.id, store::act_of()));
  };
  const Comparison first = make("第一次数据比对");
  EXPECT_EQ(first.state, ComparisonState::done);
  EXPECT_EQ(first.rates.size(), 1U);
  EXPECT_EQ(first.rates.at(0).households, 0) << "without a sample there is no rate";
  value_of(write([&](store::Transaction& transaction) { return freeze_comparison(transaction, store_->algorithms(), first.id); }));
  EXPECT_EQ(code_of(make_comparison(work(), first.id, store::act_of())), "comparison_frozen");
  value_of(decide(pairs().items.at(0), "different"));
  const Comparison second = make("第二次数据比对");
  std::int64_t fresh = 0;
  for (const ComparisonCount& count : read([&](store::Session& session) { return comparison_counts(session, *rosters_, everything_, second.id, first.id); })) fresh += count.fresh;
  EXPECT_EQ(fresh, 1) << "the child who is missing after all";
  EXPECT_NE(code_of(write([&](store::Transaction& transaction) { return transaction.execute("DELETE FROM comparison_item"); })), "done");
}

TEST_P(ComparePair, RatesComeFromTheSampleAlone) {
  const auto houses = read([&](store::Session& session) { return session.query("SELECT id, size FROM household ORDER BY code"); });
  for (std::size_t i = 0; i < 2; ++i) put("samples", houses.at(i).text(0), {{"wrong", i == 0}});
  const auto rates = read([&](store::Session& session) { return count_rates(session, *rosters_, *base::parse_date("2019-06-30")); });
  ASSERT_EQ(rates.size(), 1U);
  EXPECT_EQ(rates[0].people, 4);
  EXPECT_EQ(rates[0].counted, 2);
  EXPECT_DOUBLE_EQ(rates[0].percent, 50);
  EXPECT_GT(rates[0].percent_high, 90);
}

TEST_P(ComparePair, TheDeskDoesItInTheBackground) {
  Desk desk(*store_, *rosters_);
  const compare::Run started = value_of(start_run(work(), everything_, store::act_of(), {.roster = "school", .file_name = "名册.csv"}, doubtful()));
  value_of(desk.submit_run(started.id, doubtful(), base::Language::zh));
  desk.settle();
  EXPECT_EQ(read([&](store::Session& session) { return read_run(session, started.id); }).state, RunState::done);
  EXPECT_FALSE(desk.progress(started.id));
}

ON_BOTH_ENGINES(ComparePair);

}  // namespace
}  // namespace yihu::compare
