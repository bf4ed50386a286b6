#include "sheet/marked_workbook.h"

#include "sheet/comment_patch.h"
#include "sheet/style_patch.h"
#include "sheet/workbook.h"
#include "sheet/xlsx_memory.h"
#include "sheet/xlsx_package.h"
#include "sheet/xml_text.h"
#include "sheet/zip_edit.h"

#include <xlsxwriter.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

constexpr char office_relations[] = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
constexpr char package_relations[] = "http://schemas.openxmlformats.org/package/2006/relationships";
constexpr char comments_type[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
constexpr char styles_type[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
constexpr char drawing_type[] = "application/vnd.openxmlformats-officedocument.vmlDrawing";

/// By sheet and cell: all reasons, one a line.
using Reasons = std::map<std::size_t, std::map<CellPlace, std::string>>;

Reasons reasons_of(std::span<const CellMark> marks, std::size_t sheets) {
  Reasons reasons;
  for (const CellMark& mark : marks) {
    const bool possible = mark.sheet < sheets && mark.row >= 1 && mark.row <= sheet_rows_max && mark.column >= 1 && mark.column <= sheet_columns_max;
    if (!possible) continue;
    std::string& reason = reasons[mark.sheet][{mark.row, mark.column}];
    reason += (reason.empty() ? "" : "\n") + mark.reason;
  }
  return reasons;
}

/// The xlsx file being marked: what is read of it and what it will be.
class Marking {
 public:
  Marking(std::string_view bytes, ZipArchive archive, XlsxPackage package, const MarkOptions& options, const base::Cancel& cancel)
      : archive_(std::move(archive)), package_(std::move(package)), cancel_(cancel), edit_(bytes, options.created) {}

  base::Result<std::string> mark(const Reasons& reasons) {
    std::map<std::size_t, SheetSurvey> surveys;
    std::set<int> wanted;
    for (const auto& [sheet, cells] : reasons) {
      std::set<CellPlace> places;
      for (const auto& [place, reason] : cells) places.insert(place);
      ZipStream part = TRY(archive_.stream(package_.sheets[sheet].part, sheet_xml_bytes_max));
      surveys[sheet] = TRY(survey_sheet(std::move(part), places, cancel_));
      for (const auto& [place, style] : surveys[sheet].styles) wanted.insert(style);
    }
    const StylePatch styles = TRY(patched_styles(wanted));
    for (const auto& [sheet, cells] : reasons) TRY(mark_sheet(package_.sheets[sheet].part, surveys[sheet], styles, cells));
    TRY(write_relationships());
    TRY(write_content_types());
    return edit_.finish();
  }

 private:
  base::Result<StylePatch> patched_styles(const std::set<int>& wanted) {
    std::string part = package_.styles_part;
    std::string given;
    if (!part.empty() && archive_.has(part)) given = TRY(archive_.read(part));
    StylePatch patch = TRY(coloured_styles(given, wanted));
    if (given.empty()) {
      if (part.empty()) {
        part = free_name("xl/styles", ".xml");
        add_relationship(package_.workbook_part, "styles", "/" + part);
      }
      types_["/" + part] = styles_type;
    }
    edit_.put(part, std::move(patch.styles));
    return patch;
  }

  base::Done mark_sheet(const std::string& part, const SheetSurvey& survey, const StylePatch& styles, const std::map<CellPlace, std::string>& cells) {
    std::map<CellPlace, int> coloured;
    for (const auto& [place, style] : survey.styles) coloured[place] = styles.coloured.at(style);
    std::map<CellPlace, std::string> reasons;
    for (const auto& [place, reason] : cells) {
      if (comments_ >= comments_max) break;
      if (reason.empty()) continue;
      reasons[place] = reason;
      ++comments_;
    }
    std::string legacy_drawing;
    if (!reasons.empty()) legacy_drawing = TRY(add_comments(part, survey, reasons));
    ZipStream stream = TRY(archive_.stream(part, sheet_xml_bytes_max));
    edit_.put(part, SheetPatch(std::move(stream), std::move(coloured), legacy_drawing));
    return {};
  }

  /// Returns the relationship that the sheet must name from now on; empty when it names it already.
  base::Result<std::string> add_comments(const std::string& part, const SheetSurvey& survey, const std::map<CellPlace, std::string>& reasons) {
    std::string comments_part;
    std::string drawing_part;
    const std::vector<Relationship> relationships = TRY(relationships_of(archive_, part));
    // Ids of ours from an earlier round are among them, with lower numbers.
    relationships_ = std::max(relationships_, static_cast<int>(relationships.size()));
    for (const Relationship& relationship : relationships) {
      if (relationship.type == "comments") comments_part = relationship.target;
      if (relationship.type == "vmlDrawing" && relationship.id == survey.legacy_drawing) drawing_part = relationship.target;
    }
    std::string comments;
    if (archive_.has(comments_part)) comments = TRY(archive_.read(comments_part));
    CommentPatch patch = TRY(added_comments(comments, reasons));
    if (comments.empty()) {
      comments_part = free_name("xl/comments", ".xml");
      types_["/" + comments_part] = comments_type;
      add_relationship(part, "comments", "/" + comments_part);
    }
    edit_.put(comments_part, std::move(patch.comments));
    std::string drawing;
    std::string relationship;
    if (!drawing_part.empty() && archive_.has(drawing_part)) {
      drawing = TRY(archive_.read(drawing_part));
    } else {
      drawing_part = free_name("xl/drawings/vmlDrawing", ".vml");
      relationship = add_relationship(part, "vmlDrawing", "/" + drawing_part);
    }
    edit_.put(drawing_part, added_boxes(drawing, patch.new_boxes));
    return relationship;
  }

  std::string free_name(const std::string& begin, const std::string& end) {
    for (int number = 1;; ++number) {
      std::string name = begin + std::to_string(number) + end;
      if (!archive_.has(name) && taken_.insert(name).second) return name;
    }
  }

  /// Returns its id.
  std::string add_relationship(const std::string& part, const std::string& type, const std::string& target) {
    const std::string id = "yihu" + std::to_string(++relationships_);
    added_[part] += "<Relationship Id=\"" + id + "\" Type=\"" + office_relations + type + "\" Target=\"" + target + "\"/>";
    return id;
  }

  base::Done write_relationships() {
    for (const auto& [part, inner] : added_) {
      const std::string file = relationships_part(part);
      if (!archive_.has(file)) {
        edit_.put(file, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Relationships xmlns=\"" + std::string(package_relations) + "\">" + inner + "</Relationships>");
        continue;
      }
      const std::string xml = TRY(archive_.read(file));
      edit_.put(file, TRY(with_children(xml, inner)));
    }
    return {};
  }

  base::Done write_content_types() {
    const std::string file = "[Content_Types].xml";
    const std::string xml = TRY(archive_.read(file));
    std::string inner;
    if (xml.find("Extension=\"vml\"") == std::string::npos) inner += "<Default Extension=\"vml\" ContentType=\"" + std::string(drawing_type) + "\"/>";
    for (const auto& [part, type] : types_) {
      if (xml.find("PartName=\"" + part + "\"") == std::string::npos) inner += "<Override PartName=\"" + part + "\" ContentType=\"" + type + "\"/>";
    }
    edit_.put(file, TRY(with_children(xml, inner)));
    return {};
  }

  /// More children for the root, in its own prefix.
  static base::Result<std::string> with_children(const std::string& xml, const std::string& children) {
    const std::vector<XmlElement> elements = TRY(xml_elements(xml, 0));
    std::string inner;
    for (const char c : children) {
      inner += c;
      if (c == '<') inner += elements.front().prefix;
    }
    Edits edits;
    append_inside(edits, xml, elements.front(), inner);
    return edits.apply(xml);
  }

  ZipArchive archive_;
  XlsxPackage package_;
  const base::Cancel& cancel_;
  ZipEdit edit_;
  std::map<std::string, std::string> added_;  ///< by part: relationships to add
  std::map<std::string, std::string> types_;  ///< by part with "/": content types to add
  std::set<std::string> taken_;
  int relationships_ = 0;
  std::size_t comments_ = 0;
};

/// A new xlsx with the values of any workbook, its merged cells, and the marks.
class Copy {
 public:
  Copy(Workbook& workbook, const Reasons& reasons, const MarkOptions& options, const base::Cancel& cancel)
      : workbook_(workbook), reasons_(reasons), options_(options), cancel_(cancel) {}

  base::Result<std::string> write() {
    std::vector<SheetLayout> layouts;
    bool merged = false;
    for (std::size_t i = 0; i < workbook_.sheets().size(); ++i) {
      layouts.push_back(TRY(workbook_.layout(i, cancel_)));
      merged = merged || !layouts.back().merged.empty();
    }
    // Merging writes into rows below, so only files without it can go row by row.
    memory_ = TRY(XlsxMemory::open({options_.created, "", "", !merged}));
    for (std::size_t i = 0; i < layouts.size(); ++i) TRY(copy_sheet(i, layouts[i]));
    return memory_->finish();
  }

 private:
  lxw_format* format(const char* code, bool wrong) {
    lxw_format*& made = formats_[{code, wrong}];
    if (made != nullptr) return made;
    made = workbook_add_format(memory_->book());
    format_set_num_format(made, code);
    if (wrong) format_set_bg_color(made, 0xFFC7CE);
    return made;
  }

  base::Done copy_sheet(std::size_t index, const SheetLayout& layout) {
    const std::string name = "Sheet" + std::to_string(index + 1);
    const std::string& wanted = workbook_.sheets()[index].name;
    const bool usable = workbook_validate_sheet_name(memory_->book(), wanted.c_str()) == LXW_NO_ERROR;
    sheet_ = workbook_add_worksheet(memory_->book(), usable ? wanted.c_str() : name.c_str());
    if (sheet_ == nullptr) return workbook_not_written();
    if (workbook_.sheets()[index].hidden && index > 0) worksheet_hide(sheet_);
    for (const CellRange& range : layout.merged) {
      if (range.first_row == range.last_row && range.first_column == range.last_column) continue;
      worksheet_merge_range(sheet_, static_cast<lxw_row_t>(range.first_row - 1), static_cast<lxw_col_t>(range.first_column - 1),
                            static_cast<lxw_row_t>(range.last_row - 1), static_cast<lxw_col_t>(range.last_column - 1), "", nullptr);
    }
    static const std::map<CellPlace, std::string> none;
    const auto found = reasons_.find(index);
    const auto& reasons = found == reasons_.end() ? none : found->second;
    next_ = reasons.begin();
    TRY(workbook_.read_rows(
        index,
        [&](const SheetRow& row) {
          for (const SheetCell& cell : row.cells) {
            mark_blanks_before({cell.row, cell.column}, reasons);
            const bool wrong = next_ != reasons.end() && next_->first == CellPlace{cell.row, cell.column};
            write(cell, wrong);
            if (wrong) comment();
          }
          return true;
        },
        cancel_));
    mark_blanks_before({sheet_rows_max + 1, 0}, reasons);
    return {};
  }

  void mark_blanks_before(CellPlace place, const std::map<CellPlace, std::string>& reasons) {
    while (next_ != reasons.end() && next_->first < place) {
      worksheet_write_blank(sheet_, static_cast<lxw_row_t>(next_->first.first - 1), static_cast<lxw_col_t>(next_->first.second - 1), format("@", true));
      comment();
    }
  }

  void comment() {
    const auto& [place, reason] = *next_;
    if (comments_ < comments_max && !reason.empty()) {
      ++comments_;
      worksheet_write_comment(sheet_, static_cast<lxw_row_t>(place.first - 1), static_cast<lxw_col_t>(place.second - 1), xlsx_text(reason).c_str());
    }
    ++next_;
  }

  void write(const SheetCell& cell, bool wrong) {
    const auto row = static_cast<lxw_row_t>(cell.row - 1);
    const auto column = static_cast<lxw_col_t>(cell.column - 1);
    double number = 0;
    const bool numeric = !cell.number.empty() && std::from_chars(cell.number.data(), cell.number.data() + cell.number.size(), number).ec == std::errc();
    if (cell.kind == CellKind::boolean) {
      worksheet_write_boolean(sheet_, row, column, cell.text == "TRUE", format("General", wrong));
    } else if (numeric && (cell.kind == CellKind::number || cell.kind == CellKind::date)) {
      const bool day = cell.kind == CellKind::date;
      const bool with_time = day && cell.text.size() > 10;
      constexpr double days_from_1900_to_1904 = 1'462;
      if (day && workbook_.counts_from_1904()) number += days_from_1900_to_1904;
      worksheet_write_number(sheet_, row, column, number,
                             format(with_time ? "yyyy-mm-dd hh:mm:ss" : day ? "yyyy-mm-dd" : cell.text.ends_with('%') ? "0.##%" : "General", wrong));
    } else {
      worksheet_write_string(sheet_, row, column, xlsx_text(cell.text).c_str(), format("@", wrong));
    }
  }

  Workbook& workbook_;
  const Reasons& reasons_;
  const MarkOptions& options_;
  const base::Cancel& cancel_;
  std::optional<XlsxMemory> memory_;
  lxw_worksheet* sheet_ = nullptr;
  std::map<CellPlace, std::string>::const_iterator next_;
  std::map<std::pair<std::string, bool>, lxw_format*> formats_;
  std::size_t comments_ = 0;
};

}  // namespace

base::Result<std::string> marked_workbook(std::string_view bytes, std::string_view name, std::span<const CellMark> marks, const MarkOptions& options,
                                          const base::Cancel& cancel) {
  const std::unique_ptr<Workbook> workbook = TRY(open_workbook(bytes, name));
  const Reasons reasons = reasons_of(marks, workbook->sheets().size());
  if (workbook->format() != WorkbookFormat::xlsx) return Copy(*workbook, reasons, options, cancel).write();
  if (reasons.empty()) return std::string(bytes);
  ZipArchive archive = TRY(ZipArchive::open(bytes));
  XlsxPackage package = TRY(xlsx_package(archive));
  return Marking(bytes, std::move(archive), std::move(package), options, cancel).mark(reasons);
}

}  // namespace yihu::sheet
