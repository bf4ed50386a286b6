// Ledgers, their rows and deliveries.

#include "http/routes_ledger.h"

#include "area/directory.h"
#include "area/division.h"
#include "http/answer.h"
#include "http/authors.h"
#include "http/page.h"
#include "http/response.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"
#include "ledger/delivery.h"

#include <algorithm>
#include <charconv>

namespace yihu::http {
namespace {

using access::Permission;

struct LedgerLine {
  std::string id;
  base::Text label;
  int article = 0;
  std::string subject;
  std::string period;
  std::string owner;
  base::Text owner_name;
  std::string filled_by;
  int columns = 0;
  std::int64_t rows = 0;
  std::string current_period;
  int villages = 0;             ///< within reach
  int villages_delivered = 0;   ///< of them, for the current period
  bool can_change = false;
};
BOOST_DESCRIBE_STRUCT(LedgerLine, (), (id, label, article, subject, period, owner, owner_name, filled_by, columns, rows, current_period, villages, villages_delivered, can_change))

struct LedgerList {
  std::vector<LedgerLine> items;
};
BOOST_DESCRIBE_STRUCT(LedgerList, (), (items))

struct LedgerCode {
  std::string id;
  base::Text label;
};
BOOST_DESCRIBE_STRUCT(LedgerCode, (), (id, label))

struct LedgerColumn {
  std::string id;
  base::Text label;
  std::string type;
  std::vector<LedgerCode> codes;
  bool required = false;
  std::optional<double> min;
  std::optional<double> max;
  bool unique = false;
  bool key = false;
  bool private_ = false;
  int length_max = 0;
  base::Text hint;
};
BOOST_DESCRIBE_STRUCT(LedgerColumn, (), (id, label, type, codes, required, min, max, unique, key, private_, length_max, hint))

struct LedgerDelivery {
  std::string ledger;
  std::string area;
  std::string period;
  base::Date delivered_on;
  Author author;
};
BOOST_DESCRIBE_STRUCT(LedgerDelivery, (), (ledger, area, period, delivered_on, author))

struct LedgerDetail {
  std::string id;
  base::Text label;
  int article = 0;
  std::string layer;
  std::string subject;
  std::string period;
  bool one_row = false;
  std::string owner;
  base::Text owner_name;
  std::string filled_by;
  std::string current_period;
  bool can_change = false;
  std::vector<LedgerColumn> columns;
  std::vector<LedgerDelivery> deliveries;
};
BOOST_DESCRIBE_STRUCT(LedgerDetail, (), (id, label, article, layer, subject, period, one_row, owner, owner_name, filled_by, current_period, can_change, columns, deliveries))

struct LedgerRowView {
  std::string id;
  std::string subject;
  std::string label;
  std::string code;
  std::string area;
  std::string period;
  std::int64_t version = 0;
  bool imported = false;
  base::Instant updated_at;
  boost::json::object cells;
};
BOOST_DESCRIBE_STRUCT(LedgerRowView, (), (id, subject, label, code, area, period, version, imported, updated_at, cells))

struct LedgerRowEvent {
  base::Instant at;
  Author author;
  std::string action;
  std::string column;
  boost::json::value before;
  boost::json::value after;
  std::string import_id;
};
BOOST_DESCRIBE_STRUCT(LedgerRowEvent, (), (at, author, action, column, before, after, import_id))

struct LedgerHistory {
  std::vector<LedgerRowEvent> items;
};
BOOST_DESCRIBE_STRUCT(LedgerHistory, (), (items))

struct LedgerBlockRow {
  std::optional<std::string> id;
  std::optional<std::int64_t> version;
  std::optional<std::string> subject;
  std::optional<std::string> period;
  boost::json::object cells;
};
BOOST_DESCRIBE_STRUCT(LedgerBlockRow, (), (id, version, subject, period, cells))

struct LedgerBlock {
  std::vector<LedgerBlockRow> rows;
};
BOOST_DESCRIBE_STRUCT(LedgerBlock, (), (rows))

struct LedgerCells {
  boost::json::object cells;
};
BOOST_DESCRIBE_STRUCT(LedgerCells, (), (cells))

struct ChangedRow {
  std::string id;
  std::int64_t version = 0;
  std::vector<std::string> columns;
};
BOOST_DESCRIBE_STRUCT(ChangedRow, (), (id, version, columns))

struct ChangedRows {
  std::vector<ChangedRow> rows;
};
BOOST_DESCRIBE_STRUCT(ChangedRows, (), (rows))

struct CellReason {
  std::string column;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(CellReason, (), (column, reason))

struct OpenedCell {
  std::string value;
};
BOOST_DESCRIBE_STRUCT(OpenedCell, (), (value))

struct DeliveryWords {
  std::string area;
  std::string period;
};
BOOST_DESCRIBE_STRUCT(DeliveryWords, (), (area, period))

base::Text name_of_owner(const area::Directory& directory, const std::string& owner) {
  if (const area::Unit* unit = directory.unit_by_slug(owner)) return unit->short_name;
  if (const area::Group* group = directory.group(owner)) return group->name;
  return {owner, owner};
}

LedgerColumn column_view(const pack::Pack& pack, const pack::Column& column) {
  LedgerColumn out{column.id, column.label, std::string(pack::name_of(column.type)), {}, column.required, column.min, column.max, column.unique,
                   column.key, column.personal, static_cast<int>(column.length_max), column.hint};
  if (const pack::CodeList* list = column.codes.empty() ? nullptr : pack.code_list(column.codes)) {
    for (const pack::CodeValue& value : list->values) out.codes.push_back({value.id, value.label});
  }
  return out;
}

LedgerRowView row_view(const ledger::LedgerTable& table, ledger::LedgerRow row) {
  LedgerRowView out{std::move(row.id), std::move(row.subject), std::move(row.label), std::move(row.code), std::move(row.area), std::move(row.period),
                    row.version, !row.import_id.empty(), row.updated_at, {}};
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const pack::Column& column = table.ledger().columns[i];
    const bool hidden = column.personal && !ledger::is_nothing(row.cells[i]);
    out.cells[column.id] = hidden ? boost::json::value(ledger::masked) : ledger::json_from_cell(column, row.cells[i]);
  }
  return out;
}

std::vector<std::string> villages_within(const ledger::Reach& reach, const area::Divisions& divisions, base::Date day) {
  std::vector<std::string> out;
  for (const area::Division& one : divisions.all()) {
    const bool within = reach.all || std::ranges::any_of(reach.areas, [&](const std::string& code) { return one.code.starts_with(code); });
    if (within && one.level == "village" && one.in_force(day)) out.push_back(one.code);
  }
  return out;
}

base::Result<Response> list(const LedgerServices& services, const Request& request, Context& context) {
  const area::Directory directory = TRY(area::read_directory(context.session));
  const area::Divisions divisions = TRY(area::read_divisions(context.session));
  LedgerList out;
  for (const auto& table : services.ledgers.all()) {
    const pack::Ledger& declared = table->ledger();
    const auto owners = ledger::owners_of(directory, declared);
    const ledger::Reach reach = ledger::reach_of(context.viewer, declared, owners);
    LedgerLine line{declared.id, declared.label, declared.article, std::string(pack::name_of(declared.subject)), std::string(pack::name_of(declared.period)),
                    declared.owner, name_of_owner(directory, declared.owner), declared.filled_by, static_cast<int>(declared.columns.size()), 0,
                    ledger::period_on(declared.period, context.today), 0, 0, ledger::may_change(context.viewer, owners)};
    if (declared.period == pack::Period::none) line.current_period.clear();
    ledger::RowFilter filter;
    filter.period = "*";
    line.rows = TRY(ledger::count_rows(context.session, *table, reach, filter));
    const auto asked = villages_within(reach, divisions, context.today);
    line.villages = static_cast<int>(asked.size());
    line.villages_delivered = ledger::villages_delivered(asked, TRY(ledger::read_deliveries(context.session, declared.id, line.current_period)));
    out.items.push_back(std::move(line));
  }
  return answer(out, request.language);
}

base::Result<Response> detail(const LedgerServices& services, const Request& request, Context& context) {
  const OpenLedger open = TRY(open_ledger(services, request.path.at("ledger"), context.session, context.viewer));
  const pack::Ledger& declared = open.table->ledger();
  const area::Directory directory = TRY(area::read_directory(context.session));
  LedgerDetail out{declared.id, declared.label, declared.article, declared.layer, std::string(pack::name_of(declared.subject)),
                   std::string(pack::name_of(declared.period)), declared.rows == pack::RowCount::one, declared.owner,
                   name_of_owner(directory, declared.owner), declared.filled_by,
                   declared.period == pack::Period::none ? std::string() : ledger::period_on(declared.period, context.today), open.may_change, {}, {}};
  for (const pack::Column& column : declared.columns) out.columns.push_back(column_view(services.ledgers.pack(), column));
  Authors authors(context);
  for (const auto& one : TRY(ledger::read_deliveries(context.session, declared.id, "*"))) {
    out.deliveries.push_back({one.ledger, one.area, one.period, one.delivered_on, TRY(authors.of(one.delivered_by, one.delivered_on))});
  }
  return answer(out, request.language);
}

base::Result<Response> rows(const LedgerServices& services, const Request& request, Context& context) {
  const OpenLedger open = TRY(open_ledger(services, request.path.at("ledger"), context.session, context.viewer));
  const Page page = TRY(page_from(request, 3));
  ledger::RowFilter filter;
  filter.area = request.query.at("area");
  filter.subject = request.query.at("subject");
  filter.period = request.query.contains("period") ? request.query.at("period") : "*";
  filter.limit = page.limit;
  if (!page.after.empty()) filter.after = {page.after[0], page.after[1], page.after[2]};
  List<LedgerRowView> out;
  auto found = TRY(ledger::read_rows(context.session, *open.table, open.reach, filter));
  if (static_cast<int>(found.size()) == page.limit) out.next = key_from({found.back().subject, found.back().period, found.back().id});
  for (ledger::LedgerRow& row : found) out.items.push_back(row_view(*open.table, std::move(row)));
  return answer(out, request.language);
}

base::Result<Response> history(const LedgerServices& services, const Request& request, Context& context) {
  const OpenLedger open = TRY(open_ledger(services, request.path.at("ledger"), context.session, context.viewer));
  const ledger::LedgerRow row = TRY(ledger::read_row(context.session, *open.table, open.reach, request.path.at("row")));
  LedgerHistory out;
  Authors authors(context);
  for (ledger::RowEvent& event : TRY(ledger::row_history(context.session, *open.table, row.id, request.query.at("column")))) {
    out.items.push_back({event.at, TRY(authors.of(event.actor, base::date_of(event.at))), std::move(event.action), std::move(event.column), std::move(event.before),
                         std::move(event.after), std::move(event.import_id)});
  }
  return answer(out, request.language);
}

ledger::CellValues cells_from(const boost::json::object& object) {
  ledger::CellValues out;
  for (const auto& [column, value] : object) out.emplace(std::string(column), value);
  return out;
}

base::Result<Response> changed(const LedgerServices& services, const OpenLedger& open, store::Transaction& transaction,
                               const std::vector<ledger::BlockRow>& block, base::Language language) {
  const ledger::Editing editing{services.ledgers.pack(), *open.table, open.reach, services.secrets};
  const auto changes = TRY(ledger::change_rows(transaction, editing, block));
  ChangedRows out;
  for (const ledger::RowChange& change : changes) out.rows.push_back({change.id, change.version, {change.columns.begin(), change.columns.end()}});
  Response response = answer(out, language);
  if (block.size() == 1) response.etag = std::to_string(changes.front().version);
  return response;
}

base::Result<Step> change_block(const LedgerServices& services, const Request& request, Context& context) {
  const OpenLedger open = TRY(open_ledger(services, request.path.at("ledger"), context.session, context.viewer));
  TRY(expect_change(open));
  const LedgerBlock body = TRY(value_from_json<LedgerBlock>(request.json));
  std::vector<ledger::BlockRow> block;
  for (const LedgerBlockRow& row : body.rows) {
    block.push_back({row.id.value_or(""), row.version.value_or(0), row.subject.value_or(""), row.period.value_or(""), cells_from(row.cells)});
  }
  return Step([services, open, block = std::move(block), language = request.language](store::Transaction& transaction) {
    return changed(services, open, transaction, block, language);
  });
}

base::Result<std::int64_t> version_of(const Request& request) {
  std::int64_t version = 0;
  const std::string tag = request.if_match.value_or("");
  const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), version);
  if (error != std::errc() || end != tag.data() + tag.size()) {
    return base::fail(base::ErrorKind::input, "version_unreadable", base::text("版本不可读。", "The version cannot be read."));
  }
  return version;
}

