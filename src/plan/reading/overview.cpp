#include "plan/reading/overview.h"

#include "plan/reading/marker.h"

#include <algorithm>
#include <array>
#include <set>

namespace yihu::plan {
namespace {

constexpr std::size_t head_rows_max = 3;
constexpr std::size_t head_length_max = 16;

using Row = std::vector<GridCell>;

struct Head {
  std::u32string_view text;
  int Columns::* column;
};

// Longer names stand before those they contain.
constexpr auto heads = std::to_array<Head>({
    {U"具体措施", &Columns::measure}, {U"工作措施", &Columns::measure}, {U"主要措施", &Columns::measure}, {U"任务措施", &Columns::measure}, {U"推进措施", &Columns::measure},
    {U"重点措施", &Columns::measure}, {U"措施", &Columns::measure},     {U"工作内容", &Columns::measure}, {U"具体内容", &Columns::measure}, {U"任务内容", &Columns::measure},
    {U"主要内容", &Columns::measure}, {U"工作举措", &Columns::measure}, {U"具体举措", &Columns::measure}, {U"举措", &Columns::measure},     {U"工作要求", &Columns::measure},
    {U"具体任务", &Columns::measure}, {U"具体工作", &Columns::measure}, {U"任务", &Columns::task},        {U"重点工作", &Columns::task},    {U"工作项目", &Columns::task},
    {U"事项", &Columns::task},        {U"目标", &Columns::part},        {U"部分", &Columns::part},        {U"类别", &Columns::part},        {U"板块", &Columns::part},
    {U"领域", &Columns::part},
});

std::u32string plain(const Characters& characters, const GridCell& cell) {
  return cell.empty() ? std::u32string() : sentence(characters, cell.begin, cell.end).folded;
}

/// What a heading cell says its column holds; keeps the first column that says so.
void read_head(const std::u32string& text, int column, Columns& columns) {
  if (text.empty() || text.size() > head_length_max) return;
  if (const auto role = owner_role_of_heading(text)) {
    int Columns::* place = nullptr;
    switch (*role) {
      case OwnerRole::lead: place = &Columns::lead; break;
      case OwnerRole::responsible: place = &Columns::responsible; break;
      case OwnerRole::deadline: place = &Columns::deadline; break;
      case OwnerRole::person: return;
    }
    if (columns.*place < 0) columns.*place = column;
    return;
  }
  for (const auto& head : heads) {
    if (text.find(head.text) == text.npos) continue;
    if (columns.*head.column < 0) columns.*head.column = column;
    return;
  }
}

Columns with_head(const Characters& characters, const Row& row, Columns columns) {
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (!row[k].empty() && !row[k].covered) read_head(plain(characters, row[k]), static_cast<int>(k), columns);
  }
  return columns;
}

/// A second row of heads only names the owners, below 责任分解. Files that lost the empty cells before them have them
/// too far to the left, where the row above has other columns.
Columns with_lower_head(const Characters& characters, const Row& row, const Columns& above) {
  Columns found = above;
  found.lead = found.responsible = -1;
  found = with_head(characters, row, found);
  if (above.lead >= 0 || above.responsible >= 0 || (found.lead < 0 && found.responsible < 0)) return above;
  const int first = found.lead < 0 ? found.responsible : found.responsible < 0 ? found.lead : std::min(found.lead, found.responsible);
  const int behind = std::max({above.part, above.task, above.measure});
  Columns columns = above;
  const int shift = first <= behind ? behind + 1 - first : 0;
  if (found.lead >= 0) columns.lead = found.lead + shift;
  if (found.responsible >= 0) columns.responsible = found.responsible + shift;
  return columns;
}

/// 责任分解 over two columns, with no word on which is which: the first leads.
void take_untold_owners(const Characters& characters, const Row& head, Columns& columns) {
  for (std::size_t k = 0; k < head.size(); ++k) {
    if (head[k].empty() || head[k].covered) continue;
    const auto text = plain(characters, head[k]);
    if (text.find(U"责任") == text.npos && text.find(U"分工") == text.npos) continue;
    const auto column = static_cast<int>(k);
    if (head[k].columns > 1) columns.lead = column;
    columns.responsible = head[k].columns > 1 ? column + 1 : column;
    return;
  }
}

bool is_nothing(std::u32string_view text) {
  return !text.empty() && (text.find_first_not_of(U"\\/-—|. ") == text.npos || text == U"无");
}

enum class Kind { part, task, item, text };

Kind kind_of(const Characters& characters, const GridCell& cell) {
  const auto marker = marker_at(characters.folded, cell.begin);
  if (!marker) return Kind::text;
  switch (marker->style) {
    case MarkerStyle::division:
    case MarkerStyle::chinese: return Kind::part;
    case MarkerStyle::article:
    case MarkerStyle::bracketed_chinese: return Kind::task;
    case MarkerStyle::numeric:
    case MarkerStyle::closed_numeric:
    case MarkerStyle::bracketed_numeric:
    case MarkerStyle::circled: return Kind::item;
  }
  return Kind::text;
}

class Reading {
 public:
  Reading(const Characters& characters, const Grid& grid, const Columns& columns, LeadRule rule)
      : characters_(characters), grid_(grid), columns_(columns), rule_(rule) {}

