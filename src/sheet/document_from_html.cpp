#include "sheet/document_from_html.h"

#include "sheet/document_builder.h"
#include "sheet/html_token.h"
#include "sheet/list_number.h"
#include "sheet/text_encoding.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace yihu::sheet {
namespace {

constexpr std::size_t list_depth_max = 256;
constexpr std::size_t head_bytes = 4'096;

constexpr std::string_view blocks[] = {"address", "article", "aside",  "blockquote", "body",   "center", "dd",
                                       "div",     "dl",      "dt",     "fieldset",   "figure", "footer", "form",
                                       "h1",      "h2",      "h3",     "h4",         "h5",     "h6",     "header",
                                       "hr",      "html",    "li",     "main",       "nav",    "ol",     "p",
                                       "pre",     "section", "table",  "tbody",      "td",     "tfoot",  "th",
                                       "thead",   "tr",      "ul",     "caption"};
constexpr std::string_view unread[] = {"script", "style",  "title", "template", "noscript", "object",
                                       "iframe", "select", "option", "rt",    "rp",       "svg",      "textarea"};

// Elements whose end is often left out: the next of the same name ends them.
constexpr std::string_view ended_by_next[] = {"p", "li", "td", "th", "tr", "dt", "dd", "option"};

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

std::string lower(std::string_view ascii) {
  std::string out(ascii);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::optional<int> number_from(std::string_view value) {
  int number = 0;
  while (value.starts_with(' ')) value.remove_prefix(1);
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (problem != std::errc() || end == value.data()) return std::nullopt;
  return number;
}

/// The value of one property in a style attribute, in lower case without blanks.
std::string style_property(std::string_view style, std::string_view property) {
  for (std::size_t begin = 0; begin < style.size();) {
    const std::size_t end = std::min(style.find(';', begin), style.size());
    const std::string_view rule = style.substr(begin, end - begin);
    const std::size_t colon = rule.find(':');
    if (colon != std::string_view::npos && lower(without_outer_blanks(rule.substr(0, colon))) == property) {
      return lower(without_outer_blanks(rule.substr(colon + 1)));
    }
    begin = end + 1;
  }
  return {};
}

/// Ends of elements that are left out are found from what begins next, as in a browser, but without a tree: only
/// tables and lists are remembered.
class HtmlReader {
 public:
  explicit HtmlReader(ReadingBudget& budget) : budget_(budget) {}

  bool take(const HtmlToken& token) {
    if (token.name.empty()) add_text(token.text);
    else if (token.end) end(token.name);
    else start(token);
    return !builder.overflowing() && !budget_.spent();
  }

  void end_paragraph() {
    const std::string_view line = without_outer_blanks(paragraph_);
    if (!line.empty()) builder.paragraph(std::exchange(label_, {}) + std::string(line));
    paragraph_.clear();
  }

  DocumentBuilder builder;

 private:
  struct List {
    NumberStyle style = NumberStyle::none;
    int next = 1;
  };

  static std::string_view value(const HtmlToken& token, std::string_view name) { return token.attribute(name).value_or(""); }

  void start(const HtmlToken& token) {
    const std::string& name = token.name;
    if (unread_depth_ > 0 && is_one_of(unread_name_, ended_by_next) &&
        (name == unread_name_ || (unread_name_ == "p" && is_one_of(name, blocks)))) {
      unread_depth_ = 0;
    }
    if (unread_depth_ > 0) {
      unread_depth_ += name == unread_name_;
      return;
    }
    if (is_one_of(name, blocks)) end_paragraph();
    const bool empty_element = name == "input" || name == "img" || name == "br" || name == "hr" || name == "meta" || name == "link";
    const bool hidden = token.attribute("hidden") || style_property(value(token, "style"), "display") == "none";
    if (is_one_of(name, unread) || (hidden && !empty_element)) {
      unread_name_ = name;
      unread_depth_ = 1;
      return;
    }
    if (name == "br") {
      paragraph_ += '\n';
    } else if (name == "pre") {
      ++verbatim_;
    } else if (name == "ol" || name == "ul") {
      start_list(token);
    } else if (name == "li") {
      start_item(token);
    } else if (name == "table") {
      builder.begin_table();
    } else if (name == "tr") {
      builder.end_cell();
      builder.begin_row();
    } else if (name == "td" || name == "th") {
      start_cell(token);
    }
  }

  void end(const std::string& name) {
    if (unread_depth_ > 0) {
      unread_depth_ -= name == unread_name_;
      return;
    }
    if (is_one_of(name, blocks)) end_paragraph();
    if (name == "pre" && verbatim_ > 0) {
      --verbatim_;
    } else if ((name == "ol" || name == "ul") && !lists_.empty()) {
      lists_.pop_back();
    } else if (name == "li") {
      label_.clear();
    } else if (name == "td" || name == "th" || name == "tr") {
      builder.end_cell();
    } else if (name == "table") {
      builder.end_table();
    }
  }

  void add_text(std::string_view utf8) {
    if (unread_depth_ > 0) return;
    constexpr std::string_view hard_blank = "\u00a0";
    for (std::size_t i = 0; i < utf8.size(); ++i) {
      const char c = utf8[i];
      const bool hard = utf8.substr(i).starts_with(hard_blank);
      if (hard) ++i;
      if (hard || (verbatim_ > 0 && c == '\t')) {
        paragraph_ += ' ';
      } else if (verbatim_ > 0 && c == '\n') {
        paragraph_ += '\n';
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        soft_blank(c);
      } else {
        paragraph_ += c;
        line_joined_ = false;
      }
    }
    // A page of one endless paragraph must not gather beside the builder, which keeps count.
    if (paragraph_.size() > document_code_points_max * 4) end_paragraph();
  }

  /// One blank for any number. A line end of the file between two Chinese characters is no blank at all, because
  /// editors break lines anywhere in Chinese.
  void soft_blank(char c) {
    if (paragraph_.empty() || paragraph_.back() == ' ' || paragraph_.back() == '\n') return;
    const bool after_chinese = (static_cast<unsigned char>(paragraph_.back()) & 0x80) != 0;
    if ((c == '\n' || c == '\r') && after_chinese) line_joined_ = true;
    if (!line_joined_) paragraph_ += ' ';
  }

  void start_list(const HtmlToken& token) {
    List list;
    if (token.name == "ol") {
      list.style = number_style_from_css(value(token, "type")).value_or(NumberStyle::decimal);
      list.next = number_from(value(token, "start")).value_or(1);
    }
    if (const auto style = list_style(token)) list.style = *style;
    if (lists_.size() < list_depth_max) lists_.push_back(list);
  }

  static std::optional<NumberStyle> list_style(const HtmlToken& token) {
    std::string type = style_property(value(token, "style"), "list-style-type");
    if (type.empty()) type = style_property(value(token, "style"), "list-style");
    return number_style_from_css(type.substr(0, type.find(' ')));
  }

  void start_item(const HtmlToken& token) {
    label_.clear();
    if (lists_.empty()) return;
    List& list = lists_.back();
    if (const auto number = number_from(value(token, "value"))) list.next = *number;
    const std::string number = written_number(list_style(token).value_or(list.style), list.next);
    if (list.next < 1'000'000) ++list.next;
    if (number.empty()) return;
    // Browsers write the mark of Chinese counting as a pause mark, of all others as a full stop.
    const bool chinese = static_cast<unsigned char>(number.front()) >= 0x80;
    label_ = label_before_text(number + (chinese ? "、" : "."));
  }

  void start_cell(const HtmlToken& token) {
    constexpr int to_the_end = 65'534;  // what HTML allows at most, and what 0 stands for
    const int rows = number_from(value(token, "rowspan")).value_or(1);
    builder.end_cell();
    builder.skip_covered_places();
    builder.begin_cell(rows == 0 ? to_the_end : std::min(rows, to_the_end), number_from(value(token, "colspan")).value_or(1));
  }

  ReadingBudget& budget_;
  std::string paragraph_;
  std::string label_;  ///< waits for the first text of its item
  std::vector<List> lists_;
  std::string unread_name_;  ///< the element whose content is passed over, and how often it stands in itself
  int unread_depth_ = 0;
  int verbatim_ = 0;
  bool line_joined_ = false;  ///< the blanks that begin the next line do not count either
};

/// charset=… in the first kilobytes of a page.
std::string declared_encoding(std::string_view bytes) {
  const std::string head = lower(bytes.substr(0, head_bytes));
  std::size_t at = head.find("charset");
  if (at == std::string::npos) at = head.find("encoding");
  if (at == std::string::npos) return {};
  at = head.find('=', at);
  if (at == std::string::npos) return {};
  at = head.find_first_not_of(" \"'", at + 1);
  if (at == std::string::npos) return {};
  const std::size_t end = head.find_first_of(" \"';/>?", at);
  const std::string name = head.substr(at, end == std::string::npos ? std::string::npos : end - at);
  // Pages that say gb2312 hold characters of GBK and GB18030 all the time.
  return name == "gb2312" || name == "gbk" || name == "gb_2312-80" || name == "x-gbk" ? "GB18030" : name;
}

base::Result<DecodedText> decode_page(std::string_view bytes) {
  const bool marked = bytes.starts_with("\xef\xbb\xbf") || bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff");
  const std::string declared = marked ? "" : declared_encoding(bytes);
  if (!declared.empty() && declared != "utf-8" && declared != "utf8" && !declared.starts_with("utf-16")) {
    // A page may have been stored anew without its own word being changed, so the word alone is not believed.
    auto as_declared = decode_as(bytes, declared);
    if (as_declared && !base::is_utf8(bytes)) return std::move(*as_declared);
  }
  return decode_text(bytes);
}

}  // namespace

bool looks_like_html(std::string_view bytes) {
  std::string head = lower(without_outer_blanks(bytes.substr(0, head_bytes)));
  for (std::size_t end = 0; head.starts_with("<?xml") || head.starts_with("<!--");) {
    end = head.find('>');
    if (end == std::string::npos) return false;
    head = std::string(without_outer_blanks(std::string_view(head).substr(end + 1)));
  }
  return head.starts_with("<!doctype html") || head.starts_with("<html") || head.starts_with("<head") ||
         head.starts_with("<body") || head.starts_with("<meta");
}

base::Result<Document> document_from_html(std::string_view bytes, ReadingBudget& budget) {
  DecodedText page = TRY(decode_page(bytes));
  HtmlReader reader(budget);
  read_html_tokens(page.utf8, [&](const HtmlToken& token) { return reader.take(token); });
  reader.end_paragraph();
  if (auto done = budget.check(); !done) return base::fail(std::move(done).error());
  Document document = TRY(std::move(reader.builder).finish("html", true));
  document.encoding = std::move(page.encoding);
  return document;
}

}  // namespace yihu::sheet
