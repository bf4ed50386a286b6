#include "sheet/workbook_from_csv.h"

#include "base/utf8.h"
#include "sheet/text_encoding.h"

#include <algorithm>
#include <array>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

constexpr std::size_t sample_bytes = 64u << 10;
constexpr std::size_t progress_every_rows = 1'000;

/// One record after the other. Quotes as RFC 4180 has them; what stands behind a closing quote is kept.
class Records {
 public:
  Records(std::string_view text, char separator) : text_(text), separator_(separator) {}

  /// False at the end. The fields are views of the text, or of a copy where quotes had to go.
  bool next(std::vector<std::string_view>& fields) {
    fields.clear();
    copies_used_ = 0;
    if (at_ >= text_.size()) return false;
    for (;;) {
      fields.push_back(field());
      if (unclosed_ || at_ >= text_.size()) return true;
      const char c = text_[at_++];
      if (c == separator_) {
        if (fields.size() > static_cast<std::size_t>(sheet_columns_max)) return true;
        if (at_ >= text_.size()) {
          fields.push_back({});
          return true;
        }
        continue;
      }
      if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
      return true;
    }
  }

  std::size_t at() const { return at_; }
  bool unclosed() const { return unclosed_; }

 private:
  std::string_view field() {
    if (at_ < text_.size() && text_[at_] == '"') return quoted_field();
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    return text_.substr(begin, at_ - begin);
  }

  std::string_view quoted_field() {
    const std::size_t begin = ++at_;
    std::size_t end = text_.find('"', at_);
    const auto ends_field = [&](std::size_t after) {
      return after >= text_.size() || text_[after] == separator_ || text_[after] == '\n' || text_[after] == '\r';
    };
    if (end == std::string_view::npos) {
      unclosed_ = true;
      at_ = text_.size();
      return text_.substr(begin);
    }
    if (ends_field(end + 1)) {
      at_ = end + 1;
      return text_.substr(begin, end - begin);
    }
    if (copies_used_ == copies_.size()) copies_.push_back(std::make_unique<std::string>());
    std::string& copy = *copies_[copies_used_++];
    copy.clear();
    for (;;) {
      copy += text_.substr(at_, end - at_);
      at_ = end + 1;
      if (at_ < text_.size() && text_[at_] == '"') {
        copy += '"';
        ++at_;
        end = text_.find('"', at_);
      } else {
        copy += field_rest();
        return copy;
      }
      if (end == std::string_view::npos) {
        unclosed_ = true;
        at_ = text_.size();
        return copy;
      }
    }
  }

  std::string_view field_rest() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    return text_.substr(begin, at_ - begin);
  }

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0;
  bool unclosed_ = false;
  std::vector<std::unique_ptr<std::string>> copies_;  // each at an address of its own, because fields are views of them
  std::size_t copies_used_ = 0;
};

/// The separator under which the first records agree best on how many fields they have.
char separator_of(std::string_view whole) {
  const std::string_view sample = whole.substr(0, sample_bytes);
  char best = ',';
  std::size_t best_score = 0;
  for (const char separator : {',', '\t', ';', '|'}) {
    constexpr int records_looked_at = 50;
    Records records(sample, separator);
    std::vector<std::string_view> fields;
    std::vector<std::size_t> counts;
    for (int i = 0; i < records_looked_at && records.next(fields); ++i) {
      if (records.at() >= sample.size() && sample.size() < whole.size()) break;
      if (fields.size() > 1) counts.push_back(fields.size());
    }
    if (counts.empty()) continue;
    std::ranges::sort(counts);
    const std::size_t usual = counts[counts.size() / 2];
    const auto same = static_cast<std::size_t>(std::ranges::count(counts, usual));
    const std::size_t score = same * usual;
    if (score > best_score) {
      best_score = score;
      best = separator;
    }
  }
  return best;
}

/// Text without what was put around it to keep it text, which a spreadsheet program does not show: an apostrophe, ="…".
std::string_view without_guard(std::string_view field) {
  // ="460108…": how programs keep a long number from being read as an amount.
  if (field.size() > 3 && field.starts_with("=\"") && field.ends_with('"') && field.substr(2, field.size() - 3).find('"') == std::string_view::npos) {
    return field.substr(2, field.size() - 3);
  }
  constexpr std::string_view guarded = "=+-@\t\r";
  const std::size_t sign = field.find_first_not_of('\'');
  const bool is_guarded = sign != std::string_view::npos && sign > 0 && guarded.find(field[sign]) != std::string_view::npos;
  return is_guarded ? field.substr(1) : field;
}

