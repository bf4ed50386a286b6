#include "sheet/template_writer.h"

#include "base/utf8.h"
#include "sheet/xlsx_memory.h"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <map>
#include <utility>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::Language;
using base::text;

constexpr char body_font[] = "宋体";
constexpr char head_font[] = "黑体";
constexpr std::size_t list_formula_max = 255;      // bytes that a list may have inside its rule, commas included
constexpr std::size_t hint_code_points_max = 250;  // a hint beside the cell holds 255
constexpr std::size_t hint_title_max = 30;

enum class Look { title, head, required_head, free_cell, locked_cell, plain, strong };

const char* number_format(TemplateType type) {
  switch (type) {
    case TemplateType::text:
    case TemplateType::identifier:
    case TemplateType::boolean:
    case TemplateType::choice: return "@";
    case TemplateType::whole: return "0";
    case TemplateType::decimal: return "General";
    case TemplateType::money: return "#,##0.00";
    case TemplateType::date: return "yyyy-mm-dd";
    case TemplateType::percent: return "0.00%";
  }
  return "General";
}

base::Text how_to_fill(const TemplateColumn& column) {
  switch (column.type) {
    case TemplateType::text: return text("文字", "text");
    case TemplateType::identifier: return text("号码，按文本填写，不要让它变成数字", "a number kept as text");
    case TemplateType::whole: return text("整数", "a whole number");
    case TemplateType::decimal: return text("数字", "a number");
    case TemplateType::money: return text("金额，单位元，最多两位小数", "an amount in yuan, two decimals at most");
    case TemplateType::date: return text("日期，例如 2019-04-30", "a date such as 2019-04-30");
    case TemplateType::percent: return text("百分数，例如 85%", "percent, such as 85%");
    case TemplateType::boolean: return text("是 或 否", "是 (yes) or 否 (no)");
    case TemplateType::choice: return text("从下拉列表中选择", "one of the list");
  }
  return {};
}

lxw_datetime datetime_from(base::Date day) {
  lxw_datetime when{};
  when.year = static_cast<int>(day.year());
  when.month = static_cast<int>(static_cast<unsigned>(day.month()));
  when.day = static_cast<int>(static_cast<unsigned>(day.day()));
  return when;
}

}  // namespace

class TemplateWriter::Book {
 public:
  Book(TemplateOptions options, std::vector<TemplateColumn> columns) : options_(std::move(options)), columns_(std::move(columns)) {}

