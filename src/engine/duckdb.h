#pragma once
// DuckDB for sweeps: a database in memory that is filled in bulk, asked with SQL, and thrown away. Its library is 65 MB
// and is loaded when the first database is opened, so that programs which sweep nothing never pay for it.

#include "base/cancel.h"
#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::engine {

/// Whole numbers have 64 bits, text is UTF-8. Days are text, as in the live store.
enum class Type { boolean, integer, real, text };

struct Column {
  std::string name;
  Type type = Type::text;
};

struct Options {
  int threads_max = 0;                ///< 0: one per core
  std::int64_t memory_bytes_max = 0;  ///< 0: four fifths of the machine's
  /// Where what does not fit into memory is written while a question is answered; empty: nowhere, and it fails instead.
  std::filesystem::path spill = {};
};

/// Who waits for an answer, and may stop waiting.
struct Watch {
  base::Cancel cancel = {};
  base::Progress progress = {};  ///< in hundredths of the running question; called by the thread that asked
};

/// What a question answers: rows in blocks, each block column by column. Blocks live until the next one is taken.
class Answer {
 public:
  Answer(Answer&&) noexcept;
  Answer& operator=(Answer&&) noexcept;
  ~Answer();

  const std::vector<Column>& columns() const;
  /// Takes the next block. False when there is none.
  bool next();
  std::size_t size() const;  ///< rows of the block
  bool null(std::size_t column, std::size_t row) const;
  /// Asking a column for another type than its own is our bug and asserts. Of a missing value: 0, "".
  bool truth(std::size_t column, std::size_t row) const;
  std::int64_t integer(std::size_t column, std::size_t row) const;
  double real(std::size_t column, std::size_t row) const;
  std::string_view text(std::size_t column, std::size_t row) const;

 private:
  friend class Duckdb;
  struct Inside;
  explicit Answer(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

/// Fills a table row by row, in the order of its columns; over a million rows a second.
class Loader {
 public:
  Loader(Loader&&) noexcept;
  Loader& operator=(Loader&&) noexcept;
  /// Rows since the last block are lost unless `finish` was called.
  ~Loader();

  /// The next cell of the row. A kind that the column does not take is our bug and asserts; a whole number may go into
  /// a real column.
  void truth(bool value);
  void integer(std::int64_t value);
  void real(double value);
  void text(std::string_view value);
  void nothing();
  /// All columns have been given.
  base::Done end_row();
  base::Done finish();

 private:
  friend class Duckdb;
  struct Inside;
  explicit Loader(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

/// One database in memory with one connection: one thread at a time. What is asked runs on `threads_max` threads.
/// SQL comes from the rules' compiler, which never pastes data into it. Files and networks cannot be reached from it.
class Duckdb {
 public:
  /// Errors: unavailable "engine_missing" when the library is not there.
  static base::Result<std::unique_ptr<Duckdb>> open(const Options& options = {});
  ~Duckdb();
  Duckdb(const Duckdb&) = delete;
  Duckdb& operator=(const Duckdb&) = delete;

  /// Errors: cancelled; unavailable "engine_out_of_memory"; internal "engine_failed" with the engine's words where
  /// these cannot hold data.
  base::Result<Answer> ask(const std::string& sql, const Watch& watch = {});
  base::Done run(const std::string& sql, const Watch& watch = {});

  /// Makes the table and begins to fill it.
  base::Result<Loader> load(std::string_view table, std::vector<Column> columns);

 private:
  struct Inside;
  explicit Duckdb(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

/// A name as it is written in SQL: in double quotes, those within doubled.
std::string sql_name(std::string_view name);

}  // namespace yihu::engine
