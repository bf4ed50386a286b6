#include "plan/tracking/difference.h"
#include "plan/tracking/likeness.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

namespace yihu {
namespace {

using plan::DifferenceKind;
using plan::Pairs;

plan::PlanDocument plan_with(std::vector<std::pair<std::string, std::vector<std::string>>> tasks) {
  plan::PlanDocument document;
  for (auto& [title, texts] : tasks) {
    plan::Task task;
    task.no = static_cast<int>(document.tasks.size()) + 1;
    task.title = title;
    for (auto& text : texts) {
      plan::Measure measure;
      measure.position = static_cast<int>(task.measures.size()) + 1;
      measure.text = text;
      measure.lead = {"区水务局"};
      task.measures.push_back(measure);
    }
    document.tasks.push_back(task);
  }
  return document;
}

const auto first_year = plan_with({{"安全饮水", {"开展农村饮水安全摸排，建立档案", "加强水质监测，建立检测台账"}},
                                   {"教育扶贫", {"落实控辍保学责任，辍学率为零", "加强教师家访制度"}}});

TEST(Likeness, PunctuationAndWidthDoNotCount) {
  EXPECT_DOUBLE_EQ(plan::likeness(Pairs("建立“档案”， 2019 年"), Pairs("建立档案２０１９年。")), 1);
  EXPECT_DOUBLE_EQ(plan::likeness(Pairs("饮水"), Pairs("住房")), 0);
  EXPECT_DOUBLE_EQ(plan::likeness(Pairs(""), Pairs("……")), 1);
  EXPECT_DOUBLE_EQ(plan::containment(Pairs("水质监测"), Pairs("加强已建供水工程的水质监测工作")), 1);
}

TEST(Likeness, SymmetricAndWithinBounds) {
  EXPECT_TRUE(rc::check("bounds", [](const std::string& a, const std::string& b) {
    const Pairs x(a), y(b);
    RC_ASSERT(plan::likeness(x, y) == plan::likeness(y, x));
    RC_ASSERT(plan::likeness(x, y) >= 0 && plan::likeness(x, y) <= 1);
    RC_ASSERT(plan::likeness(x, x) == 1);
    RC_ASSERT(plan::containment(x, y) + 1e-12 >= plan::likeness(x, y));
  }));
}

TEST(Likeness, MatchIsOneToOne) {
  EXPECT_TRUE(rc::check("one to one", [](const std::vector<std::string>& a, const std::vector<std::string>& b, bool titles) {
    const auto sentences = [](const std::vector<std::string>& texts) {
      std::vector<plan::Sentence> list;
      for (const auto& text : texts) list.push_back({Pairs(text), 1, static_cast<int>(list.size())});
      return list;
    };
    std::set<std::size_t> taken;
    const auto partner = plan::match(sentences(a), sentences(b), {titles, titles, 0.5});
    RC_ASSERT(partner.size() == a.size());
    for (const auto& one : partner) {
      if (one) RC_ASSERT(*one < b.size() && taken.insert(*one).second);
    }
  }));
}

/// The plain way: every pair of sentences compared, then the best first.
std::vector<std::optional<std::size_t>> match_slowly(const std::vector<plan::Sentence>& left, const std::vector<plan::Sentence>& right) {
  std::vector<std::optional<std::size_t>> partner(left.size());
  std::set<std::size_t> taken;
  for (;;) {
    double best = 0;
    int nearest = 0;
    std::pair<std::size_t, std::size_t> found;
    for (std::size_t i = 0; i < left.size(); ++i) {
      for (std::size_t j = 0; j < right.size(); ++j) {
        if (partner[i] || taken.contains(j)) continue;
        const double alike = plan::likeness(left[i].pairs, right[j].pairs);
        const int distance = std::abs(left[i].position - right[j].position) + (left[i].group == right[j].group ? 0 : 1000);
        if (alike < 0.5 || alike < best || (alike == best && distance >= nearest)) continue;
        best = alike;
        nearest = distance;
        found = {i, j};
      }
    }
    if (best < 0.5) return partner;
    partner[found.first] = found.second;
    taken.insert(found.second);
  }
}

TEST(Likeness, MatchIsTheSameAsThePlainWay) {
  EXPECT_TRUE(rc::check("reference", [] {
    // Few letters, so that sentences resemble each other.
    const auto sentences = [] {
      std::vector<plan::Sentence> list;
      for (const auto& text : *rc::gen::container<std::vector<std::string>>(
               rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c')))) {
        list.push_back({Pairs(text), *rc::gen::inRange(1, 3), static_cast<int>(list.size())});
      }
      return list;
    };
    const auto left = sentences(), right = sentences();
    RC_ASSERT(plan::match(left, right) == match_slowly(left, right));
  }));
}

TEST(Likeness, EqualSentencesKeepTheirPlaces) {
  const auto twice = [] {
    return std::vector<plan::Sentence>{{Pairs("每月通报"), 1, 1}, {Pairs("每月通报"), 1, 2}, {Pairs("每月通报"), 2, 1}};
  };
  const auto partner = plan::match(twice(), twice());
  EXPECT_EQ(partner, (std::vector<std::optional<std::size_t>>{0, 1, 2}));
}

TEST(Difference, PlanAgainstItselfIsTheSame) {
  for (const auto& one : plan::difference(first_year, first_year)) EXPECT_EQ(one.kind, DifferenceKind::same);
  EXPECT_EQ(plan::difference(first_year, first_year).size(), 4U);
}

TEST(Difference, RenumberedMeasuresAreTheSame) {
  const auto moved = plan_with({{"教育扶贫", {"加强教师家访制度", "落实控辍保学责任，辍学率为零"}},
                                {"安全饮水", {"开展农村饮水安全摸排，建立档案", "加强水质监测，建立检测台账"}}});
  for (const auto& one : plan::difference(first_year, moved)) EXPECT_EQ(one.kind, DifferenceKind::same) << one.after;
}

TEST(Difference, ChangedAddedRemoved) {
  auto next = plan_with({{"安全饮水", {"开展农村饮水安全全面摸排，建立核查档案", "新建供水工程三处"}},
                         {"教育扶贫", {"落实控辍保学责任，辍学率为零", "加强教师家访制度"}},
                         {"乡村振兴", {}}});
  next.tasks[1].measures[0].lead = {"区教育局"};
  next.tasks[1].measures[0].deadlines = {{{}, "2020-06-30", "6月底前"}};
  const auto all = plan::difference(first_year, next);
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[0].kind, DifferenceKind::changed);
  EXPECT_EQ(all[0].fields, std::vector<std::string>{"text"});
  EXPECT_EQ(all[1].kind, DifferenceKind::added);
  EXPECT_EQ(all[2].kind, DifferenceKind::removed) << "stands after the rest of its task";
  EXPECT_EQ(all[2].before, "加强水质监测，建立检测台账");
  EXPECT_EQ(all[3].fields, (std::vector<std::string>{"lead", "deadlines"}));
  EXPECT_EQ(all[4].kind, DifferenceKind::same);
  EXPECT_EQ(all[5].kind, DifferenceKind::added);
  EXPECT_EQ(all[5].after, "乡村振兴");
}

TEST(Difference, MeasureThatMovedToAnotherTaskSaysSo) {
  const auto moved = plan_with({{"安全饮水", {"开展农村饮水安全摸排，建立档案"}},
                                {"教育扶贫", {"落实控辍保学责任，辍学率为零", "加强教师家访制度", "加强水质监测，建立检测台账"}}});
  const auto all = plan::difference(first_year, moved);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[3].fields, std::vector<std::string>{"task"});
}

}  // namespace
}  // namespace yihu
