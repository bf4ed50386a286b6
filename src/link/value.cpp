#include "link/value.h"

#include "base/utf8.h"
#include "link/pinyin.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace yihu::link {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Cells that say there is nothing; compared after cleaning.
bool says_nothing(std::string_view text) {
  if (text.size() > 9) return false;
  static constexpr std::string_view nothing[] = {"-", "--", "/", "\\", ".", "无", "未知", "不详", "空", "null", "none", "nan", "n/a", "na", "nil", "unknown", "<na>", "?", "*"};
  return std::find(std::begin(nothing), std::end(nothing), text) != std::end(nothing);
}

/// One UTF-8 character at `at`; advances. U+FFFD for bytes that are none.
char32_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
  const unsigned first = byte(0);
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  if (first < 0x80) return at += 1, first;
  if (first >= 0xe0 && first < 0xf0 && follows(1) && follows(2)) {
    const char32_t point = (first & 0xf) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    if (point >= 0x800 && (point < 0xd800 || point > 0xdfff)) return at += 3, point;
  } else if (first >= 0xc2 && first < 0xe0 && follows(1)) {
    const char32_t point = (first & 0x1f) << 6 | (byte(1) & 0x3f);
    return at += 2, point;
  } else if (first >= 0xf0 && first < 0xf5 && follows(1) && follows(2) && follows(3)) {
    const char32_t point = (first & 0x7) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
    if (point >= 0x10000 && point < 0x110000) return at += 4, point;
  }
  return at += 1, 0xfffd;
}

void append(std::string& out, char32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += {static_cast<char>(0xc0 | point >> 6), static_cast<char>(0x80 | (point & 0x3f))};
  } else if (point < 0x10000) {
    out += {static_cast<char>(0xe0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3f)), static_cast<char>(0x80 | (point & 0x3f))};
  } else {
    out += {static_cast<char>(0xf0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 0x3f)),
            static_cast<char>(0x80 | (point >> 6 & 0x3f)), static_cast<char>(0x80 | (point & 0x3f))};
  }
}

/// One width, one case, one dot, no accents on Latin letters.
char32_t plain(char32_t point) {
  if (point >= 0xff01 && point <= 0xff5e) point -= 0xfee0;
  if (point >= 'A' && point <= 'Z') return point + 32;
  if (point < 0x80) return point;
  if (point == 0x3000 || point == 0xa0 || point == 0x200b) return ' ';
  // The dot of ethnic names, in its many codes.
  static constexpr std::u32string_view dots = U"·•‧∙⋅・･●．․᛫";
  if (dots.find(point) != dots.npos) return U'·';
  if (point >= 0xc0 && point <= 0x17f) {
    static constexpr std::string_view letters =
        "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiijjjjkkklllllllllln"
        "nnnnnnnnooooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    const std::size_t at = point - 0xc0;
    return at < letters.size() ? static_cast<char32_t>(letters[at]) : point;
  }
  return simplified(point);
}

/// For plain ASCII: lower case and single blanks, in place where nothing changes.
std::string_view cleaned_ascii(std::string_view cell, std::string& scratch) {
  bool same = true;
  for (std::size_t i = 0; i < cell.size() && same; ++i) {
    const char c = cell[i];
    same = !(c >= 'A' && c <= 'Z') && static_cast<unsigned char>(c) >= 0x20 && !(c == ' ' && cell[i + 1] == ' ');
  }
  if (same) return cell;
  scratch.clear();
  for (char c : cell) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    if (c != ' ' || (!scratch.empty() && scratch.back() != ' ')) scratch += c;
  }
  while (!scratch.empty() && scratch.back() == ' ') scratch.pop_back();
  return scratch;
}

}  // namespace

Characters characters_of(std::string_view utf8) {
  Characters characters;
  for (std::size_t at = 0; at < utf8.size() && characters.size < characters_max;) characters.at[characters.size++] = next_character(utf8, at);
  return characters;
}

