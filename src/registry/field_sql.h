#pragma once
// Column lists out of the table of fields, put together by the compiler, so that the SQL stays a constant.

#include "registry/fields.h"
#include "store/session.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace yihu::registry {

/// Text the compiler may put together; std::string of this library is no constant for every compiler.
class SqlText {
 public:
  constexpr SqlText() = default;
  constexpr SqlText(std::string_view text) : bytes_(text.begin(), text.end()) {}
  constexpr SqlText(const char* text) : SqlText(std::string_view(text)) {}
  constexpr SqlText& operator+=(std::string_view text) {
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    return *this;
  }
  friend constexpr SqlText operator+(SqlText one, const SqlText& other) { return one += other.view(); }
  constexpr std::string_view view() const { return {bytes_.data(), bytes_.size()}; }
  constexpr bool is_empty() const { return bytes_.empty(); }

 private:
  std::vector<char> bytes_;
};

/// "code, village, …"
constexpr SqlText columns_of(std::span<const Field> fields) {
  SqlText out;
  for (const Field& field : fields) {
    if (!out.is_empty()) out += ", ";
    out += field.id;
  }
  return out;
}

/// "code = :code, village = :village, …"
constexpr SqlText assignments_of(std::span<const Field> fields) {
  SqlText out;
  for (const Field& field : fields) {
    if (!out.is_empty()) out += ", ";
    out += field.id;
    out += " = :";
    out += field.id;
  }
  return out;
}

/// "code, :village, …": what stands behind the first colon of a VALUES list.
constexpr SqlText parameters_of(std::span<const Field> fields) {
  SqlText out;
  for (const Field& field : fields) {
    if (!out.is_empty()) out += ", :";
    out += field.id;
  }
  return out;
}

template <auto Make>
struct FieldSql {
  static constexpr std::size_t size = Make().view().size();
  static constexpr std::array<char, size + 1> text = [] {
    std::array<char, size + 1> out{};
    const SqlText made = Make();
    std::copy(made.view().begin(), made.view().end(), out.begin());
    return out;
  }();
};

/// `sql_of<[] { return "SELECT " + columns_of(household_fields) + " FROM household"; }>`
template <auto Make>
inline constexpr store::Sql sql_of{FieldSql<Make>::text.data()};

}  // namespace yihu::registry
