#include "sheet/document_builder.h"

#include <algorithm>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

// UTF-8 needs at most four bytes a code point, so more bytes than this are surely too many code points.
constexpr std::size_t text_bytes_max = document_code_points_max * 4;

constexpr std::string_view blanks[] = {" ", "\t", "\r", "\n", "\f", "\v", "\u00a0", "\u3000", "\ufeff"};

/// One line: line ends and tabs inside become single spaces.
void append_on_one_line(std::string& out, std::string_view paragraph) {
  for (std::size_t begin = 0; begin <= paragraph.size();) {
    const std::size_t end = std::min(paragraph.find_first_of("\n\t", begin), paragraph.size());
    const std::string_view piece = without_outer_blanks(paragraph.substr(begin, end - begin));
    if (!piece.empty()) {
      if (!out.empty()) out += ' ';
      out += piece;
    }
    begin = end + 1;
  }
}

void append_on_one_line(std::string& out, const std::vector<Block>& blocks) {
  for (const Block& block : blocks) {
    append_on_one_line(out, block.paragraph);
    if (!block.table) continue;
    for (const CellBlock& cell : block.table->cells) append_on_one_line(out, cell.blocks);
  }
}

bool holds_tables(const TableBlock& table) {
  return std::ranges::any_of(table.cells, [](const CellBlock& cell) {
    return std::ranges::any_of(cell.blocks, [](const Block& block) { return block.table != nullptr; });
  });
}

bool is_frame(const TableBlock& table, bool nested_tables_are_layout) {
  if (nested_tables_are_layout && holds_tables(table)) return true;
  if (table.cells.size() <= 1) return true;
  return table.columns == 1 &&
         std::ranges::any_of(table.cells, [](const CellBlock& cell) { return cell.blocks.size() > 1; });
}

/// Writes blocks one after the other, counting code points as it goes.
class Layout {
 public:
  explicit Layout(bool nested_tables_are_layout) : nested_tables_are_layout_(nested_tables_are_layout) {}

  void write(const std::vector<Block>& blocks) {
    for (const Block& block : blocks) {
      if (too_long()) return;
      if (block.table == nullptr) {
        write_lines(block.paragraph);
      } else if (is_frame(*block.table, nested_tables_are_layout_)) {
        for (const CellBlock& cell : block.table->cells) write(cell.blocks);
      } else {
        write_table(*block.table);
      }
    }
  }

  bool too_long() const { return points_ > document_code_points_max; }

  Document document;

 private:
  void append(std::string_view piece) {
    document.text += piece;
    points_ += base::count_code_points(piece);
  }

  void write_lines(std::string_view paragraph) {
    for (std::size_t begin = 0; begin <= paragraph.size();) {
      const std::size_t end = std::min(paragraph.find('\n', begin), paragraph.size());
      const std::string_view line = without_outer_blanks(paragraph.substr(begin, end - begin));
      if (!line.empty()) {
        append(line);
        append("\n");
      }
      begin = end + 1;
    }
  }

  void write_table(const TableBlock& source) {
    Table table{source.rows, source.columns, {}, {points_, points_}};
    auto next = source.cells.begin();
    for (int row = 0; row < source.rows && !too_long(); ++row) {
      for (int column = 0; column < source.columns; ++column) {
        if (column > 0) append("\t");
        if (next == source.cells.end() || next->row != row || next->column != column) continue;
        Cell cell{next->row, next->column, next->rows, next->columns, {}, {}};
        append_on_one_line(cell.text, next->blocks);
        cell.span.begin = points_;
        append(cell.text);
        cell.span.end = points_;
        table.span.end = points_;
        table.cells.push_back(std::move(cell));
        ++next;
      }
      append("\n");
    }
    document.tables.push_back(std::move(table));
  }

  bool nested_tables_are_layout_;
  std::size_t points_ = 0;
};

}  // namespace

std::string_view without_outer_blanks(std::string_view utf8) {
  for (bool found = true; found;) {
    found = false;
    for (const std::string_view blank : blanks) {
      while (utf8.starts_with(blank)) {
        utf8.remove_prefix(blank.size());
        found = true;
      }
      while (utf8.ends_with(blank)) {
        utf8.remove_suffix(blank.size());
        found = true;
      }
    }
  }
  return utf8;
}

