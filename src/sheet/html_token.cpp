#include "sheet/html_token.h"

#include "base/utf8.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace yihu::sheet {
namespace {

// Long enough for every reference, and short enough that a lone "&" costs nothing.
constexpr std::size_t reference_length_max = 12;
// Text is handed on in pieces, so that a page without tags is also taken step by step.
constexpr std::size_t text_piece_bytes = 64u << 10;

struct Named {
  std::string_view name;
  std::string_view text;
};

// Those that Chinese pages and word processors write. An unknown one stays as it is written.
constexpr Named references[] = {
    {"nbsp", "\u00a0"}, {"amp", "&"},     {"lt", "<"},      {"gt", ">"},      {"quot", "\""},   {"apos", "'"},
    {"ensp", "\u2002"}, {"emsp", "\u2003"}, {"thinsp", "\u2009"}, {"zwnj", ""}, {"zwj", ""},      {"shy", ""},
    {"ldquo", "“"},     {"rdquo", "”"},   {"lsquo", "‘"},   {"rsquo", "’"},   {"laquo", "«"},   {"raquo", "»"},
    {"mdash", "—"},     {"ndash", "–"},   {"hellip", "…"},  {"middot", "·"},  {"bull", "•"},    {"times", "×"},
    {"divide", "÷"},    {"plusmn", "±"},  {"deg", "°"},     {"permil", "‰"},  {"le", "≤"},      {"ge", "≥"},
    {"ne", "≠"},        {"asymp", "≈"},   {"yen", "¥"},     {"copy", "©"},    {"reg", "®"},     {"trade", "™"},
    {"sect", "§"},      {"para", "¶"},    {"rarr", "→"},    {"larr", "←"},    {"sup2", "²"},    {"sup3", "³"},
    {"frac12", "½"},    {"frac14", "¼"},  {"frac34", "¾"},  {"radic", "√"},   {"infin", "∞"},   {"bdquo", "„"},
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

/// The text of "#20013" or "nbsp"; nothing if it is neither.
std::optional<std::string> referenced(std::string_view name) {
  if (!name.starts_with('#')) {
    for (const Named& known : references) {
      if (known.name == name) return std::string(known.text);
    }
    return std::nullopt;
  }
  name.remove_prefix(1);
  const bool hexadecimal = name.starts_with('x') || name.starts_with('X');
  if (hexadecimal) name.remove_prefix(1);
  unsigned point = 0;
  const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), point, hexadecimal ? 16 : 10);
  if (problem != std::errc() || end != name.data() + name.size()) return std::nullopt;
  constexpr unsigned largest = 0x10ffff;
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  if (point == 0 || point > largest || surrogate) return std::string("\ufffd");
  return base::utf8(static_cast<char32_t>(point));
}

/// Appends `raw` with its references resolved. A reference may lack its semicolon before a blank or another sign.
void append_resolved(std::string& out, std::string_view raw) {
  while (!raw.empty()) {
    const std::size_t mark = raw.find('&');
    out += raw.substr(0, mark);
    if (mark == std::string_view::npos) return;
    raw.remove_prefix(mark + 1);
    std::size_t size = 0;
    while (size < raw.size() && size < reference_length_max &&
           (std::isalnum(static_cast<unsigned char>(raw[size])) != 0 || (size == 0 && raw[0] == '#'))) {
      ++size;
    }
    const auto text = size == 0 ? std::nullopt : referenced(raw.substr(0, size));
    if (!text) {
      out += '&';
      continue;
    }
    out += *text;
    raw.remove_prefix(size);
    if (raw.starts_with(';')) raw.remove_prefix(1);
  }
}

class Reader {
 public:
  Reader(std::string_view page, const std::function<bool(const HtmlToken&)>& take) : page_(page), take_(take) {}

  void read() {
    while (at_ < page_.size()) {
      const std::size_t mark = page_.find('<', at_);
      const std::size_t text_end = std::min(mark, page_.size());
      if (text_end > at_ && !give_text(text_end)) return;
      at_ = text_end;
      if (at_ < page_.size() && !read_markup()) return;
    }
  }

