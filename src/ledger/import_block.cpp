#include "ledger/import_block.h"

#include "pack/rule_schema.h"
#include "store/generated_sql.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace yihu::ledger {
namespace {

namespace json = boost::json;
using base::Result;

constexpr std::size_t first_cell = 3;   ///< of a row: behind its id, subject and period

void append_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') (out += '\\') += c;
    else if (static_cast<unsigned char>(c) < 0x20) fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    else out += c;
  }
  out += '"';
}

/// The same values as json_from_cell, without building them first.
void append_cell(std::string& out, const pack::Column& column, const store::Cell& cell) {
  out += ',';
  if (const auto* text = std::get_if<std::string>(&cell)) append_text(out, *text);
  else if (const auto* real = std::get_if<double>(&cell)) fmt::format_to(std::back_inserter(out), "{}", *real);
  else if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
    if (column.type == pack::ColumnType::truth) out += *whole != 0 ? "true" : "false";
    else fmt::format_to(std::back_inserter(out), "{}", *whole);
  } else {
    out += "null";
  }
}

json::object object_from(const std::string& text) {
  json::error_code problem;
  json::value value = json::parse(text, problem);
  return !problem && value.is_object() ? std::move(value.get_object()) : json::object();
}

std::string text_at(const json::array& row, std::size_t place) {
  return row.size() > place && row[place].is_string() ? std::string(row[place].get_string()) : std::string();
}

/// The row's part of a block, as an entry of its own.
class RowOfBlock {
 public:
  RowOfBlock(const store::Entry& entry, std::string_view row) : entry_(entry), row_(row), said_(object_from(entry.after)) {}

  std::optional<store::Entry> find() const {
    for (const std::size_t step : {2U, 3U}) {
      const json::value* rows = said_.if_contains(step == 2 ? "added" : "changed");
      if (rows == nullptr || !rows->is_array()) continue;
      for (const json::value& one : rows->get_array()) {
        if (one.is_array() && text_at(one.get_array(), 0) == row_) return made(one.get_array(), step);
      }
    }
    return std::nullopt;
  }

 private:
  /// @param step how many values a cell has: column and value, or column, before and after
  store::Entry made(const json::array& row, std::size_t step) const {
    json::object before;
    json::object after{{"subject", text_at(row, 1)}, {"period", text_at(row, 2)}};
    for (const char* name : {"ledger", "import"}) {
      if (const json::value* value = said_.if_contains(name)) after[name] = *value;
    }
    const json::value* columns = said_.if_contains("columns");
    for (std::size_t at = first_cell; columns != nullptr && columns->is_array() && at + step <= row.size(); at += step) {
      const auto place = row[at].is_int64() ? static_cast<std::size_t>(row[at].get_int64()) : columns->get_array().size();
      const std::string column = text_at(columns->get_array(), place);
      if (column.empty()) continue;
      after[column] = row[at + step - 1];
      if (step == 3) before[column] = row[at + 1];
    }
    store::Entry out = entry_;
    out.action = "ledger_row.imported";
    out.subject_kind = "ledger_row";
    out.subject = row_;
    out.before = before.empty() ? "" : json::serialize(before);
    out.after = json::serialize(after);
    return out;
  }

  const store::Entry& entry_;
  std::string_view row_;
  json::object said_;
};

}  // namespace

void ImportBlock::add(const ImportRow& row) {
  const bool changed = row.outcome == Outcome::changed;
  std::string& out = changed ? changed_ : added_;
  out += out.empty() ? "[" : ",[";
  append_text(out, row.row.id);
  for (const std::string* text : {&row.row.subject, &row.row.period}) {
    out += ',';
    append_text(out, *text);
  }
  for (const CellChange& change : row.changes) {
    const pack::Column& column = ledger_.columns[change.column];
    fmt::format_to(std::back_inserter(out), ",{}", change.column);
    // The value before may have been opened for the comparison; in the journal nothing private stands in clear.
    append_cell(out, column, column.personal ? store::Cell(std::string(masked)) : change.before);
    append_cell(out, column, row.row.cells[change.column]);
  }
  for (std::size_t i = 0; !changed && i < row.row.cells.size(); ++i) {
    if (is_nothing(row.row.cells[i])) continue;
    fmt::format_to(std::back_inserter(out), ",{}", i);
    append_cell(out, ledger_.columns[i], row.row.cells[i]);
  }
  out += ']';
}

std::string ImportBlock::json() const {
  std::string out = "{\"ledger\":";
  append_text(out, ledger_.id);
  out += ",\"import\":";
  append_text(out, import_);
  out += ",\"columns\":[";
  for (std::size_t i = 0; i < ledger_.columns.size(); ++i) {
    if (i > 0) out += ',';
    append_text(out, ledger_.columns[i].id);
  }
  out.append("],\"added\":[").append(added_).append("],\"changed\":[").append(changed_).append("]}");
  return out;
}

Result<std::vector<store::Entry>> row_entries(store::Session& session, const pack::Ledger& ledger, std::string_view row, int limit) {
  store::JournalFilter filter;
  filter.subject = std::string(row);
  filter.subject_kind = "ledger_row";
  filter.limit = limit;
  auto out = TRY(store::read_journal(session, filter));
  const auto table = TRY(store::Identifier::parse(pack::table_of(ledger) + "_row"));
  store::SqlText sql;
  sql.add("SELECT _entry FROM ").name(table).add(" WHERE id = :id AND _entry IS NOT NULL ORDER BY _entry DESC LIMIT :limit");
  for (const auto& one : TRY(session.query(sql.sql(), {{"id", row}, {"limit", limit}}))) {
    for (const store::Entry& entry : TRY(store::entries_after(session, one.integer(0) - 1, 1))) {
      if (auto found = RowOfBlock(entry, row).find()) out.push_back(std::move(*found));
    }
  }
  std::ranges::sort(out, std::greater(), &store::Entry::sequence);
  if (out.size() > static_cast<std::size_t>(limit)) out.resize(static_cast<std::size_t>(limit));
  return out;
}

}  // namespace yihu::ledger
