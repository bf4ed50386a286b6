#include "plan/reading/preamble.h"

#include "base/date.h"
#include "plan/reading/figure.h"

#include <algorithm>
#include <array>
#include <vector>

namespace yihu::plan {
namespace {

constexpr std::size_t title_length_max = 120;
constexpr std::size_t number_prefix_max = 16;
// The head of a document is short; the signature stands in the last lines.
constexpr std::size_t head_lines_max = 60;
constexpr std::size_t tail_lines_max = 30;

struct Remark {
  Characters text;
  bool blank_before = false;
};

/// 工作要点, 实施方案: what plans are called.
bool is_called_plan(std::u32string_view text) {
  constexpr auto names = std::to_array<std::u32string_view>({U"要点", U"计划", U"方案", U"意见", U"安排", U"规划", U"清单", U"分工", U"任务书", U"工作部署", U"措施", U"实施办法", U"行动", U"重点工作", U"分解表", U"任务表", U"一览表", U"责任表"});
  return std::ranges::any_of(names, [&](std::u32string_view name) { return text.find(name) != text.npos; });
}

bool is_sentence(std::u32string_view text) {
  return text.find(U'。') != text.npos || text.ends_with(U":") || text.ends_with(U";") || text.find(U',') != text.npos;
}

std::optional<int> digits_of_year(std::u32string_view text, std::size_t at) {
  constexpr std::u32string_view numerals = U"〇一二三四五六七八九";
  int year = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    if (i >= text.size()) return std::nullopt;
    const auto digit = is_digit(text[i]) ? static_cast<std::size_t>(text[i] - U'0') : numerals.find(text[i] == U'零' ? U'〇' : text[i]);
    if (digit == numerals.npos) return std::nullopt;
    year = year * 10 + static_cast<int>(digit);
  }
  return year >= 1990 && year < 2100 ? std::optional(year) : std::nullopt;
}

std::optional<int> year_in(std::u32string_view text) {
  for (std::size_t i = 0; i + 4 < text.size(); ++i) {
    if (i > 0 && is_digit(text[i - 1])) continue;
    const auto year = digits_of_year(text, i);
    if (year && text[i + 4] == U'年') return year;
  }
  return std::nullopt;
}

/// A day that the whole line is, perhaps in brackets: 2019年4月19日, 二〇一九年四月十九日.
std::optional<std::string> day_alone(std::u32string_view line) {
  if (line.starts_with(U"(") && line.ends_with(U")")) line = line.substr(1, line.size() - 2);
  if (line.ends_with(U"印发")) line.remove_suffix(2);
  const auto year = digits_of_year(line, 0);
  if (!year || line.size() < 8) return std::nullopt;
  Reader reader(line, 4);
  if (!reader.take(U"年")) return std::nullopt;
  const auto month = reader.take_number(1, 12);
  if (!month || !reader.take(U"月")) return std::nullopt;
  const auto day = reader.take_number(1, 31);
  if (!day || !reader.take(U"日") || reader.at() != line.size()) return std::nullopt;
  const auto date = base::make_date(*year, *month, *day);
  return date.ok() ? std::optional(base::to_string(date)) : std::nullopt;
}

/// 美扶组办〔2019〕11号: a few characters, a year in brackets, a number.
struct FoundNumber { std::size_t begin, end; int year; };
std::optional<FoundNumber> number_in(std::u32string_view text) {
  for (auto open = text.find(U'('); open != text.npos; open = text.find(U'(', open + 1)) {
    const auto year = digits_of_year(text, open + 1);
    if (!year || open == 0) continue;
    Reader reader(text, open + 5);
    if (!reader.take(U")")) continue;
    reader.take(U"第");
    if (!reader.take_number(1, 99'999) || !reader.take(U"号")) continue;
    auto begin = open;
    while (begin > 0 && open - begin < number_prefix_max && is_han(text[begin - 1])) --begin;
    if (begin == open) continue;
    return FoundNumber{begin, reader.at(), *year};
  }
  return std::nullopt;
}

/// What a notice sends out: 关于印发《…》的通知.
std::string sent_title(const Characters& text) {
  const auto about = text.folded.find(U"印发");
  const auto open = text.folded.find(U'《', about == std::u32string::npos ? 0 : about);
  if (about == std::u32string::npos || open == std::u32string::npos) return {};
  const auto close = text.folded.rfind(U'》');
  if (close == std::u32string::npos || close <= open + 1) return {};
  return text.text(open + 1, close);
}

class Head {
 public:
  explicit Head(std::vector<Remark> remarks) : remarks_(std::move(remarks)) {}

  /// The plan's own title is the last line of the head that is called a plan; it may stand on several lines.
  std::string title() const {
    std::string sent;
    for (std::size_t i = 0; i < remarks_.size() && sent.empty(); ++i) {
      sent = sent_title(remarks_[i].text);
      // 关于印发 on one line, 《…》的通知 on the next.
      if (sent.empty() && i + 1 < remarks_.size() && remarks_[i].text.folded.find(U"印发") != std::u32string::npos && !is_sentence(remarks_[i].text.folded)) {
        Characters both = remarks_[i].text;
        both.append(remarks_[i + 1].text, 0, remarks_[i + 1].text.size());
        sent = sent_title(both);
      }
    }
    if (!sent.empty()) return sent;
    for (auto i = remarks_.size(); i-- > 0;) {
      const auto& line = remarks_[i].text;
      if (!is_called_plan(line.folded) || is_sentence(line.folded) || line.size() > title_length_max) continue;
      auto first = i;
      while (first > 0 && goes_on(first - 1, first)) --first;
      std::string title;
      for (auto k = first; k <= i; ++k) title += remarks_[k].text.text(0, remarks_[k].text.size());
      return title;
    }
    return {};
  }

  std::optional<FoundNumber> number(std::string& out) const {
    for (const auto& remark : remarks_) {
      if (const auto found = number_in(remark.text.folded)) {
        out = remark.text.text(found->begin, found->end);
        return found;
      }
    }
    return std::nullopt;
  }

  std::optional<std::string> date(std::size_t& at) const {
    for (std::size_t i = 0; i < remarks_.size(); ++i) {
      if (auto day = day_alone(remarks_[i].text.folded)) {
        at = i;
        return day;
      }
    }
    return std::nullopt;
  }

  const std::vector<Remark>& remarks() const { return remarks_; }

  /// A line that could be the name of whoever issued the document.
  std::string body(std::size_t at) const {
    if (at >= remarks_.size()) return {};
    const auto& line = remarks_[at].text;
    constexpr std::u32string_view endings = U"室府委会局组部院团处";
    const bool named = line.size() >= 4 && line.size() <= 50 && endings.find(line.folded.back()) != endings.npos && !is_sentence(line.folded) &&
                       !number_in(line.folded) && line.folded.find(U"关于") == std::u32string::npos;
    return named ? line.text(0, line.size()) : std::string();
  }

 private:
  bool goes_on(std::size_t i, std::size_t next) const {
    const auto& line = remarks_[i].text;
    return !remarks_[next].blank_before && !is_sentence(line.folded) && !day_alone(line.folded) && !number_in(line.folded) && line.size() <= 40 &&
           line.folded.find(U"通知") == std::u32string::npos && body(i).empty();
  }

  std::vector<Remark> remarks_;
};

std::vector<Remark> remarks_from(const Characters& characters, std::span<const Line> lines) {
  std::vector<Remark> remarks;
  for (const auto& line : lines) {
    if (line.kind != LineKind::text && line.kind != LineKind::stop && line.kind != LineKind::title) continue;
    remarks.push_back({sentence(characters, line.begin, std::min(line.end, line.begin + 400)), line.blank_before});
  }
  return remarks;
}

/// 某区扶贫办关于印发…: the name before 关于.
std::string body_before_about(const std::vector<Remark>& remarks) {
  for (const auto& remark : remarks) {
    const auto at = remark.text.folded.find(U"关于");
    if (at == std::u32string::npos || at < 4 || at > 50 || is_sentence(remark.text.folded)) continue;
    return remark.text.text(0, at);
  }
  return {};
}

}  // namespace

Preamble preamble_from_lines(const Characters& characters, std::span<const Line> lines, std::size_t plan_begin) {
  const auto first = std::ranges::find_if(lines, [&](const Line& line) { return line.end > plan_begin; });
  const auto head_lines = static_cast<std::size_t>(first - lines.begin());
  const Head head(remarks_from(characters, lines.subspan(0, std::min(head_lines, head_lines_max))));
  const auto tail_begin = std::max(head_lines, lines.size() > tail_lines_max ? lines.size() - tail_lines_max : 0);
  const Head tail(remarks_from(characters, lines.subspan(tail_begin)));

  Preamble preamble;
  preamble.title = head.title();
  const auto number = head.number(preamble.number);
  std::size_t at = 0;
  preamble.date = head.date(at);
  if (preamble.date && at > 0) preamble.issuer = head.body(at - 1);
  if (!preamble.date) {
    preamble.date = tail.date(at);
    if (preamble.date && at > 0) preamble.issuer = tail.body(at - 1);
  }
  for (std::size_t i = 0; i < 3 && preamble.issuer.empty(); ++i) preamble.issuer = head.body(i);
  if (preamble.issuer.empty()) preamble.issuer = body_before_about(head.remarks());
  preamble.year = year_in(base::code_points(preamble.title));
  if (!preamble.year && number) preamble.year = number->year;
  if (!preamble.year && preamble.date) preamble.year = std::stoi(preamble.date->substr(0, 4));
  return preamble;
}

}  // namespace yihu::plan
