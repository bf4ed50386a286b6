#pragma once
// Column lists out of the table of fields, put together by the compiler, so that the SQL stays a constant.

#include "registry/fields.h"
#include "store/session.h"

#include <algorithm>
#include <array>
#include <string>

namespace yihu::registry {

/// "code, village, …"; with a prefix "h.code, h.village, …"
constexpr std::string columns_of(std::span<const Field> fields, std::string_view prefix = "") {
  std::string out;
  for (const Field& field : fields) {
    if (!out.empty()) out += ", ";
    out += prefix;
    out += field.id;
  }
  return out;
}

/// "code = :code, village = :village, …"
constexpr std::string assignments_of(std::span<const Field> fields) {
  std::string out;
  for (const Field& field : fields) {
    if (!out.empty()) out += ", ";
    out += field.id;
    out += " = :";
    out += field.id;
  }
  return out;
}

/// "code, :village, …": what stands behind the first colon of a VALUES list.
constexpr std::string parameters_of(std::span<const Field> fields) {
  std::string out;
  for (const Field& field : fields) {
    if (!out.empty()) out += ", :";
    out += field.id;
  }
  return out;
}

template <auto Make>
struct FieldSql {
  static constexpr std::size_t size = Make().size();
  static constexpr std::array<char, size + 1> text = [] {
    std::array<char, size + 1> out{};
    const std::string made = Make();
    std::copy(made.begin(), made.end(), out.begin());
    return out;
  }();
};

/// `sql_of<[] { return "SELECT " + columns_of(household_fields) + " FROM household"; }>`
template <auto Make>
inline constexpr store::Sql sql_of{FieldSql<Make>::text.data()};

}  // namespace yihu::registry
