// A cell changes, the indicator moves, the measure of the plan moves with it, and nobody is asked to report it.

#include "plan/tracking/acceptance.h"
#include "plan/tracking/board.h"
#include "screen/indicator.h"
#include "screen_fixture.h"

namespace yihu::screen {
namespace {

constexpr store::Sql insert_unit =
    "INSERT INTO unit (id, slug, name, name_en, short_name, short_name_en, kind, place, version)"
    " VALUES (:id, 'insurance', '区医保局', 'Insurance', '区医保局', 'Insurance', 'bureau', 1, 1)";
constexpr store::Sql put_insurance =
    "INSERT INTO ledger_insurance (id, subject, period, year, enrolled, version) VALUES (:id, :id, '2019', 2019, :value, 1)"
    " ON CONFLICT (id) DO UPDATE SET enrolled = excluded.enrolled";

constexpr store::Sql deliver = "INSERT INTO delivery (ledger, area, period) VALUES ('insurance', '460108101', '2019')";

class MeasureTest : public ScreenTest {
 protected:
  void SetUp() override {
    ScreenTest::SetUp();
    if (IsSkipped()) return;
    pack::Pack pack = small_pack();
    pack::Indicator coverage;
    coverage.id = "health.coverage";
    coverage.rule = "health.insured";
    coverage.target = pack::Target{">=", 100, true};
    coverage.measure = pack::MeasureName{10, 1};
    pack.indicators = {coverage};
    policy_ = std::make_unique<Policy>(pack, live());
    write([&](store::Transaction& transaction) -> base::Done {
      TRY(transaction.execute(insert_unit, {{"id", unit_}}));
      plan_ = TRY(plan::accept_plan(transaction, incoming())).plan;
      TRY(transaction.execute(deliver));
      TRY(household(transaction, "h1", "poor"));
      TRY(person(transaction, "p1", "h1", "1980-05-01"));
      return person(transaction, "p2", "h1", "1985-05-01");
    });
    for (const char* id : {"p1", "p2"}) enrol(id, id == std::string("p1"));
  }

  /// Two measures, both due by the end of May: one that an indicator tells, one that is reported.
  plan::IncomingPlan incoming() const {
    plan::IncomingPlan out;
    out.title = {"2019年工作要点", "Plan"};
    out.year = 2019;
    out.date = base::make_date(2019, 4, 19);
    out.parts = {{1, {"部分", "Part"}}};
    plan::IncomingTask task;
    task.no = 10;
    task.part = 1;
    task.title = task.short_title = {"健康扶贫", "Health"};
    for (const int number : {1, 2}) {
      plan::IncomingMeasure measure;
      measure.no = number;
      measure.position = number;
      measure.title = {number == 1 ? "全部参保" : "开展宣传", ""};
      measure.text = measure.title.zh;
      measure.lead = {{"区医保局", "", unit_}};
      measure.deadlines = {{{}, "2019-05-31", "5月底前"}};
      task.measures.push_back(measure);
    }
    out.tasks = {task};
    return out;
  }

  void enrol(const std::string& person, bool enrolled) {
    write([&](store::Transaction& transaction) -> base::Done {
      TRY(transaction.execute(put_insurance, {{"id", person}, {"value", enrolled ? 1 : 0}}));
      return transaction.journal({"ledger_row.changed", "ledger_row", person, "",
                                  fmt::format(R"({{"ledger":"insurance","subject":"{}","period":"2019","enrolled":true}})", person)});
    });
    value_of(bring_up_to_date(*store_, book(), {SweepEngine::duckdb, today_, {.threads_max = 1}}));
  }

  struct Look {
    std::vector<plan::State> states;       ///< of the measures
    std::vector<double> progress;
    std::vector<std::string> asked;        ///< titles of what the unit owes its word on
  };
  Look look() {
    return read([&](store::Session& session) -> base::Result<Look> {
      const plan::TrackedPlan tracked = TRY(plan::load_plan(session, plan_));
      const plan::Facts facts = TRY(plan::load_facts(session, plan_));
      const auto units = TRY(area::read_directory(session));
      Look out;
      for (const auto& task : plan::standings_of(tracked, facts, units, today_)) {
        for (const auto& measure : task.measures) {
          out.states.push_back(measure.verdict.state);
          out.progress.push_back(measure.verdict.progress);
        }
      }
      for (const auto& due : plan::workbench_of(tracked, *units.unit(unit_), facts, units, today_).due) out.asked.push_back(due.title.zh);
      return out;
    });
  }

  base::UnitId unit_ = base::UnitId::make();
  base::PlanId plan_;
};

ON_BOTH_ENGINES(MeasureTest);

TEST_P(MeasureTest, a_cell_moves_the_measure_and_nobody_is_asked) {
  const Look half = look();
  ASSERT_EQ(half.states.size(), 2U);
  EXPECT_EQ(half.states[0], plan::State::late) << "one of two by the end of May";
  EXPECT_NEAR(half.progress[0], 0.5, 1e-9);
  EXPECT_EQ(half.asked, std::vector<std::string>{"开展宣传"});

  enrol("p2", true);
  const Look all = look();
  EXPECT_EQ(all.states[0], plan::State::done);
  EXPECT_NEAR(all.progress[0], 1, 1e-9);
  EXPECT_EQ(all.states[1], plan::State::late) << "of the other nobody has said a word";
  EXPECT_EQ(all.asked, std::vector<std::string>{"开展宣传"});

  enrol("p1", false);
  const Look back = look();
  EXPECT_EQ(back.states[0], plan::State::late);
  EXPECT_NEAR(back.progress[0], 0.5, 1e-9);
}

}  // namespace
}  // namespace yihu::screen
