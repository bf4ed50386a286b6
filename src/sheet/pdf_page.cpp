#include "sheet/pdf_page.h"

#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
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

struct Line {
  double left = 0;
  double right = 0;
  double centre = 0;
  double size = 0;  ///< of a sign
  std::string text;
  bool columns = false;
  bool at_edge = false;  ///< where heads, feet and page numbers stand
};

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

/// Signs that a font may map to control characters have no meaning in text.
std::string without_controls(std::string_view text) {
  std::string out;
  for (const char32_t c : base::code_points(text)) {
    if (c >= 0x20 && c != 0x7f && c != 0xfffd && !(c >= 0x80 && c < 0xa0)) out += base::utf8(c);
  }
  return out;
}

Line line_from(std::vector<const PdfWord*> words) {
  std::ranges::sort(words, {}, [](const PdfWord* word) { return word->left; });
  Line line;
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
  return line;
}

std::vector<Line> lines_from(const PdfPage& page) {
  std::vector<const PdfWord*> words;
  for (const PdfWord& word : page.words) words.push_back(&word);
  const auto centre = [](const PdfWord* word) { return word->top + word->height / 2; };
  std::ranges::stable_sort(words, {}, centre);
  std::vector<Line> lines;
  std::vector<const PdfWord*> open;
  for (const PdfWord* word : words) {
    if (!open.empty() && centre(word) - centre(open.front()) > same_line_max * sign_size(*word)) {
      lines.push_back(line_from(std::exchange(open, {})));
    }
    open.push_back(word);
  }
  if (!open.empty()) lines.push_back(line_from(open));
  for (Line& line : lines) {
    line.at_edge = line.centre < edge_part * page.height || line.centre > (1 - edge_part) * page.height;
  }
  return lines;
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
void drop_repeated_edges(std::vector<std::vector<Line>>& pages) {
  constexpr std::size_t pages_min = 3;
  constexpr int edge_lines_max = 2;
  for (const bool top : {true, false}) {
    for (int round = 0; round < edge_lines_max; ++round) {
      const auto edge = [&](std::vector<Line>& lines) { return top ? lines.begin() : std::prev(lines.end()); };
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

/// The value that nine in ten lines reach, so that one line outside the margin does not move it.
double margin(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(std::lround(part * static_cast<double>(values.size() - 1)))];
}

/// 一、 （一） (1) 1. 1、 第一章 ①: a line that begins so begins something.
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

/// "…政策（十" at the end of a line: what follows, "二）", only looks like the beginning of an item.
bool ends_inside_bracket(std::string_view text) {
  constexpr std::size_t longest_number = 4;
  std::u32string points = base::code_points(text);
  if (points.size() > longest_number + 1) points.erase(0, points.size() - longest_number - 1);
  const std::size_t open = points.find_last_of(U"（(〔[【");
  return open != std::u32string::npos && points.find_first_of(U"）)〕]】", open) == std::u32string::npos;
}

struct Margins {
  double left = 0;
  double right = 0;
};

Margins margins_of(const std::vector<Line>& lines) {
  std::vector<double> lefts;
  std::vector<double> rights;
  for (const Line& line : lines) {
    lefts.push_back(line.left);
    rights.push_back(line.right);
  }
  return {margin(std::move(lefts), 0.1), margin(std::move(rights), 0.9)};
}

bool goes_on(const Line& line, const Margins& at, const Line& next, const Margins& next_at) {
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

void append_line(std::string& paragraph, std::string_view text) {
  const auto is_western = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  if (!paragraph.empty() && is_western(paragraph.back()) && is_western(text.front())) paragraph += ' ';
  paragraph += text;
}

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
      pages.push_back({*width, *height, {}});
    } else if (fields[0] == "5" && !pages.empty()) {
      std::string text = without_controls(line);
      if (!text.empty()) pages.back().words.push_back({*left, *top, *width, *height, std::move(text)});
    }
  }
  return pages;
}

std::string paragraphs_from_pdf_pages(const std::vector<PdfPage>& pages) {
  std::vector<std::vector<Line>> lines_by_page;
  for (const PdfPage& page : pages) lines_by_page.push_back(lines_from(page));
  drop_repeated_edges(lines_by_page);
  std::string out;
  std::string paragraph;
  const Line* before = nullptr;
  Margins before_at;
  for (const std::vector<Line>& lines : lines_by_page) {
    const Margins at = margins_of(lines);
    for (const Line& line : lines) {
      if (before != nullptr && !goes_on(*before, before_at, line, at)) out += std::exchange(paragraph, {}) + '\n';
      append_line(paragraph, line.text);
      before = &line;
      before_at = at;
    }
  }
  if (!paragraph.empty()) out += paragraph + '\n';
  return out;
}

}  // namespace yihu::sheet
