#include "plan/reading/deadline.h"

#include "base/date.h"
#include "plan/reading/demand.h"
#include "plan/reading/figure.h"

#include <algorithm>
#include <array>

namespace yihu::plan {
namespace {

using base::Date;

/// A stretch of days. Without a year in the text it is that of the plan.
struct Stretch {
  std::optional<Date> first;
  std::optional<Date> last;
  bool whole = true;       ///< a month, a quarter: `first` is worth telling
  bool before = false;     ///< 前 follows
  bool month_only = false; ///< 6月 without 底: 6月前 leaves open which day
  int year = 0;
};

std::optional<Date> date_of(int year, int month, int day) {
  const Date date = base::make_date(year, month, day);
  return date.ok() ? std::optional(date) : std::nullopt;
}

bool take_before(Reader& reader) {
  reader.take_spaces();
  return reader.take_any(U"之前", U"以前", U"前", U"之内", U"以内", U"内");
}

/// 2019年, 二〇一九年, 今年, 明年. `given` is the year that 今年 means.
std::optional<int> take_year(Reader& reader, int given) {
  Reader ahead = reader;
  if (ahead.take_any(U"今年", U"本年度", U"本年", U"当年")) {
    reader = ahead;
    return given > 0 ? std::optional(given) : std::nullopt;
  }
  if (ahead.take_any(U"明年", U"次年", U"来年")) {
    reader = ahead;
    return given > 0 ? std::optional(given + 1) : std::nullopt;
  }
  int year = 0;
  if (is_digit(ahead.here())) {
    const auto number = ahead.take_number(1990, 2099);
    if (!number) return std::nullopt;
    year = *number;
  } else {
    constexpr std::u32string_view digits = U"〇一二三四五六七八九";
    for (int i = 0; i < 4; ++i) {
      const char32_t point = ahead.here() == U'零' ? U'〇' : ahead.here();
      const auto digit = digits.find(point);
      if (digit == digits.npos) return std::nullopt;
      year = year * 10 + static_cast<int>(digit);
      ahead.skip(1);
    }
    if (year < 1990 || year > 2099) return std::nullopt;
  }
  ahead.take_spaces();
  if (!ahead.take(U"年")) return std::nullopt;
  ahead.take_spaces();
  reader = ahead;
  return year;
}

/// What stands behind a month: 底, 上旬, 15日, or nothing.
std::optional<Stretch> take_in_month(Reader& reader, int year, int month) {
  Stretch stretch;
  stretch.year = year;
  const int last = static_cast<int>(static_cast<unsigned>(base::last_day_of_month(year, month).day()));
  reader.take(U"份");
  reader.take_spaces();
  const auto between = [&](int from, int to) {
    stretch.first = date_of(year, month, from);
    stretch.last = date_of(year, month, to);
  };
  if (reader.take_any(U"月底", U"底", U"末", U"月末")) {
    between(last, last);
    stretch.whole = false;
  } else if (reader.take(U"上旬")) {
    between(1, 10);
  } else if (reader.take(U"中旬")) {
    between(11, 20);
  } else if (reader.take(U"下旬")) {
    between(21, last);
  } else if (reader.take_any(U"初", U"中")) {
    stretch.whole = false;  // nobody can say which day
  } else {
    Reader ahead = reader;
    const auto day = ahead.take_number(1, 99);
    ahead.take_spaces();
    if (day && ahead.take_any(U"日", U"号")) {
      reader = ahead;
      between(*day, *day);
      stretch.whole = false;
    } else {
      between(1, last);
      stretch.month_only = true;
    }
  }
  return stretch;
}

std::optional<Stretch> take_month(Reader& reader, int year) {
  Reader ahead = reader;
  const auto month = ahead.take_number(1, 12);
  ahead.take_spaces();
  if (!month || !ahead.take(U"月")) return std::nullopt;
  auto stretch = take_in_month(ahead, year, *month);
  if (stretch) reader = ahead;
  return stretch;
}

std::optional<Stretch> take_quarter(Reader& reader, int year) {
  Reader ahead = reader;
  const bool until = ahead.take(U"前");  // 前三季度
  ahead.take(U"第");
  const auto quarter = ahead.take_number(1, 4);
  if (!quarter || !ahead.take(U"季度")) return std::nullopt;
  reader = ahead;
  Stretch stretch;
  stretch.year = year;
  stretch.first = date_of(year, until ? 1 : 3 * *quarter - 2, 1);
  stretch.last = base::last_day_of_month(year, 3 * *quarter);
  if (reader.take_any(U"末", U"底")) stretch.whole = false;
  stretch.month_only = stretch.whole;
  return stretch;
}

std::optional<Stretch> take_half(Reader& reader, int year) {
  Stretch stretch;
  stretch.year = year;
  if (reader.take(U"上半年")) {
    stretch.first = date_of(year, 1, 1);
    stretch.last = date_of(year, 6, 30);
  } else if (reader.take(U"下半年")) {
    stretch.first = date_of(year, 7, 1);
    stretch.last = date_of(year, 12, 31);
  } else {
    return std::nullopt;
  }
  return stretch;
}

struct Feast {
  std::u32string_view name;
  int month;  ///< 0: the day moves from year to year
  int day;
};
constexpr auto feasts = std::to_array<Feast>({
    {U"春节", 0, 0}, {U"汛期", 0, 0}, {U"雨季", 0, 0}, {U"台风季", 0, 0}, {U"中秋", 0, 0}, {U"端午", 0, 0}, {U"清明", 0, 0}, {U"开学", 0, 0}, {U"入冬", 0, 0},
    {U"元旦", 1, 1}, {U"五一", 5, 1}, {U"“五一”", 5, 1}, {U"“七一”", 7, 1}, {U"国庆", 10, 1}, {U"“十一”", 10, 1}, {U"“八一”", 8, 1},
});

/// 国庆节前, 汛期前: the day before the feast, or unclear where the feast moves.
std::optional<Stretch> take_feast(Reader& reader, int year, bool year_given) {
  for (const auto& feast : feasts) {
    Reader ahead = reader;
    if (!ahead.take(feast.name)) continue;
    ahead.take(U"节");
    if (!ahead.take_any(U"之前", U"以前", U"前")) return std::nullopt;
    reader = ahead;
    Stretch stretch;
    stretch.whole = false;
    stretch.before = true;
    stretch.year = year;
    // 元旦前 without a year means the coming one.
    const int of = feast.month == 1 && !year_given ? year + 1 : year;
    if (feast.month > 0 && year > 0) stretch.last = base::plus_days(base::make_date(of, feast.month, feast.day), -1);
    return stretch;
  }
  return std::nullopt;
}

bool follows(const Reader& reader, std::initializer_list<std::u32string_view> words) {
  return std::ranges::any_of(words, [&](std::u32string_view word) { return Reader(reader).take(word); });
}

class Finder {
 public:
  Finder(const Characters& sentence, int year, bool bare_days)
      : sentence_(sentence), text_(sentence.folded), year_(year), bare_days_(bare_days) {}