base::Result<Step> change_one(const LedgerServices& services, const Request& request, Context& context) {
  const OpenLedger open = TRY(open_ledger(services, request.path.at("ledger"), context.session, context.viewer));
  TRY(expect_change(open));
  const LedgerCells body = TRY(value_from_json<LedgerCells>(request.json));
  std::vector<ledger::BlockRow> block{{request.path.at("row"), TRY(version_of(request)), {}, {}, cells_from(body.cells)}};
  return Step([services, open, block = std::move(block), language = request.language](store::Transaction& transaction) {
    return changed(services, open, transaction, block, language);
  });
}

base::Result<Step> remove_one(const LedgerServices& services, const Request& request, Context& context) {
  const OpenLedger open = TRY(open_ledger(services, request.path.at("ledger"), context.session, context.viewer));
  TRY(expect_change(open));
  return Step([services, open, id = request.path.at("row"), version = TRY(version_of(request))](store::Transaction& transaction) -> base::Result<Response> {
    const ledger::Editing editing{services.ledgers.pack(), *open.table, open.reach, services.secrets};
    TRY(ledger::remove_row(transaction, editing, id, version));
    return nothing();
  });
}

base::Result<Step> open_private(const LedgerServices& services, const Request& request, Context& context) {
  const OpenLedger open = TRY(open_ledger(services, request.path.at("ledger"), context.session, context.viewer));
  const CellReason body = TRY(value_from_json<CellReason>(request.json));
  return Step([services, open, body, id = request.path.at("row"), language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    const ledger::Editing editing{services.ledgers.pack(), *open.table, open.reach, services.secrets};
    return answer(OpenedCell{TRY(ledger::open_cell(transaction, editing, id, body.column, body.reason))}, language);
  });
}

