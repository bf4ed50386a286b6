#include "sheet/pdf_table.h"

#include "base/utf8.h"
#include "sheet/pdf_grid.h"
#include "sheet/pdf_line.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace yihu::sheet {
namespace {

constexpr double padding_max = 12;        ///< points between a cell's edge and its text
constexpr std::size_t columns_min = 3;    ///< of a table without lines; two columns may be a page's head
constexpr double gutter_min = 1.0;        ///< what stays free between columns without lines; in signs
constexpr double row_gap_min = 1.4;       ///< rows stand apart by more than the lines of one row do
constexpr double region_gap_max = 4;      ///< more is another thing; in signs

double centre_of(const PdfWord* word) { return word->left + word->width / 2; }

bool ends_sentence(std::string_view text) {
  const std::u32string points = base::code_points(text);
  return points.empty() || std::u32string_view(U"。；！？;!?").find(points.back()) != std::u32string_view::npos;
}

/// Fills a cell with the words between its edges.
void fill(PdfCell& cell, const std::vector<const PdfWord*>& words, double left, double right) {
  const std::vector<PdfLine> lines = pdf_lines_from(words, 0);
  if (lines.empty()) return;
  const double padding = std::clamp(std::ranges::min(lines, {}, &PdfLine::left).left - left, 0.0, padding_max);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0 && !goes_on_in_cell(lines[i - 1], right - padding, lines[i])) cell.text += '\n';
    if (cell.text.ends_with('\n')) cell.text += lines[i].text;
    else append_line(cell.text, lines[i].text);
  }
  std::ranges::replace(cell.text, '\t', ' ');
  const PdfLine& last = lines.back();
  cell.cut = !ends_sentence(last.text) && last.right + 2.1 * last.size > right - padding;
}

PdfTable table_from(const PdfGrid& grid, const std::vector<const PdfWord*>& words) {
  PdfTable table{grid.down.front(), grid.down.back(), grid.across, true, static_cast<int>(grid.down.size()) - 1, {}};
  const std::size_t columns = grid.across.size() - 1;
  std::vector<std::size_t> cell_at(columns * (grid.down.size() - 1));
  std::vector<std::vector<const PdfWord*>> words_of(grid.cells.size());
  for (std::size_t i = 0; i < grid.cells.size(); ++i) {
    const PdfGridCell& cell = grid.cells[i];
    for (int row = cell.row; row < cell.row + cell.rows; ++row) {
      for (int column = cell.column; column < cell.column + cell.columns; ++column) {
        cell_at[static_cast<std::size_t>(row) * columns + static_cast<std::size_t>(column)] = i;
      }
    }
  }
  const auto place = [](const std::vector<double>& edges, double at) {
    const auto next = std::ranges::upper_bound(edges, at);
    return std::clamp<std::ptrdiff_t>(next - edges.begin() - 1, 0, std::ssize(edges) - 2);
  };
  for (const PdfWord* word : words) {
    const auto row = place(grid.down, word->top + word->height / 2);
    const auto column = place(grid.across, centre_of(word));
    words_of[cell_at[static_cast<std::size_t>(row) * columns + static_cast<std::size_t>(column)]].push_back(word);
  }
  for (std::size_t i = 0; i < grid.cells.size(); ++i) {
    const PdfGridCell& from = grid.cells[i];
    PdfCell cell{from.row, from.column, from.rows, from.columns, {}, false};
    fill(cell, words_of[i], grid.across[static_cast<std::size_t>(from.column)], grid.across[static_cast<std::size_t>(from.column + from.columns)]);
    table.cells.push_back(std::move(cell));
  }
  return table;
}

struct Gap {
  double from = 0;
  double to = 0;
};

std::vector<Gap> gaps_in(const PdfLine& line) {
  std::vector<Gap> gaps;
  for (std::size_t i = 1; i < line.words.size(); ++i) {
    const double end = line.words[i - 1]->left + line.words[i - 1]->width;
    if (line.words[i]->left - end > gutter_min * line.size) gaps.push_back({end, line.words[i]->left});
  }
  return gaps;
}

/// What stays free of gaps when another line is laid over them.
std::vector<Gap> left_free(std::vector<Gap> gaps, const PdfLine& line) {
  for (const PdfWord* word : line.words) {
    std::vector<Gap> free;
    for (const Gap& gap : gaps) {
      if (word->left >= gap.to || word->left + word->width <= gap.from) {
        free.push_back(gap);
        continue;
      }
      if (word->left - gap.from > gutter_min * line.size) free.push_back({gap.from, word->left});
      if (gap.to - word->left - word->width > gutter_min * line.size) free.push_back({word->left + word->width, gap.to});
    }
    gaps = std::move(free);
  }
  return gaps;
}

/// Lines, one below the other, with the gaps that go through all of them.
struct Region {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<Gap> gaps;
};

