#include "screen/sweep_rows.h"
#include "store/generated_sql.h"

#include <algorithm>
#include <optional>

namespace yihu::screen {
namespace {

constexpr int rows_at_once = 20'000;

engine::Type type_of(rule::Kind kind) {
  switch (kind) {
    case rule::Kind::truth:
    case rule::Kind::integer:
    case rule::Kind::money: return engine::Type::integer;
    case rule::Kind::real: return engine::Type::real;
    case rule::Kind::day:
    case rule::Kind::text: return engine::Type::text;
  }
  std::unreachable();
}

/// A table to copy: its columns, and the one its pages are cut by.
struct Source {
  std::set<std::string> columns;
  std::string key;  ///< empty: short enough to be read at once
};

std::map<std::string, Source> sources_of(const RuleBook& book, const rule::Reads& reads) {
  std::map<std::string, Source> out;
  for (const rule::Column& column : reads.columns) out[column.table].columns.insert(column.column);
  // Who is screened, and where he belongs.
  out["household"].columns.insert({"id", "village", "status", "monitoring", "ended_on"});
  out["person"].columns.insert({"id", "household", "present"});
  out["area"].columns.insert({"code", "level"});
  const rule::Schema& schema = book.compiler().schema();
  if (!reads.ledgers.empty()) out[schema.delivery_table].columns.insert({"ledger", "area", "period"});
  for (const auto& [name, rows] : schema.rows) {
    const auto found = out.find(rows.table);
    if (found == out.end()) continue;
    found->second.key = rows.key;
    found->second.columns.insert(rows.key);
  }
  return out;
}

engine::Type column_type(const rule::Schema& schema, const std::string& table, const std::string& column) {
  for (const auto& [name, rows] : schema.rows) {
    if (rows.table != table) continue;
    for (const rule::Field& field : rows.fields) {
      if (field.column == column) return type_of(field.kind);
    }
  }
  // Keys, days, codes and periods; of what no rule can see, only this is a number.
  return column == "present" || column == "year" ? engine::Type::integer : engine::Type::text;
}

void put(engine::Loader& loader, const store::Cell& cell, engine::Type type) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    type == engine::Type::text ? loader.text(std::to_string(*number)) : loader.integer(*number);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    type == engine::Type::integer ? loader.integer(static_cast<std::int64_t>(*real)) : loader.real(*real);
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    loader.text(*text);
  } else {
    loader.nothing();
  }
}

/// Copies one table, page by page.
class Copy {
 public:
  Copy(store::Session& session, engine::Loader& loader, const std::string& table, const Source& source, std::vector<engine::Column> columns)
      : session_(session), loader_(loader), source_(source), columns_(std::move(columns)), table_(table) {}

  base::Done run(const engine::Watch& watch) {
    const auto key = std::ranges::find(columns_, source_.key, &engine::Column::name);
    const auto key_at = static_cast<std::size_t>(key - columns_.begin());
    const store::Sql sql = TRY(page_sql());
    if (source_.key.empty()) return put_rows(TRY(session_.query(sql)), std::nullopt);
    std::string after;
    for (;;) {
      if (watch.cancel.asked()) return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已停止。", "Stopped."));
      const auto rows = TRY(session_.query(sql, {{"after", after}, {"limit", rows_at_once}}));
      const bool last = rows.size() < rows_at_once;
      // A key that can repeat may go on on the next page: it is left for then.
      const std::string end = rows.empty() ? std::string() : rows.back().text(key_at);
      TRY(put_rows(rows, last ? std::nullopt : std::optional(std::pair(key_at, end))));
      if (last) return {};
      const auto whole = std::find_if(rows.rbegin(), rows.rend(), [&](const store::Row& row) { return row.text(key_at) != end; });
      if (whole == rows.rend()) {
        return base::fail(base::ErrorKind::internal, "sweep_key_repeats", base::text("表 {} 的键重复过多。", "The key of {} repeats too often.", table_));
      }
      after = whole->text(key_at);
    }
  }

 private:
  base::Result<store::Sql> page_sql() const {
    store::SqlText sql;
    sql.add("SELECT ");
    for (std::size_t at = 0; at < columns_.size(); ++at) {
      if (at > 0) sql.add(", ");
      sql.name(TRY(store::Identifier::parse(columns_[at].name)));
    }
    sql.add(" FROM ").name(TRY(store::Identifier::parse(table_)));
    if (!source_.key.empty()) {
      const auto key = TRY(store::Identifier::parse(source_.key));
      sql.add(" WHERE ").name(key).add(" > :after ORDER BY ").name(key).add(" LIMIT :limit");
    }
    return sql.sql();
  }

  base::Done put_rows(const std::vector<store::Row>& rows, const std::optional<std::pair<std::size_t, std::string>>& left) {
    for (const store::Row& row : rows) {
      if (left && row.text(left->first) == left->second) break;
      for (std::size_t at = 0; at < columns_.size(); ++at) put(loader_, row.cell(at), columns_[at].type);
      TRY(loader_.end_row());
    }
    return {};
  }

  store::Session& session_;
  engine::Loader& loader_;
  const Source& source_;
  std::vector<engine::Column> columns_;
  const std::string& table_;
};

}  // namespace

std::map<std::string, std::vector<engine::Column>> tables_read(const RuleBook& book, const rule::Reads& reads) {
  std::map<std::string, std::vector<engine::Column>> out;
  for (const auto& [table, source] : sources_of(book, reads)) {
    for (const std::string& column : source.columns) out[table].push_back({column, column_type(book.compiler().schema(), table, column)});
  }
  return out;
}

base::Done load_tables(engine::Duckdb& engine, store::Session& session, const RuleBook& book, const rule::Reads& reads,
                       const engine::Watch& watch) {
  const auto sources = sources_of(book, reads);
  auto tables = tables_read(book, reads);
  for (auto& [table, columns] : tables) {
    engine::Loader loader = TRY(engine.load(table, columns));
    TRY(Copy(session, loader, table, sources.at(table), std::move(columns)).run(watch));
    TRY(loader.finish());
  }
  return {};
}

base::Done sweep_duckdb(store::Session& session, const RuleBook& book, const Selections& rules, const SweepOptions& options,
                        SweepResult& result, Differing* differing) {
  const auto engine = TRY(engine::Duckdb::open(options.duckdb));
  rule::Reads reads;
  for (const Selection* selection : rules.each()) {
    for (const std::size_t rule : selection->rules) reads.add(book.at(rule).reads);
  }
  TRY(load_tables(*engine, session, book, reads, options.watch));
  std::set<std::string> tables;
  for (const auto& [table, columns] : tables_read(book, reads)) tables.insert(table);
  Tally tally(book, result);
  if (differing == nullptr) return sweep_loaded(*engine, book, rules, tables, options, tally, nullptr, result.subjects);
  Comparison comparison(*engine, *differing);
  TRY(comparison.load(session, book, rules, options));
  TRY(sweep_loaded(*engine, book, rules, tables, options, tally, &comparison, result.subjects));
  return comparison.finish();
}

}  // namespace yihu::screen
