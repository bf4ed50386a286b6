#pragma once
// What a loader holds inside, for the file that makes it and the file that fills it.

#include "engine/duckdb.h"
#include "engine/library.h"

namespace yihu::engine {

struct Loader::Inside {
  explicit Inside(const Library& library) : api(library) {}
  ~Inside() {
    if (chunk != nullptr) api.destroy_data_chunk(&chunk);
    if (appender != nullptr) api.appender_destroy(&appender);
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

  /// Where the next cells of a column go. `validity` is nullptr until something is missing in the block.
  struct Vector {
    Type type = Type::text;
    duckdb_vector vector = nullptr;
    void* data = nullptr;
    std::uint64_t* validity = nullptr;
  };

  void begin_block();
  base::Done append_block();

  const Library& api;
  duckdb_appender appender = nullptr;
  duckdb_data_chunk chunk = nullptr;
  std::vector<Vector> vectors;
  std::size_t rows_max = 0;
  std::size_t row = 0;
  std::size_t column = 0;
};

duckdb_type duckdb_from_type(Type type);
/// An engine's words about `what` may hold data: they are dropped.
std::unexpected<base::Error> engine_failed(std::string_view what);

}  // namespace yihu::engine
