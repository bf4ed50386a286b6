#include "sheet/workbook_writer.h"

#include "base/utf8.h"
#include "sheet/xlsx_memory.h"

#include <xlsxwriter.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

constexpr std::size_t name_code_points_max = 31;
constexpr double line_height = 15.6;                  // points, of the ordinary print
constexpr double row_height_max = 409;                // what a row can be at most
constexpr char body_font[] = "宋体";
constexpr char head_font[] = "黑体";

enum class Part { title, note, head, heading, body };
enum class Kind { text, whole, fraction, day };
using FormatKey = std::tuple<Part, Kind, Tone, Align>;

struct Colours {
  lxw_color_t ink;
  lxw_color_t paper;
};

/// Pale enough that a black-and-white print stays readable.
Colours colours_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
    case Tone::strong: return {0x000000, 0};
    case Tone::muted: return {0x808080, 0};
    case Tone::good: return {0x1B5E20, 0xE8F5E9};
    case Tone::warning: return {0x7A4F01, 0xFFF4D6};
    case Tone::bad: return {0x9B1C1C, 0xFDE8E8};
  }
  return {0x000000, 0};
}

/// A Chinese character is as wide as two digits.
double width_in_digits(std::string_view utf8) {
  double width = 0;
  for (const char32_t c : base::code_points(utf8)) width += c < 0x1100 ? 1 : 2;
  return width;
}

int lines_needed(std::string_view utf8, double width) {
  const double usable = std::max(1.0, width - 1);
  int lines = 0;
  for (std::size_t begin = 0; begin <= utf8.size();) {
    const std::size_t end = std::min(utf8.find('\n', begin), utf8.size());
    lines += std::max(1, static_cast<int>(std::ceil(width_in_digits(utf8.substr(begin, end - begin)) / usable)));
    begin = end + 1;
  }
  return lines;
}

std::unexpected<base::Error> misuse(const char* what) {
  return fail(ErrorKind::internal, "workbook_misused", text("生成表格时程序出错：{}。", "The program misused the workbook writer: {}.", what));
}

}  // namespace

class WorkbookWriter::Book {
 public:
  explicit Book(WorkbookOptions options) : options_(std::move(options)) {}

  base::Done open() {
    memory_ = TRY(XlsxMemory::open({options_.created, options_.title, options_.author, options_.constant_memory}));
    workbook_ = memory_->book();
    return {};
  }

  base::Done add_sheet(WorkbookSheet sheet) {
    if (sheet.columns.empty()) return misuse("a sheet without columns");
    finish_sheet();
    worksheet_ = workbook_add_worksheet(workbook_, unique_name(sheet.name).c_str());
    if (worksheet_ == nullptr) return workbook_not_written();
    sheet_ = std::move(sheet);
    row_ = 0;
    covered_until_.assign(sheet_.columns.size(), 0);
    merged_.clear();
    set_page();
    for (std::size_t i = 0; i < sheet_.columns.size(); ++i) {
      const auto column = static_cast<lxw_col_t>(i);
      worksheet_set_column(worksheet_, column, column, sheet_.columns[i].width, nullptr);
    }
    if (!sheet_.title.empty()) across(sheet_.title, Part::title, 30);
    if (!sheet_.note.empty()) across(sheet_.note, Part::note, 0);
    double height = line_height * 1.6;
    for (const WorkbookColumn& column : sheet_.columns) {
      height = std::max(height, (lines_needed(column.title, column.width) + 0.5) * line_height);
    }
    worksheet_set_row(worksheet_, row_, height, nullptr);
    for (std::size_t i = 0; i < sheet_.columns.size(); ++i) {
      write_text(row_, i, sheet_.columns[i].title, format({Part::head, Kind::text, Tone::plain, Align::centre}));
    }
    worksheet_repeat_rows(worksheet_, row_, row_);
    ++row_;
    const int frozen = std::clamp(sheet_.frozen_columns, 0, static_cast<int>(sheet_.columns.size()));
    worksheet_freeze_panes(worksheet_, row_, static_cast<lxw_col_t>(frozen));
    covered_until_.assign(sheet_.columns.size(), row_);
    return {};
  }

