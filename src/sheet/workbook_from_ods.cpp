#include "sheet/workbook_from_ods.h"

#include "sheet/number_format.h"
#include "sheet/shared_strings.h"
#include "sheet/xml_stream.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;

constexpr char content_part[] = "content.xml";
/// One row may say that it stands a million times, and each of its cells ten thousand times.
constexpr std::int64_t cells_max = 60'000'000;

int number(std::string_view value, int otherwise) {
  int result = otherwise;
  std::from_chars(value.data(), value.data() + value.size(), result);
  return std::max(result, 1);
}

bool is_hidden(RawAttributes attributes) {
  const std::string_view visibility = raw_value(attributes, "visibility");
  return visibility == "collapse" || visibility == "filter";
}

/// Follows the sheets, rows and cells of the content, with repeats counted in.
class ContentEvents : public XmlEvents {
 public:
  void start(std::string_view name, RawAttributes attributes) override {
    if (done_) return;
    if (skipped_ > 0 || name == "annotation" || name == "shapes" || (in_cell_ && name == "frame")) {
      ++skipped_;
    } else if (in_cell_) {
      if (name == "p") {
        if (paragraphs_++ > 0) text_.add("\n");
      } else if (name == "s") {
        text_.add(std::string(static_cast<std::size_t>(std::min(number(raw_value(attributes, "c"), 1), 1'000)), ' '));
      } else if (name == "tab") {
        text_.add("\t");
      } else if (name == "line-break") {
        text_.add("\n");
      }
    } else if (name == "style") {
      style_ = raw_value(attributes, "name");
    } else if (name == "table-properties") {
      if (raw_value(attributes, "display") == "false") hidden_styles_.insert(style_);
    } else if (name == "table") {
      row_ = 0;
      column_ = 0;
      const bool hidden = hidden_styles_.contains(raw_value(attributes, "style-name"));
      done_ = !begin_sheet(raw_value(attributes, "name"), hidden);
    } else if (name == "table-column") {
      const int repeated = number(raw_value(attributes, "number-columns-repeated"), 1);
      if (is_hidden(attributes) && column_ < sheet_columns_max) hidden_columns(column_ + 1, std::min(column_ + repeated, sheet_columns_max));
      column_ = std::min(column_ + repeated, sheet_columns_max);
    } else if (name == "table-row") {
      column_ = 0;
      rows_repeated_ = number(raw_value(attributes, "number-rows-repeated"), 1);
      row_hidden_ = is_hidden(attributes);
      begin_row();
    } else if (name == "table-cell" || name == "covered-table-cell") {
      begin_cell(attributes, name == "covered-table-cell");
    }
  }

  void end(std::string_view name) override {
    if (done_) return;
    if (skipped_ > 0) {
      --skipped_;
    } else if (in_cell_ && (name == "table-cell" || name == "covered-table-cell")) {
      in_cell_ = false;
      if (!covered_) end_cell(text_, attributes_);
      column_ = std::min(column_ + attributes_.repeated, sheet_columns_max);
    } else if (name == "table-row") {
      done_ = !end_row();
      row_ = std::min(row_ + rows_repeated_, sheet_rows_max);
    } else if (name == "table") {
      done_ = !end_sheet();
    }
  }

  void text(std::string_view piece) override {
    if (in_cell_ && paragraphs_ > 0 && skipped_ == 0) text_.add(piece);
  }
  bool enough() override { return done_; }

 protected:
  struct Attributes {
    int repeated = 1;
    std::string type;
    std::string value;
    bool formula = false;
    bool error = false;
  };

  virtual bool begin_sheet(std::string_view name, bool hidden) = 0;
  virtual bool end_sheet() = 0;
  virtual void hidden_columns(int, int) {}
  virtual void spans(const CellRange&) {}
  virtual void begin_row() {}
  virtual void end_cell(CellText&, const Attributes&) {}
  virtual bool end_row() { return true; }

  int row_ = 0;     ///< rows above the current one
  int column_ = 0;  ///< columns left of the current cell
  int rows_repeated_ = 1;
  bool row_hidden_ = false;
  bool done_ = false;

 private:
  void begin_cell(RawAttributes attributes, bool covered) {
    in_cell_ = true;
    covered_ = covered;
    paragraphs_ = 0;
    text_.clear();
    attributes_ = Attributes{};
    int columns = 1;
    int rows = 1;
    for (; *attributes != nullptr; attributes += 2) {
      const std::string_view name = local_name(*attributes);
      const std::string_view value = attributes[1];
      if (name == "number-columns-repeated") attributes_.repeated = number(value, 1);
      else if (name == "number-columns-spanned") columns = number(value, 1);
      else if (name == "number-rows-spanned") rows = number(value, 1);
      else if (name == "value-type" && value == "error") attributes_.error = true;
      else if (name == "value-type") attributes_.type = value;
      else if (name == "value" || name == "date-value" || name == "boolean-value") attributes_.value = value;
      else if (name == "formula") attributes_.formula = true;
    }
    if (columns > 1 || rows > 1) {
      spans({row_ + 1, column_ + 1, std::min(row_ + rows, sheet_rows_max), std::min(column_ + columns, sheet_columns_max)});
    }
  }

  bool in_cell_ = false;
  bool covered_ = false;
  int skipped_ = 0;
  int paragraphs_ = 0;
  CellText text_;
  Attributes attributes_;
  std::string style_;
  std::set<std::string, std::less<>> hidden_styles_;
};

/// All sheets with what stands around their rows.
class SurveyEvents : public ContentEvents {
 public:
  std::vector<SheetInfo> sheets;
  std::vector<SheetLayout> layouts;

 private:
  bool begin_sheet(std::string_view name, bool hidden) override {
    sheets.push_back({std::string(name), hidden});
    layouts.emplace_back();
    return sheets.size() < static_cast<std::size_t>(workbook_sheets_max);
  }
  bool end_sheet() override { return true; }
  void hidden_columns(int first, int last) override {
    if (!layouts.empty()) layouts.back().hidden_columns.push_back({1, first, sheet_rows_max, last});
  }
  void spans(const CellRange& range) override {
    if (!layouts.empty() && layouts.back().merged.size() < sheet_merged_max) layouts.back().merged.push_back(range);
  }
};

class RowEvents : public ContentEvents {
 public:
  RowEvents(std::size_t sheet, const SheetLayout& layout, const RowSink& sink) : wanted_(sheet), layout_(layout), sink_(sink) {}
  bool too_many() const { return cells_left_ < 0; }
  int row() const { return row_ + 1; }

 private:
  bool begin_sheet(std::string_view, bool) override {
    reading_ = ++seen_ == wanted_ + 1;
    return true;
  }
  bool end_sheet() override { return !reading_; }
  void begin_row() override {
    cells_.clear();
    pieces_.clear();
    row_text_.clear();
  }

  void end_cell(CellText& content, const Attributes& attributes) override {
    if (!reading_) return;
    SheetCell cell;
    cell.formula = attributes.formula;
    cell.cut = content.cut();
    std::string_view shown = content.text();
    std::string plain;
    std::string own;
    if (attributes.error) {
      cell.kind = CellKind::error;
    } else if (attributes.type == "boolean") {
      cell.kind = CellKind::boolean;
      shown = attributes.value == "true" ? "TRUE" : "FALSE";
    } else if (attributes.type == "date") {
      cell.kind = CellKind::date;
      own = attributes.value.substr(0, 19);
      if (own.size() > 10) own[10] = ' ';
      if (own.ends_with(" 00:00:00")) own.resize(10);
      shown = own;
    } else if (!attributes.value.empty() && append_plain_number(attributes.value, plain)) {
      cell.kind = CellKind::number;
    } else {
      cell.kind = CellKind::text;
    }
    if (shown.empty()) return;
    const Pieces pieces{row_text_.size(), shown.size(), row_text_.size() + shown.size(), plain.size()};
    row_text_ += shown;
    row_text_ += plain;
    const int last = std::min(column_ + attributes.repeated, sheet_columns_max);
    for (int column = column_ + 1; column <= last && row_text_.size() <= row_bytes_max; ++column) {
      cell.column = column;
      cells_.push_back(cell);
      pieces_.push_back(pieces);
    }
  }

  bool end_row() override {
    if (!reading_ || cells_.empty()) return true;
    const std::string_view all = row_text_;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      cells_[i].text = all.substr(pieces_[i].text, pieces_[i].text_size);
      cells_[i].number = all.substr(pieces_[i].number, pieces_[i].number_size);
      const int column = cells_[i].column;
      cells_[i].hidden = row_hidden_ || std::ranges::any_of(layout_.hidden_columns, [&](const CellRange& range) { return range.first_column <= column && column <= range.last_column; });
    }
    const int last = std::min(row_ + rows_repeated_, sheet_rows_max);
    for (int row = row_ + 1; row <= last; ++row) {
      cells_left_ -= static_cast<std::int64_t>(cells_.size());
      if (cells_left_ < 0 || row_text_.size() > row_bytes_max) {
        cells_left_ = -1;
        return false;
      }
      for (SheetCell& cell : cells_) cell.row = row;
      if (!sink_({row, row_hidden_, cells_})) return false;
    }
    return true;
  }

  struct Pieces {
    std::size_t text;
    std::size_t text_size;
    std::size_t number;
    std::size_t number_size;
  };
  std::size_t wanted_;
  const SheetLayout& layout_;
  const RowSink& sink_;
  std::size_t seen_ = 0;
  bool reading_ = false;
  std::vector<SheetCell> cells_;
  std::vector<Pieces> pieces_;
  std::string row_text_;
  std::int64_t cells_left_ = cells_max;
};

class OdsWorkbook : public Workbook {
 public:
  OdsWorkbook(ZipArchive archive, std::vector<SheetInfo> sheets, std::vector<SheetLayout> layouts)
      : archive_(std::move(archive)), sheets_(std::move(sheets)), layouts_(std::move(layouts)) {}

  WorkbookFormat format() const override { return WorkbookFormat::ods; }
  const std::vector<SheetInfo>& sheets() const override { return sheets_; }
  base::Result<SheetLayout> layout(std::size_t sheet, const base::Cancel&) override { return layouts_.at(sheet); }

  base::Done read_rows(std::size_t sheet, const RowSink& sink, const base::Cancel& cancel, const base::Progress& progress) override {
    RowEvents events(sheet, layouts_.at(sheet), sink);
    ZipStream part = TRY(archive_.stream(content_part, sheet_xml_bytes_max));
    TRY(parse_part(std::move(part), events, cancel, progress));
    if (!events.too_many()) return {};
    base::Error error{ErrorKind::too_large, "sheet_too_long",
                      base::text("工作表“{}”的单元格超过 {} 个，无法读取。", "The sheet \"{}\" has more than {} cells.", sheets_[sheet].name, cells_max),
                      base::text("请删去多余的行列，或拆成几个文件后再上传。", "Remove rows and columns that are not needed, or split it, and try again."), {}, {}};
    error.place.cell = cell_address(sheets_[sheet].name, events.row(), 1);
    return fail(std::move(error));
  }

 private:
  ZipArchive archive_;
  std::vector<SheetInfo> sheets_;
  std::vector<SheetLayout> layouts_;
};

}  // namespace

base::Result<std::unique_ptr<Workbook>> workbook_from_ods(ZipArchive archive) {
  constexpr char manifest[] = "META-INF/manifest.xml";
  if (archive.has(manifest)) {
    const std::string list = TRY(archive.read(manifest));
    if (list.find("encryption-data") != std::string::npos) {
      return fail(ErrorKind::input, "document_locked", base::text("文件已加密，需要密码才能打开。", "The file is locked with a password."),
                  base::text("请取消密码后再上传。", "Remove the password and try again."));
    }
  }
  SurveyEvents survey;
  ZipStream part = TRY(archive.stream(content_part, sheet_xml_bytes_max));
  TRY(parse_part(std::move(part), survey));
  if (survey.sheets.empty()) {
    return fail(ErrorKind::input, "workbook_empty", base::text("工作簿里没有工作表。", "The workbook has no sheets."), base::text("请检查是否选对了文件。", "See whether this is the right file."));
  }
  return std::unique_ptr<Workbook>(std::make_unique<OdsWorkbook>(std::move(archive), std::move(survey.sheets), std::move(survey.layouts)));
}

}  // namespace yihu::sheet
