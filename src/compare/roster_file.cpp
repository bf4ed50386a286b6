#include "compare/roster_file.h"

#include "base/id_number.h"
#include "ledger/cell.h"
#include "registry/fields.h"
#include "registry/record.h"
#include "sheet/cell_value.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace yihu::compare {
namespace {

using base::ErrorKind;
using base::Result;

constexpr store::Sql villages_all = "SELECT name, code FROM area WHERE level = 'village'";

/// "昌福村委会" and "昌福" are one village.
std::string village_key(std::string_view name) {
  std::string key = sheet::folded_text(name);
  for (const std::string_view ending : {"村民委员会", "村委会", "居委会", "社区", "村"}) {
    if (key.size() > ending.size() && key.ends_with(ending)) {
      key.resize(key.size() - ending.size());
      break;
    }
  }
  return key;
}

/// The heading "在名册上" of a list-out, told apart from the roster's own columns.
bool is_on_roster(const ledger::LayoutColumn& column) {
  const auto words = on_roster_heading();
  const std::string key = sheet::heading_key(column.heading);
  return key == sheet::heading_key(words.zh) || key == sheet::heading_key(words.en);
}

base::Done check_identifies(const ledger::Layout& layout) {
  const auto has = [&](std::string_view target) { return layout.position(target).has_value(); };
  if (has("@id_number") || has("@code") || (has("@name") && (has("@birth") || has("@village") || has("@village_code")))) return {};
  return base::fail(ErrorKind::input, "roster_identifies_nobody",
                    base::text("从列里看不出每行是谁。", "No column tells whom a row is about."),
                    base::text("需要证件号码；没有时需要姓名，加上出生日期或行政村。", "It needs the document number, or else the name with the date of birth or the village."));
}

class Reading {
 public:
  Reading(const Rosters& rosters, const pack::Roster& roster, RosterFile& out) : rosters_(rosters), roster_(roster), out_(out) {}

  base::Done villages(store::Session& session) {
    for (const auto& row : TRY(session.query(villages_all))) villages_[village_key(row.text(0))].push_back(row.text(1));
    return {};
  }

  void take(const sheet::TableRow& row, const ledger::SheetNames& names) {
    RosterRow made;
    made.line = row.number;
    made.cells.resize(roster_.sheet.columns.size());
    made.absent = made.unanswered = is_answered_list(out_.layout);
    for (std::size_t at = 0; at < row.cells.size() && at < out_.layout.columns.size(); ++at) {
      if (!sheet::is_empty(row.cells[at])) take_cell(made, out_.layout.columns[at], row.cells[at], names);
    }
    complete(made);
    if (!made.who.id_number.empty() || !made.who.name.empty() || !made.who.code.empty()) out_.rows.push_back(std::move(made));
  }

 private:
  void mistake(base::Error error, const ledger::LayoutColumn& column, int line, const ledger::SheetNames& names) {
    ++out_.wrong_cells;
    if (out_.mistakes.size() >= mistakes_kept_max) return;
    if (error.place.cell.empty()) error.place.cell = sheet::cell_address(names.sheet, line, column.column);
    out_.mistakes.push_back(std::move(error));
  }

  void take_cell(RosterRow& made, const ledger::LayoutColumn& column, const sheet::SheetCell& cell, const ledger::SheetNames& names) {
    if (is_on_roster(column)) {
      const auto on = sheet::bool_from_cell(cell, names.sheet);
      if (on) {
        made.absent = !*on;
        made.unanswered = false;
      } else {
        mistake(on.error(), column, made.line, names);
      }
      return;
    }
    if (column.target.empty()) return;
    if (column.target.front() == '@') return take_key(made, column, cell, names);
    for (std::size_t i = 0; i < roster_.sheet.columns.size(); ++i) {
      if (roster_.sheet.columns[i].id != column.target) continue;
      auto value = ledger::cell_from_sheet(rosters_.pack(), roster_.sheet.columns[i], cell, names);
      if (value) made.cells[i] = std::move(*value);
      else mistake(std::move(value).error(), column, made.line, names);
    }
  }

  void take_key(RosterRow& made, const ledger::LayoutColumn& column, const sheet::SheetCell& cell, const ledger::SheetNames& names) {
    if (column.target == "@birth") {
      const auto date = sheet::date_from_cell(cell, names.sheet, names.from_1904);
      if (date && !date->month_only) made.who.birth = base::to_string(date->day);
      else if (!date) mistake(date.error(), column, made.line, names);
      return;
    }
    const bool number = column.target == "@id_number" || column.target == "@code" || column.target == "@village_code";
    auto text = number ? sheet::identifier_from_cell(cell, names.sheet) : sheet::text_from_cell(cell, names.sheet);
    if (!text) return mistake(std::move(text).error(), column, made.line, names);
    if (column.target == "@id_number") made.who.id_number = base::id_number_key(*text);
    if (column.target == "@code") made.who.code = std::move(*text);
    if (column.target == "@name") made.who.name = sheet::trimmed_text(*text);
    if (column.target == "@village_code") made.who.village = std::move(*text);
    if (column.target == "@village" && made.who.village.empty()) {
      const auto found = villages_.find(village_key(*text));
      if (found != villages_.end() && found->second.size() == 1) made.who.village = found->second.front();
    }
  }

