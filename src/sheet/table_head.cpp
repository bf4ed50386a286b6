#include "base/utf8.h"
#include "sheet/cell_reading.h"
#include "sheet/cell_value.h"
#include "sheet/table.h"

#include <algorithm>
#include <map>
#include <set>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

constexpr int rows_looked_at = head_rows_searched + 20;
constexpr std::size_t heading_code_points_max = 80;

/// A place of the grid. A merged cell stands in every place it covers, with its upper left corner.
struct Place {
  std::string text;
  bool is_text = false;  ///< as opposed to a number or a day
  int row = 0;           ///< of the upper left corner
  int column = 0;
  int last_row = 0;
  int last_column = 0;
  bool operator==(const Place& other) const { return row == other.row && column == other.column; }
};

struct Line {
  int number = 0;
  std::map<int, Place> places;  ///< by column; only where there is something
};

/// "填报单位：灵山镇" says something by itself; a heading is a name.
bool is_statement(std::string_view folded) {
  const std::size_t colon = folded.find(':');
  return colon != std::string_view::npos && colon + 1 < folded.size();
}

bool looks_like_heading(const Place& place) {
  if (!place.is_text) return false;
  const std::string folded = heading_text(place.text);
  if (folded.empty() || base::count_code_points(folded) > heading_code_points_max || is_statement(folded)) return false;
  // "2019年" and "12月" are names of columns; a number, a whole day or an ID number is a value.
  constexpr std::ptrdiff_t digits_max = 5;
  const auto digits = std::ranges::count_if(folded, [](char c) { return c >= '0' && c <= '9'; });
  return digits <= digits_max && folded.find_first_not_of("0123456789.,%+-/:") != std::string::npos;
}

std::size_t anchors(const Line& line) {
  std::set<std::pair<int, int>> found;
  for (const auto& [column, place] : line.places) found.emplace(place.row, place.column);
  return found.size();
}

/// The first rows of a sheet with merged cells spread out.
class Beginning {
 public:
  static base::Result<Beginning> read(Workbook& workbook, std::size_t sheet, const SheetLayout& layout, const base::Cancel& cancel) {
    Beginning beginning;
    TRY(workbook.read_rows(
        sheet,
        [&](const SheetRow& row) {
          Line line{row.number, {}};
          for (const SheetCell& cell : row.cells) {
            if (is_empty(cell)) continue;
            const bool is_text = cell.kind == CellKind::text || cell.kind == CellKind::boolean;
            line.places[cell.column] = {trimmed_text(cell.text), is_text, cell.row, cell.column, cell.row, cell.column};
          }
          if (!line.places.empty()) beginning.lines_.push_back(std::move(line));
          return beginning.lines_.size() < static_cast<std::size_t>(rows_looked_at);
        },
        cancel));
    for (const CellRange& range : layout.merged) beginning.spread(range);
    return beginning;
  }

  const std::vector<Line>& lines() const { return lines_; }

  /// Columns that rows of more than one cell use, at most.
  std::size_t width() const {
    std::size_t width = 0;
    for (const Line& line : lines_) {
      if (anchors(line) > 1 || width == 0) width = std::max(width, line.places.size());
    }
    return width;
  }

 private:
  void spread(const CellRange& range) {
    if (lines_.empty() || range.first_row > lines_.back().number) return;
    // A title merged over all 16,384 columns is still a title when it is only spread over some of them.
    constexpr int columns_spread_max = 2'000;
    const auto top = std::ranges::find(lines_, range.first_row, &Line::number);
    if (top == lines_.end() || !top->places.contains(range.first_column)) return;
    Place place = top->places[range.first_column];
    place.last_row = range.last_row;
    place.last_column = range.last_column;
    for (auto line = top; line != lines_.end() && line->number <= range.last_row; ++line) {
      const int last = std::min(range.last_column, range.first_column + columns_spread_max);
      for (int column = range.first_column; column <= last; ++column) line->places[column] = place;
    }
  }

  std::vector<Line> lines_;
};

const Place* at(const Line& line, int column) {
  const auto found = line.places.find(column);
  return found == line.places.end() ? nullptr : &found->second;
}

