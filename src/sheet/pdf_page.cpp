#include "sheet/pdf_page.h"

#include "base/utf8.h"
#include "sheet/pdf_line.h"
#include "sheet/pdf_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

namespace yihu::sheet {
namespace {

/// Signs that a font may map to control characters have no meaning in text.
std::string without_controls(std::string_view text) {
  std::string out;
  for (const char32_t c : base::code_points(text)) {
    if (c >= 0x20 && c != 0x7f && c != 0xfffd && !(c >= 0x80 && c < 0xa0)) out += base::utf8(c);
  }
  return out;
}

/// "3", "- 3 -", "— 3 —", "3/12", "第3页", "第 3 页 共 12 页", "Page 3 of 12"
bool is_page_number(std::string_view text) {
  bool digit = false;
  std::string letters;
  for (const char32_t c : base::code_points(text)) {
    if ((c >= U'0' && c <= U'9') || (c >= U'０' && c <= U'９')) {
      digit = true;
    } else if (std::u32string_view(U" \t-—–－―·./|").find(c) == std::u32string_view::npos) {
      letters += base::utf8(c);
    }
  }
  constexpr std::array<std::string_view, 8> around = {"", "第页", "第页共页", "第页，共页", "共页第页", "Page", "Pageof", "页"};
  return digit && text.size() < 40 && std::ranges::find(around, letters) != around.end();
}

std::string without_digits(std::string_view text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c < '0' || c > '9'; });
  return out;
}

/// Heads and feet: the outermost line that says the same, but for numbers, on most pages.
void drop_repeated_edges(std::vector<std::vector<PdfLine>>& pages) {
  constexpr std::size_t pages_min = 3;
  constexpr int edge_lines_max = 2;
  for (const bool top : {true, false}) {
    for (int round = 0; round < edge_lines_max; ++round) {
      const auto edge = [&](std::vector<PdfLine>& lines) { return top ? lines.begin() : std::prev(lines.end()); };
      for (auto& lines : pages) {
        if (!lines.empty() && edge(lines)->at_edge && is_page_number(edge(lines)->text)) lines.erase(edge(lines));
      }
      if (pages.size() < pages_min) continue;
      std::map<std::string, std::size_t> count;
      for (auto& lines : pages) {
        if (!lines.empty() && edge(lines)->at_edge) ++count[without_digits(edge(lines)->text)];
      }
      for (auto& lines : pages) {
        if (lines.empty() || !edge(lines)->at_edge) continue;
        if (count[without_digits(edge(lines)->text)] * 2 > pages.size()) lines.erase(edge(lines));
      }
    }
  }
}

/// Puts together what lines and pages have cut, a sentence or a table.
class Paragraphs {
 public:
  explicit Paragraphs(DocumentBuilder& builder) : builder_(builder) {}

  void add(const PdfLine& line, const PdfMargins& at) {
    write_table();
    if (before_ != nullptr && !goes_on(*before_, before_at_, line, at)) write_paragraph();
    append_line(paragraph_, line.text);
    before_ = &line;
    before_at_ = at;
  }
  void add(PdfTable table) {
    if (before_ == nullptr && table_ && table_->bottom > table.top && continues(*table_, table)) return append(*table_, std::move(table));
    end();
    table_ = std::move(table);
  }
  void end() {
    write_table();
    write_paragraph();
    before_ = nullptr;
  }

 private:
  void write_paragraph() {
    builder_.paragraph(std::exchange(paragraph_, {}));
  }
  void write_table() {
    if (table_) write(*table_, builder_);
    table_.reset();
  }

  DocumentBuilder& builder_;
  std::string paragraph_;
  const PdfLine* before_ = nullptr;
  PdfMargins before_at_;
  std::optional<PdfTable> table_;
};

std::optional<double> number_from(std::string_view text) {
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

}  // namespace

std::vector<PdfPage> pdf_pages_from_tsv(std::string_view tsv) {
  // level page paragraph block line word left top width height confidence text
  constexpr std::size_t fields_before_text = 11;
  std::vector<PdfPage> pages;
  for (std::size_t begin = 0; begin < tsv.size();) {
    const std::size_t line_end = std::min(tsv.find('\n', begin), tsv.size());
    std::string_view line = tsv.substr(begin, line_end - begin);
    begin = line_end + 1;
    std::array<std::string_view, fields_before_text> fields;
    std::size_t found = 0;
    for (std::size_t tab = line.find('\t'); found < fields_before_text && tab != std::string_view::npos;
         tab = line.find('\t')) {
      fields[found++] = line.substr(0, tab);
      line.remove_prefix(tab + 1);
    }
    if (found < fields_before_text) continue;
    const auto left = number_from(fields[6]);
    const auto top = number_from(fields[7]);
    const auto width = number_from(fields[8]);
    const auto height = number_from(fields[9]);
    if (!left || !top || !width || !height) continue;
    if (fields[0] == "1") {
      pages.push_back({*width, *height, {}, {}});
    } else if (fields[0] == "5" && !pages.empty()) {
      std::string text = without_controls(line);
      if (!text.empty()) pages.back().words.push_back({*left, *top, *width, *height, std::move(text)});
    }
  }
  return pages;
}

void read_pdf_pages(const std::vector<PdfPage>& pages, DocumentBuilder& builder) {
  std::vector<PdfTables> tables;
  std::vector<std::vector<PdfLine>> lines_by_page;
  for (const PdfPage& page : pages) {
    tables.push_back(pdf_tables_on(page));
    lines_by_page.push_back(pdf_lines_from(tables.back().outside, page.height));
  }
  drop_repeated_edges(lines_by_page);
  Paragraphs paragraphs(builder);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const PdfMargins at = pdf_margins_of(lines_by_page[i]);
    auto table = tables[i].tables.begin();
    for (const PdfLine& line : lines_by_page[i]) {
      for (; table != tables[i].tables.end() && table->top < line.centre; ++table) paragraphs.add(std::move(*table));
      paragraphs.add(line, at);
    }
    for (; table != tables[i].tables.end(); ++table) paragraphs.add(std::move(*table));
  }
  paragraphs.end();
}

}  // namespace yihu::sheet