  /// Birth and sex stand in the number too; a column that answers the register's sex says it itself.
  void complete(RosterRow& made) const {
    const base::IdNumber read = base::read_id_number(made.who.id_number);
    if (made.who.birth.empty() && read.valid && read.birth) made.who.birth = base::to_string(*read.birth);
    for (std::size_t i = 0; i < roster_.answers.size(); ++i) {
      const pack::Answers& answers = roster_.answers[i];
      const auto* text = std::get_if<std::string>(&made.cells[i]);
      if (answers.table != "person" || answers.column != "sex" || text == nullptr) continue;
      const auto sex = registry::cell_from_text(*registry::find_field(registry::person_fields, "sex"), *text);
      if (sex && std::holds_alternative<std::string>(*sex)) made.who.sex = std::get<std::string>(*sex);
    }
    if (made.who.sex.empty() && read.valid && read.sex) made.who.sex = *read.sex == base::IdSex::male ? "male" : "female";
  }

  const Rosters& rosters_;
  const pack::Roster& roster_;
  RosterFile& out_;
  std::map<std::string, std::vector<std::string>> villages_;
};

}  // namespace

bool is_answered_list(const ledger::Layout& layout) { return std::ranges::any_of(layout.columns, is_on_roster); }

base::Text on_roster_heading() { return base::text("在名册上", "On the roster"); }

Result<ledger::Layout> roster_layout(const Rosters& rosters, const pack::Roster& roster, sheet::Workbook& workbook, store::Session& session,
                                     const base::Cancel& cancel) {
  const ledger::LedgerTable& table = rosters.sheet(roster);
  ledger::ImportChoices choices;
  ledger::Layout layout = TRY(ledger::layout_of(table, workbook, choices, session, cancel));
  // Headings that departments use beside the usual one.
  for (std::size_t i = 0; i < roster.answers.size(); ++i) {
    for (const base::Text& other : roster.answers[i].also) {
      for (ledger::LayoutColumn& column : layout.columns) {
        if (!column.target.empty() || layout.position(roster.sheet.columns[i].id)) continue;
        if (sheet::heading_key(column.heading) == sheet::heading_key(other.zh)) {
          column.target = roster.sheet.columns[i].id;
          column.how = ledger::LayoutColumn::How::heading;
        }
      }
    }
  }
  TRY(check_identifies(layout));
  return layout;
}

Result<RosterFile> read_roster(const Rosters& rosters, const pack::Roster& roster, std::string_view bytes, std::string_view name,
                               store::Session& session, const base::Cancel& cancel, const base::Progress& progress) {
  const auto workbook = TRY(sheet::open_workbook(bytes, name));
  RosterFile out;
  out.layout = TRY(roster_layout(rosters, roster, *workbook, session, cancel));
  const std::vector<std::string> known = ledger::known_headings(rosters.sheet(roster));
  const sheet::TableHead head = TRY(sheet::table_head(*workbook, out.layout.sheet, known, cancel));
  Reading reading(rosters, roster, out);
  TRY(reading.villages(session));
  const std::string sheet_name = out.layout.sheet_name;
  const ledger::SheetNames names{sheet_name, workbook->counts_from_1904()};
  bool too_many = false;
  TRY(sheet::read_table(*workbook, out.layout.sheet, head, [&](const sheet::TableRow& row) {
    if (row.role == sheet::RowRole::body) reading.take(row, names);
    too_many = out.rows.size() > roster_rows_max;
    return !too_many;
  }, cancel, progress));
  if (too_many) return base::fail(ErrorKind::too_large, "rows_too_many", base::text("名册超过 {} 行。", "The roster has more than {} rows.", roster_rows_max));
  return out;
}

std::string text_from_row(const pack::Roster& roster, const RosterRow& row) {
  boost::json::object cells;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (!ledger::is_nothing(row.cells[i])) cells[roster.sheet.columns[i].id] = ledger::json_from_cell(roster.sheet.columns[i], row.cells[i]);
  }
  return boost::json::serialize(boost::json::object{{"line", row.line}, {"absent", row.absent}, {"unanswered", row.unanswered}, {"code", row.who.code}, {"id_number", row.who.id_number}, {"name", row.who.name},
                                                    {"birth", row.who.birth}, {"sex", row.who.sex}, {"village", row.who.village}, {"cells", std::move(cells)}});
}

RosterRow row_from_text(const pack::Roster& roster, const pack::Pack& pack, std::string_view text) {
  RosterRow out;
  out.cells.resize(roster.sheet.columns.size());
  boost::json::error_code problem;
  const auto parsed = boost::json::parse(text, problem);
  if (problem || !parsed.is_object()) return out;
  const auto& object = parsed.get_object();
  const auto text_at = [&](const char* key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  out.who = {text_at("code"), text_at("id_number"), text_at("name"), text_at("birth"), text_at("sex"), text_at("village")};
  if (const auto* line = object.if_contains("line"); line != nullptr && line->is_int64()) out.line = static_cast<int>(line->get_int64());
  if (const auto* absent = object.if_contains("absent"); absent != nullptr && absent->is_bool()) out.absent = absent->get_bool();
  if (const auto* unanswered = object.if_contains("unanswered"); unanswered != nullptr && unanswered->is_bool()) out.unanswered = unanswered->get_bool();
  const auto* cells = object.if_contains("cells");
  for (std::size_t i = 0; cells != nullptr && cells->is_object() && i < out.cells.size(); ++i) {
    const auto* value = cells->get_object().if_contains(roster.sheet.columns[i].id);
    // A column whose type a newer pack changed is read no more.
    if (auto cell = value == nullptr ? store::Cell() : ledger::cell_from_json(pack, roster.sheet.columns[i], *value); cell) out.cells[i] = std::move(*cell);
  }
  return out;
}

}  // namespace yihu::compare
