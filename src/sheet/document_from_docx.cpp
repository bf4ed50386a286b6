#include "sheet/document_from_docx.h"

#include "sheet/document_builder.h"
#include "sheet/docx_numbering.h"
#include "sheet/xml_parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace yihu::sheet {
namespace {

/// What one part of the package points at, by the last word of the relationship's type.
class RelationshipsHandler final : public XmlHandler {
 public:
  explicit RelationshipsHandler(std::string_view kind) : kind_(kind) {}

  void start(std::string_view name, XmlAttributes attributes) override {
    if (name != "rel:Relationship" || !target.empty()) return;
    const std::string_view type = value_of(attributes, "Type");
    if (type.substr(type.rfind('/') + 1) == kind_) target = value_of(attributes, "Target");
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  std::string target;

 private:
  std::string_view kind_;
};

/// The part that `owner` points at, or `usual` when it says nothing. `owner` is "" for the package itself.
std::string related_part(const ZipArchive& archive, const std::string& owner, std::string_view kind,
                         const std::string& usual) {
  const std::size_t slash = owner.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : owner.substr(0, slash + 1);
  const auto xml = archive.read(folder + "_rels/" + owner.substr(folder.size()) + ".rels");
  if (!xml) return usual;
  RelationshipsHandler handler(kind);
  if (!parse_xml(*xml, handler) || handler.target.empty()) return usual;
  const std::string part = handler.target.starts_with('/') ? handler.target.substr(1) : folder + handler.target;
  return archive.has(part) ? part : usual;
}

bool is_on(XmlAttributes attributes) {
  const std::string_view value = value_of(attributes, "w:val", "1");
  return value != "0" && value != "false" && value != "off";
}

/// Elements whose content is not part of the text as it stands: what was deleted or moved away, how things were
/// before a change, the code of fields, and the second form of what also stands in a first one.
constexpr std::string_view skipped[] = {"w:del",        "w:moveFrom",    "mc:Fallback", "w:rt",          "w:instrText",
                                        "w:delText",    "w:pPrChange",   "w:rPrChange", "w:tblPrChange", "w:tcPrChange",
                                        "w:trPrChange", "w:delInstrText", "w:sectPr",   "w:tblGrid"};

class DocxHandler final : public XmlHandler {
 public:
  DocxHandler(DocxNumbering& numbering, ReadingBudget& budget) : numbering_(numbering), budget_(budget) {}

  void start(std::string_view name, XmlAttributes attributes) override {
    if (skipping_ > 0) {
      ++skipping_;
      return;
    }
    if (in_paragraph_properties_) {
      read_paragraph_property(name, attributes);
      return;
    }
    if (std::ranges::find(skipped, name) != std::end(skipped)) {
      skipping_ = 1;
      return;
    }
    if (name == "w:t" || name == "m:t") {
      in_text_ = !hidden_;
    } else if (name == "w:r") {
      hidden_ = false;
    } else if (name == "w:vanish") {
      hidden_ = hidden_ || is_on(attributes);
    } else if (name == "w:p") {
      begin_content();
      paragraphs_.emplace_back();
      hidden_ = false;
    } else if (name == "w:pPr") {
      in_paragraph_properties_ = !paragraphs_.empty();
    } else if (name == "w:tab" || name == "w:ptab") {
      append("\t");
    } else if (name == "w:br" || name == "w:cr") {
      append("\n");
    } else if (name == "w:noBreakHyphen") {
      append("-");
    } else {
      start_table_part(name, attributes);
    }
  }

  void end(std::string_view name) override {
    if (skipping_ > 0) {
      --skipping_;
    } else if (in_paragraph_properties_) {
      if (name == "w:pPr") in_paragraph_properties_ = false;
    } else if (name == "w:t" || name == "m:t") {
      in_text_ = false;
    } else if (name == "w:p") {
      end_paragraph();
    } else if (name == "w:tc" && !cells_.empty()) {
      begin_content();
      builder.end_cell();
      cells_.pop_back();
    } else if (name == "w:tbl") {
      builder.end_table();
    }
  }

  void text(std::string_view utf8) override {
    if (in_text_ && skipping_ == 0) append(utf8);
  }

  bool enough() override { return builder.overflowing() || budget_.spent(); }

  DocumentBuilder builder;

