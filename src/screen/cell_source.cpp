#include "screen/cell_source.h"

#include "ledger/import_block.h"
#include "pack/rule_schema.h"
#include "registry/fields.h"
#include "screen/household_standing.h"
#include "screen/wording.h"
#include "store/generated_sql.h"
#include "store/journal.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace yihu::screen {
namespace {

namespace json = boost::json;

constexpr int rows_per_ledger = 3;
constexpr int entries_looked_at = 100;

constexpr store::Sql delivered_sql =
    "SELECT 1 FROM delivery WHERE ledger = :ledger AND area <> '' AND substr(:village, 1, length(area)) = area"
    " AND (:period = '' OR period = :period) LIMIT 1";
// The pack's periods and the rules' are the same list in the same order.
static_assert(static_cast<int>(pack::Period::month) == static_cast<int>(rule::Period::month));
static_assert(static_cast<int>(pack::Period::none) == static_cast<int>(rule::Period::none));

/// The journal's entries about one thing, the latest first, read once for all of its cells.
class Authorship {
 public:
  static base::Result<Authorship> of(store::Session& session, std::string_view kind, std::string_view subject) {
    Authorship out;
    store::JournalFilter filter;
    filter.subject_kind = kind;
    filter.subject = subject;
    filter.limit = entries_looked_at;
    out.take(TRY(store::read_journal(session, filter)));
    return out;
  }

  static base::Result<Authorship> of_row(store::Session& session, const pack::Ledger& ledger, std::string_view row) {
    Authorship out;
    out.take(TRY(ledger::row_entries(session, ledger, row, entries_looked_at)));
    return out;
  }

  /// The last entry that set the column; of one that names none, the first about the thing.
  void tell(std::string_view column, std::string_view person, CellView& cell) const {
    const auto sets = [&](const Said& said) {
      const json::value* of = said.after.if_contains("person");
      const bool same = of == nullptr || person.empty() || (of->is_string() && of->as_string() == person);
      if (!same) return false;
      if (said.after.contains(column)) return true;
      const json::value* fields = said.after.if_contains("fields");
      return fields != nullptr && fields->is_array() &&
             std::ranges::any_of(fields->as_array(), [&](const json::value& field) { return field.is_string() && field.as_string() == column; });
    };
    const auto found = std::ranges::find_if(entries_, sets);
    if (found == entries_.end() && entries_.empty()) return;
    const store::Entry& entry = found == entries_.end() ? entries_.back().entry : found->entry;
    cell.entered_by = entry.actor;
    cell.entered_at = entry.at;
  }

 private:
  void take(std::vector<store::Entry> entries) {
    for (store::Entry& entry : entries) {
      std::error_code error;
      json::value after = entry.after.empty() ? json::value() : json::parse(entry.after, error);
      entries_.push_back({std::move(entry), after.is_object() ? std::move(after.as_object()) : json::object()});
    }
  }

  struct Said {
    store::Entry entry;
    json::object after;
  };
  std::vector<Said> entries_;
};

class Cells {
 public:
  Cells(store::Session& session, const RuleBook& book, const CompiledRule& rule) : session_(session), book_(book), rule_(rule) {}

  base::Result<std::vector<CellView>> of(const SubjectRow& subject) {
    std::vector<SubjectRow> everybody{subject};
    if (!subject.household.empty()) everybody = TRY(household_subjects(session_, subject.household));
    for (const SubjectRow& one : everybody) {
      // Of a person's rule the others in the household are not asked about.
      if (subject.kind == pack::Subject::person && one.kind == pack::Subject::person && one.id != subject.id) continue;
      const std::string name = TRY(name_of_subject(session_, one));
      TRY(add_register(one, name));
      for (const pack::Ledger& ledger : book_.pack().ledgers) {
        if (ledger.subject == one.kind) TRY(add_ledger(ledger, one, name));
      }
      if (out_.size() > cells_max) break;
    }
    if (out_.size() > cells_max) out_.resize(cells_max);
    return std::move(out_);
  }

