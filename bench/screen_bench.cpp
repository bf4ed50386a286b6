// Screening at size, with the rules of the packs.
//   screen_bench sweep PEOPLE [THREADS]     all rules over made-up people on DuckDB: time and memory
//   screen_bench peer PEOPLE [THREADS]      the rules that bench/sweep has by hand as SQL, fused by us and by hand, same answers
//   screen_bench household PEOPLE FOLDER    one household by all rules on a SQLite store, which is made when the
//                                           folder is not there: median and p99

#include "access/user.h"
#include "area/unit.h"
#include "ledger/vocabulary.h"
#include "pack/rule_schema.h"
#include "plan/tracking/migrations.h"
#include "registry/rule_subjects.h"
#include "registry/schema.h"
#include "screen/evaluation.h"
#include "screen/schema.h"
#include "screen/sweep_rows.h"
#include "store/generated_sql.h"
#include "store/store.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

namespace yihu::screen {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int people_per_household = 4;
constexpr int villages = 400;
const base::Date today = base::make_date(2019, 6, 3);

template <class T>
T must(base::Result<T> result) {
  if (!result) {
    fmt::print(stderr, "{}\n", base::describe(result.error(), base::Language::en));
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }
/// What this thread has worked: what others do on the machine does not count.
double worked_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}
/// What all threads have worked.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
double peak_gigabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024 / 1024;
}

/// The packs of the district, with or without their own rules.
struct Policy {
  explicit Policy(pack::Pack given) : pack(std::move(given)), compiler(must(rule::Compiler::make(schema()))), book(must(RuleBook::make(pack, compiler, rule::Engine::sqlite))) {}
  rule::Schema schema() const {
    rule::Schema subjects;
    registry::add_rule_subjects(subjects);
    return pack::rule_schema(subjects, pack);
  }
  pack::Pack pack;
  rule::Compiler compiler;
  std::shared_ptr<const RuleBook> book;
};

pack::Pack district_pack() {
  const char* folder = std::getenv("YIHU_PACKS");
  return must(pack::load(std::filesystem::path(folder == nullptr ? "packs" : folder) / "meilan-2019", ledger::vocabulary()));
}

const rule::Field* field_of(const rule::Schema& schema, const std::string& table, const std::string& column) {
  for (const auto& [name, rows] : schema.rows) {
    if (rows.table != table) continue;
    for (const rule::Field& field : rows.fields) {
      if (field.column == column) return &field;
    }
  }
  return nullptr;
}

rule::Period period_of(const rule::Schema& schema, const std::string& table) {
  for (const auto& [name, rows] : schema.rows) {
    for (const rule::Relation& relation : rows.relations) {
      const auto target = schema.rows.find(relation.target);
      if (target != schema.rows.end() && target->second.table == table) return relation.period;
    }
  }
  return rule::Period::none;
}

/// SQL that makes a value for row i: one in ten missing, the rest spread over what the column may hold.
std::string made_up(const rule::Schema& schema, const std::string& table, const engine::Column& column) {
  const rule::Field* field = field_of(schema, table, column.name);
  const std::string h = fmt::format("hash(i, '{}')", column.name);
  std::string value = fmt::format("'x' || ({} % 1000)::VARCHAR", h);
  if (field != nullptr && !field->codes.empty() && schema.code_lists.contains(field->codes) && !schema.code_lists.at(field->codes).empty()) {
    const auto& words = schema.code_lists.at(field->codes);
    value.clear();
    for (const std::string& word : words) value += (value.empty() ? "['" : ", '") + word + "'";
    value += fmt::format("][1 + ({} % {})::BIGINT]", h, words.size());
  } else if (field != nullptr && field->kind == rule::Kind::truth) {
    value = fmt::format("({} % 2)::BIGINT", h);
  } else if (field != nullptr && field->kind == rule::Kind::day) {
    value = fmt::format("strftime(DATE '1940-01-01' + ({} % 28800)::INTEGER, '%Y-%m-%d')", h);
  } else if (field != nullptr && field->kind == rule::Kind::money) {
    value = fmt::format("({} % 2000000)::BIGINT", h);
  } else if (column.type == engine::Type::integer) {
    value = fmt::format("({} % 20)::BIGINT", h);
  } else if (column.type == engine::Type::real) {
    value = fmt::format("({} % 1000) / 10.0", h);
  }
  const bool never_missing = field != nullptr && field->never_missing;
  return never_missing ? value : fmt::format("CASE WHEN hash(i, 'no {}') % 10 = 0 THEN NULL ELSE {} END", column.name, value);
}

