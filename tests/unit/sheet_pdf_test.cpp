#include "sheet/pdf_page.h"

#include "../documents/office_file.h"
#include "sheet/document.h"
#include "sheet/pdf_rules_from_svg.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace yihu {
namespace {

using namespace test;

std::string text_of(const std::vector<std::vector<Printed>>& pages) {
  auto document = sheet::read_document(pdf_of(pages), "计划.pdf");
  return document ? document->text : base::describe(document.error(), base::Language::en);
}

base::Result<sheet::Document> document_from(const std::vector<sheet::PdfPage>& pages) {
  sheet::DocumentBuilder builder;
  sheet::read_pdf_pages(pages, builder);
  return std::move(builder).finish("pdf", false);
}

// An official page: 16 point print, 28 characters a line from 76 to 524, first lines stand in by two.
constexpr double left = 76;
constexpr double indent = left + 32;
constexpr double size = 16;

TEST(Pdf, LinesBecomeParagraphs) {
  EXPECT_EQ(text_of({{{140, 760, 22, "美兰区扶贫工作领导小组"},
                      {180, 730, 22, "2019年扶贫工作要点"},
                      {indent, 690, size, "为全面完成年度任务，巩固提升脱贫质量，根据上级会议精神"},
                      {left, 662, size, "，结合我区实际，制定本要点。"},
                      {indent, 634, size, "一、总体要求"},
                      {indent, 606, size, "（一）指导思想。深入学习贯彻重要论述，坚持精准方略，落"},
                      {left, 578, size, "实三年行动计划。1.加强学习培训，全年不少于二次，各镇各单"},
                      {left, 550, size, "位抓好落实。（牵头单位：区委组织部；责任单位：各镇）"}}}),
            "美兰区扶贫工作领导小组\n2019年扶贫工作要点\n"
            "为全面完成年度任务，巩固提升脱贫质量，根据上级会议精神，结合我区实际，制定本要点。\n一、总体要求\n"
            "（一）指导思想。深入学习贯彻重要论述，坚持精准方略，落实三年行动计划。1.加强学习培训，全年不少于二次，各镇各单位抓好落实。"
            "（牵头单位：区委组织部；责任单位：各镇）\n");
}

TEST(Pdf, ASentenceGoesOnOverThePageEnd) {
  std::vector<std::vector<Printed>> pages(3);
  for (int i = 0; i < 3; ++i) {
    auto& page = pages[static_cast<std::size_t>(i)];
    page.push_back({200, 800, 10, "美兰区文件"});
    page.push_back({i == 0 ? indent : left, 700, size, i == 0 ? "这一段文字写满了整整一行一直写到右边的页边距为止又" : "接着写满了整整一行一直写到右边的页边距为止再往下写写"});
    if (i == 2) page.push_back({left, 672, size, "到此为止。"});
    page.push_back({280, 40, 12, "— " + std::to_string(i + 1) + " —"});
  }
  EXPECT_EQ(text_of(pages), "这一段文字写满了整整一行一直写到右边的页边距为止又接着写满了整整一行一直写到右边的页边距为止再往下写写"
                            "接着写满了整整一行一直写到右边的页边距为止再往下写写到此为止。\n");
}

TEST(Pdf, ItemsWithoutIndentBegin) {
  EXPECT_EQ(text_of({{{left, 700, size, "1. 第一项措施写满了整整一行一直写到右边的页边距为止啊"},
                      {left, 672, size, "2. 第二项措施写满了整整一行一直写到右边的页边距为止啊"},
                      {left, 644, size, "续行。"},
                      {left, 616, size, "（三）第三项"},
                      {left, 588, size, "第四项"}}}),
            "1. 第一项措施写满了整整一行一直写到右边的页边距为止啊\n2. 第二项措施写满了整整一行一直写到右边的页边距为止啊续行。\n（三）第三项\n第四项\n");
}

TEST(Pdf, ANumberBrokenByALineEndIsNoItem) {
  EXPECT_EQ(text_of({{{left, 700, size, "第三部分：围绕群众需要，办好镇村帮扶实事清单措施（十"},
                      {left, 672, size, "二）落实产业扶贫政策，会议精神写满一行一直到右边省第"},
                      {left, 644, size, "七次党代会。"}}}),
            "第三部分：围绕群众需要，办好镇村帮扶实事清单措施（十二）落实产业扶贫政策，会议精神写满一行一直到右边省第七次党代会。\n");
}

TEST(Pdf, ColumnsAreKeptApartByTabs) {
  EXPECT_EQ(text_of({{{76, 700, 12, "任务"}, {200, 700, 12, "措施"}, {400, 700, 12, "牵头单位"},
                      {76, 680, 12, "学习"}, {200, 680, 12, "1. 培训"}, {400, 680, 12, "区委组织部"}}}),
            "任务\t措施\t牵头单位\n学习\t1. 培训\t区委组织部\n");
}

/// The lines of a table: its columns' edges across, its rows' edges down.
std::vector<Drawn> grid(const std::vector<double>& across, const std::vector<double>& down) {
  std::vector<Drawn> lines;
  for (const double x : across) lines.push_back({x, down.back(), x, down.front()});
  for (const double y : down) lines.push_back({across.front(), y, across.back(), y});
  return lines;
}

TEST(Pdf, TablesAreReadByTheirLines) {
  const std::vector<double> across{76, 160, 364, 520};
  // The second column's cell is merged over two rows: the line between them leaves it out.
  std::vector<Drawn> lines = grid(across, {720, 696, 650});
  lines.push_back({76, 673, 160, 673});
  lines.push_back({364, 673, 520, 673});
  const auto document = sheet::read_document(
      pdf_of({{{76, 740, 12, "一览表"},
               {82, 704, 12, "任务"}, {166, 704, 12, "措施"}, {370, 704, 12, "责任单位"},
               {82, 680, 12, "学习"}, {82, 656, 12, "督查"}, {370, 680, 12, "区委组织部"}, {370, 656, 12, "区纪委"},
               {166, 676, 12, "1.各镇各单位每月开展一次学习培训"}, {166, 660, 12, "，全年不少于十次"},
               {76, 600, 12, "以下是正文。"}}}, {lines}), "计划.pdf");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->text, "一览表\n任务\t措施\t责任单位\n学习\t1.各镇各单位每月开展一次学习培训，全年不少于十次\t区委组织部\n督查\t\t区纪委\n以下是正文。\n");
  ASSERT_EQ(document->tables.size(), 1U);
  EXPECT_EQ(document->tables[0].rows, 3);
  EXPECT_EQ(document->tables[0].columns, 3);
  EXPECT_EQ(document->tables[0].cells[4].rows, 2);
}

