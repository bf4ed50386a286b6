#include "store/connection.h"

#include "base/utf8.h"
#include "store/sqlite_function.h"
#include "store/statement_text.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <unordered_map>

namespace yihu::store {
namespace {

using base::ErrorKind;
using base::Result;
namespace sqlite = sqlite_api;

/// More forms of one text than this (a parameter can be nothing, number or text) replace the oldest.
constexpr std::size_t variants_max = 16;
constexpr int busy_timeout_ms = 10'000;

struct Slot {
  long long integer = 0;
  double real = 0;
  std::string text;
  soci::indicator indicator = soci::i_ok;
};

/// A prepared statement and the places its parameters are bound to.
struct Variant {
  std::vector<Kind> kinds;
  std::vector<std::unique_ptr<Slot>> slots;  // fixed addresses: SOCI keeps pointers to them
  std::unique_ptr<soci::statement> statement;
};

struct EndStatement {
  void operator()(sqlite::sqlite3_stmt* statement) const { sqlite::sqlite3_finalize(statement); }
};
using SqliteStatement = std::unique_ptr<sqlite::sqlite3_stmt, EndStatement>;

struct Known {
  std::vector<std::string> names;
  std::vector<std::unique_ptr<Variant>> variants;  ///< of PostgreSQL: a place's type is part of a statement
  SqliteStatement sqlite;
};

bool fits(const Variant& variant, const std::vector<Kind>& kinds) {
  for (std::size_t place = 0; place < kinds.size(); ++place) {
    if (kinds[place] != variant.kinds[place] && kinds[place] != Kind::nothing) return false;
  }
  return true;
}

base::Error unbound(std::string_view name, const char* sql) {
  return base::fail(ErrorKind::internal, "parameter_unmatched",
                    base::text("数据库语句的参数 {} 不相符：{:.80}", "The parameter {} does not match the statement: {:.80}",
                               name, sql)).error();
}

/// The order of the names in the statement; every name must be given once, and no other.
Result<std::vector<const Cell*>> ordered(const Known& known, const Parameters& parameters, const char* sql) {
  std::vector<const Cell*> cells(known.names.size(), nullptr);
  for (std::size_t index = 0; index < parameters.size(); ++index) {
    const auto& parameter = parameters[index];
    // Callers nearly always write the parameters in the order of the text.
    auto place = index < known.names.size() && known.names[index] == parameter.name
                     ? index
                     : static_cast<std::size_t>(std::ranges::find(known.names, parameter.name) - known.names.begin());
    if (place == known.names.size() || cells[place] != nullptr) return base::fail(unbound(parameter.name, sql));
    cells[place] = &parameter.value.held();
  }
  for (std::size_t place = 0; place < cells.size(); ++place) {
    if (cells[place] == nullptr) return base::fail(unbound(known.names[place], sql));
  }
  return cells;
}

base::Done storable(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    if (text->find('\0') != std::string::npos || !base::is_utf8(*text)) {
      return base::fail(ErrorKind::input, "text_not_utf8",
                        base::text("文字中有无法保存的字符。", "The text holds characters that cannot be stored."),
                        base::text("请以 UTF-8 编码提交，去掉零字节。", "Send it as UTF-8 without zero bytes."));
    }
  } else if (const auto* real = std::get_if<double>(&cell); real && !std::isfinite(*real)) {
    return base::fail(ErrorKind::input, "number_not_finite",
                      base::text("数值不是有限的数，无法保存。", "The number is not finite and cannot be stored."));
  }
  return {};
}

void fill(Slot& slot, const Cell& cell) {
  slot.indicator = soci::i_ok;
  switch (kind_of(cell)) {
    case Kind::nothing: slot.indicator = soci::i_null; break;
    case Kind::integer: slot.integer = std::get<std::int64_t>(cell); break;
    case Kind::real: slot.real = std::get<double>(cell); break;
    case Kind::text: slot.text = std::get<std::string>(cell); break;
  }
}

Cell cell_from_sqlite(sqlite::sqlite3_stmt* statement, int column) {
  switch (sqlite::sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return std::monostate();
    case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite::sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT: return sqlite::sqlite3_column_double(statement, column);
    default: {
      const auto* text = reinterpret_cast<const char*>(sqlite::sqlite3_column_text(statement, column));
      return std::string(text, static_cast<std::size_t>(sqlite::sqlite3_column_bytes(statement, column)));
    }
  }
}

/// Texts are not copied: the caller keeps them until the statement is reset.
/// Before the first store is opened. A connection is used by one thread at a time, so SQLite need not lock it at each
/// call; nobody reads its count of memory, for which every allocation in the program would wait at one lock.
void sqlite_is_ready() {
  static const bool once = [] {
    // Refused where something else has begun to use SQLite: then it locks, and is right all the same.
    sqlite::sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    // A statement takes some hundred kilobytes while it runs. Given back to the system each time, they cost more than its work.
    constexpr int kept_bytes_max = 32 << 20;
    constexpr int mapped_bytes_min = 4 << 20;
    mallopt(M_TRIM_THRESHOLD, kept_bytes_max);
    mallopt(M_MMAP_THRESHOLD, mapped_bytes_min);
    return true;
  }();
  (void)once;
}

int bind_to_sqlite(sqlite::sqlite3_stmt* statement, int place, const Cell& cell) {
  switch (kind_of(cell)) {
    case Kind::nothing: return sqlite::sqlite3_bind_null(statement, place);
    case Kind::integer: return sqlite::sqlite3_bind_int64(statement, place, std::get<std::int64_t>(cell));
    case Kind::real: return sqlite::sqlite3_bind_double(statement, place, std::get<double>(cell));
    case Kind::text: {
      const auto& text = std::get<std::string>(cell);
      return sqlite::sqlite3_bind_text64(statement, place, text.data(), text.size(), nullptr, SQLITE_UTF8);
    }
  }
  return SQLITE_MISUSE;
}

/// @returns SQLITE_DONE when all went well
int rows_from_sqlite(sqlite::sqlite3_stmt* statement, std::vector<Row>& rows) {
  const int columns = sqlite::sqlite3_column_count(statement);
  for (;;) {
    const int stepped = sqlite::sqlite3_step(statement);
    if (stepped != SQLITE_ROW) return stepped;
    std::vector<Cell> cells;
    cells.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) cells.push_back(cell_from_sqlite(statement, column));
    rows.emplace_back(std::move(cells));
  }
}

