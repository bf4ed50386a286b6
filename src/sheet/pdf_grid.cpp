#include "sheet/pdf_grid.h"

#include <algorithm>
#include <numeric>

namespace yihu::sheet {
namespace {

// Points. Rules this near are one: double borders, and pieces that cells have drawn each for itself.
constexpr double near = 3;
/// A side of a cell is there when this part of it is drawn.
constexpr double drawn_part_min = 0.6;
constexpr std::size_t rules_max = 20'000;
constexpr std::size_t joined_rules_max = 600;
constexpr std::size_t columns_max = 64;
constexpr std::size_t places_max = 20'000;

/// A rule seen along itself: across or down the page.
struct Stroke {
  double at = 0;
  double from = 0;
  double to = 0;
};

std::vector<Stroke> joined(std::vector<Stroke> strokes) {
  std::ranges::sort(strokes, {}, &Stroke::at);
  std::vector<Stroke> out;
  for (std::size_t begin = 0; begin < strokes.size();) {
    std::size_t end = begin;
    while (end < strokes.size() && strokes[end].at - strokes[begin].at < near) ++end;
    std::sort(strokes.begin() + static_cast<std::ptrdiff_t>(begin), strokes.begin() + static_cast<std::ptrdiff_t>(end),
              [](const Stroke& a, const Stroke& b) { return a.from < b.from; });
    const double at = (strokes[begin].at + strokes[end - 1].at) / 2;
    std::size_t first = out.size();
    for (; begin < end; ++begin) {
      if (out.size() > first && strokes[begin].from <= out.back().to + near) {
        out.back().to = std::max(out.back().to, strokes[begin].to);
      } else {
        out.push_back({at, strokes[begin].from, strokes[begin].to});
      }
    }
  }
  return out;
}

bool meet(const Stroke& across, const Stroke& down) {
  return down.at > across.from - near && down.at < across.to + near && across.at > down.from - near && across.at < down.to + near;
}

struct Strokes {
  std::vector<Stroke> across;
  std::vector<Stroke> down;
};

/// Strokes that hang together, directly or through others.
std::vector<Strokes> groups_of(const Strokes& all) {
  std::vector<std::size_t> group(all.across.size() + all.down.size());
  std::iota(group.begin(), group.end(), std::size_t{0});
  const auto head = [&](std::size_t i) {
    while (group[i] != i) i = group[i] = group[group[i]];
    return i;
  };
  for (std::size_t i = 0; i < all.across.size(); ++i) {
    for (std::size_t k = 0; k < all.down.size(); ++k) {
      if (meet(all.across[i], all.down[k])) group[head(i)] = head(all.across.size() + k);
    }
  }
  std::vector<Strokes> by_head(group.size());
  for (std::size_t i = 0; i < group.size(); ++i) {
    Strokes& strokes = by_head[head(i)];
    if (i < all.across.size()) strokes.across.push_back(all.across[i]);
    else strokes.down.push_back(all.down[i - all.across.size()]);
  }
  std::erase_if(by_head, [](const Strokes& strokes) { return strokes.across.empty() || strokes.down.empty(); });
  return by_head;
}

/// Where the strokes of one direction stand, and where those of the other end.
std::vector<double> edges_from(const std::vector<Stroke>& strokes, const std::vector<Stroke>& others) {
  std::vector<double> all;
  for (const Stroke& stroke : strokes) all.push_back(stroke.at);
  const double begin = std::ranges::min(others, {}, &Stroke::from).from;
  const double end = std::ranges::max(others, {}, &Stroke::to).to;
  const auto [lowest, highest] = std::ranges::minmax(all);
  if (begin < lowest - 2 * near) all.push_back(begin);
  if (end > highest + 2 * near) all.push_back(end);
  std::ranges::sort(all);
  std::vector<double> edges;
  for (const double edge : all) {
    if (edges.empty() || edge - edges.back() >= near) edges.push_back(edge);
  }
  return edges;
}

bool is_drawn(const std::vector<Stroke>& strokes, double at, double from, double to) {
  double drawn = 0;
  for (const Stroke& stroke : strokes) {
    if (std::abs(stroke.at - at) < near) drawn += std::max(0.0, std::min(stroke.to, to) - std::max(stroke.from, from));
  }
  return drawn >= drawn_part_min * (to - from);
}

/// Which sides are drawn, place by place.
class Sides {
 public:
  Sides(const Strokes& strokes, const PdfGrid& grid)
      : columns_(grid.across.size() - 1), right_((grid.down.size() - 1) * columns_), below_(right_.size()) {
    for (std::size_t row = 0; row + 1 < grid.down.size(); ++row) {
      for (std::size_t column = 0; column < columns_; ++column) {
        right_[row * columns_ + column] = is_drawn(strokes.down, grid.across[column + 1], grid.down[row], grid.down[row + 1]);
        below_[row * columns_ + column] = is_drawn(strokes.across, grid.down[row + 1], grid.across[column], grid.across[column + 1]);
      }
    }
  }
  bool right_of(std::size_t row, std::size_t column) const { return right_[row * columns_ + column]; }
  bool below(std::size_t row, std::size_t column) const { return below_[row * columns_ + column]; }

