#include "link/similarity.h"

#include "link/pinyin.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace yihu::link {
namespace {

constexpr int pairs_in_common_least = 50;

/// Bits of the places where each character stands in a text of at most 64.
class Places {
 public:
  explicit Places(std::u32string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) slot(text[i]) |= 1ULL << i;
  }
  std::uint64_t of(char32_t character) const {
    if (character < 128) return ascii_[character];
    for (std::size_t i = 0; i < others_; ++i) {
      if (other_[i] == character) return other_bits_[i];
    }
    return 0;
  }

 private:
  std::uint64_t& slot(char32_t character) {
    if (character < 128) return ascii_[character];
    for (std::size_t i = 0; i < others_; ++i) {
      if (other_[i] == character) return other_bits_[i];
    }
    other_[others_] = character;
    return other_bits_[others_++] = 0;
  }
  std::array<std::uint64_t, 128> ascii_ = {};
  std::size_t others_ = 0;
  char32_t other_[characters_max];
  std::uint64_t other_bits_[characters_max];
};

/// Hyyrö's bit-vector form of the recurrence; `pattern` is not empty.
int edits_in_bits(std::u32string_view pattern, std::u32string_view text) {
  const Places places(pattern);
  std::uint64_t up = ~0ULL, down = 0, diagonal = 0, before = 0;
  const std::uint64_t last = 1ULL << (pattern.size() - 1);
  int distance = static_cast<int>(pattern.size());
  for (const char32_t character : text) {
    const std::uint64_t match = places.of(character);
    const std::uint64_t swap = (((~diagonal) & match) << 1) & before;
    diagonal = (((match & up) + up) ^ up) | match | down | swap;
    std::uint64_t plus = down | ~(diagonal | up);
    std::uint64_t minus = diagonal & up;
    distance += (plus & last) != 0 ? 1 : 0;
    distance -= (minus & last) != 0 ? 1 : 0;
    plus = plus << 1 | 1;
    minus <<= 1;
    up = minus | ~(diagonal | plus);
    down = plus & diagonal;
    before = match;
  }
  return distance;
}

Characters without_blanks(std::u32string_view text) {
  Characters bare;
  for (const char32_t c : text) {
    if (c != ' ' && c != '-' && c != '\'' && c != '.' && c != U'·' && c != ',') bare.at[bare.size++] = c;
  }
  return bare;
}

bool is_latin(std::u32string_view text) {
  return std::all_of(text.begin(), text.end(), [](char32_t c) { return c < 0x180; });
}

bool all_han(std::u32string_view text) { return std::all_of(text.begin(), text.end(), is_han); }

/// Letters of a Latin text for comparison with a Chinese one.
std::string letters_of(std::u32string_view text) {
  std::string letters;
  for (const char32_t c : text) {
    if (c >= 'a' && c <= 'z') letters += static_cast<char>(c);
  }
  return letters;
}

bool same_characters(std::u32string_view one, std::u32string_view other) {
  if (one.size() != other.size()) return false;
  std::u32string a(one), b(other);
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

Level level_of_chinese_names(std::u32string_view one, std::u32string_view other) {
  if (one.size() == other.size()) {
    std::size_t same = 0, alike = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
      if (one[i] == other[i]) ++same;
      else if (sound_alike(one[i], other[i]) || look_alike(one[i], other[i])) ++alike;
    }
    // Two characters that both only sound alike are another name, unless they are most of it.
    if (same + alike == one.size() && (same > 0 || one.size() > 2)) return Level::sound;
    if (same_characters(one, other)) return Level::near;
  }
  const int distance = edits(one, other);
  const auto longer = static_cast<int>(std::max(one.size(), other.size()));
  if (distance == 1 && longer >= 3) return one.size() == other.size() ? Level::close : Level::near;
  if (longer >= 5 && distance * 2 <= longer) return Level::close;
  const std::size_t surname = surname_length(one);
  if (surname > 0 && surname == surname_length(other) && one.substr(0, surname) == other.substr(0, surname)) return Level::region;
  return Level::differs;
}