  /// The deadline that begins at `at`; `end` is set behind it.
  std::optional<Deadline> at(std::size_t at, std::size_t& end) const {
    if (at > 0 && (is_digit(text_[at - 1]) || (is_numeral(text_[at]) && is_numeral(text_[at - 1])))) return std::nullopt;
    Reader reader(text_, at);
    if (auto numeric = numeric_day(reader)) return finish(*numeric, at, reader, end);
    if (auto within = relative(reader)) return finish(*within, at, reader, end);
    const auto explicit_year = take_year(reader, year_);
    const int year = explicit_year.value_or(year_);
    if (explicit_year || reader.at() > at) {
      if (auto whole = whole_year(reader, year, at)) return finish(*whole, at, reader, end);
    } else if (auto loose = end_of_year(reader, at)) {
      return finish(*loose, at, reader, end);
    }
    const int shown_year = year > 0 ? year : 2000;
    auto stretch = first_of(reader, shown_year, reader.at() > at);
    if (!stretch) return std::nullopt;
    if (explicit_year && year_ > 0 && *explicit_year < year_) return std::nullopt;  // tells of the past
    if (!close(reader, *stretch, at, shown_year)) return std::nullopt;
    if (year <= 0) stretch->first = stretch->last = std::nullopt;
    return finish(*stretch, at, reader, end);
  }

 private:
  static std::optional<Stretch> first_of(Reader& reader, int year, bool year_given) {
    if (auto half = take_half(reader, year)) return half;
    if (auto quarter = take_quarter(reader, year)) return quarter;
    if (auto feast = take_feast(reader, year, year_given)) return feast;
    return take_month_range(reader, year);
  }

  /// 7-8月 as well as 7月.
  static std::optional<Stretch> take_month_range(Reader& reader, int year) {
    Reader ahead = reader;
    const auto from = ahead.take_number(1, 12);
    if (from && ahead.take_any(U"--", U"-", U"至", U"到")) {
      Reader second = ahead;
      if (auto last = take_month(second, year); last && last->month_only && last->last) {
        reader = second;
        last->first = date_of(year, *from, 1);
        last->month_only = false;
        return last;
      }
    }
    return take_month(reader, year);
  }

