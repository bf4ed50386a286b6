#include "sheet/document_from_html.h"

#include "sheet/document_builder.h"
#include "sheet/list_number.h"
#include "sheet/text_encoding.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

constexpr std::size_t element_depth_max = 512;
// Real pages are full of mistakes, but each costs the parser a walk through the open elements.
constexpr int mistakes_max = 200'000;
constexpr std::size_t head_bytes = 4'096;

constexpr std::string_view blocks[] = {"address", "article", "aside",  "blockquote", "body",   "center", "dd",
                                       "div",     "dl",      "dt",     "fieldset",   "figure", "footer", "form",
                                       "h1",      "h2",      "h3",     "h4",         "h5",     "h6",     "header",
                                       "hr",      "html",    "li",     "main",       "nav",    "ol",     "p",
                                       "pre",     "section", "table",  "tbody",      "td",     "tfoot",  "th",
                                       "thead",   "tr",      "ul",     "caption"};
constexpr std::string_view unread[] = {"script", "style",  "head",   "title", "template", "noscript", "object",
                                       "iframe", "select", "option", "rt",    "rp",       "svg",      "textarea"};

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

class Attributes {
 public:
  explicit Attributes(const xmlChar** pairs) : pairs_(pairs) {}
  std::string_view operator[](std::string_view name) const {
    for (const xmlChar** at = pairs_; at != nullptr && at[0] != nullptr; at += 2) {
      if (name == reinterpret_cast<const char*>(at[0])) {
        return at[1] == nullptr ? std::string_view("") : reinterpret_cast<const char*>(at[1]);
      }
    }
    return {};
  }
  bool has(std::string_view name) const { return (*this)[name].data() != nullptr; }
  int number(std::string_view name, int otherwise) const { return number_from((*this)[name]).value_or(otherwise); }

 private:
  const xmlChar** pairs_;
};

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

class HtmlReader {
 public:
  explicit HtmlReader(const base::Cancel& cancel) : cancel_(cancel) {}

  void start(std::string_view name, const Attributes& attributes) {
    ++depth_;
    if (skipping_ > 0) {
      ++skipping_;
      return;
    }
    if (is_one_of(name, unread) || attributes.has("hidden") ||
        style_property(attributes["style"], "display") == "none") {
      skipping_ = 1;
      return;
    }
    if (is_one_of(name, blocks)) end_paragraph();
    if (name == "br") {
      paragraph_ += '\n';
    } else if (name == "pre") {
      ++verbatim_;
    } else if (name == "ol" || name == "ul") {
      start_list(name == "ol", attributes);
    } else if (name == "li") {
      start_item(attributes);
    } else {
      start_table_part(name, attributes);
    }
  }

  void end(std::string_view name) {
    if (depth_ > 0) --depth_;
    if (skipping_ > 0) {
      --skipping_;
      return;
    }
    if (is_one_of(name, blocks)) end_paragraph();
    if (name == "pre" && verbatim_ > 0) {
      --verbatim_;
    } else if ((name == "ol" || name == "ul") && !lists_.empty()) {
      lists_.pop_back();
    } else if (name == "li") {
      label_.clear();
    } else if (name == "td" || name == "th") {
      builder.end_cell();
    } else if (name == "table") {
      builder.end_table();
    }
  }

  void text(std::string_view utf8) {
    if (skipping_ > 0) return;
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
  }

  void end_paragraph() {
    const std::string_view line = without_outer_blanks(paragraph_);
    if (!line.empty()) builder.paragraph(std::exchange(label_, {}) + std::string(line));
    paragraph_.clear();
  }

  bool too_deep() const { return depth_ > element_depth_max; }
  bool enough() const { return too_deep() || mistakes > mistakes_max || builder.overflowing() || cancel_.asked(); }

  DocumentBuilder builder;
  int mistakes = 0;
  bool out_of_memory = false;

 private:
  struct List {
    NumberStyle style = NumberStyle::none;
    int next = 1;
    int step = 1;
  };

  /// One blank for any number. A line end of the file between two Chinese characters is no blank at all, because
  /// editors break lines anywhere in Chinese.
  void soft_blank(char c) {
    if (paragraph_.empty() || paragraph_.back() == ' ' || paragraph_.back() == '\n') return;
    const bool after_chinese = (static_cast<unsigned char>(paragraph_.back()) & 0x80) != 0;
    if ((c == '\n' || c == '\r') && after_chinese) line_joined_ = true;
    if (!line_joined_) paragraph_ += ' ';
  }

  void start_list(bool ordered, const Attributes& attributes) {
    List list;
    if (ordered) {
      list.style = number_style_from_css(attributes["type"]).value_or(NumberStyle::decimal);
      list.next = attributes.number("start", 1);
    }
    if (const auto style = list_style(attributes)) list.style = *style;
    lists_.push_back(list);
  }

  static std::optional<NumberStyle> list_style(const Attributes& attributes) {
    std::string type = style_property(attributes["style"], "list-style-type");
    if (type.empty()) type = style_property(attributes["style"], "list-style");
    return number_style_from_css(type.substr(0, type.find(' ')));
  }

