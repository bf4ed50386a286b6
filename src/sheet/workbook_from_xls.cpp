#include "sheet/workbook_from_xls.h"

#include "sheet/biff_record.h"
#include "sheet/compound_file.h"
#include "sheet/number_format.h"
#include "sheet/shared_strings.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

struct Record {
  static constexpr std::uint32_t begin = 0x809, end = 0x0a, password = 0x2f, days_from_1904 = 0x22, format = 0x41e, cell_style = 0xe0, sheet = 0x85,
                                 shared_strings = 0xfc, row = 0x208, columns = 0x7d, merged = 0xe5, shared_text = 0xfd, label = 0x204, rich_label = 0xd6,
                                 number = 0x203, packed = 0x27e, packed_row = 0xbd, formula = 0x06, formula_text = 0x207, truth_or_error = 0x205;
};

constexpr std::size_t progress_every_records = 4'096;

struct XlsSheet {
  std::size_t begin = 0;
};

const char* error_text(std::uint32_t code) {
  switch (code) {
    case 0x00: return "#NULL!";
    case 0x07: return "#DIV/0!";
    case 0x0f: return "#VALUE!";
    case 0x17: return "#REF!";
    case 0x1d: return "#NAME?";
    case 0x24: return "#NUM!";
    default: return "#N/A";
  }
}

/// What holds for all sheets.
struct Globals {
  std::vector<SheetInfo> infos;
  std::vector<XlsSheet> sheets;
  std::vector<NumberFormat> formats;  ///< by cell style
  SharedStrings strings;
  bool from_1904 = false;
};

std::unexpected<base::Error> damaged() {
  return fail(ErrorKind::input, "document_damaged", text("文件已损坏或不完整，无法打开。", "The file is damaged or incomplete."));
}

base::Result<Globals> globals_of(std::string_view stream) {
  Globals globals;
  std::map<std::uint32_t, NumberFormat> coded;
  std::vector<std::uint32_t> styles;
  BiffRecords records(stream, 0);
  BiffRecord next;
  if (!records.next(next) || next.kind != Record::begin) return damaged();
  constexpr std::uint32_t biff8 = 0x600;
  if (biff_number(next.body, 0, 2) != biff8) {
    return fail(ErrorKind::input, "workbook_unknown", text("这是 1997 年以前的旧式工作簿，无法读取。", "This workbook is in a format from before 1997, which is not read."),
                text("请用表格软件打开并另存为 xlsx 后再上传。", "Open it in a spreadsheet program, save it as xlsx and try again."));
  }
  while (records.next(next) && next.kind != Record::end) {
    switch (next.kind) {
      case Record::password: return fail(ErrorKind::input, "document_locked", text("文件已加密，需要密码才能打开。", "The file is locked with a password."), text("请取消密码后再上传。", "Remove the password and try again."));
      case Record::days_from_1904: globals.from_1904 = biff_number(next.body, 0, 2) == 1; break;
      case Record::format: coded[biff_number(next.body, 0, 2)] = format_from_code(BiffText(next, 2).text(2)); break;
      case Record::cell_style: styles.push_back(biff_number(next.body, 2, 2)); break;
      case Record::sheet:
        if (biff_number(next.body, 5, 1) != 0 || globals.sheets.size() >= static_cast<std::size_t>(workbook_sheets_max)) break;
        globals.sheets.push_back({biff_number(next.body, 0, 4)});
        globals.infos.push_back({BiffText(next, 6).text(1), (biff_number(next.body, 4, 1) & 3) != 0});
        break;
      case Record::shared_strings: {
        BiffText source(next, 8);
        while (!source.ended()) {
          CellText cell;
          cell.add(source.text(2));
          if (globals.strings.add(cell.text(), cell.cut())) continue;
          return fail(ErrorKind::too_large, "workbook_texts_too_large", text("工作簿的文字总量超过 {} MB，无法读取。", "The texts of the workbook exceed {} MB.", shared_text_bytes_max >> 20),
                      text("请拆成几个文件后再上传。", "Split it into several files and try again."));
        }
        break;
      }
      default: break;
    }
  }
  for (const std::uint32_t format : styles) {
    const auto known = coded.find(format);
    globals.formats.push_back(known != coded.end() ? known->second : format_from_number(static_cast<int>(format)));
  }
  return globals;
}

