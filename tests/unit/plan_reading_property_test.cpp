// What holds for every text: random mixtures never break the reader, and a plan written in any mixture of marks reads
// back as it was meant.

#include "base/chinese_number.h"
#include "plan/reading/alignment.h"
#include "plan/reading/characters.h"
#include "plan/reading/plan_document.h"
#include "plan/reading/unit_name.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace yihu::plan {
namespace {

sheet::Document document_of(std::string text) {
  sheet::Document document;
  document.text = std::move(text);
  document.format = "txt";
  return document;
}

const std::vector<std::string>& fragments() {
  static const std::vector<std::string> all{
      "一、", "二、", "（一）", "(二)", "〔三〕", "1. ", "2．", "3、", "（1）", "①", "第一条 ", "第二部分：", "责任单位：", "（责任单位：", "【牵头单位:", "）", ")", "】", "。", "；", "，", "、",
      "\n", "\n\n", "\t", "\t\t", " ", "区教育局", "各镇党委政府", "做好工作", "修路", "4月底前", "2019年", "每月", "每季度至少一次", "1-2个", "40户131人", "高于90%", "**", "《", "》", "“", "”",
      "附件", "目录", "逗号前为牵头单位", "任务\t措施\t牵头单位\t责任单位\n", "| 任务 | 措施 | 责任单位 |\n", "灵水镇20户、", "\\", "<p>", "年内2次", "（责", "等", "3月15日至4月10日", "第四季度", "\f", "2019年4月19日\n", "�", "a", "0"};
  return all;
}

rc::Gen<std::string> mixture() {
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(fragments())), [](const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) text += part;
    return text;
  });
}

/// Characters of `text` that stand in `whole` in this order, marks and spaces aside.
bool reads_within(std::u32string_view text, std::u32string_view whole) {
  const auto characters = characters_from_text(whole);
  std::size_t at = 0;
  for (const char32_t point : text) {
    if (is_space(point)) continue;
    at = characters.shown.find(point, at);
    if (at == std::u32string::npos) return false;
    ++at;
  }
  return true;
}

void check_span(base::Span span, std::size_t size) {
  RC_ASSERT(span.begin <= span.end);
  RC_ASSERT(span.end <= size);
}

void check_demands(const Measure& measure, std::size_t size) {
  for (const auto& item : measure.deadlines) check_span(item.span, size);
  for (const auto& item : measure.recurrences) {
    check_span(item.span, size);
    RC_ASSERT(item.times > 0);
  }
  for (const auto& item : measure.targets) {
    check_span(item.span, size);
    RC_ASSERT((item.op == "in") == item.value_max.has_value());
  }
}

RC_GTEST_PROP(PlanReading, EverySpanLiesInTheTextAndHoldsWhatWasRead, ()) {
  const auto text = *mixture();
  const auto plan = read_plan(document_of(text));
  if (!plan) {
    RC_ASSERT(plan.error().code == "plan_not_found");
    return;
  }
  const auto points = base::code_points(text);
  std::size_t last = 0;
  int task_position = 0;
  for (const auto& task : plan->tasks) {
    RC_ASSERT(task.position == ++task_position);
    check_span(task.span, points.size());
    int position = 0;
    for (const auto& measure : task.measures) {
      RC_ASSERT(measure.position == ++position);
      check_span(measure.span, points.size());
      if (!measure.text.empty() && !plan->parts.empty()) {
        RC_ASSERT(measure.span.begin >= last);
        last = measure.span.begin;
      }
      const auto at = std::u32string_view(points).substr(measure.span.begin, measure.span.end - measure.span.begin);
      RC_ASSERT(reads_within(base::code_points(measure.text), at));
      check_demands(measure, points.size());
    }
  }
  for (const auto& task : plan->table) {
    check_span(task.span, points.size());
    for (const auto& measure : task.measures) {
      check_span(measure.span, points.size());
      for (const int answer : measure.answers) RC_ASSERT(answer >= 1);
    }
  }
  for (const auto& warning : plan->warnings) {
    RC_ASSERT(!warning.text.zh.empty());
    RC_ASSERT(!warning.text.en.empty());
    if (warning.span) check_span(*warning.span, points.size());
  }
  RC_ASSERT(!json_from_plan(*plan, base::Language::zh).empty());
  RC_ASSERT(!outline_from_plan(*plan, base::Language::en).empty());
}

/// One plan, and the marks it happens to be written with.
struct Written {
  std::string text;
  std::vector<std::vector<std::vector<std::string>>> owners;  ///< of each measure of each task
};

std::string marked(int number, int style) {
  const auto digits = std::to_string(number);
  std::string wide;
  for (const char digit : digits) wide += base::utf8(static_cast<char32_t>(U'０' + (digit - '0')));
  switch (style) {
    case 0: return digits + ". ";
    case 1: return digits + "．";
    case 2: return digits + "、";
    case 3: return wide + "．";
    default: return "（" + digits + "）";
  }
}