constexpr const char* village_sql = "(460108101200 + household_no % 400)::VARCHAR";

/// Columns that say who is who; empty for all others. One household in ten is listed.
std::string who_is_who(const std::string& table, const std::string& column, const std::string& period) {
  if (table == "household") {
    if (column == "id") return "'h' || i::VARCHAR";
    if (column == "status") return "CASE WHEN household_no % 10 > 0 THEN 'general' WHEN hash(i) % 5 = 0 THEN 'poor' ELSE 'exited_supported' END";
    if (column == "monitoring") return "CASE WHEN household_no % 20 = 0 THEN 'marginal' ELSE 'none' END";
    if (column == "ended_on") return "NULL::VARCHAR";
    if (column == "size") return "4::BIGINT";
  }
  if (table == "person") {
    if (column == "id") return "'p' || i::VARCHAR";
    if (column == "household") return "'h' || household_no::VARCHAR";
    if (column == "present") return "1::BIGINT";
    if (column == "relation") return "['head', 'spouse', 'child', 'parent'][1 + i % 4]";
  }
  if (column == "village") return village_sql;
  if (column == "household") return "'h' || i::VARCHAR";
  if (column == "year") return "2019::BIGINT";
  if (column == "period") return "'" + period + "'";
  if (column == "id") return "i::VARCHAR";
  return {};
}

/// @returns their names
std::set<std::string> make_tables(engine::Duckdb& engine, const RuleBook& book, std::int64_t people) {
  const rule::Schema& schema = book.compiler().schema();
  rule::Reads reads;
  for (const CompiledRule& rule : book.rules()) reads.add(rule.reads);
  const std::int64_t households = people / people_per_household;
  std::set<std::string> names;
  for (const auto& [table, columns] : tables_read(book, reads)) {
    names.insert(table);
    if (table == "area" || table == schema.delivery_table) continue;
    const bool of_person = table != "household" && (table == "person" || std::ranges::any_of(schema.rows.at("person").relations, [&](const rule::Relation& relation) {
      return schema.rows.contains(relation.target) && schema.rows.at(relation.target).table == table;
    }));
    const bool of_village = std::ranges::any_of(schema.rows.at("village").relations, [&](const rule::Relation& relation) {
      return relation.target != "household" && schema.rows.contains(relation.target) && schema.rows.at(relation.target).table == table;
    });
    const bool ledger = table.starts_with("ledger_");
    std::string sql;
    for (const engine::Column& column : columns) {
      std::string value = column.name == "subject" ? (of_village ? "(460108101200 + i)::VARCHAR" : of_person ? "'p' || i::VARCHAR" : "'h' || i::VARCHAR")
                                                   : who_is_who(table, column.name, period_on(period_of(schema, table), today));
      if (value.empty()) value = made_up(schema, table, column);
      sql += (sql.empty() ? "" : ", ") + value + " AS " + rule::quoted_name(column.name);
    }
    // Ledgers are kept of listed households, and one row in ten is still missing.
    const std::string which = ledger && !of_village ? " WHERE household_no % 10 = 0 AND hash(i, 'row') % 10 > 0" : "";
    must(engine.run(fmt::format("CREATE TABLE {} AS SELECT {} FROM (SELECT range AS i, {} AS household_no FROM range({})){}", rule::quoted_name(table), sql,
                                of_person ? "range // 4" : "range", of_village ? villages : of_person ? people : households, which)));
  }
  must(engine.run(fmt::format("CREATE TABLE area AS SELECT (460108101200 + range)::VARCHAR AS code, 'village' AS level, '460108101' AS town,"
                              " 'v' AS name, (range % 2)::BIGINT AS poor_village, 2018::BIGINT AS exited_year FROM range({})", villages)));
  must(engine.run("CREATE TABLE delivery (ledger VARCHAR, area VARCHAR, period VARCHAR)"));
  for (const pack::Ledger& ledger : book.pack().ledgers) {
    must(engine.run(fmt::format("INSERT INTO delivery VALUES ('{}', '460108', '{}')", ledger.id, period_on(static_cast<rule::Period>(ledger.period), today))));
  }
  return names;
}

