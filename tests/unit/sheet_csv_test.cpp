#include "../documents/office_file.h"
#include "sheet/csv_writer.h"
#include "sheet/workbook.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <fstream>

namespace yihu::sheet {
namespace {

/// Rows as "2: A=甲|C=丙", one a line.
std::string rows(Workbook& workbook) {
  std::string out;
  const auto done = workbook.read_rows(0, [&](const SheetRow& row) {
    out += std::to_string(row.number) + ":";
    for (const SheetCell& cell : row.cells) {
      const std::string reference = cell_reference(row.number, cell.column);
      out += " " + reference.substr(0, reference.find_first_of("0123456789")) + "=" + std::string(cell.text);
    }
    out += "\n";
    return true;
  });
  return done ? out : out + done.error().code + " " + done.error().place.cell;
}

std::string rows(std::string_view bytes, std::string_view name = "名册.csv") {
  auto workbook = open_workbook(bytes, name);
  return workbook ? rows(**workbook) : workbook.error().code + ": " + workbook.error().text.zh;
}

TEST(SheetCsv, SeparatorsAndLineEnds) {
  EXPECT_EQ(rows("姓名,年龄\r\n张三,30\r\n"), "1: A=姓名 B=年龄\n2: A=张三 B=30\n");
  EXPECT_EQ(rows("姓名\t年龄\n张三\t30"), "1: A=姓名 B=年龄\n2: A=张三 B=30\n");
  EXPECT_EQ(rows("姓名;年龄\n张三;1,5\n李四;2,5\n"), "1: A=姓名 B=年龄\n2: A=张三 B=1,5\n3: A=李四 B=2,5\n");
  EXPECT_EQ(rows("sep=|\n甲|乙,丙\n"), "2: A=甲 B=乙,丙\n");
  EXPECT_EQ(rows("甲,乙\r丙,丁\r"), "1: A=甲 B=乙\n2: A=丙 B=丁\n");
  EXPECT_EQ(rows("只有一列\n甲\n"), "1: A=只有一列\n2: A=甲\n");
}

TEST(SheetCsv, QuotesBlanksAndBlankRows) {
  EXPECT_EQ(rows("a,\"b\"\"c\",\"d,e\"\n\n,,x\n\"两\n行\",y,\n"), "1: A=a B=b\"c C=d,e\n3: C=x\n4: A=两\n行 B=y\n");
  EXPECT_EQ(rows("\"a\"b,c\n"), "1: A=ab B=c\n");
  EXPECT_EQ(rows("a,b\n\"c,d\ne"), "1: A=a B=b\ncsv_quote_open 名册!A2");
}

TEST(SheetCsv, Encodings) {
  const std::string text = "姓名,村\n张三,灵山镇大林村\n";
  const std::string expected = "1: A=姓名 B=村\n2: A=张三 B=灵山镇大林村\n";
  EXPECT_EQ(rows(text), expected);
  EXPECT_EQ(rows("\xef\xbb\xbf" + text), expected);
  EXPECT_EQ(rows(test::encoded(text, "gb18030")), expected);
  EXPECT_EQ(rows("\xff\xfe" + test::encoded(text, "UTF-16LE")), expected);
}

TEST(SheetCsv, TheProtectingApostropheGoesAgain) {
  EXPECT_EQ(rows("'=1+1,'-5,'abc,'\n"), "1: A==1+1 B=-5 C='abc D='\n");
}

TEST(SheetCsv, TheFormulaThatKeepsANumberTextGoes) {
  EXPECT_EQ(rows("号码,a\n=\"460108\",\"=\"\"12\"\"\"\n=\"1\"&\"2\",=1+1\n"), "1: A=号码 B=a\n2: A=460108 B=12\n3: A==\"1\"&\"2\" B==1+1\n");
}

TEST(SheetCsv, WrittenTextStaysText) {
  CsvWriter writer;
  writer.add_row({{"=cmd|' /C calc'!A0"}, {"+1"}, {"-1"}, {"-1", true}, {"@x"}, {"\tx"}, {"甲,\"乙\"\n丙"}, {""}});
  EXPECT_EQ(writer.take(), "\xef\xbb\xbf'=cmd|' /C calc'!A0,'+1,'-1,-1,'@x,'\tx,\"甲,\"\"乙\"\"\n丙\",\r\n");
  writer.add_row({{"x"}});
  EXPECT_EQ(writer.take(), "x\r\n");
}

TEST(SheetCsv, WhatIsWrittenIsReadAgain) {
  EXPECT_TRUE(rc::check("csv out, csv in", [] {
    const auto table = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::vector<std::string>>>(
        rc::gen::container<std::vector<std::string>>(3, rc::gen::container<std::string>(rc::gen::element('a', '\'', '=', '-', '@', ',', '"', '\n', '\t', '+', ' ', ';')))));
    CsvWriter writer;
    writer.add_row({{"x"}, {"y"}, {"z"}});
    for (const auto& line : table) writer.add_row({{line[0]}, {line[1]}, {line[2]}});
    const std::string bytes = "sep=,\n" + writer.take().substr(3);
    auto workbook = open_workbook(bytes, "a.csv");
    RC_ASSERT(bool(workbook));
    std::vector<std::vector<std::string>> read(table.size(), std::vector<std::string>(3));
    const auto done = (*workbook)->read_rows(0, [&](const SheetRow& row) {
      for (const SheetCell& cell : row.cells) {
        if (row.number > 2) read.at(static_cast<std::size_t>(row.number) - 3).at(static_cast<std::size_t>(cell.column) - 1) = cell.text;
      }
      return true;
    });
    RC_ASSERT(bool(done));
    RC_ASSERT(read == table);
  }));
}

TEST(SheetCsv, FromAFile) {
  const auto file = std::filesystem::temp_directory_path() / ("yihu_csv_" + std::to_string(getpid()) + ".csv");
  std::ofstream(file) << "姓名,村\n张三,甲\n";
  auto workbook = open_workbook(file);
  ASSERT_TRUE(workbook);
  EXPECT_EQ(rows(**workbook), "1: A=姓名 B=村\n2: A=张三 B=甲\n");
  std::filesystem::remove(file);
  EXPECT_EQ(open_workbook(file).error().code, "workbook_missing");
}

TEST(SheetCsv, WhatIsNoTableIsSaidInASentence) {
  EXPECT_EQ(rows("", "a.csv"), "workbook_empty: 文件是空的。");
  EXPECT_EQ(rows("<html><table><tr><td>1</td></tr></table></html>", "a.xls"), "workbook_unknown: 这其实是网页或 XML 文件，只是扩展名像表格。");
  EXPECT_EQ(rows("\xef\xbb\xbf\r\n<div><table><tr><td>1</td></tr></table></div>", "a.xls"), "workbook_unknown: 这其实是网页或 XML 文件，只是扩展名像表格。");
  EXPECT_EQ(rows("{\"code\":500}", "a.xlsx"), "workbook_unknown: 这不是表格，而是系统返回的一段数据，导出可能没有成功。");
  EXPECT_EQ(rows("%PDF-1.4", "a.xlsx"), "workbook_unknown: 这是 PDF，不是表格。");
  EXPECT_EQ(rows(std::string_view("\x01\x02\0\x03\x04", 5), "a.csv"), "workbook_unknown: 这不是能读取的表格文件。");
  auto workbook = open_workbook(std::string_view("a,b\n"), "a.xlsx");
  ASSERT_TRUE(workbook);
  EXPECT_EQ((*workbook)->notes().at(0).zh, "文件扩展名是 .xlsx，内容其实是 csv，已按内容读取。");
}

}  // namespace
}  // namespace yihu::sheet
