#include "../documents/workbook_file.h"
#include "sheet/table.h"

#include <gtest/gtest.h>

#include <sstream>

namespace yihu::sheet {
namespace {

const char* word(RowRole role) {
  switch (role) {
    case RowRole::body: return "body";
    case RowRole::total: return "total";
    case RowRole::note: return "note";
    case RowRole::heading: return "heading";
  }
  return "";
}

/// What is found: each column as "A4 heading", each row as "5 body: cell|cell".
std::string found(Workbook& workbook, const std::vector<std::string>& known = {}) {
  const auto head = table_head(workbook, 0, known);
  if (!head) return head.error().code;
  std::string out;
  for (const std::string& line : head->above) out += "above: " + line + "\n";
  for (const TableColumn& column : head->columns) out += column.address + " " + column.heading + (column.hidden ? " hidden" : "") + "\n";
  const auto done = read_table(workbook, 0, *head, [&](const TableRow& row) {
    out += std::to_string(row.number) + " " + word(row.role) + (row.hidden ? " hidden" : "") + ":";
    for (const SheetCell& cell : row.cells) out += " " + std::string(cell.kind == CellKind::empty ? "-" : cell.text) + (cell.row != row.number ? "^" : "");
    out += "\n";
    return true;
  });
  return done ? out : out + done.error().code;
}

std::string found_in_csv(const std::string& text, const std::vector<std::string>& known = {}) {
  auto workbook = open_workbook(text, "表.csv");
  return workbook ? found(**workbook, known) : workbook.error().code;
}

/// Lines of cells separated by "|"; a cell "#12" is the number 12.
std::string found_in_xlsx(const std::string& lines, const std::vector<std::string>& merged = {}, const std::string& before = {}, const std::vector<std::string>& known = {}) {
  std::string data;
  std::istringstream stream(lines);
  int row = 0;
  for (std::string line; std::getline(stream, line);) {
    ++row;
    const bool hidden = line.starts_with('~');
    if (hidden) line.erase(0, 1);
    data += "<row r=\"" + std::to_string(row) + "\"" + (hidden ? " hidden=\"1\"" : "") + ">";
    std::istringstream cells(line);
    int column = 0;
    for (std::string cell; std::getline(cells, cell, '|');) {
      const std::string reference = cell_reference(row, ++column);
      if (cell.starts_with('#')) data += test::number_cell(reference, cell.substr(1));
      else if (!cell.empty()) data += test::inline_cell(reference, cell);
    }
    data += "</row>";
  }
  std::string merges = "<mergeCells>";
  for (const std::string& range : merged) merges += "<mergeCell ref=\"" + range + "\"/>";
  const std::string bytes = test::xlsx_of({data, before, merges + "</mergeCells>"});
  auto workbook = open_workbook(bytes, "a.xlsx");
  return workbook ? found(**workbook, known) : workbook.error().code;
}

TEST(SheetTable, PlainHead) {
  EXPECT_EQ(found_in_csv("姓名,年龄\n张三,30\n\n李四,40\n"), "表!A1 姓名\n表!B1 年龄\n2 body: 张三 30\n4 body: 李四 40\n");
}

TEST(SheetTable, TitleMergedHeadingsNumbersTotalsAndNotes) {
  EXPECT_EQ(found_in_xlsx("2019年收入台账||||\n填报单位：灵山镇|||填报时间：2019-04-30|\n序号|户主姓　名|收入（元）||备注\n||工资性|经营性|\n"
                          "#1|#2|#3|#4|#5\n#1|张三|#100|#200|\n\n~#2|李四|#300||\n合 计||#400|#200|\n灵山镇小计||#400|#200|\n注：本表一式两份||||\n制表人：王五|||审核人：赵六|",
                          {"A1:E1", "C3:D3", "A3:A4", "B3:B4", "E3:E4"}),
            "above: 2019年收入台账\nabove: 填报单位：灵山镇 填报时间：2019-04-30\n"
            "表一!A3 序号\n表一!B3 户主姓名\n表一!C4 收入(元)/工资性\n表一!D4 收入(元)/经营性\n表一!E3 备注\n"
            "5 heading: 1 2 3 4 5\n6 body: 1 张三 100 200 -\n8 body hidden: 2 李四 300 - -\n9 total: 合 计 - 400 200 -\n"
            "10 total: 灵山镇小计 - 400 200 -\n11 note: 注：本表一式两份 - - - -\n12 note: 制表人：王五 - - 审核人：赵六 -\n");
}

TEST(SheetTable, TwoLinesWithoutMergesAsInCsv) {
  EXPECT_EQ(found_in_csv("台账,,,\n序号,姓名,收入,,备注\n,,工资性,经营性,\n1,张三,100,200,\n"),
            "above: 台账\n表!A2 序号\n表!B2 姓名\n表!C3 收入/工资性\n表!D3 收入/经营性\n表!E2 备注\n4 body: 1 张三 100 200 -\n");
}

TEST(SheetTable, ValuesMergedOverSeveralRowsHoldForEach) {
  EXPECT_EQ(found_in_xlsx("户主|成员|年龄\n张三|张三|#40\n|李四|#38\n|张小|#10\n王五|王五|#50", {"A2:A4"}),
            "表一!A1 户主\n表一!B1 成员\n表一!C1 年龄\n2 body: 张三 张三 40\n3 body: 张三^ 李四 38\n4 body: 张三^ 张小 10\n5 body: 王五 王五 50\n");
}

TEST(SheetTable, RepeatedHeadsAreToldApart) {
  EXPECT_EQ(found_in_csv("姓名,村,年龄\n张三,甲,30\n姓 名,村,年龄\n李四,乙,40\n"),
            "表!A1 姓名\n表!B1 村\n表!C1 年龄\n2 body: 张三 甲 30\n3 heading: 姓 名 村 年龄\n4 body: 李四 乙 40\n");
}

TEST(SheetTable, ATitleAboveKnownHeadingsIsNoGroup) {
  EXPECT_EQ(found_in_csv("6月就业台账,,\n姓名,村,收入\n张三,甲,1\n", {"姓名", "村", "收入"}), "above: 6月就业台账\n表!A2 姓名\n表!B2 村\n表!C2 收入\n3 body: 张三 甲 1\n");
}

TEST(SheetTable, WhatStandsBeneathAFormIsNoRow) {
  EXPECT_EQ(found_in_csv("姓名,村,电话,收入\n张三,甲,1,2\n填表日期：2019年6月1日,,,\n村主任（签字）：,,,6月1日\n单位（盖章）,,,\n,,村支书：,\n第 2 页,,,\n2.每月5日前报。,,,\n"
                         "姓名,村,电话,收入\n李四,,,\n"),
            "表!A1 姓名\n表!B1 村\n表!C1 电话\n表!D1 收入\n2 body: 张三 甲 1 2\n3 note: 填表日期：2019年6月1日 - - -\n4 note: 村主任（签字）： - - 6月1日\n"
            "5 note: 单位（盖章） - - -\n6 note: - - 村支书： -\n7 note: 第 2 页 - - -\n8 note: 2.每月5日前报。 - - -\n9 heading: 姓名 村 电话 收入\n10 body: 李四 - - -\n");
}

TEST(SheetTable, AmountsInAnotherUnitAreSaid) {
  const auto said = [](const std::string& csv, std::string_view heading) {
    auto workbook = open_workbook(csv, "表.csv");
    const auto done = expect_yuan(*table_head(**workbook, 0), heading, "表!C1");
    return done ? std::string() : done.error().code;
  };
  EXPECT_EQ(said("姓名,收入\n张三,1\n", "收入（万元）"), "unit_differs");
  EXPECT_EQ(said("收入表,\n单位：万元,\n姓名,收入\n张三,1\n", "收入"), "unit_differs");
  EXPECT_EQ(said("收入表,\n单位：万元,\n姓名,收入\n张三,1\n", "收入（元）"), "");
  EXPECT_EQ(said("收入表,\n单位：万宁镇,\n姓名,收入\n张三,1\n", "收入"), "");
}

TEST(SheetTable, KnownHeadingsDecide) {
  // Without them the first line would do as a head.
  const std::string text = "灵山镇,大林村,一组\n姓名,证件号码,备注\n张三,1,\n";
  EXPECT_EQ(found_in_csv(text, {"姓名（必填）", "证件号码", "电话"}), "above: 灵山镇 大林村 一组\n表!A2 姓名\n表!B2 证件号码\n表!C2 备注\n3 body: 张三 1 -\n");
}

TEST(SheetTable, KnownHeadingsBelowAGroup) {
  EXPECT_EQ(found_in_xlsx("基本情况||收入||\n姓名|村|工资|经营|备注\n张三|甲|#1|#2|", {"A1:B1", "C1:D1"}, "", {"姓名", "村", "工资"}),
            "表一!A2 基本情况/姓名\n表一!B2 基本情况/村\n表一!C2 收入/工资\n表一!D2 收入/经营\n表一!E2 备注\n3 body: 张三 甲 1 2 -\n");
}

TEST(SheetTable, HiddenColumnsAreMarked) {
  EXPECT_EQ(found_in_xlsx("姓名|村\n张三|甲", {}, "<cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols>"), "表一!A1 姓名\n表一!B1 村 hidden\n2 body: 张三 甲\n");
}

TEST(SheetTable, NoHeadIsSaid) {
  EXPECT_EQ(found_in_csv("1,2,3\n4,5,6\n"), "table_head_missing");
  EXPECT_EQ(found_in_csv(",,\n\n"), "sheet_empty");
}

TEST(SheetTable, HeadingsAreNormalised) {
  EXPECT_EQ(heading_text("户主\n姓　名（必填）"), "户主姓名(必填)");
  EXPECT_EQ(heading_text("ＩＤ【号】、码"), "ID(号),码");
  EXPECT_EQ(heading_key("*户主姓名（必填）："), "户主姓名");
  EXPECT_EQ(heading_key("（元）"), "(元)");
}

}  // namespace
}  // namespace yihu::sheet