/// The rows of one sheet.
class SheetRows {
 public:
  SheetRows(const Globals& globals, const std::string& name, const SheetLayout& layout, const std::set<int>& hidden_rows, const RowSink& sink)
      : globals_(globals), name_(name), layout_(layout), hidden_rows_(hidden_rows), sink_(sink) {}

  /// False when no more is wanted.
  bool take(const BiffRecord& next) {
    switch (next.kind) {
      case Record::shared_text: {
        const std::uint32_t index = biff_number(next.body, 6, 4);
        if (index >= globals_.strings.size()) return true;
        const SharedString shared = globals_.strings.at(index);
        return add(next, CellKind::text, std::string(shared.text), {}, shared.cut);
      }
      case Record::label:
      case Record::rich_label: return add_text(next, BiffText(next, 6).text(2));
      case Record::number: return add_number(next, biff_number(next.body, 2, 2), biff_number(next.body, 4, 2), biff_double(next.body, 6), false);
      case Record::packed: return add_number(next, biff_number(next.body, 2, 2), biff_number(next.body, 4, 2), biff_packed(biff_number(next.body, 6, 4)), false);
      case Record::packed_row: {
        const std::uint32_t first = biff_number(next.body, 2, 2);
        for (std::size_t at = 4; at + 8 <= next.body.size(); at += 6) {
          const auto column = first + static_cast<std::uint32_t>((at - 4) / 6);
          if (!add_number(next, column, biff_number(next.body, at, 2), biff_packed(biff_number(next.body, at + 2, 4)), false)) return false;
        }
        return true;
      }
      case Record::truth_or_error:
        return biff_number(next.body, 7, 1) == 0 ? add(next, CellKind::boolean, biff_number(next.body, 6, 1) != 0 ? "TRUE" : "FALSE", {}, false)
                                                 : add(next, CellKind::error, error_text(biff_number(next.body, 6, 1)), {}, false);
      case Record::formula: return add_formula(next);
      case Record::formula_text:
        if (!waiting_) return true;
        waiting_ = false;
        cells_.back().kind = CellKind::text;
        set_text(BiffText(next, 0).text(2));
        return true;
      default: return true;
    }
  }