  /// Takes 前, or 至 and the second day. False if the words only mention a time.
  bool close(Reader& reader, Stretch& stretch, std::size_t begin, int year) const {
    if (stretch.before || take_range_end(reader, stretch, year)) return true;
    const bool open_end = follows(reader, {U"起", U"以来", U"以后", U"之后", U"后", U"发布", U"印发"});
    if (open_end) return false;
    Reader ahead = reader;
    if (take_before(ahead)) {
      reader = ahead;
      stretch.before = true;
      if (stretch.month_only) stretch.last = std::nullopt;  // 6月前: in May, or in June?
      stretch.first = std::nullopt;
      return true;
    }
    if (!stretch.last) return bare_days_ || follows(reader, {U"完成", U"启动", U"召开", U"开展"}) || led_by(begin);
    if (!stretch.whole && stretch.first == stretch.last) {
      if (text_[reader.at() - 1] == U'底' || text_[reader.at() - 1] == U'末') {
        stretch.first = std::nullopt;
        return true;
      }
      return bare_days_ || led_by(begin) || starts_work(reader);
    }
    if (stretch.month_only && text_[reader.at() - 1] == U'月') return bare_days_ || led_by(begin) || starts_work(reader);
    return true;
  }

  bool take_range_end(Reader& reader, Stretch& stretch, int year) const {
    if (!stretch.first) return false;
    Reader ahead = reader;
    ahead.take_spaces();
    ahead.take(U"起");  // 7月1日起至9月30日
    if (!ahead.take_any(U"--", U"-", U"至", U"到")) return false;
    ahead.take_spaces();
    const auto second_year = take_year(ahead, year_).value_or(year);
    std::optional<Stretch> second = take_quarter(ahead, second_year);
    if (!second) second = take_month(ahead, second_year);
    if (!second) {
      const auto day = ahead.take_number(1, 31);  // 3月15日至20日
      if (!day || !ahead.take_any(U"日", U"号") || !stretch.first) return false;
      second = Stretch{};
      second->last = date_of(static_cast<int>(stretch.first->year()), static_cast<int>(static_cast<unsigned>(stretch.first->month())), *day);
    }
    if (!second->last) return false;
    // 11月至2月 ends in the next year.
    if (*second->last < *stretch.first && second_year == year) {
      second->last = date_of(year + 1, static_cast<int>(static_cast<unsigned>(second->last->month())), static_cast<int>(static_cast<unsigned>(second->last->day())));
    }
    stretch.last = second->last;
    stretch.whole = true;
    reader = ahead;
    reader.take_any(U"期间", U"底前", U"前");
    return true;
  }

  /// 于, 在, 截至 before a day make it a day to keep.
  bool led_by(std::size_t begin) const {
    constexpr std::u32string_view leads = U"于在至到止定";
    return begin > 0 && leads.find(text_[begin - 1]) != leads.npos;
  }
  static bool starts_work(const Reader& reader) {
    return follows(reader, {U"完成", U"启动", U"召开", U"开展", U"组织", U"进行", U"举办", U"实施", U"集中", U"全面", U"上报", U"报送", U"前后", U"验收", U"开工", U"竣工", U",", U"办"});
  }

  std::optional<Stretch> whole_year(Reader& reader, int year, std::size_t begin) const {
    Stretch stretch;
    stretch.whole = false;
    stretch.year = year;
    Reader ahead = reader;
    if (ahead.take_any(U"年底", U"底", U"年末", U"末", U"年终", U"终")) {
      take_before(ahead);
    } else if (ahead.take_any(U"内", U"度内", U"以内", U"之内")) {
    } else if (follows(ahead, {U"完成", U"建成"}) && text_.substr(begin).starts_with(U"当年")) {
      ahead.skip(2);
    } else if (year == year_ && follows(ahead, {U"完成", U"全面完成", U"全部", U"实现", U"建成", U"达到"}) && is_digit(text_[begin])) {
    } else if (ahead.take_any(U"之前", U"以前", U"前")) {
      --year;  // 2021年前: by the end of 2020
      if (year < year_) return std::nullopt;
    } else if (begin > 0 && (text_[begin - 1] == U'到' || text_[begin - 1] == U'至') && is_digit(text_[begin]) && !follows(ahead, {U"1", U"2", U"3", U"4", U"5", U"6", U"7", U"8", U"9", U"上半", U"下半", U"第", U"春", U"国"})) {
    } else {
      return std::nullopt;
    }
    if (year > 0 && year_ > 0 && year < year_) return std::nullopt;
    if (year > 0) stretch.last = date_of(year, 12, 31);
    reader = ahead;
    return stretch;
  }

