#include "plan/reading/grid.h"

#include <algorithm>

namespace yihu::plan {
namespace {

constexpr int stray_lines_max = 2;
constexpr int columns_max = 64;
// Tables that claim more places than this, or cover them again and again, are damaged or hostile: the rest is not read.
constexpr std::size_t places_max = 2'000'000;

GridCell trimmed(const Characters& characters, std::size_t begin, std::size_t end) {
  while (begin < end && is_space(characters.folded[begin])) ++begin;
  while (end > begin && is_space(characters.folded[end - 1])) --end;
  return {begin, end, 1, false};
}

std::vector<GridCell> cells_of(const Characters& characters, const Line& line) {
  const auto text = characters.view(line.begin, line.end);
  const auto first = text.find_first_not_of(U" \t");
  const bool pipes = first != text.npos && text[first] == U'|' && text.find(U'\t') == text.npos;
  const char32_t separator = pipes ? U'|' : U'\t';
  std::vector<GridCell> cells;
  auto from = line.begin + (pipes ? first + 1 : 0);
  for (auto i = from; i <= line.end; ++i) {
    if (i < line.end && characters.folded[i] != separator) continue;
    if (!(pipes && i == line.end)) cells.push_back(trimmed(characters, from, i));
    from = i + 1;
    if (cells.size() >= columns_max) break;
  }
  return cells;
}

/// | --- | :-: | below a Markdown table's head.
bool is_rule(const Characters& characters, const std::vector<GridCell>& cells) {
  return !cells.empty() && std::ranges::all_of(cells, [&](const GridCell& cell) {
    const auto text = characters.view(cell.begin, cell.end);
    return !text.empty() && text.find_first_not_of(U"-: ") == text.npos;
  });
}

/// Index in Characters of the first one at or behind a place of the document.
std::size_t index_of(const Characters& characters, std::size_t place) {
  return static_cast<std::size_t>(std::ranges::lower_bound(characters.at, static_cast<std::uint32_t>(place)) - characters.at.begin());
}

}  // namespace

std::vector<Grid> grids_from_lines(const Characters& characters, std::span<const Line> lines) {
  std::vector<Grid> grids;
  int strays = stray_lines_max + 1;
  for (const auto& line : lines) {
    if (line.kind == LineKind::aside || line.kind == LineKind::title) continue;
    if (line.kind != LineKind::row) {
      ++strays;
      continue;
    }
    auto cells = cells_of(characters, line);
    if (is_rule(characters, cells)) continue;
    if (strays > stray_lines_max) {
      grids.emplace_back();
      grids.back().begin = line.begin;
    }
    strays = 0;
    grids.back().rows.push_back(std::move(cells));
  }
  return grids;
}

std::vector<Grid> grids_from_tables(const Characters& characters, std::span<const sheet::Table> tables) {
  std::vector<Grid> grids;
  std::size_t places = 0;
  for (const auto& table : tables) {
    const auto columns = std::clamp(table.columns, 0, columns_max);
    if (columns < 2 || table.rows < 1) continue;
    places += static_cast<std::size_t>(table.rows) * static_cast<std::size_t>(columns);
    if (places > places_max) break;
    Grid grid;
    grid.merges_known = true;
    grid.begin = index_of(characters, table.span.begin);
    grid.rows.resize(static_cast<std::size_t>(table.rows), std::vector<GridCell>(static_cast<std::size_t>(columns)));
    for (const auto& cell : table.cells) {
      auto place = trimmed(characters, index_of(characters, cell.span.begin), index_of(characters, cell.span.end));
      place.columns = std::max(1, cell.columns);
      places += static_cast<std::size_t>(std::max(0, std::min(cell.rows, table.rows))) * static_cast<std::size_t>(std::clamp(cell.columns, 0, columns));
      if (places > 2 * places_max) break;
      for (int row = std::max(0, cell.row); row < std::min(cell.row + cell.rows, table.rows); ++row) {
        for (int column = std::max(0, cell.column); column < std::min(cell.column + cell.columns, columns); ++column) {
          auto& here = grid.rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
          here = place;
          here.covered = row > cell.row || column > cell.column;
        }
      }
    }
    grids.push_back(std::move(grid));
  }
  return grids;
}

}  // namespace yihu::plan
