// The real document that the reader was first written for: every figure and every measure's owners, checked by hand.
// It is not part of the project; the test says so when the document is not beside the checkout.

#include "plan/reading/plan_document.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace yihu::plan {
namespace {

namespace fs = std::filesystem;

/// Task.measures lead | responsible, in the document's order. Names of units are facts.
constexpr std::string_view owners_by_hand = R"(
3.1-3 区委组织部 区委宣传部 | 区扶贫办 各行业牵头责任单位 各镇党委政府
4.1-2 - | 区乡村振兴和打赢脱贫攻坚战指挥部办公室
4.3 - | 各镇党委政府 各行业牵头单位
4.4 - | 区委乡村振兴和脱贫攻坚督查组
4.5 - | 区乡村振兴和打赢脱贫攻坚战指挥部办公室
4.6 - | 区扶贫办
4.7 - | 区委组织部
5.1-4 区委组织部 | 各镇党委政府
6.1-4 区委组织部 区扶贫办 | 驻村第一书记和驻村工作队员派出单位 各镇党委政府
7.1-5 区委乡村振兴和打赢脱贫攻坚战督查组 | 各行业牵头责任单位 区扶贫办 各镇党委政府
7.6 - | 区委宣传部 区委统战部 区审计局
8.1-2 区水务局 | 各镇党委政府
9.1-4 区教育局 | 各镇党委政府
9.5 区扶贫办 | 各镇党委政府
9.6 区教育局 区人社局 | 各镇党委政府
10.1-4 区卫生健康委 | 各镇党委政府
10.5-8 区医疗保障局 | 各镇党委政府
11.1-3 区住建局 | 各镇党委政府
12.1-9 区农业农村局 | 区财政局 区民政局 区扶贫办 各镇党委政府
13.1-6 区人社局 | 区农业农村局 区残联 区总工会 各结对帮扶责任单位 各镇党委政府
14.1-7 区旅文局 | 市自然资源和规划局美兰分局 区人社局 区农业农村局 区商务局 市市场监管局美兰分局 各镇党委政府
14.8 区委宣传部 区旅文局 | 区农业农村局 市自然资源和规划局美兰分局 各镇党委政府
15.1-5 区农业农村局 | 区发改委 区财政局 区人社局 区生态环境局 区旅文局 市自然资源和规划局美兰分局 各镇党委政府
16.1-4 区发改委 | 相关金融机构 各镇党委政府
16.5 区发改委 | 区人社局 市国家税务局美兰分局 市公安局美兰分局 相关金融机构 各镇党委政府
16.6-7 区财政局 | 区农业农村局 相关保险公司 各镇党委政府
16.8 区财政局 | 区农业农村局 各镇党委政府
17.1-3 区民政局 | 区扶贫办 各镇党委政府
17.4-6 区民政局 | 各镇党委政府
17.7 - | 区民政局 区残联 区扶贫办 各镇党委政府
17.8 区民政局 区扶贫办 | 各镇党委政府
18.1-6 区扶贫办 | 各行业牵头责任单位 各结对帮扶责任单位 各镇党委政府
19.1-6 - | 各行业牵头责任单位 各定点帮扶单位 各结对帮扶责任单位 各镇党委政府
20.1-3 - | 区科工信局 区农业农村局 区科协 各镇党委政府
21.1 - | 区住建局 各镇党委政府
21.2 - | 区农业农村局 各镇党委政府
21.3 - | 区发改委 各镇党委政府
21.4 - | 区科工信局 各镇党委政府
22.1-4 区扶贫办 | 各镇党委政府
23.1-6 区扶贫办 | 各镇党委政府
24.1-2 - | 区财政局 区扶贫办 各镇党委政府
24.3 - | 区财政局 区农业农村局 各镇党委政府
24.4 - | 区财政局 各镇党委政府
24.5 - | 区审计局 各镇党委政府
25.1-2 区委组织部 区扶贫办 | 各定点帮扶责任单位 各镇党委政府
26.1 - | 区委统战部 区工商联 区民政局 区总工会 团区委 区妇联 区残联 区文明办 各镇党委政府
26.2 - | 区工商联 各镇党委政府
26.3 - | 区扶贫办 各镇党委政府
26.4 - | 区扶贫办 区委统战部 区工商联 区民政局 区总工会 团区委 区妇联 区残联 区文明办 区国资委 各镇党委政府
26.5 团区委 区文明办 区扶贫办 | 区总工会 区妇联 区残联 各镇党委政府
27.1 区商务局 | 大致坡镇 灵山镇党委政府
27.2-9 区商务局 | 区农业农村局 区扶贫办 区工商联 有关扶贫电商企业 各镇党委政府
28.1-5 区委宣传部 | 区精准扶贫工作领导小组各成员单位 区乡村振兴和打赢脱贫攻坚战指挥部各专项工作组 各镇党委政府
29.1-5 - | 区文明办 区旅文局 区发改委 各镇党委政府
29.6-8 - | 区委组织部 区委宣传部 区农业农村局 区扶贫办 各镇党委政府
29.9 - | 区司法局 市公安局美兰分局 区检察院 各镇党委政府
29.10 - | 区委组织部 区扶贫办 各镇党委政府
30.1-4 区委组织部 区扶贫办 | 各镇党委政府
31.1-4 区委组织部 区扶贫办 | 各镇党委政府
32.1-5 区纪委监委 | 区精准扶贫工作领导小组各成员单位 各镇党委政府
33.1 区财政局 区扶贫办 | 各镇党委政府
34.1 - | 区农业农村局 区财政局 区扶贫办 各镇党委政府
)";