  Overview read() {
    std::set<std::u32string> head;
    for (std::size_t i = 0; i < columns_.head_rows && i < grid_.rows.size(); ++i) head.insert(row_text(grid_.rows[i]));
    for (std::size_t i = columns_.head_rows; i < grid_.rows.size(); ++i) {
      Row row = placed(grid_.rows[i]);
      const auto text = row_text(row);
      if (text.empty() || head.contains(text)) continue;  // the head is printed again on each page
      take(row);
    }
    for (auto& task : overview_.tasks) number(task);
    return std::move(overview_);
  }

 private:
  std::u32string row_text(const Row& row) const {
    std::u32string text;
    for (const auto& cell : row) {
      if (!cell.empty()) text += plain(characters_, cell);
    }
    return text;
  }

  /// Text files lose the empty cells at a row's beginning; what the first cell is tells where it belongs.
  Row placed(Row row) const {
    if (grid_.merges_known) return row;
    const auto first = static_cast<int>(std::ranges::find_if(row, [](const GridCell& cell) { return !cell.empty(); }) - row.begin());
    if (first == static_cast<int>(row.size())) return row;
    int target = first;
    switch (kind_of(characters_, row[static_cast<std::size_t>(first)])) {
      case Kind::part: target = columns_.part >= 0 ? columns_.part : first; break;
      case Kind::task: target = columns_.task >= 0 ? columns_.task : first; break;
      case Kind::item: target = columns_.measure; break;
      case Kind::text: break;
    }
    // A numbered task may stand before its measure; a shifted row has units or nothing there.
    const auto beside = cell(row, columns_.measure);
    const bool shifted = beside.empty() || looks_like_units(characters_, beside.begin, beside.end);
    if (target > first && first < columns_.measure && shifted) row.insert(row.begin(), static_cast<std::size_t>(target - first), GridCell{});
    return row;
  }

  GridCell cell(const Row& row, int column) const {
    return column >= 0 && column < static_cast<int>(row.size()) ? row[static_cast<std::size_t>(column)] : GridCell{};
  }

  void take(const Row& row) {
    const auto part = cell(row, columns_.part);
    if (!part.empty() && !part.covered) take_part(part);
    const auto task = cell(row, columns_.task);
    if (!task.empty() && !task.covered) take_task(task);
    const auto measure = cell(row, columns_.measure);
    const auto lead = cell(row, columns_.lead);
    const auto responsible = cell(row, columns_.responsible);
    if (measure.empty()) {
      if (!lead.empty() || !responsible.empty()) warn_unread(row);
      return;
    }
    if (overview_.tasks.empty()) overview_.tasks.emplace_back();
    take_measure(measure, lead, responsible, cell(row, columns_.deadline));
  }

