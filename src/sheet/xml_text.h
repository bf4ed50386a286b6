#pragma once
// Small XML parts as text with places in it: what stays must stay byte for byte, so parts are cut open and not
// written anew.

#include "sheet/xml_stream.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

/// `<` `>` `&` and quotes escaped; signs that XML cannot hold dropped.
std::string xml_escaped(std::string_view utf8);

/// The tag with this attribute set; `tag` is a whole start tag or empty-element tag.
std::string tag_with(std::string_view tag, std::string_view attribute, std::string_view value);
/// The value as written; empty when it is not there.
std::string_view tag_value(std::string_view tag, std::string_view attribute);

/// One element: where its start tag begins and ends, and where its end tag does. An empty-element tag has
/// inner_end == begin_end == end.
struct XmlElement {
  std::string name;    ///< without prefix
  std::string prefix;  ///< with its colon
  std::size_t begin = 0;
  std::size_t begin_end = 0;
  std::size_t inner_end = 0;
  std::size_t end = 0;
  int depth = 0;       ///< 0 for the root
  int parent = -1;     ///< place in the list; -1 for the root
  bool is_empty_tag() const { return inner_end == begin_end && end == begin_end; }
};

/// All elements in the order of their start tags, down to `depth_max`. Errors: not well-formed.
base::Result<std::vector<XmlElement>> xml_elements(std::string_view xml, int depth_max);

/// Changes to one text, given in any order and made at once. Two at one place keep the order they were given in.
class Edits {
 public:
  void replace(std::size_t begin, std::size_t end, std::string text) { edits_.push_back({begin, end, std::move(text)}); }
  void insert(std::size_t at, std::string text) { replace(at, at, std::move(text)); }
  std::string apply(std::string_view text);

 private:
  struct Edit {
    std::size_t begin;
    std::size_t end;
    std::string text;
  };
  std::vector<Edit> edits_;
};

/// Puts `inner` at the end of an element's content, opening an empty-element tag if need be.
void append_inside(Edits& edits, std::string_view xml, const XmlElement& element, const std::string& inner);

}  // namespace yihu::sheet