// Types of columns, as the server's pg_type.h numbers them.
enum : Oid { oid_bool = 16, oid_int8 = 20, oid_int2 = 21, oid_int4 = 23, oid_float4 = 700, oid_float8 = 701, oid_numeric = 1700 };

Cell real_from(std::string_view text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Cell cell_from_postgresql(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column) != 0) return std::monostate();
  const std::string_view text(PQgetvalue(result, row, column),
                              static_cast<std::size_t>(PQgetlength(result, row, column)));
  switch (PQftype(result, column)) {
    case oid_bool: return static_cast<std::int64_t>(text == "t");
    case oid_float4:
    case oid_float8: return real_from(text);
    case oid_int8:
    case oid_int2:
    case oid_int4:
    case oid_numeric: {
      // sum() over BIGINT is NUMERIC here and INTEGER on SQLite: a whole one is a whole number.
      std::int64_t number = 0;
      const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
      if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return number;
      return real_from(text);
    }
    default: return std::string(text);
  }
}

std::vector<Row> rows_from_postgresql(const PGresult* result) {
  std::vector<Row> rows;
  const int count = PQntuples(result);
  const int columns = PQnfields(result);
  rows.reserve(static_cast<std::size_t>(count));
  for (int row = 0; row < count; ++row) {
    std::vector<Cell> cells;
    cells.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) cells.push_back(cell_from_postgresql(result, row, column));
    rows.emplace_back(std::move(cells));
  }
  return rows;
}