base::Result<Step> say_delivery(const LedgerServices& services, const Request& request, Context& context, bool delivered) {
  const OpenLedger open = TRY(open_ledger(services, request.path.at("ledger"), context.session, context.viewer));
  TRY(expect_change(open));
  const DeliveryWords body = TRY(value_from_json<DeliveryWords>(request.json));
  return Step([open, body, delivered](store::Transaction& transaction) -> base::Result<Response> {
    TRY(delivered ? ledger::deliver(transaction, *open.table, open.reach, body.area, body.period)
                  : ledger::take_back(transaction, *open.table, open.reach, body.area, body.period));
    return nothing();
  });
}

const boost::json::object text_schema{{"type", "string"}};

std::vector<Route> reading_routes(const LedgerServices& services) {
  std::vector<Route> routes;
  routes.push_back({.method = Method::get, .path = "/api/v1/ledgers", .name = "listLedgers",
                    .summary = base::text("台账列表", "Ledgers with their rows and deliveries of the current period"),
                    .permission = Permission::ledger_read, .answer_schema = schema_of<LedgerList>(),
                    .handler = Read([services](const Request& request, Context& context) { return list(services, request, context); })});
  routes.push_back({.method = Method::get, .path = "/api/v1/ledgers/{ledger}", .name = "readLedger",
                    .summary = base::text("台账的列与报送情况", "A ledger's columns and deliveries"),
                    .permission = Permission::ledger_read, .answer_schema = schema_of<LedgerDetail>(),
                    .handler = Read([services](const Request& request, Context& context) { return detail(services, request, context); })});
  routes.push_back({.method = Method::get, .path = "/api/v1/ledgers/{ledger}/rows", .name = "listLedgerRows",
                    .summary = base::text("台账的行", "A ledger's rows within reach"), .permission = Permission::ledger_read,
                    .query_schema = page_schema({{"area", text_schema}, {"period", text_schema}, {"subject", text_schema}}),
                    .answer_schema = schema_of<List<LedgerRowView>>(),
                    .handler = Read([services](const Request& request, Context& context) { return rows(services, request, context); })});
  routes.push_back({.method = Method::get, .path = "/api/v1/ledgers/{ledger}/rows/{row}/history", .name = "readLedgerRowHistory",
                    .summary = base::text("一行或一格的历史", "What happened to a row, or to one of its cells"), .permission = Permission::ledger_read,
                    .query_schema = boost::json::object{{"column", text_schema}}, .answer_schema = schema_of<LedgerHistory>(),
                    .handler = Read([services](const Request& request, Context& context) { return history(services, request, context); })});
  return routes;
}

}  // namespace

