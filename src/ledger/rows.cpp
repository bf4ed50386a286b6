#include "ledger/row.h"

#include "ledger/import_block.h"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace yihu::ledger {
namespace {

using base::ErrorKind;
using base::Result;

constexpr int history_max = 1000;
constexpr std::string_view last_code = "~";  // greater than every code, which are digits

store::Cell cell_of(const pack::Column& column, const store::Row& row, std::size_t at) {
  if (row.null(at)) return {};
  switch (column.type) {
    case pack::ColumnType::truth:
    case pack::ColumnType::integer:
    case pack::ColumnType::money: return row.integer(at);
    case pack::ColumnType::real:
    case pack::ColumnType::percent: return row.real(at);
    case pack::ColumnType::date:
    case pack::ColumnType::text:
    case pack::ColumnType::code: return row.text(at);
  }
  return {};
}

store::Parameters filter_parameters(const LedgerTable& table, const Reach& reach, const RowFilter& filter) {
  store::Parameters out = {{"period", filter.period},
                           {"area_from", filter.area},
                           {"area_to", filter.area + std::string(last_code)}};
  add_reach_parameters(table, reach, out);
  return out;
}

base::Error no_such_row() {
  return base::fail(ErrorKind::not_found, "row_unknown", base::text("没有这一行。", "There is no such row.")).error();
}

boost::json::object object_from(const std::string& json) {
  boost::json::error_code problem;
  auto value = boost::json::parse(json, problem);
  return !problem && value.is_object() ? std::move(value.get_object()) : boost::json::object();
}

boost::json::value shown(const LedgerTable& table, std::string_view column, const boost::json::object& of) {
  const auto* value = of.if_contains(column);
  if (value == nullptr) return nullptr;
  const pack::Column* declared = table.ledger().column(column);
  if (declared != nullptr && declared->personal && !value->is_null()) return boost::json::value(masked);
  return *value;
}

}  // namespace

Reach reach_of(const access::Viewer& viewer, const pack::Ledger& ledger, const std::vector<base::UnitId>& owners) {
  Reach reach;
  const bool owner = std::ranges::any_of(owners, [&](const base::UnitId& unit) { return viewer.holds_post_in(unit); });
  reach.all = viewer.scope.covers_register() || owner || ledger.subject == pack::Subject::none;
  if (reach.all) return reach;
  reach.areas.assign(viewer.scope.areas.begin(), viewer.scope.areas.end());
  if (viewer.scope.assigned) reach.helper = viewer.user.value;
  return reach;
}

bool may_change(const access::Viewer& viewer, const std::vector<base::UnitId>& owners) {
  if (!viewer.may(access::Permission::ledger_change)) return false;
  return viewer.scope.district || !viewer.scope.areas.empty() ||
         std::ranges::any_of(owners, [&](const base::UnitId& unit) { return viewer.holds_post_in(unit); });
}

std::vector<base::UnitId> owners_of(const area::Directory& directory, const pack::Ledger& ledger) {
  if (const area::Unit* unit = directory.unit_by_slug(ledger.owner)) return {unit->id};
  if (const area::Group* group = directory.group(ledger.owner)) return group->members;
  return {};
}

Result<std::vector<base::UnitId>> owners_of(store::Session& session, const pack::Ledger& ledger) {
  return owners_of(TRY(area::read_directory(session)), ledger);
}

LedgerRow row_from(const LedgerTable& table, const store::Row& row, bool with_subject) {
  LedgerRow out;
  out.id = row.text(0);
  out.subject = row.text(1);
  out.period = row.text(2);
  out.import_id = row.text(3);
  out.version = row.integer(4);
  out.updated_at = row.instant(5);
  const auto& columns = table.ledger().columns;
  out.cells.reserve(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) out.cells.push_back(cell_of(columns[i], row, LedgerTable::first_cell + i));
  if (with_subject) {
    const std::size_t at = LedgerTable::first_cell + columns.size();
    out.area = row.text(at);
    out.label = row.text(at + 1);
    out.code = row.text(at + 2);
  }
  return out;
}

Result<std::vector<LedgerRow>> read_rows(store::Session& session, const LedgerTable& table, const Reach& reach, const RowFilter& filter) {
  store::Parameters parameters = filter_parameters(table, reach, filter);
  parameters.push_back({"after_subject", filter.after.subject});
  parameters.push_back({"after_period", filter.after.period});
  parameters.push_back({"after_id", filter.after.id});
  parameters.push_back({"limit", std::clamp(filter.limit, 1, rows_page_max)});
  if (!filter.subject.empty()) parameters.push_back({"subject", filter.subject});
  const bool by_area = filter.area.size() > 6;  // a town or a village: few subjects of many
  const auto rows = TRY(session.query(table.page(reach, !filter.subject.empty(), by_area), parameters));
  std::vector<LedgerRow> out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(row_from(table, row, true));
  return out;
}

Result<std::int64_t> count_rows(store::Session& session, const LedgerTable& table, const Reach& reach, const RowFilter& filter) {
  const auto row = TRY(session.find(table.count(reach), filter_parameters(table, reach, filter)));
  return row->integer(0);
}

Result<LedgerRow> read_row(store::Session& session, const LedgerTable& table, const Reach& reach, std::string_view id) {
  const auto found = TRY(session.find(table.by_id(), {{"id", id}}));
  if (!found) return base::fail(no_such_row());
  LedgerRow row = row_from(table, *found, false);
  store::Parameters parameters = {{"subject", row.subject}};
  add_reach_parameters(table, reach, parameters);
  const auto reached = TRY(session.find(table.reached(reach), parameters));
  if (!reached) return base::fail(no_such_row());
  row.area = reached->text(0);
  row.label = reached->text(1);
  return row;
}

Result<std::vector<RowEvent>> row_history(store::Session& session, const LedgerTable& table, std::string_view row, std::string_view column) {
  std::vector<RowEvent> out;
  for (const store::Entry& entry : TRY(row_entries(session, table.ledger(), row, history_max))) {
    const auto before = object_from(entry.before);
    const auto after = object_from(entry.after);
    RowEvent event{entry.at, entry.actor, entry.action, std::string(column), nullptr, nullptr, ""};
    if (const auto* batch = after.if_contains("import"); batch != nullptr && batch->is_string()) event.import_id = std::string(batch->get_string());
    if (!column.empty()) {
      if (!before.contains(column) && !after.contains(column)) continue;
      event.before = shown(table, column, before);
      event.after = shown(table, column, after);
      out.push_back(std::move(event));
      continue;
    }
    boost::json::object all_before;
    boost::json::object all_after;
    for (const pack::Column& one : table.ledger().columns) {
      if (before.contains(one.id)) all_before[one.id] = shown(table, one.id, before);
      if (after.contains(one.id)) all_after[one.id] = shown(table, one.id, after);
    }
    event.before = std::move(all_before);
    event.after = std::move(all_after);
    out.push_back(std::move(event));
  }
  return out;
}

}  // namespace yihu::ledger
