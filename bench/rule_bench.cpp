// Compiling rules, sweeping them over many people on DuckDB, fused and one by one and against SQL written by hand, and
// asking all of them about one household on SQLite.
//   rule_bench [people]

#include "engine/duckdb.h"
#include "rule/compiler.h"
#include "rule/query.h"
#include "store/sqlite_function.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

namespace yihu::rule {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point begin) { return std::chrono::duration<double, std::milli>(Clock::now() - begin).count(); }
void print(const std::string& what, double value, const char* unit) { fmt::print("{:<66}{:>12.2f} {}\n", what, value, unit); }
void stop(const std::string& why) {
  fmt::print(stderr, "{}\n", why);
  std::exit(1);
}

constexpr int people_per_household = 4;
constexpr int rules_count = 30;
constexpr int questions = 2000;

Schema schema() {
  Schema made;
  made.code_lists["status"] = {"general", "poor", "exited"};
  made.rows["household"] = {.name = "household", .table = "household", .area = "village", .subject = true,
                            .fields = {{"status", Kind::text, "status", true, "status"}, {"land", Kind::real, "land"}, {"income", Kind::money, "income"}},
                            .relations = {{"members", "person", Cardinality::many, "id", "household"}}};
  made.rows["person"] = {.name = "person", .table = "person", .area = "village", .subject = true,
                         .fields = {{"birth", Kind::day, "birth"}, {"work_months", Kind::integer, "work_months"}, {"insured", Kind::truth, "insured"},
                                    {"wage", Kind::money, "wage"}},
                         .relations = {{"household", "household", Cardinality::one, "household", "id"},
                                       {"checks", "checks", Cardinality::many, "id", "subject", Completeness::by_delivery, "checks", Period::year}}};
  made.rows["checks"] = {.name = "checks", .table = "checks", .period = "period", .fields = {{"passed", Kind::truth, "passed"}}};
  made.parameters = {{"line", Kind::money, {{base::make_date(2019, 1, 1), {Kind::money, std::int64_t{321800}}}}}};
  made.facts = {{"person", "worker", "age(person.birth, today) >= 16 && age(person.birth, today) < 60 && person.work_months >= 6"}};
  return made;
}

/// Rules over households as packs have them: a condition on the household, and something about its members.
std::vector<std::string> rules() {
  const std::vector<std::string> forms{
      "household.status in [\"poor\", \"exited\"] && household.members.all(m, m.insured || m.work_months > {})",
      "household.members.exists(m, m.worker && m.work_months > {})",
      "(household.income + household.members.map(m, m.wage).sum()) / household.members.size() < line + yuan({})",
      "household.land < {}.5 && household.members.filter(m, age(m.birth, today) > 6{}).size() > 0",
      "household.members.exists(m, m.checks.exists(c, c.passed) && m.work_months == {})",
  };
  std::vector<std::string> all;
  for (int i = 0; i < rules_count; ++i) {
    std::string text = forms[static_cast<std::size_t>(i) % forms.size()];
    for (std::size_t at = text.find("{}"); at != text.npos; at = text.find("{}")) text.replace(at, 2, std::to_string(i % 10));
    all.push_back(std::move(text));
  }
  return all;
}

std::vector<Expression> compiled(const Compiler& compiler, const std::vector<std::string>& texts) {
  std::vector<Expression> all;
  for (const std::string& text : texts) {
    auto expression = compiler.compile("household", text, {}, Kind::truth);
    if (!expression) stop(text + "\n" + base::describe(expression.error(), base::Language::en));
    all.push_back(std::move(*expression));
  }
  return all;
}