  void start_item(const Attributes& attributes) {
    label_.clear();
    if (lists_.empty()) return;
    List& list = lists_.back();
    if (const auto value = number_from(attributes["value"])) list.next = *value;
    const NumberStyle style = list_style(attributes).value_or(list.style);
    const std::string number = written_number(style, list.next);
    if (list.next < 1'000'000) ++list.next;
    if (number.empty()) return;
    // Browsers write the mark of Chinese counting as a pause mark, of all others as a full stop.
    const bool chinese = static_cast<unsigned char>(number.front()) >= 0x80;
    label_ = label_before_text(number + (chinese ? "、" : "."));
  }

  void start_table_part(std::string_view name, const Attributes& attributes) {
    if (name == "table") {
      builder.begin_table();
    } else if (name == "tr") {
      builder.end_cell();
      builder.begin_row();
    } else if (name == "td" || name == "th") {
      constexpr int to_the_end = 65'534;  // what HTML allows at most, and what 0 stands for
      const int rows = attributes.number("rowspan", 1);
      builder.skip_covered_places();
      builder.begin_cell(rows == 0 ? to_the_end : std::min(rows, to_the_end), attributes.number("colspan", 1));
    }
  }

  const base::Cancel& cancel_;
  std::string paragraph_;
  std::string label_;  ///< waits for the first text of its item
  std::vector<List> lists_;
  std::size_t depth_ = 0;
  int skipping_ = 0;
  int verbatim_ = 0;
  bool line_joined_ = false;  ///< the blanks that begin the next line do not count either
};

/// libxml2 is C: no exception may fly through it.
template <class Step>
void guarded(void* user, Step step) {
  auto* parser = static_cast<xmlParserCtxtPtr>(user);
  auto& reader = *static_cast<HtmlReader*>(parser->_private);
  try {
    if (!reader.enough()) step(reader);
  } catch (const std::exception&) {
    reader.out_of_memory = true;
  }
  if (reader.enough() || reader.out_of_memory) xmlStopParser(parser);
}

std::string_view view(const xmlChar* name) { return reinterpret_cast<const char*>(name); }

void count_mistake(void* user, const char*, ...) {
  guarded(user, [](HtmlReader& reader) { ++reader.mistakes; });
}

xmlSAXHandler handler_functions() {
  xmlSAXHandler sax{};
  sax.startElement = [](void* user, const xmlChar* name, const xmlChar** attributes) {
    guarded(user, [&](HtmlReader& reader) { reader.start(view(name), Attributes(attributes)); });
  };
  sax.endElement = [](void* user, const xmlChar* name) {
    guarded(user, [&](HtmlReader& reader) { reader.end(view(name)); });
  };
  sax.characters = [](void* user, const xmlChar* piece, int size) {
    guarded(user, [&](HtmlReader& reader) { reader.text({reinterpret_cast<const char*>(piece), static_cast<std::size_t>(size)}); });
  };
  sax.ignorableWhitespace = sax.characters;
  sax.error = count_mistake;
  sax.warning = count_mistake;
  return sax;
}

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

base::Result<Document> document_from_html(std::string_view bytes, const base::Cancel& cancel) {
  DecodedText page = TRY(decode_page(bytes));
  HtmlReader reader(cancel);
  xmlInitParser();
  const std::unique_ptr<xmlParserCtxt, void (*)(xmlParserCtxtPtr)> parser(
      htmlCreateMemoryParserCtxt(page.utf8.data(), static_cast<int>(page.utf8.size())), htmlFreeParserCtxt);
  if (parser == nullptr) {
    return fail(ErrorKind::input, "document_empty", text("文件中没有文字。", "The document has no text."));
  }
  *parser->sax = handler_functions();
  parser->userData = parser.get();
  parser->_private = &reader;
  htmlCtxtUseOptions(parser.get(), HTML_PARSE_NONET | HTML_PARSE_RECOVER | HTML_PARSE_NOIMPLIED | HTML_PARSE_IGNORE_ENC);
  xmlSwitchEncoding(parser.get(), XML_CHAR_ENCODING_UTF8);
  htmlParseDocument(parser.get());
  if (parser->myDoc != nullptr) xmlFreeDoc(std::exchange(parser->myDoc, nullptr));
  if (reader.out_of_memory) {
    return fail(ErrorKind::unavailable, "out_of_memory", text("内存不足，暂时无法读取。", "There is not enough memory."));
  }
  if (reader.too_deep()) {
    return fail(ErrorKind::input, "document_too_deep",
                text("文件内容嵌套超过 {} 层，无法读取。", "The document is nested more than {} deep.", element_depth_max),
                text("请另存为 docx 后再上传。", "Save it as docx and try again."));
  }
  if (reader.mistakes > mistakes_max) {
    return fail(ErrorKind::input, "document_damaged", text("网页文件错误过多，无法读取。", "The page has too many mistakes to be read."),
                text("请另存为 docx 后再上传。", "Save it as docx and try again."));
  }
  reader.end_paragraph();
  Document document = TRY(std::move(reader.builder).finish("html", true));
  document.encoding = std::move(page.encoding);
  return document;
}

}  // namespace yihu::sheet