std::optional<fs::path> real_document() {
  const fs::path folder = "../shared/seeds";
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".txt") return entry.path();
  }
  return std::nullopt;
}

class RealPlan : public testing::Test {
 protected:
  void SetUp() override {
    const auto path = real_document();
    if (!path) GTEST_SKIP() << "skipped: ../shared/seeds holds no document";
    std::ifstream in(*path, std::ios::binary);
    std::stringstream bytes;
    bytes << in.rdbuf();
    document_.text = bytes.str();
    auto plan = read_plan(document_);
    ASSERT_TRUE(plan.has_value());
    plan_ = std::move(*plan);
  }

  const Task& task(int no) const { return plan_.tasks.at(static_cast<std::size_t>(no) - 1); }
  const Measure& measure(int no, int position) const { return task(no).measures.at(static_cast<std::size_t>(position) - 1); }

  /// "13" or "14.8" of each warning with this code.
  std::multiset<std::string> places_of(std::string_view code) const {
    std::multiset<std::string> places;
    for (const auto& warning : plan_.warnings) {
      if (warning.code != code) continue;
      auto place = warning.task ? std::to_string(*warning.task) : std::string("-");
      if (warning.measure) place += "." + std::to_string(*warning.measure);
      places.insert(place);
    }
    return places;
  }

  sheet::Document document_;
  PlanDocument plan_;
};

using Places = std::multiset<std::string>;

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : " ") + name;
  return out;
}

TEST_F(RealPlan, HeadIsRead) {
  EXPECT_EQ(plan_.title, "海口市美兰区精准扶贫工作领导小组2019年扶贫工作要点");
  EXPECT_EQ(plan_.number, "美扶组办〔2019〕11号");
  EXPECT_EQ(plan_.issuer, "海口市美兰区精准扶贫工作领导小组办公室");
  EXPECT_EQ(plan_.date, "2019-04-19");
  EXPECT_EQ(plan_.year, 2019);
}

TEST_F(RealPlan, ThirtyFourTasksInFivePartsWithAllMeasures) {
  EXPECT_EQ(plan_.parts.size(), 5U);
  ASSERT_EQ(plan_.tasks.size(), 34U);
  const std::vector<std::size_t> counts{0, 0, 3, 7, 4, 4, 6, 2, 6, 8, 3, 9, 6, 8, 5, 8, 8, 6, 6, 3, 4, 4, 6, 5, 2, 5, 9, 5, 10, 4, 4, 5, 1, 1};
  std::size_t all = 0;
  for (int no = 1; no <= 34; ++no) {
    EXPECT_EQ(task(no).no, no);
    EXPECT_EQ(task(no).measures.size(), counts[static_cast<std::size_t>(no) - 1]) << "task " << no;
    all += task(no).measures.size();
  }
  EXPECT_EQ(all, 167U);
  const std::vector<int> first_of_part{1, 3, 8, 18, 33};
  for (std::size_t part = 0; part < first_of_part.size(); ++part) EXPECT_EQ(task(first_of_part[part]).part, static_cast<int>(part) + 1);
}

TEST_F(RealPlan, EveryMeasureHasItsOwners) {
  std::istringstream lines{std::string(owners_by_hand)};
  std::size_t checked = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    const auto dot = line.find('.');
    const auto blank = line.find(' ');
    const auto bar = line.find(" | ");
    const auto range = line.substr(dot + 1, blank - dot - 1);
    const int no = std::stoi(line.substr(0, dot));
    const int first = std::stoi(range);
    const int last = range.find('-') == range.npos ? first : std::stoi(range.substr(range.find('-') + 1));
    auto lead = line.substr(blank + 1, bar - blank - 1);
    if (lead == "-") lead.clear();
    for (int position = first; position <= last; ++position, ++checked) {
      EXPECT_EQ(joined(measure(no, position).lead), lead) << no << "." << position;
      EXPECT_EQ(joined(measure(no, position).responsible), line.substr(bar + 3)) << no << "." << position;
    }
  }
  EXPECT_EQ(checked, 167U);
}