TEST(Pdf, ARowThatThePageEndCutsIsOneRow) {
  const std::vector<double> across{76, 160, 364, 520};
  const auto head = [](double y) { return std::vector<Printed>{{82, y, 12, "任务"}, {166, y, 12, "措施"}, {370, y, 12, "责任单位"}}; };
  std::vector<Printed> first = head(104);
  first.insert(first.end(), {{82, 80, 12, "学习"}, {166, 80, 12, "1.各镇各单位每月开展一次学习培训"}, {370, 80, 12, "区委组织部"}});
  std::vector<Printed> second = head(744);
  second.insert(second.end(), {{166, 720, 12, "，全年不少于十次"}, {166, 696, 12, "2.考试"}, {370, 696, 12, "各镇"}});
  const auto document = sheet::read_document(
      pdf_of({first, second}, {grid(across, {120, 96, 60}), grid(across, {760, 736, 712, 688})}), "计划.pdf");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->text, "任务\t措施\t责任单位\n学习\t1.各镇各单位每月开展一次学习培训，全年不少于十次\t区委组织部\n\t2.考试\t各镇\n");
  ASSERT_EQ(document->tables.size(), 1U);
}

TEST(Pdf, FramesAndDrawingsAreNoTables) {
  const auto document = sheet::read_document(
      pdf_of({{{90, 700, 12, "方框中的一段话。"}, {90, 600, 12, "甲"}, {300, 600, 12, "乙"}}},
             {{{76, 690, 520, 690}, {76, 720, 520, 720}, {76, 690, 76, 720}, {520, 690, 520, 720}, {90, 500, 300, 400}}}), "计划.pdf");
  ASSERT_TRUE(document);
  EXPECT_TRUE(document->tables.empty());
  EXPECT_EQ(document->text, "方框中的一段话。\n甲\t乙\n");
}

