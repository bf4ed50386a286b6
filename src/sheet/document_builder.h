#pragma once
// Collects paragraphs and tables as a format reader meets them, and lays them out as one text with spans.

#include "sheet/document.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

/// How deep tables may stand in tables; deeper is an attack, no office nests more than two or three.
inline constexpr std::size_t table_depth_max = 32;
/// Places (rows × columns) of all tables together, covered ones included.
inline constexpr std::int64_t table_places_max = 2'000'000;
inline constexpr int table_columns_max = 1'000;

struct TableBlock;

/// A paragraph, or a table when `table` is set.
struct Block {
  std::string paragraph;
  std::unique_ptr<TableBlock> table;
};

struct CellBlock {
  int row = 0;
  int column = 0;
  int rows = 1;
  int columns = 1;
  std::vector<Block> blocks;
};

struct TableBlock {
  int rows = 0;
  int columns = 0;
  std::vector<CellBlock> cells;
};

class DocumentBuilder {
 public:
  /// A whole paragraph; "\n" in it ends a line, and blank ends of lines are dropped.
  void paragraph(std::string_view utf8);

  void begin_table();
  void end_table();
  void begin_row();
  /// Passes `columns` places without a cell, such as an indented row begins with or another cell covers.
  void skip_places(int columns);
  /// Passes the places that cells of earlier rows reach down into. HTML counts columns this way.
  void skip_covered_places();
  /// Spans are cut to what is free in this row; rows below the table are cut when it ends.
  void begin_cell(int rows, int columns);
  /// The cell above at this place grows by one row, and what stands in this one is dropped, until end_cell.
  void begin_cell_joined_above(int columns);
  /// The cell before this one grows by `columns`, and what stands in this one is dropped, until end_cell.
  void begin_cell_joined_before(int columns);
  void end_cell();
  /// The cell just ended stands `times` more times beside itself.
  void repeat_cell(int times);
  /// The row just ended stands `times` more times below itself.
  void repeat_row(int times);

  bool in_table() const { return !open_.empty(); }
  bool in_cell() const { return !open_.empty() && open_.back().in_cell; }
  /// A limit was passed: whatever comes is dropped, so the reader may as well stop.
  bool overflowing() const { return too_long_ || too_deep_ || too_wide_; }

  /// `nested_tables_are_layout`: a table that holds tables only places things on a page, as in old web pages.
  base::Result<Document> finish(std::string format, bool nested_tables_are_layout) &&;

 private:
  struct Open {
    TableBlock table;
    std::vector<int> free_from_row;  ///< by column: the first row no cell above reaches into
    std::vector<int> cell_at;        ///< by column: index of the last cell that covered it, or -1
    int column = 0;
    bool in_cell = false;
    bool dropping = false;
  };

  std::vector<Block>* target();
  void cover(Open& open, int index, int rows, int columns);

  std::vector<Block> blocks_;
  std::vector<Open> open_;
  std::size_t bytes_ = 0;
  std::size_t depth_dropped_ = 0;
  std::int64_t places_ = 0;
  std::int64_t begun_places_ = 0;
  bool too_long_ = false;
  bool too_deep_ = false;
  bool too_wide_ = false;
};

/// Without blanks (also U+00A0 and U+3000) at both ends.
std::string_view without_outer_blanks(std::string_view utf8);

}  // namespace yihu::sheet
