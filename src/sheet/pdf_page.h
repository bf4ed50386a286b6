#pragma once
// Words placed on pages become lines, and lines become paragraphs. Pure: what pdftotext printed goes in.

#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

/// A run of signs without blanks. Points (1/72 inch) from the upper left corner of the page.
struct PdfWord {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
  std::string text;
};

struct PdfPage {
  double width = 0;
  double height = 0;
  std::vector<PdfWord> words;
};

/// Reads what `pdftotext -tsv` prints; lines that are not of its form are passed over.
std::vector<PdfPage> pdf_pages_from_tsv(std::string_view tsv);

/// One paragraph a line. Page numbers, and heads and feet that repeat from page to page, are left out; a sentence
/// that goes on after a line or page end is joined; a wide gap inside a line becomes a tab.
std::string paragraphs_from_pdf_pages(const std::vector<PdfPage>& pages);

}  // namespace yihu::sheet