  bool finish() {
    if (cells_.empty()) return true;
    std::vector<std::size_t> order(cells_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return cells_[i].column; });
    std::vector<SheetCell> sorted;
    for (const std::size_t i : order) {
      SheetCell cell = cells_[i];
      cell.text = texts_[i].text;
      cell.number = texts_[i].number;
      if (cell.text.empty() || (!sorted.empty() && sorted.back().column == cell.column)) continue;
      sorted.push_back(cell);
    }
    const int row = cells_.front().row;
    const bool hidden = hidden_rows_.contains(row);
    cells_.clear();
    const bool more = sorted.empty() || sink_({row, hidden, sorted});
    texts_.clear();
    return more;
  }

  bool out_of_order() const { return out_of_order_; }
  int row() const { return row_; }

 private:
  struct Texts {
    std::string text;
    std::string number;
  };

  bool add(const BiffRecord& next, CellKind kind, std::string shown, std::string number, bool cut, std::uint32_t column_given = 0xffff) {
    waiting_ = false;
    const int row = static_cast<int>(biff_number(next.body, 0, 2)) + 1;
    const int column = static_cast<int>(column_given == 0xffff ? biff_number(next.body, 2, 2) : column_given) + 1;
    if (row != row_) {
      if (!finish()) return false;
      if (row < row_) {
        out_of_order_ = true;
        return false;
      }
      row_ = row;
    }
    SheetCell cell;
    cell.row = row;
    cell.column = column;
    cell.kind = kind;
    cell.cut = cut;
    cell.hidden = hidden_rows_.contains(row) || std::ranges::any_of(layout_.hidden_columns, [&](const CellRange& range) { return range.first_column <= column && column <= range.last_column; });
    cells_.push_back(cell);
    texts_.push_back({std::move(shown), std::move(number)});
    return true;
  }

  bool add_text(const BiffRecord& next, std::string_view value) {
    if (!add(next, CellKind::text, {}, {}, false)) return false;
    set_text(value);
    return true;
  }

  void set_text(std::string_view value) {
    CellText cell;
    cell.add(value);
    cells_.back().cut = cell.cut();
    texts_.back().text = cell.text();
  }

  bool add_number(const BiffRecord& next, std::uint32_t column, std::uint32_t style, double value, bool formula) {
    std::string plain;
    if (!append_plain_number(value, plain)) return add(next, CellKind::error, "#NUM!", {}, false, column);
    static const NumberFormat general;
    std::string shown;
    bool is_day = false;
    append_shown(plain, style < globals_.formats.size() ? globals_.formats[style] : general, globals_.from_1904, shown, is_day);
    if (!add(next, is_day ? CellKind::date : CellKind::number, std::move(shown), std::move(plain), false, column)) return false;
    cells_.back().formula = formula;
    return true;
  }

  bool add_formula(const BiffRecord& next) {
    const std::uint32_t column = biff_number(next.body, 2, 2);
    constexpr std::uint32_t no_number = 0xffff;
    if (biff_number(next.body, 12, 2) != no_number) return add_number(next, column, biff_number(next.body, 4, 2), biff_double(next.body, 6), true);
    const std::uint32_t value = biff_number(next.body, 8, 1);
    bool more = true;
    switch (biff_number(next.body, 6, 1)) {
      case 0: more = add(next, CellKind::text, {}, {}, false); break;
      case 1: more = add(next, CellKind::boolean, value != 0 ? "TRUE" : "FALSE", {}, false); break;
      case 2: more = add(next, CellKind::error, error_text(value), {}, false); break;
      default: return true;
    }
    if (!more) return false;
    cells_.back().formula = true;
    // Its text stands in a record of its own, behind this one.
    waiting_ = cells_.back().kind == CellKind::text;
    return true;
  }

  const Globals& globals_;
  const std::string& name_;
  const SheetLayout& layout_;
  const std::set<int>& hidden_rows_;
  const RowSink& sink_;
  std::vector<SheetCell> cells_;
  std::vector<Texts> texts_;
  int row_ = 0;
  bool waiting_ = false;
  bool out_of_order_ = false;
};

class XlsWorkbook : public Workbook {
 public:
  XlsWorkbook(std::string stream, Globals globals) : stream_(std::move(stream)), globals_(std::move(globals)) {}

  WorkbookFormat format() const override { return WorkbookFormat::xls; }
  const std::vector<SheetInfo>& sheets() const override { return globals_.infos; }
  bool counts_from_1904() const override { return globals_.from_1904; }

  base::Result<SheetLayout> layout(std::size_t sheet, const base::Cancel& cancel) override { return TRY(around(sheet, cancel)).layout; }

  base::Done read_rows(std::size_t sheet, const RowSink& sink, const base::Cancel& cancel, const base::Progress& progress) override {
    const Around known = TRY(around(sheet, cancel));
    const std::string& name = globals_.infos.at(sheet).name;
    SheetRows rows(globals_, name, known.layout, known.hidden_rows, sink);
    const auto begin = globals_.sheets.at(sheet).begin;
    bool more = true;
    std::size_t count = 0;
    TRY(each_record(sheet, cancel, [&](const BiffRecord& next, std::size_t at) {
      if (progress && ++count % progress_every_records == 0) progress(static_cast<std::int64_t>(at - begin), static_cast<std::int64_t>(stream_.size() - begin));
      more = rows.take(next);
      return more;
    }));
    if (rows.out_of_order()) {
      base::Error error{ErrorKind::input, "sheet_damaged", text("工作表“{}”在第 {} 行附近已损坏，无法继续读取。", "The sheet \"{}\" is damaged near row {}.", name, rows.row()),
                        text("请用表格软件打开并另存为 xlsx 后再上传。", "Open it in a spreadsheet program, save it as xlsx and retry."), {}, {}};
      error.place.cell = cell_address(name, std::max(1, rows.row()), 1);
      return fail(std::move(error));
    }
    if (more) rows.finish();
    return {};
  }

