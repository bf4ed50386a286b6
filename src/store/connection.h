#pragma once
// One connection to one of the two engines. SOCI connects, prepares, binds and executes; cells are read from the
// engine's own answer, because SOCI 4.0 gives a row's INTEGER as 32 bits and every expression (`count(*)`) as text
// on SQLite. SOCI is included by connection.cpp alone.

#include "store/session.h"

#include <filesystem>
#include <memory>
#include <string>

namespace yihu::store {

enum class Engine { sqlite, postgresql };
enum class Access { read, write };

/// Where a store is: a file, or "postgresql://…".
struct Location {
  std::filesystem::path file;
  std::string url;
  Engine engine() const { return url.empty() ? Engine::sqlite : Engine::postgresql; }
};

class Connection {
 public:
  /// Errors: unavailable when the file or the server cannot be reached. The text never holds the URL (it has a password).
  static base::Result<std::unique_ptr<Connection>> open(const Location& location, Access access);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// `sql` must live as long as the connection: prepared statements are kept by its address.
  base::Result<std::vector<Row>> query(const char* sql, const Parameters& parameters = {});
  base::Result<std::int64_t> execute(const char* sql, const Parameters& parameters = {});
  /// One statement without parameters, not kept: schema changes and PRAGMA.
  base::Result<std::vector<Row>> run(const std::string& statement);

  /// SAVEPOINT and its like: a literal without parameters.
  base::Done control(const char* statement);

  /// A reading transaction sees one state of the store from its first query to its end.
  base::Done begin(Access access);
  base::Done commit();
  void rollback();

  Engine engine() const;
  bool in_transaction() const;
  /// Pages in SQLite's log after the last commit; 0 on PostgreSQL.
  int log_pages() const;
  /// The server went away; only a new connection helps.
  bool broken() const;

 private:
  struct Inside;
  explicit Connection(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace yihu::store
