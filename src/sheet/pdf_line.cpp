#include "sheet/pdf_line.h"

#include "base/utf8.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace yihu::sheet {
namespace {

// All in units of the size of a sign, so that they hold for any print.
constexpr double same_line_max = 0.4;     ///< centres of words in one line differ by less
constexpr double blank_gap_min = 0.15;    ///< a gap this wide is a blank
constexpr double tab_gap_min = 1.8;       ///< a gap this wide separates columns
constexpr double margin_slack = 1.6;      ///< a full line ends this near to the right margin
constexpr double indent_min = 0.8;        ///< a first line stands in by at least this
constexpr double same_size_max = 1.15;    ///< larger print is a heading

/// Heads and feet stand in this part of the page; an official page begins its text below it.
constexpr double edge_part = 0.12;

bool is_wide(char32_t c) {
  return (c >= 0x2e80 && c < 0xa4d0) || (c >= 0xac00 && c < 0xd7a4) || (c >= 0xf900 && c < 0xfb00) ||
         (c >= 0xff00 && c < 0xff61) || c >= 0x20000 || c == 0x2014 || c == 0x2018 || c == 0x2019 || c == 0x201c ||
         c == 0x201d || c == 0x2026;
}

/// How wide a sign is: the box of a font says more about the font than about the line.
double sign_size(const PdfWord& word) {
  double ems = 0;
  for (const char32_t c : base::code_points(word.text)) ems += is_wide(c) ? 1.0 : 0.5;
  return ems > 0 ? std::min(word.height, word.width / ems) : word.height;
}

PdfLine line_from(std::vector<const PdfWord*> words) {
  std::ranges::sort(words, {}, [](const PdfWord* word) { return word->left; });
  PdfLine line;
  line.left = words.front()->left;
  double weight = 0;
  for (const PdfWord* word : words) {
    const double size = sign_size(*word);
    line.size += size * word->width;
    weight += word->width;
    line.centre = word->top + word->height / 2;
    if (!line.text.empty()) {
      const double gap = word->left - line.right;
      if (gap > tab_gap_min * size) {
        line.text += '\t';
        line.columns = true;
      } else if (gap > blank_gap_min * size) {
        line.text += ' ';
      }
    }
    line.text += word->text;
    line.right = std::max(line.right, word->left + word->width);
  }
  if (weight > 0) line.size /= weight;
  line.words = std::move(words);
  return line;
}

/// The value that nine in ten lines reach, so that one line outside the margin does not move it.
double margin(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(std::lround(part * static_cast<double>(values.size() - 1)))];
}

/// "…政策（十" at the end of a line: what follows, "二）", only looks like the beginning of an item.
bool ends_inside_bracket(std::string_view text) {
  constexpr std::size_t longest_number = 4;
  std::u32string points = base::code_points(text);
  if (points.size() > longest_number + 1) points.erase(0, points.size() - longest_number - 1);
  const std::size_t open = points.find_last_of(U"（(〔[【");
  return open != std::u32string::npos && points.find_first_of(U"）)〕]】", open) == std::u32string::npos;
}

/// Signs that no line may begin with; the one before them moves down with them.
bool clings(char32_t c) { return std::u32string_view(U"、，。；：）”》！？,.;:)").find(c) != std::u32string_view::npos; }

}  // namespace

std::vector<PdfLine> pdf_lines_from(std::vector<const PdfWord*> words, double page_height) {
  const auto centre = [](const PdfWord* word) { return word->top + word->height / 2; };
  std::ranges::stable_sort(words, {}, centre);
  std::vector<PdfLine> lines;
  std::vector<const PdfWord*> open;
  for (const PdfWord* word : words) {
    if (!open.empty() && centre(word) - centre(open.front()) > same_line_max * sign_size(*word)) {
      lines.push_back(line_from(std::exchange(open, {})));
    }
    open.push_back(word);
  }
  if (!open.empty()) lines.push_back(line_from(open));
  for (PdfLine& line : lines) {
    line.at_edge = line.centre < edge_part * page_height || line.centre > (1 - edge_part) * page_height;
  }
  return lines;
}

bool begins_item(std::string_view text) {
  const std::u32string points = base::code_points(base::first_code_points(text, 8));
  constexpr std::u32string_view numerals = U"一二三四五六七八九十百〇零0123456789０１２３４５６７８９";
  constexpr std::u32string_view opening = U"（(〔[【";
  constexpr std::u32string_view closing = U"、.．)）〕]】";
  std::size_t i = 0;
  if (points.empty()) return false;
  if (points[0] >= U'①' && points[0] <= U'⒛') return true;
  const bool opened = opening.find(points[0]) != std::u32string_view::npos;
  if (opened || points[0] == U'第') ++i;
  const std::size_t first = i;
  while (i < points.size() && numerals.find(points[i]) != std::u32string_view::npos) ++i;
  if (i == first || i >= points.size()) return false;
  if (points[0] == U'第') return std::u32string_view(U"章节条部篇").find(points[i]) != std::u32string_view::npos;
  return closing.find(points[i]) != std::u32string_view::npos &&
         !(points[i] == U'.' && i + 1 < points.size() && points[i + 1] >= U'0' && points[i + 1] <= U'9');
}

PdfMargins pdf_margins_of(const std::vector<PdfLine>& lines) {
  std::vector<double> lefts;
  std::vector<double> rights;
  for (const PdfLine& line : lines) {
    lefts.push_back(line.left);
    rights.push_back(line.right);
  }
  return {margin(std::move(lefts), 0.1), margin(std::move(rights), 0.9)};
}

bool goes_on(const PdfLine& line, const PdfMargins& at, const PdfLine& next, const PdfMargins& next_at) {
  if (line.columns || next.columns) return false;
  if (std::max(line.size, next.size) > same_size_max * std::min(line.size, next.size)) return false;
  if (line.right < at.right - margin_slack * line.size) return false;
  const double indent = next.left - next_at.left;
  const double own_indent = line.left - at.left;
  // A centred heading of two lines stands in on both sides; its lines are kept apart.
  if (indent > indent_min * next.size && std::abs(indent - own_indent) > indent_min * next.size) return false;
  if (indent > indent_min * next.size && own_indent > indent_min * line.size) return false;
  return ends_inside_bracket(line.text) || !begins_item(next.text);
}

bool goes_on_in_cell(const PdfLine& line, double right, const PdfLine& next) {
  const std::u32string before = base::code_points(line.text);
  const std::u32string after = base::code_points(base::first_code_points(next.text, 2));
  if (before.empty() || after.empty()) return false;
  if (ends_inside_bracket(line.text) || before.back() == U'、' || before.back() == U'，') return true;
  if (begins_item(next.text)) return false;
  // What would still have fitted stands in the next line only when it is a paragraph of its own.
  const double moved = after.size() > 1 && clings(after[1]) ? 2 : 1;
  return line.right + (moved + 0.1) * line.size > right;
}

void append_line(std::string& paragraph, std::string_view text) {
  const auto is_western = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  if (!paragraph.empty() && is_western(paragraph.back()) && is_western(text.front())) paragraph += ' ';
  paragraph += text;
}

}  // namespace yihu::sheet
