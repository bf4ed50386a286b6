#pragma once
// Bytes of a text file to UTF-8. Chinese offices send UTF-8, GB18030 (and its elders GBK and GB2312), and UTF-16.

#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace yihu::sheet {

struct DecodedText {
  std::string utf8;      ///< without a byte order mark; line ends as in the file
  std::string encoding;  ///< "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE", "Big5" …
};

/// Which encoding these bytes are in is decided by what is valid in it, and then by what makes sense in it.
/// Errors: binary; damaged at a line and column; not text in any encoding we know.
base::Result<DecodedText> decode_text(std::string_view bytes);

/// Decodes by a name that the document itself gives, such as the charset of an HTML page.
/// Nothing when the name is unknown or the bytes are not valid in it.
std::optional<DecodedText> decode_as(std::string_view bytes, const std::string& encoding);

}  // namespace yihu::sheet