/// What an engine's code means to us. The engines' own messages may quote the values, which may be private:
/// only the code and our own statement go into the text.
struct Meaning {
  ErrorKind kind;
  const char* code;
  const char* zh;
  const char* en;
};
constexpr Meaning exists = {ErrorKind::conflict, "row_exists", "已有相同的记录", "There is such a record already"};
constexpr Meaning referred = {ErrorKind::conflict, "row_referred", "相关的记录不存在或仍被引用",
                              "A record it refers to is missing, or it is still referred to"};
constexpr Meaning forbidden = {ErrorKind::conflict, "row_protected", "这条记录不可改动", "This record may not be changed"};
constexpr Meaning unfit = {ErrorKind::internal, "row_unfit", "数据不符合表的约束", "The data does not fit the table"};
constexpr Meaning busy = {ErrorKind::unavailable, "store_busy", "数据库正忙，请稍后再试", "The store is busy, try again"};
constexpr Meaning full = {ErrorKind::unavailable, "disk_full", "磁盘已满，无法保存", "The disk is full, nothing can be stored"};
constexpr Meaning unreadable = {ErrorKind::unavailable, "store_unreadable", "数据库文件读写失败",
                                "The store's file cannot be read or written"};
constexpr Meaning damaged = {ErrorKind::unavailable, "store_damaged", "数据库文件已损坏，请从备份恢复",
                             "The store's file is damaged, restore it from a backup"};
constexpr Meaning lost = {ErrorKind::unavailable, "server_lost", "与数据库服务器的连接已断开",
                          "The connection to the database server was lost"};
constexpr Meaning wrong = {ErrorKind::internal, "statement_failed", "数据库语句执行失败", "A database statement failed"};

Meaning meaning_from_sqlite(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_ROWID: return exists;
    case SQLITE_CONSTRAINT_FOREIGNKEY: return referred;
    case SQLITE_CONSTRAINT_TRIGGER: return forbidden;
    default: break;
  }
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH: return unfit;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return busy;
    case SQLITE_FULL: return full;
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: return unreadable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return damaged;
    default: return wrong;
  }
}

Meaning meaning_from_postgresql(std::string_view state) {
  if (state == "23505") return exists;
  if (state == "23503") return referred;
  if (state == "P0001") return forbidden;
  if (state == "53100") return full;
  if (state.starts_with("22") || state.starts_with("23")) return unfit;
  if (state.starts_with("40") || state.starts_with("53") || state == "55P03" || state == "57014") return busy;
  if (state.starts_with("08") || state.starts_with("57P")) return lost;
  if (state.starts_with("58")) return unreadable;
  if (state.starts_with("XX")) return damaged;
  return wrong;
}

base::Error error_from(const Meaning& meaning, std::string_view engine_code, std::string_view sql) {
  // The statement helps only whoever mends our mistake.
  const auto statement = meaning.kind == ErrorKind::internal ? sql.substr(0, 120) : std::string_view();
  return base::fail(meaning.kind, meaning.code,
                    base::text("{0}（{2}{3}{4}）。", "{1} ({2}{3}{4}).", meaning.zh, meaning.en, engine_code,
                               statement.empty() ? "" : ": ", statement)).error();
}

std::string quoted(const std::filesystem::path& file) { return fmt::format("\"{}\"", file.string()); }

/// A server that cannot be reached must not hang the start.
std::string with_timeout(const std::string& url) {
  if (url.find("connect_timeout") != std::string::npos) return url;
  return url + (url.find('?') == std::string::npos ? "?" : "&") + "connect_timeout=5";
}

}  // namespace

struct Connection::Inside {
  Engine engine = Engine::sqlite;
  int log_pages = 0;
  soci::session session;
  std::unordered_map<const char*, Known> known;  // after `session`: statements must go first

