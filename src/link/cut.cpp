// The parts of values that take part in keys.

#include "link/pinyin.h"
#include "link/value.h"

#include <algorithm>

namespace yihu::link {
namespace {

std::uint64_t hash_of_characters(std::u32string_view text) {
  if (text.empty()) return 0;
  return hash_of({reinterpret_cast<const char*>(text.data()), text.size() * sizeof(char32_t)}) | 1;
}

/// Letters as they sound, roughly: the first letter's class, then the consonants' classes without repeats, at most five.
std::uint64_t sound_of_letters(std::u32string_view text) {
  static constexpr std::string_view classes = "abktafk.akklnnabkrstaf.sas";  // a: vowel, .: silent
  std::uint64_t code = 0;
  char before = 0;
  int count = 0;
  for (const char32_t c : text) {
    if (c < 'a' || c > 'z') continue;
    const char sound = classes[c - 'a'];
    if (count > 0 && (sound == 'a' || sound == '.')) {
      before = sound == 'a' ? 0 : before;
      continue;
    }
    if (sound == before) continue;
    code = code << 8 | static_cast<unsigned char>(sound == '.' ? 'h' : sound);
    before = sound;
    if (++count == 5) break;
  }
  return code == 0 ? 0 : mixed(code) | 1;
}

std::uint64_t sound_of_characters(std::u32string_view text) {
  std::uint64_t code = 0;
  for (const char32_t c : text) {
    const std::uint16_t syllable = readings_of(c).at[0];
    code = mixed(code ^ (syllable == 0 ? c : folded(syllable)));
  }
  return code | 1;
}

std::uint64_t name_cut(Cut cut, std::u32string_view name) {
  const bool han = is_han(name.front());
  switch (cut) {
    case Cut::start: return hash_of_characters(name.substr(0, han ? std::max<std::size_t>(1, surname_length(name)) : 3));
    case Cut::sound: return han ? sound_of_characters(name) : sound_of_letters(name);
    case Cut::rest: return han ? hash_of_characters(name.substr(surname_length(name))) : 0;
    case Cut::whole:
    case Cut::tail:
    case Cut::year:
    case Cut::month_day: break;
  }
  return hash_of_characters(name);
}

}  // namespace

std::uint64_t cut_of_text(Kind kind, Cut cut, std::string_view text) {
  const Characters characters = characters_of(text);
  const std::u32string_view view = characters.view();
  if (view.empty()) return 0;
  if (kind == Kind::name) return name_cut(cut, view);
  switch (cut) {
    case Cut::start: return hash_of_characters(view.substr(0, is_han(view.front()) ? 6 : 4));
    case Cut::tail: return hash_of_characters(view.size() > 4 ? view.substr(view.size() - 4) : view);
    case Cut::sound: return sound_of_letters(view);
    case Cut::whole:
    case Cut::rest:
    case Cut::year:
    case Cut::month_day: break;
  }
  return hash_of_characters(view);
}

std::uint64_t cut_of_code(Kind kind, Cut cut, Code code) {
  if (kind == Kind::date) {
    const Code year = code / 10'000, month = code / 100 % 100, day = code % 100;
    if (cut == Cut::year) return mixed(year) | 1;
    // Day and month in either order are one key; a date without its day is none.
    if (day == 0) return 0;
    const Code low = std::min(month, day), high = std::max(month, day);
    return mixed(low << 8 | high | (cut == Cut::month_day ? 0 : year << 16)) | 1;
  }
  if (cut == Cut::tail) return mixed(code % 10'000) | 1;
  return mixed(code) | 1;
}

}  // namespace yihu::link
