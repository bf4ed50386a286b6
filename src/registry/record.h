#pragma once
// The values of one row, by the ids of its fields.

#include "registry/fields.h"
#include "store/session.h"

#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::registry {

/// Nothing is unknown; truth is 0 or 1, money fen, a day "2019-04-30", a code its word.
using store::Cell;

/// Values to be written, by field. A field that is not there keeps what it holds; one with nothing becomes unknown.
using Values = std::map<std::string, Cell, std::less<>>;

class Record {
 public:
  explicit Record(std::span<const Field> fields) : fields_(fields), cells_(fields.size()) {}
  /// @param first the row's column in which the first field stands
  Record(std::span<const Field> fields, const store::Row& row, std::size_t first);

  std::span<const Field> fields() const { return fields_; }
  /// Asserts that there is such a field.
  const Cell& at(std::string_view field) const { return cells_[place(field)]; }
  Cell& at(std::string_view field) { return cells_[place(field)]; }
  const Cell& cell(std::size_t index) const { return cells_[index]; }
  Cell& cell(std::size_t index) { return cells_[index]; }

  /// The empty text when it is unknown.
  std::string text(std::string_view field) const;
  std::optional<std::int64_t> integer(std::string_view field) const;
  bool known(std::string_view field) const { return !std::holds_alternative<std::monostate>(at(field)); }

 private:
  std::size_t place(std::string_view field) const;

  std::span<const Field> fields_;
  std::vector<Cell> cells_;
};

bool known(const Cell& cell);
store::Value value_from(const Cell& cell);
/// Every field as a parameter of its own name.
store::Parameters parameters_from(const Record& values);
/// As field_history keeps it; the two are inverse for values of the field.
std::optional<std::string> text_from(const Cell& cell);
Cell cell_from_history(const Field& field, const std::optional<std::string>& text);
boost::json::value json_from(const Cell& cell);

/// One value as a person or a workbook writes it: 是/否 and 1/0, dates in several forms, codes by word or label.
/// Empty text is unknown. Errors: input, with the field and what would be right.
base::Result<Cell> cell_from_text(const Field& field, std::string_view text);
/// A value of the right type, within the field's limits? Errors: input "/<field id>".
base::Done check(const Field& field, const Cell& cell);

}  // namespace yihu::registry
