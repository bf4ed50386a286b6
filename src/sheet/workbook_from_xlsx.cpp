#include "sheet/workbook_from_xlsx.h"

#include "sheet/shared_strings.h"
#include "sheet/xlsx_package.h"
#include "sheet/xml_stream.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>
#include <optional>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

base::Error damaged_at(const std::string& sheet, int row) {
  base::Error error{ErrorKind::input,
                    "sheet_damaged",
                    text("工作表“{}”在第 {} 行附近已损坏，无法继续读取。", "The sheet \"{}\" is damaged near row {}.", sheet, std::max(row, 1)),
                    text("请用表格软件打开并另存为 xlsx 后再上传。", "Open it in a spreadsheet program, save it as xlsx and retry."),
                    {},
                    {}};
  error.place.cell = cell_address(sheet, std::max(row, 1), 1);
  return error;
}

bool is_true(std::string_view value) { return value == "1" || value == "true"; }

int number(std::string_view value, int otherwise) {
  int result = otherwise;
  std::from_chars(value.data(), value.data() + value.size(), result);
  return result;
}

enum class StoredKind { number, shared, inline_text, formula_text, boolean, error, day };

StoredKind stored_kind(std::string_view type) {
  if (type.empty() || type == "n") return StoredKind::number;
  if (type == "s") return StoredKind::shared;
  if (type == "inlineStr") return StoredKind::inline_text;
  if (type == "b") return StoredKind::boolean;
  if (type == "e") return StoredKind::error;
  if (type == "d") return StoredKind::day;
  return StoredKind::formula_text;
}

/// The rows of one sheet out of its XML.
class SheetEvents : public XmlEvents {
 public:
  SheetEvents(const std::string& sheet, const SharedStrings& strings, const std::vector<NumberFormat>& formats, bool from_1904,
              const RowSink& sink)
      : sheet_(sheet), strings_(strings), formats_(formats), from_1904_(from_1904), sink_(sink) {}

  void start(std::string_view name, RawAttributes attributes) override {
    if (done_) return;
    if (!in_data_) {
      if (name == "col") hide_columns(attributes);
      in_data_ = name == "sheetData";
    } else if (name == "c") {
      begin_cell(attributes);
    } else if (name == "v") {
      value_.clear();
      in_value_ = true;
      has_value_ = true;
    } else if (name == "t") {
      in_text_ = phonetic_ == 0 && kind_ == StoredKind::inline_text;
    } else if (name == "f") {
      cell_.formula = true;
    } else if (name == "row") {
      begin_row(attributes);
    } else if (name == "rPh") {
      ++phonetic_;
    }
  }

  void end(std::string_view name) override {
    if (done_ || !in_data_) return;
    if (name == "v") in_value_ = false;
    else if (name == "c") end_cell();
    else if (name == "t") in_text_ = false;
    else if (name == "row") end_row();
    else if (name == "rPh") --phonetic_;
    else if (name == "sheetData") done_ = true;
  }

  void text(std::string_view piece) override {
    if (in_text_ || (in_value_ && kind_ != StoredKind::number)) inline_.add(piece);
    else if (in_value_ && value_.size() < number_bytes_max) value_ += piece;
  }

  bool enough() override { return done_; }
  int row() const { return row_; }
  std::optional<base::Error>& problem() { return problem_; }

 private:
  static constexpr std::size_t number_bytes_max = 1'000;
  struct Piece {
    std::size_t begin = 0;
    std::size_t size = 0;
  };
  /// Where a cell's texts stand in row_text_, which may still move.
  struct Pieces {
    Piece text;
    Piece number;
    bool shared = false;
  };

  void give_up(base::Error error) {
    problem_ = std::move(error);
    done_ = true;
  }

  void hide_columns(RawAttributes attributes) {
    if (!is_true(raw_value(attributes, "hidden"))) return;
    hidden_columns_.resize(sheet_columns_max + 1);
    const int first = std::max(1, number(raw_value(attributes, "min"), 1));
    const int last = std::min(sheet_columns_max, number(raw_value(attributes, "max"), first));
    for (int column = first; column <= last; ++column) hidden_columns_[static_cast<std::size_t>(column)] = true;
  }

  void begin_row(RawAttributes attributes) {
    const int previous = row_;
    row_ = number(raw_value(attributes, "r"), previous + 1);
    hidden_ = is_true(raw_value(attributes, "hidden"));
    column_ = 0;
    cells_.clear();
    pieces_.clear();
    row_text_.clear();
    if (row_ <= previous || row_ > sheet_rows_max) {
      row_ = previous;
      give_up(damaged_at(sheet_, previous + 1));
    }
  }