Written written_plan() {
  static const std::vector<std::string> units{"区教育局", "区民政局", "区水务局", "区住建局", "各镇党委政府", "区扶贫办", "区委组织部"};
  static const std::vector<std::string> sentences{"摸清底数，建立台账。", "及时足额发放补助。", "加强水质监测", "对危房逐户鉴定，确保住房安全；", "组织干部开展培训。", "打通“最后一公里”，方便群众。"};
  static const std::vector<std::pair<std::string, std::string>> brackets{{"（", "）"}, {"(", ")"}, {"〔", "〕"}, {"【", "】"}, {"[", "]"}, {"（", ")"}};
  static const std::vector<std::string> colons{"：", ":"};
  static const std::vector<std::string> separators{"、", "，", "；", ",", " "};
  static const std::vector<std::string> breaks{"", "\n", "\n\n", " "};
  Written plan{"某区2021年工作要点\n\n一、任务\n", {}};
  const int tasks = *rc::gen::inRange(1, 5);
  for (int no = 1; no <= tasks; ++no) {
    const auto& mark = *rc::gen::elementOf(brackets);
    plan.text += mark.first + base::chinese_from_number(no) + mark.second + (*rc::gen::arbitrary<bool>() ? "**做好第某件事。**" : "做好第某件事。") + *rc::gen::elementOf(breaks);
    plan.owners.emplace_back();
    const int style = *rc::gen::inRange(0, 5);
    const int measures = *rc::gen::inRange(1, 5);
    std::size_t unowned = 0;
    for (int item = 1; item <= measures; ++item) {
      plan.text += marked(item, style) + *rc::gen::elementOf(sentences);
      plan.owners.back().emplace_back();
      if (item < measures && *rc::gen::arbitrary<bool>()) {
        plan.text += *rc::gen::elementOf(std::vector<std::string>{"\n", "\n\n"});
        continue;
      }
      const auto& bracket = *rc::gen::elementOf(brackets);
      const auto lead = *rc::gen::elementOf(units);
      const auto responsible = *rc::gen::unique<std::vector<std::string>>(2, rc::gen::elementOf(units));
      const auto bold = *rc::gen::arbitrary<bool>() ? std::string("**") : std::string();
      plan.text += bracket.first + bold + "牵头单位" + *rc::gen::elementOf(colons) + bold + lead + "；责任单位" + *rc::gen::elementOf(colons) + responsible[0] + *rc::gen::elementOf(separators) + responsible[1] + bracket.second +
                   *rc::gen::elementOf(breaks);
      for (auto k = unowned; k < plan.owners.back().size(); ++k) plan.owners.back()[k] = {lead, responsible[0], responsible[1]};
      unowned = plan.owners.back().size();
    }
    plan.text += "\n";
  }
  return plan;
}

RC_GTEST_PROP(PlanReading, ReadsBackWhateverMarksThePlanIsWrittenWith, ()) {
  const auto written = written_plan();
  RC_LOG() << written.text;
  const auto plan = read_plan(document_of(written.text));
  RC_ASSERT(plan.has_value());
  RC_ASSERT(plan->tasks.size() == written.owners.size());
  for (std::size_t task = 0; task < written.owners.size(); ++task) {
    const auto& measures = plan->tasks[task].measures;
    RC_ASSERT(measures.size() == written.owners[task].size());
    for (std::size_t item = 0; item < measures.size(); ++item) {
      auto names = measures[item].lead;
      names.insert(names.end(), measures[item].responsible.begin(), measures[item].responsible.end());
      RC_ASSERT(names == written.owners[task][item]);
    }
  }
  RC_ASSERT(plan->warnings.empty());
}

RC_GTEST_PROP(PlanAlignment, KeepsTheOrderOfBothSides, ()) {
  const auto words = rc::gen::container<std::vector<std::u32string>>(rc::gen::map(rc::gen::inRange(0, 6), [](int i) {
    static const std::vector<std::u32string> all{U"摸清底数建立台账", U"摸清底数", U"发放补助", U"公开名单", U"建立台账", U""};
    return all[static_cast<std::size_t>(i)];
  }));
  const auto left = *words;
  const auto right = *words;
  const auto answers = aligned(left, right);
  RC_ASSERT(answers.size() == right.size());
  std::size_t last = 0;
  for (const auto& answer : answers) {
    for (const auto index : answer) {
      RC_ASSERT(index < left.size());
      RC_ASSERT(index >= last);
      last = index;
    }
  }
}

TEST(UnitName, DiffersByAWordOrNamesAnotherBody) {
  EXPECT_TRUE(differ_by_a_word("区攻坚指挥部办公室", "区攻坚战指挥部办公室"));
  EXPECT_TRUE(differ_by_a_word("区卫生健康委", "区卫生健康委员会"));
  EXPECT_TRUE(differ_by_a_word("各行业牵头单位", "各行业牵头责任单位"));
  EXPECT_TRUE(differ_by_a_word("区农业局", "区农业农村局"));
  EXPECT_FALSE(differ_by_a_word("区民政局", "区财政局"));
  EXPECT_FALSE(differ_by_a_word("某镇政府", "某镇党委政府"));
  EXPECT_FALSE(differ_by_a_word("市公安局", "市公安局某区分局"));
  EXPECT_FALSE(differ_by_a_word("区教育局", "区教育局"));
}

}  // namespace
}  // namespace yihu::plan
