#include "store/session.h"

#include <cassert>

namespace yihu::store {

std::int64_t Row::integer(std::size_t column) const {
  if (null(column)) return 0;
  const auto* held = std::get_if<std::int64_t>(&cells_[column]);
  assert(held && "the column holds no whole number");
  return held ? *held : 0;
}

double Row::real(std::size_t column) const {
  if (null(column)) return 0;
  // A sum of reals that are all whole comes back as a whole number from some engines.
  if (const auto* whole = std::get_if<std::int64_t>(&cells_[column])) return static_cast<double>(*whole);
  const auto* held = std::get_if<double>(&cells_[column]);
  assert(held && "the column holds no number");
  return held ? *held : 0;
}

const std::string& Row::text(std::size_t column) const {
  static const std::string nothing;
  if (null(column)) return nothing;
  const auto* held = std::get_if<std::string>(&cells_[column]);
  assert(held && "the column holds no text");
  return held ? *held : nothing;
}

std::optional<std::int64_t> Row::maybe_integer(std::size_t column) const {
  if (null(column)) return std::nullopt;
  return integer(column);
}

std::optional<base::Instant> Row::maybe_instant(std::size_t column) const {
  if (null(column)) return std::nullopt;
  return instant(column);
}

std::optional<std::string> Row::maybe_text(std::size_t column) const {
  if (null(column)) return std::nullopt;
  return text(column);
}

std::optional<base::Date> Row::maybe_date(std::size_t column) const {
  if (null(column)) return std::nullopt;
  auto date = base::parse_date(text(column));
  assert(date && "the column holds no day");
  if (!date) return std::nullopt;
  return *date;
}

base::Result<std::optional<Row>> Session::find(Sql sql, const Parameters& parameters) {
  auto rows = TRY(query(sql, parameters));
  if (rows.empty()) return std::optional<Row>();
  return std::optional<Row>(std::move(rows.front()));
}

}  // namespace yihu::store
