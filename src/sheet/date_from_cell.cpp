#include "base/chinese_number.h"
#include "base/utf8.h"
#include "sheet/cell_reading.h"
#include "sheet/cell_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace yihu::sheet {
namespace {

using base::text;

constexpr int year_min = 1850;
constexpr int year_max = 2150;

/// What a text turned out to be.
enum class Found { day, month, two_digit_year, order_unclear, year_only, year_missing, no_such_day, other };

struct Reading {
  Found found = Found::other;
  int year = 0;
  int month = 0;
  int day = 1;
};

/// One number of a date: its value, and with how many digits it was written.
struct Figure {
  int value = 0;
  std::size_t digits = 0;
  bool chinese = false;
};

/// A date's text with widths folded; blanks are passed over where they cannot matter.
class DateText {
 public:
  explicit DateText(std::string_view utf8) {
    for (const char32_t c : base::code_points(utf8)) {
      if (!is_invisible(c)) points_ += is_blank(c) ? U' ' : narrow(c);
    }
    skip_blanks();
    take_any(U"'‘’");  // typed to keep it text
    skip_blanks();
  }

  void skip_blanks() {
    while (at_ < points_.size() && points_[at_] == U' ') ++at_;
  }
  bool ended() {
    skip_blanks();
    return at_ >= points_.size();
  }
  bool take(std::u32string_view word) {
    if (std::u32string_view(points_).substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  bool take_any(std::u32string_view signs) {
    if (at_ >= points_.size() || signs.find(points_[at_]) == signs.npos) return false;
    ++at_;
    return true;
  }
  char32_t next() const { return at_ < points_.size() ? points_[at_] : 0; }

  std::optional<Figure> figure() {
    constexpr std::size_t digits_max = 9;
    Figure figure;
    while (figure.digits < digits_max && next() >= U'0' && next() <= U'9') {
      figure.value = figure.value * 10 + static_cast<int>(points_[at_++] - U'0');
      ++figure.digits;
    }
    if (figure.digits > 0) return figure;
    return chinese_figure();
  }

 private:
  /// 二〇一九 digit by digit, or 三十一 as a number.
  std::optional<Figure> chinese_figure() {
    constexpr std::u32string_view digits = U"〇一二三四五六七八九";
    const std::size_t begin = at_;
    while (digits.find(next()) != digits.npos || std::u32string_view(U"零○O0十").find(next()) != std::u32string_view::npos) {
      if (next() == 0) break;
      ++at_;
    }
    const std::u32string_view word = std::u32string_view(points_).substr(begin, at_ - begin);
    if (word.empty()) return std::nullopt;
    Figure figure{0, word.size(), true};
    if (word.find(U'十') != word.npos) {
      const auto value = base::number_from_chinese(word);
      if (!value) return std::nullopt;
      figure.value = *value;
      figure.digits = 2;
      return figure;
    }
    if (word.size() > 4) return std::nullopt;
    for (const char32_t c : word) figure.value = figure.value * 10 + static_cast<int>(digits.find(c) == digits.npos ? 0 : digits.find(c));
    return figure;
  }

  std::u32string points_;
  std::size_t at_ = 0;
};

Reading day_of(int year, int month, int day) {
  const bool shaped = year >= year_min && year <= year_max && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  const bool exists = shaped && base::make_date(year, month, day).ok();
  return {exists ? Found::day : Found::no_such_day, year, month, day};
}

Reading month_of(int year, int month) {
  const bool exists = year >= year_min && year <= year_max && month >= 1 && month <= 12;
  return {exists ? Found::month : Found::no_such_day, year, month, 1};
}

/// "20190430", "201904"; anything else that is only digits is no date by itself.
Reading solid_reading(const Figure& figure) {
  if (figure.digits == 8) return day_of(figure.value / 10'000, figure.value / 100 % 100, figure.value % 100);
  if (figure.digits == 6) {
    const Reading reading = month_of(figure.value / 100, figure.value % 100);
    // "190430" may be meant as a day of 2019; "201904" cannot be anything else.
    return reading.found == Found::month ? reading : Reading{Found::two_digit_year};
  }
  return {figure.digits == 4 ? Found::year_only : Found::other};
}

/// 年, 月, 日 behind the figures; the year stands already.
Reading chinese_reading(DateText& source, const Figure& year) {
  if (year.digits != 4) return {Found::two_digit_year};
  source.skip_blanks();
  const auto month = source.figure();
  if (!month) return {source.ended() ? Found::year_only : Found::other};
  source.skip_blanks();
  if (!source.take(U"月")) return {};
  source.take(U"份");
  source.skip_blanks();
  const auto day = source.figure();
  if (!day) return month_of(year.value, month->value);
  source.skip_blanks();
  source.take_any(U"日号");
  return day_of(year.value, month->value, day->value);
}

/// Figures with the same sign between them.
Reading separated_reading(DateText& source, const Figure& first, char32_t sign) {
  const std::u32string_view same(&sign, 1);
  source.skip_blanks();
  const auto second = source.figure();
  if (!second) return {};
  source.skip_blanks();
  if (!source.take(same)) {
    if (first.digits == 4) return month_of(first.value, second->value);
    return {Found::year_missing};
  }
  source.skip_blanks();
  const auto third = source.figure();
  if (!third) return {};
  if (first.digits == 4) {
    source.take_any(U"日号");
    return day_of(first.value, second->value, third->value);
  }
  if (third->digits != 4) return {Found::two_digit_year};
  if (first.value > 12 || first.value == second->value) return day_of(third->value, second->value, first.value);
  if (second->value > 12) return day_of(third->value, first.value, second->value);
  return {Found::order_unclear};
}

/// A time, a zone or a weekday behind the day; all of it is left out.
bool take_time(DateText& source) {
  source.skip_blanks();
  if (source.take(U"(")) {
    const bool weekday = (source.take(U"星期") || source.take(U"周")) && source.take_any(U"一二三四五六日天") && source.take(U")");
    if (!weekday) return false;
  } else if (source.take(U"星期") || source.take(U"周")) {
    if (!source.take_any(U"一二三四五六日天")) return false;
  }
  source.skip_blanks();
  source.take(U"T");
  if (!source.take(U"上午")) source.take(U"下午");
  source.skip_blanks();
  if (source.ended()) return true;
  for (int part = 0; part < 3; ++part) {
    const auto figure = source.figure();
    if (!figure || figure->digits > 2) return false;
    if (!source.take_any(U":时点分秒")) break;
    if (source.ended()) return true;
  }
  if (source.take(U".")) source.figure();
  source.skip_blanks();
  if (source.take(U"Z") || source.take(U"AM") || source.take(U"PM")) return source.ended();
  if (source.take_any(U"+-")) {
    source.figure();
    if (source.take(U":")) source.figure();
  }
  return source.ended();
}

Reading reading_of(std::string_view utf8) {
  DateText source(utf8);
  const auto first = source.figure();
  if (!first) return {};
  source.skip_blanks();
  Reading reading;
  const char32_t sign = source.next();
  if (source.take(U"年")) reading = chinese_reading(source, *first);
  else if (source.take_any(U"-/.")) reading = separated_reading(source, *first, sign);
  else if (source.take(U"月")) return {Found::year_missing};
  else if (!first->chinese) reading = solid_reading(*first);
  if (reading.found == Found::other) return reading;
  return take_time(source) ? reading : Reading{};
}

/// Serial numbers are believed between 1927 and 2099: shorter ones may be years, longer ones anything.
std::optional<base::Date> day_of_serial(std::string_view number, bool from_1904) {
  constexpr double serial_min = 10'000;
  constexpr double serial_max = 73'050;
  double serial = 0;
  const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), serial);
  if (problem != std::errc() || end != number.data() + number.size() || serial < serial_min || serial > serial_max) return std::nullopt;
  const base::Date epoch = from_1904 ? base::make_date(1904, 1, 1) : base::make_date(1899, 12, 30);
  return base::plus_days(epoch, static_cast<int>(std::floor(serial)));
}

std::unexpected<base::Error> problem_of(Found found, const SheetCell& cell, std::string_view sheet) {
  const auto unclear = [&](base::Text what) {
    return refused(cell, sheet, "date_unclear", std::move(what), text("请写成 2019-04-30 的形式。", "Write it like 2019-04-30."));
  };
  switch (found) {
    case Found::two_digit_year: return unclear(text("日期的年份不是四位，不能确定。", "The date's year does not have four digits, so it is not clear."));
    case Found::order_unclear: return unclear(text("不能确定哪个是月、哪个是日。", "It is not clear which is the month and which the day."));
    case Found::year_only: return unclear(text("只有年份，缺少月和日。", "There is only a year, without month and day."));
    case Found::year_missing: return unclear(text("日期缺少年份。", "The date has no year."));
    case Found::no_such_day:
      return refused(cell, sheet, "date_missing_in_calendar", text("没有这一天。", "There is no such day."),
                     text("请核对年、月、日。", "Check year, month and day."));
    case Found::day:
    case Found::month:
    case Found::other: break;
  }
  return unclear(text("这里应填日期，单元格内容不是能确定的日期。", "A date is wanted here, and what the cell holds is not clearly one."));
}

}  // namespace

base::Result<CellDate> date_from_cell(const SheetCell& cell, std::string_view sheet, bool from_1904) {
  TRY(usable(cell, sheet));
  if (cell.kind == CellKind::boolean) return problem_of(Found::other, cell, sheet);
  const bool is_number = cell.kind == CellKind::number;
  // 2019.1 as a number may be January or October, so only whole numbers are read like text.
  const std::string_view value = is_number ? cell.number : cell.text;
  const bool fraction = is_number && value.find('.') != std::string_view::npos;
  Reading reading;
  if (!fraction) reading = reading_of(value);
  if (reading.found == Found::day || reading.found == Found::month) {
    return CellDate{base::make_date(reading.year, reading.month, reading.day), reading.found == Found::month};
  }
  if (reading.found == Found::other) {
    const std::string folded = is_number ? std::string(value) : folded_text(value);
    if (const auto day = day_of_serial(folded, from_1904)) return CellDate{*day, false};
  }
  return problem_of(reading.found, cell, sheet);
}

}  // namespace yihu::sheet
