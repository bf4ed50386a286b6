#pragma once
// Lines drawn on a page, as the grids they make. Pure geometry: it knows no words.

#include "sheet/pdf_page.h"

#include <vector>

namespace yihu::sheet {

struct PdfGridCell {
  int row = 0;
  int column = 0;
  int rows = 1;
  int columns = 1;
};

struct PdfGrid {
  std::vector<double> across;  ///< x of the columns' edges
  std::vector<double> down;    ///< y of the rows' edges
  std::vector<PdfGridCell> cells;  ///< by row, then column; together they cover every place once
};

/// Grids of two columns or more, from top to bottom; one inside another is left out, as is a drawing of more lines than
/// a table has. An edge that is not drawn at the ends of other lines is taken as drawn: a page end cuts tables open.
std::vector<PdfGrid> pdf_grids_from(const std::vector<PdfRule>& rules);

}  // namespace yihu::sheet