  void take_part(const GridCell& cell) {
    const auto marker = marker_at(characters_.folded, cell.begin);
    const auto begin = marker && cell.begin + marker->length < cell.end ? cell.begin + marker->length : cell.begin;
    const auto text = sentence(characters_, begin, cell.end);
    const auto title = text.text(0, text.size());
    if (columns_.task < 0) {
      // A table with two columns of words: the first names the tasks.
      take_task(cell);
      return;
    }
    if (!overview_.parts.empty() && overview_.parts.back().title == title) return;
    const bool numbered = marker && begin > cell.begin;
    overview_.parts.push_back({numbered ? marker->number : 0, title, characters_.span(begin, cell.end)});
  }

  void take_task(const GridCell& cell) {
    const auto marker = marker_at(characters_.folded, cell.begin);
    const bool numbered = marker && cell.begin + marker->length < cell.end;
    const auto begin = numbered ? cell.begin + marker->length : cell.begin;
    const auto text = sentence(characters_, begin, cell.end);
    TableTask task;
    task.no = numbered ? marker->number : 0;
    task.title = text.text(0, text.size());
    task.span = characters_.span(begin, cell.end);
    // A page break prints the task once more.
    if (!overview_.tasks.empty() && overview_.tasks.back().no == task.no && overview_.tasks.back().title == task.title) return;
    overview_.tasks.push_back(std::move(task));
    owners_ = {};
    waiting_ = 0;
  }

  void take_measure(const GridCell& cell, const GridCell& lead, const GridCell& responsible, const GridCell& deadline) {
    auto& task = overview_.tasks.back();
    const auto marker = marker_at(characters_.folded, cell.begin);
    const bool numbered = marker && kind_of(characters_, cell) == Kind::item && cell.begin + marker->length < cell.end;
    const auto begin = numbered ? cell.begin + marker->length : cell.begin;
    const auto text = sentence(characters_, begin, cell.end);
    const auto says = [&](const GridCell& owner) { return !owner.empty() && !is_nothing(plain(characters_, owner)); };
    const bool nobody = !says(lead) && !says(responsible) && (!lead.empty() || !responsible.empty());
    if (nobody && !numbered) {
      task.text = text.text(0, text.size());
      return;
    }
    if (lead.empty() && responsible.empty()) ++waiting_;
    else take_owners(lead, responsible, task);
    TableMeasure measure;
    if (numbered) measure.no = marker->number;
    measure.text = text.text(0, text.size());
    measure.span = characters_.span(begin, cell.end);
    measure.lead = owners_.lead;
    measure.responsible = owners_.responsible;
    measure.roles_unclear = roles_unclear_;
    task.measures.push_back(std::move(measure));
    overview_.deadlines.push_back({deadline.begin, deadline.empty() ? deadline.begin : deadline.end});
  }

  Owners read_cell(const GridCell& cell, OwnerRole role) const {
    if (cell.empty() || is_nothing(plain(characters_, cell))) return {};
    return owners_from_characters(characters_, cell.begin, cell.end, role, columns_.lead >= 0 ? LeadRule::none : rule_);
  }

  void take_owners(const GridCell& lead, const GridCell& responsible, TableTask& task) {
    if (split_run_together(lead, responsible, task)) return;
    waiting_ = 0;
    const bool across = lead.columns > 1 && responsible.covered;
    Owners of_lead = read_cell(lead, OwnerRole::lead);
    Owners of_responsible = across ? Owners{} : read_cell(responsible, OwnerRole::responsible);
    roles_unclear_ = !of_lead.labelled && columns_.lead >= 0 && columns_.responsible >= 0 && (across || (responsible.empty() && !lead.empty()));
    // A lead that is not repeated below stands for these rows too.
    if (lead.empty() && columns_.lead >= 0 && !(grid_.merges_known && !lead.covered)) of_lead.lead = owners_.lead;
    owners_ = std::move(of_lead);
    for (auto& name : of_responsible.lead) owners_.lead.push_back(std::move(name));
    for (auto& name : of_responsible.responsible) owners_.responsible.push_back(std::move(name));
    if (roles_unclear_ && across) std::swap(owners_.lead, owners_.responsible);
  }

