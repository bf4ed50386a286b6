#pragma once
// Words placed on pages become lines, and lines become paragraphs and tables. Pure: what pdftotext printed goes in.

#include "sheet/document_builder.h"

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

/// A line drawn straight across or down the page, from one end to the other.
struct PdfRule {
  double left = 0;
  double top = 0;
  double right = 0;   ///< as `left` when it goes down
  double bottom = 0;  ///< as `top` when it goes across
};

struct PdfPage {
  double width = 0;
  double height = 0;
  std::vector<PdfWord> words;
  std::vector<PdfRule> rules;
};

/// Reads what `pdftotext -tsv` prints; lines that are not of its form are passed over.
std::vector<PdfPage> pdf_pages_from_tsv(std::string_view tsv);

/// Page numbers, and heads and feet that repeat from page to page, are left out; a sentence that goes on after a line
/// or page end is joined, and so is a table (pdf_table.h); a wide gap inside a line outside tables becomes a tab.
void read_pdf_pages(const std::vector<PdfPage>& pages, DocumentBuilder& builder);

}  // namespace yihu::sheet