  sqlite::sqlite3* sqlite_handle() {
    return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
  }
  PGconn* postgresql_handle() {
    return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
  }

  /// To be called in a catch clause, and nowhere else.
  base::Error caught(std::string_view sql) {
    if (engine == Engine::sqlite) return sqlite_error(sql);
    if (!session.get_backend() || PQstatus(postgresql_handle()) != CONNECTION_OK) return error_from(lost, "PostgreSQL", sql);
    try {
      throw;
    } catch (const soci::postgresql_soci_error& error) {
      const auto state = error.sqlstate().substr(0, 5);
      return error_from(meaning_from_postgresql(state), "PostgreSQL " + state, sql);
    } catch (const std::exception&) {
      return error_from(wrong, "PostgreSQL", sql);
    }
  }

  std::unique_ptr<Variant> prepared(const Known& with, const char* sql, const std::vector<Kind>& kinds) {
    auto variant = std::make_unique<Variant>();
    variant->kinds = kinds;
    variant->statement = std::make_unique<soci::statement>(session);
    auto& statement = *variant->statement;
    for (std::size_t place = 0; place < kinds.size(); ++place) {
      auto& slot = *variant->slots.emplace_back(std::make_unique<Slot>());
      switch (kinds[place]) {
        case Kind::nothing: break;  // written into the text
        case Kind::text: statement.exchange(soci::use(slot.text, slot.indicator, with.names[place])); break;
        case Kind::integer: statement.exchange(soci::use(slot.integer, slot.indicator, with.names[place])); break;
        case Kind::real: statement.exchange(soci::use(slot.real, slot.indicator, with.names[place])); break;
      }
    }
    statement.alloc();
    statement.prepare(postgresql_from_sql(sql, with.names, kinds));
    statement.define_and_bind();
    return variant;
  }

  Known& known_statement(const char* sql) {
    auto [entry, fresh] = known.try_emplace(sql);
    if (fresh) entry->second.names = parameter_names(sql);
    return entry->second;
  }

  /// The statement with its parameters bound, ready to execute.
  Result<Variant*> bound(const char* sql, const Parameters& parameters) {
    Known& with = known_statement(sql);
    const auto cells = TRY(ordered(with, parameters, sql));
    std::vector<Kind> kinds(cells.size());
    for (std::size_t place = 0; place < cells.size(); ++place) {
      TRY(storable(*cells[place]));
      kinds[place] = kind_of(*cells[place]);
    }
    auto found = std::ranges::find_if(with.variants, [&](const auto& variant) { return fits(*variant, kinds); });
    if (found == with.variants.end()) {
      auto variant = prepared(with, sql, kinds);
      if (with.variants.size() == variants_max) with.variants.erase(with.variants.begin());
      with.variants.push_back(std::move(variant));
      found = with.variants.end() - 1;
    }
    for (std::size_t place = 0; place < cells.size(); ++place) fill(*(*found)->slots[place], *cells[place]);
    return found->get();
  }

  struct Outcome {
    std::vector<Row> rows;
    std::int64_t touched = 0;
  };

  Outcome outcome(soci::statement& statement, bool rows_wanted) {
    Outcome given;
    statement.execute(false);
    auto& backend = *static_cast<soci::postgresql_statement_backend*>(statement.get_backend());
    if (rows_wanted) given.rows = rows_from_postgresql(backend.result_);
    given.touched = rows_wanted ? 0 : backend.get_affected_rows();
    backend.result_.reset();  // a kept statement must not keep a large answer
    return given;
  }

  base::Error sqlite_error(std::string_view sql) {
    const int code = session.get_backend() ? sqlite::sqlite3_extended_errcode(sqlite_handle()) : SQLITE_CANTOPEN;
    return error_from(meaning_from_sqlite(code), fmt::format("SQLite {}", code), sql);
  }

