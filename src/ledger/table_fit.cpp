#include "ledger/table_fit.h"

#include "pack/rule_schema.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <map>
#include <set>

namespace yihu::ledger {
namespace {

using base::ErrorKind;
using base::Result;
using pack::ColumnType;
using store::Identifier;
using store::Sql;
using store::SqlText;

/// With shape 2 a row knows the journal's entry about the block of an import that wrote it (import_block.h).
constexpr int shape_now = 2;

constexpr Sql declared_all = "SELECT ledger, declared, version, shape FROM ledger_declared ORDER BY ledger";
constexpr Sql declared_shaped = "UPDATE ledger_declared SET shape = :shape WHERE ledger = :ledger";
constexpr Sql declared_put =
    "INSERT INTO ledger_declared (ledger, declared, version, at, shape) VALUES (:ledger, :declared, :version, :at, :shape)"
    " ON CONFLICT (ledger) DO UPDATE SET declared = :declared, version = :version, at = :at";
constexpr Sql declared_rename = "UPDATE ledger_declared SET ledger = :ledger WHERE ledger = :was";
constexpr Sql aside_rename = "UPDATE ledger_column_aside SET ledger = :ledger WHERE ledger = :was";
constexpr Sql aside_put =
    "INSERT INTO ledger_column_aside (ledger, held_in, was, type, label, at) VALUES (:ledger, :held_in, :was, :type, :label, :at)";
constexpr Sql aside_newest =
    "SELECT held_in FROM ledger_column_aside WHERE ledger = :ledger AND was = :was AND type = :type ORDER BY at DESC, held_in DESC LIMIT 1";
constexpr Sql aside_remove = "DELETE FROM ledger_column_aside WHERE ledger = :ledger AND held_in = :held_in";
constexpr Sql state_put = "INSERT INTO ledger_state (ledger, changes) VALUES (:ledger, 0) ON CONFLICT (ledger) DO NOTHING";

/// What the store remembers of a pack's ledger.
struct Declared {
  std::string subject;
  std::string period;
  std::string rows;
  std::vector<std::pair<std::string, std::string>> columns;  ///< id and type, in order
  std::map<std::string, std::string> labels;
  std::int64_t version = 0;

  const std::string* type(std::string_view id) const {
    for (const auto& [column, type] : columns) {
      if (column == id) return &type;
    }
    return nullptr;
  }
};

std::string json_of(const pack::Pack& pack, const pack::Ledger& ledger) {
  boost::json::array columns;
  for (const pack::Column& column : ledger.columns) {
    boost::json::object one{{"id", column.id}, {"type", pack::name_of(column.type)}, {"private", column.personal}, {"label", column.label.zh}};
    if (const pack::CodeList* list = column.codes.empty() ? nullptr : pack.code_list(column.codes)) {
      boost::json::array values;
      for (const pack::CodeValue& value : list->values) values.emplace_back(value.id);
      one.emplace("values", std::move(values));
    }
    columns.push_back(std::move(one));
  }
  return boost::json::serialize(boost::json::object{{"subject", pack::name_of(ledger.subject)},
                                                    {"period", pack::name_of(ledger.period)},
                                                    {"rows", ledger.rows == pack::RowCount::one ? "one" : "many"},
                                                    {"columns", std::move(columns)}});
}

Declared declared_from(const std::string& json, std::int64_t version) {
  Declared out;
  boost::json::error_code problem;
  const auto parsed = boost::json::parse(json, problem);
  if (problem || !parsed.is_object()) return out;
  const auto& object = parsed.get_object();
  out.subject = std::string(object.at("subject").as_string());
  out.period = std::string(object.at("period").as_string());
  out.rows = std::string(object.at("rows").as_string());
  for (const auto& one : object.at("columns").as_array()) {
    const auto& column = one.as_object();
    std::string id(column.at("id").as_string());
    // Sealed text and plain text cannot take each other's place.
    std::string type(column.at("type").as_string());
    if (column.at("private").as_bool()) type = "private";
    out.labels[id] = std::string(column.at("label").as_string());
    out.columns.emplace_back(std::move(id), std::move(type));
  }
  out.version = version;
  return out;
}

std::string type_of(const pack::Column& column) { return column.personal ? "private" : std::string(pack::name_of(column.type)); }

store::SqlPart engine_type(ColumnType type) {
  switch (type) {
    case ColumnType::truth:
    case ColumnType::integer:
    case ColumnType::money: return " @int";
    case ColumnType::real:
    case ColumnType::percent: return " @real";
    case ColumnType::date:
    case ColumnType::text:
    case ColumnType::code: return " TEXT";
  }
  return " TEXT";
}

Result<Identifier> aside_name(const std::string& column, std::int64_t version) {
  return Identifier::parse(fmt::format("aside_{}_{}", version, column.substr(0, 40)));
}

class Fitting {
 public:
  Fitting(store::Transaction& transaction, const pack::Pack& pack) : transaction_(transaction), pack_(pack) {}

