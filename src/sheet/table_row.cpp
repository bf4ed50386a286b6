#include "base/utf8.h"
#include "sheet/cell_value.h"
#include "sheet/table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>

namespace yihu::sheet {
namespace {

/// A cell that reaches into rows below its own; its texts are copied, because the row that held them is gone.
struct Reaching {
  CellRange range;
  SheetCell cell;
  std::string text;
  std::string number;
};

bool is_total_word(std::string_view value) {
  static constexpr std::array words{"合计", "总计", "小计", "共计", "累计", "总合计", "合计数", "total", "sum", "subtotal"};
  static constexpr std::array endings{"合计", "总计", "小计"};
  constexpr std::size_t code_points_max = 12;
  // Nearly every cell shows at its bytes that it is none: no 计, and no letter, narrow or wide.
  const bool letter = std::ranges::any_of(value, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '\xef'; });
  if (!letter && value.find("计") == std::string_view::npos) return false;
  const std::string key = heading_key(value);
  if (std::ranges::find(words, key) != words.end()) return true;
  return base::count_code_points(key) <= code_points_max && std::ranges::any_of(endings, [&](const char* ending) { return key.ends_with(ending); });
}

/// "第 2 页 共 3 页", "（续表）".
bool is_page_mark(std::string_view value) {
  constexpr std::size_t code_points_max = 12;
  const std::string key = heading_text(value);
  if (base::count_code_points(key) > code_points_max) return false;
  return (key.starts_with("第") && key.ends_with("页")) || key == "续表" || key == "(续表)" || key == "(续)" || key == "续上表" || key == "接上表";
}

/// Labels of what is filled in and signed beneath a form: "填表日期：", "村主任（签字）：", "单位（盖章）".
bool is_signature(std::string_view value) {
  static constexpr std::array words{"签字", "签名", "签章", "盖章"};
  static constexpr std::array labels{"填", "审", "制表", "复核", "负责", "经办", "联系", "电话", "日期", "时间", "主任", "书记", "单位", "队长", "领导"};
  constexpr std::size_t label_code_points_max = 10;
  const std::string text = heading_text(value);
  const std::size_t colon = text.find(':');
  const std::string_view label = std::string_view(text).substr(0, colon);
  if (label.empty() || base::count_code_points(label) > label_code_points_max) return false;
  const auto stands_in = [&](std::string_view word) { return label.find(word) != label.npos; };
  return std::ranges::any_of(words, stands_in) || (colon != text.npos && std::ranges::any_of(labels, stands_in));
}

bool is_note_word(std::string_view value) {
  static constexpr std::array beginnings{"注:", "备注:", "说明:", "填表说明", "填报说明", "填表人:", "制表人:", "制表:", "审核人:", "审核:", "填报人:",
                                         "填报单位:", "填报时间:", "单位负责人:", "负责人:", "复核:", "经办人:", "注1", "note:", "notes:"};
  std::string key = heading_text(value);
  std::ranges::transform(key, key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::ranges::any_of(beginnings, [&](const char* beginning) { return key.starts_with(beginning); });
}

class TableRows {
 public:
  TableRows(const TableHead& head, SheetLayout layout, const TableSink& sink) : head_(head), sink_(sink) {
    for (const TableColumn& column : head.columns) {
      index_.resize(std::max(index_.size(), static_cast<std::size_t>(column.column) + 1), -1);
      index_[static_cast<std::size_t>(column.column)] = static_cast<int>(&column - head.columns.data());
    }
    for (CellRange& range : layout.merged) {
      if (range.last_row > head.last_row) merged_.push_back(range);
    }
  }

  bool add(const SheetRow& row) {
    if (row.number <= head_.last_row) return true;
    cells_.assign(head_.columns.size(), SheetCell{});
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      cells_[i].row = row.number;
      cells_[i].column = head_.columns[i].column;
      cells_[i].hidden = row.hidden || head_.columns[i].hidden;
    }
    filled_ = 0;
    for (const SheetCell& cell : row.cells) {
      const auto column = static_cast<std::size_t>(cell.column);
      if (column >= index_.size() || index_[column] < 0 || is_empty(cell)) continue;
      cells_[static_cast<std::size_t>(index_[column])] = cell;
      ++filled_;
    }
    if (filled_ == 0) return true;
    TableRow made{row.number, role_of(row.number), row.hidden, cells_};
    fill_from_above(row.number);
    return sink_(made);
  }

 private:
  RowRole role_of(int row) {
    std::array<const SheetCell*, 3> first{};
    std::size_t found = 0;
    for (const SheetCell& cell : cells_) {
      if (cell.kind != CellKind::empty && found < first.size()) first[found++] = &cell;
    }
    const bool begins_body = !seen_body_;
    if (repeats_head() || (begins_body && numbers_columns())) {
      noted_ = false;
      return RowRole::heading;
    }
    if (first[0]->kind == CellKind::text && is_note(*first[0], row)) {
      noted_ = !begins_body;
      return RowRole::note;
    }
    for (std::size_t i = 0; i < found; ++i) {
      if (first[i]->kind == CellKind::text && first[i]->text.size() < 64 && is_total_word(first[i]->text)) return RowRole::total;
    }
    seen_body_ = true;
    return RowRole::body;
  }

  bool repeats_head() const {
    std::size_t same = 0;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (cells_[i].kind != CellKind::text) {
        // One number or day, and the row is no row of names; most rows are settled here or at their first text.
        if (cells_[i].kind != CellKind::empty) return false;
        continue;
      }
      const std::string name = heading_text(cells_[i].text);
      if (name == head_.columns[i].parts.back() || name == head_.columns[i].parts.front()) ++same;
      else if (same == 0) return false;
    }
    return same * 10 >= filled_ * 6 && same > 0 && filled_ > 1;
  }

