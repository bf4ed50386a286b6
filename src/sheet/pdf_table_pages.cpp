// Tables that go on over a page end.

#include "sheet/pdf_line.h"
#include "sheet/pdf_table.h"

#include <algorithm>
#include <cmath>

namespace yihu::sheet {
namespace {

constexpr double same_edge_max = 3;     ///< points
constexpr double guessed_edge_max = 20;
constexpr int head_rows_max = 3;

/// By row and column: the index of the cell that covers the place.
class Places {
 public:
  explicit Places(const PdfTable& table) : columns_(table.edges.size() - 1), at_(columns_ * static_cast<std::size_t>(table.rows)) {
    for (std::size_t i = 0; i < table.cells.size(); ++i) {
      const PdfCell& cell = table.cells[i];
      for (int row = cell.row; row < cell.row + cell.rows; ++row) {
        for (int column = cell.column; column < cell.column + cell.columns; ++column) {
          at_[static_cast<std::size_t>(row) * columns_ + static_cast<std::size_t>(column)] = i;
        }
      }
    }
  }
  std::size_t at(int row, int column) const { return at_[static_cast<std::size_t>(row) * columns_ + static_cast<std::size_t>(column)]; }

 private:
  std::size_t columns_;
  std::vector<std::size_t> at_;
};

std::vector<const PdfCell*> row_of(const PdfTable& table, int row) {
  std::vector<const PdfCell*> cells;
  for (const PdfCell& cell : table.cells) {
    if (cell.row == row) cells.push_back(&cell);
  }
  return cells;
}

bool same_row(const PdfTable& table, const PdfTable& next, int row) {
  const auto here = row_of(table, row);
  const auto there = row_of(next, row);
  return std::ranges::any_of(here, [](const PdfCell* cell) { return !cell->text.empty(); }) &&
         std::ranges::equal(here, there, [](const PdfCell* a, const PdfCell* b) {
           return a->column == b->column && a->columns == b->columns && a->text == b->text;
         });
}

/// How many rows at the top of `next` are the head of `table` printed once more. A cell that reaches further down ends it.
int repeated_head(const PdfTable& table, const PdfTable& next) {
  int rows = 0;
  while (rows < head_rows_max && rows + 1 < std::min(table.rows, next.rows) && same_row(table, next, rows)) ++rows;
  const auto cut = [&] {
    return std::ranges::any_of(next.cells, [&](const PdfCell& cell) { return cell.row < rows && cell.row + cell.rows > rows; });
  };
  while (rows > 0 && cut()) --rows;
  return rows;
}

/// The cell of `table` in its last row from which `cell`, in the first row of the next page, could be a piece.
PdfCell* above(PdfTable& table, const Places& places, const PdfCell& cell) {
  PdfCell& found = table.cells[places.at(table.rows - 1, cell.column)];
  return found.column == cell.column && found.columns == cell.columns ? &found : nullptr;
}

/// Whether the first row of `next` is the rest of a row that the page end has cut.
bool is_rest_of_row(PdfTable& table, const Places& places, const PdfTable& next) {
  bool goes_on = true;
  for (const PdfCell* cell : row_of(next, 0)) {
    const PdfCell* over = above(table, places, *cell);
    if (over == nullptr) return false;
    if (cell->text.empty()) continue;
    // A row of its own has at least one cell that begins anew.
    goes_on = goes_on && over->cut && !begins_item(cell->text);
  }
  return goes_on;
}

void take(PdfCell& over, PdfCell& piece) {
  if (piece.text.empty()) return;
  if (over.text.empty()) over.text = std::move(piece.text);
  else append_line(over.text, piece.text);
  over.cut = piece.cut;
}

}  // namespace

bool continues(const PdfTable& table, const PdfTable& next) {
  const double same_max = table.ruled && next.ruled ? same_edge_max : guessed_edge_max;
  return table.ruled == next.ruled && std::ranges::equal(table.edges, next.edges, [&](double a, double b) {
    // Left and right pages may stand at other margins.
    return std::abs((a - table.edges.front()) - (b - next.edges.front())) <= same_max;
  });
}

void append(PdfTable& table, PdfTable next) {
  const int head = repeated_head(table, next);
  std::erase_if(next.cells, [&](const PdfCell& cell) { return cell.row < head; });
  for (PdfCell& cell : next.cells) cell.row -= head;
  next.rows -= head;

  const Places places(table);
  const bool rest = is_rest_of_row(table, places, next);
  const int first = rest ? table.rows - 1 : table.rows;   // where the first row of `next` comes to stand
  bool leading = true;
  for (PdfCell& cell : next.cells) {
    PdfCell* over = cell.row == 0 ? above(table, places, cell) : nullptr;
    // Down from the left, merged cells go on; elsewhere a cell is a piece only if one of the two is merged indeed.
    const bool one_empty = over != nullptr && (cell.text.empty() || over->text.empty());
    const bool piece = over != nullptr && (rest || (one_empty && (leading || over->rows > 1 || cell.rows > 1)));
    if (cell.row == 0) leading = leading && piece;
    if (piece) {
      take(*over, cell);
      over->rows += first + cell.rows - table.rows;
      continue;
    }
    cell.row += first;
    table.cells.push_back(std::move(cell));
  }
  table.rows = first + next.rows;
  table.bottom = next.bottom;
  std::ranges::stable_sort(table.cells, [](const PdfCell& a, const PdfCell& b) { return std::pair(a.row, a.column) < std::pair(b.row, b.column); });
}

}  // namespace yihu::sheet
