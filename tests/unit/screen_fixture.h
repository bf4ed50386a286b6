#pragma once
// A small district with a few rules of every kind, on either engine, and a sweep on DuckDB beside it.

#include "access/user.h"
#include "area/unit.h"
#include "pack/rule_schema.h"
#include "plan/tracking/migrations.h"
#include "registry/rule_subjects.h"
#include "registry/schema.h"
#include "screen/rule_book.h"
#include "screen/schema.h"
#include "screen/sweep.h"
#include "screen/watch.h"
#include "store_fixture.h"

#include <stdexcept>

namespace yihu::screen {

using store::code_of;
using store::Engine;
using store::engine_name;
using store::value_of;

inline pack::Expression expression(const char* text) { return {text, {}}; }

inline pack::Rule rule(const char* id, pack::RuleKind kind, pack::Subject subject) {
  pack::Rule out;
  out.id = id;
  out.kind = kind;
  out.subject = subject;
  out.label = {std::string("规则 ") + id, std::string("Rule ") + id};
  out.source.document = "plan-2019";
  out.article = 10;
  return out;
}

inline pack::Ledger ledger(const char* id, pack::Subject subject, pack::Period period, pack::RowCount rows, std::vector<pack::Column> columns) {
  pack::Ledger out;
  out.id = id;
  out.label = {id, id};
  out.subject = subject;
  out.period = period;
  out.rows = rows;
  out.columns = std::move(columns);
  return out;
}

inline pack::Column column(const char* id, pack::ColumnType type) {
  pack::Column out;
  out.id = id;
  out.label = {id, id};
  out.type = type;
  return out;
}

inline std::vector<pack::Rule> small_rules() {
  using enum pack::RuleKind;
  using enum pack::Subject;
  std::vector<pack::Rule> out;
  auto add = [&](pack::Rule made) -> pack::Rule& { return out.emplace_back(std::move(made)); };
  auto& insured = add(rule("health.insured", guarantee, person));
  insured.applies = expression("person.household.status in [\"poor\", \"exited_supported\"]");
  insured.holds = expression("person.insured");
  insured.say = {"{person.name} 未参保（{person.birth}）", "{person.name} is not insured ({person.birth})"};
  insured.mend = {"参保后自动消除", "Cleared once enrolled"};
  auto& school = add(rule("schooling.enrolled", guarantee, person));
  school.applies = expression("age(person.birth, today) >= 6 && age(person.birth, today) < 16 && person.household.status != \"general\"");
  school.holds = expression("person.schooling in [\"primary\", \"junior\"]");
  auto& water = add(rule("water.safe", guarantee, household));
  water.applies = expression("household.status in [\"poor\", \"exited_supported\"]");
  water.holds = expression("household.water.safe");
  auto& allowance = add(rule("net.allowance", entitlement, household));
  allowance.eligible = expression("household.attribute == \"allowance\" || household.poor_disabled");
  allowance.received = expression("household.visits.exists(v, v.paid > yuan(0))");
  allowance.amount = expression("poverty_line * size(household.members)");
  auto& illness = add(rule("risk.illness", risk, household));
  illness.when = expression("household.members.exists(m, m.serious_illness)");
  illness.level = expression("household.members.filter(m, m.serious_illness).size()");
  auto& cause = add(rule("consistency.cause", consistency, household));
  cause.when = expression("household.main_cause == \"illness\" && household.members.all(m, m.chronic == false && m.serious_illness == false)");
  cause.say = {"主因为因病，但家中 {household.size} 人都健康", "Main cause is illness, but all {household.size} are healthy"};
  auto& village_risk = add(rule("village.poor", risk, village));
  village_risk.when = expression("village.households.exists(h, h.status == \"poor\")");
  auto& visited = add(rule("visit.monthly", guarantee, household));
  visited.applies = expression("household.status == \"poor\"");
  visited.holds = expression("household.visits.exists(v, v.period == \"2019-06\")");
  return out;
}

inline pack::Pack small_pack() {
  using enum pack::Subject;
  pack::Pack out;
  out.ledgers = {ledger("insurance", person, pack::Period::year, pack::RowCount::one, {column("enrolled", pack::ColumnType::truth)}),
                 ledger("water", household, pack::Period::none, pack::RowCount::one, {column("safe", pack::ColumnType::truth)}),
                 ledger("visits", household, pack::Period::month, pack::RowCount::many, {column("paid", pack::ColumnType::money)})};
  const auto fact = [&](pack::Subject subject, const char* name, const char* text) {
    pack::Fact made;
    made.id = std::string(pack::name_of(subject)) + "." + name;
    made.subject = subject;
    made.name = name;
    made.expression = expression(text);
    out.facts.push_back(made);
  };
  fact(person, "insured", "person.insurance.exists(r, r.year == year(today) && r.enrolled)");
  fact(household, "poor_disabled", "household.status == \"poor\" && household.members.exists(m, m.disabled)");
  pack::Parameter line;
  line.id = "poverty_line";
  line.label = {"贫困线", "Poverty line"};
  pack::ParameterValue value;
  value.from = base::make_date(2019, 1, 1);
  value.value = "321800";
  value.written = "3218";
  line.values = {value};
  out.parameters = {line};
  out.rules = small_rules();
  const auto light = [&](const char* id, std::vector<std::string> rules) {
    pack::Light made;
    made.id = id;
    made.label = {id, id};
    made.rules = std::move(rules);
    out.lights.push_back(made);
  };
  light("health", {"health.insured"});
  light("schooling", {"schooling.enrolled"});
  light("water", {"water.safe"});
  return out;
}

inline constexpr const char* ledger_columns =
    "id TEXT PRIMARY KEY, subject TEXT NOT NULL, area TEXT, period TEXT NOT NULL, year @int, import_id TEXT, version @int, updated_at @int";

/// What the ledger room would make of the pack's ledgers.
inline std::vector<store::Migration> small_ledger_tables() {
  static const std::string insurance = std::string("CREATE TABLE ledger_insurance (") + ledger_columns + ", enrolled @int) @strict";
  static const std::string water = std::string("CREATE TABLE ledger_water (") + ledger_columns + ", safe @int) @strict";
  static const std::string visits = std::string("CREATE TABLE ledger_visits (") + ledger_columns + ", paid @int) @strict";
  return {{902, "small ledgers", {insurance.c_str(), water.c_str(), visits.c_str(),
                                  "CREATE TABLE delivery (ledger TEXT NOT NULL, area TEXT NOT NULL, period TEXT NOT NULL,"
                                  " PRIMARY KEY (ledger, area, period)) @strict",
                                  // Of the tables behind the views, what the history of a row asks.
                                  "CREATE TABLE ledger_insurance_row (id TEXT NOT NULL, _entry @int) @strict",
                                  "CREATE TABLE ledger_water_row (id TEXT NOT NULL, _entry @int) @strict",
                                  "CREATE TABLE ledger_visits_row (id TEXT NOT NULL, _entry @int) @strict",
                                  "CREATE INDEX ledger_insurance_subject ON ledger_insurance (subject, period)",
                                  "CREATE INDEX ledger_water_subject ON ledger_water (subject, period)",
                                  "CREATE INDEX ledger_visits_subject ON ledger_visits (subject, period)"}}};
}

inline rule::Schema small_schema(const pack::Pack& pack) {
  rule::Schema subjects;
  registry::add_rule_subjects(subjects);
  return pack::rule_schema(subjects, pack);
}

/// Of what has no empty value: a test that cannot go on says why.
template <class T>
T made(base::Result<T> result) {
  if (!result) throw std::runtime_error(base::describe(result.error(), base::Language::en));
  return *std::move(result);
}

/// A pack, its compiler and its book, in one place that never moves.
struct Policy {
  explicit Policy(pack::Pack given, rule::Engine live)
      : pack(std::move(given)), compiler(made(rule::Compiler::make(small_schema(pack)))), book(value_of(RuleBook::make(pack, compiler, live))) {}
  pack::Pack pack;
  rule::Compiler compiler;
  std::shared_ptr<const RuleBook> book;
};

constexpr store::Sql insert_area =
    "INSERT INTO area (code, level, name, name_en, parent, town, unverified, place, pack_said)"
    " VALUES (:code, :level, :name, :name, :parent, :town, 0, 0, '')";
constexpr store::Sql insert_household =
    "INSERT INTO household (id, code, village, status, monitoring, size, head_name, registered_on, version, updated_at)"
    " VALUES (:id, :id, :village, :status, 'none', 0, :name, '2014-01-01', 1, 0)";
constexpr store::Sql insert_person =
    "INSERT INTO person (id, household, village, name, birth, present, version, updated_at)"
    " VALUES (:id, :household, :village, :name, :birth, 1, 1, 0)";

class ScreenTest : public store::OnStore {
 protected:
  void SetUp() override {
    store::OnStore::SetUp();
    if (IsSkipped()) return;
    store::Options chosen = options();
    chosen.migrations = area::migrations();
    for (const auto& room : {access::migrations(), plan::migrations(), registry::migrations(), migrations(), small_ledger_tables()}) {
      chosen.migrations.insert(chosen.migrations.end(), room.begin(), room.end());
    }
    on(2019, 6, 3);
    store_ = value_of(store::Store::open(std::move(chosen)));
    policy_ = std::make_unique<Policy>(small_pack(), live());
    write([](store::Transaction& transaction) -> base::Done {
      TRY(transaction.execute(insert_area, {{"code", "460108101"}, {"level", "town"}, {"name", "灵山镇"}, {"parent", "460108"}, {"town", nullptr}}));
      for (const char* village : {"460108101200", "460108101201"}) {
        TRY(transaction.execute(insert_area, {{"code", village}, {"level", "village"}, {"name", village}, {"parent", "460108101"}, {"town", "460108101"}}));
      }
      return {};
    });
  }