std::vector<Block>* DocumentBuilder::target() {
  if (overflowing()) return nullptr;
  // What stands in a table but in no cell comes before the table, as in a browser.
  for (std::size_t i = open_.size(); i-- > 0;) {
    if (!open_[i].in_cell) continue;
    return open_[i].dropping ? nullptr : &open_[i].table.cells.back().blocks;
  }
  return &blocks_;
}

void DocumentBuilder::paragraph(std::string_view utf8) {
  std::vector<Block>* blocks = target();
  if (blocks == nullptr) return;
  utf8 = without_outer_blanks(utf8);
  if (utf8.empty()) return;
  bytes_ += utf8.size() + 1;
  if (bytes_ > text_bytes_max) {
    too_long_ = true;
    return;
  }
  blocks->push_back({std::string(utf8), nullptr});
}

void DocumentBuilder::begin_table() {
  if (depth_dropped_ > 0 || open_.size() >= table_depth_max) {
    too_deep_ = true;
    ++depth_dropped_;
    return;
  }
  open_.emplace_back();
}

void DocumentBuilder::end_table() {
  if (depth_dropped_ > 0) {
    --depth_dropped_;
    return;
  }
  if (open_.empty()) return;
  auto table = std::make_unique<TableBlock>(std::move(open_.back().table));
  open_.pop_back();
  for (CellBlock& cell : table->cells) cell.rows = std::min(cell.rows, table->rows - cell.row);
  // Places are counted here because spans can promise many with few cells.
  places_ += std::int64_t{table->rows} * table->columns;
  if (places_ > table_places_max) too_wide_ = true;
  if (table->cells.empty()) return;
  if (std::vector<Block>* blocks = target()) blocks->push_back({{}, std::move(table)});
}

void DocumentBuilder::begin_row() {
  if (open_.empty() || overflowing()) return;
  Open& open = open_.back();
  ++open.table.rows;
  open.column = 0;
  if (open.table.rows > table_places_max) too_wide_ = true;
}

void DocumentBuilder::skip_places(int columns) {
  if (open_.empty()) return;
  open_.back().column += std::clamp(columns, 0, table_columns_max);
}

void DocumentBuilder::skip_covered_places() {
  if (open_.empty()) return;
  Open& open = open_.back();
  const int row = open.table.rows - 1;
  while (open.column < static_cast<int>(open.free_from_row.size()) &&
         open.free_from_row[static_cast<std::size_t>(open.column)] > row) {
    ++open.column;
  }
}

void DocumentBuilder::cover(Open& open, int index, int rows, int columns) {
  const auto end = static_cast<std::size_t>(open.column + columns);
  if (open.free_from_row.size() < end) {
    open.free_from_row.resize(end, 0);
    open.cell_at.resize(end, -1);
  }
  for (auto i = static_cast<std::size_t>(open.column); i < end; ++i) {
    open.free_from_row[i] = open.table.rows - 1 + rows;
    open.cell_at[i] = index;
  }
  open.column += columns;
  open.table.columns = std::max(open.table.columns, open.column);
}

void DocumentBuilder::begin_cell(int rows, int columns) {
  if (open_.empty()) return;
  Open& open = open_.back();
  if (open.table.rows == 0) begin_row();
  open.in_cell = true;
  open.dropping = false;
  if (overflowing()) return;
  columns = std::max(1, columns);
  rows = std::clamp(rows, 1, static_cast<int>(table_places_max));
  if (open.column + columns > table_columns_max) {
    if (open.column >= table_columns_max) {
      too_wide_ = true;
      return;
    }
    columns = table_columns_max - open.column;
  }
  const int row = open.table.rows - 1;
  int free = 1;
  while (free < columns) {
    const auto at = static_cast<std::size_t>(open.column + free);
    if (at < open.free_from_row.size() && open.free_from_row[at] > row) break;
    ++free;
  }
  columns = std::min(columns, free);
  // Counted here as well, because a table may have no end.
  begun_places_ += columns;
  if (begun_places_ > table_places_max) too_wide_ = true;
  open.table.cells.push_back({row, open.column, rows, columns, {}});
  cover(open, static_cast<int>(open.table.cells.size()) - 1, rows, columns);
}