  void begin_cell(RawAttributes attributes) {
    std::string_view reference;
    std::string_view type;
    style_ = 0;
    for (; *attributes != nullptr; attributes += 2) {
      const char* name = *attributes;
      if (name[0] == '\0' || name[1] != '\0') continue;
      if (name[0] == 'r') reference = attributes[1];
      else if (name[0] == 't') type = attributes[1];
      else if (name[0] == 's') style_ = number(attributes[1], 0);
    }
    cell_ = SheetCell{};
    kind_ = stored_kind(type);
    has_value_ = false;
    inline_.clear();
    value_.clear();
    int row = row_;
    int column = column_ + 1;
    if (!reference.empty() && !parse_reference(reference, row, column)) column = 0;
    if (column <= column_ || column > sheet_columns_max || row != row_) return give_up(damaged_at(sheet_, row_));
    column_ = column;
    cell_.row = row_;
    cell_.column = column_;
    cell_.hidden = hidden_ || (!hidden_columns_.empty() && hidden_columns_[static_cast<std::size_t>(column_)]);
  }

  Piece keep(std::string_view value) {
    row_text_ += value;
    return {row_text_.size() - value.size(), value.size()};
  }

  void end_cell() {
    Pieces pieces;
    switch (kind_) {
      case StoredKind::number: set_number(pieces); break;
      case StoredKind::shared: set_shared(pieces); break;
      case StoredKind::boolean:
        cell_.kind = CellKind::boolean;
        pieces.text = keep(is_true(inline_.text()) ? "TRUE" : "FALSE");
        break;
      case StoredKind::error: set_text(pieces, CellKind::error); break;
      case StoredKind::day: set_day(pieces); break;
      case StoredKind::inline_text:
      case StoredKind::formula_text: set_text(pieces, CellKind::text); break;
    }
    if (cell_.kind == CellKind::empty && cell_.formula && !has_value_) cell_.kind = CellKind::error;  // never computed by the program that wrote it
    if (cell_.kind == CellKind::empty) return;
    cells_.push_back(cell_);
    pieces_.push_back(pieces);
    if (row_text_.size() > row_bytes_max) {
      base::Error error{ErrorKind::too_large,
                        "sheet_row_too_large",
                        base::text("工作表“{}”第 {} 行的文字超过 {} MB，无法读取。", "Row {1} of the sheet \"{0}\" holds more than {2} MB of text.",
                                   sheet_, row_, row_bytes_max >> 20),
                        base::text("请删去该行多余的内容后再上传。", "Remove what is not needed from that row and try again."),
                        {},
                        {}};
      error.place.cell = cell_address(sheet_, row_, 1);
      give_up(std::move(error));
    }
  }

  void set_text(Pieces& pieces, CellKind kind) {
    const std::string_view value = inline_.text();
    cell_.cut = inline_.cut();
    if (value.empty()) return;
    cell_.kind = kind;
    pieces.text = keep(value);
  }

  void set_shared(Pieces& pieces) {
    if (inline_.text().empty()) return;
    const int index = number(inline_.text(), -1);
    if (index < 0 || static_cast<std::size_t>(index) >= strings_.size()) return give_up(damaged_at(sheet_, row_));
    const SharedString shared = strings_.at(static_cast<std::size_t>(index));
    if (shared.text.empty()) return;
    cell_.kind = CellKind::text;
    cell_.cut = shared.cut;
    cell_.text = shared.text;
    pieces.shared = true;
  }

  void set_day(Pieces& pieces) {
    // "2019-04-30T08:30:00.000": as the other days are shown.
    std::string value(inline_.text().substr(0, 19));
    if (value.size() > 10) value[10] = ' ';
    if (value.ends_with(" 00:00:00")) value.resize(10);
    if (value.empty()) return;
    cell_.kind = CellKind::date;
    pieces.text = keep(value);
  }

  void set_number(Pieces& pieces) {
    if (value_.empty()) return;
    const std::size_t begin = row_text_.size();
    if (!append_plain_number(value_, row_text_)) {
      cell_.kind = CellKind::text;
      pieces.text = keep(value_);
      return;
    }
    cell_.kind = CellKind::number;
    pieces.number = {begin, row_text_.size() - begin};
    static const NumberFormat general;
    const bool known = style_ >= 0 && static_cast<std::size_t>(style_) < formats_.size();
    const NumberFormat& format = known ? formats_[static_cast<std::size_t>(style_)] : general;
    // Most numbers are short and plain: shown as they are, without a second copy.
    constexpr std::size_t shown_in_full = 15;
    if (format.show == NumberFormat::Show::general && pieces.number.size <= shown_in_full && format.before.empty() && format.after.empty()) {
      pieces.text = pieces.number;
      return;
    }
    shown_.clear();
    bool is_day = false;
    append_shown(std::string_view(row_text_).substr(begin), format, from_1904_, shown_, is_day);
    if (is_day) cell_.kind = CellKind::date;
    pieces.text = keep(shown_);
  }

