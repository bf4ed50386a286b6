#include "sheet/xml_parser.h"

#include <expat.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <memory>
#include <vector>

namespace yihu::sheet {
namespace {

using base::ErrorKind;
using base::fail;
using base::text;

constexpr char name_separator = '\x1f';

struct Namespace {
  std::string_view address;
  std::string_view prefix;
};

constexpr Namespace namespaces[] = {
    {"http://schemas.openxmlformats.org/wordprocessingml/2006/main", "w:"},
    {"http://purl.oclc.org/ooxml/wordprocessingml/main", "w:"},
    {"http://schemas.openxmlformats.org/markup-compatibility/2006", "mc:"},
    {"http://schemas.openxmlformats.org/officeDocument/2006/math", "m:"},
    {"http://purl.oclc.org/ooxml/officeDocument/math", "m:"},
    {"http://schemas.openxmlformats.org/package/2006/relationships", "rel:"},
    {"http://schemas.openxmlformats.org/package/2006/content-types", "ct:"},
    {"urn:oasis:names:tc:opendocument:xmlns:office:1.0", "office:"},
    {"urn:oasis:names:tc:opendocument:xmlns:text:1.0", "text:"},
    {"urn:oasis:names:tc:opendocument:xmlns:table:1.0", "table:"},
    {"urn:oasis:names:tc:opendocument:xmlns:style:1.0", "style:"},
    {"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0", "draw:"},
    {"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0", "manifest:"},
    {"urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0", "loext:"},
    {"http://www.w3.org/XML/1998/namespace", "xml:"},
};

std::unexpected<base::Error> damaged() {
  return fail(ErrorKind::input, "document_damaged", text("文件已损坏或不完整，无法打开。", "The file is damaged or incomplete."),
              text("请用文字处理软件打开并另存后再上传。", "Open it in a word processor, save it again and retry."));
}

class Parse {
 public:
  Parse(XML_Parser parser, XmlHandler& handler) : parser_(parser), handler_(handler) {}

  void start(const char* name, const char** attributes) {
    if (++depth_ > xml_depth_max) {
      too_deep = true;
      stop();
      return;
    }
    names_.clear();
    places_.clear();
    add_name(name);
    for (const char** at = attributes; *at != nullptr; at += 2) add_name(*at);
    attributes_.clear();
    for (std::size_t i = 1; i < places_.size(); ++i) attributes_.push_back({name_at(i), attributes[i * 2 - 1]});
    handler_.start(name_at(0), attributes_);
    if (handler_.enough()) stop();
  }

  void end(const char* name) {
    --depth_;
    names_.clear();
    places_.clear();
    add_name(name);
    handler_.end(name_at(0));
    if (handler_.enough()) stop();
  }

  void text(std::string_view piece) { handler_.text(piece); }

  void stop() { XML_StopParser(parser_, XML_FALSE); }

  bool too_deep = false;
  bool has_document_type = false;
  bool out_of_memory = false;

 private:
  /// expat gives "address␟name"; we keep "prefix:name".
  void add_name(std::string_view full) {
    const std::size_t begin = names_.size();
    const std::size_t separator = full.find(name_separator);
    std::string_view prefix = separator == std::string_view::npos ? "" : "?";
    for (const Namespace& known : namespaces) {
      if (separator != std::string_view::npos && full.substr(0, separator) == known.address) prefix = known.prefix;
    }
    names_ += prefix;
    names_ += separator == std::string_view::npos ? full : full.substr(separator + 1);
    places_.push_back({begin, names_.size() - begin});
  }
  std::string_view name_at(std::size_t i) const {
    return std::string_view(names_).substr(places_[i].begin, places_[i].size);
  }

