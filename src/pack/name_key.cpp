#include "base/utf8.h"
#include "pack/pack.h"

namespace yihu::pack {
namespace {

/// 0 for a character that does not count.
char32_t compared(char32_t point) {
  if (point >= U'\uff01' && point <= U'\uff5e') point = point - U'\uff01' + U'!';
  if (point >= U'A' && point <= U'Z') return point - U'A' + U'a';
  switch (point) {
    case U' ': case U'\t': case U'\n': case U'\r': case U'\u00a0': case U'\u3000':  // spaces
    case U'\u200b': case U'\u200c': case U'\u200d': case U'\ufeff':                 // marks without width
    case U'"': case U'\'': case U'“': case U'”': case U'‘': case U'’': case U'*':
    case U'《': case U'》': case U'「': case U'」':
      return 0;
    case U'〔': case U'[': case U'【': case U'{': case U'〈': case U'<':
      return U'(';
    case U'〕': case U']': case U'】': case U'}': case U'〉': case U'>':
      return U')';
    case U'·': case U'•': case U'・':
      return U'.';
    default:
      return point;
  }
}

}  // namespace

std::string name_key(std::string_view name) {
  std::u32string out;
  for (const char32_t point : base::code_points(name)) {
    if (const char32_t kept = compared(point); kept != 0) out += kept;
  }
  return base::utf8(out);
}

}  // namespace yihu::pack