base::Result<OpenLedger> open_ledger(const LedgerServices& services, std::string_view id, store::Session& session, const access::Viewer& viewer) {
  OpenLedger out;
  out.table = TRY(services.ledgers.find(id));
  const auto owners = TRY(ledger::owners_of(session, out.table->ledger()));
  out.reach = ledger::reach_of(viewer, out.table->ledger(), owners);
  out.may_change = ledger::may_change(viewer, owners);
  return out;
}

base::Done expect_change(const OpenLedger& open) {
  if (open.may_change) return {};
  return base::fail(base::ErrorKind::denied, "denied", base::text("这个台账由别的单位填写。", "Another unit fills this ledger in."));
}

std::vector<Route> ledger_routes(const LedgerServices& services) {
  std::vector<Route> routes = reading_routes(services);
  const boost::json::value short_text{{"minLength", 1}, {"maxLength", 200}};
  routes.push_back({.method = Method::post, .path = "/api/v1/ledgers/{ledger}/rows", .name = "changeLedgerRows",
                    .summary = base::text("新增行、粘贴一块", "Adds rows and changes a pasted block, all or nothing"),
                    .permission = Permission::ledger_change, .body_schema = body_schema_of<LedgerBlock>({{"/rows", {{"minItems", 1}, {"maxItems", ledger::block_rows_max}}}}),
                    .answer_schema = schema_of<ChangedRows>(), .body_bytes_max = 4u << 20,
                    .handler = Prepare([services](const Request& request, Context& context) { return change_block(services, request, context); })});
  routes.push_back({.method = Method::patch, .path = "/api/v1/ledgers/{ledger}/rows/{row}", .name = "changeLedgerRow",
                    .summary = base::text("修改一行", "Changes cells of one row"), .permission = Permission::ledger_change,
                    .body_schema = body_schema_of<LedgerCells>(), .answer_schema = schema_of<ChangedRows>(), .edits = true,
                    .handler = Prepare([services](const Request& request, Context& context) { return change_one(services, request, context); })});
  routes.push_back({.method = Method::remove, .path = "/api/v1/ledgers/{ledger}/rows/{row}", .name = "removeLedgerRow",
                    .summary = base::text("删去一行", "Takes a row away; its history stays"), .permission = Permission::ledger_change, .edits = true,
                    .answer_status = 204,
                    .handler = Prepare([services](const Request& request, Context& context) { return remove_one(services, request, context); })});
  routes.push_back({.method = Method::post, .path = "/api/v1/ledgers/{ledger}/rows/{row}/opened", .name = "openLedgerCell",
                    .summary = base::text("查看加密的一格", "Opens one private cell; the reason is kept"), .permission = Permission::private_open,
                    .body_schema = body_schema_of<CellReason>({{"/reason", short_text}, {"/column", short_text}}),
                    .answer_schema = schema_of<OpenedCell>(), .answers_once = true,
                    .handler = Prepare([services](const Request& request, Context& context) { return open_private(services, request, context); })});
  routes.push_back({.method = Method::post, .path = "/api/v1/ledgers/{ledger}/deliveries", .name = "deliverLedger",
                    .summary = base::text("登记报送", "Records that the ledger was delivered for an area and a period"), .permission = Permission::ledger_change,
                    .body_schema = body_schema_of<DeliveryWords>({{"/area", short_text}}), .answer_status = 204,
                    .handler = Prepare([services](const Request& request, Context& context) { return say_delivery(services, request, context, true); })});
  routes.push_back({.method = Method::post, .path = "/api/v1/ledgers/{ledger}/deliveries/taken-back", .name = "takeBackDelivery",
                    .summary = base::text("撤回报送", "Takes a delivery back"), .permission = Permission::ledger_change,
                    .body_schema = body_schema_of<DeliveryWords>({{"/area", short_text}}), .answer_status = 204,
                    .handler = Prepare([services](const Request& request, Context& context) { return say_delivery(services, request, context, false); })});
  for (auto more : {ledger_household_routes(services), ledger_import_routes(services), ledger_sheet_routes(services), pack_routes(services)}) {
    routes.insert(routes.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return routes;
}

}  // namespace yihu::http