  Result<int> all() {
    for (const auto& row : TRY(transaction_.query(declared_all))) {
      before_.emplace(row.text(0), std::pair{row.text(1), row.integer(2)});
      if (row.integer(3) < shape_now) older_.insert(row.text(0));
    }
    int changed = 0;
    for (const pack::Ledger& ledger : pack_.ledgers) {
      TRY(rename_table(ledger));
      TRY(shape_table(ledger));
      const auto known = before_.find(ledger.id);
      const std::string now = json_of(pack_, ledger);
      if (known != before_.end() && known->second.first == now) continue;
      std::int64_t version = 1;
      if (known == before_.end()) {
        TRY(make(ledger));
      } else {
        const Declared before = declared_from(known->second.first, known->second.second);
        TRY(check_codes(ledger, before));
        TRY(change(ledger, before));
        version = before.version + 1;
      }
      TRY(transaction_.execute(declared_put, {{"ledger", ledger.id}, {"declared", now}, {"version", version}, {"at", transaction_.now()},
                                               {"shape", shape_now}}));
      TRY(transaction_.journal({known == before_.end() ? "ledger.made" : "ledger.changed", "ledger", ledger.id,
                                known == before_.end() ? "" : known->second.first, now}));
      ++changed;
    }
    if (!refusals_.empty()) return base::fail_all(std::move(refusals_));
    return changed;
  }

 private:
  void refuse(const base::Place& place, std::string code, base::Text text, base::Text mend) {
    refusals_.push_back({ErrorKind::conflict, std::move(code), std::move(text), std::move(mend), place, {}});
  }

  base::Done make_view(const LedgerTable& table) {
    SqlText text;
    text.add("CREATE VIEW ").name(table.view()).add(" AS SELECT id, subject, period, year");
    for (std::size_t i = 0; i < table.ledger().columns.size(); ++i) text.add(", ").name(table.column(i));
    text.add(", import_id, version, updated_at FROM ").name(table.rows())
        .add(" WHERE import_id NOT IN (SELECT batch FROM ledger_import_hidden)"
             " AND (replaced_by IS NULL OR replaced_by IN (SELECT batch FROM ledger_import_hidden))");
    return transaction_.define(text.sql());
  }

  base::Done drop_view(const Identifier& view) { return transaction_.define(SqlText().add("DROP VIEW ").name(view).sql()); }