void DocumentBuilder::begin_cell_joined_above(int columns) {
  if (open_.empty()) return;
  Open& open = open_.back();
  const auto at = static_cast<std::size_t>(open.column);
  const int row = open.table.rows - 1;
  if (overflowing() || at >= open.cell_at.size() || open.cell_at[at] < 0 || open.free_from_row[at] != row) {
    begin_cell(1, columns);
    return;
  }
  const int index = open.cell_at[at];
  CellBlock& above = open.table.cells[static_cast<std::size_t>(index)];
  if (above.column != open.column) {
    begin_cell(1, columns);
    return;
  }
  above.rows += 1;
  open.in_cell = true;
  open.dropping = true;
  cover(open, index, 1, above.columns);
}

void DocumentBuilder::begin_cell_joined_before(int columns) {
  if (open_.empty()) return;
  Open& open = open_.back();
  columns = std::clamp(columns, 1, table_columns_max);
  if (overflowing() || open.column == 0 || open.table.cells.empty() || open.column + columns > table_columns_max ||
      open.table.cells.back().row != open.table.rows - 1) {
    begin_cell(1, columns);
    return;
  }
  open.table.cells.back().columns += columns;
  open.in_cell = true;
  open.dropping = true;
  cover(open, static_cast<int>(open.table.cells.size()) - 1, 1, columns);
}

void DocumentBuilder::end_cell() {
  if (open_.empty()) return;
  open_.back().in_cell = false;
  open_.back().dropping = false;
}

void DocumentBuilder::repeat_cell(int times) {
  for (int i = 0; i < times && !open_.empty() && !overflowing(); ++i) {
    const CellBlock& last = open_.back().table.cells.back();
    std::vector<std::string> paragraphs;
    for (const Block& block : last.blocks) paragraphs.push_back(block.paragraph);
    skip_covered_places();
    begin_cell(last.rows, last.columns);
    for (const std::string& line : paragraphs) paragraph(line);
    end_cell();
  }
}

void DocumentBuilder::repeat_row(int times) {
  if (times <= 0 || open_.empty()) return;
  std::vector<CellBlock>& cells = open_.back().table.cells;
  const int row = open_.back().table.rows - 1;
  std::size_t first = cells.size();
  while (first > 0 && cells[first - 1].row == row) --first;
  const std::size_t last = cells.size();
  for (int i = 0; i < times && !overflowing(); ++i) {
    begin_row();
    for (std::size_t at = first; at < last; ++at) {
      open_.back().column = cells[at].column;
      std::vector<std::string> paragraphs;
      for (const Block& block : cells[at].blocks) paragraphs.push_back(block.paragraph);
      begin_cell(1, cells[at].columns);
      for (const std::string& line : paragraphs) paragraph(line);
      end_cell();
    }
  }
}

base::Result<Document> DocumentBuilder::finish(std::string format, bool nested_tables_are_layout) && {
  while (!open_.empty() && !overflowing()) end_table();
  if (too_deep_) {
    return fail(ErrorKind::input, "document_too_deep",
                text("文件中的表格层层嵌套超过 {} 层，无法读取。", "The document nests tables more than {} deep.", table_depth_max),
                text("请把内层表格改为普通文字后再上传。", "Turn the inner tables into plain text and try again."));
  }
  if (too_wide_) {
    return fail(ErrorKind::too_large, "document_tables_too_large",
                text("文件中的表格过大（超过 {} 列或 {} 格）。", "The tables of the document are too large (over {} columns or {} cells).",
                     table_columns_max, table_places_max),
                text("请只保留工作要点所用的表格。", "Keep only the tables that belong to the plan."));
  }
  Layout layout(nested_tables_are_layout);
  if (!too_long_) layout.write(blocks_);
  if (too_long_ || layout.too_long()) {
    return fail(ErrorKind::too_large, "document_text_too_long",
                text("文件文字超过 {} 个，无法读取。", "The document has more than {} characters.", document_code_points_max),
                text("请把文件拆开后分别上传。", "Split the document and try again."));
  }
  layout.document.format = std::move(format);
  return std::move(layout.document);
}

}  // namespace yihu::sheet