 private:
  struct Paragraph {
    std::string text;
    std::string style;
    DocxNumbered numbered;
    bool joined_to_next = false;  ///< its end was deleted in tracked changes
  };
  struct OpenCell {
    int columns = 1;
    bool joined_above = false;
    bool joined_before = false;
    bool begun = false;
  };

  void append(std::string_view piece) {
    if (!paragraphs_.empty() && !hidden_) paragraphs_.back().text += piece;
  }

  void read_paragraph_property(std::string_view name, XmlAttributes attributes) {
    Paragraph& paragraph = paragraphs_.back();
    if (name == "w:pStyle") {
      paragraph.style = value_of(attributes, "w:val");
    } else if (name == "w:numId") {
      paragraph.numbered.list = number_of(attributes, "w:val", 0);
    } else if (name == "w:ilvl") {
      paragraph.numbered.level = number_of(attributes, "w:val", 0);
    } else if (name == "w:del") {
      paragraph.joined_to_next = true;
    } else if (name == "w:pPrChange" || name == "w:sectPr") {
      skipping_ = 1;
    }
  }

  void start_table_part(std::string_view name, XmlAttributes attributes) {
    if (name == "w:tbl") {
      begin_content();
      builder.begin_table();
    } else if (name == "w:tr") {
      builder.begin_row();
    } else if (name == "w:gridBefore") {
      builder.skip_places(number_of(attributes, "w:val", 0));
    } else if (name == "w:tc") {
      cells_.emplace_back();
    } else if (cells_.empty() || cells_.back().begun) {
      return;
    } else if (name == "w:gridSpan") {
      cells_.back().columns = number_of(attributes, "w:val", 1);
    } else if (name == "w:vMerge") {
      cells_.back().joined_above = value_of(attributes, "w:val", "continue") == "continue";
    } else if (name == "w:hMerge") {
      cells_.back().joined_before = value_of(attributes, "w:val", "continue") == "continue";
    }
  }

  /// A cell begins with its content, when its properties have been read.
  void begin_content() {
    if (cells_.empty() || cells_.back().begun) return;
    OpenCell& cell = cells_.back();
    cell.begun = true;
    if (cell.joined_above) builder.begin_cell_joined_above(cell.columns);
    else if (cell.joined_before) builder.begin_cell_joined_before(cell.columns);
    else builder.begin_cell(1, cell.columns);
  }

  void end_paragraph() {
    if (paragraphs_.empty()) return;
    Paragraph paragraph = std::move(paragraphs_.back());
    paragraphs_.pop_back();
    if (paragraph.joined_to_next) {
      carried_ += paragraph.text;
      return;
    }
    if (numbering_.is_contents_line(paragraph.style)) return;
    std::string line = numbering_.next_label(paragraph.style, paragraph.numbered);
    line += std::exchange(carried_, {});
    line += paragraph.text;
    builder.paragraph(line);
  }

  DocxNumbering& numbering_;
  ReadingBudget& budget_;
  std::vector<Paragraph> paragraphs_;  ///< more than one inside a text box
  std::vector<OpenCell> cells_;        ///< more than one inside a nested table
  std::string carried_;
  int skipping_ = 0;
  bool in_paragraph_properties_ = false;
  bool in_text_ = false;
  bool hidden_ = false;
};

}  // namespace

base::Result<Document> document_from_docx(const ZipArchive& archive, ReadingBudget& budget) {
  const std::string main_part = related_part(archive, "", "officeDocument", "word/document.xml");
  DocxNumbering numbering;
  if (const std::string part = related_part(archive, main_part, "styles", "word/styles.xml"); archive.has(part)) {
    const std::string xml = TRY(archive.read(part));
    if (auto done = numbering.read_styles(xml); !done) return base::fail(std::move(done).error());
  }
  if (const std::string part = related_part(archive, main_part, "numbering", "word/numbering.xml"); archive.has(part)) {
    const std::string xml = TRY(archive.read(part));
    if (auto done = numbering.read_numbering(xml); !done) return base::fail(std::move(done).error());
  }
  const std::string xml = TRY(archive.read(main_part));
  DocxHandler handler(numbering, budget);
  if (auto done = parse_xml(xml, handler); !done) return base::fail(std::move(done).error());
  if (auto done = budget.check(); !done) return base::fail(std::move(done).error());
  return std::move(handler.builder).finish("docx", false);
}

}  // namespace yihu::sheet
