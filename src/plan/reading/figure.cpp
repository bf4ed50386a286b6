#include "plan/reading/figure.h"

#include "base/chinese_number.h"
#include "plan/reading/characters.h"

namespace yihu::plan {
namespace {

constexpr std::size_t digits_max = 15;
constexpr std::size_t numerals_max = 8;
constexpr std::size_t quotation_length_max = 120;

constexpr std::u32string_view numerals = U"〇零一二两三四五六七八九十百千";

double take_scale(std::u32string_view folded, std::size_t& at) {
  double scale = 1;
  const auto take = [&](char32_t name, double by) {
    if (at < folded.size() && folded[at] == name) {
      scale *= by;
      ++at;
    }
  };
  take(U'百', 100);
  take(U'千', 1'000);
  take(U'万', 10'000);
  take(U'亿', 100'000'000);
  return scale;
}

std::optional<Figure> figure_from_digits(std::u32string_view folded, std::size_t at) {
  auto end = at;
  double value = 0;
  while (end < folded.size() && end - at < digits_max) {
    const char32_t point = folded[end];
    // 3,218: the comma groups three digits.
    const bool groups = point == U',' && end > at && end + 3 < folded.size() && is_digit(folded[end + 1]) && is_digit(folded[end + 2]) &&
                        is_digit(folded[end + 3]) && (end + 4 >= folded.size() || !is_digit(folded[end + 4]));
    if (groups) {
      ++end;
      continue;
    }
    if (!is_digit(point)) break;
    value = value * 10 + static_cast<double>(point - U'0');
    ++end;
  }
  if (end < folded.size() && is_digit(folded[end])) return std::nullopt;
  if (end + 1 < folded.size() && folded[end] == U'.' && is_digit(folded[end + 1])) {
    double tenths = 0;
    double divisor = 1;
    for (++end; end < folded.size() && is_digit(folded[end]) && end - at < 2 * digits_max; ++end) {
      tenths = tenths * 10 + static_cast<double>(folded[end] - U'0');
      divisor *= 10;
    }
    value += tenths / divisor;
  }
  if (end < folded.size() && folded[end] == U' ') {
    auto after = end + 1;
    if (take_scale(folded, after) > 1) end += 1;
  }
  value *= take_scale(folded, end);
  return Figure{value, end - at, false};
}

}  // namespace

bool is_numeral(char32_t folded) { return numerals.find(folded) != numerals.npos; }

std::optional<Figure> figure_at(std::u32string_view folded, std::size_t at) {
  if (at >= folded.size()) return std::nullopt;
  if (is_digit(folded[at])) {
    const bool inside = at > 0 && (is_digit(folded[at - 1]) || is_letter(folded[at - 1]) || (folded[at - 1] == U'.' && at > 1 && is_digit(folded[at - 2])));
    return inside ? std::nullopt : figure_from_digits(folded, at);
  }
  if (!is_numeral(folded[at]) || (at > 0 && is_numeral(folded[at - 1]))) return std::nullopt;
  auto end = at;
  while (end < folded.size() && end - at < numerals_max && is_numeral(folded[end])) ++end;
  const auto number = base::number_from_chinese(folded.substr(at, end - at));
  if (!number) return std::nullopt;
  const double scale = take_scale(folded, end);
  return Figure{*number * scale, end - at, true};
}

std::optional<int> Reader::take_number(int low, int high) {
  const auto figure = figure_at(text_, at_);
  if (!figure || figure->value < low || figure->value > high || figure->value != static_cast<int>(figure->value)) return std::nullopt;
  at_ += figure->length;
  return static_cast<int>(figure->value);
}

std::size_t quoted_end(std::u32string_view folded, std::size_t at) {
  const char32_t open = folded[at];
  const char32_t close = open == U'《' ? U'》' : open == U'“' ? U'”' : U'\0';
  if (close == U'\0') return at;
  for (auto end = at + 1; end < folded.size() && end - at <= quotation_length_max; ++end) {
    if (folded[end] == close) return end + 1;
    if (folded[end] == open) return at;  // nested or unclosed: taken as text
  }
  return at;
}

}  // namespace yihu::plan