  void end_row() {
    if (cells_.empty()) return;
    const std::string_view all = row_text_;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const Pieces& pieces = pieces_[i];
      if (!pieces.shared) cells_[i].text = all.substr(pieces.text.begin, pieces.text.size);
      cells_[i].number = all.substr(pieces.number.begin, pieces.number.size);
    }
    if (!sink_({row_, hidden_, cells_})) done_ = true;
  }

  const std::string& sheet_;
  const SharedStrings& strings_;
  const std::vector<NumberFormat>& formats_;
  const bool from_1904_;
  const RowSink& sink_;
  std::vector<bool> hidden_columns_;
  bool in_data_ = false;
  bool in_value_ = false;
  bool has_value_ = false;
  bool in_text_ = false;
  bool done_ = false;
  int phonetic_ = 0;
  int row_ = 0;
  int column_ = 0;
  bool hidden_ = false;
  int style_ = 0;
  StoredKind kind_ = StoredKind::number;
  SheetCell cell_;
  std::string value_;  ///< of a number
  std::string shown_;
  CellText inline_;    ///< of everything else
  std::vector<SheetCell> cells_;
  std::vector<Pieces> pieces_;
  std::string row_text_;
  std::optional<base::Error> problem_;
};

/// What stands around the rows.
class LayoutEvents : public XmlEvents {
 public:
  void start(std::string_view name, RawAttributes attributes) override {
    if (name == "col" && is_true(raw_value(attributes, "hidden"))) {
      const int first = std::max(1, number(raw_value(attributes, "min"), 1));
      const int last = std::min(sheet_columns_max, number(raw_value(attributes, "max"), first));
      if (layout_.hidden_columns.size() < static_cast<std::size_t>(sheet_columns_max)) {
        layout_.hidden_columns.push_back({1, first, sheet_rows_max, last});
      }
    } else if (name == "mergeCell") {
      add_merged(raw_value(attributes, "ref"));
    } else if (name == "sheetData") {
      in_rows = true;
      closing = "</" + std::string(stream->event_name());
    }
  }
  void end(std::string_view name) override {
    if (name == "sheetData") in_rows = false;
  }
  void text(std::string_view) override {}

  base::Result<SheetLayout> layout(const std::string& sheet) {
    if (layout_.merged.size() > sheet_merged_max) {
      return fail(ErrorKind::too_large, "sheet_too_many_merged",
                  base::text("工作表“{}”的合并单元格超过 {} 处，无法读取。", "The sheet \"{}\" has more than {} merged cells.", sheet, sheet_merged_max),
                  base::text("请取消不必要的合并后再上传。", "Undo merges that are not needed and try again."));
    }
    std::ranges::sort(layout_.merged, {}, [](const CellRange& range) { return std::pair(range.first_row, range.first_column); });
    return std::move(layout_);
  }
  bool in_rows = false;
  std::string closing;  ///< how the tag begins that ends the rows
  const XmlStream* stream = nullptr;

 private:
  void add_merged(std::string_view reference) {
    if (layout_.merged.size() > sheet_merged_max) return;
    const std::size_t colon = reference.find(':');
    CellRange range;
    if (colon == std::string_view::npos || !parse_reference(reference.substr(0, colon), range.first_row, range.first_column) ||
        !parse_reference(reference.substr(colon + 1), range.last_row, range.last_column)) {
      return;
    }
    if (range.first_row > range.last_row) std::swap(range.first_row, range.last_row);
    if (range.first_column > range.last_column) std::swap(range.first_column, range.last_column);
    layout_.merged.push_back(range);
  }
  SheetLayout layout_;
};

/// Feeds a sheet's XML without its rows: up to the tag that begins them, then from the one that ends them.
class AroundRows {
 public:
  explicit AroundRows(LayoutEvents& events) : events_(events), stream_(events) { events_.stream = &stream_; }

