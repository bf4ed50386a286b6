// Discrepancies are settled: the department's value is written here, or ours is kept and goes out as a correction.

#include "compare/discrepancy.h"

#include "compare/told_value.h"
#include "ledger/cell.h"
#include "ledger/row_change.h"
#include "registry/change.h"
#include "registry/fields.h"
#include "registry/identity.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace yihu::compare {
namespace {

using base::ErrorKind;
using base::Result;
using store::Sql;

constexpr std::size_t reason_max = 600;  // bytes: 200 characters
constexpr Sql content_sql = "SELECT content FROM discrepancy WHERE id = :id";
constexpr Sql settle_sql =
    "UPDATE discrepancy SET state = :state, note = :note, decided_by = :actor, decided_at = :now, version = version + 1"
    " WHERE id = :id AND version = :version";
constexpr std::string_view identity_fields[] = {"name", "sex", "birth", "id_number"};

base::Error conflict(const char* code, base::Text text) { return base::fail(ErrorKind::conflict, code, std::move(text)).error(); }

/// What accepting writes: where, and the value as JSON.
struct Target {
  std::string table, column, value;
};

Result<Target> target_of(store::Session& session, const store::Secrets& secrets, const pack::Roster& roster, const Discrepancy& one) {
  const auto row = TRY(session.find(content_sql, {{"id", one.id}}));
  const std::string clear = TRY(secrets.open(session, {"discrepancy", "content", one.person}, row->text(0)));
  Target out;
  boost::json::error_code problem;
  const auto parsed = boost::json::parse(clear, problem);
  if (!problem && parsed.is_object()) out.value = std::string(parsed.at("value").as_string());
  const auto kind = pack::discrepancy_kind_from(one.kind);
  const pack::DiscrepancyRule* rule = kind ? roster.rule(*kind) : nullptr;
  if (rule != nullptr && !rule->sets.empty()) {
    out.table = rule->sets.substr(0, rule->sets.find('.'));
    out.column = rule->sets.substr(rule->sets.find('.') + 1);
    return out;
  }
  for (std::size_t i = 0; i < roster.answers.size(); ++i) {
    if (roster.sheet.columns[i].id == one.cause) {
      out.table = roster.answers[i].table;
      out.column = roster.answers[i].column;
    }
  }
  return out;
}

Result<registry::Cell> cell_for(const registry::Field& field, const Target& target) {
  boost::json::error_code problem;
  const auto value = boost::json::parse(target.value, problem);
  if (!problem && value.is_string()) return registry::cell_from_text(field, value.get_string());
  if (!problem && value.is_bool()) return registry::Cell(std::int64_t{value.get_bool()});
  if (!problem && value.is_int64()) {
    return field.type == registry::FieldType::real ? registry::Cell(static_cast<double>(value.get_int64())) : registry::Cell(value.get_int64());
  }
  if (!problem && value.is_double()) return registry::Cell(value.get_double());
  return base::fail(conflict("nothing_to_write", base::text("这条差异没有可以写入的值。", "This discrepancy has no value to write.")));
}

base::Done write_register(store::Transaction& transaction, const store::Secrets& secrets, const access::Viewer& viewer, const Discrepancy& one,
                          const Target& target, const std::string& reason) {
  const bool of_person = target.table == "person";
  const std::span<const registry::Field> fields = of_person ? std::span<const registry::Field>(registry::person_fields)
                                                            : std::span<const registry::Field>(registry::household_fields);
  const registry::Field* field = registry::find_field(fields, target.column);
  if (field == nullptr) return base::fail(conflict("nothing_to_write", base::text("登记簿没有这一项。", "The register has no such field.")));
  registry::Values values;
  values[target.column] = TRY(cell_for(*field, target));
  const registry::Rooms rooms{secrets};
  const registry::Why why{base::date_of(transaction.now()), reason};
  if (of_person && std::ranges::find(identity_fields, target.column) != std::end(identity_fields)) {
    TRY(registry::correct_identity(transaction, rooms, viewer, registry::PersonId{one.person}, values, why));
    return {};
  }
  const registry::Change change{.values = values, .why = why, .mode = registry::Mode::corrected};
  if (of_person) TRY(registry::change_person(transaction, rooms, viewer, registry::PersonId{one.person}, change));
  else TRY(registry::change_household(transaction, rooms, viewer, registry::HouseholdId{one.household}, change));
  return {};
}

/// A row of the ledger that is not there yet is made with everything the roster says for that ledger.
Result<ledger::CellValues> cells_for(store::Session& session, const store::Secrets& secrets, const Rosters& rosters, const pack::Roster& roster,
                                     const Discrepancy& one, const Target& target, bool whole) {
  ledger::CellValues out;
  boost::json::error_code problem;
  out[target.column] = boost::json::parse(target.value, problem);
  if (!whole) return out;
  const auto known = TRY(known_rows(session, secrets, rosters, roster, one.period, one.person));
  for (std::size_t i = 0; i < roster.answers.size() && !known.empty(); ++i) {
    const store::Cell& cell = known.front().row.cells[i];
    if (roster.answers[i].table != target.table || ledger::is_nothing(cell)) continue;
    out.try_emplace(roster.answers[i].column, ledger::json_from_cell(roster.sheet.columns[i], cell));
  }
  return out;
}

base::Done write_ledger(store::Transaction& transaction, const store::Secrets& secrets, const Rosters& rosters, const access::Viewer& viewer,
                        const pack::Roster& roster, const Discrepancy& one, const Target& target) {
  const ledger::LedgerTable& table = *TRY(rosters.ledgers().find(target.table));
  const auto owners = TRY(ledger::owners_of(transaction, table.ledger()));
  if (!ledger::may_change(viewer, owners)) return base::fail(ErrorKind::denied, "denied", base::text("您不能填这个台账。", "You may not fill in this ledger."));
  const ledger::Reach reach = ledger::reach_of(viewer, table.ledger(), owners);
  const std::string subject = table.ledger().subject == pack::Subject::person ? one.person : one.household;
  const std::string period = ledger_period(table.ledger(), roster, one.period, base::date_of(transaction.now()));
  const auto there = TRY(transaction.find(table.by_subject(), {{"subject", subject}, {"period", period}}));
  ledger::BlockRow row;
  if (there) {
    row.id = there->text(0);
    row.version = there->integer(4);
  } else {
    row.subject = subject;
    row.period = period;
  }
  row.cells = TRY(cells_for(transaction, secrets, rosters, roster, one, target, !there));
  TRY(ledger::change_rows(transaction, {rosters.pack(), table, reach, secrets}, {row}));
  return {};
}

base::Done settle(store::Transaction& transaction, const store::Secrets& secrets, const Discrepancy& one, std::int64_t version, DiscrepancyState state,
                  std::string_view note) {
  const std::string key = one.person.empty() ? "roster-row-" + one.id : one.person;
  std::optional<std::string> sealed;
  if (!note.empty()) sealed = TRY(secrets.seal(transaction, {"discrepancy", "note", key}, note));
  if (TRY(transaction.execute(settle_sql, {{"state", name_of(state)}, {"note", sealed}, {"actor", transaction.act().actor}, {"now", transaction.now()},
                                           {"id", one.id}, {"version", version}})) != 1) {
    return base::fail(ErrorKind::stale, "discrepancy_changed", base::text("别人已经处理过这条差异。", "Somebody else has settled this discrepancy."),
                      base::text("请刷新后再看。", "Read it again."));
  }
  return transaction.journal({"discrepancy." + std::string(name_of(state)), "discrepancy", one.id, "",
                              boost::json::serialize(boost::json::object{{"roster", one.roster}, {"kind", one.kind}, {"cause", one.cause}})});
}

/// Whoever answers for the roster or owns the fact, or may change the register here.
base::Done expect_settling(store::Session& session, const Rosters& rosters, const access::Viewer& viewer, const Discrepancy& one) {
  if (viewer.may(access::Permission::register_change)) return {};
  const auto units = TRY(area::read_directory(session));
  const area::Unit* owner = units.unit_by_slug(one.owner);
  if (owner != nullptr && viewer.may(access::Permission::ledger_change) && viewer.holds_post_in(owner->id)) return {};
  return expect_change(session, viewer, *TRY(rosters.find(one.roster)));
}

}  // namespace

