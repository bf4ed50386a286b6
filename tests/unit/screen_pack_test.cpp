// The packs that are shipped, over made-up people with missing cells: whoever is asked, one subject on the live store,
// everybody on the live store or everybody on DuckDB, the answers are the same.

#include "ledger/vocabulary.h"
#include "screen/evaluation.h"
#include "screen_fixture.h"
#include "store/generated_sql.h"

namespace yihu::screen {
namespace {

constexpr int households = 10;
constexpr int people_per_household = 3;

pack::Pack shipped_pack() { return made(pack::load("packs/meilan-2019", ledger::vocabulary())); }

/// What the ledger room would make of the pack's ledgers.
std::vector<std::string> ledger_tables(const pack::Pack& pack) {
  std::vector<std::string> out;
  for (const pack::Ledger& ledger : pack.ledgers) {
    std::string sql = "CREATE TABLE " + pack::table_of(ledger) + " (id TEXT PRIMARY KEY, subject TEXT NOT NULL, period TEXT NOT NULL, year @int";
    for (const pack::Column& column : ledger.columns) {
      const rule::Kind kind = pack::kind_of(column.type);
      sql += ", \"" + column.id + (kind == rule::Kind::text || kind == rule::Kind::day ? "\" TEXT" : kind == rule::Kind::real ? "\" @real" : "\" @int");
    }
    out.push_back(sql + ") @strict");
  }
  out.emplace_back("CREATE TABLE delivery (ledger TEXT NOT NULL, area TEXT NOT NULL, period TEXT NOT NULL, PRIMARY KEY (ledger, area, period)) @strict");
  return out;
}

class PackTest : public ScreenTest {
 protected:
  using Row = std::map<std::string, store::Value>;

  void SetUp() override {
    store::OnBothEngines::SetUp();
    if (IsSkipped()) return;
    policy_ = std::make_unique<Policy>(shipped_pack(), live());
    statements_ = ledger_tables(policy_->pack);
    store::Options chosen = options();
    chosen.migrations = area::migrations();
    for (const auto& room : {access::migrations(), plan::migrations(), registry::migrations(), migrations()}) {
      chosen.migrations.insert(chosen.migrations.end(), room.begin(), room.end());
    }
    store::Migration tables{990, "ledgers", {}};
    for (const std::string& sql : statements_) tables.statements.push_back(sql.c_str());
    chosen.migrations.push_back(tables);
    on(2019, 6, 3);
    store_ = value_of(store::Store::open(std::move(chosen)));
    value_of(store_->write(store::act_of(), [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      TRY(fill(transaction));
      return store::Answer{};
    }));
  }

  std::uint32_t next() { return state_ = state_ * 1664525 + 1013904223; }
  bool one_in(std::uint32_t n) { return (next() >> 8) % n == 0; }

  store::Value made_up(const rule::Field& field) {
    const std::uint32_t n = next() >> 8;
    const auto& lists = book().compiler().schema().code_lists;
    if (!field.never_missing && one_in(8)) return nullptr;
    if (!field.codes.empty() && lists.contains(field.codes) && !lists.at(field.codes).empty()) return lists.at(field.codes)[n % lists.at(field.codes).size()];
    switch (field.kind) {
      case rule::Kind::truth: return static_cast<int>(n % 2);
      case rule::Kind::integer: return static_cast<int>(n % 20);
      case rule::Kind::money: return static_cast<std::int64_t>(n % 2'000'000);
      case rule::Kind::real: return n % 1000 / 10.0;
      case rule::Kind::day: return fmt::format("{}-{:02}-{:02}", 1940 + n % 81, 1 + n % 12, 1 + n % 28);
      case rule::Kind::text: break;
    }
    return fmt::format("x{}", n % 50);
  }

  base::Done insert(store::Transaction& transaction, const std::string& table, Row row) {
    for (const auto& [name, rows] : book().compiler().schema().rows) {
      if (rows.table != table) continue;
      for (const rule::Field& field : rows.fields) {
        if (!row.contains(field.column)) row.emplace(field.column, made_up(field));
      }
    }
    std::string columns;
    std::string values;
    store::Parameters parameters;
    for (const auto& [column, value] : row) {
      columns += (columns.empty() ? "\"" : ", \"") + column + "\"";
      values += (values.empty() ? ":" : ", :") + column;
      parameters.push_back({column, value});
    }
    TRY(transaction.execute(store::compiled_sql(fmt::format("INSERT INTO {} ({}) VALUES ({})", table, columns, values)), parameters));
    return {};
  }

  base::Done fill(store::Transaction& transaction) {
    TRY(transaction.execute(insert_area, {{"code", "460108101"}, {"level", "town"}, {"name", "灵山镇"}, {"parent", "460108"}, {"town", nullptr}}));
    for (const char* village : {"460108101200", "460108101201"}) {
      TRY(transaction.execute(insert_area, {{"code", village}, {"level", "village"}, {"name", village}, {"parent", "460108101"}, {"town", "460108101"}}));
    }
    for (int h = 0; h < households; ++h) {
      const std::string id = fmt::format("h{}", h);
      const char* village = h % 2 == 0 ? "460108101200" : "460108101201";
      TRY(insert(transaction, "household", {{"id", id}, {"code", id}, {"village", village}, {"size", people_per_household}, {"registered_on", "2014-01-01"},
                                            {"ended_on", nullptr}, {"version", 1}, {"updated_at", 0}}));
      for (const int year : {2017, 2018, 2019}) {
        if (!one_in(4)) TRY(insert(transaction, "income", {{"household", id}, {"year", year}, {"version", 1}, {"updated_at", 0}}));
      }
      for (int p = 0; p < people_per_household; ++p) {
        const std::string person = fmt::format("p{}-{}", h, p);
        TRY(insert(transaction, "person", {{"id", person}, {"code", person}, {"household", id}, {"village", village}, {"present", one_in(9) ? 0 : 1}, {"version", 1}, {"updated_at", 0}}));
      }
    }
    for (const pack::Ledger& ledger : policy_->pack.ledgers) TRY(fill(transaction, ledger));
    return {};
  }