  /// Where a page broke inside merged cells, a text file may hold the cells of two rows in one, told by a name that
  /// stands twice: "区民政局、 区民政局、区扶贫办". The first half belongs to the row above, whose cells are empty.
  bool split_run_together(const GridCell& lead, const GridCell& responsible, TableTask& task) {
    if (lead.empty() || responsible.empty() || waiting_ == 0) return false;
    const auto leads = halves(lead);
    const auto responsibles = halves(responsible);
    if (!leads || !responsibles || task.measures.empty()) return false;
    auto& above = task.measures.back();
    above.lead = read_cell({lead.begin, *leads, 1, false}, OwnerRole::lead).lead;
    above.responsible = read_cell({responsible.begin, *responsibles, 1, false}, OwnerRole::responsible).responsible;
    above.roles_unclear = false;
    owners_ = read_cell({*leads, lead.end, 1, false}, OwnerRole::lead);
    owners_.responsible = read_cell({*responsibles, responsible.end, 1, false}, OwnerRole::responsible).responsible;
    roles_unclear_ = false;
    waiting_ = 0;
    Warning warning{"table_cells_run_together", task.no, {}, base::text("表中任务（{}）“{}”的单位栏里两行内容连在一起，已分开理解，请核对。", "In the table, task {} “{}”: the units of two rows run together in one cell; they were separated, please check.",
                                                                        task.no, task.title),
                    characters_.span(lead.begin, responsible.end)};
    overview_.warnings.push_back(std::move(warning));
    return true;
  }

  /// Where a cell whose names repeat falls into two, at its only space.
  std::optional<std::size_t> halves(const GridCell& cell) const {
    std::optional<std::size_t> at;
    for (auto i = cell.begin; i < cell.end; ++i) {
      if (!is_space(characters_.folded[i])) continue;
      if (at && *at + 1 != i) return std::nullopt;
      at = i;
    }
    if (!at) return std::nullopt;
    const auto first = units_from_characters(characters_, cell.begin, *at).names;
    const auto second = units_from_characters(characters_, *at, cell.end).names;
    const bool repeats = std::ranges::any_of(first, [&](const std::string& name) { return std::ranges::find(second, name) != second.end(); });
    return repeats ? at : std::nullopt;
  }

  void warn_unread(const Row& row) {
    const auto first = std::ranges::find_if(row, [](const GridCell& cell) { return !cell.empty(); });
    const auto last = std::ranges::find_if(row.rbegin(), row.rend(), [](const GridCell& cell) { return !cell.empty(); });
    overview_.warnings.push_back({"table_row_unread", std::nullopt, std::nullopt,
                                  base::text("表中有一行没有措施，未能读入，请核对。", "A row of the table has no measure and was not read; please check."),
                                  characters_.span(std::min(first->begin, last->begin), std::max(first->end, last->end))});
  }

  static void number(TableTask& task) {
    int position = 0;
    for (auto& measure : task.measures) measure.position = ++position;
  }

  const Characters& characters_;
  const Grid& grid_;
  Columns columns_;
  LeadRule rule_;
  Overview overview_;
  Owners owners_;           ///< of the row above, for merged cells
  bool roles_unclear_ = false;
  int waiting_ = 0;         ///< rows in this task since owners were last written
};

}  // namespace

Columns columns_of(const Characters& characters, const Grid& grid) {
  Columns columns;
  for (std::size_t i = 0; i < grid.rows.size() && i < head_rows_max; ++i) {
    const auto next = i == 0 ? with_head(characters, grid.rows[i], columns) : with_lower_head(characters, grid.rows[i], columns);
    if (next == columns) break;
    columns = next;
    columns.head_rows = i + 1;
  }
  if (columns.head_rows > 0 && columns.lead < 0 && columns.responsible < 0) take_untold_owners(characters, grid.rows.front(), columns);
  // 任务 and 责任单位 without 措施: the tasks are the measures.
  if (columns.measure < 0 && columns.task >= 0) {
    columns.measure = columns.task;
    columns.task = columns.part;
    columns.part = -1;
  }
  return columns;
}

Overview overview_from_grid(const Characters& characters, const Grid& grid, const Columns& columns, LeadRule rule) {
  return Reading(characters, grid, columns, rule).read();
}

}  // namespace yihu::plan
