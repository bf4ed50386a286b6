#include "plan/reading/heading.h"

#include <algorithm>
#include <array>
#include <optional>

namespace yihu::plan {
namespace {

constexpr std::size_t title_length_max = 80;
constexpr int skipped_numbers_max = 3;

struct Styles {
  std::optional<MarkerStyle> division;
  std::optional<MarkerStyle> part;
  std::optional<MarkerStyle> task;

  std::optional<HeadingLevel> level_of(MarkerStyle style) const {
    if (task == style) return HeadingLevel::task;
    if (part == style) return HeadingLevel::part;
    if (division == style) return HeadingLevel::division;
    return std::nullopt;
  }
};

bool begins_line(const Place& place) { return place.boundary == Boundary::paragraph || place.boundary == Boundary::doubtful; }

/// Documents differ in which numbers they give to tasks: the highest two levels in use are parts and tasks.
Styles styles_of(std::span<const Place> places) {
  std::array<int, marker_styles> count{};
  int direct = 0;  // 一、 headings with numbered items right below
  bool open_chinese = false;
  for (const auto& place : places) {
    if (!begins_line(place)) continue;
    ++count[static_cast<std::size_t>(place.marker.style)];
    if (place.marker.style == MarkerStyle::numeric && open_chinese) ++direct;
    if (place.marker.style <= MarkerStyle::numeric) open_chinese = place.marker.style == MarkerStyle::chinese;
  }
  const auto used = [&](MarkerStyle style) { return count[static_cast<std::size_t>(style)]; };
  const auto if_used = [&](MarkerStyle style) { return used(style) > 0 ? std::optional(style) : std::nullopt; };
  const auto division = if_used(MarkerStyle::division);
  const auto chinese = if_used(MarkerStyle::chinese);
  if (used(MarkerStyle::article) > 1) {
    return chinese ? Styles{division, chinese, MarkerStyle::article} : Styles{{}, division, MarkerStyle::article};
  }
  if (used(MarkerStyle::bracketed_chinese) > 0 && direct <= used(MarkerStyle::bracketed_chinese)) {
    return chinese ? Styles{division, chinese, MarkerStyle::bracketed_chinese} : Styles{{}, division, MarkerStyle::bracketed_chinese};
  }
  if (chinese) return {{}, division, chinese};
  if (division) return {{}, division, {}};
  return {{}, {}, if_used(MarkerStyle::numeric)};
}

/// Inside a title, "1." followed by text begins the first item even without a stop before it.
bool item_runs_in(const Flow& flow, std::size_t at) {
  if (flow.folded[at] != U'1' || is_digit(flow.folded[at - 1]) || is_letter(flow.folded[at - 1])) return false;
  const auto marker = marker_at(flow.folded, at);
  const auto text = marker ? at + marker->length : flow.size();
  return marker && marker->style == MarkerStyle::numeric && marker->number == 1 && text < flow.size() &&
         (is_han(flow.folded[text]) || flow.folded[text] == U'《' || flow.folded[text] == U'“');
}

void find_title(const Flow& flow, std::span<const OwnerBlock> blocks, std::size_t limit, Heading& heading) {
  const auto inside = blocks_in(blocks, heading.title_begin, limit);
  const auto block = inside.empty() ? limit : inside.front().begin;
  auto end = heading.title_begin;
  for (; end < limit && end < block; ++end) {
    const char32_t point = flow.folded[end];
    if (point == U'。' || point == paragraph_end || point == doubtful_end || point == text_end) break;
    if (point == U':' && end - heading.title_begin >= 2) break;
    if (end > heading.title_begin && item_runs_in(flow, end)) break;
  }
  heading.content = end;
  if (end < limit && (flow.folded[end] == U'。' || flow.folded[end] == U':')) ++heading.content;
  while (end > heading.title_begin && is_space(flow.folded[end - 1])) --end;
  heading.title_end = end;
}

/// Decides which places are headings, in one walk.
class Walk {
 public:
  Walk(const Flow& flow, const Styles& styles) : flow_(flow), styles_(styles) {}

  std::vector<Heading> over(std::span<const Place> places) {
    std::vector<Heading> headings;
    for (const auto& place : places) {
      const auto level = styles_.level_of(place.marker.style);
      if (!level || !accepts(place, *level)) continue;
      if (*level == HeadingLevel::part) part_ = place.marker.number;
      if (*level == HeadingLevel::task) task_ = place.marker.number;
      fresh_part_ = *level != HeadingLevel::task;
      Heading heading;
      heading.level = *level;
      heading.style = place.marker.style;
      heading.number = place.marker.number;
      heading.begin = place.at;
      heading.title_begin = place.text();
      headings.push_back(heading);
    }
    return headings;
  }

