#include "app/demo_plants.h"

#include "ledger/row_change.h"
#include "registry/change.h"
#include "registry/identity.h"
#include "registry/income.h"
#include "registry/membership.h"
#include "registry/status.h"

#include <fmt/format.h>

#include <algorithm>

namespace yihu::app {
namespace {

constexpr store::Sql members_sql = "SELECT id, relation, name FROM person WHERE household = :household AND present = 1 ORDER BY code";
constexpr store::Sql village_of_household_sql = "SELECT village FROM household WHERE id = :household";
constexpr store::Sql household_of_person_sql = "SELECT household FROM person WHERE id = :person";
constexpr store::Sql income_version_sql = "SELECT version FROM income WHERE household = :household AND year = :year";
// Before a field or ledger: of the household, of its first member with this relation, of a child that is born into it;
// or in a further row of the ledger.
constexpr std::string_view of_household = "household";
constexpr std::string_view of_newborn = "born";
constexpr std::string_view in_second_row = "second";
constexpr std::string_view prefixes[] = {of_household, of_newborn, in_second_row, "head", "spouse", "child", "parent"};
// Targets that are no cells: which households move to a village, and that a member becomes the head, with what the former
// head is to him.
constexpr std::string_view becomes_head = "becomes_head";
constexpr std::string_view gathers = "gathers";
// A change of status or monitoring is of this day; where it is missing, of the demo's.
constexpr std::string_view status_day = "since";
constexpr std::size_t letter_bytes = 3;            ///< of a Chinese character
constexpr std::size_t long_name_bytes = 4 * letter_bytes;  ///< a name with a family name of two characters

const ledger::Reach everything{.all = true, .areas = {}, .helper = {}};

base::Error unknown_target(const pack::DemoValue& value) {
  return {base::ErrorKind::input, "demo_target",
          base::text("“{}”既不是登记字段，也不是台账的列。", "\"{}\" is neither a field of the register nor a ledger's column.", value.target),
          {}, value.place, {}};
}

/// "head.medical_insurance.enrolled" in its three parts; of a field of the register the ledger is empty.
struct Target {
  std::string whose;  ///< one of the prefixes; empty: the subject's
  std::string ledger;
  std::string name;
};

std::string whose_of(std::string_view& written) {
  const std::string first(written.substr(0, written.find('.')));
  if (first.size() == written.size() || std::ranges::find(prefixes, first) == std::end(prefixes)) return {};
  written.remove_prefix(first.size() + 1);
  return first;
}

Target target_of(std::string_view written) {
  Target out;
  out.whose = whose_of(written);
  if (const auto dot = written.find('.'); dot != written.npos) {
    out.ledger = written.substr(0, dot);
    written.remove_prefix(dot + 1);
  }
  out.name = written;
  return out;
}

/// Whether a target of a rule about `kind` is one person's.
bool is_persons(const Target& target, pack::Subject kind) {
  return target.whose.empty() || target.whose == in_second_row ? kind == pack::Subject::person : target.whose != of_household;
}

/// Fields by which a person is known: they change by a correction of identity alone.
bool is_identity(std::string_view field) {
  return field == "name" || field == "sex" || field == "birth" || field == "id_number" || field == "id_kind";
}

/// What makes a subject one that the rule is met by.
std::vector<const pack::Expression*> met_by(const pack::Rule& rule) {
  switch (rule.kind) {
    case pack::RuleKind::guarantee: return {&rule.applies, &rule.holds};
    case pack::RuleKind::entitlement: return {&rule.eligible, &rule.received};
    case pack::RuleKind::risk:
    case pack::RuleKind::consistency: return rule.applies.empty() ? std::vector<const pack::Expression*>{} : std::vector{&rule.applies};
  }
  return {};
}

}  // namespace

base::Result<std::vector<pack::ColumnType>> types_of(const pack::Ledger& ledger, std::span<const pack::DemoValue> values) {
  std::vector<pack::ColumnType> types;
  std::vector<base::Error> mistakes;
  for (const pack::DemoValue& value : values) {
    const pack::Column* column = ledger.column(value.target);
    if (column == nullptr) mistakes.push_back(unknown_target(value));
    types.push_back(column == nullptr ? pack::ColumnType::text : column->type);
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  return types;
}

base::Done put_income(store::Transaction& transaction, const access::Viewer& viewer, const std::string& household,
                      const registry::Values& values, const registry::Why& why) {
  const auto stored = TRY(transaction.find(income_version_sql, {{"household", household}, {"year", std::get<std::int64_t>(values.at("year"))}}));
  TRY(registry::write_income(transaction, viewer, {household}, values, why, stored ? static_cast<int>(stored->integer(0)) : 0));
  return {};
}

base::Done put_household(store::Transaction& transaction, const registry::Rooms& rooms, const registry::HouseholdId& household,
                         registry::Values values, const registry::Why& why) {
  const access::Viewer viewer = access::Viewer::system("demo");
  base::Date day = why.day;
  if (const auto since = values.extract(std::string(status_day))) day = TRY(base::parse_date(std::get<std::string>(since.mapped())));
  if (const auto status = values.extract("status")) {
    TRY(registry::change_status(transaction, viewer, household, std::get<std::string>(status.mapped()), day, why.reason));
  }
  if (const auto monitoring = values.extract("monitoring")) {
    TRY(registry::change_monitoring(transaction, viewer, household, std::get<std::string>(monitoring.mapped()), day, why.reason));
  }
  if (values.empty()) return {};
  TRY(registry::change_household(transaction, rooms, viewer, household, {.values = values, .why = why, .mode = registry::Mode::corrected}));
  return {};
}

base::Result<pack::ColumnType> DemoPlants::type_of(pack::Subject kind, const pack::DemoValue& value) const {
  if (value.target == status_day) return pack::ColumnType::date;
  const Target target = target_of(value.target);
  if (target.name == becomes_head) return pack::ColumnType::text;
  if (target.ledger == "incomes") return pack::ColumnType::money;
  if (!target.ledger.empty()) {
    const auto table = soil_.ledgers.find(target.ledger);
    const pack::Column* column = table ? (*table)->ledger().column(target.name) : nullptr;
    if (column == nullptr) return base::fail(unknown_target(value));
    return column->type;
  }
  const auto* field = is_persons(target, kind) ? registry::find_field(registry::person_fields, target.name) : registry::find_field(registry::household_fields, target.name);
  if (field == nullptr || kind == pack::Subject::village) return base::fail(unknown_target(value));
  if (field->type == registry::FieldType::date) return pack::ColumnType::date;
  return field->type == registry::FieldType::real ? pack::ColumnType::real : pack::ColumnType::integer;
}

/// Whoever the rule is met by; where it is met by nobody before it is broken, whoever the plant names.
base::Result<std::vector<DemoSubject>> DemoPlants::candidates(const pack::Rule& rule, const pack::DemoPlant& plant,
                                                              std::span<const pack::DemoValue> cells) const {
  std::vector<pack::ColumnType> types;
  std::vector<base::Error> mistakes;
  for (const pack::DemoValue& value : cells) {
    auto type = type_of(rule.subject, value);
    if (!type) mistakes.push_back(std::move(type).error());
    types.push_back(type.value_or(pack::ColumnType::text));
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  std::vector<DemoSubject> found;
  TRY(store_.read([&](store::Session& session) -> base::Done {
    DemoQuestion question{.subject = rule.subject, .whom = &plant.whom, .conditions = met_by(rule), .values = cells, .types = types};
    found = TRY(soil_.values.ask(session, question));
    if (!found.empty() || plant.whom.empty()) return {};
    question.conditions.clear();
    found = TRY(soil_.values.ask(session, question));
    return {};
  }));
  return found;
}

base::Result<DemoPlants::Place> DemoPlants::place_of(store::Session& session, pack::Subject kind, const std::string& subject) const {
  Place place;
  if (kind == pack::Subject::village) return place;
  place.household = subject;
  if (kind == pack::Subject::person) {
    const auto row = TRY(session.find(household_of_person_sql, {{"person", subject}}));
    place.household = row ? row->text(0) : "";
  }
  for (const store::Row& member : TRY(session.query(members_sql, {{"household", place.household}}))) place.members.try_emplace(member.text(1), member.text(0));
  return place;
}

DemoPlants::Work DemoPlants::work_for(const pack::Rule& rule, const pack::DemoPlant& plant, std::span<const pack::DemoValue> cells,
                                      const DemoSubject& subject, const Place& place) const {
  const auto owner = [&](const std::string& whose) -> std::string {
    if (whose.empty() || whose == in_second_row) return subject.id;
    if (whose == of_household) return place.household;
    const auto member = place.members.find(whose);
    return member == place.members.end() ? std::string{} : member->second;
  };
  Work work;
  for (std::size_t at = 0; at < cells.size(); ++at) {
    const Target target = target_of(cells[at].target);
    const store::Cell& cell = subject.cells[at];
    if (target.name == becomes_head) {
      work.next_head = owner(target.whose);
      work.former_relation = std::get<std::string>(cell);
    } else if (target.whose == of_newborn) {
      (target.ledger.empty() ? work.newborn : work.newborn_ledgers[target.ledger])[target.name] = cell;
    } else if (target.ledger == "incomes") {
      work.incomes[place.household][target.name] = cell;
    } else if (!target.ledger.empty()) {
      work.ledgers[{target.ledger, owner(target.whose)}][target.name] = cell;
      if (target.whose == in_second_row) work.second.insert(target.ledger);
    } else {
      (is_persons(target, rule.subject) ? work.people : work.households)[owner(target.whose)][target.name] = cell;
    }
  }
  for (std::string_view ledger : plant.without) {
    const std::string whose = whose_of(ledger);
    work.without.emplace_back(ledger, owner(whose));
  }
  return work;
}

base::Done DemoPlants::write_register(store::Transaction& transaction, const Work& work) const {
  const registry::Rooms rooms{store_.secrets()};
  const access::Viewer viewer = access::Viewer::system("demo");
  for (const auto& [id, values] : work.households) TRY(put_household(transaction, rooms, {id}, values, soil_.why));
  for (const auto& [id, values] : work.people) {
    registry::Values identity;
    registry::Values others;
    for (const auto& [field, cell] : values) (is_identity(field) ? identity : others)[field] = cell;
    if (!identity.empty()) TRY(registry::correct_identity(transaction, rooms, viewer, {id}, identity, soil_.why));
    if (others.empty()) continue;
    TRY(registry::change_person(transaction, rooms, viewer, {id}, {.values = others, .why = soil_.why, .mode = registry::Mode::corrected}));
  }
  for (const auto& [household, values] : work.incomes) {
    registry::Values year = values;
    year["year"] = std::int64_t{static_cast<int>(soil_.why.day.year())};
    TRY(put_income(transaction, viewer, household, year, soil_.why));
  }
  return {};
}

base::Done DemoPlants::write_ledger(store::Transaction& transaction, const std::string& ledger, const std::string& subject,
                                    const Cells& cells, bool second) const {
  const ledger::LedgerTable& table = *TRY(soil_.ledgers.find(ledger));
  const ledger::Editing editing{soil_.pack, table, everything, store_.secrets()};
  const std::string period = ledger::period_on(table.ledger().period, soil_.why.day);
  const auto rows = TRY(ledger::read_rows(transaction, table, everything, {.area = {}, .period = period, .subject = subject, .after = {}, .limit = 1}));
  ledger::BlockRow row{.id = {}, .version = 0, .subject = subject, .period = period, .cells = {}};
  if (!rows.empty() && !second) {
    row.id = rows.front().id;
    row.version = rows.front().version;
  }
  for (const auto& [column, cell] : cells) row.cells[column] = ledger::json_from_cell(*table.ledger().column(column), cell);
  TRY(ledger::change_rows(transaction, editing, {row}));
  return {};
}

base::Done DemoPlants::remove_rows(store::Transaction& transaction, const std::string& ledger, const std::string& subject) const {
  const ledger::LedgerTable& table = *TRY(soil_.ledgers.find(ledger));
  const ledger::Editing editing{soil_.pack, table, everything, store_.secrets()};
  const auto rows = TRY(ledger::read_rows(transaction, table, everything, {.area = {}, .period = "*", .subject = subject, .after = {}, .limit = ledger::rows_page_max}));
  for (const ledger::LedgerRow& row : rows) TRY(ledger::remove_row(transaction, editing, row.id, row.version));
  return {};
}

base::Done DemoPlants::write(store::Transaction& transaction, const Work& work) const {
  TRY(write_register(transaction, work));
  for (const auto& [ledger, subject] : work.without) TRY(remove_rows(transaction, ledger, subject));
  for (const auto& [place, cells] : work.ledgers) TRY(write_ledger(transaction, place.first, place.second, cells, work.second.contains(place.first)));
  return {};
}

/// A child without a document number yet, with the head's family name before the given one.
base::Done DemoPlants::bear(store::Transaction& transaction, const Work& work, const DemoSubject& subject, const Place& place) const {
  registry::NewPerson child;
  child.values = work.newborn;
  const auto members = TRY(transaction.query(members_sql, {{"household", place.household}}));
  child.values["code"] = fmt::format("{}{:02}", subject.number, members.size() + 1);
  for (const store::Row& member : members) {
    if (member.text(1) != "head") continue;
    const std::string name = member.text(2);
    child.values["name"] = name.substr(0, name.size() < long_name_bytes ? letter_bytes : 2 * letter_bytes) + std::get<std::string>(child.values["name"]);
  }
  const auto id = TRY(registry::add_member(transaction, {store_.secrets()}, access::Viewer::system("demo"), {place.household},
                                           registry::Arrival::born, child, soil_.why));
  for (const auto& [ledger, cells] : work.newborn_ledgers) TRY(write_ledger(transaction, ledger, id.value, cells, true));
  return {};
}

base::Done DemoPlants::gather(const pack::Rule& rule, const pack::Expression& whom, const DemoSubject& village) {
  const auto ask = [&](pack::Subject kind, std::vector<const pack::Expression*> conditions) -> base::Result<std::vector<DemoSubject>> {
    std::vector<DemoSubject> found;
    TRY(store_.read([&](store::Session& session) -> base::Done {
      found = TRY(soil_.values.ask(session, {.subject = kind, .whom = nullptr, .conditions = std::move(conditions), .values = {}, .types = {}}));
      return {};
    }));
    return found;
  };
  for (const DemoSubject& household : TRY(ask(pack::Subject::household, {&whom}))) {
    const auto broken = TRY(ask(pack::Subject::village, {&rule.applies, &rule.when}));
    if (std::ranges::find(broken, village.id, &DemoSubject::id) != broken.end()) return {};
    TRY(write_durably([&](store::Transaction& transaction) -> base::Done {
      const auto home = TRY(transaction.find(village_of_household_sql, {{"household", household.id}}));
      if (!home || home->text(0) == village.id) return {};
      TRY(registry::relocate(transaction, access::Viewer::system("demo"), {household.id}, village.id, {}, soil_.why));
      return {};
    }));
  }
  return {};
}

/// Each problem stands alone: in a household of its own, in a village in ledgers of its own.
bool DemoPlants::take_ground(const pack::Rule& rule, const pack::DemoPlant& plant, const DemoSubject& subject, const Place& place) {
  if (rule.subject != pack::Subject::village) return used_.insert(place.household).second;
  std::set<std::string> wanted;
  for (const pack::DemoValue& value : plant.values) wanted.insert(subject.id + target_of(value.target).ledger);
  for (const std::string& ledger : plant.without) wanted.insert(subject.id + ledger);
  if (std::ranges::any_of(wanted, [&](const std::string& one) { return used_.contains(one); })) return false;
  used_.merge(wanted);
  return true;
}

base::Done DemoPlants::write_durably(const std::function<base::Done(store::Transaction&)>& change) {
  const auto answer = store_.write({"system:demo", base::RequestId::make(), ""},
                                   [&](store::Transaction& transaction) -> base::Result<store::Answer> {
                                     TRY(change(transaction));
                                     return store::Answer{};
                                   });
  if (!answer) return base::fail(answer.error());
  return {};
}

base::Result<int> DemoPlants::plant(const pack::DemoPlant& plant) {
  const pack::Rule& rule = *soil_.pack.rule(plant.id);
  std::vector<pack::DemoValue> cells;
  const pack::Expression* gathered = nullptr;
  for (const pack::DemoValue& value : plant.values) {
    if (value.target == gathers) {
      gathered = &value.expression;
    } else {
      cells.push_back(value);
    }
  }
  int done = 0;
  for (const DemoSubject& subject : TRY(candidates(rule, plant, cells))) {
    if (done == plant.subjects) break;
    Place place;
    TRY(store_.read([&](store::Session& session) -> base::Done {
      place = TRY(place_of(session, rule.subject, subject.id));
      return {};
    }));
    if (!take_ground(rule, plant, subject, place)) continue;
    const Work work = work_for(rule, plant, cells, subject, place);
    TRY(write_durably([&](store::Transaction& transaction) -> base::Done {
      TRY(write(transaction, work));
      if (!work.newborn.empty()) TRY(bear(transaction, work, subject, place));
      if (work.next_head.empty()) return {};
      TRY(registry::change_head(transaction, access::Viewer::system("demo"), {place.household}, {work.next_head}, work.former_relation, soil_.why));
      return {};
    }));
    if (gathered != nullptr) TRY(gather(rule, *gathered, subject));
    planted_.push_back({plant.id, subject.id, subject.number, place.household, plant.also});
    ++done;
  }
  return done;
}

}  // namespace yihu::app
