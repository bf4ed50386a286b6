#include "plan/reading/characters.h"

#include <unicode/unorm2.h>

namespace yihu::plan {
namespace {

// How far an HTML tag may reach before it is taken for text.
constexpr std::size_t tag_length_max = 64;

bool invisible(char32_t point) {
  if (point < 0x20) return point != U'\n' && point != U'\t' && point != U'\f' && point != U'\v';
  return (point >= 0x7f && point < 0xa0 && point != 0x85) || point == 0xad || (point >= 0x200b && point <= 0x200f) ||
         (point >= 0x202a && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) || point == 0xfeff ||
         (point >= 0xe000 && point <= 0xf8ff);  // word processors put their bullets into the private area
}

/// PDF files often hold radicals (⼈) where the characters (人) are meant.
char32_t without_radicals(char32_t point) {
  // Unicode gives these no equivalent, but fonts draw them alike.
  constexpr std::u32string_view radicals = U"⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻰";
  constexpr std::u32string_view characters = U"母民西见角贝车长门青页风飞食马鱼鸟麦黄齐齿龙";
  static_assert(radicals.size() == characters.size());
  if (point >= 0x2e80 && point <= 0x2eff) {
    if (const auto at = radicals.find(point); at != radicals.npos) return characters[at];
  }
  const bool radical = (point >= 0x2e80 && point <= 0x2fdf) || (point >= 0xf900 && point <= 0xfaff);
  if (!radical) return point;
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* normal = unorm2_getNFKCInstance(&status);
  if (U_FAILURE(status)) return point;
  UChar units[8];
  const int32_t length = unorm2_getRawDecomposition(normal, static_cast<UChar32>(point), units, 8, &status);
  return U_SUCCESS(status) && length == 1 ? static_cast<char32_t>(units[0]) : point;
}

char32_t fold(char32_t point) {
  if (point < 0x80) {
    if (point == U'[' || point == U'{') return U'(';
    if (point == U']' || point == U'}') return U')';
    if (point == U'\f' || point == U'\v') return U'\n';
    return point;
  }
  if (point >= 0x4e00 && point <= 0x9fff) return point;
  if (point >= 0xff01 && point <= 0xff5e) return fold(point - 0xfee0 == U'~' ? U'-' : point - 0xfee0);
  if ((point >= 0x2000 && point <= 0x200a) || point == 0xa0 || point == 0x3000 || point == 0x202f || point == 0x205f) return U' ';
  switch (point) {
    case U'〔': case U'【': case U'〖': case U'﹝': case U'﹙': case U'﹛': case U'⁽': return U'(';
    case U'〕': case U'】': case U'〗': case U'﹞': case U'﹚': case U'﹜': case U'⁾': return U')';
    case U'—': case U'–': case U'―': case U'−': case U'〜': case U'‐': case U'‑': case U'﹣': case U'∼': return U'-';
    case U'﹕': case U'︰': case U'∶': return U':';
    case U'﹐': return U',';
    case U'﹔': return U';';
    case U'﹒': return U'.';
    case U'｡': return U'。';
    case U'､': case U'﹑': return U'、';
    case U'「': case U'『': return U'“';
    case U'」': case U'』': return U'”';
    case U'〈': return U'《';
    case U'〉': return U'》';
    case U'○': case U'Ｏ': return U'〇';
    case 0x85: case 0x2028: case 0x2029: return U'\n';
    default: return point;
  }
}

bool is_punctuation(char32_t point) {
  return point > 0x20 && point < 0x7f && !is_digit(point) && !is_letter(point);
}

/// Length of an HTML tag or &nbsp; that begins at `i`, or 0.
std::size_t markup_length(std::u32string_view text, std::size_t i) {
  if (text[i] == U'&') return text.substr(i, 6) == U"&nbsp;" ? 6 : 0;
  if (text[i] != U'<' || i + 2 >= text.size()) return 0;
  const char32_t next = text[i + 1];
  if (!is_letter(next) && !(next == U'/' && is_letter(text[i + 2]))) return 0;
  for (std::size_t k = i + 2; k < text.size() && k < i + tag_length_max; ++k) {
    if (text[k] == U'>') return k + 1 - i;
    if (text[k] == U'<' || text[k] == U'\n') return 0;
  }
  return 0;
}

}  // namespace

bool is_space(char32_t folded) { return folded == U' ' || folded == U'\t' || folded == U'\n' || folded == U'\r' || folded == U'\v' || folded == U'\f'; }
bool is_digit(char32_t folded) { return folded >= U'0' && folded <= U'9'; }
bool is_letter(char32_t folded) { return (folded | 0x20) >= U'a' && (folded | 0x20) <= U'z'; }
bool is_han(char32_t folded) { return (folded >= 0x3400 && folded <= 0x9fff) || folded == U'〇' || (folded >= 0x20000 && folded <= 0x3ffff); }

bool ends_sentence(char32_t folded) {
  switch (folded) {
    case U'。': case U';': case U'!': case U'?': case U')': case U'”': case U'…': return true;
    default: return false;
  }
}

void Characters::push(char32_t shown_as, char32_t folded_as, std::uint32_t index) {
  shown += shown_as;
  folded += folded_as;
  at.push_back(index);
}

void Characters::append(const Characters& other, std::size_t begin, std::size_t end) {
  shown.append(other.shown, begin, end - begin);
  folded.append(other.folded, begin, end - begin);
  at.insert(at.end(), other.at.begin() + static_cast<std::ptrdiff_t>(begin), other.at.begin() + static_cast<std::ptrdiff_t>(end));
}

std::string Characters::text(std::size_t begin, std::size_t end) const {
  return base::utf8(std::u32string_view(shown).substr(begin, end - begin));
}

base::Span Characters::span(std::size_t begin, std::size_t end) const {
  return {at[begin], static_cast<std::size_t>(at[end - 1]) + 1};
}

std::u32string_view Characters::view(std::size_t begin, std::size_t end) const {
  return std::u32string_view(folded).substr(begin, end - begin);
}

Characters characters_from_text(std::u32string_view text) {
  Characters out;
  out.shown.reserve(text.size());
  out.folded.reserve(text.size());
  out.at.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t point = text[i];
    const auto index = static_cast<std::uint32_t>(i);
    if ((point == U'*' || point == U'_') && i + 1 < text.size() && text[i + 1] == point) {
      while (i + 1 < text.size() && text[i + 1] == point) ++i;
      continue;
    }
    if (point == U'\\' && i + 1 < text.size() && is_punctuation(text[i + 1])) continue;
    if (point == U'<' || point == U'&') {
      if (const auto length = markup_length(text, i); length > 0) {
        out.push(U' ', U' ', index);
        i += length - 1;
        continue;
      }
    }
    if (invisible(point)) continue;
    const char32_t plain = without_radicals(point);
    out.push(plain, fold(plain), index);
  }
  return out;
}

Characters sentence(const Characters& characters, std::size_t begin, std::size_t end) {
  Characters out;
  const auto narrow = [](char32_t point) { return point > 0x20 && point < 0x2000; };
  bool gap = false;
  for (std::size_t i = begin; i < end; ++i) {
    const char32_t point = characters.folded[i];
    if (is_space(point)) {
      gap = true;
      continue;
    }
    if (gap && out.size() > 0 && narrow(out.shown.back()) && narrow(characters.shown[i])) {
      out.push(U' ', U' ', characters.at[i - 1]);
    }
    gap = false;
    out.push(characters.shown[i], point, characters.at[i]);
  }
  return out;
}

}  // namespace yihu::plan