  std::optional<Stretch> end_of_year(Reader& reader, std::size_t begin) const {
    // 三年内 counts from somewhere; 年内 is the plan's own year.
    if (begin > 0 && (is_numeral(text_[begin - 1]) || is_digit(text_[begin - 1]) || text_[begin - 1] == U'每' || text_[begin - 1] == U'几')) return std::nullopt;
    Reader ahead = reader;
    const bool dated = ahead.take_any(U"年底之前", U"年底以前", U"年底前", U"年末前", U"年终前", U"年内", U"年度内", U"岁末前");
    if (!dated) {
      const bool mention = ahead.take_any(U"年底", U"年末");
      const bool meant = mention && (bare_days_ || led_by(begin) || follows(ahead, {U"完成", U"全部", U"全面", U"实现", U"达到", U"基本", U"确保", U","}));
      const bool all_year = !mention && ahead.take(U"全年");
      if (!meant && !all_year) return std::nullopt;
    }
    reader = ahead;
    Stretch stretch;
    stretch.whole = false;
    if (year_ > 0) stretch.last = date_of(year_, 12, 31);
    return stretch;
  }

  /// 2019.6.30前, 2019-06-30前, 2019/6/30前: without 前 it may be anything.
  std::optional<Stretch> numeric_day(Reader& reader) const {
    Reader ahead = reader;
    int parts[3];
    for (int i = 0; i < 3; ++i) {
      const char32_t mark = ahead.here();
      if (i > 0 && mark != U'.' && mark != U'-' && mark != U'/') return std::nullopt;
      if (i > 0) ahead.skip(1);
      int value = 0;
      int digits = 0;
      for (; is_digit(ahead.here()) && digits < 5; ++digits, ahead.skip(1)) value = value * 10 + static_cast<int>(ahead.here() - U'0');
      if (digits == 0 || digits > 4 || (i == 0 && digits != 4)) return std::nullopt;
      parts[i] = value;
    }
    if (!take_before(ahead) && !bare_days_) return std::nullopt;
    if (parts[0] < year_ || parts[0] > 2099) return std::nullopt;
    reader = ahead;
    Stretch stretch;
    stretch.whole = false;
    stretch.last = date_of(parts[0], parts[1], parts[2]);
    return stretch;
  }

  /// 10个工作日内, 3个月内: counts from a day that the text does not name.
  std::optional<Stretch> relative(Reader& reader) const {
    Reader ahead = reader;
    if (!ahead.take_number(1, 999)) return std::nullopt;
    ahead.take_spaces();
    if (!ahead.take_any(U"个工作日", U"个自然日", U"日", U"天", U"个月", U"周", U"个星期", U"小时", U"年")) return std::nullopt;
    if (!ahead.take_any(U"之内", U"以内", U"内")) return std::nullopt;
    reader = ahead;
    Stretch stretch;
    stretch.whole = false;
    return stretch;
  }

  Deadline finish(const Stretch& stretch, std::size_t begin, const Reader& reader, std::size_t& end) const {
    end = reader.at();
    Deadline deadline;
    if (stretch.last) deadline.by = base::to_string(*stretch.last);
    // 完成时限：9月30日 names the last day; 于9月20日召开 the day itself.
    const bool day = stretch.first == stretch.last;
    if (stretch.last && stretch.first && (stretch.whole || (day && !bare_days_))) deadline.from = base::to_string(*stretch.first);
    deadline.text = sentence_.text(begin, end);
    deadline.span = sentence_.span(begin, end);
    return deadline;
  }

  const Characters& sentence_;
  std::u32string_view text_;
  int year_;
  bool bare_days_;
};

bool may_begin(char32_t point) {
  constexpr std::u32string_view first = U"今本当明次来年全上下第前春汛雨台中端清开入元五国岁“";
  return is_digit(point) || is_numeral(point) || first.find(point) != first.npos;
}

}  // namespace

std::vector<Deadline> deadlines_in(const Characters& sentence, int year, const std::vector<base::Span>& taken, bool bare_days) {
  std::vector<Deadline> deadlines;
  const Finder finder(sentence, year, bare_days);
  std::size_t next_taken = 0;
  for (std::size_t i = 0; i < sentence.size() && deadlines.size() < demands_max;) {
    while (next_taken < taken.size() && taken[next_taken].end <= i) ++next_taken;
    if (next_taken < taken.size() && i >= taken[next_taken].begin) {
      i = taken[next_taken].end;
      continue;
    }
    const char32_t point = sentence.folded[i];
    std::size_t end = 0;
    if (may_begin(point)) {
      if (auto deadline = finder.at(i, end); deadline && end > i) {
        deadlines.push_back(std::move(*deadline));
        i = end;
        continue;
      }
    }
    const auto quoted = quoted_end(sentence.folded, i);
    i = quoted > i ? quoted : i + 1;
  }
  return deadlines;
}

}  // namespace yihu::plan