TEST(Pdf, LinesAreFoundInWhatTheConverterDraws) {
  const auto pages = sheet::pdf_rules_from_svg(
      "<svg xmlns=\"http://www.w3.org/2000/svg\"><defs><path style=\"stroke:none;\" d=\"M 0 0 L 90 0 Z\"/></defs><pageSet><page>"
      "<path style=\"fill:none;stroke:rgb(0%,0%,0%);\" d=\"M 10 20 L 110 20\" transform=\"matrix(1,0,0,-1,0,100)\"/>"
      "<path style=\" stroke:none;fill:rgb(0%,0%,0%);\" d=\"M 10 10 L 10.5 10 L 10.5 60 L 10 60 Z M 10 10 \"/>"
      "<path style=\" stroke:none;fill:rgb(0%,0%,0%);\" d=\"M 10 10 L 60 10 L 60 60 L 10 60 Z\"/>"
      "<path style=\" stroke:none;fill:rgb(100%,100%,100%);\" d=\"M 10 10 L 60 10 L 60 11 L 10 11 Z\"/>"
      "<path style=\"fill:none;stroke:rgb(0%,0%,0%);\" d=\"M 10 20 C 1 2 3 4 5 6 L 110 20\"/>"
      "</page><page></page></pageSet></svg>");
  ASSERT_EQ(pages.size(), 2U);
  ASSERT_EQ(pages[0].size(), 2U);
  EXPECT_EQ(pages[0][0].top, 80);
  EXPECT_EQ(pages[0][0].right, 110);
  EXPECT_EQ(pages[0][1].left, 10.25);
  EXPECT_EQ(pages[0][1].bottom, 60);
  EXPECT_TRUE(sheet::pdf_rules_from_svg("no svg").empty());
}

TEST(Pdf, WordsOfOtherLanguagesKeepTheirBlanks) {
  EXPECT_EQ(text_of({{{left, 700, size, "Plan of 2019 and the words that fill this line up to the"},
                      {left, 672, size, "margin of it."}}}),
            "Plan of 2019 and the words that fill this line up to the margin of it.\n");
}

TEST(Pdf, AnyOutputOfTheConverterIsRead) {
  const auto answers = [](const std::string& noise) {
    const auto pages = sheet::pdf_pages_from_tsv("1\t1\t0\t0\t0\t0\t0\t0\t595\t842\t-1\t###PAGE###\n5\t1\t0\t0\t0\t0\t" + noise);
    const auto document = document_from(pages);
    return document && document->text.size() <= 2 * noise.size() + 16;
  };
  EXPECT_TRUE(rc::check(answers));
  const auto pages = sheet::pdf_pages_from_tsv(
      "1\t1\t0\t0\t0\t0\t0\t0\t595\t842\t-1\t###PAGE###\n5\t1\t0\t0\t0\t0\tnan\t0\t1\t1\t100\tx\n5\t1\t0\t0\t0\t0\t0\t0\t0\t0\t100\t甲\n");
  ASSERT_EQ(pages.size(), 1U);
  ASSERT_EQ(pages[0].words.size(), 1U);
  EXPECT_EQ(document_from(pages)->text, "甲\n");
}

}  // namespace
}  // namespace yihu