void sweep_bench(std::int64_t people, int threads) {
  const Policy policy(district_pack());
  const RuleBook& book = *policy.book;
  const auto engine = must(engine::Duckdb::open({.threads_max = threads}));
  auto begin = Clock::now();
  const std::set<std::string> tables = make_tables(*engine, book, people);
  fmt::print("made {} people in {:.1f} s, {:.1f} GB\n", people, seconds_since(begin), peak_gigabytes());
  SweepResult result;
  Tally tally(book, result);
  begin = Clock::now();
  const double worked = processor_seconds();
  // Against a store without findings: everything that is found differs.
  Differing differing;
  Comparison comparison(*engine, differing);
  must(comparison.load_nothing());
  must(sweep_loaded(*engine, book, all_rules(book), tables, {SweepEngine::duckdb, today}, tally, &comparison, result.subjects));
  must(comparison.finish());
  std::int64_t found = 0;
  for (std::size_t rule = 0; rule < book.rules().size(); ++rule) {
    const OutcomeCounts total = result.total(rule);
    for (int outcome = 0; outcome < outcomes; ++outcome) found += is_finding(static_cast<Outcome>(outcome)) ? total[static_cast<std::size_t>(outcome)] : 0;
  }
  fmt::print("sweep of {} rules over {} people in {} households: {:.2f} s, {:.2f} s of the processor's, {} found in {} households, peak {:.1f} GB\n", book.rules().size(),
             result.subjects[1], result.subjects[0], seconds_since(begin), processor_seconds() - worked, found, differing.households.size(), peak_gigabytes());
}

/// What the files in bench/sweep have by hand, each rule a column of its name.
struct Peer {
  pack::Subject subject;
  const char* table;
  const char* everybody;  ///< how many there are in each village; whoever is not in the table is not asked about
  std::string sql;
};

std::vector<Peer> peers() {
  const auto text = [](const char* name) {
    std::ifstream file(std::filesystem::path("bench/sweep") / name);
    std::string out{std::istreambuf_iterator<char>(file), {}};
    if (out.empty()) {
      fmt::print(stderr, "{} cannot be read; run this from the checkout\n", name);
      std::exit(1);
    }
    return out;
  };
  return {{pack::Subject::household, "by_hand_household", "SELECT village, count(*) FROM household WHERE ended_on IS NULL GROUP BY village", text("household.sql")},
          {pack::Subject::person, "by_hand_person",
           "SELECT h.village, count(*) FROM person p JOIN household h ON h.id = p.household WHERE p.present = 1 AND h.ended_on IS NULL GROUP BY h.village", text("person.sql")}};
}

std::string column_of(const std::string& rule) { return '"' + rule + '"'; }

/// The packs' own rules, those of them that are there by hand.
pack::Pack peer_pack(const std::vector<Peer>& by_hand) {
  pack::Pack out = district_pack();
  std::erase_if(out.rules, [&](const pack::Rule& rule) {
    return std::ranges::none_of(by_hand, [&](const Peer& peer) { return peer.sql.find(" AS " + column_of(rule.id)) != peer.sql.npos; });
  });
  out.lights.clear();
  return out;
}

/// What whoever writes such SQL says once: outcomes by their numbers, and three values over the rows of a group.
void add_peer_words(engine::Duckdb& engine) {
  must(engine.run("CREATE MACRO contradiction(asked, cond) AS CASE WHEN asked IS NULL THEN 11 WHEN NOT asked THEN 0 WHEN cond IS NULL THEN 11 WHEN cond THEN 10 ELSE 9 END"));
  must(engine.run("CREATE MACRO any_of(cond) AS CASE WHEN bool_or(cond) THEN true WHEN count(cond) = count(*) THEN false END"));
  must(engine.run("CREATE MACRO total_of(amount) AS CASE WHEN count(amount) = count(*) THEN sum(amount) END"));
}

