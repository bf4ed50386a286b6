#include "engine/duckdb.h"

#include "engine/answer.h"
#include "engine/loader.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

namespace yihu::engine {
namespace {

constexpr std::chrono::microseconds idle_wait{200};

std::unexpected<base::Error> cancelled() {
  return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已停止。", "Stopped."));
}

/// What DuckDB says begins with the kind of mistake. Words about SQL may be shown; words about values may hold them,
/// and values are people's, so only their kind is.
std::unexpected<base::Error> error_from_words(std::string_view words) {
  if (words.starts_with("INTERRUPT")) return cancelled();
  if (words.starts_with("Out of Memory")) {
    return base::fail(base::ErrorKind::unavailable, "engine_out_of_memory",
                      base::text("内存不够，没有算完。", "Memory ran out before the end."),
                      base::text("请关掉别的程序，或换一台内存更大的机器。", "Close other programs, or use a machine with more memory."));
  }
  for (const std::string_view kind : {"Parser", "Syntax", "Binder", "Catalog", "Permission"}) {
    if (words.starts_with(kind)) return engine_failed(words);
  }
  return engine_failed(words.substr(0, words.find(':')));
}

std::optional<Type> type_from_duckdb(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN: return Type::boolean;
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT: return Type::integer;
    case DUCKDB_TYPE_DOUBLE: return Type::real;
    case DUCKDB_TYPE_VARCHAR: return Type::text;
    default: return std::nullopt;
  }
}

const char* sql_type(Type type) {
  switch (type) {
    case Type::boolean: return "BOOLEAN";
    case Type::integer: return "BIGINT";
    case Type::real: return "DOUBLE";
    case Type::text: return "VARCHAR";
  }
  std::unreachable();
}

}  // namespace

std::unexpected<base::Error> engine_failed(std::string_view what) {
  return base::fail(base::ErrorKind::internal, "engine_failed",
                    base::text("计算引擎没有完成：{}。", "The engine did not finish: {}.", what));
}

namespace {

std::string within(char quote, std::string_view text) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

std::string sql_text(std::string_view text) { return within('\'', text); }

}  // namespace

std::string sql_name(std::string_view name) { return within('"', name); }

