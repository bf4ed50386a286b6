#pragma once
// Words of a page become lines, and lines become sentences again.

#include "sheet/pdf_page.h"

#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

/// Words that stand beside each other. Points, as PdfWord.
struct PdfLine {
  double left = 0;
  double right = 0;
  double centre = 0;  ///< half-way down the line
  double size = 0;    ///< of a sign
  std::string text;
  std::vector<const PdfWord*> words;  ///< from left to right
  bool columns = false;  ///< has a wide gap, which is a tab in `text`
  bool at_edge = false;  ///< where heads, feet and page numbers stand
};

/// From top to bottom; the lines refer to the words.
std::vector<PdfLine> pdf_lines_from(std::vector<const PdfWord*> words, double page_height);

/// 一、 （一） (1) 1. 1、 第一章 ①: a line that begins so begins something.
bool begins_item(std::string_view text);

struct PdfMargins {
  double left = 0;
  double right = 0;
};
PdfMargins pdf_margins_of(const std::vector<PdfLine>& lines);

/// Whether `next` goes on with the sentence of `line`, each with the margins of its page.
bool goes_on(const PdfLine& line, const PdfMargins& at, const PdfLine& next, const PdfMargins& next_at);
/// The same in a cell of a table, whose text may be centred. `right` is how far its lines may reach.
bool goes_on_in_cell(const PdfLine& line, double right, const PdfLine& next);

/// Joins what a line end has cut; only words of other scripts need a blank.
void append_line(std::string& paragraph, std::string_view text);

}  // namespace yihu::sheet
