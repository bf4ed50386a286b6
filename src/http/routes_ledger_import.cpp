// Workbooks on their way into a ledger: upload with a dry run, other choices, writing, undo, the marked file.

#include "http/answer.h"
#include "http/response.h"
#include "http/routes_ledger.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"
#include "ledger/import.h"

#include <boost/json/serialize.hpp>

namespace yihu::http {
namespace {

using access::Permission;

struct LedgerImportColumn {
  std::string heading;
  std::string address;
  std::string target;
  std::string how;
  std::string suggestion;
};
BOOST_DESCRIBE_STRUCT(LedgerImportColumn, (), (heading, address, target, how, suggestion))

struct LedgerImportView {
  std::string id;
  std::string ledger;
  std::string file_name;
  std::string state;
  std::string match;
  std::string period;
  bool create = true;
  bool clear_empty = false;
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t same = 0;
  std::int64_t wrong = 0;
  std::int64_t not_found = 0;
  std::int64_t cells_changed = 0;
  std::int64_t untouched = 0;   ///< of the same
  std::int64_t overtaken = 0;
  std::int64_t rows_done = 0;
  std::int64_t rows_total = 0;
  std::string actor;
  base::Instant made_at;
  std::optional<base::Instant> ended_at;
  std::vector<LedgerImportColumn> columns;
};
BOOST_DESCRIBE_STRUCT(LedgerImportView, (), (id, ledger, file_name, state, match, period, create, clear_empty, added, changed, same, wrong, not_found, cells_changed, untouched, overtaken, rows_done, rows_total, actor, made_at, ended_at, columns))

struct LedgerImportList {
  std::vector<LedgerImportView> items;
};
BOOST_DESCRIBE_STRUCT(LedgerImportList, (), (items))

struct LedgerImportChange {
  std::string column;
  std::string before;
  std::string after;
};
BOOST_DESCRIBE_STRUCT(LedgerImportChange, (), (column, before, after))

struct LedgerImportLine {
  int number = 0;
  std::string label;
  std::vector<LedgerImportChange> changes;
  std::vector<std::string> mistakes;
};
BOOST_DESCRIBE_STRUCT(LedgerImportLine, (), (number, label, changes, mistakes))

struct LedgerImportLines {
  std::vector<LedgerImportLine> items;
};
BOOST_DESCRIBE_STRUCT(LedgerImportLines, (), (items))

struct LedgerImportChoices {
  std::optional<int> sheet;
  std::optional<std::string> match;
  std::optional<bool> create;
  std::optional<bool> clear_empty;
  std::optional<std::string> period;
};
BOOST_DESCRIBE_STRUCT(LedgerImportChoices, (), (sheet, match, create, clear_empty, period))

std::string name_of_how(ledger::LayoutColumn::How how) {
  switch (how) {
    case ledger::LayoutColumn::How::heading: return "heading";
    case ledger::LayoutColumn::How::remembered: return "remembered";
    case ledger::LayoutColumn::How::chosen: return "chosen";
    case ledger::LayoutColumn::How::unmatched: return "unmatched";
  }
  return "";
}

LedgerImportView view_of(const ledger::Import& import) {
  using ledger::Outcome;
  const auto& summary = import.summary;
  LedgerImportView out{import.id, import.ledger, import.file_name, std::string(ledger::name_of(import.state)), std::string(ledger::name_of(import.match)),
                       import.period, import.choices.create, import.choices.clear_empty, summary.of(Outcome::added), summary.of(Outcome::changed),
                       summary.of(Outcome::same), summary.of(Outcome::wrong), summary.of(Outcome::not_found), summary.cells_changed, summary.untouched, summary.overtaken,
                       import.rows_done, import.rows_total, import.actor, import.made_at, import.ended_at, {}};
  for (const auto& column : import.layout.columns) {
    out.columns.push_back({column.heading, column.address, column.target, name_of_how(column.how), column.suggestion});
  }
  return out;
}

ledger::ImportWork work_of(const LedgerServices& services, const Request& request, Context& context) {
  return {context.store, services.ledgers, context.viewer, request.language, request.cancel};
}

/// Whoever may not fill the ledger in has no business with files that go into it.
base::Result<ledger::Import> own_import(const LedgerServices& services, const Request& request, Context& context) {
  auto import = TRY(ledger::read_import_record(context.session, request.path.at("ledger_import")));
  TRY(expect_change(TRY(open_ledger(services, import.ledger, context.session, context.viewer))));
  return import;
}

Step answer_with(const ledger::Import& import, base::Language language, int status = 200) {
  return [import, language, status](store::Transaction&) -> base::Result<Response> { return answer(view_of(import), language, status); };
}

base::Result<Step> start(const LedgerServices& services, const Request& request, Context& context) {
  TRY(expect_change(TRY(open_ledger(services, request.path.at("ledger"), context.session, context.viewer))));
  const auto work = work_of(services, request, context);
  const auto file = TRY(ledger::incoming(work, request.path.at("ledger"), std::string(request.body), request.query.at("name"), {}));
  const auto run = TRY(ledger::dry_run(work, file));
  return answer_with(TRY(ledger::keep_import(work, file, run)), request.language, 201);
}

base::Result<ledger::ImportChoices> choices_of(const Request& request, const ledger::Import& import) {
  ledger::ImportChoices out = import.choices;
  out.match = import.match;
  const auto& body = request.json.as_object();
  const auto words = TRY(value_from_json<LedgerImportChoices>(request.json));
  if (const auto* targets = body.if_contains("targets"); targets != nullptr && targets->is_object()) {
    for (const auto& [heading, target] : targets->get_object()) {
      if (target.is_string()) out.targets[std::string(heading)] = std::string(target.get_string());
    }
  }
  if (words.sheet) out.sheet = words.sheet;
  if (words.match) {
    out.match = ledger::match_from(*words.match);
    if (!out.match) return base::fail(base::ErrorKind::input, "match_unknown", base::text("没有这种匹配方式。", "There is no such way to match."));
  }
  if (words.create) out.create = *words.create;
  if (words.clear_empty) out.clear_empty = *words.clear_empty;
  if (words.period) out.period = *words.period;
  return out;
}

/// The same file with other choices is another dry run; the one before is given up.
base::Result<Step> choose(const LedgerServices& services, const Request& request, Context& context) {
  const auto import = TRY(own_import(services, request, context));
  if (import.state != ledger::ImportState::draft) {
    return base::fail(base::ErrorKind::conflict, "import_no_draft", base::text("这次导入已经写入或已放弃。", "This import is no draft any more."));
  }
  const auto work = work_of(services, request, context);
  const auto file = TRY(ledger::reopen(work, import, TRY(choices_of(request, import))));
  const auto run = TRY(ledger::dry_run(work, file));
  const auto made = TRY(ledger::keep_import(work, file, run));
  return Step([made, before = import.id, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    TRY(ledger::drop_import(transaction, before));
    return answer(view_of(made), language, 201);
  });
}

base::Result<Step> apply(const LedgerServices& services, const Request& request, Context& context) {
  const auto import = TRY(own_import(services, request, context));
  return answer_with(TRY(ledger::apply_import(work_of(services, request, context), import.id)), request.language);
}

using Change = std::function<base::Done(store::Transaction&, const LedgerServices&, const std::string&)>;

base::Result<Step> change(const LedgerServices& services, const Request& request, Context& context, const Change& change_it) {
  const auto import = TRY(own_import(services, request, context));
  return Step([services, change_it, id = import.id, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
    TRY(change_it(transaction, services, id));
    return answer(view_of(TRY(ledger::read_import_record(transaction, id))), language);
  });
}

base::Result<Response> list(const LedgerServices& services, const Request& request, Context& context) {
  LedgerImportList out;
  for (const auto& import : TRY(ledger::list_imports(context.session, request.query.at("ledger"), 100))) {
    const auto open = open_ledger(services, import.ledger, context.session, context.viewer);
    if (open && open->may_change) out.items.push_back(view_of(import));
  }
  return answer(out, request.language);
}

base::Result<Response> read(const LedgerServices& services, const Request& request, Context& context) {
  return answer(view_of(TRY(own_import(services, request, context))), request.language);
}

base::Result<Response> lines(const LedgerServices& services, const Request& request, Context& context) {
  const auto import = TRY(own_import(services, request, context));
  LedgerImportLines out;
  ledger::Outcome outcome = ledger::Outcome::wrong;
  for (std::size_t i = 0; i < ledger::outcomes; ++i) {
    if (ledger::name_of(static_cast<ledger::Outcome>(i)) == request.query.at("outcome")) outcome = static_cast<ledger::Outcome>(i);
  }
  const auto after = static_cast<int>(request.query.integer("after").value_or(0));
  for (ledger::ImportLine& line : TRY(ledger::import_lines(context.session, import.id, outcome, after, 200))) {
    LedgerImportLine one{line.number, std::move(line.label), {}, std::move(line.mistakes)};
    for (auto& [column, before, now] : line.changes) one.changes.push_back({std::move(column), std::move(before), std::move(now)});
    out.items.push_back(std::move(one));
  }
  return answer(out, request.language);
}

base::Result<Response> marked_file(const LedgerServices& services, const Request& request, Context& context) {
  const auto import = TRY(own_import(services, request, context));
  const auto work = work_of(services, request, context);
  ledger::ImportChoices choices = import.choices;
  choices.match = import.match;
  choices.period = import.period;
  const auto file = TRY(ledger::reopen(work, import, choices));
  const std::string name = import.file_name.substr(0, import.file_name.rfind('.')) + base::text("（标错）.xlsx", " (marked).xlsx").in(request.language);
  return attachment(TRY(ledger::marked(work, file)), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name);
}

boost::json::value choices_schema() {
  boost::json::value schema = body_schema_of<LedgerImportChoices>();
  schema.as_object().at("properties").as_object()["targets"] =
      boost::json::object{{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
  return schema;
}

}  // namespace

std::vector<Route> ledger_import_routes(const LedgerServices& services) {
  std::vector<Route> routes;
  const boost::json::object text{{"type", "string"}};
  const auto view = schema_of<LedgerImportView>();
  const auto prepare = [&](auto work) { return Prepare([services, work](const Request& request, Context& context) { return work(services, request, context); }); };
  const auto add_change = [&](Method method, const char* path, const char* name, base::Text summary, Change change_it) {
    routes.push_back({.method = method, .path = path, .name = name, .summary = std::move(summary), .permission = Permission::ledger_change,
                      .answer_schema = view,
                      .handler = Prepare([services, change_it](const Request& request, Context& context) { return change(services, request, context, change_it); })});
  };
  routes.push_back({.method = Method::post, .path = "/api/v1/ledgers/{ledger}/imports", .name = "startLedgerImport",
                    .summary = base::text("上传工作簿并试算", "Takes a workbook in and runs it dry"), .permission = Permission::ledger_change, .pace = Pace::slow,
                    .query_schema = boost::json::object{{"name", {{"type", "string"}, {"minLength", 1}, {"maxLength", 200}}}}, .answer_schema = view,
                    .body_bytes_max = ledger::import_bytes_max, .takes_bytes = true, .answer_status = 201, .handler = prepare(start)});
  routes.push_back({.method = Method::post, .path = "/api/v1/ledger-imports/{ledger_import}/choices", .name = "chooseLedgerImport",
                    .summary = base::text("换一种方式试算", "The same file with other choices: another dry run"), .permission = Permission::ledger_change,
                    .pace = Pace::slow, .body_schema = choices_schema(), .answer_schema = view, .answer_status = 201, .handler = prepare(choose)});
  routes.push_back({.method = Method::post, .path = "/api/v1/ledger-imports/{ledger_import}/apply", .name = "applyLedgerImport",
                    .summary = base::text("写入台账", "Writes the rows that are in order"), .permission = Permission::ledger_change, .pace = Pace::slow,
                    .answer_schema = view, .handler = prepare(apply)});
  add_change(Method::post, "/api/v1/ledger-imports/{ledger_import}/undo", "undoLedgerImport", base::text("整体撤销", "Takes the import back as one"),
             [](store::Transaction& transaction, const LedgerServices& given, const std::string& id) { return ledger::undo_import(transaction, given.ledgers, id); });
  add_change(Method::post, "/api/v1/ledger-imports/{ledger_import}/stop", "stopLedgerImport", base::text("停止写入", "Stops an import that is being written"),
             [](store::Transaction& transaction, const LedgerServices&, const std::string& id) { return ledger::stop_import(transaction, id); });
  add_change(Method::post, "/api/v1/ledger-imports/{ledger_import}/drop", "dropLedgerImport", base::text("放弃", "Gives a draft up"),
             [](store::Transaction& transaction, const LedgerServices&, const std::string& id) { return ledger::drop_import(transaction, id); });
  routes.push_back({.method = Method::get, .path = "/api/v1/ledger-imports", .name = "listLedgerImports",
                    .summary = base::text("导入记录", "Imports, newest first"), .permission = Permission::ledger_change,
                    .query_schema = boost::json::object{{"ledger", text}}, .answer_schema = schema_of<LedgerImportList>(),
                    .handler = Read([services](const Request& request, Context& context) { return list(services, request, context); })});
  routes.push_back({.method = Method::get, .path = "/api/v1/ledger-imports/{ledger_import}", .name = "readLedgerImport",
                    .summary = base::text("一次导入", "One import with its progress"), .permission = Permission::ledger_change, .answer_schema = view,
                    .handler = Read([services](const Request& request, Context& context) { return read(services, request, context); })});
  routes.push_back({.method = Method::get, .path = "/api/v1/ledger-imports/{ledger_import}/lines", .name = "listLedgerImportLines",
                    .summary = base::text("试算的各行", "Lines of the dry run, the first of each outcome"), .permission = Permission::ledger_change,
                    .query_schema = boost::json::object{{"outcome", {{"type", "string"}, {"enum", {"added", "changed", "wrong", "not_found"}}}},
                                                        {"after", {{"type", "integer"}, {"minimum", 0}}}},
                    .answer_schema = schema_of<LedgerImportLines>(),
                    .handler = Read([services](const Request& request, Context& context) { return lines(services, request, context); })});
  routes.push_back({.method = Method::get, .path = "/api/v1/ledger-imports/{ledger_import}/marked", .name = "readMarkedWorkbook",
                    .summary = base::text("标错的工作簿", "The workbook with its wrong cells marked"), .permission = Permission::ledger_change, .pace = Pace::slow,
                    .answer_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    .handler = Read([services](const Request& request, Context& context) { return marked_file(services, request, context); })});
  return routes;
}

}  // namespace yihu::http
