#include "sheet/odt_numbering.h"

#include "base/utf8.h"

#include <algorithm>
#include <utility>

namespace yihu::sheet {
namespace {

constexpr std::size_t label_code_points_max = 64;
constexpr std::size_t styles_max = 20'000;

std::string short_value(XmlAttributes attributes, std::string_view name) {
  return std::string(base::first_code_points(value_of(attributes, name), label_code_points_max));
}

int level_from(XmlAttributes attributes, std::string_view name) {
  return std::clamp(number_of(attributes, name, 1), 1, odt_levels) - 1;
}

}  // namespace

void OdtNumbering::start_style(std::string_view name, XmlAttributes attributes) {
  if (name == "text:list-style") {
    reading_ = styles_.size() < styles_max ? &styles_[std::string(value_of(attributes, "style:name"))] : nullptr;
    if (reading_ != nullptr) *reading_ = {};
  } else if (name == "text:outline-style") {
    reading_ = &outline_;
  } else if (reading_ != nullptr && (name == "text:list-level-style-number" || name == "text:outline-level-style")) {
    level_ = &(*reading_)[static_cast<std::size_t>(level_from(attributes, "text:level"))];
    *level_ = {};
    level_->style = number_style_from_opendocument(value_of(attributes, "style:num-format"));
    level_->prefix = short_value(attributes, "style:num-prefix");
    level_->suffix = short_value(attributes, "style:num-suffix");
    level_->pattern = short_value(attributes, "style:num-list-format");
    if (level_->pattern.empty()) level_->pattern = short_value(attributes, "loext:num-list-format");
    level_->start = number_of(attributes, "text:start-value", 1);
    level_->shown_levels = std::clamp(number_of(attributes, "text:display-levels", 1), 1, odt_levels);
  }
}

void OdtNumbering::end_style(std::string_view name) {
  if (name == "text:list-style" || name == "text:outline-style") reading_ = nullptr;
}

void OdtNumbering::start_list(XmlAttributes attributes) {
  OpenList list;
  list.style = value_of(attributes, "text:style-name");
  if (!lists_.empty()) {
    if (list.style.empty()) list.style = lists_.back().style;
    list.counters = lists_.back().counters;
    const std::size_t level = std::min<std::size_t>(lists_.size(), odt_levels - 1);
    if (value_of(attributes, "text:continue-numbering") != "true") list.counters->at[level].reset();
  } else {
    const auto continued = counters_by_list_.find(value_of(attributes, "text:continue-list"));
    const auto same_style = counters_by_style_.find(list.style);
    if (continued != counters_by_list_.end()) {
      list.counters = continued->second;
    } else if (value_of(attributes, "text:continue-numbering") == "true" && same_style != counters_by_style_.end()) {
      list.counters = same_style->second;
    } else {
      list.counters = std::make_shared<Counters>();
    }
    counters_by_style_[list.style] = list.counters;
  }
  if (const std::string_view id = value_of(attributes, "xml:id"); !id.empty()) {
    counters_by_list_[std::string(id)] = list.counters;
  }
  lists_.push_back(std::move(list));
}

void OdtNumbering::end_list() {
  if (!lists_.empty()) lists_.pop_back();
}

void OdtNumbering::start_item(XmlAttributes attributes, bool numbered) {
  if (lists_.empty()) return;
  OpenList& list = lists_.back();
  list.item_open = true;
  list.item_numbered = numbered;
  list.item_counted = false;
  list.item_start.reset();
  if (!value_of(attributes, "text:start-value").empty()) list.item_start = number_of(attributes, "text:start-value", 1);
}

void OdtNumbering::end_item() {
  if (!lists_.empty()) lists_.back().item_open = false;
}

std::string OdtNumbering::next_label(bool heading, XmlAttributes attributes) {
  if (!lists_.empty() && lists_.back().item_open) {
    OpenList& list = lists_.back();
    // Only the first paragraph of an item is numbered; an item that holds nothing but a deeper list is not counted.
    if (!list.item_numbered || std::exchange(list.item_counted, true)) return {};
    const auto style = styles_.find(list.style);
    const int level = std::min(static_cast<int>(lists_.size()), odt_levels) - 1;
    // A heading's list may say only that it is the outline.
    const bool outline = style == styles_.end() && heading;
    if (style == styles_.end() && !outline) return {};
    return count(outline ? outline_ : style->second, *list.counters, level, list.item_start);
  }
  if (!heading || value_of(attributes, "text:is-list-header") == "true") return {};
  const int level = level_from(attributes, "text:outline-level");
  std::optional<int> restart;
  if (value_of(attributes, "text:restart-numbering") == "true") {
    restart = number_of(attributes, "text:start-value", outline_[static_cast<std::size_t>(level)].start);
  }
  return count(outline_, outline_counters_, level, restart);
}

std::string OdtNumbering::count(const OdtListStyle& style, Counters& counters, int level, std::optional<int> restart) {
  const auto at = static_cast<std::size_t>(level);
  std::optional<int>& counter = counters.at[at];
  if (restart) counter = *restart;
  else counter = counter ? *counter + 1 : style[at].start;
  for (std::size_t deeper = at + 1; deeper < odt_levels; ++deeper) counters.at[deeper].reset();
  if (style[at].style == NumberStyle::none) return {};
  return label_before_text(label(style, counters, level));
}

std::string OdtNumbering::label(const OdtListStyle& style, const Counters& counters, int level) {
  const auto number_at = [&](int shown) {
    const auto at = static_cast<std::size_t>(shown);
    return written_number(style[at].style, counters.at[at].value_or(style[at].start));
  };
  const OdtLevel& own = style[static_cast<std::size_t>(level)];
  if (own.pattern.empty()) {
    std::string out = own.prefix;
    for (int shown = std::max(0, level + 1 - own.shown_levels); shown <= level; ++shown) {
      const std::string number = number_at(shown);
      out += number;
      if (shown < level && !number.empty()) out += '.';
    }
    return out + own.suffix;
  }
  std::string out;
  for (std::size_t i = 0; i < own.pattern.size(); ++i) {
    const std::size_t close = own.pattern[i] == '%' ? own.pattern.find('%', i + 1) : std::string::npos;
    const std::string_view digits =
        close == std::string::npos ? std::string_view() : std::string_view(own.pattern).substr(i + 1, close - i - 1);
    const bool one_digit = digits.size() == 1 && digits[0] >= '1' && digits[0] <= '9';
    if (!one_digit && digits != "10") {
      out += own.pattern[i];
      continue;
    }
    out += number_at(one_digit ? digits[0] - '1' : 9);
    i = close;
  }
  return out;
}

}  // namespace yihu::sheet