struct Duckdb::Inside {
  explicit Inside(const Library& library) : api(library) {}
  ~Inside() {
    if (connection != nullptr) api.disconnect(&connection);
    if (database != nullptr) api.close(&database);
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

  base::Result<duckdb_result> answer(const std::string& sql, const Watch& watch);
  base::Result<duckdb_result> execute(duckdb_pending_result pending, const Watch& watch);

  const Library& api;
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
};

namespace {

/// What is destroyed by one of the library's functions, at the end of its block.
template <class Thing>
class Held {
 public:
  Held(Thing thing, void (*destroy)(Thing*)) : thing_(thing), destroy_(destroy) {}
  ~Held() { destroy_(&thing_); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  Thing thing_;
  void (*destroy_)(Thing*);
};

}  // namespace

base::Result<duckdb_result> Duckdb::Inside::execute(duckdb_pending_result pending, const Watch& watch) {
  int told = -1;
  for (;;) {
    if (watch.cancel.asked()) {
      api.interrupt(connection);
      return cancelled();
    }
    const duckdb_pending_state state = api.pending_execute_task(pending);
    if (state == DUCKDB_PENDING_ERROR) return error_from_words(api.pending_error(pending));
    if (state == DUCKDB_PENDING_RESULT_READY) break;
    // The other threads have all there is to do.
    if (state == DUCKDB_PENDING_NO_TASKS_AVAILABLE) std::this_thread::sleep_for(idle_wait);
    if (!watch.progress) continue;
    // Negative as long as the engine cannot tell.
    const int percent = std::max(0, static_cast<int>(api.query_progress(connection).percentage));
    if (percent > told) watch.progress(told = percent, 100);
  }
  duckdb_result result{};
  if (api.execute_pending(pending, &result) == DuckDBSuccess) return result;
  const Held held(result, api.destroy_result);
  return error_from_words(api.result_error(&result));
}

base::Result<duckdb_result> Duckdb::Inside::answer(const std::string& sql, const Watch& watch) {
  duckdb_prepared_statement statement = nullptr;
  const bool prepared = api.prepare(connection, sql.c_str(), &statement) == DuckDBSuccess;
  const Held held_statement(statement, api.destroy_prepare);
  if (!prepared) return error_from_words(api.prepare_error(statement));
  duckdb_pending_result pending = nullptr;
  const bool begun = api.pending_prepared(statement, &pending) == DuckDBSuccess;
  const Held held_pending(pending, api.destroy_pending);
  if (!begun) return error_from_words(api.pending_error(pending));
  return execute(pending, watch);
}

Duckdb::Duckdb(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Duckdb::~Duckdb() = default;

base::Result<std::unique_ptr<Duckdb>> Duckdb::open(const Options& options) {
  const Library& api = *TRY(library());
  duckdb_config config = nullptr;
  if (api.create_config(&config) != DuckDBSuccess) return engine_failed("config");
  const Held held(config, api.destroy_config);
  const auto set = [&](const char* name, const std::string& value) { api.set_config(config, name, value.c_str()); };
  if (options.threads_max > 0) set("threads", std::to_string(options.threads_max));
  if (options.memory_bytes_max > 0) set("memory_limit", fmt::format("{}B", options.memory_bytes_max));
  set("temp_directory", options.spill.string());
  set("autoinstall_known_extensions", "false");
  set("autoload_known_extensions", "false");
  set("preserve_insertion_order", "false");

  auto inside = std::make_unique<Inside>(api);
  char* words = nullptr;
  if (api.open_ext(nullptr, &inside->database, config, &words) != DuckDBSuccess) {
    const std::string said = words != nullptr ? words : "open";
    if (words != nullptr) api.free(words);
    return engine_failed(said);
  }
  if (api.connect(inside->database, &inside->connection) != DuckDBSuccess) return engine_failed("connect");
  std::unique_ptr<Duckdb> made(new Duckdb(std::move(inside)));
  std::vector<std::string> settings;
  // Without these three nothing says how far a question is.
  settings.insert(settings.end(), {"enable_progress_bar = true", "enable_progress_bar_print = false", "progress_bar_time = 0"});
  if (!options.spill.empty()) settings.push_back(fmt::format("allowed_directories = [{}]", sql_text(options.spill.string())));
  settings.insert(settings.end(), {"enable_external_access = false", "lock_configuration = true"});
  for (const std::string& setting : settings) TRY(made->run("SET " + setting));
  return made;
}

base::Result<Answer> Duckdb::ask(const std::string& sql, const Watch& watch) {
  const Library& api = inside_->api;
  auto inside = std::make_unique<Answer::Inside>(api, TRY(inside_->answer(sql, watch)));
  for (std::size_t column = 0; column < api.column_count(&inside->result); ++column) {
    const duckdb_type type = api.column_type(&inside->result, column);
    const char* name = api.column_name(&inside->result, column);
    const auto ours = type_from_duckdb(type);
    if (!ours) return engine_failed(fmt::format("column {} has type {}", name, static_cast<int>(type)));
    inside->columns.push_back({name, *ours});
    inside->types.push_back(type);
  }
  return Answer(std::move(inside));
}

base::Done Duckdb::run(const std::string& sql, const Watch& watch) {
  duckdb_result result = TRY(inside_->answer(sql, watch));
  inside_->api.destroy_result(&result);
  return {};
}

base::Result<Loader> Duckdb::load(std::string_view table, std::vector<Column> columns) {
  const Library& api = inside_->api;
  std::string sql = "CREATE TABLE " + sql_name(table) + " (";
  for (std::size_t at = 0; at < columns.size(); ++at) {
    sql += (at == 0 ? std::string() : ", ") + sql_name(columns[at].name) + ' ' + sql_type(columns[at].type);
  }
  TRY(run(sql + ")"));
  auto inside = std::make_unique<Loader::Inside>(api);
  if (api.appender_create(inside_->connection, nullptr, std::string(table).c_str(), &inside->appender) != DuckDBSuccess) {
    return engine_failed("append");
  }
  std::vector<duckdb_logical_type> types;
  for (const Column& column : columns) {
    types.push_back(api.create_logical_type(duckdb_from_type(column.type)));
    inside->vectors.push_back({column.type});
  }
  inside->chunk = api.create_data_chunk(types.data(), types.size());
  for (duckdb_logical_type& type : types) api.destroy_logical_type(&type);
  inside->rows_max = api.vector_size();
  inside->begin_block();
  return Loader(std::move(inside));
}

}  // namespace yihu::engine