  struct Placed {
    std::size_t begin;
    std::size_t size;
  };
  XML_Parser parser_;
  XmlHandler& handler_;
  std::string names_;
  std::vector<Placed> places_;
  std::vector<XmlAttribute> attributes_;
  int depth_ = 0;
};

/// True if a tag goes on for longer than any tag should. Quotes, comments and character data are passed over.
bool has_endless_tag(std::string_view xml) {
  const auto past = [&](std::string_view mark, std::size_t from) {
    const std::size_t found = xml.find(mark, from);
    return found == std::string_view::npos ? xml.size() : found + mark.size();
  };
  for (std::size_t begin = xml.find('<'); begin != std::string_view::npos;) {
    std::size_t at = begin + 1;
    const std::string_view rest = xml.substr(begin, 9);
    if (rest.starts_with("<!--")) {
      at = past("-->", begin + 4);
    } else if (rest.starts_with("<![CDATA[")) {
      at = past("]]>", begin + 9);
    } else {
      while (at < xml.size() && xml[at] != '>') {
        const char c = xml[at++];
        if (c == '"' || c == '\'') at = past(std::string_view(&c, 1), at);
        if (at - begin > xml_tag_bytes_max) return true;
      }
    }
    begin = xml.find('<', at);
  }
  return false;
}

/// expat is C: no exception may fly through it.
template <class Step>
void guarded(void* user, Step step) {
  Parse& parse = *static_cast<Parse*>(user);
  try {
    step(parse);
  } catch (const std::exception&) {
    parse.out_of_memory = true;
    parse.stop();
  }
}

}  // namespace

std::string_view value_of(XmlAttributes attributes, std::string_view name, std::string_view otherwise) {
  for (const XmlAttribute& attribute : attributes) {
    if (attribute.name == name) return attribute.value;
  }
  return otherwise;
}

int number_of(XmlAttributes attributes, std::string_view name, int otherwise) {
  constexpr long long limit = 1'000'000;
  const std::string_view value = value_of(attributes, name);
  long long number = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (problem == std::errc::result_out_of_range) return value.starts_with('-') ? -limit : limit;
  if (problem != std::errc() || end == value.data()) return otherwise;
  return static_cast<int>(std::max(-limit, std::min(limit, number)));
}

base::Done parse_xml(std::string_view xml, XmlHandler& handler) {
  if (has_endless_tag(xml)) return damaged();
  const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreateNS(nullptr, name_separator),
                                                                       XML_ParserFree);
  Parse parse(parser.get(), handler);
  XML_SetUserData(parser.get(), &parse);
  XML_SetElementHandler(
      parser.get(),
      [](void* user, const char* name, const char** attributes) {
        guarded(user, [&](Parse& p) { p.start(name, attributes); });
      },
      [](void* user, const char* name) { guarded(user, [&](Parse& p) { p.end(name); }); });
  XML_SetCharacterDataHandler(parser.get(), [](void* user, const char* piece, int size) {
    guarded(user, [&](Parse& p) { p.text({piece, static_cast<std::size_t>(size)}); });
  });
  // Office files have no document type; entities, and with them entity bombs, are declared nowhere else.
  XML_SetStartDoctypeDeclHandler(parser.get(), [](void* user, const char*, const char*, const char*, int) {
    guarded(user, [](Parse& p) {
      p.has_document_type = true;
      p.stop();
    });
  });
  // In one call: expat reads a token that spans several calls again from its start with each of them.
  const auto status = XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE);
  if (parse.out_of_memory) {
    return fail(ErrorKind::unavailable, "out_of_memory", text("内存不足，暂时无法读取。", "There is not enough memory."));
  }
  if (parse.has_document_type) {
    return fail(ErrorKind::input, "document_has_entities",
                text("文件内含不应出现的实体定义，已拒绝读取。", "The file declares entities, which no office document does; it was refused."),
                text("请用文字处理软件另存后再上传。", "Save it again in a word processor and retry."));
  }
  if (parse.too_deep) {
    return fail(ErrorKind::input, "document_too_deep",
                text("文件内容嵌套超过 {} 层，无法读取。", "The document is nested more than {} deep.", xml_depth_max),
                text("请用文字处理软件另存后再上传。", "Save it again in a word processor and retry."));
  }
  if (status == XML_STATUS_ERROR && XML_GetErrorCode(parser.get()) != XML_ERROR_ABORTED) {
    return damaged();
  }
  return {};
}

}  // namespace yihu::sheet