class CsvWorkbook : public Workbook {
 public:
  CsvWorkbook(std::string utf8, std::string sheet) : text_(std::move(utf8)), sheets_{{std::move(sheet), false}} {
    std::string_view body = text_;
    // Spreadsheet programs write the separator into a first line of its own when asked to.
    if (body.starts_with("sep=") && body.size() > 5 && (body[5] == '\n' || body[5] == '\r')) {
      separator_ = body[4];
      begin_ = body.find('\n') == body.npos ? body.size() : body.find('\n') + 1;
    } else {
      separator_ = separator_of(body);
    }
  }

  WorkbookFormat format() const override { return WorkbookFormat::csv; }
  const std::vector<SheetInfo>& sheets() const override { return sheets_; }
  base::Result<SheetLayout> layout(std::size_t, const base::Cancel&) override { return SheetLayout{}; }

  base::Done read_rows(std::size_t, const RowSink& sink, const base::Cancel& cancel, const base::Progress& progress) override {
    Records records(std::string_view(text_).substr(begin_), separator_);
    std::vector<std::string_view> fields;
    std::vector<SheetCell> cells;
    for (int row = begin_ > 0 ? 2 : 1; records.next(fields); ++row) {
      if (row % progress_every_rows == 0) {
        if (cancel.asked()) return fail(ErrorKind::cancelled, "cancelled", text("已取消。", "Cancelled."));
        if (progress) progress(static_cast<std::int64_t>(begin_ + records.at()), static_cast<std::int64_t>(text_.size()));
      }
      if (auto checked = check(row, fields, records); !checked) return checked;
      cells.clear();
      for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string_view field = without_guard(fields[i]);
        if (field.empty()) continue;
        SheetCell cell;
        cell.row = row;
        cell.column = static_cast<int>(i) + 1;
        cell.kind = CellKind::text;
        cell.cut = field.size() > cell_bytes_max;
        cell.text = cell.cut ? whole_characters(field.substr(0, cell_bytes_max)) : field;
        cells.push_back(cell);
      }
      if (!cells.empty() && !sink({row, false, cells})) break;
    }
    if (progress) progress(static_cast<std::int64_t>(text_.size()), static_cast<std::int64_t>(text_.size()));
    return {};
  }

 private:
  static std::string_view whole_characters(std::string_view piece) {
    while (!piece.empty() && (static_cast<unsigned char>(piece.back()) & 0xc0) == 0x80) piece.remove_suffix(1);
    if (!piece.empty() && static_cast<unsigned char>(piece.back()) >= 0xc0) piece.remove_suffix(1);
    return piece;
  }

  base::Done check(int row, const std::vector<std::string_view>& fields, const Records& records) const {
    const auto refused = [&](ErrorKind kind, const char* code, base::Text what, base::Text mend) {
      base::Error error{kind, code, std::move(what), std::move(mend), {}, {}};
      error.place.cell = cell_address(sheets_[0].name, row, 1);
      return fail(std::move(error));
    };
    if (row > sheet_rows_max) {
      return refused(ErrorKind::too_large, "sheet_too_long", text("文件超过 {} 行，无法读取。", "The file has more than {} rows.", sheet_rows_max),
                     text("请拆成几个文件后再上传。", "Split it into several files and try again."));
    }
    if (fields.size() > static_cast<std::size_t>(sheet_columns_max)) {
      return refused(ErrorKind::too_large, "sheet_too_wide", text("第 {} 行超过 {} 列，无法读取。", "Row {} has more than {} columns.", row, sheet_columns_max),
                     text("请检查分隔符是否正确。", "See whether the separators are right."));
    }
    if (records.unclosed()) {
      return refused(ErrorKind::input, "csv_quote_open", text("第 {} 行的引号没有闭合。", "A quotation mark in row {} is never closed.", row),
                     text("请在该行补上或删去引号，或另存为 xlsx 后再上传。", "Add or remove the quotation mark in that row, or save as xlsx, and try again."));
    }
    return {};
  }

  std::string text_;
  std::vector<SheetInfo> sheets_;
  std::size_t begin_ = 0;
  char separator_ = ',';
};

}  // namespace

base::Result<std::unique_ptr<Workbook>> workbook_from_csv(std::string bytes, std::string sheet) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (base::is_utf8(bytes) && bytes.find('\0') == std::string::npos) {
    // The usual case takes no second copy of the file.
    if (bytes.starts_with(mark)) bytes.erase(0, mark.size());
    return std::unique_ptr<Workbook>(std::make_unique<CsvWorkbook>(std::move(bytes), std::move(sheet)));
  }
  DecodedText decoded = TRY(decode_text(bytes));
  return std::unique_ptr<Workbook>(std::make_unique<CsvWorkbook>(std::move(decoded.utf8), std::move(sheet)));
}

}  // namespace yihu::sheet