  base::Done fill(store::Transaction& transaction, const pack::Ledger& ledger) {
    const std::string now = period_on(static_cast<rule::Period>(ledger.period), today_);
    if (!one_in(3)) {
      static constexpr store::Sql deliver = "INSERT INTO delivery (ledger, area, period) VALUES (:ledger, :area, :period)";
      TRY(transaction.execute(deliver, {{"ledger", ledger.id}, {"area", one_in(2) ? "460108" : "460108101200"}, {"period", now}}));
    }
    const auto put = [&](const std::string& subject) -> base::Done {
      const int rows = ledger.rows == pack::RowCount::one ? 1 : static_cast<int>((next() >> 8) % 3);
      for (int row = 0; row < rows && !one_in(3); ++row) {
        TRY(insert(transaction, pack::table_of(ledger), {{"id", fmt::format("{}-{}", subject, row)}, {"subject", subject}, {"period", now},
                                                         {"year", now.empty() ? store::Value(nullptr) : store::Value(2019)}}));
      }
      return {};
    };
    for (int h = 0; h < households; ++h) {
      if (ledger.subject == pack::Subject::household) TRY(put(fmt::format("h{}", h)));
      for (int p = 0; p < people_per_household && ledger.subject == pack::Subject::person; ++p) TRY(put(fmt::format("p{}-{}", h, p)));
    }
    if (ledger.subject != pack::Subject::village) return {};
    TRY(put("460108101200"));
    return put("460108101201");
  }

  /// "rule village outcome" → how many, of everybody asked one by one.
  std::map<std::string, std::int64_t> one_by_one(std::set<std::string>& found) {
    std::map<std::string, std::int64_t> out;
    read([&](store::Session& session) -> base::Result<int> {
      std::vector<SubjectRow> everybody;
      for (int h = 0; h < households; ++h) {
        for (SubjectRow& subject : TRY(household_subjects(session, fmt::format("h{}", h)))) everybody.push_back(std::move(subject));
      }
      for (const char* village : {"460108101200", "460108101201"}) everybody.push_back(*TRY(village_subject(session, village)));
      for (const SubjectRow& subject : everybody) {
        for (const Verdict& verdict : TRY(evaluate(session, book(), book().all(subject.kind), subject.id, today_))) {
          ++out[fmt::format("{} {} {}", book().at(verdict.rule).id(), subject.village, name_of(verdict.outcome))];
          if (is_finding(verdict.outcome)) found.insert(fmt::format("{} {} {}", book().at(verdict.rule).id(), subject.id, name_of(verdict.outcome)));
        }
      }
      return 0;
    });
    return out;
  }

  std::map<std::string, std::int64_t> everybody(SweepEngine engine, std::int64_t at_once, std::set<std::string>& found) {
    std::map<std::string, std::int64_t> out;
    read([&](store::Session& session) -> base::Result<int> {
      const SweepResult result = TRY(sweep(session, book(), all_rules(book()), {engine, today_, {.threads_max = 1}, {}, at_once}));
      for (const auto& [rule, villages] : result.counts) {
        for (const auto& [village, counts] : villages) {
          for (std::size_t at = 0; at < counts.size(); ++at) {
            if (counts[at] > 0) out[fmt::format("{} {} {}", book().at(rule).id(), village, name_of(static_cast<Outcome>(at)))] = counts[at];
          }
        }
      }
      for (const Found& one : result.found) found.insert(fmt::format("{} {} {}", book().at(one.rule).id(), one.subject, name_of(one.outcome)));
      return 0;
    });
    return out;
  }

  std::vector<std::string> statements_;
  std::uint32_t state_ = 2019;
};

ON_BOTH_ENGINES(PackTest);

TEST_P(PackTest, every_rule_of_the_packs_says_the_same_however_it_is_asked) {
  std::set<std::string> found;
  const auto counts = one_by_one(found);
  EXPECT_GT(found.size(), 200U);
  std::set<std::string> rules;
  for (const auto& [key, count] : counts) rules.insert(key.substr(0, key.find(' ')));
  EXPECT_EQ(rules.size(), book().rules().size());
  // The last of them goes some households by some.
  constexpr std::int64_t all = 1'000'000;
  for (const auto& [engine, at_once] : {std::pair(SweepEngine::live, all), std::pair(SweepEngine::duckdb, all), std::pair(SweepEngine::duckdb, all / 2000)}) {
    std::set<std::string> swept;
    EXPECT_EQ(everybody(engine, at_once, swept), counts) << static_cast<int>(engine) << " " << at_once;
    EXPECT_EQ(swept, found) << static_cast<int>(engine) << " " << at_once;
  }
}

}  // namespace
}  // namespace yihu::screen