  base::Done add_row(const std::vector<WorkbookCell>& cells) {
    if (worksheet_ == nullptr) return misuse("a row before the first sheet");
    if (row_ >= workbook_rows_max) {
      return fail(ErrorKind::too_large, "workbook_too_long",
                  text("表格超过 {} 行，无法导出。", "The workbook would have more than {} rows.", workbook_rows_max),
                  text("请缩小导出范围。", "Choose a smaller range."));
    }
    int lines = 1;
    std::size_t column = 0;
    for (const WorkbookCell& cell : cells) {
      while (column < covered_until_.size() && covered_until_[column] > row_) ++column;
      const std::size_t end = column + static_cast<std::size_t>(std::max(1, cell.columns));
      if (end > sheet_.columns.size()) return misuse("a row longer than the head");
      if (cell.rows > 1 && options_.constant_memory) return misuse("a cell over several rows in constant memory");
      for (std::size_t i = column; i < end; ++i) {
        if (covered_until_[i] > row_) return misuse("a cell over a covered place");
        covered_until_[i] = row_ + static_cast<lxw_row_t>(std::max(1, cell.rows));
      }
      lines = std::max(lines, write_cell(cell, column, end));
      column = end;
    }
    for (; column < sheet_.columns.size(); ++column) {
      if (covered_until_[column] > row_) continue;
      worksheet_write_blank(worksheet_, row_, static_cast<lxw_col_t>(column),
                            format({Part::body, Kind::text, Tone::plain, Align::left}));
    }
    lines_.push_back(lines);
    ++row_;
    stretch_for_merged(false);
    return {};
  }

  base::Done add_heading(const std::string& heading) {
    if (worksheet_ == nullptr) return misuse("a heading before the first sheet");
    if (std::ranges::any_of(covered_until_, [&](lxw_row_t until) { return until > row_; })) {
      return misuse("a heading across a cell over several rows");
    }
    across(heading, Part::heading, line_height * 1.5);
    lines_.push_back(1);
    return {};
  }

  base::Result<std::string> finish() {
    if (worksheet_ == nullptr) return misuse("a workbook without sheets");
    finish_sheet();
    return memory_->finish();
  }

 private:
  struct Merged {
    lxw_row_t begin;
    lxw_row_t end;
    int lines;
  };

  std::string unique_name(std::string_view wanted) {
    std::string clean;
    for (const char32_t c : base::code_points(xlsx_text(wanted))) {
      clean += std::u32string_view(U"[]:*?/\\\n\t").find(c) != std::u32string_view::npos ? " " : base::utf8(c);
    }
    clean = base::first_code_points(clean, name_code_points_max);
    while (clean.starts_with('\'') || clean.starts_with(' ')) clean.erase(0, 1);
    while (clean.ends_with('\'') || clean.ends_with(' ')) clean.pop_back();
    if (clean.empty()) clean = options_.language == base::Language::zh ? "表" : "Sheet";
    std::string name = clean;
    for (int i = 2; !names_.insert(lower(name)).second; ++i) {
      const std::string mark = " " + std::to_string(i);
      name = std::string(base::first_code_points(clean, name_code_points_max - mark.size())) + mark;
    }
    return name;
  }

