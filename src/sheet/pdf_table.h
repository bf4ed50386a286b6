#pragma once
// The tables of a page, put together from the lines drawn on it and the words between them. Without lines, three or
// more columns that stand apart from top to bottom are a table too.

#include "sheet/pdf_page.h"

#include <string>
#include <vector>

namespace yihu::sheet {

struct PdfCell {
  int row = 0;
  int column = 0;
  int rows = 1;
  int columns = 1;
  std::string text;      ///< one line a paragraph
  bool cut = false;      ///< its last line is full and ends no sentence: it may go on on the next page
};

struct PdfTable {
  double top = 0;
  double bottom = 0;
  std::vector<double> edges;   ///< of its columns, from left to right: one more than there are columns
  bool ruled = true;           ///< false: the edges are a guess from the gaps between words
  int rows = 0;
  std::vector<PdfCell> cells;  ///< by row, then column; together they cover every place once
};

struct PdfTables {
  std::vector<PdfTable> tables;          ///< from top to bottom
  std::vector<const PdfWord*> outside;   ///< words of the page that are in no table
};
/// Refers to `page`.
PdfTables pdf_tables_on(const PdfPage& page);

/// Whether `next`, the first thing on its page, has the columns of `table`, the last thing on the page before.
bool continues(const PdfTable& table, const PdfTable& next);

/// Puts `next` below `table`: without the head printed once more, with merged cells and rows that the page end has cut
/// made whole again.
void append(PdfTable& table, PdfTable next);

void write(const PdfTable& table, DocumentBuilder& builder);

}  // namespace yihu::sheet
