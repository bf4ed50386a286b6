#include "plan/reading/marker.h"

#include "base/chinese_number.h"
#include "plan/reading/characters.h"

namespace yihu::plan {
namespace {

constexpr std::size_t digits_max = 4;
constexpr std::size_t numerals_max = 6;
constexpr std::size_t spaces_max = 4;

/// Reads forward; every step is bounded.
class Walker {
 public:
  Walker(std::u32string_view text, std::size_t at) : text_(text), begin_(at), at_(at) {}

  char32_t here() const { return at_ < text_.size() ? text_[at_] : U'\0'; }
  char32_t next() const { return at_ + 1 < text_.size() ? text_[at_ + 1] : U'\0'; }
  bool take(char32_t point) {
    if (here() != point) return false;
    ++at_;
    return true;
  }
  bool take(std::u32string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void take_spaces() {
    for (std::size_t i = 0; i < spaces_max && (here() == U' ' || here() == U'\t'); ++i) ++at_;
  }
  std::optional<int> digits() {
    const auto from = at_;
    int value = 0;
    while (is_digit(here()) && at_ - from <= digits_max) value = value * 10 + static_cast<int>(text_[at_++] - U'0');
    if (at_ == from || at_ - from > digits_max) return std::nullopt;
    return value;
  }
  std::optional<int> numerals() {
    constexpr std::u32string_view all = U"〇零一二两三四五六七八九十百";
    const auto from = at_;
    while (at_ - from <= numerals_max && all.find(here()) != all.npos) ++at_;
    return base::number_from_chinese(text_.substr(from, at_ - from));
  }
  /// 1.4月底前 and 1.2021年内: the sentence of the item begins with a month or year.
  bool day_follows() const {
    Walker ahead(text_, at_ + 1);
    const auto number = ahead.digits();
    return number && ((ahead.here() == U'月' && *number <= 12) || (ahead.here() == U'年' && *number >= 1000));
  }
  std::size_t length() const { return at_ - begin_; }

 private:
  std::u32string_view text_;
  std::size_t begin_;
  std::size_t at_;
};

std::optional<Marker> done(Walker& walker, MarkerStyle style, std::optional<int> number) {
  if (!number || *number == 0) return std::nullopt;
  walker.take_spaces();
  return Marker{style, *number, walker.length()};
}

/// ① ⑴ ⒈ ㈠ and their like: one character is the whole number.
std::optional<Marker> marker_from_one(Walker walker) {
  struct Row { char32_t first, last; MarkerStyle style; };
  constexpr Row rows[] = {
      {0x2460, 0x2473, MarkerStyle::circled},         {0x2474, 0x2487, MarkerStyle::bracketed_numeric},
      {0x2488, 0x249b, MarkerStyle::numeric},         {0x2776, 0x277f, MarkerStyle::circled},
      {0x3220, 0x3229, MarkerStyle::bracketed_chinese}, {0x3280, 0x3289, MarkerStyle::circled},
  };
  const char32_t point = walker.here();
  for (const auto& row : rows) {
    if (point < row.first || point > row.last) continue;
    walker.take(point);
    if (!walker.take(U'、')) walker.take(U'.');
    return done(walker, row.style, static_cast<int>(point - row.first) + 1);
  }
  return std::nullopt;
}

std::optional<Marker> marker_from_division(Walker walker) {
  if (!walker.take(U'第')) return std::nullopt;
  walker.take_spaces();
  const auto number = is_digit(walker.here()) ? walker.digits() : walker.numerals();
  walker.take_spaces();
  if (walker.take(U"条") || walker.take(U"项任务") || walker.take(U"项")) {
    // 第一条规定 speaks of an article; 第一条 加强领导 is one.
    constexpr std::u32string_view speaks_of = U"的规第至到和之所";
    if (speaks_of.find(walker.here()) != speaks_of.npos && walker.here() != U'\0') return std::nullopt;
    if (!walker.take(U':')) walker.take(U'、');
    return done(walker, MarkerStyle::article, number);
  }
  for (const std::u32string_view word : {U"部分", U"章", U"篇", U"编", U"板块", U"大类"}) {
    if (!walker.take(word)) continue;
    walker.take_spaces();
    if (!walker.take(U':')) walker.take(U'、');
    return done(walker, MarkerStyle::division, number);
  }
  return std::nullopt;
}

std::optional<Marker> marker_from_bracket(Walker walker) {
  if (!walker.take(U'(')) return std::nullopt;
  walker.take_spaces();
  const bool arabic = is_digit(walker.here());
  const auto number = arabic ? walker.digits() : walker.numerals();
  if (!number) return std::nullopt;
  walker.take_spaces();
  // (一、 with the second bracket missing still numbers a heading.
  const bool closed = walker.take(U')');
  if (!closed && (arabic || !walker.take(U'、'))) return std::nullopt;
  if (!walker.take(U'、') && !is_digit(walker.next())) walker.take(U'.');
  return done(walker, arabic ? MarkerStyle::bracketed_numeric : MarkerStyle::bracketed_chinese, number);
}

std::optional<Marker> marker_from_chinese(Walker walker) {
  const auto number = walker.numerals();
  if (!number) return std::nullopt;
  walker.take_spaces();
  if (walker.take(U')')) return done(walker, MarkerStyle::bracketed_chinese, number);
  if (!walker.take(U'、') && !walker.take(U'.')) return std::nullopt;
  return done(walker, MarkerStyle::chinese, number);
}

std::optional<Marker> marker_from_digits(Walker walker) {
  const auto number = walker.digits();
  if (!number) return std::nullopt;
  walker.take_spaces();
  if (walker.take(U')')) {
    walker.take(U'、');
    return done(walker, MarkerStyle::closed_numeric, number);
  }
  if (walker.here() == U'.' && is_digit(walker.next()) && !walker.day_follows()) return std::nullopt;  // 4.13 is no item
  if (!walker.take(U'.') && !walker.take(U'、')) return std::nullopt;
  if (!walker.take(U'、') && !is_digit(walker.next())) walker.take(U'.');
  // 1、2、3 is a list of numbers, not an item.
  Walker ahead = walker;
  if (ahead.digits() && ahead.here() == U'、') return std::nullopt;
  return done(walker, MarkerStyle::numeric, number);
}

}  // namespace

std::optional<Marker> marker_at(std::u32string_view folded, std::size_t at) {
  if (at >= folded.size()) return std::nullopt;
  const Walker walker(folded, at);
  const char32_t point = folded[at];
  if (point == U'第') return marker_from_division(walker);
  if (point == U'(') return marker_from_bracket(walker);
  if (is_digit(point)) return marker_from_digits(walker);
  if (point >= 0x2460 && point <= 0x3289) {
    if (auto one = marker_from_one(walker)) return one;
  }
  return marker_from_chinese(walker);
}

}  // namespace yihu::plan