  /// Names that differ only in the case of Latin letters are the same to spreadsheet programs.
  static std::string lower(std::string name) {
    for (char& c : name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return name;
  }

  void set_page() {
    constexpr std::uint8_t a4 = 9;
    worksheet_set_paper(worksheet_, a4);
    if (sheet_.landscape) worksheet_set_landscape(worksheet_);
    worksheet_fit_to_pages(worksheet_, 1, 0);
    worksheet_set_margins(worksheet_, 0.5, 0.5, 0.6, 0.6);
    worksheet_center_horizontally(worksheet_);
    const bool chinese = options_.language == base::Language::zh;
    worksheet_set_footer(worksheet_, chinese ? "&C第 &P 页，共 &N 页" : "&CPage &P of &N");
  }

  lxw_format* format(const FormatKey& key) {
    lxw_format*& made = formats_[key];
    if (made != nullptr) return made;
    made = workbook_add_format(workbook_);
    const auto& [part, kind, tone, align] = key;
    const bool heavy = part == Part::title || part == Part::head || part == Part::heading;
    format_set_font_name(made, heavy ? head_font : body_font);
    format_set_font_size(made, part == Part::title ? 18 : part == Part::note ? 10 : 11);
    format_set_text_wrap(made);
    format_set_align(made, LXW_ALIGN_VERTICAL_CENTER);
    format_set_align(made, align == Align::left     ? LXW_ALIGN_LEFT
                           : align == Align::centre ? LXW_ALIGN_CENTER
                                                    : LXW_ALIGN_RIGHT);
    if (part == Part::note) format_set_font_color(made, 0x606060);
    if (part == Part::head) format_set_bg_color(made, 0xE7EDF5);
    if (part == Part::heading) format_set_bg_color(made, 0xF3F5F8);
    if (part == Part::title || part == Part::note) return made;
    format_set_border(made, LXW_BORDER_THIN);
    format_set_border_color(made, 0x9AA5B1);
    if (part != Part::body) return made;
    const Colours colours = colours_of(tone);
    if (colours.ink != 0) format_set_font_color(made, colours.ink);
    if (colours.paper != 0) format_set_bg_color(made, colours.paper);
    if (tone == Tone::strong) format_set_bold(made);
    // A text cell says so itself; "@" keeps it text when somebody edits it.
    format_set_num_format(made, kind == Kind::text    ? "@"
                                : kind == Kind::whole ? "#,##0"
                                : kind == Kind::day   ? "yyyy-mm-dd"
                                                      : "#,##0.##");
    return made;
  }

  void write_text(lxw_row_t row, std::size_t column, std::string_view content, lxw_format* look) {
    const std::string clean = xlsx_text(content);
    // An empty text would be written as nothing; a blank keeps the border.
    if (clean.empty()) worksheet_write_blank(worksheet_, row, static_cast<lxw_col_t>(column), look);
    else worksheet_write_string(worksheet_, row, static_cast<lxw_col_t>(column), clean.c_str(), look);
  }

  void across(std::string_view content, Part part, double height) {
    const Align align = part == Part::title ? Align::centre : Align::left;
    lxw_format* look = format({part, Kind::text, Tone::plain, align});
    double width = 0;
    for (const WorkbookColumn& column : sheet_.columns) width += column.width;
    const double print = part == Part::title ? 18.0 / 11 : 1;
    const int lines = static_cast<int>(std::ceil(lines_needed(content, width / print) * print));
    worksheet_set_row(worksheet_, row_, std::min(row_height_max, std::max(height, lines * line_height)), nullptr);
    if (sheet_.columns.size() > 1) {
      worksheet_merge_range(worksheet_, row_, 0, row_, static_cast<lxw_col_t>(sheet_.columns.size() - 1), "", look);
    }
    write_text(row_, 0, content, look);
    ++row_;
  }

  /// Returns how many lines of print the cell needs in this row.
  int write_cell(const WorkbookCell& cell, std::size_t column, std::size_t end) {
    const bool is_day = std::holds_alternative<base::Date>(cell.value);
    const bool is_whole = std::holds_alternative<std::int64_t>(cell.value);
    const bool is_fraction = std::holds_alternative<double>(cell.value);
    const Kind kind = is_day ? Kind::day : is_whole ? Kind::whole : is_fraction ? Kind::fraction : Kind::text;
    Align align = sheet_.columns[column].align;
    if ((is_whole || is_fraction) && align == Align::left) align = Align::right;
    lxw_format* look = format({Part::body, kind, cell.tone, align});
    const auto last_row = row_ + static_cast<lxw_row_t>(std::max(1, cell.rows)) - 1;
    const auto first = static_cast<lxw_col_t>(column);
    if (last_row > row_ || end > column + 1) {
      worksheet_merge_range(worksheet_, row_, first, last_row, static_cast<lxw_col_t>(end - 1), "", look);
    }
    if (const auto* day = std::get_if<base::Date>(&cell.value)) {
      lxw_datetime when{};
      when.year = static_cast<int>(day->year());
      when.month = static_cast<int>(static_cast<unsigned>(day->month()));
      when.day = static_cast<int>(static_cast<unsigned>(day->day()));
      worksheet_write_datetime(worksheet_, row_, first, &when, look);
    } else if (const auto* whole = std::get_if<std::int64_t>(&cell.value)) {
      worksheet_write_number(worksheet_, row_, first, static_cast<double>(*whole), look);
    } else if (const auto* fraction = std::get_if<double>(&cell.value)) {
      if (std::isfinite(*fraction)) worksheet_write_number(worksheet_, row_, first, *fraction, look);
      else worksheet_write_blank(worksheet_, row_, first, look);
    } else {
      const auto* content = std::get_if<std::string>(&cell.value);
      write_text(row_, column, content == nullptr ? std::string_view() : std::string_view(*content), look);
      if (content == nullptr) return 1;
      double width = 0;
      for (std::size_t i = column; i < end; ++i) width += sheet_.columns[i].width;
      const int lines = lines_needed(*content, width);
      if (last_row == row_) return lines;
      merged_.push_back({row_, last_row + 1, lines});
    }
    return 1;
  }

  /// Programs fit a row to its own cells but not to merged ones, so the last row of a merged cell is made higher
  /// when the text needs it.
  void stretch_for_merged(bool all) {
    for (Merged& merged : merged_) {
      if (merged.lines == 0 || (!all && merged.end > row_)) continue;
      const lxw_row_t end = std::min(merged.end, row_);
      // lines_ counts from the first row below the head.
      const auto first_row = row_ - static_cast<lxw_row_t>(lines_.size());
      int have = 0;
      for (lxw_row_t row = merged.begin; row < end; ++row) have += lines_[row - first_row];
      if (end > merged.begin && have < merged.lines) {
        int& last = lines_[end - 1 - first_row];
        last += merged.lines - have;
        worksheet_set_row(worksheet_, end - 1, std::min(row_height_max, last * line_height), nullptr);
      }
      merged.lines = 0;
    }
    std::erase_if(merged_, [](const Merged& merged) { return merged.lines == 0; });
  }

  void finish_sheet() {
    if (worksheet_ != nullptr) stretch_for_merged(true);
    lines_.clear();
  }

  WorkbookOptions options_;
  std::optional<XlsxMemory> memory_;
  lxw_workbook* workbook_ = nullptr;  ///< the one in memory_
  lxw_worksheet* worksheet_ = nullptr;
  WorkbookSheet sheet_;
  lxw_row_t row_ = 0;
  std::vector<lxw_row_t> covered_until_;  ///< by column: the first row that is free
  std::vector<int> lines_;                ///< by row below the head: lines of print it needs
  std::vector<Merged> merged_;
  std::map<FormatKey, lxw_format*> formats_;
  std::set<std::string> names_;
};

WorkbookWriter::WorkbookWriter(std::unique_ptr<Book> book) : book_(std::move(book)) {}
WorkbookWriter::WorkbookWriter(WorkbookWriter&&) noexcept = default;
WorkbookWriter& WorkbookWriter::operator=(WorkbookWriter&&) noexcept = default;
WorkbookWriter::~WorkbookWriter() = default;

base::Result<WorkbookWriter> WorkbookWriter::open(WorkbookOptions options) {
  auto book = std::make_unique<Book>(std::move(options));
  if (auto done = book->open(); !done) return fail(std::move(done).error());
  return WorkbookWriter(std::move(book));
}

base::Done WorkbookWriter::add_sheet(WorkbookSheet sheet) { return book_->add_sheet(std::move(sheet)); }
base::Done WorkbookWriter::add_row(const std::vector<WorkbookCell>& cells) { return book_->add_row(cells); }
base::Done WorkbookWriter::add_heading(const std::string& text) { return book_->add_heading(text); }
base::Result<std::string> WorkbookWriter::finish() && { return book_->finish(); }

}  // namespace yihu::sheet