/// Counts by village and outcome, and who was found, as a sweep gives them.
void answer_by_hand(engine::Duckdb& engine, const RuleBook& book, const Peer& peer, Tally& tally) {
  must(engine.run(fmt::format("CREATE TABLE {} AS {}", peer.table, peer.sql)));
  std::map<std::string, std::int64_t> everybody;
  engine::Answer all = must(engine.ask(peer.everybody));
  while (all.next()) {
    for (std::size_t row = 0; row < all.size(); ++row) everybody[std::string(all.text(0, row))] = all.integer(1, row);
  }
  for (const std::size_t rule : book.all(peer.subject).rules) {
    const std::string column = column_of(book.at(rule).rule->id);
    auto not_asked = everybody;
    engine::Answer counts = must(engine.ask(fmt::format("SELECT village, {0}, count(*) FROM {1} GROUP BY village, {0}", column, peer.table)));
    while (counts.next()) {
      for (std::size_t row = 0; row < counts.size(); ++row) {
        const std::string village(counts.text(0, row));
        tally.count(rule, village, static_cast<Outcome>(counts.integer(1, row)), counts.integer(2, row));
        not_asked[village] -= counts.integer(2, row);
      }
    }
    for (const auto& [village, count] : not_asked) {
      if (count > 0) tally.count(rule, village, static_cast<Outcome>(0), count);
    }
    engine::Answer found = must(engine.ask(fmt::format("SELECT id, village, {0} FROM {1} WHERE {0} = 10", column, peer.table)));
    while (found.next()) {
      for (std::size_t row = 0; row < found.size(); ++row) {
        tally.found({rule, std::string(found.text(0, row)), "", std::string(found.text(1, row)), static_cast<Outcome>(found.integer(2, row))});
      }
    }
  }
  must(engine.run(fmt::format("DROP TABLE {}", peer.table)));
}

void peer_bench(std::int64_t people, int threads) {
  const std::vector<Peer> by_hand = peers();
  const Policy policy(peer_pack(by_hand));
  const RuleBook& book = *policy.book;
  const auto engine = must(engine::Duckdb::open({.threads_max = threads}));
  const std::set<std::string> tables = make_tables(*engine, book, people);
  add_peer_words(*engine);
  const SweepOptions options{SweepEngine::duckdb, today};
  double best_ours = 1e9;
  double best_theirs = 1e9;
  double least_ours = 1e9;
  double least_theirs = 1e9;
  SweepResult result;
  for (int round = 0; round < 3; ++round) {
    result = {};
    Tally tally(book, result);
    auto begin = Clock::now();
    double worked = processor_seconds();
    must(sweep_loaded(*engine, book, all_rules(book), tables, options, tally, nullptr, result.subjects));
    best_ours = std::min(best_ours, seconds_since(begin));
    least_ours = std::min(least_ours, processor_seconds() - worked);
    SweepResult theirs;
    Tally their_tally(book, theirs);
    begin = Clock::now();
    worked = processor_seconds();
    for (const Peer& peer : by_hand) answer_by_hand(*engine, book, peer, their_tally);
    best_theirs = std::min(best_theirs, seconds_since(begin));
    least_theirs = std::min(least_theirs, processor_seconds() - worked);
    std::ranges::sort(result.found);
    std::ranges::sort(theirs.found);
    // By hand nobody asked for the household.
    for (Found& one : result.found) one.household.clear();
    if (theirs.counts != result.counts || !std::ranges::equal(theirs.found, result.found)) {
      for (std::size_t rule = 0; rule < book.rules().size(); ++rule) {
        fmt::print("{}: ours {} by hand {}\n", book.at(rule).id(), fmt::join(result.total(rule), " "), fmt::join(theirs.total(rule), " "));
      }
      std::exit(1);
    }
  }
  fmt::print("{} rules over {} people: fused {:.2f} s, by hand {:.2f} s, ratio {:.2f}; of the processor's time {:.2f} and {:.2f} s, ratio {:.2f}; the same answers\n",
             book.rules().size(), people, best_ours, best_theirs, best_ours / best_theirs, least_ours, least_theirs, least_ours / least_theirs);
}