/// A district in SQL, a tenth of its cells missing. `from` yields i from 0 up to the count; `pick` a number below another.
std::vector<std::string> district(int people, const std::string& type, auto from) {
  const int households = people / people_per_household;
  const auto cell = [](int salt, const std::string& value) { return fmt::format("CASE WHEN (i * 7919 + {}) % 10 <> 0 THEN {} END", salt, value); };
  const std::string village = "'4601081002' || CAST(10 + i % 70 AS VARCHAR)";
  return {
      fmt::format("CREATE TABLE household AS SELECT 'h' || CAST(i AS VARCHAR) AS id, {} AS village, CASE i % 20 WHEN 0 THEN 'poor' WHEN 1 THEN 'exited' ELSE 'general' END AS status, "
                  "{} AS land, {} AS income FROM {}", village, cell(1, "i * 31 % 97 / 10.0"), cell(2, fmt::format("CAST(i * 37 % 3000000 AS {})", type)), from(households)),
      fmt::format("CREATE TABLE person AS SELECT 'p' || CAST(i AS VARCHAR) AS id, 'h' || CAST(i % {} AS VARCHAR) AS household, {} AS village, "
                  "{} AS birth, {} AS work_months, {} AS insured, {} AS wage FROM {}", households, village,
                  cell(3, "CAST(1930 + i * 13 % 85 AS VARCHAR) || '-0' || CAST(1 + i % 9 AS VARCHAR) || '-15'"), cell(4, fmt::format("CAST(i * 11 % 13 AS {})", type)),
                  cell(5, "CAST(i * 5 % 9 <> 0 AS INTEGER)"), cell(6, fmt::format("CAST(i * 41 % 2000000 AS {})", type)), from(people)),
      fmt::format("CREATE TABLE checks AS SELECT 'c' || CAST(i AS VARCHAR) AS id, 'p' || CAST(i * 3 AS VARCHAR) AS subject, '2019' AS period, "
                  "{} AS passed FROM {}", cell(7, "CAST(i % 2 AS INTEGER)"), from(people / 3)),
      "CREATE TABLE delivery AS SELECT 'checks' AS ledger, '460108100210' AS area, '2019' AS period",
  };
}

void measure_compiling() {
  std::vector<std::string> texts;
  for (int i = 0; i < 4; ++i) {
    for (const std::string& text : rules()) texts.push_back(text);
  }
  texts.resize(100);
  const Compiler compiler = *Compiler::make(schema());
  const auto begin = Clock::now();
  const std::vector<Expression> all = compiled(compiler, texts);
  print("100 rules: from text to checked trees", ms_since(begin), "ms");
  const auto second = Clock::now();
  const std::size_t size = fuse(compiler, all, {.engine = Engine::duckdb, .today = base::make_date(2019, 4, 30)}).front().sql.size();
  print(fmt::format("100 rules: to one statement of {} KB", size / 1024), ms_since(second), "ms");
}

double sweep(engine::Duckdb& database, const std::string& sql) {
  const auto begin = Clock::now();
  auto answer = database.ask(sql);
  if (!answer) stop(base::describe(answer.error(), base::Language::en));
  while (answer->next()) {}
  return ms_since(begin);
}

/// The first two forms of rule, as somebody careful writes them: unknown stays unknown.
constexpr const char* by_hand = R"(
SELECT h.id, CASE WHEN h.status NOT IN ('poor', 'exited') THEN 0 WHEN g.bad > 0 THEN 0 WHEN g.unsure > 0 THEN NULL ELSE 1 END,
       CASE WHEN g.some = 2 THEN 1 WHEN g.some = 1 THEN NULL ELSE 0 END
FROM household h LEFT JOIN (
  SELECT household, COUNT(*) FILTER (NOT (insured <> 0 OR work_months > 0)) AS bad, COUNT(*) FILTER ((insured <> 0 OR work_months > 0) IS NULL) AS unsure,
         MAX(COALESCE(CAST(age >= 16 AND age < 60 AND work_months >= 6 AND work_months > 1 AS INTEGER) * 2, 1)) AS some
  FROM (SELECT household, insured, work_months, 2019 - CAST(substr(birth, 1, 4) AS INTEGER) - CAST(substr(birth, 6) > '04-30' AS INTEGER) AS age FROM person)
  GROUP BY household) g ON g.household = h.id)";

