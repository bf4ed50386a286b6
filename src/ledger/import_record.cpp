// Imports as the store keeps them: the sealed file, the choices, the dry run's lines.

#include "ledger/import_record.h"

#include "store/cipher.h"
#include "store/file_store.h"
#include "store/secret.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <fstream>

namespace yihu::ledger {
namespace {

using base::ErrorKind;
using base::Result;
using store::Sql;

constexpr Sql import_insert =
    "INSERT INTO ledger_import (id, ledger, file, file_name, choices, summary, state, batch, rows_done, rows_total, actor,"
    " made_at, ended_at, version) VALUES (:id, :ledger, :file, :file_name, :choices, :summary, 'draft', NULL, 0, :total,"
    " :actor, :at, NULL, 1)";
constexpr Sql line_insert =
    "INSERT INTO ledger_import_line (import, outcome, place, content) VALUES (:import, :outcome, :place, :content)";
constexpr Sql import_find =
    "SELECT id, ledger, file, file_name, choices, summary, state, batch, rows_done, rows_total, actor, made_at, ended_at, version"
    " FROM ledger_import WHERE id = :id";
constexpr Sql imports_newest =
    "SELECT id, ledger, file, file_name, choices, summary, state, batch, rows_done, rows_total, actor, made_at, ended_at, version"
    " FROM ledger_import WHERE (:ledger = '' OR ledger = :ledger) ORDER BY made_at DESC, id DESC LIMIT :limit";
constexpr Sql lines_page =
    "SELECT place, content FROM ledger_import_line WHERE import = :import AND outcome = :outcome AND place > :after"
    " ORDER BY place LIMIT :limit";
constexpr Sql import_drop = "UPDATE ledger_import SET state = 'dropped', ended_at = :at, version = version + 1 WHERE id = :id AND state = 'draft'";
constexpr Sql import_stop = "UPDATE ledger_import SET state = 'dropped', ended_at = :at, version = version + 1 WHERE id = :id AND state = 'applying'";

constexpr std::string_view file_purpose = "ledger import file";
constexpr std::string_view pieces_mark = "yihu-pieces-1";
constexpr std::size_t piece_bytes = 4u << 20;

/// The context keeps one import's file from being opened as another's.
std::string context_of(std::string_view ledger) { return "ledger import " + std::string(ledger); }
/// Of a piece also where it begins.
std::string context_of(std::string_view ledger, std::size_t at) { return fmt::format("ledger import {} {}", ledger, at); }

/// The file holds document numbers in clear: it is kept like any other secret, a piece a line behind a line that says so,
/// so that a large one never stands in memory three times.
Result<store::KeptFile> keep_sealed(store::Store& store, std::string_view ledger, std::string_view bytes) {
  const auto key = store.secrets().key_for(file_purpose);
  auto draft = TRY(store.files().begin(static_cast<std::int64_t>(2 * import_bytes_max)));
  TRY(draft.add(fmt::format("{}\n", pieces_mark)));
  for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
    TRY(draft.add(store::sealed(store.algorithms(), key, context_of(ledger, at), bytes.substr(at, piece_bytes)) + "\n"));
  }
  return draft.finish();
}

Result<std::string> open_sealed(store::Store& store, const Import& import) {
  const auto key = store.secrets().key_for(file_purpose);
  // Whether the file is whole its hash tells.
  TRY(store.files().check(import.file));
  std::ifstream in(TRY(store.files().find(import.file)), std::ios::binary);
  std::string line;
  std::getline(in, line);
  // One from before stands there in one piece.
  if (line != pieces_mark) return store::opened(key, context_of(import.ledger), line);
  std::string bytes;
  while (std::getline(in, line)) bytes += TRY(store::opened(key, context_of(import.ledger, bytes.size()), line));
  return bytes;
}

base::Error no_such_import() {
  return base::fail(ErrorKind::not_found, "import_unknown", base::text("没有这次导入。", "There is no such import.")).error();
}

ImportState state_from(std::string_view name) {
  for (const ImportState state : {ImportState::draft, ImportState::applying, ImportState::applied, ImportState::undone}) {
    if (name_of(state) == name) return state;
  }
  return ImportState::dropped;
}

std::string summary_json(const ImportSummary& summary, Match match, const std::string& period, const Layout& layout) {
  boost::json::object rows;
  for (std::size_t i = 0; i < outcomes; ++i) rows[name_of(static_cast<Outcome>(i))] = summary.rows[i];
  boost::json::array columns;
  for (const LayoutColumn& column : layout.columns) {
    columns.push_back(boost::json::object{{"column", column.column}, {"heading", column.heading}, {"address", column.address},
                                          {"target", column.target}, {"how", static_cast<int>(column.how)}, {"suggestion", column.suggestion}});
  }
  return boost::json::serialize(boost::json::object{{"rows", std::move(rows)}, {"cells_changed", summary.cells_changed}, {"untouched", summary.untouched},
                                                    {"overtaken", summary.overtaken}, {"match", name_of(match)}, {"period", period},
                                                    {"sheet", layout.sheet}, {"sheet_name", layout.sheet_name},
                                                    {"head_row", layout.head_row}, {"columns", std::move(columns)}});
}

std::string text_at(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number_at(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

void read_summary(const std::string& json, Import& out) {
  boost::json::error_code problem;
  const auto parsed = boost::json::parse(json, problem);
  if (problem || !parsed.is_object()) return;
  const auto& object = parsed.get_object();
  if (const auto* rows = object.if_contains("rows"); rows != nullptr && rows->is_object()) {
    for (std::size_t i = 0; i < outcomes; ++i) out.summary.rows[i] = number_at(rows->get_object(), name_of(static_cast<Outcome>(i)));
  }
  out.summary.cells_changed = number_at(object, "cells_changed");
  out.summary.untouched = number_at(object, "untouched");
  out.summary.overtaken = number_at(object, "overtaken");
  out.match = match_from(text_at(object, "match")).value_or(Match::none);
  out.period = text_at(object, "period");
  out.layout.sheet = static_cast<std::size_t>(number_at(object, "sheet"));
  out.layout.sheet_name = text_at(object, "sheet_name");
  out.layout.head_row = static_cast<int>(number_at(object, "head_row"));
  const auto* columns = object.if_contains("columns");
  if (columns == nullptr || !columns->is_array()) return;
  for (const auto& one : columns->get_array()) {
    if (!one.is_object()) continue;
    const auto& column = one.get_object();
    out.layout.columns.push_back({static_cast<int>(number_at(column, "column")), text_at(column, "heading"), text_at(column, "address"),
                                  text_at(column, "target"), static_cast<LayoutColumn::How>(number_at(column, "how")), text_at(column, "suggestion")});
  }
}

Import import_from(const store::Row& row) {
  Import out;
  out.id = row.text(0);
  out.ledger = row.text(1);
  out.file = row.text(2);
  out.file_name = row.text(3);
  out.choices = choices_from(row.text(4)).value_or(ImportChoices{});
  read_summary(row.text(5), out);
  out.state = state_from(row.text(6));
  out.batch = row.text(7);
  out.rows_done = row.integer(8);
  out.rows_total = row.integer(9);
  out.actor = row.text(10);
  out.made_at = row.instant(11);
  out.ended_at = row.maybe_instant(12);
  out.version = row.integer(13);
  return out;
}

std::string json_of(const ImportLine& line) {
  boost::json::array changes;
  for (const auto& [label, before, after] : line.changes) changes.push_back(boost::json::array{label, before, after});
  boost::json::array mistakes(line.mistakes.begin(), line.mistakes.end());
  return boost::json::serialize(boost::json::object{{"label", line.label}, {"changes", std::move(changes)}, {"mistakes", std::move(mistakes)}});
}

ImportLine line_from(std::int64_t number, Outcome outcome, const std::string& json) {
  ImportLine line{static_cast<int>(number), outcome, {}, {}, {}};
  boost::json::error_code problem;
  const auto parsed = boost::json::parse(json, problem);
  if (problem || !parsed.is_object()) return line;
  const auto& object = parsed.get_object();
  line.label = text_at(object, "label");
  for (const auto& change : object.at("changes").as_array()) {
    const auto& parts = change.as_array();
    line.changes.push_back({std::string(parts.at(0).as_string()), std::string(parts.at(1).as_string()), std::string(parts.at(2).as_string())});
  }
  for (const auto& mistake : object.at("mistakes").as_array()) line.mistakes.emplace_back(mistake.as_string());
  return line;
}

}  // namespace

std::string summary_text(const Import& import) { return summary_json(import.summary, import.match, import.period, import.layout); }

Result<Import> keep_import(const ImportWork& work, const Incoming& incoming, const DryRun& run) {
  const store::KeptFile kept = TRY(keep_sealed(work.store, incoming.table->ledger().id, incoming.bytes));
  Import made;
  made.id = base::new_uuid();
  const std::string summary = summary_json(run.summary, incoming.match, incoming.period, incoming.layout);
  const store::Act act{work.viewer.actor(), base::RequestId::make(), ""};
  TRY(work.store.write(act, [&](store::Transaction& transaction) -> Result<store::Answer> {
    TRY(transaction.execute(import_insert, {{"id", made.id}, {"ledger", incoming.table->ledger().id}, {"file", kept.hash},
                                            {"file_name", incoming.name}, {"choices", json_from(incoming.choices)}, {"summary", summary},
                                            {"total", run.summary.total()}, {"actor", work.viewer.actor()}, {"at", transaction.now()}}));
    for (const ImportLine& line : run.lines) {
      TRY(transaction.execute(line_insert, {{"import", made.id}, {"outcome", name_of(line.outcome)}, {"place", line.number}, {"content", json_of(line)}}));
    }
    TRY(transaction.journal({"ledger_import.made", "ledger_import", made.id, "",
                             boost::json::serialize(boost::json::object{{"ledger", incoming.table->ledger().id}, {"file", kept.hash}})}));
    made = TRY(read_import_record(transaction, made.id));
    return store::Answer{};
  }));
  return made;
}

Result<Incoming> reopen(const ImportWork& work, const Import& import, const ImportChoices& choices) {
  return incoming(work, import.ledger, TRY(open_sealed(work.store, import)), import.file_name, choices);
}

Result<Import> read_import_record(store::Session& session, const std::string& id) {
  const auto row = TRY(session.find(import_find, {{"id", id}}));
  if (!row) return base::fail(no_such_import());
  return import_from(*row);
}

Result<std::vector<Import>> list_imports(store::Session& session, std::string_view ledger, int limit) {
  std::vector<Import> out;
  for (const auto& row : TRY(session.query(imports_newest, {{"ledger", ledger}, {"limit", std::clamp(limit, 1, 200)}}))) out.push_back(import_from(row));
  return out;
}

Result<std::vector<ImportLine>> import_lines(store::Session& session, const std::string& id, Outcome outcome, int after, int limit) {
  std::vector<ImportLine> out;
  const auto rows = TRY(session.query(lines_page, {{"import", id}, {"outcome", name_of(outcome)}, {"after", after}, {"limit", std::clamp(limit, 1, 500)}}));
  for (const auto& row : rows) out.push_back(line_from(row.integer(0), outcome, row.text(1)));
  return out;
}

base::Done drop_import(store::Transaction& transaction, const std::string& id) {
  (void)TRY(read_import_record(transaction, id));
  if (TRY(transaction.execute(import_drop, {{"id", id}, {"at", transaction.now()}})) == 0) {
    return base::fail(ErrorKind::conflict, "import_no_draft", base::text("这次导入已经写入或已放弃。", "This import is no draft any more."));
  }
  return transaction.journal({"ledger_import.dropped", "ledger_import", id, "", ""});
}

base::Done stop_import(store::Transaction& transaction, const std::string& id) {
  (void)TRY(read_import_record(transaction, id));
  if (TRY(transaction.execute(import_stop, {{"id", id}, {"at", transaction.now()}})) == 0) {
    return base::fail(ErrorKind::conflict, "import_not_running", base::text("这次导入没有在写入。", "This import is not being written."));
  }
  return transaction.journal({"ledger_import.stopped", "ledger_import", id, "", ""});
}

}  // namespace yihu::ledger