/// SQLite's words for a made-up value; the same spread as in the engine.
std::string made_up_sqlite(const rule::Schema& schema, const std::string& table, const std::string& column, std::size_t salt) {
  const rule::Field* field = field_of(schema, table, column);
  const std::string h = fmt::format("((i * {} + {}) % 9973)", 7919 + 2 * salt, 31 * salt);
  std::string value = fmt::format("'x' || ({} % 100)", h);
  if (field == nullptr) return "NULL";
  if (!field->codes.empty() && schema.code_lists.contains(field->codes) && !schema.code_lists.at(field->codes).empty()) {
    const auto& words = schema.code_lists.at(field->codes);
    value = fmt::format("CASE {} % {}", h, words.size());
    for (std::size_t at = 0; at < words.size(); ++at) value += fmt::format(" WHEN {} THEN '{}'", at, words[at]);
    value += " END";
  } else if (field->kind == rule::Kind::truth) {
    value = h + " % 2";
  } else if (field->kind == rule::Kind::day) {
    value = fmt::format("printf('%04d-%02d-%02d', 1945 + {0} % 74, 1 + {0} % 12, 1 + {0} % 28)", h);
  } else if (field->kind == rule::Kind::money) {
    value = h + " * 200";
  } else if (field->kind == rule::Kind::integer) {
    value = h + " % 20";
  } else if (field->kind == rule::Kind::real) {
    value = h + " / 100.0";
  }
  return field->never_missing ? value : fmt::format("CASE WHEN {} % 10 = 0 THEN NULL ELSE {} END", h, value);
}

std::unique_ptr<store::Store> store_of(const std::filesystem::path& folder, const RuleBook& book, const base::Clock& clock) {
  std::vector<std::string> ledgers;
  for (const pack::Ledger& ledger : book.pack().ledgers) {
    const std::string table = pack::table_of(ledger);
    std::string sql = "CREATE TABLE " + table + " (id TEXT PRIMARY KEY, subject TEXT NOT NULL, period TEXT NOT NULL, year @int";
    for (const pack::Column& column : ledger.columns) {
      const rule::Kind kind = pack::kind_of(column.type);
      sql += ", \"" + column.id + (kind == rule::Kind::text || kind == rule::Kind::day ? "\" TEXT" : kind == rule::Kind::real ? "\" @real" : "\" @int");
    }
    ledgers.push_back(sql + ") @strict");
    ledgers.push_back("CREATE INDEX " + table + "_subject ON " + table + " (subject, period)");
  }
  ledgers.push_back("CREATE TABLE delivery (ledger TEXT NOT NULL, area TEXT NOT NULL, period TEXT NOT NULL, PRIMARY KEY (ledger, area, period)) @strict");
  ledgers.push_back("CREATE INDEX delivery_area ON delivery (area, period, ledger)");
  store::Migration tables{990, "ledgers", {}};
  for (const std::string& sql : ledgers) tables.statements.push_back(sql.c_str());
  store::Options options;
  options.folder = folder;
  options.clock = &clock;
  for (const auto& room : {area::migrations(), access::migrations(), registry::migrations(), migrations()}) {
    options.migrations.insert(options.migrations.end(), room.begin(), room.end());
  }
  options.migrations.push_back(tables);
  return must(store::Store::open(std::move(options)));
}

void insert(store::Transaction& transaction, const rule::Schema& schema, const std::string& table, std::vector<std::pair<std::string, std::string>> fixed,
            std::int64_t rows, const std::string& where) {
  std::string columns;
  std::string values;
  std::size_t salt = 1;
  for (const auto& [name, of] : schema.rows) {
    if (of.table != table) continue;
    for (const rule::Field& field : of.fields) {
      if (std::ranges::find(fixed, field.column, &std::pair<std::string, std::string>::first) == fixed.end()) {
        fixed.emplace_back(field.column, made_up_sqlite(schema, table, field.column, ++salt));
      }
    }
  }
  for (const auto& [column, value] : fixed) {
    columns += (columns.empty() ? "\"" : ", \"") + column + "\"";
    values += (values.empty() ? "" : ", ") + value;
  }
  must(transaction.execute(store::compiled_sql(fmt::format(
      "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {}) INSERT INTO {} ({}) SELECT {} FROM n{}", rows, table, columns, values, where))));
}