/// Words of one that stand in the other, as a share of the words of the one with fewer.
bool words_contained(std::u32string_view one, std::u32string_view other) {
  if (one.find(U' ') == one.npos && other.find(U' ') == other.npos) return false;
  const auto words = [](std::u32string_view text) {
    std::array<std::u32string_view, 16> found;
    std::size_t count = 0;
    while (!text.empty() && count < found.size()) {
      const std::size_t end = std::min(text.find(U' '), text.size());
      if (end > 0) found[count++] = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::pair(found, count);
  };
  const auto [a, a_count] = words(one);
  const auto [b, b_count] = words(other);
  const auto& fewer = a_count <= b_count ? a : b;
  const auto& more = a_count <= b_count ? b : a;
  const std::size_t few = std::min(a_count, b_count), many = std::max(a_count, b_count);
  std::size_t held = 0;
  for (std::size_t i = 0; i < few; ++i) {
    held += std::find(more.begin(), more.begin() + static_cast<long>(many), fewer[i]) != more.begin() + static_cast<long>(many) ? 1 : 0;
  }
  return many > 1 && held == few && few > 0 && (few > 1 || one.substr(0, 3) == other.substr(0, 3) || fewer[0].size() > 3);
}

Level level_of_letters(std::u32string_view one, std::u32string_view other) {
  const Characters a = without_blanks(one), b = without_blanks(other);
  if (a.view() == b.view()) return Level::sound;
  const auto longer = static_cast<int>(std::max(a.size, b.size));
  const auto shorter = static_cast<int>(std::min(a.size, b.size));
  if (shorter == 0) return Level::differs;
  const int distance = edits(a.view(), b.view());
  if (distance == 1 && longer >= 3) return Level::near;
  if (distance == 2 && longer >= 5) return Level::close;
  if (words_contained(one, other)) return Level::close;
  if (distance * 4 <= longer) return Level::close;
  const auto front = static_cast<int>(std::mismatch(a.at, a.at + shorter, b.at).first - a.at);
  if (front >= 3 && front == shorter) return Level::weak;  // a short form
  if (distance * 5 <= longer * 2) return Level::weak;
  if (front >= 3 && distance * 2 <= longer) return Level::region;
  if (shorter == 1 && front == 1) return Level::region;  // an initial
  return Level::differs;
}

/// Pairs of neighbouring characters in common, of two hundred; for long text without words.
int pairs_in_common(std::u32string_view one, std::u32string_view other) {
  if (one.size() < 2 || other.size() < 2) return 0;
  // Most texts share next to nothing: a count that can only be too high tells.
  std::uint64_t marks = 0;
  const auto mark = [](char32_t a, char32_t b) { return 1ULL << ((a * 31 + b) * 0x9e3779b1U >> 26 & 63); };
  for (std::size_t j = 0; j + 1 < other.size(); ++j) marks |= mark(other[j], other[j + 1]);
  int possible = 0;
  for (std::size_t i = 0; i + 1 < one.size(); ++i) possible += (marks & mark(one[i], one[i + 1])) != 0 ? 1 : 0;
  const auto pairs = static_cast<int>(one.size() + other.size() - 2);
  if (200 * possible / pairs < pairs_in_common_least) return 0;
  int common = 0;
  std::uint64_t used = 0;
  for (std::size_t i = 0; i + 1 < one.size(); ++i) {
    for (std::size_t j = 0; j + 1 < other.size(); ++j) {
      if ((used >> j & 1) == 0 && one[i] == other[j] && one[i + 1] == other[j + 1]) {
        used |= 1ULL << j;
        ++common;
        break;
      }
    }
  }
  return 200 * common / pairs;
}

Level level_of_prose(std::u32string_view one, std::u32string_view other) {
  if (is_latin(one) && is_latin(other)) {
    const Level level = level_of_letters(one, other);
    if (level > Level::region) return level;
  } else {
    const int distance = edits(one, other);
    if (distance == 1) return Level::near;
    if (distance == 2) return Level::close;
    // The fuller address ends like the shorter one: the province and city are often left out.
    const auto& shorter = one.size() < other.size() ? one : other;
    const auto& longer = one.size() < other.size() ? other : one;
    if (shorter.size() >= 4 && longer.ends_with(shorter)) return Level::near;
  }
  const int common = pairs_in_common(one, other);
  if (common >= 75) return Level::close;
  if (common >= pairs_in_common_least) return Level::weak;
  return Level::differs;
}

Level level_of_names(std::u32string_view one, std::u32string_view other) {
  const bool one_han = all_han(one), other_han = all_han(other);
  if (one_han && other_han) return level_of_chinese_names(one, other);
  if (one_han != other_han && (is_latin(one) || is_latin(other))) {
    const std::string letters = letters_of(one_han ? other : one);
    return !letters.empty() && spells(letters, one_han ? one : other) ? Level::sound : Level::differs;
  }
  return level_of_letters(one, other);
}

/// Both texts may hold * for hidden characters; they agree when what is visible does.
bool visible_agrees(std::u32string_view one, std::u32string_view other) {
  if (one.size() != other.size()) return false;
  std::size_t visible = 0, hidden = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    if (one[i] == '*' || other[i] == '*') ++hidden;
    else if (one[i] != other[i]) return false;
    else ++visible;
  }
  return hidden > 0 && visible >= 4;
}

Level level_of_numbers(std::u32string_view one, std::u32string_view other) {
  if (visible_agrees(one, other)) return Level::sound;
  const int distance = edits(one, other);
  const std::size_t longer = std::max(one.size(), other.size());
  if (distance == 1 && longer >= 3) return Level::near;
  if (distance == 2 && longer >= 6) return Level::close;
  return Level::differs;
}

