#pragma once
// What an answer holds inside, for the file that asks and the file that reads it.

#include "engine/duckdb.h"
#include "engine/library.h"

namespace yihu::engine {

struct Answer::Inside {
  Inside(const Library& library, duckdb_result given) : api(library), result(given) {}
  ~Inside() {
    if (chunk != nullptr) api.destroy_data_chunk(&chunk);
    api.destroy_result(&result);
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

  /// A column of the block as DuckDB lays it out; `validity` is nullptr when nothing is missing.
  struct Vector {
    const void* data = nullptr;
    const std::uint64_t* validity = nullptr;
  };

  const Library& api;
  duckdb_result result;
  std::vector<Column> columns;
  std::vector<duckdb_type> types;
  duckdb_data_chunk chunk = nullptr;
  std::size_t size = 0;
  std::vector<Vector> vectors;
};

}  // namespace yihu::engine