  base::Done make(const pack::Ledger& ledger) {
    const LedgerTable table(ledger);
    SqlText text;
    text.add("CREATE TABLE ").name(table.rows())
        .add(" (id TEXT NOT NULL, subject TEXT NOT NULL, period TEXT NOT NULL, year @int");
    for (std::size_t i = 0; i < ledger.columns.size(); ++i) {
      text.add(", ").name(table.column(i)).add(engine_type(ledger.columns[i].type));
    }
    text.add(", import_id TEXT NOT NULL, replaced_by TEXT, version @int NOT NULL, made_version @int NOT NULL,"
             " updated_at @int NOT NULL, _entry @int, PRIMARY KEY (id, import_id)) @strict");
    TRY(transaction_.define(text.sql()));
    const auto index = TRY(Identifier::parse("x_" + ledger.id + "_s"));
    TRY(transaction_.define(SqlText().add("CREATE INDEX ").name(index).add(" ON ").name(table.rows()).add(" (subject, period, id)").sql()));
    // Whether an import can be undone takes a look at its rows alone.
    const auto batch = TRY(Identifier::parse("x_" + ledger.id + "_i"));
    TRY(transaction_.define(SqlText().add("CREATE INDEX ").name(batch).add(" ON ").name(table.rows()).add(" (import_id) WHERE import_id <> ''").sql()));
    TRY(transaction_.execute(state_put, {{"ledger", ledger.id}}));
    return make_view(table);
  }

  /// A table from before takes the columns that came since.
  base::Done shape_table(const pack::Ledger& ledger) {
    const bool older = older_.contains(ledger.id) || (!ledger.was.empty() && older_.contains(ledger.was) && pack_.ledger(ledger.was) == nullptr);
    if (!older || !before_.contains(ledger.id)) return {};
    TRY(transaction_.define(SqlText().add("ALTER TABLE ").name(LedgerTable(ledger).rows()).add(" ADD COLUMN _entry @int").sql()));
    TRY(transaction_.execute(declared_shaped, {{"shape", shape_now}, {"ledger", ledger.id}}));
    return {};
  }

  /// `was` of a ledger: the table and what is remembered of it take the new name.
  base::Done rename_table(const pack::Ledger& ledger) {
    if (ledger.was.empty() || before_.contains(ledger.id) || !before_.contains(ledger.was) || pack_.ledger(ledger.was) != nullptr) return {};
    const auto old_view = TRY(Identifier::parse("ledger_" + ledger.was));
    const auto old_rows = TRY(Identifier::parse("ledger_" + ledger.was + "_row"));
    const LedgerTable table(ledger);
    TRY(drop_view(old_view));
    TRY(transaction_.define(SqlText().add("ALTER TABLE ").name(old_rows).add(" RENAME TO ").name(table.rows()).sql()));
    TRY(transaction_.execute(declared_rename, {{"ledger", ledger.id}, {"was", ledger.was}}));
    TRY(transaction_.execute(aside_rename, {{"ledger", ledger.id}, {"was", ledger.was}}));
    for (const Sql sql : {Sql("UPDATE ledger_state SET ledger = :ledger WHERE ledger = :was"),
                          Sql("UPDATE delivery SET ledger = :ledger WHERE ledger = :was"),
                          Sql("UPDATE ledger_import SET ledger = :ledger WHERE ledger = :was"),
                          Sql("UPDATE ledger_layout SET ledger = :ledger WHERE ledger = :was")}) {
      TRY(transaction_.execute(sql, {{"ledger", ledger.id}, {"was", ledger.was}}));
    }
    auto known = before_.extract(ledger.was);
    known.key() = ledger.id;
    // The view comes with the changes that follow; one that needs none else still needs its view.
    const bool same = known.mapped().first == json_of(pack_, ledger);
    before_.insert(std::move(known));
    if (same) TRY(make_view(table));
    return {};
  }

  Result<bool> has_rows(const LedgerTable& table) {
    return TRY(transaction_.find(SqlText().add("SELECT 1 FROM ").name(table.rows()).add(" LIMIT 1").sql())).has_value();
  }

