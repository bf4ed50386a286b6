#include "sheet/document_from_odt.h"

#include "sheet/document_builder.h"
#include "sheet/odt_numbering.h"
#include "sheet/xml_parser.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;

// A count in an attribute is not a promise: no office repeats a cell or a blank this often.
constexpr int repeated_cells_max = 256;
constexpr int repeated_rows_max = 1'000;
constexpr int repeated_blanks_max = 1'000;

/// Deleted text, notes, comments, the readings above signs, what a list of contents repeats, printed page parts.
constexpr std::string_view skipped[] = {
    "text:tracked-changes", "text:note",           "office:annotation",       "text:ruby-text",
    "text:hidden-text",     "text:hidden-paragraph", "text:table-of-content", "text:illustration-index",
    "text:table-index",     "text:alphabetical-index", "text:number",         "office:forms"};

class OdtHandler final : public XmlHandler {
 public:
  OdtHandler(OdtNumbering& numbering, ReadingBudget& budget) : numbering_(numbering), budget_(budget) {}

  void start(std::string_view name, XmlAttributes attributes) override {
    if (skipping_ > 0 || std::ranges::find(skipped, name) != std::end(skipped)) {
      ++skipping_;
      return;
    }
    if (!in_body_) {
      if (name == "office:text") in_body_ = true;
      numbering_.start_style(name, attributes);
      return;
    }
    if (name == "text:p" || name == "text:h") {
      start_paragraph(name == "text:h", attributes);
    } else if (name == "text:s") {
      append_verbatim(std::string(static_cast<std::size_t>(
                                      std::clamp(number_of(attributes, "text:c", 1), 1, repeated_blanks_max)),
                                  ' '));
    } else if (name == "text:tab") {
      append_verbatim("\t");
    } else if (name == "text:line-break") {
      append_verbatim("\n");
    } else if (name == "text:list") {
      numbering_.start_list(attributes);
    } else if (name == "text:list-item" || name == "text:list-header") {
      numbering_.start_item(attributes, name == "text:list-item");
    } else {
      start_table_part(name, attributes);
    }
  }

  void end(std::string_view name) override {
    if (skipping_ > 0) {
      --skipping_;
    } else if (!in_body_) {
      numbering_.end_style(name);
    } else if (name == "text:p" || name == "text:h") {
      end_paragraph();
    } else if (name == "text:list") {
      numbering_.end_list();
    } else if (name == "text:list-item" || name == "text:list-header") {
      numbering_.end_item();
    } else if (name == "table:table-cell" && !cells_.empty()) {
      builder.end_cell();
      builder.repeat_cell(cells_.back() - 1);
      cells_.pop_back();
    } else if (name == "table:covered-table-cell" && covered_ > 0) {
      --covered_;
    } else if (name == "table:table-row" && !rows_.empty()) {
      builder.repeat_row(rows_.back() - 1);
      rows_.pop_back();
    } else if (name == "table:table") {
      builder.end_table();
    } else if (name == "office:text") {
      in_body_ = false;
    }
  }

  /// Blanks and line ends of the file are one blank; those that count are elements of their own.
  void text(std::string_view utf8) override {
    if (skipping_ > 0 || paragraphs_.empty()) return;
    std::string& out = paragraphs_.back().text;
    for (const char c : utf8) {
      const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
      if (!blank) out += c;
      else if (!out.empty() && out.back() != ' ') out += ' ';
    }
  }

  bool enough() override { return builder.overflowing() || budget_.spent(); }

  DocumentBuilder builder;

 private:
  struct Paragraph {
    std::string label;
    std::string text;
  };

  void start_paragraph(bool heading, XmlAttributes attributes) {
    paragraphs_.push_back({numbering_.next_label(heading, attributes), {}});
  }

  void end_paragraph() {
    if (paragraphs_.empty()) return;
    const Paragraph paragraph = std::move(paragraphs_.back());
    paragraphs_.pop_back();
    if (covered_ > 0) return;
    builder.paragraph(paragraph.label + std::string(without_outer_blanks(paragraph.text)));
  }

  void append_verbatim(std::string_view piece) {
    if (!paragraphs_.empty()) paragraphs_.back().text += piece;
  }

  void start_table_part(std::string_view name, XmlAttributes attributes) {
    if (name == "table:table") {
      builder.begin_table();
    } else if (name == "table:table-row") {
      builder.begin_row();
      rows_.push_back(std::clamp(number_of(attributes, "table:number-rows-repeated", 1), 1, repeated_rows_max));
    } else if (name == "table:table-cell") {
      // Covered places are written out as elements too; the spans alone say the same.
      builder.skip_covered_places();
      builder.begin_cell(number_of(attributes, "table:number-rows-spanned", 1),
                         number_of(attributes, "table:number-columns-spanned", 1));
      cells_.push_back(std::clamp(number_of(attributes, "table:number-columns-repeated", 1), 1, repeated_cells_max));
    } else if (name == "table:covered-table-cell") {
      ++covered_;
    }
  }

  OdtNumbering& numbering_;
  ReadingBudget& budget_;
  std::vector<Paragraph> paragraphs_;  ///< more than one inside a text box
  std::vector<int> cells_;             ///< how often each open cell is repeated
  std::vector<int> rows_;
  int covered_ = 0;
  int skipping_ = 0;
  bool in_body_ = false;
};

class OdtStylesHandler final : public XmlHandler {
 public:
  explicit OdtStylesHandler(OdtNumbering& numbering) : numbering_(numbering) {}
  void start(std::string_view name, XmlAttributes attributes) override { numbering_.start_style(name, attributes); }
  void end(std::string_view name) override { numbering_.end_style(name); }
  void text(std::string_view) override {}

 private:
  OdtNumbering& numbering_;
};

}  // namespace

base::Result<Document> document_from_odt(const ZipArchive& archive, ReadingBudget& budget) {
  OdtNumbering numbering;
  if (archive.has("META-INF/manifest.xml")) {
    const std::string manifest = TRY(archive.read("META-INF/manifest.xml"));
    if (manifest.find("encryption-data") != std::string::npos) {
      return fail(ErrorKind::input, "document_locked",
                  base::text("文件已加密，需要密码才能打开。", "The file is locked with a password."),
                  base::text("请取消密码后再上传。", "Remove the password and try again."));
    }
  }
  if (archive.has("styles.xml")) {
    const std::string xml = TRY(archive.read("styles.xml"));
    OdtStylesHandler handler(numbering);
    if (auto done = parse_xml(xml, handler); !done) return fail(std::move(done).error());
  }
  const std::string xml = TRY(archive.read("content.xml"));
  OdtHandler handler(numbering, budget);
  if (auto done = parse_xml(xml, handler); !done) return fail(std::move(done).error());
  if (auto done = budget.check(); !done) return base::fail(std::move(done).error());
  return std::move(handler.builder).finish("odt", false);
}

}  // namespace yihu::sheet
