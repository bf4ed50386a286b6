#pragma once
// DuckDB's C functions, found in its library at run time. Included by the room's own files alone.

#include "base/result.h"

#include <duckdb.h>

#include <string>

namespace yihu::engine {

/// Looks names up in a loaded library, and remembers one that is not there.
class Symbols {
 public:
  explicit Symbols(void* handle) : handle_(handle) {}

  struct Found {
    void* address;
    template <class Function>
    operator Function*() const { return reinterpret_cast<Function*>(address); }  // NOLINT: becomes what it is assigned to
  };
  Found operator()(const char* name);
  const std::string& missing() const { return missing_; }

 private:
  void* handle_;
  std::string missing_;
};

/// One pointer per function used, named as in DuckDB's header without its prefix.
class Library {
 public:
  explicit Library(void* handle) : find_(handle) {}
  /// A name that the library lacks; empty when it is whole.
  const std::string& missing() const { return find_.missing(); }

 private:
  Symbols find_;

 public:
  decltype(&duckdb_library_version) library_version = find_("duckdb_library_version");
  decltype(&duckdb_create_config) create_config = find_("duckdb_create_config");
  decltype(&duckdb_set_config) set_config = find_("duckdb_set_config");
  decltype(&duckdb_destroy_config) destroy_config = find_("duckdb_destroy_config");
  decltype(&duckdb_open_ext) open_ext = find_("duckdb_open_ext");
  decltype(&duckdb_close) close = find_("duckdb_close");
  decltype(&duckdb_connect) connect = find_("duckdb_connect");
  decltype(&duckdb_free) free = find_("duckdb_free");
  decltype(&duckdb_disconnect) disconnect = find_("duckdb_disconnect");
  decltype(&duckdb_query_progress) query_progress = find_("duckdb_query_progress");
  decltype(&duckdb_prepare) prepare = find_("duckdb_prepare");
  decltype(&duckdb_prepare_error) prepare_error = find_("duckdb_prepare_error");
  decltype(&duckdb_destroy_prepare) destroy_prepare = find_("duckdb_destroy_prepare");
  decltype(&duckdb_pending_prepared) pending_prepared = find_("duckdb_pending_prepared");
  decltype(&duckdb_pending_execute_task) pending_execute_task = find_("duckdb_pending_execute_task");
  decltype(&duckdb_pending_error) pending_error = find_("duckdb_pending_error");
  decltype(&duckdb_execute_pending) execute_pending = find_("duckdb_execute_pending");
  decltype(&duckdb_destroy_pending) destroy_pending = find_("duckdb_destroy_pending");
  decltype(&duckdb_interrupt) interrupt = find_("duckdb_interrupt");
  decltype(&duckdb_result_error) result_error = find_("duckdb_result_error");
  decltype(&duckdb_destroy_result) destroy_result = find_("duckdb_destroy_result");
  decltype(&duckdb_column_count) column_count = find_("duckdb_column_count");
  decltype(&duckdb_column_name) column_name = find_("duckdb_column_name");
  decltype(&duckdb_column_type) column_type = find_("duckdb_column_type");
  decltype(&duckdb_fetch_chunk) fetch_chunk = find_("duckdb_fetch_chunk");
  decltype(&duckdb_create_logical_type) create_logical_type = find_("duckdb_create_logical_type");
  decltype(&duckdb_destroy_logical_type) destroy_logical_type = find_("duckdb_destroy_logical_type");
  decltype(&duckdb_create_data_chunk) create_data_chunk = find_("duckdb_create_data_chunk");
  decltype(&duckdb_destroy_data_chunk) destroy_data_chunk = find_("duckdb_destroy_data_chunk");
  decltype(&duckdb_data_chunk_reset) data_chunk_reset = find_("duckdb_data_chunk_reset");
  decltype(&duckdb_data_chunk_get_vector) data_chunk_get_vector = find_("duckdb_data_chunk_get_vector");
  decltype(&duckdb_data_chunk_get_size) data_chunk_get_size = find_("duckdb_data_chunk_get_size");
  decltype(&duckdb_data_chunk_set_size) data_chunk_set_size = find_("duckdb_data_chunk_set_size");
  decltype(&duckdb_vector_size) vector_size = find_("duckdb_vector_size");
  decltype(&duckdb_vector_get_data) vector_get_data = find_("duckdb_vector_get_data");
  decltype(&duckdb_vector_get_validity) vector_get_validity = find_("duckdb_vector_get_validity");
  decltype(&duckdb_vector_ensure_validity_writable) vector_ensure_validity_writable = find_("duckdb_vector_ensure_validity_writable");
  decltype(&duckdb_vector_assign_string_element_len) vector_assign_string_element_len = find_("duckdb_vector_assign_string_element_len");
  decltype(&duckdb_appender_create) appender_create = find_("duckdb_appender_create");
  decltype(&duckdb_appender_error) appender_error = find_("duckdb_appender_error");
  decltype(&duckdb_appender_close) appender_close = find_("duckdb_appender_close");
  decltype(&duckdb_appender_destroy) appender_destroy = find_("duckdb_appender_destroy");
  decltype(&duckdb_append_data_chunk) append_data_chunk = find_("duckdb_append_data_chunk");
};

/// Loads it once for the whole program: the file that YIHU_DUCKDB names, else .cache/engine beside the program's
/// source, else lib/yihu beside the installed program. It stays until the program ends.
/// Errors: unavailable "engine_missing", "engine_unreadable".
base::Result<const Library*> library();

}  // namespace yihu::engine
