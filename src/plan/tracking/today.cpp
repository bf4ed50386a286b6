#include "plan/tracking/today.h"

#include <algorithm>

namespace yihu::plan {
namespace {

using base::Date;
using base::text;
using store::Sql;

constexpr Sql open_imports_sql =
    "SELECT id, title, warnings FROM plan_import WHERE status = 'draft' ORDER BY at DESC, id DESC LIMIT 20";
constexpr Sql done_since_sql = "SELECT measure, occurrence, unit FROM plan_word WHERE done = 1 AND at >= :since";

Date monday_of(Date day) {
  const auto weekday = std::chrono::weekday{std::chrono::sys_days{day}}.iso_encoding();
  return base::plus_days(day, 1 - static_cast<int>(weekday));
}

/// The first of the viewer's units that still owes a word.
const area::Unit* debtor(const TrackedPlan& plan, const OpenDuty& duty, const Facts& facts, const area::Directory& units,
                         const access::Viewer& viewer) {
  for (const access::Post& post : viewer.posts) {
    if (owes(plan, duty, post.unit, facts, units)) return units.unit(post.unit);
  }
  return nullptr;
}

TodayItem item_of(const OpenDuty& duty, const base::Text& place, bool mine, Date today) {
  const TrackedMeasure& measure = *duty.standing->measure;
  TodayItem item;
  item.kind = "measure_due";
  item.id = duty.occurrence != nullptr ? duty.occurrence->id.value : measure.id.value;
  item.measure_id = measure.id;
  item.title = measure.title;
  item.place = place;
  const base::Text label = duty.occurrence != nullptr ? duty.occurrence->label : text("年内", "within the year");
  if (duty.verdict.state == State::unknown) {
    item.what = text("说明办理情况：{0}", "say what happened: {1}", label.zh, label.en);
  } else if (mine) {
    item.what = text("报送：{0}", "report: {1}", label.zh, label.en);
  } else {
    item.what = text("督促：{0}", "press for: {1}", label.zh, label.en);
  }
  item.due = duty.due;
  item.days_left = base::days_between(today, duty.due);
  item.state = duty.verdict.state;
  item.reason = duty.verdict.reason;
  return item;
}

TodayItem item_of(const OpenImport& import) {
  TodayItem item;
  item.kind = "import_open";
  item.id = import.id;
  item.import_id = import.id;
  item.title = {import.title, import.title};
  item.what = text("核对并采用导入的要点", "check the imported plan and accept it");
  item.state = State::on_course;
  item.reason = import.warnings > 0 ? text("读出 {} 处提示，尚未采用", "{} points to look at; not accepted yet", import.warnings)
                                    : text("尚未采用", "not accepted yet");
  return item;
}

}  // namespace

base::Instant start_of(Date day) {
  constexpr std::chrono::hours china_offset{8};
  const auto instant = std::chrono::sys_days{day} - china_offset;
  return {std::chrono::duration_cast<std::chrono::microseconds>(instant.time_since_epoch()).count()};
}

bool answers_for_something(const std::vector<TaskStanding>& standings, const access::Viewer& viewer) {
  return std::ranges::any_of(standings, [&](const TaskStanding& task) {
    return std::ranges::any_of(task.measures, [&](const MeasureStanding& one) {
      return std::ranges::any_of(viewer.posts, [&](const access::Post& post) { return one.measure->assigned(post.unit); });
    });
  });
}

base::Result<std::vector<OpenImport>> open_imports(store::Session& session, const access::Viewer& viewer) {
  std::vector<OpenImport> imports;
  if (!viewer.may(access::Permission::plan_import)) return imports;
  for (const auto& row : TRY(session.query(open_imports_sql))) {
    imports.push_back({row.text(0), row.text(1), static_cast<int>(row.integer(2))});
  }
  return imports;
}

base::Result<int> done_this_week(store::Session& session, const access::Viewer& viewer, Date today) {
  std::set<std::pair<std::string, std::string>> done;
  for (const auto& row : TRY(session.query(done_since_sql, {{"since", start_of(monday_of(today))}}))) {
    const auto unit = row.id<base::UnitId>(2);
    // Who reports counts his own; who oversees, what he sees.
    const bool counts = viewer.may(access::Permission::measure_report) ? viewer.holds_post_in(unit) : viewer.scope.covers(unit);
    if (counts) done.emplace(row.text(0), row.text(1));
  }
  return static_cast<int>(done.size());
}

Today today_of(const TrackedPlan* plan, const Facts& facts, const area::Directory& units, const access::Viewer& viewer,
               const std::vector<OpenImport>& imports, Date today) {
  Today out;
  out.day = today;
  const auto add = [&](TodayItem item) {
    ++out.mine;
    if (out.items.size() < today_items_max) out.items.push_back(std::move(item));
  };
  std::vector<TodayItem> unknown;
  std::map<std::string, int> unknown_of;  // by measure
  if (plan != nullptr) {
    const auto standings = standings_of(*plan, facts, units, today);
    const Date horizon = base::plus_days(today, today_days);
    const bool answers = answers_for_something(standings, viewer);
    for (const OpenDuty& duty : open_duties(*plan, standings, base::plus_days(today, 400))) {
      const area::Unit* unit = debtor(*plan, duty, facts, units, viewer);
      const bool overseen = unit == nullptr && !answers && viewer.scope.district && duty.verdict.state == State::late;
      if (unit == nullptr && !overseen) continue;
      if (duty.due > horizon) {
        if (!out.next) out.next = NextItem{duty.standing->measure->title, duty.due};
        continue;
      }
      base::Text place = duty.standing->task->short_title;
      if (unit != nullptr && viewer.posts.size() > 1) {
        place = text("{0}，{2}", "{1}, {3}", place.zh, place.en, unit->short_name.zh, unit->short_name.en);
      }
      TodayItem item = item_of(duty, place, unit != nullptr, today);
      if (duty.verdict.state == State::late) ++out.late;
      if (duty.verdict.state == State::unknown) {
        // One line a measure: nobody wants eighteen for the weeks before the document came.
        if (++unknown_of[item.measure_id->value] == 1) unknown.push_back(std::move(item));
      } else {
        add(std::move(item));
      }
    }
  }
  for (const OpenImport& import : imports) add(item_of(import));
  // What lies before the document presses least, but stays until somebody says what happened.
  for (TodayItem& item : unknown) {
    if (const int alike = unknown_of[item.measure_id->value]; alike > 1) {
      item.what = text("{0}等 {2} 期", "{1} and {3} more", item.what.zh, item.what.en, alike, alike - 1);
    }
    add(std::move(item));
  }
  return out;
}

}  // namespace yihu::plan
