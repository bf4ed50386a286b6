#include "registry/initials.h"

#include "base/utf8.h"

#include <unicode/translit.h>

#include <memory>
#include <mutex>
#include <unordered_map>

namespace yihu::registry {
namespace {

/// The first letter of a character's reading; 0 for one that has none.
char initial_of(char32_t point) {
  if ((point >= 'a' && point <= 'z') || (point >= '0' && point <= '9')) return static_cast<char>(point);
  if (point >= 'A' && point <= 'Z') return static_cast<char>(point - 'A' + 'a');
  if (point < 0x3400) return 0;
  static std::mutex mutex;
  static std::unordered_map<char32_t, char> known;
  const std::lock_guard lock(mutex);
  if (const auto at = known.find(point); at != known.end()) return at->second;
  // Takes over half a second to fill, so only when the first name is written.
  static const std::unique_ptr<icu::Transliterator> pinyin = [] {
    UErrorCode problem = U_ZERO_ERROR;
    return std::unique_ptr<icu::Transliterator>(icu::Transliterator::createInstance("Han-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, problem));
  }();
  icu::UnicodeString text(static_cast<UChar32>(point));
  if (pinyin) pinyin->transliterate(text);
  const char16_t first = text.isEmpty() ? u'\0' : text.charAt(0);
  const char letter = first >= 'a' && first <= 'z' ? static_cast<char>(first) : '\0';
  return known[point] = letter;
}

/// Surnames that are read otherwise than the same character elsewhere.
char surname_initial_of(char32_t point, char usual) {
  switch (point) {
    case U'曾': return 'z';
    case U'单': return 's';
    case U'仇': return 'q';
    case U'解': return 'x';
    case U'查': return 'z';
    case U'区': return 'o';
    case U'朴': return 'p';
    case U'盖': return 'g';
    case U'翟': return 'z';
    case U'覃': return 'q';
    case U'乐': return 'y';
    case U'尉': return 'y';
    default: return usual;
  }
}

}  // namespace

Initials initials_of(std::string_view name) {
  Initials out;
  std::string other;
  bool first = true;
  for (const char32_t point : base::code_points(name)) {
    const char usual = initial_of(point);
    if (usual == 0) continue;
    out.first += first ? surname_initial_of(point, usual) : usual;
    other += usual;
    first = false;
  }
  if (other != out.first) out.other = std::move(other);
  return out;
}

}  // namespace yihu::registry
