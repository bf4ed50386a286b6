#include "plan/tracking/news.h"

#include "plan/tracking/today.h"

#include <algorithm>

namespace yihu::plan {
namespace {

using base::text;
using store::Sql;

constexpr Sql reports_sql =
    "SELECT measure, unit, at, done FROM plan_report WHERE plan = :plan AND at >= :since AND author <> :author"
    " ORDER BY at DESC, id LIMIT 500";
constexpr Sql seen_sql = "SELECT at FROM plan_news_seen WHERE viewer = :viewer";
constexpr Sql see_sql =
    "INSERT INTO plan_news_seen (viewer, at) VALUES (:viewer, :now) ON CONFLICT (viewer) DO UPDATE SET at = :now";

base::Instant days_before(base::Instant now, int days) {
  return {now.microseconds - std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::days{days}).count()};
}

/// Whether a duty concerns the viewer: one of his units still owes a word on it, or he oversees the district, answers
/// for nothing himself, and it is late.
class Concern {
 public:
  Concern(const TrackedPlan& plan, const Facts& facts, const area::Directory& units, const access::Viewer& viewer,
          const std::vector<TaskStanding>& standings)
      : plan_(plan), facts_(facts), units_(units), viewer_(viewer),
        oversees_(viewer.scope.district && !answers_for_something(standings, viewer)) {}

  bool with(const OpenDuty& duty) const {
    if (oversees_) return duty.verdict.state == State::late;
    return std::ranges::any_of(viewer_.posts, [&](const access::Post& post) { return owes(plan_, duty, post.unit, facts_, units_); });
  }

 private:
  const TrackedPlan& plan_;
  const Facts& facts_;
  const area::Directory& units_;
  const access::Viewer& viewer_;
  bool oversees_;
};

NewsItem item_of(const OpenDuty& duty, base::Date today) {
  const base::Text label = duty.occurrence != nullptr ? duty.occurrence->label : text("年内", "within the year");
  NewsItem item;
  item.measure_id = duty.standing->measure->id;
  item.title = duty.standing->measure->title;
  if (duty.verdict.state == State::late) {
    item.kind = NewsKind::late;
    item.what = text("已逾期：{0}", "late: {1}", label.zh, label.en);
    item.at = start_of(base::plus_days(duty.due, 1));
    return item;
  }
  const int days = base::days_between(today, duty.due);
  item.kind = NewsKind::due_soon;
  item.what = days == 0 ? text("今天到期：{0}", "due today: {1}", label.zh, label.en)
                        : text("还有 {2} 天到期：{0}", "due in {2} days: {1}", label.zh, label.en, days);
  item.at = start_of(base::plus_days(duty.due, -news_due_days));
  return item;
}

bool leads(const TrackedMeasure& measure, const access::Viewer& viewer) {
  return std::ranges::any_of(measure.lead, [&](const Owner& owner) { return owner.unit && viewer.holds_post_in(*owner.unit); });
}

}  // namespace

base::Result<std::vector<NewReportLine>> reports_of_others(store::Session& session, const access::Viewer& viewer,
                                                           const base::PlanId& plan, base::Instant now) {
  std::vector<NewReportLine> reports;
  for (const auto& row : TRY(session.query(reports_sql, {{"plan", plan}, {"since", days_before(now, news_days)}, {"author", viewer.actor()}}))) {
    reports.push_back({row.id<base::MeasureId>(0), row.id<base::UnitId>(1), row.instant(2), row.integer(3) != 0});
  }
  return reports;
}

base::Result<std::optional<base::Instant>> news_seen_at(store::Session& session, const access::Viewer& viewer) {
  const auto row = TRY(session.find(seen_sql, {{"viewer", viewer.actor()}}));
  return row ? std::optional(row->instant(0)) : std::nullopt;
}

base::Done see_news(store::Transaction& transaction, const access::Viewer& viewer) {
  TRY(transaction.execute(see_sql, {{"viewer", viewer.actor()}, {"now", transaction.now()}}));
  return transaction.journal({"news.seen", "news", viewer.actor(), {}, {}});
}

News news_of(const TrackedPlan& plan, const Facts& facts, const area::Directory& units, const access::Viewer& viewer,
             const std::vector<NewReportLine>& reports, std::optional<base::Instant> seen_at, base::Instant now) {
  const base::Date today = base::date_of(now);
  std::vector<NewsItem> all;
  const auto standings = standings_of(plan, facts, units, today);
  const Concern concern(plan, facts, units, viewer, standings);
  for (const OpenDuty& duty : open_duties(plan, standings, base::plus_days(today, news_due_days))) {
    // What lies before the document was never news.
    if (duty.verdict.state != State::unknown && concern.with(duty)) all.push_back(item_of(duty, today));
  }
  for (const NewReportLine& report : reports) {
    const auto [task, measure] = plan.measure(report.measure);
    const area::Unit* unit = units.unit(report.unit);
    if (measure == nullptr || unit == nullptr || !leads(*measure, viewer)) continue;
    NewsItem item{NewsKind::reported, measure->id, measure->title, {}, report.at, false};
    item.what = report.done ? text("{0}报送：已完成", "{1} reported: done", unit->short_name.zh, unit->short_name.en)
                            : text("{0}报送了进展", "{1} reported progress", unit->short_name.zh, unit->short_name.en);
    all.push_back(std::move(item));
  }
  std::erase_if(all, [&](const NewsItem& item) { return item.at < days_before(now, news_days); });
  std::ranges::stable_sort(all, std::ranges::greater{}, &NewsItem::at);
  News news;
  for (NewsItem& item : all) {
    item.unseen = !seen_at || item.at > *seen_at;
    news.unseen += item.unseen;
    if (news.items.size() < news_items_max) news.items.push_back(std::move(item));
  }
  return news;
}

}  // namespace yihu::plan
