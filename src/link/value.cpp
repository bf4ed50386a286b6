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
  if (text.size() > 9 || text.empty()) return false;
  // Nearly every value is told apart by its first byte.
  static constexpr std::string_view firsts = "-/\\.nu<?*\xE6\xE4\xE7";
  if (firsts.find(text.front()) == firsts.npos) return false;
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

/// Whether all characters are common Chinese ones that cleaning leaves as they are.
bool is_plain_han(std::string_view cell) {
  if (cell.size() % 3 != 0) return false;
  for (std::size_t at = 0; at < cell.size(); at += 3) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(cell[at + i]); };
    if (byte(0) < 0xe4 || byte(0) > 0xe9 || (byte(1) & 0xc0) != 0x80 || (byte(2) & 0xc0) != 0x80) return false;
    const char32_t point = (byte(0) & 0xfU) << 12 | (byte(1) & 0x3fU) << 6 | (byte(2) & 0x3fU);
    if (point < 0x4e00 || simplified(point) != point) return false;
  }
  return true;
}

// Eight digits at once, in the bytes of a word.
constexpr std::uint64_t eight(std::uint64_t byte) { return byte * 0x0101010101010101ULL; }
bool eight_digits(std::uint64_t word) {
  return ((word & eight(0xf0)) | (((word + eight(6)) & eight(0xf0)) >> 4)) == eight(0x33);
}
std::uint32_t number_from(std::uint64_t word) {
  word -= eight('0');
  word = word * 10 + (word >> 8);
  return static_cast<std::uint32_t>(((word & 0x000000ff000000ffULL) * (100 + (1'000'000ULL << 32)) + (word >> 16 & 0x000000ff000000ffULL) * (1 + (10'000ULL << 32))) >> 32);
}
/// Sum of the digits times their weights; one weight per sixteen bits, the last digit's lowest.
std::uint32_t weighted(std::uint64_t word, std::uint64_t even, std::uint64_t odd) {
  word -= eight('0');
  return static_cast<std::uint32_t>((((word & 0x00ff00ff00ff00ffULL) * even) >> 48) + (((word >> 8 & 0x00ff00ff00ff00ffULL) * odd) >> 48));
}
constexpr std::uint64_t four(std::uint64_t first, std::uint64_t second, std::uint64_t third, std::uint64_t fourth) {
  return first << 48 | second << 32 | third << 16 | fourth;
}

Code id_from(Code number, int check, int right, int year, int month, int day) {
  const bool dated = year >= 1850 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return (number * 11 + static_cast<Code>(check)) | (check == right && dated ? id_valid : id_invalid);
}

/// The usual eighteen characters without anything between them; 0 when it is not that.
Code id_of_eighteen(std::string_view cell) {
  const std::uint64_t front = word_of(cell.substr(0, 8)), back = word_of(cell.substr(8, 8));
  const char last = cell[16], check = cell[17];
  if (!eight_digits(front) || !eight_digits(back) || !is_digit(last) || !(is_digit(check) || check == 'X' || check == 'x')) return 0;
  const std::uint32_t high = number_from(front), low = number_from(back);
  const Code number = (high * Code{100'000'000} + low) * 10 + static_cast<Code>(last - '0');
  const std::uint32_t sum = weighted(front, four(7, 10, 8, 2), four(9, 5, 4, 1)) + weighted(back, four(6, 7, 10, 8), four(3, 9, 5, 4)) + static_cast<std::uint32_t>(last - '0') * 2;
  return id_from(number, is_digit(check) ? check - '0' : 10, static_cast<int>((12 - sum % 11) % 11), static_cast<int>(high % 100 * 100 + low / 1'000'000), static_cast<int>(low / 10'000 % 100),
                 static_cast<int>(low / 100 % 100));
}

}  // namespace

Characters characters_of(std::string_view utf8) {
  Characters characters;
  for (std::size_t at = 0; at < utf8.size() && characters.size < characters_max;) characters.at[characters.size++] = next_character(utf8, at);
  return characters;
}

std::optional<std::string_view> cleaned(Kind kind, std::string_view cell, std::string& scratch) {
  std::uint64_t high_bits = 0;
  for (std::string_view rest = cell; !rest.empty(); rest.remove_prefix(std::min<std::size_t>(8, rest.size()))) high_bits |= word_of(rest);
  const bool ascii = (high_bits & eight(0x80)) == 0;
  std::string_view result;
  if (is_plain_han(cell)) {
    result = cell;
  } else if (ascii) {
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
  if (cell.size() == 18) {
    if (const Code code = id_of_eighteen(cell); code != 0) return code;
  }
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
  return id_from(number, check, right, year, month, day);
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
  if (cell.size() == 10 && (cell[4] == '-' || cell[4] == '/' || cell[4] == '.') && cell[7] == cell[4]) {
    const char digits[8] = {cell[0], cell[1], cell[2], cell[3], cell[5], cell[6], cell[8], cell[9]};
    const std::uint64_t word = word_of({digits, 8});
    if (eight_digits(word)) return number_from(word);
  }
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
  if (cell.size() == 11) {
    const char tail[8] = {'0', '0', '0', '0', '0', cell[8], cell[9], cell[10]};
    const std::uint64_t front = word_of(cell.substr(0, 8)), back = word_of({tail, 8});
    if (eight_digits(front) && eight_digits(back)) return 100'000'000'000ULL + number_from(front) * Code{1000} + number_from(back);
  }
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
    hash = (hash ^ word_of(bytes)) * 0xff51afd7ed558ccdULL;
    hash ^= hash >> 32;
    bytes.remove_prefix(8);
  }
  return mixed(hash ^ word_of(bytes));
}

}  // namespace yihu::link
