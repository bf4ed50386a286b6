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

/// The table of outcomes turned so that each subject has a row per rule: "rule" is its position in the book, "o" the
/// outcome. One question for all rules, because each costs some milliseconds however few people there are.
std::string turned(const Layout& layout, const std::vector<std::size_t>& slots) {
  std::string names;
  std::string columns;
  for (const std::size_t at : slots) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", layout.slots[at].rule);
    columns += fmt::format("{}o{}", columns.empty() ? "" : ", ", at);
  }
  return fmt::format("(SELECT id, household, village, listed, unnest([{}]) AS rule, unnest([{}]) AS o FROM {})", names, columns, outcome_table);
}

std::string found_sql(const Layout& layout, const std::vector<std::size_t>& slots) {
  return "SELECT rule, id, household, village, o FROM " + turned(layout, slots) + " WHERE o IN (2, 4, 5, 8, 10)";
}

base::Done tally_outcomes(engine::Duckdb& engine, const Layout& layout, Tally& tally, Comparison* comparison, const engine::Watch& watch) {
  std::vector<std::size_t> slots;
  for (std::size_t at = 0; at < layout.slots.size(); ++at) slots.push_back(at);
  if (slots.empty()) return {};
  engine::Answer counts = TRY(engine.ask("SELECT rule, village, o, count(*) FROM " + turned(layout, slots) + " GROUP BY rule, village, o", watch));
  while (counts.next()) {
    for (std::size_t row = 0; row < counts.size(); ++row) {
      tally.count(static_cast<std::size_t>(counts.integer(0, row)), std::string(counts.text(1, row)),
                  static_cast<Outcome>(counts.integer(2, row)), counts.integer(3, row));
    }
  }
  if (comparison != nullptr) return comparison->compare(found_sql(layout, slots), watch);
  engine::Answer found = TRY(engine.ask(found_sql(layout, slots), watch));
  while (found.next()) {
    for (std::size_t row = 0; row < found.size(); ++row) {
      tally.found({static_cast<std::size_t>(found.integer(0, row)), std::string(found.text(1, row)),
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
  engine::Answer states = TRY(engine.ask("SELECT DISTINCT rule, household, o FROM " + turned(layout, slots) + " WHERE listed = 1 AND o <> 0", watch));
  while (states.next()) {
    for (std::size_t row = 0; row < states.size(); ++row) {
      tally.light(static_cast<std::size_t>(states.integer(0, row)), std::string(states.text(1, row)), static_cast<Outcome>(states.integer(2, row)));
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

namespace {

/// Sweeps one kind of subject over the tables as they stand.
base::Done sweep_kind(engine::Duckdb& engine, const RuleBook& book, const Selection& selection,
                      const std::vector<const RuleBook::Light*>& lights, const SweepOptions& options, Tally& tally,
                      Comparison* comparison, std::int64_t& subjects) {
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
  if (number.next()) subjects += number.integer(0, 0);
  if (selection.subject == pack::Subject::household && !lights.empty()) {
    std::vector<std::string> ids;
    for (const auto* light : lights) ids.push_back(light->light->id);
    engine::Answer listed = TRY(engine.ask(fmt::format("SELECT id FROM {} WHERE listed = 1", outcome_table)));
    while (listed.next()) {
      for (std::size_t row = 0; row < listed.size(); ++row) tally.listed(std::string(listed.text(0, row)), ids);
    }
  }
  TRY(tally_outcomes(engine, layout, tally, comparison, options.watch));
  TRY(tally_lights(engine, layout, lights, tally, options.watch));
  return engine.run(fmt::format("DROP TABLE {}", outcome_table));
}

/// By which a table's rows belong to a household or person.
struct Belonging {
  std::string parent;
  std::string here;
  std::string there;
  bool operator==(const Belonging&) const = default;
};

/// Tables whose rows belong to one kind of subject, by one column. The others are looked at whole.
std::map<std::string, Belonging> belongings(const rule::Schema& schema) {
  std::map<std::string, Belonging> out;
  std::set<std::string> several{"household", "person", "area", schema.delivery_table};
  for (const auto& [name, rows] : schema.rows) {
    for (const rule::Relation& relation : rows.relations) {
      const auto target = schema.rows.find(relation.target);
      if (target == schema.rows.end()) continue;
      const std::string& table = target->second.table;
      const Belonging belonging{rows.table, relation.column_here, relation.column_there};
      const bool of_subject = rows.table == "household" || rows.table == "person";
      if (!of_subject || !out.try_emplace(table, belonging).second) {
        if (!of_subject || out.at(table) != belonging) several.insert(table);
      }
    }
  }
  for (const std::string& table : several) out.erase(table);
  return out;
}

/// Villages from `low` (inclusive) to `high` (exclusive; empty: to the end) that are swept together.
struct Stage {
  std::string low;
  std::string high;
};

/// Whole villages, because rules about a household may look at its village.
base::Result<std::vector<Stage>> stages_of(engine::Duckdb& engine, std::int64_t households_at_once) {
  std::vector<Stage> out{{"", ""}};
  std::int64_t together = 0;
  engine::Answer villages = TRY(engine.ask("SELECT village, count(*) FROM household GROUP BY village ORDER BY village"));
  while (villages.next()) {
    for (std::size_t row = 0; row < villages.size(); ++row) {
      const std::int64_t households = villages.integer(1, row);
      if (together > 0 && together + households > households_at_once) {
        out.back().high = villages.text(0, row);
        out.push_back({std::string(villages.text(0, row)), ""});
        together = 0;
      }
      together += households;
    }
  }
  return out;
}

/// What belongs to some villages, in tables that hide those of everybody while it lives.
class StageTables {
 public:
  StageTables(engine::Duckdb& engine, const rule::Schema& schema, const std::set<std::string>& tables)
      : engine_(engine), belongings_(belongings(schema)), tables_(tables) {}

  base::Done make(const Stage& stage, const engine::Watch& watch) {
    const auto text = [](const std::string& value) { return rule::literal({rule::Kind::text, value}, rule::Engine::duckdb); };
    TRY(copy("household", "village >= " + text(stage.low) + (stage.high.empty() ? "" : " AND village < " + text(stage.high)), watch));
    TRY(copy("person", "household IN (SELECT id FROM temp.household)", watch));
    for (const auto& [table, belonging] : belongings_) {
      if (!tables_.contains(table)) continue;
      TRY(copy(table, fmt::format("{} IN (SELECT {} FROM temp.{})", rule::quoted_name(belonging.there), rule::quoted_name(belonging.here), belonging.parent), watch));
    }
    return {};
  }

  base::Done drop() {
    for (const std::string& table : made_) TRY(engine_.run("DROP TABLE temp." + rule::quoted_name(table)));
    made_.clear();
    return {};
  }

 private:
  base::Done copy(const std::string& table, const std::string& condition, const engine::Watch& watch) {
    TRY(engine_.run(fmt::format("CREATE TEMP TABLE {0} AS SELECT * FROM memory.main.{0} WHERE {1}", rule::quoted_name(table), condition), watch));
    made_.push_back(table);
    return {};
  }

  engine::Duckdb& engine_;
  const std::map<std::string, Belonging> belongings_;
  const std::set<std::string>& tables_;
  std::vector<std::string> made_;
};

}  // namespace

base::Done sweep_loaded(engine::Duckdb& engine, const RuleBook& book, const Selections& rules, const std::set<std::string>& tables,
                        const SweepOptions& options, Tally& tally, Comparison* comparison, std::array<std::int64_t, 3>& subjects) {
  const auto lights = lights_swept(book, rules);
  const auto stages = TRY(stages_of(engine, options.households_at_once));
  StageTables own(engine, book.compiler().schema(), tables);
  for (const Stage& stage : stages) {
    if (stages.size() > 1) TRY(own.make(stage, options.watch));
    if (!rules.household.empty() || !lights.empty()) {
      TRY(sweep_kind(engine, book, rules.household, lights, options, tally, comparison, subjects[0]));
    }
    if (!rules.person.empty()) TRY(sweep_kind(engine, book, rules.person, lights, options, tally, comparison, subjects[1]));
    TRY(own.drop());
  }
  if (rules.village.empty()) return {};
  return sweep_kind(engine, book, rules.village, lights, options, tally, comparison, subjects[2]);
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
