#include "rule/token.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace yihu::rule {
namespace {

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || c == U'_'; }
int hexadecimal(char32_t c) {
  if (is_digit(c)) return static_cast<int>(c - U'0');
  if (c >= U'a' && c <= U'f') return static_cast<int>(c - U'a') + 10;
  if (c >= U'A' && c <= U'F') return static_cast<int>(c - U'A') + 10;
  return -1;
}

constexpr std::array<std::u32string_view, 6> long_symbols{U"<=", U">=", U"==", U"!=", U"&&", U"||"};
constexpr std::u32string_view short_symbols = U"()[]{}.,?:!-+*/%<>";
// Words that CEL keeps for itself; whoever names a thing so would break in other readers of CEL.
constexpr std::array<std::string_view, 16> reserved{"as",   "break",     "const",   "continue", "else",   "for",
                                                    "function", "if",    "import",  "let",      "loop",   "package",
                                                    "namespace", "return", "var",   "while"};
constexpr std::uint64_t integer_max = std::uint64_t{1} << 63;  // its negative is the least integer

class Lexer {
 public:
  Lexer(const Source& source, Mistakes& mistakes) : source_(source), points_(source.points()), mistakes_(mistakes) {}

  std::optional<std::vector<Token>> tokens() {
    while (true) {
      skip_space();
      begin_ = i_;
      if (i_ == points_.size()) break;
      if (!word()) return std::nullopt;
    }
    add(TokenKind::end, "");
    return std::move(tokens_);
  }

 private:
  char32_t at(std::size_t offset = 0) const { return i_ + offset < points_.size() ? points_[i_ + offset] : U'\0'; }
  bool starts(std::u32string_view with) const { return points_.compare(i_, with.size(), with) == 0; }
  Token& add(TokenKind kind, std::string text) {
    return tokens_.emplace_back(Token{kind, {begin_, i_}, std::move(text), 0, 0});
  }
  bool fail(base::Text text, base::Text mend = {}) {
    mistakes_.add(source_, {begin_, i_}, "rule_syntax", std::move(text), std::move(mend));
    return false;
  }

  void skip_space() {
    while (i_ < points_.size()) {
      if (starts(U"//")) {
        while (i_ < points_.size() && at() != U'\n') ++i_;
      } else if (at() == U' ' || (at() >= U'\t' && at() <= U'\r')) {
        ++i_;
      } else {
        break;
      }
    }
  }

  bool word() {
    if (is_digit(at()) || (at() == U'.' && is_digit(at(1)))) return number();
    if (at() == U'"' || at() == U'\'') return text(false);
    if ((at() == U'r' || at() == U'R') && (at(1) == U'"' || at(1) == U'\'')) {
      ++i_;
      return text(true);
    }
    if (bytes_begin()) return fail(base::text("规则里没有字节串。", "There are no byte strings in rules."));
    if (is_letter(at())) return name();
    return symbol();
  }

  bool bytes_begin() const {
    const auto is_b = [](char32_t c) { return c == U'b' || c == U'B'; };
    const auto is_r = [](char32_t c) { return c == U'r' || c == U'R'; };
    const auto is_quote = [](char32_t c) { return c == U'"' || c == U'\''; };
    return (is_b(at()) && (is_quote(at(1)) || (is_r(at(1)) && is_quote(at(2))))) ||
           (is_r(at()) && is_b(at(1)) && is_quote(at(2)));
  }

  bool name() {
    std::string text;
    while (is_letter(at()) || is_digit(at())) text += static_cast<char>(points_[i_++]);
    for (const std::string_view word : reserved) {
      if (text == word) {
        return fail(base::text("“{}”是保留词，不能当名称用。", "\"{}\" is a reserved word and names nothing.", text));
      }
    }
    add(TokenKind::name, std::move(text));
    return true;
  }

  bool symbol() {
    for (const std::u32string_view symbol : long_symbols) {
      if (!starts(symbol)) continue;
      i_ += 2;
      add(TokenKind::symbol, base::utf8(symbol));
      return true;
    }
    const char32_t one = points_[i_++];
    if (short_symbols.find(one) != short_symbols.npos) {
      add(TokenKind::symbol, base::utf8(one));
      return true;
    }
    if (one == U'=') return fail(base::text("比较相等要写“==”。", "Equality is written \"==\"."));
    if (one == U'&' || one == U'|') {
      return fail(base::text("“并且”写“&&”，“或者”写“||”。", "\"and\" is written \"&&\", \"or\" is written \"||\"."));
    }
    return fail(base::text("这里不认识字符“{}”。", "The character \"{}\" means nothing here.", base::utf8(one)),
                base::text("文字要写在引号里。", "Put text in quotes."));
  }