 private:
  std::vector<std::string> columns_read(const std::string& table) const {
    std::vector<std::string> out;
    for (const rule::Column& column : rule_.reads.columns) {
      if (column.table == table) out.push_back(column.column);
    }
    return out;
  }

  base::Done add_register(const SubjectRow& subject, const std::string& name) {
    if (subject.kind == pack::Subject::village) return {};
    const bool person = subject.kind == pack::Subject::person;
    const std::string table = person ? "person" : "household";
    const auto fields = person ? std::span<const registry::Field>(registry::person_fields) : std::span<const registry::Field>(registry::household_fields);
    const Authorship authorship = TRY(Authorship::of(session_, "household", subject.household));
    for (const std::string& column : columns_read(table)) {
      const registry::Field* field = registry::find_field(fields, column);
      if (field == nullptr || field->private_ || column == "household" || column == "village") continue;
      store::SqlText sql;
      sql.add("SELECT ").name(TRY(store::Identifier::parse(column))).add(" FROM ").name(TRY(store::Identifier::parse(table))).add(" WHERE id = :id");
      const auto row = TRY(session_.find(sql.sql(), {{"id", subject.id}}));
      if (!row) continue;
      CellView cell{table, person ? base::text("人员", "Person") : base::text("农户", "Household"), subject.id, column, field->label(), name, "",
                    value_of_field(*field, row->cell(0)), "", {}, {}};
      authorship.tell(column, person ? subject.id : "", cell);
      out_.push_back(std::move(cell));
    }
    return {};
  }

  static base::Text value_of_field(const registry::Field& field, const store::Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) {
      if (const registry::CodeWord* word = field.word(*text)) return word->label();
    }
    const rule::Kind kind = field.type == registry::FieldType::truth ? rule::Kind::truth
                            : field.type == registry::FieldType::money ? rule::Kind::money : rule::Kind::text;
    return words_of(cell, kind, "", {});
  }

  base::Done add_ledger(const pack::Ledger& ledger, const SubjectRow& subject, const std::string& name) {
    const std::string table = pack::table_of(ledger);
    std::vector<const pack::Column*> columns;
    for (const std::string& column : columns_read(table)) {
      if (const pack::Column* known = ledger.column(column); known != nullptr && !known->personal) columns.push_back(known);
    }
    if (columns.empty()) return {};
    store::SqlText sql;
    sql.add("SELECT id, period");
    for (const pack::Column* column : columns) sql.add(", ").name(TRY(store::Identifier::parse(column->id)));
    sql.add(" FROM ").name(TRY(store::Identifier::parse(table))).add(" WHERE subject = :subject ORDER BY period DESC, id DESC LIMIT ").number(rows_per_ledger);
    for (const store::Row& row : TRY(session_.query(sql.sql(), {{"subject", subject.id}}))) {
      const Authorship authorship = TRY(Authorship::of_row(session_, ledger, row.text(0)));
      for (std::size_t at = 0; at < columns.size(); ++at) {
        CellView cell{ledger.id, ledger.label, row.text(0), columns[at]->id, columns[at]->label, name, row.text(1),
                      words_of(row.cell(at + 2), pack::kind_of(columns[at]->type), columns[at]->codes, book_.pack()), "", {}, {}};
        authorship.tell(columns[at]->id, "", cell);
        out_.push_back(std::move(cell));
      }
    }
    return {};
  }

  store::Session& session_;
  const RuleBook& book_;
  const CompiledRule& rule_;
  std::vector<CellView> out_;
};

}  // namespace

base::Result<bool> delivered(store::Session& session, const pack::Ledger& ledger, std::string_view village, base::Date day) {
  const std::string period = period_on(static_cast<rule::Period>(ledger.period), day);
  return TRY(session.find(delivered_sql, {{"ledger", ledger.id}, {"village", village}, {"period", period}})).has_value();
}

base::Result<std::vector<CellView>> cells_of(store::Session& session, const RuleBook& book, const CompiledRule& rule,
                                             const SubjectRow& subject) {
  return Cells(session, book, rule).of(subject);
}

}  // namespace yihu::screen