 private:
  bool give_text(std::size_t end) {
    while (at_ < end) {
      std::size_t piece_end = std::min(end, at_ + text_piece_bytes);
      // Neither a character nor a reference is cut in two.
      while (piece_end < end && piece_end > at_ + 1 && (static_cast<unsigned char>(page_[piece_end]) & 0xc0) == 0x80) --piece_end;
      if (piece_end < end) {
        const std::size_t open = page_.substr(at_, piece_end - at_).rfind('&');
        if (open != std::string_view::npos && open > 0 && piece_end - at_ - open <= reference_length_max + 1) piece_end = at_ + open;
      }
      token_ = {};
      append_resolved(token_.text, page_.substr(at_, piece_end - at_));
      at_ = piece_end;
      if (!take_(token_)) return false;
    }
    return true;
  }

  /// At "<". What is no markup after all is text.
  bool read_markup() {
    const std::string_view rest = page_.substr(at_);
    if (rest.starts_with("<!--")) {
      skip_past("-->", at_ + 4);
      return true;
    }
    if (rest.size() > 1 && (rest[1] == '!' || rest[1] == '?')) {
      skip_past(">", at_ + 2);
      return true;
    }
    const bool end = rest.size() > 1 && rest[1] == '/';
    const std::size_t name_at = at_ + (end ? 2 : 1);
    if (name_at >= page_.size() || !is_letter(page_[name_at])) {
      token_ = {};
      token_.text.push_back(page_[at_]);
      ++at_;
      return take_(token_);
    }
    return read_tag(name_at, end);
  }

  bool read_tag(std::size_t name_at, bool end) {
    std::size_t name_end = name_at;
    while (name_end < page_.size() && !is_blank(page_[name_end]) && page_[name_end] != '>' && page_[name_end] != '/') ++name_end;
    token_ = {};
    token_.name = lower(page_.substr(name_at, name_end - name_at));
    token_.end = end;
    at_ = name_end;
    read_attributes();
    const std::string name = token_.name;
    if (!take_(token_)) return false;
    if (!end && (name == "script" || name == "style")) skip_content_of(name);
    return true;
  }

  void read_attributes() {
    while (at_ < page_.size() && page_[at_] != '>') {
      if (is_blank(page_[at_]) || page_[at_] == '/') {
        ++at_;
        continue;
      }
      const std::size_t name_at = at_;
      // An "=" at the beginning is part of the name, or nothing would move on.
      do ++at_;
      while (at_ < page_.size() && !is_blank(page_[at_]) && page_[at_] != '=' && page_[at_] != '>' && page_[at_] != '/');
      HtmlAttribute attribute{lower(page_.substr(name_at, at_ - name_at)), {}};
      std::size_t next = at_;
      while (next < page_.size() && is_blank(page_[next])) ++next;
      if (next < page_.size() && page_[next] == '=') {
        at_ = next + 1;
        append_resolved(attribute.value, read_value());
      }
      if (token_.attributes.size() < html_attributes_max) token_.attributes.push_back(std::move(attribute));
    }
    if (at_ < page_.size()) ++at_;
  }

  std::string_view read_value() {
    while (at_ < page_.size() && is_blank(page_[at_])) ++at_;
    if (at_ >= page_.size()) return {};
    const char quote = page_[at_];
    if (quote == '"' || quote == '\'') {
      const std::size_t begin = at_ + 1;
      const std::size_t end = std::min(page_.find(quote, begin), page_.size());
      at_ = std::min(end + 1, page_.size());
      return page_.substr(begin, end - begin);
    }
    const std::size_t begin = at_;
    while (at_ < page_.size() && !is_blank(page_[at_]) && page_[at_] != '>') ++at_;
    return page_.substr(begin, at_ - begin);
  }

  void skip_past(std::string_view mark, std::size_t from) {
    const std::size_t found = page_.find(mark, from);
    at_ = found == std::string_view::npos ? page_.size() : found + mark.size();
  }

  void skip_content_of(const std::string& name) {
    for (std::size_t found = page_.find("</", at_); found != std::string_view::npos; found = page_.find("</", found + 2)) {
      if (lower(page_.substr(found + 2, name.size())) == name) {
        at_ = found;
        return;
      }
    }
    at_ = page_.size();
  }

  std::string_view page_;
  const std::function<bool(const HtmlToken&)>& take_;
  std::size_t at_ = 0;
  HtmlToken token_;
};

}  // namespace

std::optional<std::string_view> HtmlToken::attribute(std::string_view wanted) const {
  for (const HtmlAttribute& one : attributes) {
    if (one.name == wanted) return one.value;
  }
  return std::nullopt;
}

void read_html_tokens(std::string_view utf8, const std::function<bool(const HtmlToken&)>& take) {
  Reader(utf8, take).read();
}

}  // namespace yihu::sheet