 private:
  std::size_t columns_;
  std::vector<bool> right_;
  std::vector<bool> below_;
};

void find_cells(const Strokes& strokes, PdfGrid& grid) {
  const std::size_t rows = grid.down.size() - 1;
  const std::size_t columns = grid.across.size() - 1;
  const Sides sides(strokes, grid);
  std::vector<bool> taken(rows * columns);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      if (taken[row * columns + column]) continue;
      std::size_t right = column + 1;
      while (right < columns && !sides.right_of(row, right - 1) && !taken[row * columns + right]) ++right;
      const auto open_below = [&](std::size_t at) {
        for (std::size_t i = column; i < right; ++i) {
          if (sides.below(at, i) || taken[(at + 1) * columns + i]) return false;
          if (i + 1 < right && sides.right_of(at + 1, i)) return false;
        }
        return true;
      };
      std::size_t bottom = row + 1;
      while (bottom < rows && open_below(bottom - 1)) ++bottom;
      for (std::size_t i = row; i < bottom; ++i) {
        for (std::size_t k = column; k < right; ++k) taken[i * columns + k] = true;
      }
      grid.cells.push_back({static_cast<int>(row), static_cast<int>(column), static_cast<int>(bottom - row), static_cast<int>(right - column)});
    }
  }
}

bool inside(const PdfGrid& inner, const PdfGrid& outer) {
  return &inner != &outer && inner.across.front() > outer.across.front() - near && inner.across.back() < outer.across.back() + near &&
         inner.down.front() > outer.down.front() - near && inner.down.back() < outer.down.back() + near;
}

}  // namespace

std::vector<PdfGrid> pdf_grids_from(const std::vector<PdfRule>& rules) {
  if (rules.size() > rules_max) return {};
  Strokes all;
  for (const PdfRule& rule : rules) {
    const bool goes_down = rule.right - rule.left < rule.bottom - rule.top;
    if (goes_down) all.down.push_back({(rule.left + rule.right) / 2, rule.top, rule.bottom});
    else all.across.push_back({(rule.top + rule.bottom) / 2, rule.left, rule.right});
  }
  all = {joined(std::move(all.across)), joined(std::move(all.down))};
  if (all.across.size() > joined_rules_max || all.down.size() > joined_rules_max) return {};
  std::vector<PdfGrid> grids;
  for (const Strokes& strokes : groups_of(all)) {
    PdfGrid grid{edges_from(strokes.down, strokes.across), edges_from(strokes.across, strokes.down), {}};
    if (grid.across.size() < 3 || grid.down.size() < 2 || grid.across.size() > columns_max + 1) continue;
    if (grid.across.size() * grid.down.size() > places_max) continue;
    find_cells(strokes, grid);
    if (grid.cells.size() > 1) grids.push_back(std::move(grid));
  }
  std::vector<PdfGrid> outer;
  for (const PdfGrid& grid : grids) {
    if (std::ranges::none_of(grids, [&](const PdfGrid& other) { return inside(grid, other); })) outer.push_back(grid);
  }
  std::ranges::sort(outer, {}, [](const PdfGrid& grid) { return grid.down.front(); });
  return outer;
}

}  // namespace yihu::sheet
