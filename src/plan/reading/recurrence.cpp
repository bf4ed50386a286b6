#include "plan/reading/recurrence.h"

#include "plan/reading/demand.h"
#include "plan/reading/figure.h"

#include <array>

namespace yihu::plan {
namespace {

// How far behind the period its count may stand: 每季度至少召开一次, 每天与贫困学生见一次面.
constexpr std::size_t count_reach = 14;

struct Period {
  std::string_view per;
  int times = 1;
};

struct Name {
  std::u32string_view text;
  Period period;
};

// Longer names stand before those they begin with.
constexpr auto names = std::to_array<Name>({
    {U"半年度", {"half_year"}}, {U"半年", {"half_year"}}, {U"半个月", {"half_month"}}, {U"半月", {"half_month"}}, {U"季度", {"quarter"}}, {U"季", {"quarter"}},
    {U"个季度", {"quarter"}},   {U"个月", {"month"}},     {U"月度", {"month"}},        {U"月", {"month"}},        {U"个星期", {"week"}},  {U"星期", {"week"}},
    {U"周", {"week"}},          {U"个学期", {"term"}},    {U"学期", {"term"}},         {U"学年", {"year"}},       {U"年度", {"year"}},    {U"年", {"year"}},
    {U"工作日", {"day"}},       {U"个工作日", {"day"}},   {U"日", {"day"}},            {U"天", {"day"}},          {U"旬", {"month", 3}},
});

std::optional<Period> take_period(Reader& reader) {
  for (const auto& name : names) {
    if (reader.take(name.text)) return name.period;
  }
  return std::nullopt;
}

/// 每两个月, 每3周: as often as that is in a period that has a name. None where it has none (每两年).
std::optional<Period> stretched(std::string_view per, int count) {
  if (count == 1) return Period{per};
  if (per == "week" && count == 2) return Period{"half_month"};
  if (per == "month") {
    switch (count) {
      case 2: return Period{"year", 6};
      case 3: return Period{"quarter"};
      case 4: return Period{"year", 3};
      case 6: return Period{"half_year"};
      case 12: return Period{"year"};
      default: return std::nullopt;
    }
  }
  if (per == "quarter" && count == 2) return Period{"half_year"};
  return std::nullopt;
}

bool take_time_word(Reader& reader) {
  return reader.take_any(U"场次", U"次", U"轮", U"遍", U"回", U"场", U"期");
}

/// 一次, 2次, 两轮 at the reader.
std::optional<int> take_times(Reader& reader) {
  Reader ahead = reader;
  const auto times = ahead.take_number(1, 400);
  ahead.take_spaces();
  if (!times || !take_time_word(ahead)) return std::nullopt;
  reader = ahead;
  return times;
}

bool ends_clause(char32_t point) {
  constexpr std::u32string_view stops = U",。;:、!?()《》“”";
  return stops.find(point) != stops.npos || point == U'\0';
}

/// Looks a little further in the same clause for how often. 每…每… begins another one.
std::optional<int> times_ahead(Reader& reader) {
  Reader ahead = reader;
  for (std::size_t i = 0; i < count_reach && !ends_clause(ahead.here()) && ahead.here() != U'每'; ++i) {
    if (auto times = take_times(ahead)) {
      reader = ahead;
      return times;
    }
    ahead.skip(1);
  }
  return std::nullopt;
}

using Found = std::optional<Period>;

/// 每月, 每半年至少2次, 每两个月, 每周一 (a weekday).
Found from_every(Reader& reader) {
  if (!reader.take(U"每")) return std::nullopt;
  reader.take(U"隔");
  Reader ahead = reader;
  const auto count = ahead.take_number(1, 12);
  if (!count) ahead = reader;
  ahead.take_spaces();
  const auto period = take_period(ahead);
  if (!period) return std::nullopt;
  // 每年级, 每日制 are other words.
  if (Reader(ahead).take_any(U"级", U"龄", U"制", U"份额")) return std::nullopt;
  Found found = stretched(period->per, count.value_or(1));
  if (!found) return std::nullopt;
  found->times *= period->times;
  reader = ahead;
  if (period->per == "month" && reader.take(U"底")) return found;
  if (const auto times = times_ahead(reader)) found->times *= *times;
  return found;
}

/// 年内2次, 全年不少于4次, 年内开展2次.
Found from_year(Reader& reader) {
  if (!reader.take_any(U"年内", U"全年", U"年度内", U"一年内", U"一年")) return std::nullopt;
  reader.take_spaces();
  const auto times = times_ahead(reader);
  return times ? Found(Period{"year", *times}) : std::nullopt;
}

/// 按月, 按季度, 逐月: but 按年度任务, 逐年 and 按月份 say something else.
Found from_by(Reader& reader) {
  if (!reader.take_any(U"按", U"逐")) return std::nullopt;
  const auto period = take_period(reader);
  if (!period || period->per == "year" || period->per == "day" || Reader(reader).take_any(U"份", U"计划", U"内", U"任务", U"目标")) return std::nullopt;
  return period;
}

/// 一月一调度, 一季一督查, 半年一次, 一周一次, 两年一次 (which has no name).
Found from_once(Reader& reader) {
  Reader ahead = reader;
  const bool half = ahead.take(U"半");
  if (half && !Reader(ahead).take_any(U"年", U"月")) return std::nullopt;
  const auto count = half ? std::optional(1) : ahead.take_number(1, 12);
  if (!count) return std::nullopt;
  if (half) ahead = reader;
  ahead.take(U"个");
  const auto period = take_period(ahead);
  if (!period) return std::nullopt;
  auto found = stretched(period->per, *count);
  if (!found) return std::nullopt;
  if (const auto times = take_times(ahead)) {
    found->times *= *times;
  } else if (!ahead.take_any(U"一调度", U"一通报", U"一督查", U"一督导", U"一研判", U"一报告", U"一报", U"一例会", U"一会商", U"一分析", U"一评估", U"一考核", U"一排查", U"一走访", U"一总结", U"一点评", U"一小结", U"一更新", U"一比对", U"一汇总")) {
    return std::nullopt;
  }
  reader = ahead;
  return found;
}

/// 月调度, 季通报, 周例会, 半年考核: short names of what recurs.
Found from_short(Reader& reader, std::u32string_view text) {
  const auto at = reader.at();
  constexpr std::u32string_view counted = U"每个本当次上下按逐全两三四五六七八九十";
  if (at > 0 && (is_digit(text[at - 1]) || is_numeral(text[at - 1]) || counted.find(text[at - 1]) != counted.npos)) return std::nullopt;
  const auto period = take_period(reader);
  if (!period || !reader.take_any(U"调度", U"通报", U"例会", U"督查制", U"督导制", U"研判", U"会商", U"点评", U"报制", U"报告制", U"督查、", U"考核、", U"推进会")) return std::nullopt;
  return period;
}

/// 年中和年终: twice a year.
Found from_ends(Reader& reader) {
  for (const std::u32string_view words : {U"年中和年终", U"年中、年终", U"年中和年末", U"年中、年末", U"年中和年底", U"年中、年底", U"半年和年终", U"半年和年末"}) {
    if (reader.take(words)) return Period{"half_year"};
  }
  return std::nullopt;
}

Found recurrence_at(std::u32string_view text, std::size_t at, Reader& reader) {
  switch (text[at]) {
    case U'每': return from_every(reader);
    case U'按':
    case U'逐': return from_by(reader);
    default: break;
  }
  using Try = Found (*)(Reader&);
  for (const Try attempt : {Try{from_ends}, Try{from_year}, Try{from_once}}) {
    Reader fresh(text, at);
    // 三年一次 does not begin at 年.
    const bool inside = at > 0 && (is_numeral(text[at - 1]) || is_digit(text[at - 1]));
    if (inside) continue;
    if (auto found = attempt(fresh)) {
      reader = fresh;
      return found;
    }
  }
  return from_short(reader, text);
}

bool may_begin(char32_t point) {
  constexpr std::u32string_view first = U"每按逐年全半季月周日旬学";
  return first.find(point) != first.npos || is_numeral(point) || is_digit(point);
}

}  // namespace

std::vector<FoundRecurrence> recurrences_in(const Characters& sentence) {
  std::vector<FoundRecurrence> found;
  const std::u32string_view text = sentence.folded;
  for (std::size_t i = 0; i < text.size() && found.size() < demands_max;) {
    if (may_begin(text[i])) {
      Reader reader(text, i);
      if (const auto period = recurrence_at(text, i, reader)) {
        found.push_back({{std::string(period->per), period->times, sentence.text(i, reader.at()), sentence.span(i, reader.at())}, {i, reader.at()}});
        i = reader.at();
        continue;
      }
    }
    const auto quoted = text[i] == U'《' ? quoted_end(text, i) : i;
    i = quoted > i ? quoted : i + 1;
  }
  return found;
}

}  // namespace yihu::plan
