// Findings and lights follow the data: within the write that changes it, and by sweeps on every engine alike.

#include "screen/explanation.h"
#include "screen/finding_list.h"
#include "screen/goal.h"
#include "screen/household_standing.h"
#include "screen/indicator.h"
#include "screen/what_if.h"
#include "screen_fixture.h"

#include <rapidcheck.h>

namespace yihu::screen {
namespace {

constexpr store::Sql set_cause = "UPDATE household SET main_cause = :value WHERE id = :id";
constexpr store::Sql set_status = "UPDATE household SET status = :value WHERE id = :id";
constexpr store::Sql set_attribute = "UPDATE household SET attribute = :value WHERE id = :id";
constexpr store::Sql set_ill = "UPDATE person SET serious_illness = :value WHERE id = :id";
constexpr store::Sql set_chronic = "UPDATE person SET chronic = :value WHERE id = :id";
constexpr store::Sql set_disabled = "UPDATE person SET disabled = :value WHERE id = :id";
constexpr store::Sql set_schooling = "UPDATE person SET schooling = :value WHERE id = :id";
constexpr store::Sql leave = "UPDATE person SET household = NULL, present = 0, chronic = :value WHERE id = :id";
constexpr store::Sql put_insurance =
    "INSERT INTO ledger_insurance (id, subject, period, year, enrolled, version) VALUES (:id, :subject, '2019', 2019, :value, 1)"
    " ON CONFLICT (id) DO UPDATE SET enrolled = excluded.enrolled";
constexpr store::Sql put_water =
    "INSERT INTO ledger_water (id, subject, period, safe, version) VALUES (:id, :subject, '', :value, 1)"
    " ON CONFLICT (id) DO UPDATE SET safe = excluded.safe";
constexpr store::Sql put_visit =
    "INSERT INTO ledger_visits (id, subject, period, year, paid, version) VALUES (:id, :subject, :period, 2019, :value, 1)"
    " ON CONFLICT (id) DO UPDATE SET paid = excluded.paid";
constexpr store::Sql drop_visit = "DELETE FROM ledger_visits WHERE id = :id";
constexpr store::Sql deliver = "INSERT INTO delivery (ledger, area, period) VALUES (:ledger, :area, :period) ON CONFLICT DO NOTHING";
constexpr store::Sql lights_sql = "SELECT household, light, state FROM household_light ORDER BY household, light";
constexpr store::Sql awaited_sql = "SELECT area, source FROM awaited ORDER BY area, source";
constexpr store::Sql because_sql = "SELECT closed_because FROM finding WHERE subject = :subject AND rule = :rule";
constexpr store::Sql journal_sql = "SELECT action FROM journal WHERE subject_kind = 'finding' ORDER BY sequence";

std::string row_journal(const char* ledger, const std::string& subject, const char* column) {
  return fmt::format(R"({{"ledger":"{}","subject":"{}","period":"2019","{}":1}})", ledger, subject, column);
}

class FindingTest : public ScreenTest {
 protected:
  void SetUp() override {
    ScreenTest::SetUp();
    if (IsSkipped()) return;
    write([](store::Transaction& transaction) -> base::Done {
      TRY(household(transaction, "h1", "poor"));
      TRY(person(transaction, "p1", "h1", "1980-05-01"));
      TRY(person(transaction, "p2", "h1", "2010-05-01"));
      TRY(household(transaction, "h2", "general"));
      return person(transaction, "p3", "h2", "1985-01-01");
    });
  }

