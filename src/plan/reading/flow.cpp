#include "plan/reading/flow.h"

#include "plan/reading/marker.h"
#include "plan/reading/owner_label.h"

#include <algorithm>

namespace yihu::plan {
namespace {

constexpr std::size_t heading_length_max = 60;
constexpr std::size_t heading_rest_length_max = 20;
// An owner block whose bracket is open this far back at the end of a line goes on in the next.
constexpr std::size_t open_bracket_reach = 600;

bool begins_with_label(std::u32string_view line) {
  std::size_t at = 0;
  while (at < line.size() && at < 3 && (line[at] == U'(' || line[at] == U' ')) ++at;
  const auto label = owner_label_at(line, at);
  return label && label->colon;
}

/// Numbers at the beginning of a line, or a label of an owner block.
bool begins_anew(std::u32string_view line) { return marker_at(line, 0) || begins_with_label(line); }

bool is_heading_level(std::u32string_view line) {
  const auto marker = marker_at(line, 0);
  return marker && marker->style <= MarkerStyle::bracketed_chinese;
}

bool leaves_bracket_open(std::u32string_view line) {
  const auto tail = line.substr(line.size() > open_bracket_reach ? line.size() - open_bracket_reach : 0);
  const auto open = tail.rfind(U'(');
  return open != tail.npos && tail.find(U')', open) == tail.npos;
}

bool without_stops(std::u32string_view line) {
  return line.find_first_of(U"。;:!?") == line.npos;
}

/// A heading broken over two lines: its rest is short, has no stop, and a heading or item follows.
bool is_rest_of_heading(std::u32string_view line, std::u32string_view after) {
  return line.size() <= heading_rest_length_max && without_stops(line) && begins_anew(after);
}

class Joiner {
 public:
  Joiner(const Characters& characters, std::vector<Line> lines) : characters_(characters), lines_(std::move(lines)) {}

  char32_t end_between(std::size_t i) const {
    const auto line = text(i);
    const auto next = text(i + 1);
    if (lines_[i].kind == LineKind::stop || lines_[i + 1].kind == LineKind::stop) return text_end;
    if (begins_anew(next)) {
      if (leaves_bracket_open(line) && begins_with_label(next)) return soft_end;
      const bool clean = ends_sentence(line.back()) || line.back() == U':' || (marker_at(line, 0) && line.size() <= heading_length_max);
      return clean ? paragraph_end : doubtful_end;
    }
    if (leaves_bracket_open(line)) return soft_end;
    if (is_heading_level(line) && line.size() <= heading_length_max && without_stops(line)) {
      const bool rest = i + 2 < lines_.size() && is_rest_of_heading(next, text(i + 2));
      return rest || wraps(i) ? soft_end : paragraph_end;
    }
    if (ends_sentence(line.back())) return paragraph_end;
    if (begins_with_label(line)) {
      const bool goes_on = line.back() == U'、' || line.back() == U',';
      return goes_on ? soft_end : paragraph_end;
    }
    return soft_end;
  }

 private:
  std::u32string_view text(std::size_t i) const { return characters_.view(lines_[i].begin, lines_[i].end); }

  /// In a text whose lines are broken at one width (a PDF), a heading of that width goes on.
  bool wraps(std::size_t i) const {
    if (lines_[i + 1].blank_before || i == 0) return false;
    const auto width = [&](std::size_t k) { return lines_[k].end - lines_[k].begin; };
    const auto here = width(i);
    const auto before = width(i - 1);
    const auto widest = std::max(before, i + 2 < lines_.size() ? width(i + 2) : 0);
    return here >= 20 && widest <= here + 2 && width(i + 1) <= here && without_stops(text(i + 1));
  }

  const Characters& characters_;
  std::vector<Line> lines_;
};

}  // namespace

Flow flow_from_lines(const Characters& characters, std::span<const Line> lines) {
  std::vector<Line> kept;
  for (const auto& line : lines) {
    if (line.kind == LineKind::text || line.kind == LineKind::stop) kept.push_back(line);
  }
  Flow flow;
  const Joiner joiner(characters, kept);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    // A note behind the plan stays in the stream, behind the mark that ends the plan's text.
    if (kept[i].kind == LineKind::stop && flow.size() > 0 && flow.folded.back() != text_end) {
      flow.push(U' ', text_end, characters.at[kept[i].begin]);
    }
    flow.append(characters, kept[i].begin, kept[i].end);
    if (i + 1 < kept.size()) {
      const auto end = joiner.end_between(i);
      flow.push(U' ', end, characters.at[kept[i].end - 1]);
    }
  }
  return flow;
}

}  // namespace yihu::plan
