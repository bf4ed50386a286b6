#include "screen/sweep_rows.h"
#include "store/generated_sql.h"

#include <algorithm>
#include <optional>

namespace yihu::screen {
namespace {

constexpr int rows_at_once = 20'000;
constexpr const char* outcome_table = "outcome";

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

/// The table of outcomes turned so that each subject has a row per rule: "rule" is the slot, "o" the outcome. One
/// question for all rules, because each costs some milliseconds however few people there are.
std::string turned(const std::vector<std::size_t>& slots) {
  std::string names;
  std::string columns;
  for (const std::size_t at : slots) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", at);
    columns += fmt::format("{}o{}", columns.empty() ? "" : ", ", at);
  }
  return fmt::format("(SELECT id, household, village, listed, unnest([{}]) AS rule, unnest([{}]) AS o FROM {})", names, columns, outcome_table);
}

base::Done tally_outcomes(engine::Duckdb& engine, const Layout& layout, Tally& tally, const engine::Watch& watch) {
  std::vector<std::size_t> slots;
  for (std::size_t at = 0; at < layout.slots.size(); ++at) slots.push_back(at);
  if (slots.empty()) return {};
  engine::Answer counts = TRY(engine.ask("SELECT rule, village, o, count(*) FROM " + turned(slots) + " GROUP BY rule, village, o", watch));
  while (counts.next()) {
    for (std::size_t row = 0; row < counts.size(); ++row) {
      tally.count(layout.slots[static_cast<std::size_t>(counts.integer(0, row))].rule, std::string(counts.text(1, row)),
                  static_cast<Outcome>(counts.integer(2, row)), counts.integer(3, row));
    }
  }
  engine::Answer found = TRY(engine.ask("SELECT rule, id, household, village, o FROM " + turned(slots) + " WHERE o IN (2, 4, 5, 8, 10)", watch));
  while (found.next()) {
    for (std::size_t row = 0; row < found.size(); ++row) {
      tally.found({layout.slots[static_cast<std::size_t>(found.integer(0, row))].rule, std::string(found.text(1, row)),
                   std::string(found.text(2, row)), std::string(found.text(3, row)), static_cast<Outcome>(found.integer(4, row))});
    }
  }
  return {};
}

base::Done tally_lights(engine::Duckdb& engine, const Layout& layout, const std::vector<const RuleBook::Light*>& lights, Tally& tally,
                        const engine::Watch& watch) {
  std::vector<std::size_t> slots;
  for (std::size_t at = 0; at < layout.slots.size(); ++at) {
    const bool lit = std::ranges::any_of(lights, [&](const auto* light) { return std::ranges::find(light->rules, layout.slots[at].rule) != light->rules.end(); });
    if (lit) slots.push_back(at);
  }
  if (slots.empty()) return {};
  engine::Answer states = TRY(engine.ask("SELECT DISTINCT rule, household, o FROM " + turned(slots) + " WHERE listed = 1 AND o <> 0", watch));
  while (states.next()) {
    for (std::size_t row = 0; row < states.size(); ++row) {
      tally.light(layout.slots[static_cast<std::size_t>(states.integer(0, row))].rule, std::string(states.text(1, row)),
                  static_cast<Outcome>(states.integer(2, row)));
    }
  }
  return {};
}

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

base::Done sweep_loaded(engine::Duckdb& engine, const RuleBook& book, const Selection& selection,
                        const std::vector<const RuleBook::Light*>& lights, const SweepOptions& options, Tally& tally,
                        std::int64_t& subjects) {
  const Layout layout = book.layout(selection, false);
  rule::QueryOptions query;
  query.engine = rule::Engine::duckdb;
  query.today = options.today;
  const Fused from = fused(book, layout.expressions, selection.subject, query);
  std::string columns;
  for (std::size_t at = 0; at < layout.slots.size(); ++at) {
    const Slot& slot = layout.slots[at];
    columns += fmt::format(", CAST({} AS TINYINT) AS o{}", outcome_sql(book.at(slot.rule).rule->kind, slot.first ? from.columns[*slot.first] : "",
                                                                      from.columns[slot.second]), at);
  }
  TRY(engine.run(fmt::format("CREATE TABLE {} AS SELECT s.id, s.household, s.village, s.listed{}{}", outcome_table, columns, from.from),
                 options.watch));
  engine::Answer number = TRY(engine.ask(fmt::format("SELECT count(*) FROM {}", outcome_table)));
  if (number.next()) subjects = number.integer(0, 0);
  if (selection.subject == pack::Subject::household && !lights.empty()) {
    std::vector<std::string> ids;
    for (const auto* light : lights) ids.push_back(light->light->id);
    engine::Answer listed = TRY(engine.ask(fmt::format("SELECT id FROM {} WHERE listed = 1", outcome_table)));
    while (listed.next()) {
      for (std::size_t row = 0; row < listed.size(); ++row) tally.listed(std::string(listed.text(0, row)), ids);
    }
  }
  TRY(tally_outcomes(engine, layout, tally, options.watch));
  TRY(tally_lights(engine, layout, lights, tally, options.watch));
  return engine.run(fmt::format("DROP TABLE {}", outcome_table));
}

base::Done sweep_duckdb(store::Session& session, const RuleBook& book, const Selections& rules, const SweepOptions& options,
                        SweepResult& result) {
  const auto engine = TRY(engine::Duckdb::open(options.duckdb));
  rule::Reads reads;
  for (const Selection* selection : rules.each()) {
    for (const std::size_t rule : selection->rules) reads.add(book.at(rule).reads);
  }
  TRY(load_tables(*engine, session, book, reads, options.watch));
  Tally tally(book, result);
  const auto lights = lights_swept(book, rules);
  std::size_t kind = 0;
  for (const Selection* selection : rules.each()) {
    const std::size_t number = kind++;
    if (selection->empty() && (selection->subject != pack::Subject::household || lights.empty())) continue;
    TRY(sweep_loaded(*engine, book, *selection, lights, options, tally, result.subjects[number]));
  }
  return {};
}

}  // namespace yihu::screen