 private:
  bool accepts(const Place& place, HeadingLevel level) const {
    const int number = place.marker.number;
    const int last = level == HeadingLevel::task ? task_ : part_;
    const bool next = number == last + 1 || (level == HeadingLevel::task && fresh_part_ && number == 1);
    switch (place.boundary) {
      case Boundary::paragraph: return true;
      case Boundary::doubtful: return next || number == 1 || (number > last && number <= last + skipped_numbers_max);
      case Boundary::sentence: return next && level != HeadingLevel::division && stops_soon(place.text());
      case Boundary::space:
      case Boundary::inside: return false;
    }
    return false;
  }

  /// A heading inside a paragraph has a short title; a reference to one goes on.
  bool stops_soon(std::size_t from) const {
    for (auto i = from; i < flow_.size() && i < from + title_length_max; ++i) {
      const char32_t point = flow_.folded[i];
      if (point == U'。' || point == U':' || point == paragraph_end || point == doubtful_end || point == U'(' || item_runs_in(flow_, i)) return true;
    }
    return false;
  }

  const Flow& flow_;
  const Styles& styles_;
  int part_ = 0;
  int task_ = 0;
  bool fresh_part_ = true;
};

/// A table of contents repeats the headings before the plan: the last run that begins the same way is the plan.
void drop_contents(const Flow& flow, std::vector<Heading>& headings, std::span<const OwnerBlock> blocks) {
  const auto title = [&](const Heading& heading) { return sentence(flow, heading.title_begin, heading.title_end).folded; };
  if (headings.size() < 4) return;
  const auto first = title(headings.front());
  for (std::size_t i = 1; i < headings.size(); ++i) {
    const bool same = headings[i].level == headings.front().level && headings[i].number == headings.front().number && title(headings[i]) == first;
    if (!same || !blocks_in(blocks, headings.front().begin, headings[i].begin).empty()) continue;
    headings.erase(headings.begin(), headings.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

void close(const Flow& flow, std::vector<Heading>& headings) {
  std::size_t stop = 0;
  for (std::size_t i = 0; i < headings.size(); ++i) {
    const auto next = i + 1 < headings.size() ? headings[i + 1].begin : flow.size();
    if (stop < headings[i].begin || i == 0) stop = std::min(flow.size(), flow.folded.find(text_end, headings[i].begin));
    headings[i].end = std::min(next, stop);
  }
}

bool is_item_style(MarkerStyle style) { return style >= MarkerStyle::numeric; }

/// Measures right below a part need a task to stand in.
void add_implied_tasks(std::span<const Place> places, std::span<const OwnerBlock> blocks, std::vector<Heading>& headings) {
  std::vector<Heading> out;
  for (std::size_t i = 0; i < headings.size(); ++i) {
    const auto& heading = headings[i];
    out.push_back(heading);
    if (heading.level != HeadingLevel::part) continue;
    const bool has_tasks = i + 1 < headings.size() && headings[i + 1].level == HeadingLevel::task;
    const auto inside = places_in(places, heading.content, heading.end);
    const bool items = std::ranges::any_of(inside, [](const Place& place) {
      return is_item_style(place.marker.style) && place.boundary <= Boundary::sentence;
    });
    const bool owners = !blocks_in(blocks, heading.content, heading.end).empty();
    if (!items && (!owners || has_tasks)) continue;
    Heading task = heading;
    task.level = HeadingLevel::task;
    task.number = 0;
    out.push_back(task);
  }
  headings = std::move(out);
}

}  // namespace

std::vector<Heading> headings_from_flow(const Flow& flow, std::span<const Place> places, std::span<const OwnerBlock> blocks) {
  const auto styles = styles_of(places);
  auto headings = Walk(flow, styles).over(places);
  for (std::size_t i = 0; i < headings.size(); ++i) {
    find_title(flow, blocks, i + 1 < headings.size() ? headings[i + 1].begin : flow.size(), headings[i]);
  }
  drop_contents(flow, headings, blocks);
  close(flow, headings);
  add_implied_tasks(places, blocks, headings);
  return headings;
}

}  // namespace yihu::plan