  /// SQLite knows no types of places and its statements live beside us: going through SOCI would copy every text twice.
  Result<SqliteStatement> prepared_by_sqlite(std::string_view sql) {
    sqlite::sqlite3_stmt* made = nullptr;
    const int code = sqlite::sqlite3_prepare_v3(sqlite_handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK) return base::fail(sqlite_error(sql));
    return SqliteStatement(made);
  }

  Result<Outcome> stepped(sqlite::sqlite3_stmt* statement, std::string_view sql) {
    Outcome given;
    const int code = rows_from_sqlite(statement, given.rows);
    if (code != SQLITE_DONE) {
      auto error = sqlite_error(sql);
      sqlite::sqlite3_reset(statement);
      return base::fail(std::move(error));
    }
    given.touched = sqlite::sqlite3_changes(sqlite_handle());
    // The last of a statement's work, such as a commit, can fail here.
    if (sqlite::sqlite3_reset(statement) != SQLITE_OK) return base::fail(sqlite_error(sql));
    return given;
  }

  Result<Outcome> perform_on_sqlite(const char* sql, const Parameters& parameters) {
    Known& with = known_statement(sql);
    if (!with.sqlite) with.sqlite = TRY(prepared_by_sqlite(sql));
    const auto cells = TRY(ordered(with, parameters, sql));
    // SQLite numbers the names as we do: by first appearance, from 1.
    for (std::size_t place = 0; place < cells.size(); ++place) {
      TRY(storable(*cells[place]));
      if (bind_to_sqlite(with.sqlite.get(), static_cast<int>(place) + 1, *cells[place]) != SQLITE_OK) return base::fail(sqlite_error(sql));
    }
    auto given = stepped(with.sqlite.get(), sql);
    sqlite::sqlite3_clear_bindings(with.sqlite.get());
    return given;
  }

  Result<Outcome> perform(const char* sql, const Parameters& parameters, bool rows_wanted) {
    if (engine == Engine::sqlite) return perform_on_sqlite(sql, parameters);
    Variant* variant = nullptr;
    try {
      variant = TRY(bound(sql, parameters));
      return outcome(*variant->statement, rows_wanted);
    } catch (const std::exception&) {
      auto error = caught(sql);
      if (variant != nullptr) {
        // SOCI frees what it bound only after success; a kept statement would leak with every failure.
        variant->statement->undefine_and_bind();
        variant->statement->define_and_bind();
      }
      return base::fail(std::move(error));
    }
  }

  void open_sqlite(const Location& location, Access access) {
    sqlite_is_ready();
    if (access == Access::write) {
      // SQLite gives its working files the mode of this one.
      if (const int made = ::open(location.file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600); made >= 0) ::close(made);
    }
    session.open(soci::sqlite3, "db=" + quoted(location.file));
    sqlite::sqlite3_busy_timeout(sqlite_handle(), busy_timeout_ms);
    // SOCI declares SQLite's types once more in a namespace of its own.
    if (!add_sqlite_functions(reinterpret_cast<::sqlite3*>(sqlite_handle()))) throw std::runtime_error("SQLite takes no functions");
    const auto pragma = [this](const char* text) { session << text; };
    if (access == Access::write) {
      pragma("PRAGMA journal_mode = WAL");
      pragma("PRAGMA synchronous = FULL");
      pragma("PRAGMA foreign_keys = ON");
      // A row replaced by INSERT OR REPLACE fires its triggers too, so the journal cannot be rewritten that way.
      pragma("PRAGMA recursive_triggers = ON");
      // A destroyed key must not stay readable in the file's free pages.
      pragma("PRAGMA secure_delete = ON");
      pragma("PRAGMA journal_size_limit = 67108864");
      pragma("PRAGMA cache_size = -16000");
      // In place of checkpoints within commits: checkpointer.h does them when it hears how long the log is.
      sqlite::sqlite3_wal_hook(
          sqlite_handle(),
          [](void* pages, sqlite::sqlite3*, const char*, int count) {
            *static_cast<int*>(pages) = count;
            return SQLITE_OK;
          },
          &log_pages);
    } else {
      pragma("PRAGMA query_only = ON");
      pragma("PRAGMA cache_size = -4000");
    }
    pragma("PRAGMA trusted_schema = OFF");
  }