  bool number() {
    if (at() == U'0' && (at(1) == U'x' || at(1) == U'X')) {
      i_ += 2;
      return whole(16);
    }
    const std::size_t start = i_;
    while (is_digit(at())) ++i_;
    bool real = false;
    if (at() == U'.' && is_digit(at(1))) {
      real = true;
      ++i_;
      while (is_digit(at())) ++i_;
    }
    const std::size_t sign = at(1) == U'+' || at(1) == U'-' ? 1 : 0;
    if ((at() == U'e' || at() == U'E') && is_digit(at(1 + sign))) {
      real = true;
      i_ += 1 + sign;
      while (is_digit(at())) ++i_;
    }
    if (!real) {
      i_ = start;
      return whole(10);
    }
    std::string digits = base::utf8(std::u32string_view(points_).substr(start, i_ - start));
    if (digits.front() == '.') digits.insert(digits.begin(), '0');
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    // Too small to tell from zero is zero; too large is nothing we can reckon with.
    if (error == std::errc::result_out_of_range) value = std::strtod(digits.c_str(), nullptr);
    if (!std::isfinite(value)) return fail(base::text("这个数太大。", "This number is too large."));
    if (is_letter(at())) return fail(base::text("数字后面紧跟着字母。", "A letter follows the number."));
    add(TokenKind::real, digits).real = value;
    return true;
  }

  bool whole(unsigned base) {
    std::uint64_t value = 0;
    bool any = false;
    bool fits = true;
    for (int digit = hexadecimal(at()); digit >= 0 && static_cast<unsigned>(digit) < base; digit = hexadecimal(at())) {
      any = true;
      fits = fits && value <= (integer_max - static_cast<unsigned>(digit)) / base;
      value = fits ? value * base + static_cast<unsigned>(digit) : 0;
      ++i_;
    }
    if (!any) return fail(base::text("“0x”后面没有数字。", "No digit follows \"0x\"."));
    if (at() == U'u' || at() == U'U') {
      ++i_;
      return fail(base::text("规则里没有无符号整数。", "There are no unsigned integers in rules."),
                  base::text("去掉末尾的 u。", "Leave out the u."));
    }
    if (is_letter(at())) return fail(base::text("数字后面紧跟着字母。", "A letter follows the number."));
    if (!fits) return fail(base::text("这个数超出了 64 位整数。", "This number does not fit into 64 bits."));
    add(TokenKind::integer, base::utf8(std::u32string_view(points_).substr(begin_, i_ - begin_))).number = value;
    return true;
  }

  bool text(bool raw) {
    const char32_t quote = at();
    const bool triple = at(1) == quote && at(2) == quote;
    const std::u32string closing(triple ? 3 : 1, quote);
    i_ += closing.size();
    std::u32string content;
    while (!starts(closing)) {
      if (i_ >= points_.size() || (!triple && (at() == U'\n' || at() == U'\r'))) {
        return fail(base::text("引号没有结束。", "The quotation does not end."));
      }
      if (at() == U'\\' && !raw) {
        if (!escape(content)) return false;
      } else {
        content += points_[i_++];
      }
    }
    i_ += closing.size();
    if (content.find(U'\0') != content.npos) {
      return fail(base::text("文字里不能有编号为零的字符。", "A text cannot hold the character number zero."));
    }
    add(TokenKind::text, base::utf8(content));
    return true;
  }

  bool escape(std::u32string& content) {
    static constexpr std::u32string_view letters = U"abfnrtv\\'\"`?";
    static constexpr std::u32string_view meanings = U"\a\b\f\n\r\t\v\\'\"`?";
    ++i_;
    const char32_t letter = at();
    if (const std::size_t known = letters.find(letter); known != letters.npos && i_ < points_.size()) {
      ++i_;
      content += meanings[known];
      return true;
    }
    int digits = 0;
    unsigned base = 16;
    if (letter == U'x' || letter == U'X') digits = 2;
    if (letter == U'u') digits = 4;
    if (letter == U'U') digits = 8;
    if (digits != 0) ++i_;
    if (letter >= U'0' && letter <= U'3') {
      digits = 3;
      base = 8;
    }
    char32_t point = 0;
    int found = 0;
    for (; found < digits; ++found, ++i_) {
      const int digit = hexadecimal(at());
      if (digit < 0 || static_cast<unsigned>(digit) >= base) break;
      point = point * base + static_cast<char32_t>(digit);
    }
    if (digits == 0 || found < digits || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      return fail(base::text("不认识反斜杠后面的写法。", "What follows the backslash is not known."),
                  base::text("反斜杠本身写“\\\\”。", "A backslash itself is written \"\\\\\"."));
    }
    content += point;
    return true;
  }

  const Source& source_;
  const std::u32string& points_;
  Mistakes& mistakes_;
  std::vector<Token> tokens_;
  std::size_t i_ = 0;
  std::size_t begin_ = 0;
};

}  // namespace

std::optional<std::vector<Token>> tokens_from_text(const Source& source, Mistakes& mistakes) {
  return Lexer(source, mistakes).tokens();
}

}  // namespace yihu::rule