  /// "1 2 3 …", also after 甲 乙 or 栏次, nearly all across.
  bool numbers_columns() const {
    int expected = 0;
    std::size_t numbers = 0;
    for (const SheetCell& cell : cells_) {
      if (cell.kind == CellKind::empty) continue;
      const std::string value = folded_text(cell.text);
      int number = 0;
      const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
      const bool whole = problem == std::errc() && end == value.data() + value.size();
      if (!whole && numbers == 0 && base::count_code_points(value) <= 2) continue;
      if (!whole || (numbers > 0 && number != expected + 1)) return false;
      expected = number;
      ++numbers;
    }
    return numbers >= 3 && numbers * 10 >= head_.columns.size() * 6 && expected <= static_cast<int>(head_.columns.size());
  }

  bool is_note(const SheetCell& first, int row) const {
    constexpr std::size_t long_text = 60;  // bytes: some 20 Chinese characters
    if (filled_ == 1 && head_.columns.size() > 2) {
      const auto across = std::ranges::lower_bound(merged_, row, {}, &CellRange::first_row);
      for (auto range = across; range != merged_.end() && range->first_row == row; ++range) {
        const int columns = range->last_column - range->first_column + 1;
        if (range->first_column == first.column && static_cast<std::size_t>(columns) * 2 > head_.columns.size()) return true;
      }
      if (first.column == head_.columns[0].column && first.text.size() > long_text) return true;
    }
    const bool short_or_alone = filled_ <= 1 || filled_ * 2 <= head_.columns.size();
    // Beneath the notes a text alone is one more of them.
    if (filled_ == 1 && head_.columns.size() > 2 && (noted_ || is_page_mark(first.text))) return true;
    return short_or_alone && (is_note_word(first.text.substr(0, long_text)) || is_signature(first.text.substr(0, long_text)));
  }

  /// A value merged over several rows holds for each of them.
  void fill_from_above(int row) {
    std::erase_if(reaching_, [&](const std::unique_ptr<Reaching>& reach) { return reach->range.last_row < row; });
    for (const auto& reach : reaching_) {
      SheetCell& cell = cells_[static_cast<std::size_t>(index_[static_cast<std::size_t>(reach->range.first_column)])];
      if (cell.kind != CellKind::empty) continue;
      const bool hidden = cell.hidden;
      cell = reach->cell;
      cell.text = reach->text;
      cell.number = reach->number;
      cell.hidden = hidden;
    }
    for (; next_merged_ < merged_.size() && merged_[next_merged_].first_row <= row; ++next_merged_) {
      const CellRange& range = merged_[next_merged_];
      const auto column = static_cast<std::size_t>(range.first_column);
      if (range.first_row != row || range.last_row == row || column >= index_.size() || index_[column] < 0) continue;
      const SheetCell& cell = cells_[static_cast<std::size_t>(index_[column])];
      if (cell.kind == CellKind::empty || cell.row != row) continue;
      reaching_.push_back(std::make_unique<Reaching>(Reaching{range, cell, std::string(cell.text), std::string(cell.number)}));
    }
  }

  const TableHead& head_;
  const TableSink& sink_;
  std::vector<int> index_;  ///< by column of the sheet: place in the head, or -1
  std::vector<CellRange> merged_;
  std::size_t next_merged_ = 0;
  std::vector<std::unique_ptr<Reaching>> reaching_;
  std::vector<SheetCell> cells_;
  std::size_t filled_ = 0;
  bool seen_body_ = false;
  bool noted_ = false;  ///< notes have begun beneath the rows
};

}  // namespace

base::Done read_table(Workbook& workbook, std::size_t sheet, const TableHead& head, const TableSink& sink, const base::Cancel& cancel,
                      const base::Progress& progress) {
  TableRows rows(head, TRY(workbook.layout(sheet, cancel)), sink);
  return workbook.read_rows(sheet, [&](const SheetRow& row) { return rows.add(row); }, cancel, progress);
}

}  // namespace yihu::sheet