  void open_postgresql(const Location& location, Access access) {
    session.open(soci::postgresql, with_timeout(location.url));
    session << "SET client_min_messages = error";
    session << "SET application_name = 'yihu'";
    // Its compiler of statements takes far longer for a page of rules than answering them does.
    session << "SET jit = off";
    if (access == Access::write) session << "SET synchronous_commit = on";
  }
};

Connection::Connection(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::open(const Location& location, Access access) {
  if (location.file.string().find('"') != std::string::npos) {
    return base::fail(ErrorKind::input, "folder_unusable",
                      base::text("数据目录名中不能有引号。", "The data folder's name must not contain a quotation mark."));
  }
  auto inside = std::make_unique<Inside>();
  inside->engine = location.engine();
  try {
    switch (inside->engine) {
      case Engine::sqlite: inside->open_sqlite(location, access); break;
      case Engine::postgresql: inside->open_postgresql(location, access); break;
    }
  } catch (const std::exception&) {
    if (inside->engine == Engine::postgresql) {
      return base::fail(ErrorKind::unavailable, "server_unreachable",
                        base::text("连接不上 PostgreSQL 数据库。", "The PostgreSQL database cannot be reached."),
                        base::text("请检查 --store 的地址、用户名和密码，以及服务器是否已启动。",
                                   "Check the address, user and password in --store, and that the server runs."));
    }
    return base::fail(inside->caught("open"));
  }
  return std::unique_ptr<Connection>(new Connection(std::move(inside)));
}

Result<std::vector<Row>> Connection::query(const char* sql, const Parameters& parameters) {
  return TRY(inside_->perform(sql, parameters, true)).rows;
}

Result<std::int64_t> Connection::execute(const char* sql, const Parameters& parameters) {
  return TRY(inside_->perform(sql, parameters, false)).touched;
}

Result<std::vector<Row>> Connection::run(const std::string& statement) {
  if (inside_->engine == Engine::sqlite) {
    const auto once = TRY(inside_->prepared_by_sqlite(statement));
    return TRY(inside_->stepped(once.get(), statement)).rows;
  }
  try {
    soci::statement once(inside_->session);
    once.alloc();
    once.prepare(statement, soci::details::st_one_time_query);
    once.define_and_bind();
    return inside_->outcome(once, true).rows;
  } catch (const std::exception&) {
    return base::fail(inside_->caught(statement));
  }
}

base::Done Connection::begin(Access access) {
  if (inside_->engine == Engine::sqlite) {
    TRY(query(access == Access::write ? "BEGIN IMMEDIATE" : "BEGIN"));
  } else {
    TRY(run(access == Access::write ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  }
  return {};
}

base::Done Connection::control(const char* statement) {
  // PostgreSQL gains nothing from preparing these; SQLite does.
  if (inside_->engine == Engine::sqlite) {
    TRY(query(statement));
  } else {
    TRY(run(statement));
  }
  return {};
}

base::Done Connection::commit() { return control("COMMIT"); }

void Connection::rollback() {
  // Nothing to undo is as good as undone: SQLite ends a transaction by itself on a full disk.
  (void)control("ROLLBACK");
}

Engine Connection::engine() const { return inside_->engine; }

bool Connection::in_transaction() const {
  if (inside_->engine == Engine::sqlite) return sqlite::sqlite3_get_autocommit(inside_->sqlite_handle()) == 0;
  const auto status = PQtransactionStatus(inside_->postgresql_handle());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

int Connection::log_pages() const { return inside_->log_pages; }

bool Connection::broken() const {
  return inside_->engine == Engine::postgresql && PQstatus(inside_->postgresql_handle()) != CONNECTION_OK;
}

}  // namespace yihu::store