std::optional<std::string_view> cleaned(Kind kind, std::string_view cell, std::string& scratch) {
  const bool ascii = std::none_of(cell.begin(), cell.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
  std::string_view result;
  if (ascii) {
    result = cleaned_ascii(cell, scratch);
  } else {
    scratch.clear();
    char32_t before = ' ';
    for (std::size_t at = 0; at < cell.size();) {
      char32_t point = next_character(cell, at);
      if (point == 0xfffd && cell.substr(at - 1, 1) != "\xBD") return std::nullopt;
      point = plain(point);
      if (point < 0x20) point = ' ';
      // A blank counts between words of letters only: 张 三 is 张三.
      if (point == ' ') {
        if (before < 0x80 && before != ' ') append(scratch, point);
      } else {
        if (before == ' ' && is_han(point) && !scratch.empty() && scratch.back() == ' ') scratch.pop_back();
        if (kind == Kind::name && point == '.' && before >= 0x80) point = U'·';
        append(scratch, point);
      }
      before = point == ' ' && before >= 0x80 ? before : point;
    }
    while (!scratch.empty() && scratch.back() == ' ') scratch.pop_back();
    result = scratch;
  }
  if (says_nothing(result)) return std::string_view();
  return result;
}

Code id_code(std::string_view cell) {
  char digits[18];
  std::size_t count = 0;
  for (const char c : cell) {
    if (c == ' ' || c == '-') continue;
    const bool last = count == 17 && (c == 'X' || c == 'x');
    // A disability card is an ID number with two digits behind.
    if (count >= 18 && is_digit(c) && cell.size() == 20) continue;
    if (count >= 18 || !(is_digit(c) || last)) return 0;
    digits[count++] = c;
  }
  if (count != 18 && count != 15) return 0;
  const bool old = count == 15;
  if (old) {
    std::memmove(digits + 8, digits + 6, 9);
    digits[6] = '1';
    digits[7] = '9';
  }
  static constexpr int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  Code number = 0;
  int sum = 0;
  for (int i = 0; i < 17; ++i) {
    if (!is_digit(digits[i])) return 0;
    number = number * 10 + static_cast<Code>(digits[i] - '0');
    sum += (digits[i] - '0') * weights[i];
  }
  const int right = (12 - sum % 11) % 11;
  const int check = old ? right : is_digit(digits[17]) ? digits[17] - '0' : 10;
  const int year = (digits[6] - '0') * 1000 + (digits[7] - '0') * 100 + (digits[8] - '0') * 10 + digits[9] - '0';
  const int month = (digits[10] - '0') * 10 + digits[11] - '0';
  const int day = (digits[12] - '0') * 10 + digits[13] - '0';
  const bool dated = year >= 1850 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return (number * 11 + static_cast<Code>(check)) | (check == right && dated ? id_valid : id_invalid);
}

std::string id_text(Code code) {
  const Code digits = code & digits_mask;
  std::string text(18, '0');
  Code number = digits / 11;
  for (std::size_t i = 17; i-- > 0; number /= 10) text[i] = static_cast<char>('0' + number % 10);
  text[17] = digits % 11 == 10 ? 'X' : static_cast<char>('0' + digits % 11);
  return text;
}

std::uint32_t birth_of_id(Code code) {
  if ((code & id_valid) == 0) return 0;
  return static_cast<std::uint32_t>((code & digits_mask) / 11 / 1000 % 100'000'000);
}

int sex_of_id(Code code) {
  if ((code & id_valid) == 0) return 0;
  return (code & digits_mask) / 11 % 2 == 1 ? 1 : 2;
}

std::uint32_t date_code(std::string_view cell, bool month_first) {
  std::uint32_t numbers[3] = {};
  std::size_t lengths[3] = {};
  std::size_t count = 0;
  bool inside = false;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const char c = cell[i];
    if (is_digit(c)) {
      if (!inside && count == 3) break;  // a time of day may follow
      if (!inside) ++count;
      inside = true;
      if (++lengths[count - 1] > 8) return 0;
      numbers[count - 1] = numbers[count - 1] * 10 + static_cast<std::uint32_t>(c - '0');
    } else {
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        if (count == 3) break;
        return 0;
      }
      inside = false;
    }
  }
  if (count == 1) {
    if (lengths[0] == 8) return numbers[0];
    if (lengths[0] == 6 && numbers[0] / 100 >= 1850 && numbers[0] / 100 <= 2100) return numbers[0] * 100;
    if (lengths[0] == 4 && numbers[0] >= 1850 && numbers[0] <= 2100) return numbers[0] * 10'000;
    return 0;
  }
  if (count == 0) return 0;
  if (lengths[0] == 4 && lengths[1] <= 2 && lengths[2] <= 2) return numbers[0] * 10'000 + numbers[1] * 100 + numbers[2];
  if (count == 3 && lengths[2] == 4 && lengths[0] <= 2 && lengths[1] <= 2) {
    const bool swap = month_first ? numbers[0] <= 12 : numbers[1] > 12;
    return numbers[2] * 10'000 + (swap ? numbers[0] * 100 + numbers[1] : numbers[1] * 100 + numbers[0]);
  }
  return 0;
}

Code phone_code(std::string_view cell) {
  if (cell.starts_with("+86")) cell.remove_prefix(3);
  else if (cell.starts_with("0086")) cell.remove_prefix(4);
  Code number = 1;  // a leading 1 keeps leading zeros apart
  std::size_t count = 0;
  for (const char c : cell) {
    if (is_digit(c)) {
      if (++count > 15) return 0;
      number = number * 10 + static_cast<Code>(c - '0');
    } else if (c != ' ' && c != '-' && c != '(' && c != ')' && c != '+' && c != '.') {
      return 0;
    }
  }
  if (count == 13 && cell.starts_with("861")) number = number % 100'000'000'000ULL + 100'000'000'000ULL;
  return count < 5 ? 0 : number;
}

std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = 0x9e3779b97f4a7c15ULL ^ bytes.size();
  while (bytes.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    hash = (hash ^ word) * 0xff51afd7ed558ccdULL;
    hash ^= hash >> 32;
    bytes.remove_prefix(8);
  }
  std::uint64_t word = 0;
  if (!bytes.empty()) std::memcpy(&word, bytes.data(), bytes.size());
  return mixed(hash ^ word);
}

}  // namespace yihu::link