  rule::Engine live() const { return GetParam() == Engine::sqlite ? rule::Engine::sqlite : rule::Engine::postgres; }
  const RuleBook& book() const { return *policy_->book; }

  /// A write that is screened.
  void write(std::function<base::Done(store::Transaction&)> work) {
    value_of(store_->write(store::act_of(), screened(policy_->book, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
                             TRY(work(transaction));
                             return store::Answer{};
                           })));
  }
  static base::Done household(store::Transaction& transaction, const std::string& id, const std::string& status,
                              const std::string& village = "460108101200") {
    TRY(transaction.execute(insert_household, {{"id", id}, {"village", village}, {"status", status}, {"name", "户主" + id}}));
    return transaction.journal({"household.registered", "household", id, "", "{}"});
  }
  static base::Done person(store::Transaction& transaction, const std::string& id, const std::string& household, const char* birth,
                           const std::string& village = "460108101200") {
    TRY(transaction.execute(insert_person, {{"id", id}, {"household", household}, {"village", village}, {"name", "人" + id}, {"birth", birth}}));
    return transaction.journal({"household.joined", "household", household, "", "{}"});
  }

  /// "rule subject period state outcome" of every finding that is not closed, in order.
  std::set<std::string> stored(bool closed = false) {
    static constexpr store::Sql sql = "SELECT rule, subject, period, state, outcome, level FROM finding WHERE state <> 'closed' OR :closed = 1";
    return read([&](store::Session& session) -> base::Result<std::set<std::string>> {
      std::set<std::string> out;
      for (const store::Row& row : TRY(session.query(sql, {{"closed", closed ? 1 : 0}}))) {
        out.insert(fmt::format("{} {} {} {} {}", row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)));
      }
      return out;
    });
  }

  /// The same, as a sweep from scratch sees it.
  std::set<std::string> swept(SweepEngine engine) {
    return read([&](store::Session& session) -> base::Result<std::set<std::string>> {
      std::set<std::string> out;
      SweepOptions options{engine, today_, {.threads_max = 1}};
      for (const Found& found : TRY(sweep(session, book(), all_rules(book()), options)).found) {
        const CompiledRule& rule = book().at(found.rule);
        out.insert(fmt::format("{} {} {} open {}", rule.id(), found.subject, period_on(rule.period, today_), name_of(found.outcome)));
      }
      return out;
    });
  }

  std::unique_ptr<Policy> policy_;
};

}  // namespace yihu::screen