 private:
  struct Around {
    SheetLayout layout;
    std::set<int> hidden_rows;
  };

  /// The sheet's own records; those of charts inside it are passed over.
  template <class Take>
  base::Done each_record(std::size_t sheet, const base::Cancel& cancel, Take take) const {
    BiffRecords records(stream_, globals_.sheets.at(sheet).begin);
    BiffRecord next;
    std::size_t count = 0;
    for (int depth = 0; records.next(next);) {
      if (++count % progress_every_records == 0 && cancel.asked()) return fail(ErrorKind::cancelled, "cancelled", text("已取消。", "Cancelled."));
      if (next.kind == Record::begin) ++depth;
      else if (next.kind == Record::end && --depth <= 0) return {};
      else if (depth == 1 && !take(next, records.at())) return {};
      else if (depth == 0) return {};
    }
    return {};
  }

  base::Result<Around> around(std::size_t sheet, const base::Cancel& cancel) const {
    Around found;
    TRY(each_record(sheet, cancel, [&](const BiffRecord& next, std::size_t) {
      constexpr std::uint32_t row_hidden = 0x20;
      const auto at = [&](std::size_t place) { return static_cast<int>(biff_number(next.body, place, 2)); };
      if (next.kind == Record::row && (biff_number(next.body, 12, 4) & row_hidden) != 0) found.hidden_rows.insert(at(0) + 1);
      if (next.kind == Record::columns && (at(8) & 1) != 0) found.layout.hidden_columns.push_back({1, at(0) + 1, sheet_rows_max, at(2) + 1});
      if (next.kind != Record::merged) return true;
      for (std::size_t place = 2; place + 8 <= next.body.size() && found.layout.merged.size() < sheet_merged_max; place += 8) {
        const CellRange range{at(place) + 1, at(place + 4) + 1, at(place + 2) + 1, at(place + 6) + 1};
        if (range.first_row <= range.last_row && range.first_column <= range.last_column) found.layout.merged.push_back(range);
      }
      return true;
    }));
    std::ranges::sort(found.layout.merged, {}, [](const CellRange& range) { return std::pair(range.first_row, range.first_column); });
    return found;
  }

  std::string stream_;
  Globals globals_;
};

}  // namespace

base::Result<std::unique_ptr<Workbook>> workbook_from_xls(std::string_view bytes) {
  const CompoundFile file = TRY(CompoundFile::open(bytes));
  if (file.has("EncryptedPackage")) {
    return fail(ErrorKind::input, "document_locked", text("文件已加密，需要密码才能打开。", "The file is locked with a password."), text("请取消密码后再上传。", "Remove the password and try again."));
  }
  if (!file.has("Workbook") && !file.has("Book")) {
    return fail(ErrorKind::input, "workbook_unknown", text("这是旧式办公文件，但不是表格。", "This is an old office file, but no workbook."),
                text("请上传 xlsx、xls、ods 或 csv 文件。", "Give an xlsx, xls, ods or csv file."));
  }
  std::string stream = TRY(file.read(file.has("Workbook") ? "Workbook" : "Book"));
  Globals globals = TRY(globals_of(stream));
  if (globals.sheets.empty()) return damaged();
  auto workbook = std::make_unique<XlsWorkbook>(std::move(stream), std::move(globals));
  if (file.has("_VBA_PROJECT_CUR")) workbook->add_note(text("文件含有宏，已忽略，只读取单元格的值。", "The file holds macros; they were ignored and only values were read."));
  return std::unique_ptr<Workbook>(std::move(workbook));
}

}  // namespace yihu::sheet
