#include "registry/initials.h"

#include "base/utf8.h"

#include <unicode/translit.h>

#include <algorithm>
#include <iterator>
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

/// Surnames whose initials are others than those of the same characters elsewhere. A dictionary's readings do not say
/// which of them is the surname's.
struct Surname {
  std::u32string_view characters;
  std::string_view initials;
};
constexpr Surname surnames[] = {
    {U"尉迟", "yc"}, {U"单于", "cy"}, {U"澹台", "tt"}, {U"万俟", "mq"}, {U"单", "s"}, {U"曾", "z"}, {U"仇", "q"}, {U"解", "x"}, {U"查", "z"},
    {U"区", "o"},    {U"翟", "z"},    {U"覃", "q"},    {U"乐", "y"},    {U"种", "c"}, {U"召", "s"}, {U"折", "s"}, {U"秘", "b"}, {U"繁", "p"},
    {U"祭", "z"},    {U"句", "g"},    {U"不", "f"},    {U"粘", "n"},    {U"乜", "n"},
};

}  // namespace

Initials initials_of(std::string_view name) {
  std::u32string points;
  std::string usual;
  for (const char32_t point : base::code_points(name)) {
    const char letter = initial_of(point);
    if (letter == 0) continue;
    points += point;
    usual += letter;
  }
  Initials out{usual, std::nullopt};
  const auto surname = std::ranges::find_if(surnames, [&](const Surname& one) { return points.starts_with(one.characters); });
  if (surname == std::end(surnames)) return out;
  out.first.replace(0, surname->initials.size(), surname->initials);
  if (out.first != usual) out.other = std::move(usual);
  return out;
}

}  // namespace yihu::registry