void fill(store::Store& store, const RuleBook& book, std::int64_t people) {
  const rule::Schema& schema = book.compiler().schema();
  const std::int64_t households = people / people_per_household;
  const std::string village = "CAST(460108101200 + {} % 400 AS TEXT)";
  must(store.write({"system:bench", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
    insert(transaction, schema, "household", {{"id", "'h' || i"}, {"code", "'c' || i"}, {"village", fmt::format(fmt::runtime(village), "i")},
           {"status", "CASE WHEN i % 10 > 0 THEN 'general' WHEN i % 50 = 0 THEN 'poor' ELSE 'exited_supported' END"}, {"monitoring", "'none'"},
           {"size", "4"}, {"registered_on", "'2014-01-01'"}, {"ended_on", "NULL"}, {"version", "1"}, {"updated_at", "0"}}, households, "");
    insert(transaction, schema, "person", {{"id", "'p' || i"}, {"code", "'c' || i"}, {"household", "'h' || (i / 4)"}, {"village", fmt::format(fmt::runtime(village), "(i / 4)")},
           {"present", "1"}, {"version", "1"}, {"updated_at", "0"}}, people, "");
    insert(transaction, schema, "income", {{"household", "'h' || i"}, {"year", "2018"}, {"version", "1"}, {"updated_at", "0"}}, households, "");
    for (const pack::Ledger& ledger : book.pack().ledgers) {
      if (ledger.subject != pack::Subject::household && ledger.subject != pack::Subject::person) continue;
      const bool person = ledger.subject == pack::Subject::person;
      const std::string period = period_on(static_cast<rule::Period>(ledger.period), today);
      insert(transaction, schema, pack::table_of(ledger), {{"id", "'r' || i"}, {"subject", person ? "'p' || i" : "'h' || i"}, {"period", "'" + period + "'"},
             {"year", period.empty() ? "NULL" : "2019"}}, person ? people : households, person ? " WHERE (i / 4) % 10 = 0" : " WHERE i % 10 = 0");
    }
    return store::Answer{};
  }));
}

/// Of listed households, whom most rules are about, one after another in a scattered order.
void household_bench(std::int64_t people, const std::filesystem::path& folder) {
  const Policy policy(district_pack());
  const RuleBook& book = *policy.book;
  const base::SystemClock clock;
  const bool stands = std::filesystem::exists(folder);
  const auto store = store_of(folder, book, clock);
  if (!stands) fill(*store, book, people);
  std::vector<double> milliseconds;
  std::vector<double> worked_milliseconds;
  constexpr int rounds = 2000;
  must(store->read([&](store::Session& session) -> base::Done {
    for (int round = -50; round < rounds; ++round) {
      const std::int64_t household = (static_cast<std::int64_t>(round + 50) * 7919 % (people / people_per_household / 10)) * 10;
      const auto begin = Clock::now();
      const double worked = worked_seconds();
      std::size_t verdicts = 0;
      for (const SubjectRow& subject : TRY(household_subjects(session, fmt::format("h{}", household)))) {
        verdicts += TRY(evaluate(session, book, book.all(subject.kind), subject.id, today)).size();
      }
      if (verdicts == 0) std::exit(1);
      if (round < 0) continue;
      milliseconds.push_back(1000 * seconds_since(begin));
      worked_milliseconds.push_back(1000 * (worked_seconds() - worked));
    }
    return {};
  }));
  std::ranges::sort(milliseconds);
  std::ranges::sort(worked_milliseconds);
  fmt::print("{} rules, a household of {} in a store of {} people: median {:.2f} ms, p99 {:.2f} ms; of the processor's time {:.2f} and {:.2f} ms\n", book.rules().size(), people_per_household, people,
             milliseconds[rounds / 2], milliseconds[rounds * 99 / 100], worked_milliseconds[rounds / 2], worked_milliseconds[rounds * 99 / 100]);
}

}  // namespace
}  // namespace yihu::screen

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  const std::int64_t people = argc > 2 ? std::atoll(argv[2]) : 1'000'000;
  const int threads = argc > 3 ? std::atoi(argv[3]) : 0;
  if (what == "sweep") yihu::screen::sweep_bench(people, threads);
  else if (what == "peer") yihu::screen::peer_bench(people, threads);
  else if (what == "household" && argc > 3) yihu::screen::household_bench(people, argv[3]);
  else return 2;
  return 0;
}