TEST_F(RealPlan, TableHasOneMoreMeasureAndAnswersByWhatItSays) {
  ASSERT_EQ(plan_.table.size(), 34U);
  std::size_t all = 0;
  for (const auto& row : plan_.table) all += row.measures.size();
  EXPECT_EQ(all, 168U);
  EXPECT_TRUE(plan_.table[0].measures.empty());
  EXPECT_TRUE(plan_.table[1].measures.empty());
  std::vector<std::vector<int>> answers;
  for (const auto& row : plan_.table[8].measures) answers.push_back(row.answers);
  EXPECT_EQ(answers, (std::vector<std::vector<int>>{{1}, {1}, {2}, {3}, {4}, {5}, {6}}));
}

TEST_F(RealPlan, DifferencesAreFoundAndNoneIsInvented) {
  EXPECT_EQ(places_of("owners_differ"), (Places{"13", "14.8", "15", "16.7", "17.7", "27.1"}));
  EXPECT_EQ(places_of("unit_name_differs"), (Places{"4.1", "7.1"}));
  EXPECT_EQ(places_of("measures_differ"), Places{"9"});
  EXPECT_EQ(places_of("measure_only_in_body"), Places{});
  EXPECT_EQ(places_of("measure_only_in_table"), Places{});
  EXPECT_EQ(places_of("title_differs"), (Places{"-", "5", "31"}));
  EXPECT_EQ(places_of("table_cells_run_together"), Places{"17"});
}

TEST_F(RealPlan, DefectsAreFoundAndNoneIsInvented) {
  EXPECT_EQ(places_of("repeated_item_number"), Places{"19.6"});
  EXPECT_EQ(places_of("owner_block_mended"), Places{"19.6"});
  EXPECT_EQ(places_of("owner_list_open"), (Places{"26.4", "7.6"}));
  EXPECT_EQ(places_of("date_before_document"), Places{"18.1"});
  EXPECT_EQ(places_of("unit_name_varies"), (Places{"25.1", "4.3", "4.4"}));
  EXPECT_EQ(places_of("stray_word").size(), 2U);
  EXPECT_EQ(places_of("announced_number_differs").size(), 1U);
  EXPECT_EQ(plan_.warnings.size(), 24U);
}

TEST_F(RealPlan, DaysRecurrencesAndFiguresAreRead) {
  std::string all;
  for (const auto& one : plan_.tasks) {
    for (const auto& item : one.measures) {
      const auto place = std::to_string(one.no) + "." + std::to_string(item.position) + " ";
      for (const auto& deadline : item.deadlines) all += place + *deadline.by + "\n";
      for (const auto& recurrence : item.recurrences) all += place + recurrence.per + " " + std::to_string(recurrence.times) + "\n";
      for (const auto& target : item.targets) {
        all += place + target.op + std::to_string(static_cast<int>(target.value)) + (target.value_max ? "-" + std::to_string(static_cast<int>(*target.value_max)) : "") + target.unit + "\n";
      }
    }
  }
  EXPECT_EQ(all, R"(4.1 2019-04-30
4.5 quarter 1
4.5 month 1
5.3 year 1
5.3 >=1名
6.4 >=1遍
7.2 month 1
8.1 2019-12-31
9.2 =0%
9.4 day 1
9.4 week 1
9.4 term 1
9.4 term 1
10.7 >=100%
11.1 2019-11-30
12.1 month 1
12.1 half_year 1
12.4 >=50%
12.5 in1-2个
12.5 in1-2个
12.6 >=4000元
12.6 =1000元
13.3 >=1名
13.3 =0
14.4 in1-2种
18.1 2019-03-31
18.4 year 2
18.5 2019-06-30
18.5 2019-10-31
18.6 half_year 1
19.4 =1个
20.1 =100%
20.2 =100%
21.1 =100%
21.1 =90%
21.4 =100%
22.1 2019-12-31
27.4 in2-3个
32.1 month 1
)");
  std::string goals;
  for (const auto& target : task(2).demands.targets) goals += target.op + std::to_string(static_cast<int>(target.value)) + target.unit + " ";
  EXPECT_EQ(goals, "=40户 =131人 >90% =320户 =1206人 =4个 ");
}

TEST_F(RealPlan, TextStandsWhereItsSpanSays) {
  const auto points = base::code_points(document_.text);
  const auto plain = [](std::u32string_view text) {
    std::u32string out;
    for (const char32_t point : text) {
      if (point > U' ' && point != U'*') out += point;
    }
    return out;
  };
  for (const auto& one : plan_.tasks) {
    for (const auto& item : one.measures) {
      const auto at = std::u32string_view(points).substr(item.span.begin, item.span.end - item.span.begin);
      EXPECT_EQ(base::utf8(plain(at)), base::utf8(plain(base::code_points(item.text)))) << one.no << "." << item.position;
    }
  }
}

}  // namespace
}  // namespace yihu::plan
