#pragma once
// XML as a stream of events, for files from outside: no document type, no entities, no depth without end.

#include "base/result.h"

#include <span>
#include <string>
#include <string_view>

namespace yihu::sheet {

inline constexpr int xml_depth_max = 1'000;
/// A tag longer than this is an attack on the parser, which can only be stopped between tags.
inline constexpr std::size_t xml_tag_bytes_max = 256u << 10;

/// Names carry the prefix usual for their namespace, whatever prefix the file uses: "w:p", "table:table-cell".
/// Names of other namespaces begin with "?".
struct XmlAttribute {
  std::string_view name;
  std::string_view value;
};
using XmlAttributes = std::span<const XmlAttribute>;

/// The value, or `otherwise` when there is none.
std::string_view value_of(XmlAttributes attributes, std::string_view name, std::string_view otherwise = {});
/// The same as a number; `otherwise` also when it is not one. Values beyond ±1,000,000 are cut to that.
int number_of(XmlAttributes attributes, std::string_view name, int otherwise);

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(std::string_view name, XmlAttributes attributes) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void text(std::string_view utf8) = 0;
  /// Asked after each element; true ends the parse without an error.
  virtual bool enough() { return false; }
};

/// Errors: not well-formed, with a document type, nested too deeply, with an endless tag.
base::Done parse_xml(std::string_view xml, XmlHandler& handler);

}  // namespace yihu::sheet