void measure_sweep(int people) {
  auto opened = engine::Duckdb::open();
  if (!opened) stop(base::describe(opened.error(), base::Language::en));
  engine::Duckdb& database = **opened;
  for (const std::string& sql : district(people, "BIGINT", [](int count) { return fmt::format("range({}) AS r(i)", count); })) {
    if (auto done = database.run(sql); !done) stop(sql + "\n" + base::describe(done.error(), base::Language::en));
  }
  const Compiler compiler = *Compiler::make(schema());
  const std::vector<Expression> all = compiled(compiler, rules());
  const QueryOptions options{.engine = Engine::duckdb, .today = base::make_date(2019, 4, 30)};
  double fused = 0;
  for (const Query& query : fuse(compiler, all, options)) fused += sweep(database, query.sql);
  print(fmt::format("{} rules over {} people on DuckDB, fused", rules_count, people), fused, "ms");
  double alone = 0;
  for (const Expression& expression : all) alone += sweep(database, fuse(compiler, std::span(&expression, 1), options).front().sql);
  print("the same, one by one", alone, "ms");
  double two = 1e9;
  double hand = 1e9;
  for (int i = 0; i < 3; ++i) {
    two = std::min(two, sweep(database, fuse(compiler, std::span(all).first(2), options).front().sql));
    hand = std::min(hand, sweep(database, by_hand));
  }
  print("two of them, fused", two, "ms");
  print("the same two, SQL written by hand", hand, "ms");
}

void measure_household(int people) {
  sqlite3* database = nullptr;
  sqlite3_open(":memory:", &database);
  store::add_sqlite_functions(database);
  const auto run = [&](const std::string& sql) {
    if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) stop(sql + "\n" + sqlite3_errmsg(database));
  };
  const auto from = [](int count) { return fmt::format("(WITH RECURSIVE r(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM r WHERE i + 1 < {}) SELECT i FROM r)", count); };
  for (const std::string& sql : district(people, "INTEGER", from)) run(sql);
  for (const char* index : {"household (id)", "person (household)", "person (id)", "checks (subject)", "delivery (ledger, area)"}) {
    std::string name = index;
    std::ranges::replace_if(name, [](char c) { return std::isalpha(static_cast<unsigned char>(c)) == 0; }, '_');
    run("CREATE INDEX by_" + name + " ON " + index);
  }
  const Compiler compiler = *Compiler::make(schema());
  const auto queries = fuse(compiler, compiled(compiler, rules()), {.engine = Engine::sqlite, .which = QueryOptions::Which::parameter});
  sqlite3_stmt* statement = nullptr;
  const auto prepared = Clock::now();
  if (sqlite3_prepare_v2(database, queries.front().sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) stop(sqlite3_errmsg(database));
  print("preparing it for SQLite", ms_since(prepared), "ms");
  std::vector<double> times;
  for (int i = 0; i < questions; ++i) {
    const std::string key = fmt::format("h{}", i * 7919LL % (people / people_per_household));
    sqlite3_bind_text(statement, sqlite3_bind_parameter_index(statement, ":subject"), key.c_str(), -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, sqlite3_bind_parameter_index(statement, ":today"), "2019-04-30", -1, SQLITE_STATIC);
    const auto begin = Clock::now();
    if (sqlite3_step(statement) != SQLITE_ROW) stop("no row");
    sqlite3_reset(statement);
    times.push_back(ms_since(begin));
  }
  sqlite3_finalize(statement);
  sqlite3_close(database);
  std::ranges::sort(times);
  print(fmt::format("{} rules about one household of {} people on SQLite, median", rules_count, people), times[times.size() / 2], "ms");
  print("the same, 99 of 100 within", times[times.size() * 99 / 100], "ms");
}

}  // namespace
}  // namespace yihu::rule

int main(int argc, char** argv) {
  const int people = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
  yihu::rule::measure_compiling();
  yihu::rule::measure_household(std::min(people, 200'000));
  yihu::rule::measure_sweep(people);
}
