#pragma once
// New workbooks (xlsx) that are read on a screen and printed on A4: title, one head row, bordered rows.

#include "base/clock.h"
#include "base/date.h"
#include "base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace yihu::sheet {

enum class Tone { plain, strong, muted, good, warning, bad };
enum class Align { left, centre, right };

/// Text is always text: what begins with "=" is shown, never computed. Longer than a cell can hold, it is cut.
struct WorkbookCell {
  std::variant<std::monostate, std::string, std::int64_t, double, base::Date> value{};
  Tone tone = Tone::plain;
  int rows = 1;  ///< how many rows it covers; only where constant_memory is off
  int columns = 1;
};

struct WorkbookColumn {
  std::string title;
  double width = 12;  ///< in digits of the ordinary print; a Chinese character takes two
  Align align = Align::left;
};

struct WorkbookSheet {
  std::string name{};   ///< on the tab; made short, unique and free of forbidden signs
  std::string title{};  ///< large, above the table; may be empty
  std::string note{};   ///< small, below the title; may be empty
  std::vector<WorkbookColumn> columns{};
  bool landscape = true;
  int frozen_columns = 0;  ///< stay in view when scrolling right
};

struct WorkbookOptions {
  base::Instant created;  ///< written into the file, so that the same input gives the same bytes
  base::Language language = base::Language::zh;  ///< of the page numbers
  std::string title;
  std::string author;
  bool constant_memory = false;  ///< one row in memory at a time, for large tables; no cell may cover several rows
};

inline constexpr int workbook_rows_max = 1'000'000;

/// Sheets one after the other, rows from top to bottom.
class WorkbookWriter {
 public:
  static base::Result<WorkbookWriter> open(WorkbookOptions options);
  WorkbookWriter(WorkbookWriter&&) noexcept;
  WorkbookWriter& operator=(WorkbookWriter&&) noexcept;
  ~WorkbookWriter();

  /// Later rows go to this sheet. Its title, note and head stand at once; the head repeats on each printed page.
  base::Done add_sheet(WorkbookSheet sheet);
  /// Cells from left to right; places covered from above are passed over, so they are not given.
  base::Done add_row(const std::vector<WorkbookCell>& cells);
  /// A line across the whole table, such as the name of a part.
  base::Done add_heading(const std::string& text);
  /// The bytes of the file. Errors: no sheet, no memory.
  base::Result<std::string> finish() &&;

 private:
  class Book;
  explicit WorkbookWriter(std::unique_ptr<Book> book);
  std::unique_ptr<Book> book_;
};

}  // namespace yihu::sheet