  base::Done open() {
    if (columns_.empty() || columns_.size() > LXW_COL_MAX) {
      return fail(ErrorKind::internal, "template_misused", text("模板没有列，或列太多。", "A template without columns, or with too many."));
    }
    memory_ = TRY(XlsxMemory::open({options_.created, options_.title, "", true}));
    book_ = memory_->book();
    sheet_ = workbook_add_worksheet(book_, sheet_name(options_.sheet, in("填报", "Fill in")).c_str());
    if (sheet_ == nullptr) return workbook_not_written();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto column = static_cast<lxw_col_t>(i);
      worksheet_set_column(sheet_, column, column, columns_[i].width, format(Look::free_cell, columns_[i].type));
    }
    if (!options_.title.empty()) {
      worksheet_write_string(sheet_, row_, 0, xlsx_text(options_.title).c_str(), format(Look::title, TemplateType::text));
      ++row_;
    }
    write_head();
    write_instructions();
    return {};
  }

  base::Done add_row(const std::vector<TemplateValue>& values) {
    if (values.size() != columns_.size()) {
      return fail(ErrorKind::internal, "template_misused", text("行的列数与模板不符。", "A row that does not fit the template's columns."));
    }
    if (row_ >= template_rows_max) {
      return fail(ErrorKind::too_large, "workbook_too_long", text("表格超过 {} 行，无法导出。", "The workbook would have more than {} rows.", template_rows_max),
                  text("请缩小导出范围。", "Choose a smaller range."));
    }
    for (std::size_t i = 0; i < values.size(); ++i) write_value(static_cast<lxw_col_t>(i), columns_[i], values[i]);
    has_locked_ = has_locked_ || std::ranges::any_of(columns_, &TemplateColumn::key);
    ++row_;
    return {};
  }

  base::Result<std::string> finish() {
    const lxw_row_t last = std::min<lxw_row_t>(row_ + static_cast<lxw_row_t>(std::max(options_.blank_rows, 1)) - 1, LXW_ROW_MAX - 1);
    for (std::size_t i = 0; i < columns_.size(); ++i) add_rule(static_cast<lxw_col_t>(i), columns_[i], last);
    if (has_locked_) {
      // No password: it keeps keys from slips of the hand, not from people.
      lxw_protection allowed{};
      allowed.insert_rows = LXW_TRUE;
      allowed.format_cells = LXW_TRUE;
      allowed.format_columns = LXW_TRUE;
      allowed.format_rows = LXW_TRUE;
      allowed.sort = LXW_TRUE;
      allowed.autofilter = LXW_TRUE;
      worksheet_protect(sheet_, nullptr, &allowed);
    }
    return memory_->finish();
  }

 private:
  std::string in(const char* zh, const char* en) const { return options_.language == Language::zh ? zh : en; }

  static std::string sheet_name(std::string_view wanted, std::string otherwise) {
    constexpr std::size_t name_code_points_max = 31;
    std::string clean;
    for (const char32_t c : base::code_points(xlsx_text(wanted))) {
      if (std::u32string_view(U"[]:*?/\\'\n\t").find(c) == std::u32string_view::npos) clean += base::utf8(c);
    }
    clean = base::first_code_points(clean, name_code_points_max);
    return clean.empty() ? otherwise : clean;
  }

  lxw_format* format(Look look, TemplateType type) {
    lxw_format*& made = formats_[{look, type}];
    if (made != nullptr) return made;
    made = workbook_add_format(book_);
    const bool head = look == Look::head || look == Look::required_head;
    format_set_font_name(made, head || look == Look::title || look == Look::strong ? head_font : body_font);
    format_set_font_size(made, look == Look::title ? 16 : 11);
    format_set_align(made, LXW_ALIGN_VERTICAL_CENTER);
    if (look == Look::title) return made;
    if (look == Look::plain || look == Look::strong) {
      format_set_text_wrap(made);
      return made;
    }
    format_set_border(made, LXW_BORDER_THIN);
    format_set_border_color(made, 0x9AA5B1);
    if (head) {
      format_set_text_wrap(made);
      format_set_align(made, LXW_ALIGN_CENTER);
      format_set_bg_color(made, look == Look::required_head ? 0xFCE8B2 : 0xE7EDF5);
      return made;
    }
    format_set_num_format(made, number_format(type));
    if (look == Look::free_cell) format_set_unlocked(made);
    else format_set_bg_color(made, 0xF3F5F8);
    return made;
  }

  void write_head() {
    constexpr double head_height = 32;
    worksheet_set_row(sheet_, row_, head_height, nullptr);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const TemplateColumn& column = columns_[i];
      const auto at = static_cast<lxw_col_t>(i);
      worksheet_write_string(sheet_, row_, at, xlsx_text(column.heading).c_str(),
                             format(column.required ? Look::required_head : Look::head, TemplateType::text));
      worksheet_write_comment(sheet_, row_, at, xlsx_text(hint_of(column)).c_str());
    }
    ++row_;
    first_row_ = row_;
    worksheet_freeze_panes(sheet_, row_, 0);
    worksheet_repeat_rows(sheet_, row_ - 1, row_ - 1);
  }

  std::string hint_of(const TemplateColumn& column) const {
    std::string hint = column.required ? in("必填。", "Required. ") : "";
    hint += how_to_fill(column).in(options_.language) + in("。", ". ");
    return hint + column.hint;
  }

  void write_instructions() {
    lxw_worksheet* page = workbook_add_worksheet(book_, in("填写说明", "Instructions").c_str());
    if (page == nullptr) return;
    lxw_format* plain = format(Look::plain, TemplateType::text);
    lxw_format* strong = format(Look::strong, TemplateType::text);
    worksheet_set_column(page, 0, 0, 24, nullptr);
    worksheet_set_column(page, 1, 1, 10, nullptr);
    worksheet_set_column(page, 2, 2, 36, nullptr);
    worksheet_set_column(page, 3, 3, 60, nullptr);
    lxw_row_t row = 0;
    const auto write = [&](lxw_col_t column, const std::string& content, lxw_format* look) {
      worksheet_write_string(page, row, column, xlsx_text(content).c_str(), look);
    };
    if (!options_.title.empty()) {
      write(0, options_.title, format(Look::title, TemplateType::text));
      ++row;
    }
    for (const std::string& paragraph : options_.instructions) {
      // No wrapping: a paragraph runs over the empty cells to its right.
      write(0, paragraph, nullptr);
      ++row;
    }
    ++row;
    write(0, in("列", "Column"), strong);
    write(1, in("必填", "Required"), strong);
    write(2, in("怎样填", "How"), strong);
    write(3, in("说明", "Note"), strong);
    for (const TemplateColumn& column : columns_) {
      ++row;
      write(0, column.heading, plain);
      write(1, column.required ? in("是", "yes") : "", plain);
      write(2, how_to_fill(column).in(options_.language), plain);
      std::string note = column.hint;
      for (const std::string& choice : column.choices) note += (note.empty() ? "" : " ") + choice;
      write(3, note, plain);
    }
  }

  void write_value(lxw_col_t column, const TemplateColumn& about, const TemplateValue& value) {
    lxw_format* look = format(about.key ? Look::locked_cell : Look::free_cell, about.type);
    const auto write_text = [&](const std::string& content) {
      const std::string clean = xlsx_text(content);
      if (clean.empty()) worksheet_write_blank(sheet_, row_, column, look);
      else worksheet_write_string(sheet_, row_, column, clean.c_str(), look);
    };
    if (const auto* day = std::get_if<base::Date>(&value)) {
      lxw_datetime when = datetime_from(*day);
      worksheet_write_datetime(sheet_, row_, column, &when, look);
    } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      constexpr double fen_per_yuan = 100;
      const auto number = static_cast<double>(*whole);
      worksheet_write_number(sheet_, row_, column, about.type == TemplateType::money ? number / fen_per_yuan : number, look);
    } else if (const auto* number = std::get_if<double>(&value)) {
      worksheet_write_number(sheet_, row_, column, *number, look);
    } else if (const auto* truth = std::get_if<bool>(&value)) {
      write_text(*truth ? "是" : "否");
    } else if (const auto* content = std::get_if<std::string>(&value)) {
      write_text(*content);
    } else {
      worksheet_write_blank(sheet_, row_, column, look);
    }
  }

  /// Choices that do not fit into the rule stand on a hidden sheet, a column each.
  std::string list_range(const std::vector<std::string>& choices) {
    const std::string name = in("选项", "Choices");
    if (lists_ == nullptr) {
      lists_ = workbook_add_worksheet(book_, name.c_str());
      if (lists_ == nullptr) return {};
      worksheet_hide(lists_);
    }
    // One row at a time is kept in memory, so a list lies in a row, not in a column.
    const lxw_row_t row = lists_row_++;
    const std::size_t count = std::min<std::size_t>(choices.size(), LXW_COL_MAX);
    for (std::size_t i = 0; i < count; ++i) worksheet_write_string(lists_, row, static_cast<lxw_col_t>(i), xlsx_text(choices[i]).c_str(), nullptr);
    char range[LXW_MAX_CELL_RANGE_LENGTH];
    lxw_rowcol_to_range_abs(range, row, 0, row, static_cast<lxw_col_t>(count - 1));
    return "='" + name + "'!" + range;
  }

  void add_rule(lxw_col_t column, const TemplateColumn& about, lxw_row_t last) {
    lxw_data_validation rule{};
    rule.ignore_blank = LXW_VALIDATION_ON;
    rule.error_type = LXW_VALIDATION_ERROR_TYPE_STOP;
    std::string title(base::first_code_points(xlsx_text(about.heading), hint_title_max));
    std::string hint(base::first_code_points(xlsx_text(hint_of(about)), hint_code_points_max));
    rule.input_title = title.data();
    rule.input_message = hint.data();
    const double least = about.least.value_or(-1e14);
    const double most = about.most.value_or(1e14);
    rule.minimum_number = least;
    rule.maximum_number = most;
    rule.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
    std::vector<std::string> choices = about.type == TemplateType::boolean ? std::vector<std::string>{"是", "否"} : about.choices;
    std::vector<char*> pointers;
    std::string range;
    switch (about.type) {
      case TemplateType::text:
        rule.validate = about.length_max > 0 ? LXW_VALIDATION_TYPE_LENGTH : LXW_VALIDATION_TYPE_ANY;
        rule.minimum_number = 0;
        rule.maximum_number = about.length_max;
        break;
      case TemplateType::identifier: rule.validate = LXW_VALIDATION_TYPE_ANY; break;
      case TemplateType::whole: rule.validate = LXW_VALIDATION_TYPE_INTEGER; break;
      case TemplateType::decimal:
      case TemplateType::money: rule.validate = LXW_VALIDATION_TYPE_DECIMAL; break;
      case TemplateType::percent:
        rule.validate = LXW_VALIDATION_TYPE_DECIMAL;
        rule.minimum_number = about.least.value_or(0);
        rule.maximum_number = about.most.value_or(1);
        break;
      case TemplateType::date:
        // Text dates are read as well, but a date typed as a date cannot be unclear.
        rule.validate = LXW_VALIDATION_TYPE_DATE;
        rule.minimum_datetime = {.year = 1900, .month = 1, .day = 1, .hour = 0, .min = 0, .sec = 0};
        rule.maximum_datetime = {.year = 2100, .month = 12, .day = 31, .hour = 0, .min = 0, .sec = 0};
        break;
      case TemplateType::boolean:
      case TemplateType::choice: range = set_list(rule, choices, pointers); break;
    }
    if (!range.empty()) rule.value_formula = range.data();
    worksheet_data_validation_range(sheet_, first_row_, column, last, column, &rule);
  }

  std::string set_list(lxw_data_validation& rule, std::vector<std::string>& choices, std::vector<char*>& pointers) {
    std::size_t size = 0;
    bool comma = choices.empty();
    for (const std::string& choice : choices) {
      size += choice.size() + 1;
      comma = comma || choice.find_first_of(",\"") != std::string::npos;
    }
    if (choices.empty()) {
      rule.validate = LXW_VALIDATION_TYPE_ANY;
      return {};
    }
    if (!comma && size <= list_formula_max) {
      for (std::string& choice : choices) pointers.push_back(choice.data());
      pointers.push_back(nullptr);
      rule.validate = LXW_VALIDATION_TYPE_LIST;
      rule.value_list = pointers.data();
      return {};
    }
    rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
    return list_range(choices);
  }

  TemplateOptions options_;
  std::vector<TemplateColumn> columns_;
  std::optional<XlsxMemory> memory_;
  lxw_workbook* book_ = nullptr;  ///< the one in memory_
  lxw_worksheet* sheet_ = nullptr;
  lxw_worksheet* lists_ = nullptr;
  lxw_row_t lists_row_ = 0;
  lxw_row_t row_ = 0;
  lxw_row_t first_row_ = 0;
  bool has_locked_ = false;
  std::map<std::pair<Look, TemplateType>, lxw_format*> formats_;
};

TemplateWriter::TemplateWriter(std::unique_ptr<Book> book) : book_(std::move(book)) {}
TemplateWriter::TemplateWriter(TemplateWriter&&) noexcept = default;
TemplateWriter& TemplateWriter::operator=(TemplateWriter&&) noexcept = default;
TemplateWriter::~TemplateWriter() = default;

base::Result<TemplateWriter> TemplateWriter::open(TemplateOptions options, std::vector<TemplateColumn> columns) {
  auto book = std::make_unique<Book>(std::move(options), std::move(columns));
  if (auto done = book->open(); !done) return fail(std::move(done).error());
  return TemplateWriter(std::move(book));
}

base::Done TemplateWriter::add_row(const std::vector<TemplateValue>& values) { return book_->add_row(values); }
base::Result<std::string> TemplateWriter::finish() && { return book_->finish(); }

}  // namespace yihu::sheet