  base::Done feed(std::string_view piece, bool last) {
    std::size_t begin = 0;
    while (begin < piece.size() && !found_rows_) {
      // One tag at a time, so that the parser stands exactly behind the tag when the rows begin.
      const std::size_t end = std::min(piece.find('>', begin), piece.size() - 1) + 1;
      if (auto fed = stream_.feed(piece.substr(begin, end - begin), false); !fed) return fed;
      begin = end;
      if (!events_.in_rows) continue;
      found_rows_ = true;
      in_rows_ = true;
    }
    std::string_view rest = piece.substr(begin);
    if (in_rows_) {
      window_ += rest;
      const std::size_t at = window_.find(events_.closing);
      if (at == std::string::npos) {
        window_.erase(0, window_.size() - std::min(window_.size(), events_.closing.size() - 1));
        return {};
      }
      in_rows_ = false;
      window_.erase(0, at);
      rest = window_;
    }
    return stream_.feed(rest, last);
  }

 private:
  LayoutEvents& events_;
  XmlStream stream_;
  bool found_rows_ = false;
  bool in_rows_ = false;
  std::string window_;  ///< what is left of the rows: as much as could begin the closing tag
};

class XlsxWorkbook : public Workbook {
 public:
  XlsxWorkbook(ZipArchive archive, XlsxPackage package, std::vector<NumberFormat> formats)
      : archive_(std::move(archive)), package_(std::move(package)), formats_(std::move(formats)) {
    for (const XlsxSheet& sheet : package_.sheets) sheets_.push_back({sheet.name, sheet.hidden});
    if (package_.has_macros) add_note(text("文件含有宏，已忽略，只读取单元格的值。", "The file holds macros; they were ignored and only values were read."));
  }

  WorkbookFormat format() const override { return WorkbookFormat::xlsx; }
  const std::vector<SheetInfo>& sheets() const override { return sheets_; }
  bool counts_from_1904() const override { return package_.from_1904; }

  base::Result<SheetLayout> layout(std::size_t sheet, const base::Cancel& cancel) override {
    if (const auto known = layouts_.find(sheet); known != layouts_.end()) return known->second;
    const XlsxSheet& wanted = package_.sheets.at(sheet);
    ZipStream part = TRY(archive_.stream(wanted.part, sheet_xml_bytes_max));
    LayoutEvents events;
    AroundRows around(events);
    std::vector<char> buffer(256u << 10);
    for (bool last = false; !last;) {
      if (cancel.asked()) return fail(ErrorKind::cancelled, "cancelled", text("已取消。", "Cancelled."));
      const std::size_t got = TRY(part.read(buffer.data(), buffer.size()));
      last = got < buffer.size();
      if (!around.feed({buffer.data(), got}, last)) return fail(damaged_at(wanted.name, 1));
    }
    SheetLayout found = TRY(events.layout(wanted.name));
    layouts_[sheet] = found;
    return found;
  }

  base::Done read_rows(std::size_t sheet, const RowSink& sink, const base::Cancel& cancel, const base::Progress& progress) override {
    if (!strings_) strings_ = TRY(SharedStrings::read(archive_, package_.shared_strings_part, cancel));
    const XlsxSheet& wanted = package_.sheets.at(sheet);
    SheetEvents events(wanted.name, *strings_, formats_, package_.from_1904, sink);
    auto done = parse_part(TRY(archive_.stream(wanted.part, sheet_xml_bytes_max)), events, cancel, progress);
    if (events.problem()) return fail(std::move(*events.problem()));
    if (!done && done.error().code == "document_damaged") return fail(damaged_at(wanted.name, events.row()));
    return done;
  }

 private:
  ZipArchive archive_;
  XlsxPackage package_;
  std::vector<NumberFormat> formats_;
  std::vector<SheetInfo> sheets_;
  std::optional<SharedStrings> strings_;
  std::map<std::size_t, SheetLayout> layouts_;  ///< of the sheets that were asked for
};

}  // namespace

base::Result<std::unique_ptr<Workbook>> workbook_from_xlsx(ZipArchive archive) {
  XlsxPackage package = TRY(xlsx_package(archive));
  for (const XlsxSheet& sheet : package.sheets) {
    if (!archive.has(sheet.part)) return fail(damaged_at(sheet.name, 1));
  }
  if (package.sheets.empty()) {
    return fail(ErrorKind::input, "workbook_empty", text("工作簿里没有工作表。", "The workbook has no sheets."),
                text("请检查是否选对了文件。", "See whether this is the right file."));
  }
  std::vector<NumberFormat> formats = TRY(xlsx_formats(archive, package.styles_part));
  return std::unique_ptr<Workbook>(std::make_unique<XlsxWorkbook>(std::move(archive), std::move(package), std::move(formats)));
}

}  // namespace yihu::sheet
