// Values and names as SQL.

#include "rule/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace yihu::rule {
namespace {

std::string quoted_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    // No language of ours can hold it, and PostgreSQL could not.
    if (c != '\0') out += c;
  }
  return out + "'";
}

std::string whole_number(std::int64_t value, Engine engine) {
  // Written plainly the least integer would be the negative of a number that is too large for one.
  if (value == std::numeric_limits<std::int64_t>::min() && engine != Engine::sqlite) return "CAST(-9223372036854775808 AS BIGINT)";
  return value < 0 ? fmt::format("({})", value) : fmt::format("{}", value);
}

/// SQLite's reading of decimals can be off by the last bit, so it is given an integer and powers of two, which are exact.
std::string exact_real(double value) {
  constexpr int mantissa_bits = 53;
  constexpr int step_bits = 62;
  int exponent = 0;
  auto mantissa = static_cast<std::int64_t>(std::ldexp(std::frexp(value, &exponent), mantissa_bits));
  exponent -= mantissa_bits;
  while (mantissa != 0 && mantissa % 2 == 0) {
    mantissa /= 2;
    ++exponent;
  }
  if (mantissa == 0) return "0.0";
  std::string out = fmt::format("{}.0", mantissa);
  const bool times = exponent > 0;
  for (int left = std::abs(exponent); left > 0; left -= step_bits) {
    out += fmt::format(" {} {}", times ? '*' : '/', std::int64_t{1} << std::min(left, step_bits));
  }
  return "(" + out + ")";
}

std::string real_number(double value, Engine engine) {
  switch (engine) {
    case Engine::sqlite: return exact_real(value);
    case Engine::postgres: return fmt::format("CAST('{}' AS DOUBLE PRECISION)", value);
    case Engine::duckdb: break;
  }
  return fmt::format("CAST('{}' AS DOUBLE)", value);
}

}  // namespace

std::string literal(const Constant& constant, Engine engine) {
  switch (constant.kind) {
    case Kind::truth: return std::get<bool>(constant.value) ? "TRUE" : "FALSE";
    case Kind::integer:
    case Kind::money: return whole_number(std::get<std::int64_t>(constant.value), engine);
    case Kind::real: return real_number(std::get<double>(constant.value), engine);
    case Kind::text:
    case Kind::day: break;
  }
  return quoted_text(std::get<std::string>(constant.value));
}

std::string quoted_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    if (c != '\0') out += c;
  }
  return out + "\"";
}

}  // namespace yihu::rule
