#include "base/utf8.h"
#include "sheet/cell_reading.h"
#include "sheet/table.h"

namespace yihu::sheet {
namespace {

constexpr std::u32string_view opening = U"([{【〔〖「『《<";
constexpr std::u32string_view closing = U")]}】〕〗」』》>";

}  // namespace

std::string heading_text(std::string_view value) {
  std::string out;
  for (const char32_t wide : base::code_points(value)) {
    if (is_blank(wide) || is_invisible(wide)) continue;
    const char32_t c = narrow(wide);
    if (opening.find(c) != opening.npos) out += '(';
    else if (closing.find(c) != closing.npos) out += ')';
    else if (c == U'、' || c == U'，') out += ',';
    else out += base::utf8(c);
  }
  return out;
}

std::string heading_key(std::string_view value) {
  const std::string whole = heading_text(value);
  std::string key;
  int depth = 0;
  for (const char c : whole) {
    if (c == '(') ++depth;
    if (depth == 0 && c != '*' && c != ':' && c != '"' && c != '\'' && c != ')') {
      key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (c == ')' && depth > 0) --depth;
  }
  return key.empty() ? whole : key;
}

}  // namespace yihu::sheet
