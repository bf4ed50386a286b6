// Tables of a word processor: merged cells are carried down, one cell for both columns of owners leaves the roles open.

#include "plan/reading/plan_document.h"

#include <gtest/gtest.h>

namespace yihu::plan {
namespace {

/// Builds a document the way every format is handed over: a line a paragraph, a line a table row.
class Builder {
 public:
  Builder& line(std::string_view text) {
    document.text += text;
    document.text += '\n';
    return *this;
  }

  struct Cell { std::string text; int rows = 1; int columns = 1; };

  /// Rows list only the cells that begin in them; covered places are left out.
  Builder& table(int columns, const std::vector<std::vector<Cell>>& rows) {
    sheet::Table table;
    table.rows = static_cast<int>(rows.size());
    table.columns = columns;
    std::vector<std::vector<bool>> covered(rows.size(), std::vector<bool>(static_cast<std::size_t>(columns)));
    auto at = base::count_code_points(document.text);
    table.span.begin = at;
    for (int row = 0; row < table.rows; ++row) {
      auto cell = rows[static_cast<std::size_t>(row)].begin();
      for (int column = 0; column < columns; ++column) {
        if (column > 0) {
          document.text += '\t';
          ++at;
        }
        if (covered[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)]) continue;
        for (int down = 0; down < cell->rows; ++down) {
          for (int across = 0; across < cell->columns; ++across) covered[static_cast<std::size_t>(row + down)][static_cast<std::size_t>(column + across)] = true;
        }
        const auto length = base::count_code_points(cell->text);
        table.cells.push_back({row, column, cell->rows, cell->columns, cell->text, {at, at + length}});
        document.text += cell->text;
        at += length;
        table.span.end = at;
        ++cell;
      }
      document.text += '\n';
      ++at;
    }
    document.tables.push_back(std::move(table));
    return *this;
  }