/// Whether `below` is the second line of headings under `above` where nothing is merged: every text of it stands
/// under a blank or under the beginning of a group, and at least one under a blank beside a group.
bool continues_unmerged(const Line& above, const Line& below) {
  // One text alone above the left of the table is its title, not a group.
  if (above.places.size() == 1 && !below.places.empty() && above.places.begin()->first <= below.places.begin()->first) return false;
  bool under_group = false;
  for (const auto& [column, place] : below.places) {
    if (!looks_like_heading(place)) return false;
    const Place* over = at(above, column);
    const Place* right = at(above, column + 1);
    if (over != nullptr && right != nullptr) return false;
    if (over == nullptr) under_group = under_group || (!above.places.empty() && column > above.places.begin()->first);
  }
  return under_group && below.places.size() > 1;
}

/// The last line of a head that begins at `first`.
std::size_t last_line(const std::vector<Line>& lines, std::size_t first) {
  std::size_t last = first;
  const auto may_extend = [&] {
    return last + 1 < lines.size() && last + 1 - first < static_cast<std::size_t>(head_lines_max) && lines[last + 1].number == lines[last].number + 1;
  };
  for (bool grew = true; grew && may_extend();) {
    grew = false;
    bool group_above = false;
    for (const auto& [column, place] : lines[last].places) {
      if (place.row >= lines[first].number && place.last_row > lines[last].number) grew = true;
      if (place.last_column > place.column && place.last_row == lines[last].number) group_above = true;
    }
    if (!grew && group_above) {
      // Names under a group, and only names: a body row would bring numbers, or fill the columns beside the group.
      const Line& below = lines[last + 1];
      bool under = false;
      bool only_names = true;
      for (const auto& [column, place] : below.places) {
        const Place* over = at(lines[last], column);
        const bool in_group = over != nullptr && over->last_column > over->column;
        under = under || in_group;
        only_names = only_names && looks_like_heading(place) && (in_group || over == nullptr || *over == place);
      }
      grew = under && only_names;
    }
    if (!grew) grew = continues_unmerged(lines[last], lines[last + 1]);
    if (grew) ++last;
  }
  return last;
}

bool is_hidden(const SheetLayout& layout, int column) {
  return std::ranges::any_of(layout.hidden_columns, [&](const CellRange& range) { return range.first_column <= column && column <= range.last_column; });
}

TableColumn column_of(const std::vector<Line>& lines, std::size_t first, std::size_t last, int column, const std::string& sheet) {
  TableColumn made;
  made.column = column;
  const Place* previous = nullptr;
  for (std::size_t i = first; i <= last; ++i) {
    const Place* place = at(lines[i], column);
    if (place == nullptr && i < last && at(lines[last], column) != nullptr) {
      // The name of a group stands to the left, unless this line merges its groups: then they end where they end.
      const bool merges = std::ranges::any_of(lines[i].places, [](const auto& entry) { return entry.second.last_column > entry.second.column; });
      for (int left = column - 1; !merges && place == nullptr && left > 0; --left) place = at(lines[i], left);
    }
    if (place == nullptr || (previous != nullptr && *place == *previous)) continue;
    std::string part = heading_text(place->text);
    if (part.empty()) continue;
    made.heading += (made.heading.empty() ? "" : "/") + part;
    made.parts.push_back(std::move(part));
    made.address = cell_address(sheet, place->row, place->column);
    previous = place;
  }
  return made;
}

std::vector<TableColumn> columns_of(const std::vector<Line>& lines, std::size_t first, std::size_t last, const std::string& sheet) {
  std::set<int> numbers;
  for (std::size_t i = first; i <= last; ++i) {
    for (const auto& [column, place] : lines[i].places) numbers.insert(column);
  }
  std::vector<TableColumn> columns;
  for (const int column : numbers) {
    TableColumn made = column_of(lines, first, last, column, sheet);
    if (!made.parts.empty()) columns.push_back(std::move(made));
  }
  return columns;
}

