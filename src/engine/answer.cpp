#include "engine/answer.h"

#include <cassert>

namespace yihu::engine {
Answer::Answer(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Answer::Answer(Answer&&) noexcept = default;
Answer& Answer::operator=(Answer&&) noexcept = default;
Answer::~Answer() = default;

const std::vector<Column>& Answer::columns() const { return inside_->columns; }
std::size_t Answer::size() const { return inside_->size; }

bool Answer::next() {
  Inside& in = *inside_;
  if (in.chunk != nullptr) in.api.destroy_data_chunk(&in.chunk);
  in.chunk = in.api.fetch_chunk(in.result);
  in.size = in.chunk == nullptr ? 0 : in.api.data_chunk_get_size(in.chunk);
  if (in.size == 0) return false;
  in.vectors.clear();
  for (std::size_t column = 0; column < in.columns.size(); ++column) {
    const duckdb_vector vector = in.api.data_chunk_get_vector(in.chunk, column);
    in.vectors.push_back({in.api.vector_get_data(vector), in.api.vector_get_validity(vector)});
  }
  return true;
}

bool Answer::null(std::size_t column, std::size_t row) const {
  assert(row < inside_->size);
  const std::uint64_t* validity = inside_->vectors[column].validity;
  return validity != nullptr && (validity[row / 64] >> (row % 64) & 1) == 0;
}

bool Answer::truth(std::size_t column, std::size_t row) const {
  assert(inside_->types[column] == DUCKDB_TYPE_BOOLEAN);
  return !null(column, row) && static_cast<const bool*>(inside_->vectors[column].data)[row];
}

std::int64_t Answer::integer(std::size_t column, std::size_t row) const {
  if (null(column, row)) return 0;
  const void* data = inside_->vectors[column].data;
  switch (inside_->types[column]) {
    case DUCKDB_TYPE_TINYINT: return static_cast<const std::int8_t*>(data)[row];
    case DUCKDB_TYPE_SMALLINT: return static_cast<const std::int16_t*>(data)[row];
    case DUCKDB_TYPE_INTEGER: return static_cast<const std::int32_t*>(data)[row];
    case DUCKDB_TYPE_BIGINT: return static_cast<const std::int64_t*>(data)[row];
    default: assert(!"a whole number"); return 0;
  }
}

double Answer::real(std::size_t column, std::size_t row) const {
  assert(inside_->types[column] == DUCKDB_TYPE_DOUBLE);
  return null(column, row) ? 0 : static_cast<const double*>(inside_->vectors[column].data)[row];
}

std::string_view Answer::text(std::size_t column, std::size_t row) const {
  assert(inside_->types[column] == DUCKDB_TYPE_VARCHAR);
  if (null(column, row)) return {};
  const auto& text = static_cast<const duckdb_string_t*>(inside_->vectors[column].data)[row];
  // Up to twelve bytes stand in the cell itself.
  const std::uint32_t length = text.value.inlined.length;
  return {length <= sizeof text.value.inlined.inlined ? text.value.inlined.inlined : text.value.pointer.ptr, length};
}

}  // namespace yihu::engine