  base::Done change(const pack::Ledger& ledger, const Declared& before) {
    const LedgerTable table(ledger);
    const bool filled = TRY(has_rows(table));
    if (filled && (before.subject != pack::name_of(ledger.subject) || before.period != pack::name_of(ledger.period))) {
      refuse(ledger.place, "ledger_shape", base::text("台账“{}”已有数据，不能改变针对的对象或期间。",
                                                      "The ledger \"{}\" has rows; whom it is about and its period cannot change.", ledger.id),
             base::text("请另设一个台账。", "Make another ledger."));
      return {};
    }
    if (filled && before.rows == "many" && ledger.rows == pack::RowCount::one) TRY(check_single(table));
    SqlText drop;
    TRY(transaction_.define(drop.add("@sqlite DROP VIEW IF EXISTS ").name(table.view()).sql()));
    SqlText drop_other;
    TRY(transaction_.define(drop_other.add("@postgresql DROP VIEW IF EXISTS ").name(table.view()).sql()));
    std::map<std::string, std::string> renamed;
    for (const pack::Column& column : ledger.columns) {
      if (!column.was.empty() && before.type(column.id) == nullptr && before.type(column.was) != nullptr && ledger.column(column.was) == nullptr) {
        renamed[column.was] = column.id;
      }
    }
    TRY(leave_aside(table, before, renamed, filled));
    for (std::size_t i = 0; i < ledger.columns.size(); ++i) TRY(fit_column(table, i, before, renamed));
    return make_view(table);
  }

  /// Columns that are gone keep their cells under another name.
  base::Done leave_aside(const LedgerTable& table, const Declared& before, const std::map<std::string, std::string>& renamed, bool filled) {
    for (const auto& [id, type] : before.columns) {
      const pack::Column* now = table.ledger().column(id);
      const auto name = TRY(Identifier::parse(id));
      if (renamed.contains(id)) continue;
      if (now != nullptr && (type_of(*now) == type || !filled)) {
        if (type_of(*now) == type) continue;
      } else if (now != nullptr) {
        const std::int64_t cells = TRY(cells_in(table, name));
        if (cells > 0) {
          refuse(now->place, "column_type", base::text("“{}”列已有 {} 个值，类型不能从 {} 改成 {}。",
                                                       "The column \"{}\" holds {} values; its type cannot change from {} to {}.", id, cells,
                                                       type, type_of(*now)),
                 base::text("请用新的编号设一列，旧列的值会保留。", "Give the new column another id; the old one's cells are kept."));
          continue;
        }
      }
      const auto held_in = TRY(aside_name(id, before.version));
      TRY(transaction_.define(SqlText().add("ALTER TABLE ").name(table.rows()).add(" RENAME COLUMN ").name(name).add(" TO ").name(held_in).sql()));
      TRY(transaction_.execute(aside_put, {{"ledger", table.ledger().id}, {"held_in", held_in.text()}, {"was", id}, {"type", type},
                                           {"label", before.labels.contains(id) ? before.labels.at(id) : ""}, {"at", transaction_.now()}}));
    }
    return {};
  }

  base::Done fit_column(const LedgerTable& table, std::size_t index, const Declared& before, const std::map<std::string, std::string>& renamed) {
    const pack::Column& column = table.ledger().columns[index];
    const std::string* known = before.type(column.id);
    if (known != nullptr && *known == type_of(column)) return {};
    for (const auto& [was, now] : renamed) {
      if (now != column.id) continue;
      if (*before.type(was) != type_of(column)) {
        refuse(column.place, "column_type", base::text("改名的列“{}”类型也变了。", "The renamed column \"{}\" has another type.", column.id),
               base::text("请先改名，再另设新列。", "Rename it first, and make a new column beside it."));
        return {};
      }
      const auto from = TRY(Identifier::parse(was));
      return transaction_.define(SqlText().add("ALTER TABLE ").name(table.rows()).add(" RENAME COLUMN ").name(from).add(" TO ").name(table.column(index)).sql());
    }
    if (known != nullptr && !refusals_.empty()) return {};
    // A column that comes back finds its cells again.
    const auto aside = TRY(transaction_.find(aside_newest, {{"ledger", table.ledger().id}, {"was", column.id}, {"type", type_of(column)}}));
    if (aside) {
      const auto held_in = TRY(Identifier::parse(aside->text(0)));
      TRY(transaction_.execute(aside_remove, {{"ledger", table.ledger().id}, {"held_in", held_in.text()}}));
      return transaction_.define(SqlText().add("ALTER TABLE ").name(table.rows()).add(" RENAME COLUMN ").name(held_in).add(" TO ").name(table.column(index)).sql());
    }
    return transaction_.define(SqlText().add("ALTER TABLE ").name(table.rows()).add(" ADD COLUMN ").name(table.column(index)).add(engine_type(column.type)).sql());
  }