Level level_of_divisions(std::u32string_view one, std::u32string_view other) {
  const std::size_t shorter = std::min(one.size(), other.size());
  const auto front = static_cast<std::size_t>(std::mismatch(one.begin(), one.begin() + static_cast<long>(shorter), other.begin()).first - one.begin());
  if (front == shorter && shorter >= 6 && (one.size() != other.size())) return Level::near;  // one names only the wider area
  if (front >= 9) return Level::close;
  if (front >= 6) return Level::region;
  return Level::differs;
}

}  // namespace

int edits(std::u32string_view one, std::u32string_view other) {
  while (!one.empty() && !other.empty() && one.back() == other.back()) {
    one.remove_suffix(1);
    other.remove_suffix(1);
  }
  if (one.empty()) return static_cast<int>(other.size());
  if (other.empty()) return static_cast<int>(one.size());
  return edits_in_bits(one, other);
}

Level level_of_texts(Kind kind, std::string_view one, std::string_view other) {
  const Characters a = characters_of(one), b = characters_of(other);
  switch (kind) {
    case Kind::name: return level_of_names(a.view(), b.view());
    case Kind::address:
    case Kind::text: return level_of_prose(a.view(), b.view());
    case Kind::division: return level_of_divisions(a.view(), b.view());
    case Kind::id_number:
    case Kind::phone:
    case Kind::date:
    case Kind::number:
    case Kind::code: return level_of_numbers(a.view(), b.view());
    case Kind::sex:
    case Kind::category: return Level::differs;
  }
  return Level::differs;
}

Level level_of_ids(Code one, Code other) {
  const Code a = one & digits_mask, b = other & digits_mask;
  const Code a17 = a / 11, b17 = b / 11;
  if (a17 == b17) return Level::near;  // only the check character
  const bool both_valid = (one & other & id_valid) != 0;
  // Two neighbouring or one single wrong digit change the number by a small multiple of a power of ten.
  if (!both_valid) {
    Code x = a17, y = b17;
    int different = 0, first = 0, last = 0;
    int digits_x[17], digits_y[17];
    for (int i = 0; i < 17; ++i, x /= 10, y /= 10) {
      digits_x[i] = static_cast<int>(x % 10);
      digits_y[i] = static_cast<int>(y % 10);
      if (digits_x[i] == digits_y[i]) continue;
      if (different++ == 0) first = i;
      last = i;
    }
    if (different == 1) return Level::near;
    if (different == 2 && last == first + 1 && digits_x[first] == digits_y[last] && digits_x[last] == digits_y[first]) return Level::near;
    if (different == 2 || edits(characters_of(id_text(one)).view(), characters_of(id_text(other)).view()) <= 2) return Level::close;
  }
  // Two valid numbers of one birthday are still two numbers; the birthday itself is another field's evidence.
  return both_valid ? Level::differs : Level::region;
}

Level level_of_dates(std::uint32_t one, std::uint32_t other) {
  const auto year = [](std::uint32_t date) { return date / 10'000; };
  const auto month = [](std::uint32_t date) { return date / 100 % 100; };
  const auto day = [](std::uint32_t date) { return date % 100; };
  if (year(one) == year(other)) {
    if (month(one) == day(other) && day(one) == month(other)) return Level::sound;
    // A day or month that is not given agrees with any.
    if ((day(one) == 0 || day(other) == 0) && (month(one) == month(other) || month(one) == 0 || month(other) == 0)) return Level::close;
  }
  int different = 0, first = 0, last = 0;
  int a[8], b[8];
  std::uint32_t x = one, y = other;
  for (int i = 0; i < 8; ++i, x /= 10, y /= 10) {
    a[i] = static_cast<int>(x % 10);
    b[i] = static_cast<int>(y % 10);
    if (a[i] == b[i]) continue;
    if (different++ == 0) first = i;
    last = i;
  }
  if (different == 1) return Level::near;
  if (different == 2 && last == first + 1 && a[first] == b[last] && a[last] == b[first]) return Level::near;
  if (different == 2) return Level::weak;
  if (year(one) != year(other) && month(one) == month(other) && day(one) == day(other)) return Level::weak;
  const auto days = [&](std::uint32_t date) { return static_cast<int>(year(date) * 365 + month(date) * 365 / 12 + day(date)); };
  const int apart = std::abs(days(one) - days(other));
  if (apart <= 31) return Level::weak;
  if (apart <= 366) return Level::region;
  return Level::differs;
}

Level level_of_phones(Code one, Code other) {
  int different = 0, first = 0, last = 0;
  int a[16], b[16];
  int count = 0;
  for (Code x = one, y = other; (x != 0 || y != 0) && count < 16; ++count, x /= 10, y /= 10) {
    a[count] = static_cast<int>(x % 10);
    b[count] = static_cast<int>(y % 10);
    if (a[count] == b[count]) continue;
    if (different++ == 0) first = count;
    last = count;
  }
  if (different == 1) return Level::near;
  if (different == 2 && last == first + 1 && a[first] == b[last] && a[last] == b[first]) return Level::near;
  return Level::differs;
}

}  // namespace yihu::link
