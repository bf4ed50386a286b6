#pragma once
// A register of a few families in two villages, a school that keeps a roll, and the packs that compare them.

#include "access/permission.h"
#include "area/fill.h"
#include "access/user.h"
#include "area/unit.h"
#include "base/id_number.h"
#include "compare/comparison.h"
#include "compare/desk.h"
#include "compare/pair.h"
#include "compare/roster_sheet.h"
#include "compare/schema.h"
#include "ledger/row_change.h"
#include "ledger/schema.h"
#include "ledger/table_fit.h"
#include "ledger/vocabulary.h"
#include "pack/rule_schema.h"
#include "registry/membership.h"
#include "registry/registration.h"
#include "registry/rule_subjects.h"
#include "registry/schema.h"
#include "store/journal.h"
#include "store_fixture.h"

#include <fstream>

namespace yihu::compare {

using store::code_of;
using store::Engine;
using store::engine_name;
using store::value_of;

inline constexpr const char* small_policy = R"(article: 九
title: {zh: 教育, en: Schooling}
codes:
  scope: {vehicles: {zh: 车辆, en: Vehicles}}
ledgers:
  roll:
    label: {zh: 学籍台账, en: Roll}
    subject: person
    period: year
    rows: one
    owner: school
    columns:
      grade: {type: int, label: {zh: 年级, en: Grade}, required: true}
      paid: {type: money, label: {zh: 补助, en: Paid}}
  consents:
    label: {zh: 授权, en: Consents}
    subject: household
    owner: school
    columns:
      scope: {type: code, codes: scope, label: {zh: 范围, en: Scope}, required: true, key: true}
  samples:
    label: {zh: 抽样, en: Samples}
    subject: household
    period: year
    rows: one
    owner: school
    columns:
      wrong: {type: bool, label: {zh: 错退, en: Wrong}}
rates:
  wrongful_exit:
    label: {zh: 错退率, en: Wrongful exits}
    of: household.samples.exists(s, has(s.wrong))
    count: household.samples.exists(s, s.wrong)
    limit_percent: 2
    source: {document: test}
rosters:
  school:
    label: {zh: 学籍名册, en: School roster}
    owner: school
    period: year
    columns:
      grade: {type: int, label: {zh: 年级, en: Grade}, answers: roll.grade, also: [所在年级]}
      paid: {type: money, label: {zh: 补助（元）, en: Paid}, answers: roll.paid, tolerance: 5}
      education: {type: text, label: {zh: 文化程度, en: Education}, answers: person.education}
    discrepancies:
      register_only: {expected: 'person.household.status == "poor" && age(person.birth, today) < 16'}
      differs: {above: 1}
      twice: {}
      deceased: {}
      contradicts: {with: other_school, column: grade}
    source: {document: test}
  other_school:
    label: {zh: 外区学籍名册, en: Other school}
    owner: school
    period: year
    columns:
      grade: {type: int, label: {zh: 年级, en: Grade}}
    discrepancies: {twice: {}}
    source: {document: test}
  allowance:
    label: {zh: 低保名册, en: Allowance}
    owner: school
    period: year
    columns:
      monthly: {type: money, label: {zh: 月金额, en: Monthly}}
    discrepancies:
      roster_only: {expected: 'person.household.attribute == "allowance"', sets: household.attribute, value: allowance, strangers: true}
      register_only: {expected: 'person.relation == "head" && person.household.attribute == "allowance"'}
    source: {document: test}
  vehicles:
    label: {zh: 车辆名单, en: Vehicles}
    owner: school
    period: year
    columns:
      plate: {type: text, label: {zh: 车牌, en: Plate}}
    authorisation: household.consents.exists(c, c.scope == "vehicles")
    discrepancies: {question: {}}
    source: {document: test}
)";

inline registry::Cell word(const std::string& text) { return registry::Cell(text); }

/// A number with the right check digit, of nobody: its place is none.
inline std::string number_of(const std::string& birth, int order) {
  std::string front = "990108";
  for (const char c : birth) {
    if (c != '-') front += c;
  }
  front += fmt::format("{:03}", order);
  return front + base::id_check_digit(front).value_or('?');
}

