#pragma once
// A document as plain text with the tables found in it. Every format ends here; the plan reader starts here.

#include "base/cancel.h"
#include "base/result.h"
#include "base/utf8.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

/// A cell of a table. `row` and `column` are those of its upper left corner, from 0.
struct Cell {
  int row = 0;
  int column = 0;
  int rows = 1;     ///< how many rows it covers (merged cells)
  int columns = 1;
  std::string text;
  base::Span span;  ///< where that text stands in Document::text

  bool operator==(const Cell&) const = default;
};

struct Table {
  int rows = 0;
  int columns = 0;
  std::vector<Cell> cells;  ///< by row, then column; covered places have no cell
  base::Span span;          ///< from its first to its last cell in Document::text

  bool operator==(const Table&) const = default;
};

/// `text` is UTF-8 with "\n" line ends. For txt and md it is the decoded file itself without its byte order mark,
/// code point for code point: "\r\n" is given as " \n", so that spans also hold in the file.
/// For other formats: one line a paragraph, generated numbers included; one line a table row, its cells joined by
/// tabs, a covered place left empty, line ends inside a cell turned into spaces. Tracked changes are read as
/// accepted; hidden text, tables of contents, notes, page headers and footers are left out.
/// A table of one cell, or of one column with several paragraphs in a cell, is a frame: it is read as paragraphs.
/// Tables written with tabs in a txt file are not in `tables`; whoever wants them reads the tabs. A pdf knows no tables:
/// they are put together from the lines drawn on its pages, or from three columns or more that stand apart; a wide gap
/// elsewhere becomes a tab.
struct Document {
  std::string text;
  std::vector<Table> tables;
  std::string format;    ///< "txt", "md", "docx", "odt", "html", "pdf"
  std::string encoding;  ///< of a text or html file: "UTF-8", "GB18030", "UTF-16LE" …; empty for the others
};

/// Limits that hold for every format. Larger input is refused in one sentence, at once.
inline constexpr std::size_t document_bytes_max = 50u << 20;
inline constexpr std::size_t document_code_points_max = 5'000'000;

/// Reads by content, not by name; `name` only helps the error text and tells md from txt and a piece of html.
/// Errors: empty, too large, binary, damaged, of a kind that is not read, a converter that failed, ran too long or
/// grew too large. Each is one sentence with the file in its place.
base::Result<Document> read_document(std::string_view bytes, std::string_view name, const base::Cancel& cancel = {});
base::Result<Document> read_document(const std::filesystem::path& file, const base::Cancel& cancel = {});

}  // namespace yihu::sheet
