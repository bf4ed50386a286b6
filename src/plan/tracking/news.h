#pragma once
// What is new and concerns a person: duties that fell late or come due within a week, reports of others on measures his
// units lead. Late and due are told by the day, reports by the journal's time; nothing is stored but when he last looked.

#include "access/viewer.h"
#include "plan/tracking/standing.h"
#include "plan/tracking/view.h"
#include "store/store.h"

namespace yihu::plan {

inline constexpr int news_due_days = 7;      ///< a duty is told when it is so near
inline constexpr int news_days = 30;         ///< what is older is no news
inline constexpr std::size_t news_items_max = 20;

enum class NewsKind { late, due_soon, reported };
BOOST_DESCRIBE_ENUM(NewsKind, late, due_soon, reported)

struct NewsItem {
  NewsKind kind = NewsKind::late;
  base::MeasureId measure_id;
  base::Text title;
  base::Text what;
  base::Instant at;          ///< since when it is so
  bool unseen = false;       ///< came after he last looked
};
BOOST_DESCRIBE_STRUCT(NewsItem, (), (kind, measure_id, title, what, at, unseen))

struct News {
  int unseen = 0;                ///< also of those not shown
  std::vector<NewsItem> items;   ///< newest first
};
BOOST_DESCRIBE_STRUCT(News, (), (unseen, items))

/// A report by somebody else.
struct NewReportLine {
  base::MeasureId measure;
  base::UnitId unit;
  base::Instant at;
  bool done = false;
};
/// Of the last `news_days`, newest first, by others than the viewer.
base::Result<std::vector<NewReportLine>> reports_of_others(store::Session& session, const access::Viewer& viewer,
                                                           const base::PlanId& plan, base::Instant now);
/// When the viewer last looked; nothing when never.
base::Result<std::optional<base::Instant>> news_seen_at(store::Session& session, const access::Viewer& viewer);
/// He has looked: what is new from now on is unseen.
base::Done see_news(store::Transaction& transaction, const access::Viewer& viewer);

/// Pure.
News news_of(const TrackedPlan& plan, const Facts& facts, const area::Directory& units, const access::Viewer& viewer,
             const std::vector<NewReportLine>& reports, std::optional<base::Instant> seen_at, base::Instant now);

}  // namespace yihu::plan