  Result<std::int64_t> cells_in(const LedgerTable& table, const Identifier& column) {
    const auto row = TRY(transaction_.find(SqlText().add("SELECT count(").name(column).add(") FROM ").name(table.rows()).sql()));
    return row->integer(0);
  }

  base::Done check_single(const LedgerTable& table) {
    const auto twice = TRY(transaction_.find(SqlText().add("SELECT count(*) FROM (SELECT 1 FROM ").name(table.view())
                                                 .add(" GROUP BY subject, period HAVING count(*) > 1) twice").sql()));
    if (twice->integer(0) == 0) return {};
    refuse(table.ledger().place, "ledger_rows", base::text("台账“{}”有 {} 处一期多行，不能改成每期一行。",
                                                           "In the ledger \"{}\" {} subjects have several rows in one period; it cannot become one row each.",
                                                           table.ledger().id, twice->integer(0)),
           base::text("请先合并这些行。", "Merge those rows first."));
    return {};
  }

  /// A value in use that its list no longer has would be a cell nobody can read.
  base::Done check_codes(const pack::Ledger& ledger, const Declared& before) {
    const LedgerTable table(ledger);
    for (std::size_t i = 0; i < ledger.columns.size(); ++i) {
      const pack::Column& column = ledger.columns[i];
      const std::string* known = before.type(column.id);
      if (column.type != ColumnType::code || known == nullptr || *known != "code") continue;
      const pack::CodeList* list = pack_.code_list(column.codes);
      SqlText text;
      text.add("SELECT ").name(table.column(i)).add(", count(*) FROM ").name(table.rows()).add(" WHERE ").name(table.column(i))
          .add(" IS NOT NULL GROUP BY ").name(table.column(i));
      for (const auto& row : TRY(transaction_.query(text.sql()))) {
        if (list != nullptr && list->value(row.text(0)) != nullptr) continue;
        refuse(column.place, "code_in_use", base::text("“{}”列有 {} 个值是“{}”，取值表里没有了。",
                                                       "{1} cells of the column \"{0}\" hold \"{2}\", which its list no longer has.", column.id,
                                                       row.integer(1), row.text(0)),
               base::text("请把它留在取值表里。", "Keep it in the list."));
      }
    }
    return {};
  }

  store::Transaction& transaction_;
  const pack::Pack& pack_;
  std::map<std::string, std::pair<std::string, std::int64_t>> before_;
  std::set<std::string> older_;   ///< ledgers whose tables lack what shape_now has, by the name they had
  std::vector<base::Error> refusals_;
};

}  // namespace

Result<int> fit_tables(store::Transaction& transaction, const pack::Pack& pack) { return Fitting(transaction, pack).all(); }

Result<int> fit_tables(store::Store& store, const pack::Pack& pack) {
  bool same = true;
  TRY(store.read([&](store::Session& session) -> base::Done {
    std::map<std::string, std::string> before;
    for (const auto& row : TRY(session.query(declared_all))) {
      before[row.text(0)] = row.integer(3) == shape_now ? row.text(1) : "";
    }
    for (const pack::Ledger& ledger : pack.ledgers) {
      const auto known = before.find(ledger.id);
      if (known == before.end() || known->second != json_of(pack, ledger)) same = false;
    }
    return {};
  }));
  if (same) return 0;
  int changed = 0;
  const store::Act act{"system:pack", base::RequestId::make(), ""};
  TRY(store.write(act, [&](store::Transaction& transaction) -> Result<store::Answer> {
    changed = TRY(fit_tables(transaction, pack));
    return store::Answer{};
  }));
  return changed;
}

}  // namespace yihu::ledger
