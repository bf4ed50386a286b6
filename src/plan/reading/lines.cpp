#include "plan/reading/lines.h"

#include "plan/reading/marker.h"

#include <algorithm>

namespace yihu::plan {
namespace {

// Longer lines are sentences, whatever they begin with.
constexpr std::size_t remark_length_max = 60;

std::size_t first_digit_run_at_end(std::u32string_view line) {
  auto at = line.size();
  while (at > 0 && is_digit(line[at - 1])) --at;
  return at;
}

/// "- 3 -", "3", "第3页", "第 3 页 共 10 页", "3/10".
bool is_page_number(std::u32string_view line) {
  if (line.size() > 20) return false;
  bool digit = false;
  for (const char32_t point : line) {
    constexpr std::u32string_view around = U" -·.•/第页共,|~";
    if (is_digit(point)) digit = true;
    else if (around.find(point) == around.npos) return false;
  }
  return digit && first_digit_run_at_end(line) + 6 > line.size();
}

/// "一、总体要求……3": leaders or a tab, then a page number.
bool is_contents_line(std::u32string_view line) {
  if (line.size() <= 6 && (line == U"目录" || line == U"目 录" || line == U"目  录")) return true;
  const auto digits = first_digit_run_at_end(line);
  if (digits == line.size() || digits == 0 || line.size() - digits > 4) return false;
  std::size_t leaders = 0;
  bool tab = false;
  auto at = digits;
  while (at > 0) {
    const char32_t point = line[at - 1];
    if (point == U'.' || point == U'…' || point == U'·' || point == U'-' || point == U'_') leaders += point == U'…' ? 2 : 1;
    else if (point == U'\t') tab = true;
    else if (point != U' ') break;
    --at;
  }
  return leaders >= 3 || (tab && marker_at(line, 0));
}

bool is_day_alone(std::u32string_view line) {
  if (line.size() > 24 || line.find(U'年') == line.npos || line.find(U'月') == line.npos) return false;
  if (!line.ends_with(U"日") && !line.ends_with(U"日印发")) return false;
  return std::ranges::all_of(line, [](char32_t point) {
    constexpr std::u32string_view of_dates = U"年月日〇零一二三四五六七八九十印发() ";
    return is_digit(point) || of_dates.find(point) != of_dates.npos;
  });
}

/// What ends the plan's sentences: enclosures, distribution, notes, the day below the signature.
bool is_stop(std::u32string_view line) {
  for (const std::u32string_view word : {U"抄送", U"主送", U"抄报", U"分送", U"(此件", U"(联系人", U"联系人:", U"联系电话"}) {
    if (line.starts_with(word) && line.size() <= 2 * remark_length_max) return true;
  }
  for (const std::u32string_view word : {U"附件", U"附表", U"附:", U"注:", U"备注:", U"说明:"}) {
    if (!line.starts_with(word)) continue;
    const auto rest = line.substr(word.size());
    if (word.back() == U':' || rest.empty() || rest.front() == U':' || rest.front() == U' ' || rest.front() == U'《' ||
        (is_digit(rest.front()) && line.size() <= remark_length_max)) {
      return true;
    }
  }
  return is_day_alone(line);
}

/// Marks of Markdown and bullets of word processors at the beginning of a line.
std::size_t decoration_length(const Characters& characters, std::size_t begin, std::size_t end) {
  auto at = begin;
  while (at < end) {
    const char32_t point = characters.shown[at];
    constexpr std::u32string_view bullets = U"•●◆■★▲·◇□▪‣➢√";
    const bool spaced = at + 1 < end && is_space(characters.folded[at + 1]);
    const bool mark = point == U'#' || point == U'>' || bullets.find(point) != bullets.npos ||
                      (spaced && (point == U'-' || point == U'*' || point == U'+'));
    if (!mark && !(at > begin && is_space(characters.folded[at]))) break;
    ++at;
  }
  return at - begin;
}

bool is_row(std::u32string_view line) {
  const auto tabs = std::ranges::count(line, U'\t');
  if (tabs >= 2) return true;
  const auto first = line.find_first_not_of(U" \t");
  return first != line.npos && line[first] == U'|' && std::ranges::count(line, U'|') >= 3;
}

LineKind kind_of(std::u32string_view line) {
  if (is_page_number(line) || is_contents_line(line)) return LineKind::aside;
  return is_stop(line) ? LineKind::stop : LineKind::text;
}

/// The line just above a table is its title, if it is short and no sentence.
void set_table_titles_aside(std::vector<Line>& lines, const Characters& characters) {
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    auto& line = lines[i];
    const bool above = lines[i + 1].kind == LineKind::row || lines[i + 1].kind == LineKind::table;
    if (line.kind != LineKind::text || !above || line.end - line.begin > remark_length_max) continue;
    const auto text = characters.view(line.begin, line.end);
    const bool titled = text.find(U'表') != text.npos || text.find(U"清单") != text.npos || text.find(U"台账") != text.npos;
    if (titled && text.back() != U'。' && text.back() != U';') line.kind = LineKind::title;
  }
}

/// Who signs stands above the day, in a line that is no sentence.
void set_signatures_aside(std::vector<Line>& lines, const Characters& characters) {
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    if (lines[i].kind != LineKind::text || lines[i + 1].kind != LineKind::stop) continue;
    const auto text = characters.view(lines[i].begin, lines[i].end);
    const bool signs = text.size() <= remark_length_max && text.find_first_of(U"。;:,、!?()") == text.npos && !marker_at(text, 0) &&
                       is_day_alone(characters.view(lines[i + 1].begin, lines[i + 1].end));
    if (signs) lines[i].kind = LineKind::stop;
  }
}

}  // namespace

std::vector<Line> lines_from_characters(const Characters& characters, std::span<const sheet::Table> tables) {
  std::vector<Line> lines;
  bool blank = true;
  std::size_t table = 0;
  const auto size = characters.size();
  for (std::size_t from = 0; from <= size;) {
    const auto found = characters.folded.find(U'\n', from);
    const auto to = found == std::u32string::npos ? size : found;
    auto begin = from;
    auto end = to;
    from = to + 1;
    while (end > begin && is_space(characters.folded[end - 1])) --end;
    const auto untrimmed = begin;
    while (begin < end && is_space(characters.folded[begin])) ++begin;
    if (begin == end) {
      blank = true;
      continue;
    }
    while (table < tables.size() && tables[table].span.end <= characters.at[begin]) ++table;
    const bool inside = table < tables.size() && tables[table].columns > 1 && tables[table].span.begin <= characters.at[end - 1];
    if (inside) {
      lines.push_back({begin, end, LineKind::table, blank});
    } else if (is_row(characters.view(untrimmed, to)) && !is_contents_line(characters.view(begin, end))) {
      lines.push_back({untrimmed, to, LineKind::row, blank});
    } else {
      begin += decoration_length(characters, begin, end);
      if (begin < end) lines.push_back({begin, end, kind_of(characters.view(begin, end)), blank});
    }
    blank = false;
  }
  set_table_titles_aside(lines, characters);
  set_signatures_aside(lines, characters);
  return lines;
}

}  // namespace yihu::plan
