#include "sheet/list_number.h"

#include "base/chinese_number.h"
#include "base/utf8.h"

#include <array>
#include <cctype>
#include <utility>

namespace yihu::sheet {
namespace {

struct Named {
  std::string_view name;
  NumberStyle style;
};

constexpr Named word_formats[] = {
    {"none", NumberStyle::none},
    {"bullet", NumberStyle::none},
    {"decimal", NumberStyle::decimal},
    {"decimalHalfWidth", NumberStyle::decimal},
    {"decimalZero", NumberStyle::decimal_zero},
    {"decimalFullWidth", NumberStyle::full_width},
    {"decimalFullWidth2", NumberStyle::full_width},
    {"upperRoman", NumberStyle::upper_roman},
    {"lowerRoman", NumberStyle::lower_roman},
    {"upperLetter", NumberStyle::upper_letter},
    {"lowerLetter", NumberStyle::lower_letter},
    {"chineseCounting", NumberStyle::chinese},
    {"chineseCountingThousand", NumberStyle::chinese},
    {"japaneseCounting", NumberStyle::chinese},
    {"japaneseDigitalTenThousand", NumberStyle::chinese_digits},
    {"taiwaneseCounting", NumberStyle::chinese},
    {"taiwaneseCountingThousand", NumberStyle::chinese},
    {"taiwaneseDigital", NumberStyle::chinese_digits},
    {"ideographDigital", NumberStyle::chinese_digits},
    {"chineseLegalSimplified", NumberStyle::chinese_legal},
    {"ideographLegalTraditional", NumberStyle::chinese_legal},
    {"japaneseLegal", NumberStyle::chinese_legal},
    {"ideographTraditional", NumberStyle::heavenly_stem},
    {"ideographZodiac", NumberStyle::earthly_branch},
    {"decimalEnclosedCircle", NumberStyle::circled},
    {"decimalEnclosedCircleChinese", NumberStyle::circled},
    {"decimalEnclosedParen", NumberStyle::parenthesised},
    {"decimalEnclosedFullstop", NumberStyle::full_stopped},
    {"ideographEnclosedCircle", NumberStyle::chinese_circled},
    {"numberInDash", NumberStyle::dashed},
};

// An odt format may name a whole sequence ("一, 二, 三, ..."); its first sign tells which.
constexpr Named opendocument_signs[] = {
    {"1", NumberStyle::decimal},         {"a", NumberStyle::lower_letter},
    {"A", NumberStyle::upper_letter},    {"i", NumberStyle::lower_roman},
    {"I", NumberStyle::upper_roman},     {"一", NumberStyle::chinese},
    {"〇", NumberStyle::chinese_digits}, {"壹", NumberStyle::chinese_legal},
    {"壱", NumberStyle::chinese_legal},  {"甲", NumberStyle::heavenly_stem},
    {"子", NumberStyle::earthly_branch}, {"①", NumberStyle::circled},
    {"⑴", NumberStyle::parenthesised},   {"⒈", NumberStyle::full_stopped},
    {"㊀", NumberStyle::chinese_circled}, {"㈠", NumberStyle::chinese_enclosed},
    {"１", NumberStyle::full_width},     {"01", NumberStyle::decimal_zero},
};

constexpr Named css_types[] = {
    {"1", NumberStyle::decimal},
    {"a", NumberStyle::lower_letter},
    {"A", NumberStyle::upper_letter},
    {"i", NumberStyle::lower_roman},
    {"I", NumberStyle::upper_roman},
    {"decimal", NumberStyle::decimal},
    {"decimal-leading-zero", NumberStyle::decimal_zero},
    {"lower-alpha", NumberStyle::lower_letter},
    {"lower-latin", NumberStyle::lower_letter},
    {"upper-alpha", NumberStyle::upper_letter},
    {"upper-latin", NumberStyle::upper_letter},
    {"lower-roman", NumberStyle::lower_roman},
    {"upper-roman", NumberStyle::upper_roman},
    {"cjk-ideographic", NumberStyle::chinese},
    {"simp-chinese-informal", NumberStyle::chinese},
    {"trad-chinese-informal", NumberStyle::chinese},
    {"cjk-decimal", NumberStyle::chinese_digits},
    {"simp-chinese-formal", NumberStyle::chinese_legal},
    {"trad-chinese-formal", NumberStyle::chinese_legal},
    {"cjk-heavenly-stem", NumberStyle::heavenly_stem},
    {"cjk-earthly-branch", NumberStyle::earthly_branch},
    {"none", NumberStyle::none},
    {"disc", NumberStyle::none},
    {"circle", NumberStyle::none},
    {"square", NumberStyle::none},
};

constexpr std::u32string_view legal_digits = U"零壹贰叁肆伍陆柒捌玖";
constexpr std::u32string_view plain_digits = U"〇一二三四五六七八九";
constexpr std::u32string_view stems = U"甲乙丙丁戊己庚辛壬癸";
constexpr std::u32string_view branches = U"子丑寅卯辰巳午未申酉戌亥";

std::string roman(int number, bool upper) {
  constexpr std::pair<int, std::string_view> steps[] = {{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"},
                                                        {90, "xc"},  {50, "l"},   {40, "xl"}, {10, "x"},   {9, "ix"},
                                                        {5, "v"},    {4, "iv"},   {1, "i"}};
  std::string out;
  for (const auto& [value, letters] : steps) {
    for (; number >= value; number -= value) out += letters;
  }
  if (upper) {
    for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string each_digit(int number, std::u32string_view digits) {
  std::u32string out;
  for (const char c : std::to_string(number)) out += digits[static_cast<std::size_t>(c - '0')];
  return base::utf8(out);
}

/// 壹拾壹 is 一十一 with other signs, and the leading 壹 is always written.
std::string legal(int number) {
  std::string plain = base::chinese_from_number(number);
  std::u32string out;
  for (const char32_t c : base::code_points(plain)) {
    const std::size_t digit = plain_digits.find(c);
    if (digit != std::u32string_view::npos) out += legal_digits[digit];
    else if (c == U'十') out += out.empty() ? U"壹拾" : U"拾";
    else if (c == U'百') out += U'佰';
    else if (c == U'千') out += U'仟';
    else out += c;
  }
  return base::utf8(out);
}

/// Signs that Unicode has in a row for 1 … `last`.
std::string sign_in_row(int number, char32_t first, int last) {
  if (number > last) return std::to_string(number);
  return base::utf8(static_cast<char32_t>(first + static_cast<char32_t>(number - 1)));
}

}  // namespace

std::string written_number(NumberStyle style, int number) {
  if (style == NumberStyle::none) return {};
  constexpr int largest = 9'999;
  if (number < 1 || number > largest) return std::to_string(number);
  const auto place = static_cast<std::size_t>(number - 1);
  switch (style) {
    case NumberStyle::none:
    case NumberStyle::decimal: break;
    case NumberStyle::decimal_zero: return number < 10 ? "0" + std::to_string(number) : std::to_string(number);
    case NumberStyle::full_width: return each_digit(number, U"０１２３４５６７８９");
    case NumberStyle::upper_roman: return roman(number, true);
    case NumberStyle::lower_roman: return roman(number, false);
    case NumberStyle::upper_letter: return std::string(place / 26 + 1, static_cast<char>('A' + place % 26));
    case NumberStyle::lower_letter: return std::string(place / 26 + 1, static_cast<char>('a' + place % 26));
    case NumberStyle::chinese: return base::chinese_from_number(number);
    case NumberStyle::chinese_digits: return each_digit(number, plain_digits);
    case NumberStyle::chinese_legal: return legal(number);
    case NumberStyle::heavenly_stem: return base::utf8(stems[place % stems.size()]);
    case NumberStyle::earthly_branch: return base::utf8(branches[place % branches.size()]);
    case NumberStyle::circled:
      if (number > 35) return number > 50 ? std::to_string(number) : sign_in_row(number - 35, U'㊱', 15);
      return number > 20 ? sign_in_row(number - 20, U'㉑', 15) : sign_in_row(number, U'①', 20);
    case NumberStyle::parenthesised: return sign_in_row(number, U'⑴', 20);
    case NumberStyle::full_stopped: return sign_in_row(number, U'⒈', 20);
    case NumberStyle::chinese_circled: return sign_in_row(number, U'㊀', 10);
    case NumberStyle::chinese_enclosed: return sign_in_row(number, U'㈠', 10);
    case NumberStyle::dashed: return "- " + std::to_string(number) + " -";
  }
  return std::to_string(number);
}

NumberStyle number_style_from_word(std::string_view format) {
  for (const Named& known : word_formats) {
    if (known.name == format) return known.style;
  }
  return NumberStyle::decimal;
}

NumberStyle number_style_from_opendocument(std::string_view format) {
  if (format.empty()) return NumberStyle::none;
  const std::string_view sign = format.substr(0, format.find(','));
  for (const Named& known : opendocument_signs) {
    if (known.name == sign) return known.style;
  }
  return NumberStyle::decimal;
}

std::optional<NumberStyle> number_style_from_css(std::string_view type) {
  for (const Named& known : css_types) {
    if (known.name == type) return known.style;
  }
  return std::nullopt;
}

std::string label_before_text(std::string label) {
  while (!label.empty() && label.back() == ' ') label.pop_back();
  if (!label.empty() && static_cast<unsigned char>(label.back()) < 0x80) label += ' ';
  return label;
}

}  // namespace yihu::sheet
