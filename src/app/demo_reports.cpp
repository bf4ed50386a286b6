#include "app/demo_reports.h"

#include "access/viewer_of.h"
#include "plan/tracking/report.h"
#include "plan/tracking/tracked_plan.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace yihu::app {
namespace {

struct Planned {
  base::Date day;
  base::MeasureId measure;
  std::optional<base::OccurrenceId> occurrence;
  base::UnitId unit;
  bool done = false;
  std::string text;
};

/// FNV-1a: the same words always give the same number, so that every demo has the same gaps.
std::uint64_t number_from(std::string_view words) {
  std::uint64_t hash = 1469598103934665603u;
  for (const char c : words) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  // The lower digits of FNV follow the last characters too closely.
  return (hash ^ (hash >> 31)) * 0x9e3779b97f4a7c15u >> 20;
}

const std::string& sentence(std::uint64_t number, bool done) {
  static const std::vector<std::string> closed{
      "已办结，材料存档。", "按期完成，有关台账已更新。", "会议已召开，纪要和签到表存档。", "已落实到村到户，名单见台账。"};
  static const std::vector<std::string> under_way{
      "正在推进，摸底已完成。", "方案已起草，正在征求意见。", "已完成一部分，其余按计划推进。", "已部署到村，下月汇总。"};
  const auto& sentences = done ? closed : under_way;
  return sentences[number % sentences.size()];
}

base::Date clamp(base::Date day, base::Date earliest, base::Date latest) { return std::min(std::max(day, earliest), latest); }

struct Measure {
  const plan::TrackedTask& task;
  const plan::TrackedMeasure& measure;
  std::vector<base::UnitId> units;  ///< the leads, or without a lead all that answer
};

void plan_dated(const Measure& from, base::Date begin, base::Date until, std::vector<Planned>& out) {
  for (const plan::TrackedOccurrence& occurrence : from.measure.occurrences) {
    if (base::days_between(until, occurrence.due) > 10) continue;
    // A single deadline from before the document stays open: nobody has said yet what became of it.
    if (occurrence.before_document && !occurrence.from) continue;
    for (std::size_t place = 0; place < from.units.size(); ++place) {
      const std::uint64_t number =
          number_from(fmt::format("{}.{} {} {}", from.task.no, from.measure.position, occurrence.key, place));
      const bool ahead = base::days_between(until, occurrence.due) > 0;
      // One in six is behind; of what lies ahead one in three has reported early.
      if (ahead ? number % 3 != 0 : !occurrence.before_document && number % 6 == 0) continue;
      const base::Date day = clamp(base::plus_days(occurrence.due, -static_cast<int>(number % 7)), begin, until);
      out.push_back({day, from.measure.id, occurrence.id, from.units[place], true, sentence(number, true)});
    }
  }
}

void plan_undated(const Measure& from, base::Date begin, base::Date until, std::vector<Planned>& out) {
  for (const base::UnitId& unit : from.units) {
    const std::uint64_t number = number_from(fmt::format("{}.{} whole", from.task.no, from.measure.position));
    if (number % 5 == 0) continue;
    const bool done = number % 4 == 1;
    const base::Date day = clamp(base::plus_days(begin, static_cast<int>(number % 50)), begin, until);
    out.push_back({day, from.measure.id, std::nullopt, unit, done, sentence(number, done)});
  }
}

std::vector<base::UnitId> speakers_of(const plan::TrackedMeasure& measure) {
  std::vector<base::UnitId> units;
  for (const plan::Owner& owner : measure.lead.empty() ? measure.responsible : measure.lead) {
    if (owner.unit && std::ranges::find(units, *owner.unit) == units.end()) units.push_back(*owner.unit);
  }
  return units;
}

base::Result<std::vector<Planned>> planned_reports(store::Store& store, base::Date until) {
  std::vector<Planned> out;
  const auto done = store.read([&](store::Session& session) -> base::Done {
    const auto head = TRY(plan::current_plan(session, static_cast<int>(until.year())));
    if (!head) return {};
    const plan::TrackedPlan plan = TRY(plan::load_plan(session, head->id));
    const base::Date begin = base::plus_days(plan.date.value_or(until), 3);
    for (const plan::TrackedTask& task : plan.tasks) {
      if (task.principle) continue;
      for (const plan::TrackedMeasure& measure : task.measures) {
        const Measure from{task, measure, speakers_of(measure)};
        if (measure.occurrences.empty()) {
          plan_undated(from, begin, until, out);
        } else {
          plan_dated(from, begin, until, out);
        }
      }
    }
    return {};
  });
  if (!done) return base::fail(done.error());
  std::ranges::stable_sort(out, {}, &Planned::day);
  return out;
}

}  // namespace

base::Result<int> DemoReports::file(const std::map<base::UnitId, base::UserId>& clerks, base::Date until,
                                    const base::Progress& progress, const base::Cancel& cancel) const {
  const std::vector<Planned> planned = TRY(planned_reports(store_, until));
  int filed = 0;
  for (const Planned& report : planned) {
    if (cancel.asked()) {
      return base::fail(base::ErrorKind::cancelled, "cancelled", base::text("已停止。", "Stopped."));
    }
    const auto clerk = clerks.find(report.unit);
    if (clerk == clerks.end()) continue;
    // Working hours spread by order, so that the journal reads like days at an office.
    const auto hour = std::chrono::sys_days{report.day} + std::chrono::minutes{60 + (filed * 7) % 480};
    clock_.set({std::max(clock_.now().microseconds + 1'000'000,
                         std::int64_t{std::chrono::duration_cast<std::chrono::microseconds>(hour.time_since_epoch()).count()})});
    const store::Act act{clerk->second.value, base::RequestId::make(), ""};
    const auto written = store_.write(act, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      const access::Viewer viewer = TRY(access::viewer_of(transaction, roles_, clerk->second, report.day));
      const plan::NewReport words{.unit = report.unit,
                                  .occurrence = report.occurrence,
                                  .done = report.done,
                                  .text = report.text,
                                  .value = std::nullopt,
                                  .evidence = {}};
      TRY(plan::file_report(transaction, viewer, report.measure, words, store_.algorithms()));
      return store::Answer{};
    });
    if (!written) return base::fail(written.error());
    ++filed;
    if (progress) progress(filed, static_cast<std::int64_t>(planned.size()));
  }
  return filed;
}

}  // namespace yihu::app
