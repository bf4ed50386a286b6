#pragma once
// A table as the engine reads it: headings, and rows in parts that several threads may read at the same time.

#include "base/result.h"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::link {

inline constexpr std::size_t columns_max = 1000;
inline constexpr std::size_t rows_max = 200'000'000;

/// The cells of one row, one per heading, blanks at both ends taken off.
using Cells = std::span<const std::string_view>;
using RowVisitor = std::function<void(std::size_t row, Cells cells)>;

class Source {
 public:
  virtual ~Source() = default;
  /// Blanks at both ends taken off; none is empty, none stands twice.
  const std::vector<std::string>& headings() const { return headings_; }
  virtual std::size_t parts() const = 0;
  /// The number of the part's first row; of parts(): the number of rows. Rows count from 0.
  virtual std::size_t first_row(std::size_t part) const = 0;
  /// Visits the part's first `rows_wanted` rows in order.
  virtual base::Done visit(std::size_t part, std::size_t rows_wanted, const RowVisitor& visitor) const = 0;
  base::Done visit(std::size_t part, const RowVisitor& visitor) const { return visit(part, rows_max, visitor); }
  /// The part will hardly be read again; its bytes may leave memory.
  virtual void release(std::size_t) const {}
  /// Cells within these bytes stay where they are as long as the source lives.
  virtual std::string_view stable_bytes() const { return {}; }
  /// What a person calls the table in a message.
  virtual const std::string& name() const = 0;
  /// Line of a row in the file, for messages; rows with line breaks inside are not counted.
  virtual std::size_t line_of(std::size_t row) const { return row + 2; }

  std::size_t rows() const { return first_row(parts()); }

 protected:
  /// Refuses headings that are empty, double or too many.
  base::Done set_headings(std::vector<std::string> headings, const std::string& name);

 private:
  std::vector<std::string> headings_;
};

/// Rows held in memory: a workbook's sheet, or a test's.
class TableSource final : public Source {
 public:
  static base::Result<TableSource> from(std::string name, std::vector<std::vector<std::string>> rows_with_headings);
  std::size_t parts() const override;
  std::size_t first_row(std::size_t part) const override;
  using Source::visit;
  base::Done visit(std::size_t part, std::size_t rows_wanted, const RowVisitor& visitor) const override;
  const std::string& name() const override { return name_; }

 private:
  std::string name_;
  std::vector<std::vector<std::string>> rows_;
};

/// Without blanks, tabs, no-break and ideographic spaces, and byte order marks at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace yihu::link
