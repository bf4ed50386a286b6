#include "engine/loader.h"

#include <cassert>
#include <utility>

namespace yihu::engine {

duckdb_type duckdb_from_type(Type type) {
  switch (type) {
    case Type::boolean: return DUCKDB_TYPE_BOOLEAN;
    case Type::integer: return DUCKDB_TYPE_BIGINT;
    case Type::real: return DUCKDB_TYPE_DOUBLE;
    case Type::text: return DUCKDB_TYPE_VARCHAR;
  }
  std::unreachable();
}

/// Where this block's cells are written; a block that was used before is emptied first.
void Loader::Inside::begin_block() {
  api.data_chunk_reset(chunk);
  row = 0;
  for (std::size_t at = 0; at < vectors.size(); ++at) {
    vectors[at].vector = api.data_chunk_get_vector(chunk, at);
    vectors[at].data = api.vector_get_data(vectors[at].vector);
    vectors[at].validity = nullptr;
  }
}

base::Done Loader::Inside::append_block() {
  if (row == 0) return {};
  api.data_chunk_set_size(chunk, row);
  if (api.append_data_chunk(appender, chunk) != DuckDBSuccess) return engine_failed("append");
  begin_block();
  return {};
}

Loader::Loader(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Loader::Loader(Loader&&) noexcept = default;
Loader& Loader::operator=(Loader&&) noexcept = default;
Loader::~Loader() = default;

void Loader::truth(bool value) {
  Inside& in = *inside_;
  assert(in.vectors[in.column].type == Type::boolean);
  static_cast<bool*>(in.vectors[in.column++].data)[in.row] = value;
}

void Loader::integer(std::int64_t value) {
  Inside& in = *inside_;
  if (in.vectors[in.column].type == Type::real) return real(static_cast<double>(value));
  assert(in.vectors[in.column].type == Type::integer);
  static_cast<std::int64_t*>(in.vectors[in.column++].data)[in.row] = value;
}

void Loader::real(double value) {
  Inside& in = *inside_;
  assert(in.vectors[in.column].type == Type::real);
  static_cast<double*>(in.vectors[in.column++].data)[in.row] = value;
}

void Loader::text(std::string_view value) {
  Inside& in = *inside_;
  assert(in.vectors[in.column].type == Type::text);
  in.api.vector_assign_string_element_len(in.vectors[in.column++].vector, in.row, value.data(), value.size());
}

void Loader::nothing() {
  Inside& in = *inside_;
  Inside::Vector& vector = in.vectors[in.column++];
  if (vector.validity == nullptr) {
    in.api.vector_ensure_validity_writable(vector.vector);
    vector.validity = in.api.vector_get_validity(vector.vector);
  }
  vector.validity[in.row / 64] &= ~(std::uint64_t{1} << (in.row % 64));
}

base::Done Loader::end_row() {
  Inside& in = *inside_;
  assert(in.column == in.vectors.size());
  in.column = 0;
  if (++in.row < in.rows_max) return {};
  return in.append_block();
}

base::Done Loader::finish() {
  Inside& in = *inside_;
  assert(in.column == 0);
  TRY(in.append_block());
  if (in.api.appender_close(in.appender) != DuckDBSuccess) return engine_failed("append");
  return {};
}

}  // namespace yihu::engine