class CompareTest : public store::OnStore {
 protected:
  void SetUp() override {
    // What these tests ask does not depend on a disk, which would take most of their time.
    if (std::filesystem::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 0);
    store::OnStore::SetUp();
    if (IsSkipped()) return;
    clock_.set({1'561'860'000'000'000});  // 2019-06-30 in China
    store::Options chosen = options();
    chosen.migrations = area::migrations();
    for (const auto& room : {access::migrations(), registry::migrations(), ledger::migrations(), migrations()}) {
      chosen.migrations.insert(chosen.migrations.end(), room.begin(), room.end());
    }
    store_ = value_of(store::Store::open(std::move(chosen)));
    const auto folder = ground_->folder() / "packs" / "small";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "pack.yaml") << "id: small\ntitle: {zh: 小, en: Small}\nversion: \"1\"\ndistrict: {code: \"460108\", name: {zh: 某区, en: A district}, prefixes: []}\n";
    std::ofstream(folder / "units.yaml") << "units:\n  school: {name: {zh: 教育局, en: Education}, kind: bureau}\n";
    std::ofstream(folder / "09.yaml") << small_policy;
    pack_ = value_of(pack::load(folder, ledger::vocabulary(), declared_));
    for (const auto& [code, name] : std::initializer_list<std::pair<const char*, const char*>>{{"460108101", "甲镇"}, {"460108101200", "东村"}, {"460108101201", "西村"}}) {
      pack::Division division;
      division.id = code;
      division.name = {name, name};
      pack_.divisions.push_back(std::move(division));
    }
    value_of(area::fill_from_pack(*store_, pack_));
    value_of(ledger::fit_tables(*store_, pack_));
    ledgers_ = std::make_unique<ledger::Ledgers>(pack_);
    rule::Schema subjects;
    registry::add_rule_subjects(subjects);
    compiler_ = std::make_unique<rule::Compiler>(*pack::compiler_of(subjects, pack_));
    rosters_ = std::make_unique<Rosters>(pack_, declared_, *ledgers_, *compiler_, GetParam() == Engine::sqlite ? rule::Engine::sqlite : rule::Engine::postgres);
  }
  void TearDown() override {
    rosters_.reset();
    store_.reset();
  }

  struct Someone {
    std::string name, birth, relation, sex, education;
    int order = 1;
  };
  /// The first is the head. @returns ids of the members
  std::vector<std::string> family(const std::string& code, const std::vector<Someone>& members, const std::string& attribute = "general", const std::string& village = "460108101200") {
    registry::NewHousehold out;
    out.village = village;
    out.registered_on = *base::parse_date("2018-01-01");
    out.status = "poor";
    out.values = {{"code", word(code)}, {"attribute", word(attribute)}};
    for (const Someone& one : members) {
      registry::Values values = {{"name", word(one.name)}, {"birth", word(one.birth)}, {"relation", word(one.relation)}, {"sex", word(one.sex)}, {"id_number", word(number_of(one.birth, one.order))}};
      if (!one.education.empty()) values["education"] = word(one.education);
      out.members.push_back({values});
    }
    out.reason = "登记入册";
    const auto added = value_of(write([&](store::Transaction& transaction) { return registry::add_household(transaction, {store_->secrets()}, everything_, out); }));
    std::vector<std::string> ids;
    for (const auto& id : added.members) ids.push_back(id.value);
    return ids;
  }

  /// A row of a ledger, as somebody would type it.
  void put(const std::string& ledger, const std::string& subject, ledger::CellValues cells) {
    const ledger::Reach all{.all = true};
    ledger::BlockRow row;
    row.subject = subject;
    row.cells = std::move(cells);
    value_of(write([&](store::Transaction& transaction) {
      return ledger::change_rows(transaction, {pack_, *value_of(ledgers_->find(ledger)), all, store_->secrets()}, {row});
    }));
  }

  Work work() { return {.store = *store_, .rosters = *rosters_}; }
  base::Result<compare::Run> try_bring(const std::string& roster, const std::string& csv, std::vector<std::string> areas = {}) {
    clock_.set(clock_.now() + std::chrono::seconds(1));
    const Work at = work();
    const compare::Run started = TRY(start_run(at, everything_, store::act_of(), {.roster = roster, .file_name = "名册.csv", .period = "", .areas = std::move(areas)}, csv));
    return carry_out(at, started.id, csv);
  }
  compare::Run bring(const std::string& roster, const std::string& csv, std::vector<std::string> areas = {}) { return value_of(try_bring(roster, csv, std::move(areas))); }

  /// "differs grade 张三 5 4", sorted.
  std::vector<std::string> found(const std::string& roster, std::optional<DiscrepancyState> state = DiscrepancyState::open) {
    std::vector<std::string> out;
    for (const Discrepancy& one : items(roster, state)) out.push_back(fmt::format("{} {} {} {}|{}", one.kind, one.cause, one.name, one.theirs, one.ours));
    std::ranges::sort(out);
    return out;
  }
  std::vector<Discrepancy> items(const std::string& roster, std::optional<DiscrepancyState> state = DiscrepancyState::open) {
    return read([&](store::Session& session) { return list_discrepancies(session, store_->secrets(), *rosters_, everything_, {.roster = roster, .state = state, .limit = 1000}); });
  }
  PairPage pairs() {
    return read([&](store::Session& session) { return list_pairs(session, store_->secrets(), *rosters_, everything_, "", true, 100); });
  }

  const access::Viewer everything_ = access::Viewer::system("test");
  pack::Pack pack_;
  pack::Rosters declared_;
  std::unique_ptr<ledger::Ledgers> ledgers_;
  std::unique_ptr<rule::Compiler> compiler_;
  std::unique_ptr<Rosters> rosters_;
};

}  // namespace yihu::compare
