#include "sheet/sheet_patch.h"

#include "sheet/workbook.h"
#include "sheet/xlsx_package.h"
#include "sheet/xml_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace yihu::sheet {
namespace {

int number(std::string_view value, int otherwise) {
  int result = otherwise;
  std::from_chars(value.data(), value.data() + value.size(), result);
  return result;
}

/// Which row and cell is being told, also where the file leaves their numbers out.
class Position {
 public:
  void row(RawAttributes attributes) {
    row_ = number(raw_value(attributes, "r"), row_ + 1);
    column_ = 0;
  }
  void cell(RawAttributes attributes) {
    const std::string_view reference = raw_value(attributes, "r");
    int row = 0;
    int column = column_ + 1;
    if (!reference.empty()) parse_reference(reference, row, column);
    column_ = column;
  }
  CellPlace place() const { return {row_, column_}; }
  int row() const { return row_; }

 private:
  int row_ = 0;
  int column_ = 0;
};

class Survey : public XmlEvents {
 public:
  explicit Survey(const std::set<CellPlace>& marked) : marked_(marked) {}

  void start(std::string_view name, RawAttributes attributes) override {
    if (name == "legacyDrawing") survey_.legacy_drawing = raw_value(attributes, "id");
    else if (name == "col") column_style(attributes);
    else if (name == "row") {
      position_.row(attributes);
      const bool own = raw_value(attributes, "customFormat") == "1" || raw_value(attributes, "customFormat") == "true";
      const auto first = marked_.lower_bound({position_.row(), 0});
      if (own && first != marked_.end() && first->first == position_.row()) row_styles_[position_.row()] = number(raw_value(attributes, "s"), 0);
    } else if (name == "c") {
      position_.cell(attributes);
      if (marked_.contains(position_.place())) survey_.styles[position_.place()] = number(raw_value(attributes, "s"), 0);
    }
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  SheetSurvey finished() {
    for (const CellPlace& place : marked_) {
      if (survey_.styles.contains(place)) continue;
      const auto row = row_styles_.find(place.first);
      const auto column = std::ranges::find_if(column_styles_, [&](const ColumnStyle& style) { return style.first <= place.second && place.second <= style.last; });
      survey_.styles[place] = row != row_styles_.end() ? row->second : column != column_styles_.end() ? column->style : 0;
    }
    return std::move(survey_);
  }

 private:
  struct ColumnStyle {
    int first;
    int last;
    int style;
  };
  void column_style(RawAttributes attributes) {
    if (column_styles_.size() >= static_cast<std::size_t>(sheet_columns_max)) return;
    const int first = number(raw_value(attributes, "min"), 1);
    column_styles_.push_back({first, number(raw_value(attributes, "max"), first), number(raw_value(attributes, "style"), 0)});
  }

  const std::set<CellPlace>& marked_;
  Position position_;
  SheetSurvey survey_;
  std::vector<ColumnStyle> column_styles_;
  std::map<int, int> row_styles_;
};

/// What the schema lets stand only behind the drawing that holds comments.
bool stands_behind_legacy_drawing(std::string_view name) {
  static constexpr std::array names{"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst", "AlternateContent"};
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

base::Result<SheetSurvey> survey_sheet(ZipStream part, const std::set<CellPlace>& marked, const base::Cancel& cancel) {
  Survey survey(marked);
  TRY(parse_part(std::move(part), survey, cancel));
  return survey.finished();
}

/// Copies what it is fed, and cuts in where a mark wants it.
class SheetPatch::Splice : public XmlEvents {
 public:
  Splice(ZipStream part, std::map<CellPlace, int> styles, std::string legacy_drawing)
      : part_(std::move(part)), styles_(std::move(styles)), legacy_drawing_(std::move(legacy_drawing)), stream_(*this), next_(styles_.begin()) {}

  base::Result<std::size_t> read(char* buffer, std::size_t size) {
    std::vector<char> piece(64u << 10);
    while (out_.size() - given_ < size && !ended_) {
      out_.erase(0, given_);
      given_ = 0;
      const std::size_t got = TRY(part_.read(piece.data(), piece.size()));
      ended_ = got < piece.size();
      raw_.erase(0, raw_at_);
      raw_at_ = 0;
      raw_.append(piece.data(), got);
      // Cutting in needs bytes that are ASCII where XML is.
      if (raw_begin_ == 0 && (raw_.starts_with("\xff\xfe") || raw_.starts_with("\xfe\xff"))) {
        return base::fail(base::ErrorKind::input, "sheet_encoding", base::text("工作表用 UTF-16 保存，无法标注。", "The sheet is kept in UTF-16 and cannot be marked."),
                          base::text("请用表格软件另存为 xlsx 后再上传。", "Save it as xlsx in a spreadsheet program and try again."));
      }
      TRY(stream_.feed({piece.data(), got}, ended_));
      copy_until(ended_ ? raw_begin_ + raw_.size() : stream_.event_begin());
    }
    const std::size_t count = std::min(size, out_.size() - given_);
    std::memcpy(buffer, out_.data() + given_, count);
    given_ += count;
    return count;
  }

  void start(std::string_view name, RawAttributes attributes) override {
    ++depth_;
    if (name == "sheetData" && depth_ == 2) {
      in_data_ = true;
      prefix_ = stream_.event_name();
      prefix_.resize(prefix_.size() - name.size());
      open_empty_tag("sheetData", [&] { add_rows_before(sheet_rows_max + 1); });
    } else if (in_data_ && name == "row") {
      const int before = position_.row();
      position_.row(attributes);
      if (next_ != styles_.end() && next_->first.first < position_.row() && before < position_.row()) {
        copy_until(stream_.event_begin());
        add_rows_before(position_.row());
      }
      if (has_marks_in(position_.row())) open_empty_tag("row", [&] { add_cells_before(sheet_columns_max + 1); });
    } else if (in_data_ && name == "c") {
      position_.cell(attributes);
      if (has_marks_in(position_.row())) patch_cell();
    } else if (depth_ == 2 && !legacy_drawing_.empty() && stands_behind_legacy_drawing(name)) {
      copy_until(stream_.event_begin());
      add_legacy_drawing();
    }
  }

  void end(std::string_view name) override {
    --depth_;
    // The end of an empty-element tag is told at the tag itself, and that has been seen to.
    if (in_data_ && name == "row" && has_marks_in(position_.row())) {
      copy_until(stream_.event_begin());
      add_cells_before(sheet_columns_max + 1);
    } else if (name == "sheetData" && depth_ == 1) {
      in_data_ = false;
      if (next_ == styles_.end()) return;
      copy_until(stream_.event_begin());
      add_rows_before(sheet_rows_max + 1);
    } else if (depth_ == 0 && !legacy_drawing_.empty()) {
      copy_until(stream_.event_begin());
      add_legacy_drawing();
    }
  }

  void text(std::string_view) override {}

 private:
  bool has_marks_in(int row) const { return next_ != styles_.end() && next_->first.first == row; }

  void copy_until(std::uint64_t place) {
    if (place <= raw_begin_) return;
    const auto count = std::min<std::size_t>(place - raw_begin_, raw_.size() - raw_at_);
    out_.append(raw_, raw_at_, count);
    raw_at_ += count;
    raw_begin_ += count;
  }

  std::string_view event_bytes() const {
    return std::string_view(raw_).substr(raw_at_ + (stream_.event_begin() - raw_begin_), stream_.event_size());
  }
  void skip_event() {
    raw_at_ += stream_.event_size();
    raw_begin_ += stream_.event_size();
  }

  /// "<row r="7"/>" must be opened before cells can go into it; an ordinary tag is left alone.
  template <class Fill>
  void open_empty_tag(const char* name, Fill fill) {
    if (next_ == styles_.end() || !event_bytes().ends_with("/>")) return;
    copy_until(stream_.event_begin());
    std::string tag(event_bytes());
    tag.erase(tag.size() - 2, 1);
    out_ += tag;
    skip_event();
    fill();
    out_ += "</" + prefix_ + name + ">";
  }

  void add_cell() {
    const auto& [place, style] = *next_;
    out_ += "<" + prefix_ + "c r=\"" + cell_reference(place.first, place.second) + "\" s=\"" + std::to_string(style) + "\"/>";
    ++next_;
  }

  void add_cells_before(int column) {
    while (has_marks_in(position_.row()) && next_->first.second < column) add_cell();
  }

  void add_rows_before(int row) {
    while (next_ != styles_.end() && next_->first.first < row) {
      const int made = next_->first.first;
      out_ += "<" + prefix_ + "row r=\"" + std::to_string(made) + "\">";
      while (has_marks_in(made)) add_cell();
      out_ += "</" + prefix_ + "row>";
    }
  }

  void patch_cell() {
    const int column = position_.place().second;
    if (next_->first.second > column) return;
    copy_until(stream_.event_begin());
    add_cells_before(column);
    if (next_ == styles_.end() || next_->first != position_.place()) return;
    out_ += tag_with(event_bytes(), "s", std::to_string(next_->second));
    skip_event();
    ++next_;
  }

  void add_legacy_drawing() {
    out_ += "<" + prefix_ + "legacyDrawing xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:id=\"" +
            legacy_drawing_ + "\"/>";
    legacy_drawing_.clear();
  }

  ZipStream part_;
  std::map<CellPlace, int> styles_;
  std::string legacy_drawing_;
  XmlStream stream_;
  std::map<CellPlace, int>::const_iterator next_;  ///< the first mark that is not made yet
  Position position_;
  std::string prefix_;
  std::string raw_;               ///< what was read
  std::size_t raw_at_ = 0;        ///< how much of it has been copied or left out
  std::uint64_t raw_begin_ = 0;   ///< where that is in the part
  std::string out_;
  std::size_t given_ = 0;
  int depth_ = 0;
  bool in_data_ = false;
  bool ended_ = false;
};

SheetPatch::SheetPatch(ZipStream part, std::map<CellPlace, int> styles, std::string legacy_drawing)
    : splice_(std::make_unique<Splice>(std::move(part), std::move(styles), std::move(legacy_drawing))) {}
SheetPatch::SheetPatch(SheetPatch&&) noexcept = default;
SheetPatch::~SheetPatch() = default;

base::Result<std::size_t> SheetPatch::read(char* buffer, std::size_t size) { return splice_->read(buffer, size); }

}  // namespace yihu::sheet
