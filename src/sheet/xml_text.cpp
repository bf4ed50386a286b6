#include "sheet/xml_text.h"

#include "sheet/xlsx_memory.h"

#include <algorithm>

namespace yihu::sheet {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Where the value of an attribute stands in a tag, quotes not included; npos when it is not there.
std::pair<std::size_t, std::size_t> value_place(std::string_view tag, std::string_view attribute) {
  std::size_t at = 1;
  while (at < tag.size() && !is_space(tag[at]) && tag[at] != '>' && tag[at] != '/') ++at;
  while (at < tag.size()) {
    while (at < tag.size() && is_space(tag[at])) ++at;
    const std::size_t name = at;
    while (at < tag.size() && tag[at] != '=' && !is_space(tag[at]) && tag[at] != '>') ++at;
    const std::string_view found = tag.substr(name, at - name);
    const std::size_t quote = tag.find_first_of("\"'", at);
    if (quote == std::string_view::npos) break;
    const std::size_t end = tag.find(tag[quote], quote + 1);
    if (end == std::string_view::npos) break;
    if (found == attribute) return {quote + 1, end};
    at = end + 1;
  }
  return {std::string_view::npos, std::string_view::npos};
}

class Elements : public XmlEvents {
 public:
  explicit Elements(int depth_max) : depth_max_(depth_max) {}
  void start(std::string_view name, RawAttributes) override {
    const int depth = static_cast<int>(open_.size());
    if (depth > depth_max_) {
      open_.push_back(-1);
      return;
    }
    const std::string_view full = stream->event_name();
    const std::size_t begin = stream->event_begin();
    const std::size_t end = begin + stream->event_size();
    elements.push_back({std::string(name), std::string(full.substr(0, full.size() - name.size())), begin, end, end, end, depth,
                        open_.empty() ? -1 : open_.back()});
    open_.push_back(static_cast<int>(elements.size()) - 1);
  }
  void end(std::string_view) override {
    const int at = open_.back();
    open_.pop_back();
    if (at < 0) return;
    XmlElement& element = elements[static_cast<std::size_t>(at)];
    // The end of an empty-element tag is told at the tag itself.
    if (stream->event_begin() < element.begin_end) return;
    element.inner_end = stream->event_begin();
    element.end = element.inner_end + stream->event_size();
  }
  void text(std::string_view) override {}

  const XmlStream* stream = nullptr;
  std::vector<XmlElement> elements;

 private:
  int depth_max_;
  std::vector<int> open_;
};

}  // namespace

std::string xml_escaped(std::string_view utf8) {
  std::string out;
  for (const char c : xlsx_text(utf8)) {
    if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '&') out += "&amp;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

std::string_view tag_value(std::string_view tag, std::string_view attribute) {
  const auto [begin, end] = value_place(tag, attribute);
  return begin == std::string_view::npos ? std::string_view() : tag.substr(begin, end - begin);
}

std::string tag_with(std::string_view tag, std::string_view attribute, std::string_view value) {
  std::string out(tag);
  const auto [begin, end] = value_place(tag, attribute);
  if (begin != std::string_view::npos) return out.replace(begin, end - begin, value);
  const std::size_t close = out.size() - (out.ends_with("/>") ? 2 : 1);
  return out.insert(close, " " + std::string(attribute) + "=\"" + std::string(value) + "\"");
}

base::Result<std::vector<XmlElement>> xml_elements(std::string_view xml, int depth_max) {
  Elements events(depth_max);
  XmlStream stream(events);
  events.stream = &stream;
  constexpr std::size_t piece_bytes = 64u << 10;
  for (std::size_t at = 0; at < xml.size() || xml.empty(); at += piece_bytes) {
    TRY(stream.feed(xml.substr(at, piece_bytes), at + piece_bytes >= xml.size()));
    if (xml.empty()) break;
  }
  return std::move(events.elements);
}

std::string Edits::apply(std::string_view text) {
  std::ranges::stable_sort(edits_, {}, &Edit::begin);
  std::string out;
  std::size_t done = 0;
  for (const Edit& edit : edits_) {
    if (edit.begin < done) continue;
    out += text.substr(done, edit.begin - done);
    out += edit.text;
    done = edit.end;
  }
  out += text.substr(done);
  return out;
}

void append_inside(Edits& edits, std::string_view xml, const XmlElement& element, const std::string& inner) {
  if (!element.is_empty_tag()) return edits.insert(element.inner_end, inner);
  std::string tag(xml.substr(element.begin, element.begin_end - element.begin));
  tag.erase(tag.rfind('/'), 1);
  edits.replace(element.begin, element.end, tag + inner + "</" + element.prefix + element.name + ">");
}

}  // namespace yihu::sheet