  sheet::Document document;
};

std::string names(const std::vector<std::string>& list) {
  std::string out;
  for (const auto& name : list) out += (out.empty() ? "" : " ") + name;
  return out;
}

Builder plan_text() {
  Builder builder;
  builder.line("清水区2021年工作要点").line("一、民生").line("（一）就学。1. 摸清底数。2. 劝返学生。（牵头单位：区教育局；责任单位：各镇党委政府）");
  builder.line("（二）督查。1. 开展专项督查。（责任单位：区委督查室、区审计局）");
  return builder;
}

TEST(PlanTable, MergedCellsAreCarriedDown) {
  auto builder = plan_text();
  builder.table(5, {{{"目标", 2}, {"任务", 2}, {"措施", 2}, {"责任分解", 1, 2}},
                    {{"牵头单位"}, {"责任单位"}},
                    {{"一、民生", 3}, {"（一）就学", 2}, {"1、摸清底数"}, {"区教育局", 2}, {"各镇党委政府", 2}},
                    {{"2、劝返学生"}},
                    {{"（二）督查"}, {"1、专项督查"}, {"区委督查室、区审计局", 1, 2}}});
  const auto plan = read_plan(builder.document);
  ASSERT_TRUE(plan.has_value());
  ASSERT_EQ(plan->table.size(), 2U);
  ASSERT_EQ(plan->table[0].measures.size(), 2U);
  EXPECT_EQ(names(plan->table[0].measures[1].lead), "区教育局");
  EXPECT_EQ(names(plan->table[0].measures[1].responsible), "各镇党委政府");
  ASSERT_EQ(plan->table[1].measures.size(), 1U);
  EXPECT_TRUE(plan->table[1].measures[0].roles_unclear);
  EXPECT_EQ(names(plan->table[1].measures[0].responsible), "区委督查室 区审计局");
  EXPECT_TRUE(plan->warnings.empty()) << plan->warnings.front().text.zh;
}

TEST(PlanTable, TableTextIsNoPartOfTheLastMeasure) {
  auto builder = plan_text();
  builder.line("清水区2021年工作要点一览表").table(3, {{{"任务"}, {"措施"}, {"责任单位"}}, {{"（一）就学"}, {"1、摸清底数"}, {"区教育局"}}});
  const auto plan = read_plan(builder.document);
  ASSERT_TRUE(plan.has_value());
  ASSERT_EQ(plan->tasks.size(), 2U);
  EXPECT_EQ(plan->tasks[1].measures[0].text, "开展专项督查。");
}

TEST(PlanTable, LowerHeadsMayHaveLostTheirPlace) {
  auto builder = plan_text();
  builder.table(5, {{{"目标"}, {"任务"}, {"措施"}, {"责任分解", 1, 2}},
                    {{"牵头单位"}, {"责任单位"}, {""}, {""}, {""}},
                    {{"一、民生"}, {"（一）就学"}, {"1、摸清底数"}, {"区教育局"}, {"各镇党委政府"}}});
  const auto plan = read_plan(builder.document);
  ASSERT_TRUE(plan.has_value());
  ASSERT_EQ(plan->table.size(), 1U);
  EXPECT_EQ(names(plan->table[0].measures.at(0).lead), "区教育局");
}

TEST(PlanTable, HeadOverTwoColumnsMeansLeadAndResponsible) {
  auto builder = plan_text();
  builder.table(4, {{{"任务"}, {"措施"}, {"责任分解", 1, 2}}, {{"（一）就学"}, {"1、摸清底数"}, {"区教育局"}, {"各镇党委政府"}}});
  const auto plan = read_plan(builder.document);
  ASSERT_TRUE(plan.has_value());
  ASSERT_EQ(plan->table.size(), 1U);
  EXPECT_EQ(names(plan->table[0].measures.at(0).lead), "区教育局");
  EXPECT_EQ(names(plan->table[0].measures.at(0).responsible), "各镇党委政府");
}

TEST(PlanTable, OwnEmptyCellIsNotTheOneAbove) {
  auto builder = plan_text();
  builder.table(4, {{{"任务"}, {"措施"}, {"牵头单位"}, {"责任单位"}},
                    {{"（一）就学", 2}, {"1、摸清底数"}, {"区教育局"}, {"各镇党委政府"}},
                    {{"2、劝返学生"}, {""}, {"各镇党委政府"}}});
  const auto plan = read_plan(builder.document);
  ASSERT_TRUE(plan.has_value());
  ASSERT_EQ(plan->table[0].measures.size(), 2U);
  EXPECT_EQ(names(plan->table[0].measures[1].lead), "");
}

TEST(PlanTable, TablesOfOtherThingsAreLeftAlone) {
  auto builder = plan_text();
  builder.table(3, {{{"乡镇"}, {"户数"}, {"人数"}}, {{"灵水镇"}, {"20"}, {"66"}}});
  const auto plan = read_plan(builder.document);
  ASSERT_TRUE(plan.has_value());
  EXPECT_TRUE(plan->table.empty());
  EXPECT_EQ(plan->tasks[1].measures.size(), 1U);
}

TEST(PlanTable, LayoutTablesOfOneColumnAreText) {
  Builder builder;
  builder.line("清水区2021年工作要点").table(1, {{{"一、民生"}}, {{"（一）就学。1. 摸清底数。（责任单位：区教育局）"}}});
  const auto plan = read_plan(builder.document);
  ASSERT_TRUE(plan.has_value());
  ASSERT_EQ(plan->tasks.size(), 1U);
  EXPECT_EQ(names(plan->tasks[0].measures.at(0).responsible), "区教育局");
}

TEST(PlanTable, SpansOfCellsCountInTheDocument) {
  auto builder = plan_text();
  builder.table(3, {{{"任务"}, {"措施"}, {"责任单位"}}, {{"（一）就学"}, {"1、摸清底数"}, {"区教育局"}}});
  const auto plan = read_plan(builder.document);
  ASSERT_TRUE(plan.has_value());
  const auto points = base::code_points(builder.document.text);
  const auto span = plan->table.at(0).measures.at(0).span;
  EXPECT_EQ(base::utf8(points.substr(span.begin, span.end - span.begin)), "摸清底数");
}

TEST(PlanDocumentErrors, SayWhatIsWrong) {
  sheet::Document document;
  document.text = "今天天气很好。\n";
  const auto none = read_plan(document);
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, "plan_not_found");
  document.text.assign(3 * (plan_code_points_max + 1), ' ');
  const auto long_text = read_plan(document);
  ASSERT_FALSE(long_text.has_value());
  EXPECT_EQ(long_text.error().code, "plan_too_long");
  EXPECT_EQ(long_text.error().kind, base::ErrorKind::too_large);
}

TEST(PlanDocumentErrors, TenThousandNestedBracketsAreNoPlan) {
  sheet::Document document;
  for (int i = 0; i < 10'000; ++i) document.text += "（";
  for (int i = 0; i < 10'000; ++i) document.text += "）";
  EXPECT_FALSE(read_plan(document).has_value());
}

}  // namespace
}  // namespace yihu::plan