base::Done accept_discrepancy(store::Transaction& transaction, const store::Secrets& secrets, const Rosters& rosters, const access::Viewer& viewer,
                              std::string_view id, std::int64_t version) {
  const Discrepancy one = TRY(read_discrepancy(transaction, secrets, rosters, viewer, id));
  if (!one.can_accept || one.person.empty()) {
    return base::fail(conflict("nothing_to_write", base::text("这条差异没有可以写入的值，或已办结。", "There is nothing to write, or it is settled.")));
  }
  const pack::Roster& roster = *TRY(rosters.find(one.roster));
  const Target target = TRY(target_of(transaction, secrets, roster, one));
  const std::string reason = fmt::format("采纳“{}”{}的数据", roster.label.zh, one.period);
  if (target.table == "person" || target.table == "household") TRY(write_register(transaction, secrets, viewer, one, target, reason));
  else TRY(write_ledger(transaction, secrets, rosters, viewer, roster, one, target));
  return settle(transaction, secrets, one, version, DiscrepancyState::accepted, reason);
}

base::Done keep_discrepancy(store::Transaction& transaction, const store::Secrets& secrets, const Rosters& rosters, const access::Viewer& viewer,
                            std::string_view id, std::int64_t version, std::string_view reason) {
  const Discrepancy one = TRY(read_discrepancy(transaction, secrets, rosters, viewer, id));
  TRY(expect_settling(transaction, rosters, viewer, one));
  if (one.state != "open") return base::fail(conflict("discrepancy_settled", base::text("这条差异已办结。", "This discrepancy is settled.")));
  if (reason.empty() || reason.size() > reason_max) {
    base::Error error = base::fail(ErrorKind::input, "reason_missing", base::text("请写明依据，不超过 200 字。", "Say why, in at most 200 characters.")).error();
    error.place.field = "/reason";
    return base::fail(std::move(error));
  }
  return settle(transaction, secrets, one, version, DiscrepancyState::kept, reason);
}

base::Done reopen_discrepancy(store::Transaction& transaction, const store::Secrets& secrets, const Rosters& rosters, const access::Viewer& viewer,
                              std::string_view id, std::int64_t version) {
  const Discrepancy one = TRY(read_discrepancy(transaction, secrets, rosters, viewer, id));
  TRY(expect_settling(transaction, rosters, viewer, one));
  if (one.state != "kept") return base::fail(conflict("discrepancy_not_kept", base::text("只有保留的差异可以重新打开。", "Only a kept discrepancy can be opened again.")));
  return settle(transaction, secrets, one, version, DiscrepancyState::open, "");
}

}  // namespace yihu::compare
