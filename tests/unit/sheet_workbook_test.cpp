#include "sheet/workbook_writer.h"

#include "sheet/zip_archive.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace yihu {
namespace {

using sheet::Tone;
using sheet::WorkbookCell;
using sheet::WorkbookOptions;
using sheet::WorkbookWriter;

WorkbookWriter open(bool constant_memory = false, base::Language language = base::Language::zh) {
  WorkbookOptions options;
  options.created = {1'556'000'000'000'000};
  options.title = "责任清单";
  options.language = language;
  options.constant_memory = constant_memory;
  return *WorkbookWriter::open(options);
}

sheet::WorkbookSheet plan_sheet(std::string name = "责任清单") {
  return {.name = std::move(name), .title = "2019年责任清单", .note = "截至4月30日",
          .columns = {{"任务", 16}, {"措施", 40}, {"单位", 20}, {"次数", 8, sheet::Align::right}, {"期限", 12, sheet::Align::centre}},
          .landscape = true, .frozen_columns = 1};
}

std::string part(const std::string& bytes, const std::string& name) {
  const auto archive = sheet::ZipArchive::open(bytes);
  if (!archive) return {};
  return archive->read(name).value_or("");
}

bool holds(const std::string& text, std::string_view piece) { return text.find(piece) != std::string::npos; }

TEST(WorkbookWriter, ASheetIsReadyToPrint) {
  WorkbookWriter writer = open();
  ASSERT_TRUE(writer.add_sheet(plan_sheet()));
  ASSERT_TRUE(writer.add_heading("一、总体要求"));
  ASSERT_TRUE(writer.add_row({{.value = "学习", .rows = 2}, {.value = "培训"}, {.value = "区委组织部"}, {.value = std::int64_t{4}}, {.value = base::make_date(2019, 4, 30)}}));
  ASSERT_TRUE(writer.add_row({{.value = "宣传", .tone = Tone::bad}, {.value = "各镇", .columns = 3}}));
  const auto bytes = std::move(writer).finish();
  ASSERT_TRUE(bytes);
  const std::string page = part(*bytes, "xl/worksheets/sheet1.xml");
  const std::string book = part(*bytes, "xl/workbook.xml");
  const std::string strings = part(*bytes, "xl/sharedStrings.xml");
  EXPECT_TRUE(holds(page, "paperSize=\"9\"")) << page;
  EXPECT_TRUE(holds(page, "orientation=\"landscape\""));
  EXPECT_TRUE(holds(page, "fitToHeight=\"0\""));
  EXPECT_TRUE(holds(page, "<pane xSplit=\"1\" ySplit=\"3\""));
  EXPECT_TRUE(holds(page, "第 &amp;P 页，共 &amp;N 页"));
  EXPECT_TRUE(holds(page, "<mergeCell ref=\"A1:E1\"/>"));
  EXPECT_TRUE(holds(page, "<mergeCell ref=\"A4:E4\"/>"));
  EXPECT_TRUE(holds(page, "<mergeCell ref=\"A5:A6\"/>"));
  EXPECT_TRUE(holds(page, "<mergeCell ref=\"C6:E6\"/>"));
  EXPECT_TRUE(holds(page, "<v>43585</v>"));  // 2019-04-30 as spreadsheets count days
  EXPECT_TRUE(holds(book, "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"0\">责任清单!$3:$3</definedName>") ||
              holds(book, "'责任清单'!$3:$3")) << book;
  for (const char* text : {"2019年责任清单", "截至4月30日", "一、总体要求", "学习", "区委组织部", "各镇"}) EXPECT_TRUE(holds(strings, text)) << text;
  EXPECT_TRUE(holds(part(*bytes, "docProps/core.xml"), "2019-04-23T"));
}

TEST(WorkbookWriter, TextIsNeverAFormula) {
  for (const bool constant_memory : {false, true}) {
    WorkbookWriter writer = open(constant_memory);
    ASSERT_TRUE(writer.add_sheet({.name = "表", .columns = {{"甲"}, {"乙"}}}));
    ASSERT_TRUE(writer.add_row({{.value = "=1+1"}, {.value = "=cmd|' /C calc'!A0"}}));
    ASSERT_TRUE(writer.add_row({{.value = "{=A1}"}, {.value = "http://example.org/"}}));
    ASSERT_TRUE(writer.add_row({{.value = "@SUM(A1)"}, {.value = "460108199001011234"}}));
    const auto bytes = std::move(writer).finish();
    ASSERT_TRUE(bytes);
    const std::string page = part(*bytes, "xl/worksheets/sheet1.xml");
    EXPECT_FALSE(holds(page, "<f>"));
    EXPECT_FALSE(holds(page, "hyperlink"));
    EXPECT_TRUE(holds(constant_memory ? page : part(*bytes, "xl/sharedStrings.xml"), "=1+1"));
    EXPECT_TRUE(holds(constant_memory ? page : part(*bytes, "xl/sharedStrings.xml"), "460108199001011234"));
  }
}

TEST(WorkbookWriter, TheSameInputGivesTheSameBytes) {
  const auto make = [] {
    WorkbookWriter writer = open();
    EXPECT_TRUE(writer.add_sheet(plan_sheet()));
    EXPECT_TRUE(writer.add_row({{.value = "学习"}, {.value = "培训"}}));
    return std::move(writer).finish().value();
  };
  EXPECT_EQ(make(), make());
}

TEST(WorkbookWriter, NamesOfSheetsAreMadeToFit) {
  WorkbookWriter writer = open();
  ASSERT_TRUE(writer.add_sheet({.name = "区/委[办]:*?", .columns = {{"甲"}}}));
  ASSERT_TRUE(writer.add_sheet({.name = "区/委[办]:*?", .columns = {{"甲"}}}));
  ASSERT_TRUE(writer.add_sheet({.name = std::string(100, 'x'), .columns = {{"甲"}}}));
  ASSERT_TRUE(writer.add_sheet({.name = std::string(100, 'X'), .columns = {{"甲"}}}));
  ASSERT_TRUE(writer.add_sheet({.name = "'", .columns = {{"甲"}}}));
  const auto bytes = std::move(writer).finish();
  ASSERT_TRUE(bytes);
  const std::string book = part(*bytes, "xl/workbook.xml");
  EXPECT_TRUE(holds(book, "name=\"区 委 办\"")) << book;
  EXPECT_TRUE(holds(book, "name=\"区 委 办 2\"")) << book;
  EXPECT_TRUE(holds(book, "name=\"" + std::string(31, 'x') + "\""));
  EXPECT_TRUE(holds(book, "name=\"" + std::string(29, 'X') + " 2\""));
  EXPECT_TRUE(holds(book, "name=\"表\""));
}

TEST(WorkbookWriter, ARowGrowsForAMergedCell) {
  WorkbookWriter writer = open();
  ASSERT_TRUE(writer.add_sheet({.name = "表", .columns = {{"任务", 10}, {"措施", 40}}}));
  std::string sentence;
  for (int i = 0; i < 40; ++i) sentence += "压实";
  ASSERT_TRUE(writer.add_row({{.value = sentence, .rows = 2}, {.value = "短"}}));
  ASSERT_TRUE(writer.add_row({{.value = "短"}}));
  const auto bytes = std::move(writer).finish();
  ASSERT_TRUE(bytes);
  // 80 characters of two digits' width in a column of ten: 18 lines, one of them in the first row.
  EXPECT_TRUE(holds(part(*bytes, "xl/worksheets/sheet1.xml"), "<row r=\"3\" spans=\"1:2\" ht=\"265.2\" customHeight=\"1\">"))
      << part(*bytes, "xl/worksheets/sheet1.xml");
}

TEST(WorkbookWriter, OurOwnMistakesAreErrors) {
  EXPECT_EQ(std::move(open()).finish().error().code, "workbook_misused");
  WorkbookWriter writer = open(true);
  EXPECT_FALSE(writer.add_row({}));
  EXPECT_FALSE(writer.add_sheet({.name = "表"}));
  ASSERT_TRUE(writer.add_sheet({.name = "表", .columns = {{"甲"}}}));
  EXPECT_FALSE(writer.add_row({{.value = "一"}, {.value = "二"}}));
  EXPECT_FALSE(writer.add_row({{.value = "一", .rows = 2}}));
}

TEST(WorkbookWriter, LargeTablesKeepOneRowInMemory) {
  WorkbookWriter writer = open(true);
  ASSERT_TRUE(writer.add_sheet(plan_sheet()));
  for (int i = 0; i < 20'000; ++i) {
    ASSERT_TRUE(writer.add_row({{.value = "任务"}, {.value = "措施 " + std::to_string(i)}, {.value = "单位"}, {.value = std::int64_t{i}}}));
  }
  const auto bytes = std::move(writer).finish();
  ASSERT_TRUE(bytes);
  EXPECT_TRUE(holds(part(*bytes, "xl/worksheets/sheet1.xml"), "措施 19999"));
}

TEST(WorkbookWriter, AnyTextMakesAReadableFile) {
  const auto readable = [](const std::vector<std::string>& texts) {
    WorkbookWriter writer = open();
    if (!writer.add_sheet({.name = texts.empty() ? "" : texts[0], .title = texts.empty() ? "" : texts[0], .columns = {{"甲"}}})) return false;
    for (const std::string& text : texts) {
      if (!writer.add_row({{.value = text}})) return false;
    }
    const auto bytes = std::move(writer).finish();
    if (!bytes || part(*bytes, "xl/workbook.xml").empty()) return false;
    for (const char c : part(*bytes, "xl/sharedStrings.xml")) {
      if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') return false;
    }
    return true;
  };
  EXPECT_TRUE(rc::check(readable));
}

}  // namespace
}  // namespace yihu
