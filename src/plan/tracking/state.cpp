#include "plan/tracking/state.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace yihu::plan {
namespace {

using base::Date;
using base::days_between;
using base::text;

constexpr std::size_t names_shown_max = 2;
constexpr int warning_days_max = 14;

int urgency(State state) {
  switch (state) {
    case State::late: return 4;
    case State::at_risk: return 3;
    case State::unknown: return 2;
    case State::on_course: return 1;
    case State::done: return 0;
  }
  return 0;
}

const Word* word_of(const Duty& duty, const std::string& unit) {
  for (const Word& word : duty.words) {
    if (word.unit == unit) return &word;
  }
  return nullptr;
}

/// "灵山镇、演丰镇等 4 个单位"
base::Text names(const std::vector<const Debtor*>& debtors) {
  base::Text list;
  for (std::size_t i = 0; i < std::min(debtors.size(), names_shown_max); ++i) {
    if (i > 0) list.zh += "、", list.en += ", ";
    list.zh += debtors[i]->name.zh;
    list.en += debtors[i]->name.en.empty() ? debtors[i]->name.zh : debtors[i]->name.en;
  }
  if (debtors.size() <= names_shown_max) return list;
  return text("{0}等 {2} 个单位", "{1} and {3} more", list.zh, list.en, debtors.size(), debtors.size() - names_shown_max);
}

/// Who still owes a word, and who has spoken without being done.
struct Open {
  std::vector<const Debtor*> silent;
  std::vector<const Debtor*> partial;
  std::size_t done = 0;
};

void sort_in(const Duty& duty, const std::vector<Debtor>& debtors, Open& open) {
  for (const Debtor& debtor : debtors) {
    const Word* word = word_of(duty, debtor.unit);
    if (word == nullptr) open.silent.push_back(&debtor);
    else if (!word->done) open.partial.push_back(&debtor);
    else ++open.done;
  }
}

base::Text what_is_open(const Duty& duty, const Open& open) {
  if (!duty.lead.empty() && !duty.responsible.empty() && open.done == duty.responsible.size()) {
    std::vector<const Debtor*> leads;
    for (const Debtor& lead : duty.lead) leads.push_back(&lead);
    const base::Text who = names(leads);
    return text("待{}办结", "{1} has yet to close it", who.zh, who.en);
  }
  const base::Text who = names(open.silent.empty() ? open.partial : open.silent);
  if (open.silent.empty()) return text("{}尚未办结", "not finished by {1}", who.zh, who.en);
  return text("{}未报送", "no report from {1}", who.zh, who.en);
}

/// The word that closed the duty, if it is closed: a lead's, or without a lead the last one's.
const Word* closing_word(const Duty& duty) {
  for (const Debtor& lead : duty.lead) {
    if (const Word* word = word_of(duty, lead.unit); word != nullptr && word->done) return word;
  }
  if (!duty.lead.empty() || duty.responsible.empty()) return nullptr;
  const Word* last = nullptr;
  for (const Debtor& debtor : duty.responsible) {
    const Word* word = word_of(duty, debtor.unit);
    if (word == nullptr || !word->done) return nullptr;
    if (last == nullptr || word->day > last->day) last = word;
  }
  return last;
}

Verdict closed(const Duty& duty, const Word& word, Date today) {
  base::Text who;
  for (const Debtor& debtor : duty.lead.empty() ? duty.responsible : duty.lead) {
    if (debtor.unit == word.unit) who = names({&debtor});
  }
  if (duty.lead.empty() && duty.responsible.size() > 1) {
    who = text("{} 个单位", "all {} units", duty.responsible.size());
  }
  const base::Text day = short_day(word.day, today);
  const int over = days_between(duty.due, word.day);
  base::Text reason = text("{0} {1}已办结", "closed on {3} by {2}", who.zh, day.zh, who.en, day.en);
  if (over > 0 && !duty.before_document) {
    reason = text("{0}，晚 {2} 天", "{1}, {2} days late", reason.zh, reason.en, over);
  }
  return {State::done, std::move(reason), 1};
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

bool more_urgent(State a, State b) { return urgency(a) > urgency(b); }

base::Text short_day(Date day, Date today) {
  static constexpr std::array months = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
  const unsigned month = static_cast<unsigned>(day.month());
  const unsigned date = static_cast<unsigned>(day.day());
  base::Text said = text("{0}月{1}日", "{1} {2}", month, date, months[month - 1]);
  if (day.year() == today.year()) return said;
  return text("{0}年{1}", "{2} {0}", static_cast<int>(day.year()), said.zh, said.en);
}

int warning_days(const Duty& duty) {
  if (!duty.from) return warning_days_max;
  return std::clamp((days_between(*duty.from, duty.due) + 1) / 4, 1, warning_days_max);
}

Verdict verdict_of(const Duty& duty, Date today) {
  if (duty.lead.empty() && duty.responsible.empty()) {
    return {State::unknown, text("责任单位尚未对应到单位表", "no owner of this is in the list of units"), 0};
  }
  if (const Word* word = closing_word(duty)) return closed(duty, *word, today);

  Open open;
  sort_in(duty, duty.responsible, open);
  const std::size_t done = open.done;
  sort_in(duty, duty.lead, open);
  const double progress = share(done, duty.responsible.size() + (duty.lead.empty() ? 0 : 1));
  if (duty.before_document) {
    return {State::unknown,
            text("期限早于文件日期，尚无人说明办理情况", "due before the document was issued; nobody has said what happened"),
            progress};
  }
  const int left = days_between(today, duty.due);
  const base::Text what = what_is_open(duty, open);
  if (left < 0) {
    return {State::late, text("逾期 {0} 天：{1}", "{0} days late: {2}", -left, what.zh, what.en), progress};
  }
  if (left < warning_days(duty)) {
    if (left == 0) return {State::at_risk, text("今天到期：{}", "due today: {1}", what.zh, what.en), progress};
    return {State::at_risk, text("还剩 {0} 天：{1}", "{0} days left: {2}", left, what.zh, what.en), progress};
  }
  const base::Text day = short_day(duty.due, today);
  if (duty.from && today < *duty.from) {
    const base::Text first = short_day(*duty.from, today);
    return {State::on_course, text("{0}开始，{1}到期", "begins on {2}, due on {3}", first.zh, day.zh, first.en, day.en),
            progress};
  }
  return {State::on_course, text("{}到期", "due on {1}", day.zh, day.en), progress};
}

Verdict verdict_of_undated(const Duty& whole, Date since, Date today) {
  Verdict verdict = verdict_of(whole, today);
  if (verdict.state != State::on_course) return verdict;
  Date last = since;
  bool spoken = false;
  for (const Word& word : whole.words) {
    spoken = true;
    last = std::max(last, word.day);
  }
  const int silence = days_between(last, today);
  if (silence > silence_days_max) {
    verdict.state = State::at_risk;
    verdict.reason = spoken ? text("已 {} 天没有新的报送", "no new report for {} days", silence)
                            : text("已 {} 天没有报送", "no report for {} days", silence);
  } else if (!spoken) {
    verdict.reason = text("年内完成，尚无报送", "to be done within the year; no report yet");
  } else {
    const base::Text day = short_day(last, today);
    verdict.reason = text("正在推进，最近报送 {}", "under way, last report on {1}", day.zh, day.en);
  }
  return verdict;
}

bool reached(const Target& target, double value) {
  // Figures come with rounding; what prints alike counts alike.
  constexpr double slack = 1e-9;
  const double tolerance = slack * std::max(1.0, std::abs(target.value));
  if (target.op == ">") return value > target.value + tolerance;
  if (target.op == "<") return value < target.value - tolerance;
  if (target.op == "<=") return value <= target.value + tolerance;
  if (target.op == "=") return std::abs(value - target.value) <= tolerance;
  return value >= target.value - tolerance;  // ">=", and "in", whose lower end is what must be reached
}

namespace {

/// To two places; whole where that would tell another verdict.
std::string figure_of(const Target& target, double value) {
  const double rounded = std::round(value * 100) / 100;
  return fmt::format("{}{}", reached(target, rounded) == reached(target, value) ? rounded : value, target.unit);
}

}  // namespace

Verdict verdict_of(const Measured& measured, Date today) {
  std::optional<std::pair<Date, double>> latest;
  for (const auto& [day, value] : measured.series) {
    if (day <= today) latest = {day, value};
  }
  if (!latest) return {State::unknown, text("指标尚无数据", "the indicator has no value yet"), 0};
  const Target& target = measured.target;
  const std::string figure = figure_of(target, latest->second);
  const std::string wanted = fmt::format("{}{}", target.value, target.unit);
  const base::Text day = short_day(latest->first, today);
  const base::Text against = text("{0}，目标 {1}，截至 {2}", "{0}, target {1}, as of {3}", figure, wanted, day.zh, day.en);
  if (reached(target, latest->second)) {
    return {State::done, text("已达目标：{}", "target reached: {1}", against.zh, against.en), 1};
  }
  const bool growing = target.op != "<" && target.op != "<=" && target.value > 0;
  const double progress = growing ? std::clamp(latest->second / target.value, 0.0, 1.0) : 0;
  const int left = days_between(today, measured.due);
  if (left < 0) {
    return {State::late, text("逾期 {0} 天：{1}", "{0} days late: {2}", -left, against.zh, against.en), progress};
  }
  if (left < warning_days_max) {
    return {State::at_risk, text("还剩 {0} 天：{1}", "{0} days left: {2}", left, against.zh, against.en), progress};
  }
  const int span = std::max(1, days_between(measured.since, measured.due));
  const double pace = std::clamp(static_cast<double>(days_between(measured.since, today)) / span, 0.0, 1.0);
  if (growing && progress + pace_tolerance < pace) {
    return {State::at_risk,
            text("落后序时进度（应达 {0:.0f}%）：{1}", "behind an even pace of {0:.0f}%: {2}", pace * 100, against.zh, against.en),
            progress};
  }
  return {State::on_course, against, progress};
}

Verdict verdict_of(std::span<const Member> members) {
  const Member* worst = &members.front();
  std::size_t alike = 0;
  double progress = 0;
  for (const Member& member : members) {
    if (more_urgent(member.verdict.state, worst->verdict.state)) worst = &member;
    progress += member.verdict.progress;
  }
  for (const Member& member : members) alike += member.verdict.state == worst->verdict.state;
  Verdict verdict{worst->verdict.state, {}, progress / static_cast<double>(members.size())};
  const base::Text& label = worst->label;
  const base::Text& reason = worst->verdict.reason;
  if (members.size() == 1) {
    verdict.reason = reason;
  } else if (verdict.state == State::done) {
    verdict.reason = text("{} 项全部办结", "all {} done", members.size());
  } else if (alike == 1 || verdict.state == State::on_course) {
    verdict.reason = text("{0}：{1}", "{2}: {3}", label.zh, reason.zh, label.en, reason.en);
  } else {
    verdict.reason = text("{0} 项如此，如{1}：{2}", "{0} like this, such as {3}: {4}", alike, label.zh, reason.zh, label.en, reason.en);
    switch (verdict.state) {
      case State::late: verdict.reason.zh = fmt::format("{} 项逾期，如{}：{}", alike, label.zh, reason.zh); break;
      case State::at_risk: verdict.reason.zh = fmt::format("{} 项临近期限或进展慢，如{}：{}", alike, label.zh, reason.zh); break;
      case State::unknown: verdict.reason.zh = fmt::format("{} 项情况不明，如{}：{}", alike, label.zh, reason.zh); break;
      case State::done:
      case State::on_course: break;
    }
  }
  return verdict;
}

}  // namespace yihu::plan