std::size_t matches(const std::vector<TableColumn>& columns, const std::set<std::string>& known) {
  std::set<std::string> found;
  for (const TableColumn& column : columns) {
    for (const std::string& name : {heading_key(column.heading), heading_key(column.parts.back())}) {
      if (!name.empty() && known.contains(name)) found.insert(name);
    }
  }
  return found.size();
}

/// By shape alone: the first row that is names nearly all through and reaches across at least half of the table.
bool is_shaped_like_head(const Line& line, std::size_t width) {
  const auto names = static_cast<std::size_t>(std::ranges::count_if(line.places, [](const auto& entry) { return looks_like_heading(entry.second); }));
  const bool wide = line.places.size() * 2 >= width;
  return wide && (anchors(line) > 1 || width == 1) && names * 10 >= line.places.size() * 8;
}

struct Choice {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t matches = 0;
  bool made = false;
};

Choice choose(const std::vector<Line>& lines, std::size_t width, std::span<const std::string> known, const std::string& sheet) {
  std::set<std::string> keys;
  for (const std::string& name : known) keys.insert(heading_key(name));
  const std::size_t enough = std::min<std::size_t>(2, std::max<std::size_t>(1, keys.size()));
  Choice best;
  for (std::size_t i = 0; !keys.empty() && i < lines.size() && lines[i].number <= head_rows_searched; ++i) {
    const std::size_t last = last_line(lines, i);
    const std::size_t count = matches(columns_of(lines, i, last, sheet), keys);
    if (count >= enough && count > best.matches) best = {i, last, count, true};
  }
  if (best.made) {
    // The group line above the matching names belongs to the head, if it grows down to them.
    while (best.first > 0 && lines[best.first - 1].number + 1 == lines[best.first].number && anchors(lines[best.first - 1]) > 1 &&
           last_line(lines, best.first - 1) >= best.last && is_shaped_like_head(lines[best.first - 1], width)) {
      --best.first;
    }
    return best;
  }
  for (std::size_t i = 0; i < lines.size() && lines[i].number <= head_rows_searched; ++i) {
    if (is_shaped_like_head(lines[i], width)) return {i, last_line(lines, i), 0, true};
  }
  return best;
}

}  // namespace

base::Result<TableHead> table_head(Workbook& workbook, std::size_t sheet, std::span<const std::string> known, const base::Cancel& cancel) {
  const std::string& name = workbook.sheets().at(sheet).name;
  const SheetLayout layout = TRY(workbook.layout(sheet, cancel));
  const Beginning beginning = TRY(Beginning::read(workbook, sheet, layout, cancel));
  const std::vector<Line>& lines = beginning.lines();
  const auto refuse = [&](const char* code, base::Text what, base::Text mend) {
    base::Error error{ErrorKind::input, code, std::move(what), std::move(mend), {}, {}};
    error.place.cell = cell_address(name, 1, 1);
    return fail(std::move(error));
  };
  if (lines.empty()) {
    return refuse("sheet_empty", text("工作表“{}”是空的。", "The sheet \"{}\" is empty.", name), text("请检查是否选对了工作表。", "See whether this is the right sheet."));
  }
  const Choice choice = choose(lines, beginning.width(), known, name);
  if (!choice.made) {
    return refuse("table_head_missing", text("工作表“{}”前 {} 行里找不到表头。", "No headings were found in the first {1} rows of the sheet \"{0}\".", name, head_rows_searched),
                  text("请在数据上方写上每一列的名称。", "Put the name of each column above the data."));
  }
  TableHead head;
  head.sheet = name;
  head.first_row = lines[choice.first].number;
  head.last_row = lines[choice.last].number;
  head.columns = columns_of(lines, choice.first, choice.last, name);
  for (TableColumn& column : head.columns) column.hidden = is_hidden(layout, column.column);
  for (std::size_t i = 0; i < choice.first; ++i) {
    std::string joined;
    const Place* previous = nullptr;
    for (const auto& [column, place] : lines[i].places) {
      if (previous != nullptr && *previous == place) continue;
      joined += (joined.empty() ? "" : " ") + place.text;
      previous = &place;
    }
    head.above.push_back(std::move(joined));
  }
  return head;
}

}  // namespace yihu::sheet