  void change(store::Sql sql, const std::string& household, const std::string& id, store::Value value) {
    write([&](store::Transaction& transaction) -> base::Done {
      TRY(transaction.execute(sql, {{"id", id}, {"value", value}}));
      return transaction.journal({"household.changed", "household", household, "", "{}"});
    });
  }
  void insure(const std::string& person, std::optional<int> enrolled) {
    write([&](store::Transaction& transaction) -> base::Done {
      TRY(transaction.execute(put_insurance, {{"id", "i" + person}, {"subject", person}, {"value", enrolled}}));
      return transaction.journal({"ledger_row.changed", "ledger_row", "i" + person, "", row_journal("insurance", person, "enrolled")});
    });
  }
  std::map<std::string, std::string> lights() {
    return read([&](store::Session& session) -> base::Result<std::map<std::string, std::string>> {
      std::map<std::string, std::string> out;
      for (const store::Row& row : TRY(session.query(lights_sql))) out[row.text(0) + " " + row.text(1)] = row.text(2);
      return out;
    });
  }
  bool has(const std::string& line) { return stored().contains(line); }
  bool bring() { return value_of(bring_up_to_date(*store_, book(), {SweepEngine::duckdb, today_, {.threads_max = 1}})); }
};

TEST_P(FindingTest, OpensAndClosesWithTheCell) {
  EXPECT_FALSE(has("health.insured p1 2019 open not_met")) << "nothing was delivered, so no row says nothing";
  insure("p1", 0);
  // A row that says no: whether there is another one, nobody knows before the ledger is delivered; one row a year, so it is.
  insure("p1", 0);
  write([](store::Transaction& transaction) -> base::Done {
    TRY(transaction.execute(deliver, {{"ledger", "insurance"}, {"area", "460108"}, {"period", "2019"}}));
    return transaction.journal({"ledger.delivered", "ledger", "insurance", "", R"({"area":"460108","period":"2019"})"});
  });
  EXPECT_TRUE(read([](store::Session& session) { return awaits_sweep(session, "460108101200"); }));
  EXPECT_TRUE(bring());
  EXPECT_FALSE(read([](store::Session& session) { return awaits_sweep(session, "460108101200"); }));
  EXPECT_TRUE(has("health.insured p1 2019 open not_met"));
  EXPECT_TRUE(has("health.insured p2 2019 open not_met"));
  EXPECT_EQ(lights()["h1 health"], "not_met");
  insure("p1", 1);
  EXPECT_FALSE(has("health.insured p1 2019 open not_met"));
  EXPECT_EQ(lights()["h1 health"], "not_met");
  insure("p2", 1);
  EXPECT_EQ(lights()["h1 health"], "met");
  insure("p2", 0);
  EXPECT_TRUE(has("health.insured p2 2019 open not_met"));
  insure("p2", std::nullopt);
  EXPECT_TRUE(has("health.insured p2 2019 unknown not_met"));
  EXPECT_EQ(lights()["h1 health"], "unknown");
  EXPECT_EQ(lights().count("h2 health"), 0U) << "not listed";
}

TEST_P(FindingTest, FollowsHouseholdsAndPeople) {
  EXPECT_TRUE(has("village.poor 460108101200  open signal"));
  change(set_ill, "h2", "p3", 1);
  EXPECT_TRUE(has("risk.illness h2  open signal"));
  change(leave, "h2", "p3", nullptr);
  EXPECT_FALSE(has("risk.illness h2  open signal"));
  change(set_schooling, "h1", "p2", "left");
  EXPECT_TRUE(has("schooling.enrolled p2  open not_met"));
  change(leave, "h1", "p2", nullptr);
  EXPECT_FALSE(has("schooling.enrolled p2  open not_met"));
  const auto because = read([](store::Session& session) -> base::Result<std::string> {
    return TRY(session.find(because_sql, {{"subject", "p2"}, {"rule", "schooling.enrolled"}}))->text(0);
  });
  EXPECT_EQ(because, "subject");
}

TEST_P(FindingTest, EveryChangeIsJournalledOnce) {
  change(set_ill, "h2", "p3", 1);
  change(set_ill, "h2", "p3", 1);
  change(set_ill, "h2", "p3", 0);
  const auto actions = read([](store::Session& session) -> base::Result<std::string> {
    std::string out;
    for (const store::Row& row : TRY(session.query(journal_sql))) out += row.text(0) + " ";
    return out;
  });
  EXPECT_EQ(actions, "finding.opened finding.opened finding.closed ") << "the village's, then the illness and its end";
}

TEST_P(FindingTest, AChildGrowsUpOvernight) {
  change(set_schooling, "h1", "p2", "left");
  EXPECT_TRUE(bring());
  on(2026, 5, 2);  // sixteen
  EXPECT_TRUE(has("schooling.enrolled p2  open not_met"));
  EXPECT_TRUE(bring());
  EXPECT_FALSE(has("schooling.enrolled p2  open not_met"));
  EXPECT_FALSE(bring()) << "the night is swept once";
}

TEST_P(FindingTest, AChangedRuleIsSweptAndSaysItsVersion) {
  bring();
  pack::Pack pack = small_pack();
  for (pack::Rule& rule : pack.rules) {
    if (rule.id == "risk.illness") rule.when = expression("household.members.exists(m, m.chronic)");
  }
  std::erase_if(pack.rules, [](const pack::Rule& rule) { return rule.id == "village.poor"; });
  const std::string before = book().at(*book().position("risk.illness")).version;
  policy_ = std::make_unique<Policy>(pack, live());
  EXPECT_NE(book().at(*book().position("risk.illness")).version, before);
  EXPECT_TRUE(has("village.poor 460108101200  open signal"));
  EXPECT_TRUE(bring());
  EXPECT_FALSE(has("village.poor 460108101200  open signal")) << "the rule is gone";
  EXPECT_FALSE(bring());
}

TEST_P(FindingTest, LargeWritesWaitForTheSweep) {
  write([](store::Transaction& transaction) -> base::Done {
    for (int i = 0; i < 201; ++i) {
      const std::string id = fmt::format("many{:03}", i);
      TRY(household(transaction, id, "poor", "460108101201"));
      TRY(person(transaction, id + "p", id, "1990-01-01", "460108101201"));
    }
    return {};
  });
  EXPECT_TRUE(read([](store::Session& session) { return awaits_sweep(session, "460108101201"); }));
  EXPECT_FALSE(read([](store::Session& session) { return awaits_sweep(session, "460108101200"); }));
  EXPECT_FALSE(has("village.poor 460108101201  open signal"));
  EXPECT_TRUE(bring());
  EXPECT_TRUE(has("village.poor 460108101201  open signal"));
  EXPECT_FALSE(read([](store::Session& session) { return awaits_sweep(session, "460108101201"); }));
  EXPECT_EQ(stored(), swept(SweepEngine::live));
}

/// One random edit of a cell, of a ledger or of who lives where.
struct Edit {
  int what = 0;
  int household = 0;
  int value = 0;
};

constexpr int edited_households = 4;

base::Done make(store::Transaction& transaction, const Edit& edit) {
  const std::string h = fmt::format("e{}", edit.household);
  const std::string p = fmt::format("{}p{}", h, edit.value % 2);
  const std::optional<int> truth = edit.value % 3 == 2 ? std::nullopt : std::optional(edit.value % 3);
  static constexpr const char* statuses[] = {"general", "poor", "exited_supported"};
  static constexpr const char* schools[] = {"primary", "left", "junior"};
  const auto changed = [&] { return transaction.journal({"household.changed", "household", h, "", "{}"}); };
  switch (edit.what) {
    case 0: TRY(transaction.execute(set_status, {{"id", h}, {"value", statuses[edit.value % 3]}})); return changed();
    case 1: TRY(transaction.execute(set_cause, {{"id", h}, {"value", truth ? std::optional("illness") : std::nullopt}})); return changed();
    case 2: TRY(transaction.execute(set_ill, {{"id", p}, {"value", truth}})); return changed();
    case 3: TRY(transaction.execute(set_chronic, {{"id", p}, {"value", truth}})); return changed();
    case 4: TRY(transaction.execute(set_disabled, {{"id", p}, {"value", truth}})); return changed();
    case 5: TRY(transaction.execute(set_schooling, {{"id", p}, {"value", truth ? std::optional(schools[*truth]) : std::nullopt}})); return changed();
    case 6: TRY(transaction.execute(set_attribute, {{"id", h}, {"value", truth ? std::optional(*truth ? "allowance" : "general") : std::nullopt}})); return changed();
    case 7:
      TRY(transaction.execute(put_insurance, {{"id", "i" + p}, {"subject", p}, {"value", truth}}));
      return transaction.journal({"ledger_row.changed", "ledger_row", "i" + p, "", row_journal("insurance", p, "enrolled")});
    case 8:
      TRY(transaction.execute(put_water, {{"id", "w" + h}, {"subject", h}, {"value", truth}}));
      return transaction.journal({"ledger_row.added", "ledger_row", "w" + h, "", row_journal("water", h, "safe")});
    case 9:
      TRY(transaction.execute(put_visit, {{"id", "v" + h}, {"subject", h}, {"period", "2019-06"}, {"value", truth}}));
      return transaction.journal({"ledger_row.added", "ledger_row", "v" + h, "", row_journal("visits", h, "paid")});
    default:
      TRY(transaction.execute(drop_visit, {{"id", "v" + h}}));
      return transaction.journal({"ledger_row.removed", "ledger_row", "v" + h, "", row_journal("visits", h, "paid")});
  }
}

/// Six random edits at a time, a hundred times over; after each six all agree.
TEST_P(FindingTest, AnyEditsEndAsASweepFromScratch) {
  write([](store::Transaction& transaction) -> base::Done {
    for (int i = 0; i < edited_households; ++i) {
      const std::string id = fmt::format("e{}", i);
      TRY(household(transaction, id, i == 0 ? "general" : "poor"));
      TRY(person(transaction, id + "p0", id, "1975-01-01"));
      TRY(person(transaction, id + "p1", id, "2009-01-01"));
    }
    for (const char* ledger : {"insurance", "visits"}) {
      TRY(transaction.execute(deliver, {{"ledger", ledger}, {"area", "460108101"}, {"period", ledger == std::string("visits") ? "2019-06" : "2019"}}));
    }
    return transaction.journal({"ledger.delivered", "ledger", "visits", "", R"({"area":"460108101","period":"2019-06"})"});
  });
  bring();
  int round = 0;
  const bool agree = rc::check([&] {
    const auto edits = *rc::gen::container<std::vector<Edit>>(
        6, rc::gen::apply([](int what, int household_no, int value) { return Edit{what, household_no, value}; }, rc::gen::inRange(0, 11),
                           rc::gen::inRange(0, edited_households), rc::gen::inRange(0, 6)));
    for (const Edit& edit : edits) write([&](store::Transaction& transaction) { return make(transaction, edit); });
    std::set<std::string> open;
    for (const std::string& line : stored()) {
      if (line.find(" unknown ") == std::string::npos) open.insert(line);
    }
    RC_ASSERT(open == swept(SweepEngine::live));
    // Opening an engine costs more than all the edits.
    if (++round % 20 != 0) return;
    RC_ASSERT(open == swept(SweepEngine::duckdb));
    const auto now = lights();
    const auto seen = read([&](store::Session& session) { return sweep(session, book(), all_rules(book()), {SweepEngine::duckdb, today_, {.threads_max = 1}}); });
    std::map<std::string, std::string> drawn;
    for (const auto& [id, of_household] : seen.lights) {
      for (const auto& [light, state] : of_household) drawn[id + " " + light] = name_of(state);
    }
    RC_ASSERT(now == drawn);
  });
  EXPECT_TRUE(agree);
}

ON_BOTH_ENGINES(FindingTest);

}  // namespace
}  // namespace yihu::screen
