#include "app/demo_plants.h"

#include "ledger/row_change.h"
#include "registry/change.h"
#include "registry/identity.h"
#include "registry/income.h"

namespace yihu::app {
namespace {

constexpr store::Sql head_sql = "SELECT id FROM person WHERE household = :household AND present = 1 AND relation = 'head' ORDER BY id";
constexpr store::Sql household_of_person_sql = "SELECT household FROM person WHERE id = :person";
constexpr store::Sql income_version_sql = "SELECT version FROM income WHERE household = :household AND year = :year";
constexpr std::string_view of_head = "head.";
constexpr std::string_view of_incomes = "incomes.";

const ledger::Reach everything{.all = true, .areas = {}, .helper = {}};

base::Error unknown_target(const pack::DemoValue& value) {
  return {base::ErrorKind::input, "demo_target",
          base::text("“{}”既不是登记字段，也不是台账的列。", "\"{}\" is neither a field of the register nor a ledger's column.", value.target),
          {}, value.place, {}};
}

/// "head.medical_insurance.enrolled" in its three parts; of a field of the register the ledger is empty.
struct Target {
  bool head = false;
  std::string ledger;
  std::string name;
};

Target target_of(std::string_view written) {
  Target out;
  out.head = written.starts_with(of_head);
  if (out.head) written.remove_prefix(of_head.size());
  if (const auto dot = written.find('.'); dot != written.npos) {
    out.ledger = written.substr(0, dot);
    written.remove_prefix(dot + 1);
  }
  out.name = written;
  return out;
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

base::Result<pack::ColumnType> DemoPlants::type_of(const pack::Rule& rule, const pack::DemoValue& value) const {
  const Target target = target_of(value.target);
  if (target.ledger == "incomes") return pack::ColumnType::money;
  if (!target.ledger.empty()) {
    const auto table = soil_.ledgers.find(target.ledger);
    const pack::Column* column = table ? (*table)->ledger().column(target.name) : nullptr;
    if (column == nullptr) return base::fail(unknown_target(value));
    return column->type;
  }
  const bool person = target.head || rule.subject == pack::Subject::person;
  const auto* field = person ? registry::find_field(registry::person_fields, target.name) : registry::find_field(registry::household_fields, target.name);
  if (field == nullptr || rule.subject == pack::Subject::village) return base::fail(unknown_target(value));
  return field->type == registry::FieldType::real ? pack::ColumnType::real : pack::ColumnType::integer;
}

base::Result<std::vector<DemoSubject>> DemoPlants::candidates(const pack::Rule& rule, const pack::DemoPlant& plant) {
  std::vector<pack::ColumnType> types;
  std::vector<base::Error> mistakes;
  for (const pack::DemoValue& value : plant.values) {
    auto type = type_of(rule, value);
    if (!type) mistakes.push_back(std::move(type).error());
    types.push_back(type.value_or(pack::ColumnType::text));
  }
  if (!mistakes.empty()) return base::fail_all(std::move(mistakes));
  std::vector<DemoSubject> found;
  TRY(store_.read([&](store::Session& session) -> base::Done {
    found = TRY(soil_.values.ask(session, {.subject = rule.subject, .whom = &plant.whom, .conditions = met_by(rule), .values = plant.values, .types = types}));
    return {};
  }));
  return found;
}

base::Result<DemoPlants::Place> DemoPlants::place_of(store::Session& session, pack::Subject kind, const std::string& subject) const {
  Place place;
  if (kind == pack::Subject::village) return place;
  place.household = subject;
  if (kind == pack::Subject::person) {
    place.person = subject;
    const auto row = TRY(session.find(household_of_person_sql, {{"person", subject}}));
    place.household = row ? row->text(0) : "";
  }
  const auto head = TRY(session.find(head_sql, {{"household", place.household}}));
  if (head) place.head = head->text(0);
  return place;
}

base::Result<DemoPlants::Work> DemoPlants::work_for(const pack::Rule& rule, const pack::DemoPlant& plant, const DemoSubject& subject,
                                                    const Place& place) const {
  Work work;
  for (std::size_t at = 0; at < plant.values.size(); ++at) {
    const Target target = target_of(plant.values[at].target);
    const store::Cell& cell = subject.cells[at];
    if (target.ledger == "incomes") {
      work.incomes[place.household][target.name] = cell;
    } else if (!target.ledger.empty()) {
      work.ledgers[{target.ledger, target.head ? place.head : subject.id}][target.name] = cell;
    } else if (target.head || rule.subject == pack::Subject::person) {
      work.people[target.head ? place.head : subject.id][target.name] = cell;
    } else {
      work.households[subject.id][target.name] = cell;
    }
  }
  for (const std::string& ledger : plant.without) {
    const bool head = ledger.starts_with(of_head);
    work.without.emplace_back(head ? ledger.substr(of_head.size()) : ledger, head ? place.head : subject.id);
  }
  return work;
}

base::Done DemoPlants::write_register(store::Transaction& transaction, const Work& work) const {
  const registry::Rooms rooms{store_.secrets()};
  const access::Viewer viewer = access::Viewer::system("demo");
  const auto change = [&](const registry::Values& values) {
    return registry::Change{.values = values, .why = soil_.why, .mode = registry::Mode::corrected};
  };
  for (const auto& [id, values] : work.households) TRY(registry::change_household(transaction, rooms, viewer, {id}, change(values)));
  for (const auto& [id, values] : work.people) {
    registry::Values identity;
    registry::Values others;
    for (const auto& [field, cell] : values) (is_identity(field) ? identity : others)[field] = cell;
    if (!identity.empty()) TRY(registry::correct_identity(transaction, rooms, viewer, {id}, identity, soil_.why));
    if (!others.empty()) TRY(registry::change_person(transaction, rooms, viewer, {id}, change(others)));
  }
  for (const auto& [household, values] : work.incomes) {
    registry::Values year = values;
    year["year"] = std::int64_t{static_cast<int>(soil_.why.day.year())};
    TRY(put_income(transaction, viewer, household, year, soil_.why));
  }
  return {};
}

base::Done DemoPlants::write_ledger(store::Transaction& transaction, const std::string& ledger, const std::string& subject,
                                    const std::map<std::string, store::Cell>& cells) const {
  const ledger::LedgerTable& table = *TRY(soil_.ledgers.find(ledger));
  const ledger::Editing editing{soil_.pack, table, everything, store_.secrets()};
  const std::string period = ledger::period_on(table.ledger().period, soil_.why.day);
  const auto rows = TRY(ledger::read_rows(transaction, table, everything, {.area = {}, .period = period, .subject = subject, .after = {}, .limit = 1}));
  ledger::BlockRow row{.id = {}, .version = 0, .subject = subject, .period = period, .cells = {}};
  if (!rows.empty()) {
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
  for (const auto& [place, cells] : work.ledgers) TRY(write_ledger(transaction, place.first, place.second, cells));
  return {};
}

base::Result<int> DemoPlants::plant(const pack::DemoPlant& plant) {
  const pack::Rule& rule = *soil_.pack.rule(plant.id);
  int done = 0;
  for (const DemoSubject& subject : TRY(candidates(rule, plant))) {
    if (done == plant.subjects) break;
    Place place;
    TRY(store_.read([&](store::Session& session) -> base::Done {
      place = TRY(place_of(session, rule.subject, subject.id));
      return {};
    }));
    if (!used_.insert(rule.subject == pack::Subject::village ? subject.id : place.household).second) continue;
    const Work work = TRY(work_for(rule, plant, subject, place));
    const auto written = store_.write({"system:demo", base::RequestId::make(), ""},
                                      [&](store::Transaction& transaction) -> base::Result<store::Answer> {
                                        TRY(write(transaction, work));
                                        return store::Answer{};
                                      });
    if (!written) return base::fail(written.error());
    planted_.push_back({plant.id, subject.id, subject.number, place.household, plant.also});
    ++done;
  }
  return done;
}

}  // namespace yihu::app
