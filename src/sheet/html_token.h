#pragma once
// A web page as tags and text. One pass, whatever the page: no construct makes it look at a byte twice.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihu::sheet {

/// Further attributes of a tag are dropped.
inline constexpr std::size_t html_attributes_max = 64;

struct HtmlAttribute {
  std::string name;  ///< in lower case
  std::string value;
};

/// A tag, or a piece of text when `name` is empty.
struct HtmlToken {
  std::string name;  ///< of the tag, in lower case
  bool end = false;  ///< </name>
  std::vector<HtmlAttribute> attributes;
  std::string text;  ///< with character references resolved

  /// The value, or nothing when there is no such attribute; the first one counts.
  std::optional<std::string_view> attribute(std::string_view wanted) const;
};

/// Gives each token in order; comments, declarations and the inside of scripts and styles are passed over.
/// `take` returns false to stop. The token is the caller's to look at until it returns.
void read_html_tokens(std::string_view utf8, const std::function<bool(const HtmlToken&)>& take);

}  // namespace yihu::sheet
