// What the bell tells, to whom, and until when; and files that no report came for.
#include "plan_fixture.h"

#include "plan/tracking/evidence.h"
#include "plan/tracking/news.h"
#include "plan/tracking/stray_evidence.h"
#include "store/file_store.h"

namespace yihu::plan {
namespace {

class NewsTest : public TrackedPlanTest {
 protected:
  News news(const base::PlanId& id, const access::Viewer& viewer) {
    return read([&](store::Session& session) -> base::Result<News> {
      const auto now = store_->clock().now();
      const TrackedPlan tracked = TRY(load_plan(session, id));
      const Facts facts = TRY(load_facts(session, id));
      const auto units = TRY(area::read_directory(session));
      return news_of(tracked, facts, units, viewer, TRY(reports_of_others(session, viewer, id, now)),
                     TRY(news_seen_at(session, viewer)), now);
    });
  }
  void see(const access::Viewer& viewer) {
    value_of(write([&](store::Transaction& t) { return see_news(t, viewer); }));
  }
  const NewsItem* find(const News& news, const base::MeasureId& measure, NewsKind kind) {
    const auto found = std::ranges::find_if(news.items, [&](const NewsItem& item) { return item.measure_id == measure && item.kind == kind; });
    return found == news.items.end() ? nullptr : &*found;
  }

  /// Age of kept content, as the disk has it.
  void age(const std::string& hash, std::chrono::hours by) {
    const auto file = value_of(store_->files().find(hash));
    std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - by);
  }
  std::string upload(const access::Viewer& viewer, const char* bytes, std::string* id = nullptr) {
    const auto kept = value_of(store_->files().keep(bytes, 1000));
    const auto view = value_of(write([&](store::Transaction& t) {
      return keep_evidence(t, viewer, "a.txt", value_of(kind_of_evidence(bytes)), kept.hash, kept.size_bytes);
    }));
    if (id != nullptr) *id = view.id;
    return kept.hash;
  }
};

TEST_P(NewsTest, DutiesAreToldAWeekBeforeAndWhenLate) {
  const auto id = fill();
  const auto signing = plan(id).task(4)->measures.front().id;   // due on 30 April
  const auto clerk_ = clerk("headquarters-office");
  on(2019, 4, 22);
  EXPECT_EQ(find(news(id, clerk_), signing, NewsKind::due_soon), nullptr) << "eight days are not yet news";
  on(2019, 4, 23);
  const News near = news(id, clerk_);
  const NewsItem* told = find(near, signing, NewsKind::due_soon);
  ASSERT_NE(told, nullptr);
  EXPECT_TRUE(told->unseen);
  EXPECT_EQ(told->what.zh.substr(0, std::string("还有 7 天到期").size()), "还有 7 天到期");
  EXPECT_EQ(find(news(id, clerk("education")), signing, NewsKind::due_soon), nullptr) << "it does not concern them";

  see(clerk_);
  EXPECT_EQ(news(id, clerk_).unseen, 0);
  on(2019, 5, 1);
  const News late = news(id, clerk_);
  EXPECT_EQ(find(late, signing, NewsKind::due_soon), nullptr);
  ASSERT_NE(find(late, signing, NewsKind::late), nullptr);
  EXPECT_TRUE(find(late, signing, NewsKind::late)->unseen) << "it fell late after he looked";
  EXPECT_NE(find(news(id, office()), signing, NewsKind::late), nullptr) << "who oversees is told what is late";
  on(2019, 7, 1);
  EXPECT_EQ(find(news(id, clerk_), signing, NewsKind::late), nullptr) << "no news after a month, though it is still late";
}

TEST_P(NewsTest, WhoLeadsIsToldOfReportsByOthers) {
  const auto id = fill();
  const auto water = plan(id).task(8)->measures.at(1).id;
  const auto lead = clerk("water");
  on(2019, 5, 6);
  see(lead);
  on(2019, 5, 7);
  value_of(report(clerk("lingshan"), water, {.text = "已检测三处"}));
  value_of(report(lead, water, {.text = "已汇总"}));
  const News told = news(id, lead);
  const auto reports = std::ranges::count_if(told.items, [](const NewsItem& item) { return item.kind == NewsKind::reported; });
  EXPECT_EQ(reports, 1) << "his own is no news";
  ASSERT_NE(find(told, water, NewsKind::reported), nullptr);
  EXPECT_TRUE(find(told, water, NewsKind::reported)->unseen);
  EXPECT_EQ(find(news(id, clerk("lingshan")), water, NewsKind::reported), nullptr) << "who only takes part is not told";
  on(2019, 5, 8);
  see(lead);
  EXPECT_EQ(news(id, lead).unseen, 0);
}

TEST_P(NewsTest, EvidenceOfNoReportGoesAfterADay) {
  const TrackedPlan tracked = plan(fill());
  const auto water = tracked.task(8)->measures.at(1).id;
  const auto lead = clerk("water");
  std::string id;
  const auto stray = upload(lead, "忘了报送");
  const auto used = upload(lead, "水质检测结果", &id);
  value_of(report(lead, water, {.text = "已检测", .evidence = {id}}));
  for (const auto& hash : {stray, used}) age(hash, std::chrono::hours{25});
  EXPECT_EQ(value_of(drop_stray_evidence(*store_)), 0) << "the day is not over";

  on(2019, 4, 20);
  const auto shared = upload(clerk("education"), "忘了报送");   // the same bytes, a day later
  EXPECT_EQ(shared, stray);
  age(shared, std::chrono::hours{25});
  on(2019, 4, 21);
  // Nine in the morning both times: a day has passed since the first upload, not since the second.
  clock_.set({clock_.now().microseconds - 1});
  EXPECT_EQ(value_of(drop_stray_evidence(*store_)), 1);
  EXPECT_TRUE(store_->files().find(stray)) << "the second upload still names the content";

  on(2019, 4, 22);
  value_of(store_->files().keep("忘了报送", 1000));   // somebody uploads it this very moment
  EXPECT_EQ(value_of(drop_stray_evidence(*store_)), 1);
  EXPECT_TRUE(store_->files().find(stray)) << "fresh content stays, whoever will name it";
  age(stray, std::chrono::hours{2});
  EXPECT_TRUE(store_->files().remove_unless_fresh(stray));
  EXPECT_FALSE(store_->files().find(stray));
  EXPECT_TRUE(store_->files().find(used));
  EXPECT_EQ(value_of(drop_stray_evidence(*store_)), 0);
}

ON_BOTH_ENGINES(NewsTest);

}  // namespace
}  // namespace yihu::plan