std::optional<Region> region_at(const std::vector<PdfLine>& lines, std::size_t begin) {
  if (!lines[begin].columns) return std::nullopt;
  Region region{begin, begin + 1, gaps_in(lines[begin])};
  std::size_t with_columns = 1;
  for (std::size_t i = begin + 1; i < lines.size(); ++i) {
    if (lines[i].centre - lines[i - 1].centre > region_gap_max * lines[i].size) break;
    auto gaps = left_free(region.gaps, lines[i]);
    if (gaps.size() + 1 < columns_min || gaps.size() < region.gaps.size()) break;
    region.gaps = std::move(gaps);
    region.end = i + 1;
    if (lines[i].columns) ++with_columns;
  }
  // Lines at the end that begin where the first column does and fill no other may be the text below.
  while (region.end > begin && !lines[region.end - 1].columns && lines[region.end - 1].left < region.gaps.front().from) --region.end;
  if (with_columns < 2 || region.gaps.size() + 1 < columns_min) return std::nullopt;
  return region;
}

/// The lines that a table without lines would have been drawn with. A column left empty at the beginning of a row is
/// merged with the one above.
std::vector<PdfRule> rules_from(const std::vector<PdfLine>& lines, const Region& region) {
  double left = lines[region.begin].left;
  double right = lines[region.begin].right;
  double pitch = region_gap_max * lines[region.begin].size;
  for (std::size_t i = region.begin; i < region.end; ++i) {
    left = std::min(left, lines[i].left);
    right = std::max(right, lines[i].right);
    if (i > region.begin) pitch = std::min(pitch, lines[i].centre - lines[i - 1].centre);
  }
  std::vector<double> edges{left - 2};
  for (const Gap& gap : region.gaps) edges.push_back((gap.from + gap.to) / 2);
  edges.push_back(right + 2);
  const auto stands_apart = [&](std::size_t i) { return lines[i].centre - lines[i - 1].centre > row_gap_min * pitch; };
  const auto begins = [](const PdfLine& line) { return std::ranges::any_of(line.words, [](const PdfWord* word) { return begins_item(word->text); }); };
  bool apart = false;
  for (std::size_t i = region.begin + 1; i < region.end; ++i) apart = apart || stands_apart(i);

  const double top = lines[region.begin].centre - lines[region.begin].size;
  const double bottom = lines[region.end - 1].centre + lines[region.end - 1].size;
  std::vector<PdfRule> rules{{edges.front(), top, edges.back(), top}, {edges.front(), bottom, edges.back(), bottom}};
  for (const double edge : edges) rules.push_back({edge, top, edge, bottom});
  int rows = 1;
  for (std::size_t i = region.begin + 1; i < region.end; ++i) {
    if (!stands_apart(i) && !begins(lines[i]) && (apart || !lines[i].columns)) continue;
    const double first = lines[i].left;
    double from = edges.front();
    // The head is nothing that rows would leave out to repeat.
    if (rows++ > 1) {
      for (std::size_t k = 1; k < edges.size() && edges[k] < first; ++k) from = edges[k];
    }
    const double at = (lines[i].centre + lines[i - 1].centre) / 2;
    rules.push_back({from, at, edges.back(), at});
  }
  return rules;
}

/// The tables that stand there without lines.
std::vector<PdfGrid> guessed_grids(const std::vector<const PdfWord*>& words) {
  std::vector<PdfGrid> grids;
  const std::vector<PdfLine> lines = pdf_lines_from(words, 0);
  for (std::size_t i = 0; i < lines.size();) {
    const auto region = region_at(lines, i);
    if (!region) {
      ++i;
      continue;
    }
    for (PdfGrid& grid : pdf_grids_from(rules_from(lines, *region))) grids.push_back(std::move(grid));
    i = region->end;
  }
  return grids;
}

/// Takes the words out of `outside` that lie in the grid.
std::vector<const PdfWord*> taken_from(std::vector<const PdfWord*>& outside, const PdfGrid& grid) {
  std::vector<const PdfWord*> words;
  std::erase_if(outside, [&](const PdfWord* word) {
    const double middle = word->top + word->height / 2;
    const bool in = centre_of(word) > grid.across.front() && centre_of(word) < grid.across.back() && middle > grid.down.front() && middle < grid.down.back();
    if (in) words.push_back(word);
    return in;
  });
  return words;
}

}  // namespace

PdfTables pdf_tables_on(const PdfPage& page) {
  PdfTables found;
  for (const PdfWord& word : page.words) found.outside.push_back(&word);
  for (const bool ruled : {true, false}) {
    for (const PdfGrid& grid : ruled ? pdf_grids_from(page.rules) : guessed_grids(found.outside)) {
      std::vector<const PdfWord*> rest = found.outside;
      PdfTable table = table_from(grid, taken_from(rest, grid));
      table.ruled = ruled;
      // A drawing, or a frame beside something else.
      if (std::ranges::count_if(table.cells, [](const PdfCell& cell) { return !cell.text.empty(); }) < 2) continue;
      found.outside = std::move(rest);
      found.tables.push_back(std::move(table));
    }
  }
  std::ranges::stable_sort(found.tables, {}, &PdfTable::top);
  return found;
}

void write(const PdfTable& table, DocumentBuilder& builder) {
  builder.begin_table();
  auto cell = table.cells.begin();
  for (int row = 0; row < table.rows; ++row) {
    builder.begin_row();
    for (; cell != table.cells.end() && cell->row == row; ++cell) {
      builder.skip_covered_places();
      builder.begin_cell(cell->rows, cell->columns);
      builder.paragraph(cell->text);
      builder.end_cell();
    }
  }
  builder.end_table();
}

}  // namespace yihu::sheet
