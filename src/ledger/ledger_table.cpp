#include "ledger/ledger_table.h"

#include "ledger/value_list.h"
#include "pack/rule_schema.h"

#include <cassert>

namespace yihu::ledger {
namespace {

using pack::Subject;
using store::Identifier;
using store::Sql;
using store::SqlText;

constexpr Sql unset = "";

/// Names come checked out of `pack::load`, which allows less than a table does.
Identifier checked(const std::string& name) {
  auto parsed = Identifier::parse(name);
  assert(parsed && "a pack's name cannot name a column");
  return *std::move(parsed);
}

// Parameters of reach, by number: a statement's text must not grow with the data, and reach_areas_max bounds it.
const std::vector<std::pair<std::string, std::string>>& area_parameters() {
  static const auto names = [] {
    std::vector<std::pair<std::string, std::string>> out;
    for (std::size_t i = 0; i < reach_areas_max; ++i) out.emplace_back(fmt::format("from_{}", i), fmt::format("to_{}", i));
    return out;
  }();
  return names;
}

/// The first text that is greater than all that begin with `code`; codes are digits.
std::string after(const std::string& code) { return code + "~"; }

bool has_helper(Subject subject, const Reach& reach) {
  return !reach.helper.empty() && (subject == Subject::household || subject == Subject::person);
}

bool limited(const pack::Ledger& ledger, const Reach& reach) { return ledger.subject != Subject::none && !reach.all; }

}  // namespace

LedgerTable::LedgerTable(const pack::Ledger& ledger)
    : ledger_(&ledger), view_(checked(pack::table_of(ledger))), rows_(checked(pack::table_of(ledger) + "_row")), by_id_(unset),
      by_subject_(unset), by_subjects_(unset), insert_(unset), replace_(unset) {
  for (const pack::Column& column : ledger.columns) {
    columns_.push_back(checked(column.id));
    parameters_.push_back(checked("c_" + column.id));
  }
  SqlText id;
  add_columns(id, "SELECT r.id, r.subject, r.period, r.import_id, r.version, r.updated_at");
  by_id_ = id.add(" FROM ").name(view_).add(" r WHERE r.id = :id").sql();
  SqlText subject;
  add_columns(subject, "SELECT r.id, r.subject, r.period, r.import_id, r.version, r.updated_at");
  by_subject_ = subject.add(" FROM ").name(view_).add(" r WHERE r.subject = :subject AND r.period = :period ORDER BY r.id").sql();
  SqlText subjects;
  add_columns(subjects, "SELECT r.id, r.subject, r.period, r.import_id, r.version, r.updated_at");
  subjects.add(" FROM ").name(view_).add(" r WHERE r.period = :period AND r.subject IN ");
  add_value_list(subjects);
  by_subjects_ = subjects.add(" ORDER BY r.subject, r.id").sql();

  SqlText insert;
  insert.add("INSERT INTO ").name(rows_).add(" (id, subject, period, year, import_id, version, made_version, updated_at, _entry");
  for (const Identifier& column : columns_) insert.add(", ").name(column);
  insert.add(") VALUES (:id, :subject, :period, :year, :import_id, :version, :version, :updated_at, :entry");
  for (const Identifier& parameter : parameters_) insert.add(", ").parameter(parameter);
  insert_ = insert.add(")").sql();
  replace_ = SqlText().add("UPDATE ").name(rows_).add(" SET replaced_by = :by WHERE id = :id AND import_id = :import_id AND version = :expected").sql();
  for (const Identifier& column : columns_) {
    changes_.push_back(SqlText().add("UPDATE ").name(rows_).add(" SET ").name(column)
                           .add(" = :cell, version = :version, updated_at = :updated_at"
                                " WHERE id = :id AND import_id = :import_id AND version = :expected").sql());
  }
}

void LedgerTable::add_columns(SqlText& text, store::SqlPart before) const {
  text.add(before);
  for (const Identifier& column : columns_) text.add(", r.").name(column);
}

void LedgerTable::add_subject(SqlText& text) const {
  switch (ledger_->subject) {
    case Subject::household: text.add("(SELECT id, village AS area, head_name AS label, code, helper_account AS helper FROM household) s"); return;
    case Subject::person:
      text.add("(SELECT p.id, p.village AS area, p.name AS label, p.code,"
               " (SELECT h.helper_account FROM household h WHERE h.id = p.household) AS helper FROM person p) s");
      return;
    case Subject::village: text.add("(SELECT code AS id, code AS area, name AS label, code FROM area) s"); return;
    case Subject::none: return;
  }
}

void LedgerTable::add_reach(SqlText& text, const Reach& reach) const {
  if (!limited(*ledger_, reach)) return;
  text.add(" AND (1 = 0");
  const std::size_t areas = std::min(reach.areas.size(), reach_areas_max);
  for (std::size_t i = 0; i < areas; ++i) {
    const auto& [from, to] = area_parameters()[i];
    text.add(" OR s.area >= ").parameter(checked(from)).add(" AND s.area < ").parameter(checked(to));
  }
  if (has_helper(ledger_->subject, reach)) text.add(" OR s.helper = :helper");
  text.add(")");
}

Sql LedgerTable::page(const Reach& reach, bool one_subject, bool by_area) const {
  SqlText text;
  add_columns(text, "SELECT r.id, r.subject, r.period, r.import_id, r.version, r.updated_at");
  if (ledger_->subject == Subject::none) {
    text.add(", '', '', '' FROM ").name(view_).add(" r WHERE :area_from <= :area_to");
  } else if (by_area) {
    // From the few subjects of the area to their rows; SQLite keeps the order of a CROSS JOIN.
    text.add(", coalesce(s.area, ''), coalesce(s.label, ''), coalesce(s.code, '') FROM ");
    add_subject(text);
    text.add(" CROSS JOIN ").name(view_).add(" r WHERE r.subject = s.id AND s.area >= :area_from AND s.area < :area_to");
  } else {
    text.add(", coalesce(s.area, ''), coalesce(s.label, ''), coalesce(s.code, '') FROM ").name(view_).add(" r CROSS JOIN ");
    add_subject(text);
    text.add(" WHERE s.id = r.subject AND coalesce(s.area, '') >= :area_from AND coalesce(s.area, '') < :area_to");
  }
  add_reach(text, reach);
  if (one_subject) text.add(" AND r.subject = :subject");
  text.add(" AND (:period = '*' OR r.period = :period)"
           " AND (r.subject, r.period, r.id) > (:after_subject, :after_period, :after_id)"
           " ORDER BY r.subject, r.period, r.id LIMIT :limit");
  return text.sql();
}

Sql LedgerTable::count(const Reach& reach) const {
  SqlText text;
  if (ledger_->subject == Subject::none) {
    text.add("SELECT count(*) FROM ").name(view_).add(" r WHERE :area_from <= :area_to");
  } else {
    text.add("SELECT count(*) FROM ").name(view_).add(" r CROSS JOIN ");
    add_subject(text);
    text.add(" WHERE s.id = r.subject AND coalesce(s.area, '') >= :area_from AND coalesce(s.area, '') < :area_to");
  }
  add_reach(text, reach);
  text.add(" AND (:period = '*' OR r.period = :period)");
  return text.sql();
}

Sql LedgerTable::reached(const Reach& reach) const {
  SqlText text;
  if (ledger_->subject == Subject::none) return text.add("SELECT '', '' WHERE :subject = ''").sql();
  text.add("SELECT coalesce(s.area, ''), coalesce(s.label, '') FROM ");
  add_subject(text);
  text.add(" WHERE s.id = :subject");
  add_reach(text, reach);
  return text.sql();
}

void add_reach_parameters(const LedgerTable& table, const Reach& reach, store::Parameters& parameters) {
  if (!limited(table.ledger(), reach)) return;
  const std::size_t areas = std::min(reach.areas.size(), reach_areas_max);
  for (std::size_t i = 0; i < areas; ++i) {
    const auto& [from, to] = area_parameters()[i];
    parameters.push_back({from, reach.areas[i]});
    parameters.push_back({to, after(reach.areas[i])});
  }
  if (has_helper(table.ledger().subject, reach)) parameters.push_back({"helper", reach.helper});
}

}  // namespace yihu::ledger
