#include "compare/told_value.h"

#include "ledger/cell.h"
#include "registry/fields.h"
#include "registry/record.h"
#include "sheet/cell_value.h"
#include "store/generated_sql.h"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace yihu::compare {
namespace {

using base::Result;
using store::Cell;

std::span<const registry::Field> fields_of(std::string_view table) {
  if (table == "person") return registry::person_fields;
  return registry::household_fields;
}

bool in_register(const pack::Answers& answers) { return answers.table == "person" || answers.table == "household"; }

/// As a person reads it.
std::string shown(const registry::Field& field, const Cell& cell) {
  if (!registry::known(cell)) return {};
  if (const auto* text = std::get_if<std::string>(&cell)) {
    const registry::CodeWord* word = field.word(*text);
    return word == nullptr ? *text : std::string(word->zh);
  }
  if (field.type == registry::FieldType::truth) return std::get<std::int64_t>(cell) != 0 ? "是" : "否";
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
    return field.type == registry::FieldType::money ? fmt::format("{:.2f}", static_cast<double>(*whole) / 100) : std::to_string(*whole);
  }
  return fmt::format("{:g}", std::get<double>(cell));
}

std::optional<double> number_from(const Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  return std::nullopt;
}

/// The roster's cell as a value of the register's field; a word that the register does not know stays as it is.
Cell register_cell(const pack::Pack& pack, const pack::Column& column, const registry::Field& field, const Cell& theirs) {
  const bool textual = std::holds_alternative<std::string>(theirs);
  if (!textual) return theirs;
  auto read = registry::cell_from_text(field, column.type == pack::ColumnType::code ? ledger::text_from_cell(pack, column, theirs, base::Language::zh)
                                                                                     : std::get<std::string>(theirs));
  return read ? std::move(*read) : theirs;
}

}  // namespace

bool apart(const Cell& one, const Cell& other, pack::ColumnType type, double tolerance) {
  if (ledger::is_nothing(one)) return false;
  const auto a = number_from(one), b = number_from(other);
  if (a && b) return std::abs(*a - *b) > tolerance * (type == pack::ColumnType::money ? 100 : 1) + 1e-9;
  const auto* left = std::get_if<std::string>(&one);
  const auto* right = std::get_if<std::string>(&other);
  if (left == nullptr || right == nullptr) return true;
  if (type == pack::ColumnType::date && tolerance > 0) {
    const auto first = base::parse_date(*left), second = base::parse_date(*right);
    if (first && second) return std::abs(base::days_between(*first, *second)) > tolerance;
  }
  return sheet::folded_text(*left) != sheet::folded_text(*right);
}

std::string ledger_period(const pack::Ledger& ledger, const pack::Roster& roster, std::string_view period, base::Date today) {
  if (ledger.period == roster.sheet.period) return std::string(period);
  return ledger::period_on(ledger.period, today);
}

Result<Cell> ToldValues::register_value(const pack::Answers& answers, const std::string& person, const std::string& household) {
  auto [at, fresh] = columns_.try_emplace(answers.table + "." + answers.column);
  if (fresh) {
    store::SqlText text;
    text.add("SELECT id, ").name(TRY(store::Identifier::parse(answers.column))).add(" FROM ").name(TRY(store::Identifier::parse(answers.table)));
    for (const store::Row& row : TRY(session_.query(text.sql()))) at->second[row.text(0)] = row.cell(1);
  }
  const auto found = at->second.find(answers.table == "person" ? person : household);
  return found == at->second.end() ? Cell() : found->second;
}

Result<Cell> ToldValues::ledger_value(const pack::Roster& roster, const pack::Answers& answers, const std::string& person,
                                      const std::string& household, std::string_view period) {
  const ledger::LedgerTable& table = *TRY(rosters_.ledgers().find(answers.table));
  const std::string of = ledger_period(table.ledger(), roster, period, today_);
  auto [at, fresh] = columns_.try_emplace(answers.table + "." + answers.column + "@" + of);
  if (fresh) {
    store::SqlText text;
    text.add("SELECT subject, ").name(TRY(store::Identifier::parse(answers.column))).add(" FROM ").name(table.view()).add(" WHERE period = :period");
    for (const store::Row& row : TRY(session_.query(text.sql(), {{"period", of}}))) at->second[row.text(0)] = row.cell(1);
  }
  const auto found = at->second.find(table.ledger().subject == pack::Subject::person ? person : household);
  return found == at->second.end() ? Cell() : found->second;
}

Result<ValueComparison> ToldValues::compare(const pack::Roster& roster, std::size_t index, const Cell& theirs, const std::string& person,
                                            const std::string& household, std::string_view period) {
  const pack::Column& column = roster.sheet.columns[index];
  const pack::Answers& answers = roster.answers[index];
  ValueComparison out;
  if (ledger::is_nothing(theirs)) return out;
  if (in_register(answers)) {
    const registry::Field* field = registry::find_field(fields_of(answers.table), answers.column);
    if (field == nullptr) return out;
    const Cell read = register_cell(rosters_.pack(), column, *field, theirs);
    const Cell ours = TRY(register_value(answers, person, household));
    out.same = !apart(read, ours, column.type, answers.tolerance);
    out.theirs = shown(*field, read);
    out.ours = shown(*field, ours);
    out.value = boost::json::serialize(registry::json_from(read));
    return out;
  }
  const Cell ours = TRY(ledger_value(roster, answers, person, household, period));
  const pack::Column* held = TRY(rosters_.ledgers().find(answers.table))->ledger().column(answers.column);
  out.same = !apart(theirs, ours, column.type, answers.tolerance);
  out.theirs = ledger::text_from_cell(rosters_.pack(), column, theirs, base::Language::zh);
  out.ours = ledger::text_from_cell(rosters_.pack(), held == nullptr ? column : *held, ours, base::Language::zh);
  out.value = boost::json::serialize(ledger::json_from_cell(column, theirs));
  return out;
}

std::optional<std::pair<std::string, std::string>> contradiction(const pack::Pack& pack, const pack::Roster& roster, std::string_view column,
                                                                 const RosterRow& row, const pack::Roster& other, std::string_view other_column,
                                                                 const RosterRow& other_row) {
  const auto place = [](const pack::Roster& of, std::string_view id) {
    return static_cast<std::size_t>(std::ranges::find(of.sheet.columns, id, &pack::Column::id) - of.sheet.columns.begin());
  };
  const std::size_t mine = place(roster, column), theirs = place(other, other_column);
  if (mine >= row.cells.size() || theirs >= other_row.cells.size()) return std::nullopt;
  if (ledger::is_nothing(row.cells[mine]) || ledger::is_nothing(other_row.cells[theirs])) return std::nullopt;
  const pack::Column& one = roster.sheet.columns[mine];
  if (!apart(row.cells[mine], other_row.cells[theirs], one.type, roster.answers[mine].tolerance)) return std::nullopt;
  return std::pair{ledger::text_from_cell(pack, one, row.cells[mine], base::Language::zh),
                   ledger::text_from_cell(pack, other.sheet.columns[theirs], other_row.cells[theirs], base::Language::zh)};
}

}  // namespace yihu::compare
