#pragma once
// A table found in a sheet as people make them: title rows above, headings of one or several lines with merged
// cells, a row of column numbers, totals between and below, notes at the end.

#include "sheet/workbook.h"

#include <optional>

namespace yihu::sheet {

struct TableColumn {
  int column = 0;                  ///< in the sheet, from 1
  std::string heading;             ///< the parts joined with "/", for people: "收入/工资性收入"
  std::vector<std::string> parts;  ///< from top to bottom, each normalised by heading_text
  std::string address;             ///< of its lowest heading cell: "Sheet1!C4"
  bool hidden = false;
};

struct TableHead {
  std::string sheet;               ///< the sheet's name
  std::vector<std::string> above;  ///< title, reporting unit, day: each filled row above the head as one line
  int first_row = 0;
  int last_row = 0;                ///< the body begins below
  std::vector<TableColumn> columns;  ///< from left to right; a column without heading is left out
};

enum class RowRole {
  body,
  total,    ///< 合计, 总计, 小计 …
  note,     ///< 注：…, 填表人：…, or one text across the whole table
  heading,  ///< the head once more, as on each printed page, or a row of column numbers
};

/// The views hold until the callback returns.
struct TableRow {
  int number = 0;  ///< in the sheet, from 1
  RowRole role = RowRole::body;
  bool hidden = false;
  /// One for each column of the head, in its order; kind empty where there is nothing. A cell that is merged over
  /// several rows appears in each of them, with its own row, so that a mistake in it points to where it stands.
  std::span<const SheetCell> cells;
};

/// False ends the reading without an error.
using TableSink = std::function<bool(const TableRow& row)>;

inline constexpr int head_rows_searched = 60;
inline constexpr int head_lines_max = 5;

/// Finds the head of the table in a sheet.
/// @param known headings that are likely, as many as the caller has; the row that matches most of them wins
/// Errors: the sheet is empty; no row looks like a head, with what would help.
base::Result<TableHead> table_head(Workbook& workbook, std::size_t sheet, std::span<const std::string> known = {},
                                   const base::Cancel& cancel = {});

/// All rows below the head but blank ones, in order; whoever wants only the body looks at the role.
base::Done read_table(Workbook& workbook, std::size_t sheet, const TableHead& head, const TableSink& sink,
                      const base::Cancel& cancel = {}, const base::Progress& progress = {});

/// Without blanks and line breaks, full-width letters and digits narrow, brackets and punctuation of one kind:
/// "户主\n姓　名（必填）" → "户主姓名(必填)".
std::string heading_text(std::string_view text);

/// What two spellings of one heading share: heading_text without what stands in brackets and without marks such as
/// "*" and "：", Latin letters small. For comparison only.
std::string heading_key(std::string_view text);

/// Amounts in another unit would be wrong by a factor, and look right.
/// Errors: input "unit_differs" where the heading, or a line above the table, says 万元 and the like.
base::Done expect_yuan(const TableHead& head, std::string_view heading, const std::string& address);

}  // namespace yihu::sheet
