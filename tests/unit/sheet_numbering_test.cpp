#include "sheet/list_number.h"

#include "../documents/office_file.h"
#include "sheet/document.h"

#include <gtest/gtest.h>

namespace yihu {
namespace {

using namespace test;
using sheet::NumberStyle;
using sheet::written_number;

std::string text_of(std::string_view bytes, std::string_view name) {
  auto document = sheet::read_document(bytes, name);
  return document ? document->text : base::describe(document.error(), base::Language::en);
}

TEST(ListNumber, EachStyleWritesAsWordProcessorsDo) {
  EXPECT_EQ(written_number(NumberStyle::chinese, 21), "二十一");
  EXPECT_EQ(written_number(NumberStyle::chinese_digits, 20), "二〇");
  EXPECT_EQ(written_number(NumberStyle::chinese_legal, 12), "壹拾贰");
  EXPECT_EQ(written_number(NumberStyle::heavenly_stem, 11), "甲");
  EXPECT_EQ(written_number(NumberStyle::earthly_branch, 12), "亥");
  EXPECT_EQ(written_number(NumberStyle::circled, 3), "③");
  EXPECT_EQ(written_number(NumberStyle::circled, 21), "㉑");
  EXPECT_EQ(written_number(NumberStyle::circled, 36), "㊱");
  EXPECT_EQ(written_number(NumberStyle::circled, 51), "51");
  EXPECT_EQ(written_number(NumberStyle::parenthesised, 2), "⑵");
  EXPECT_EQ(written_number(NumberStyle::full_stopped, 20), "⒛");
  EXPECT_EQ(written_number(NumberStyle::chinese_enclosed, 10), "㈩");
  EXPECT_EQ(written_number(NumberStyle::full_width, 10), "１０");
  EXPECT_EQ(written_number(NumberStyle::decimal_zero, 7), "07");
  EXPECT_EQ(written_number(NumberStyle::lower_roman, 19), "xix");
  EXPECT_EQ(written_number(NumberStyle::upper_letter, 28), "BB");
  EXPECT_EQ(written_number(NumberStyle::none, 3), "");
  EXPECT_EQ(written_number(NumberStyle::chinese, 0), "0");
  EXPECT_EQ(written_number(NumberStyle::lower_roman, 1'000'000), "1000000");
}

std::string word_level(int level, std::string_view format, std::string_view text, std::string_view more = {}) {
  return "<w:lvl w:ilvl=\"" + std::to_string(level) + "\"><w:start w:val=\"1\"/><w:numFmt w:val=\"" + std::string(format) +
         "\"/><w:lvlText w:val=\"" + std::string(text) + "\"/>" + std::string(more) + "</w:lvl>";
}

// What official documents use: 一、 then （一） then 1. ; as Word writes it, and as WPS does.
const std::string official =
    "<w:abstractNum w:abstractNumId=\"0\">" + word_level(0, "chineseCounting", "%1、") + word_level(1, "japaneseCounting", "（%2）") +
    word_level(2, "decimal", "%3.") + word_level(3, "decimalEnclosedCircleChinese", "%4") + word_level(4, "decimal", "%3.%5", "<w:isLgl/>") +
    "</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>"
    "<w:num w:numId=\"2\"><w:abstractNumId w:val=\"0\"/><w:lvlOverride w:ilvl=\"2\"><w:startOverride w:val=\"5\"/></w:lvlOverride></w:num>";

TEST(DocxNumbering, OfficialNumbersAreInTheText) {
  const std::string body = word_paragraph("总体要求", word_number(1, 0)) + word_paragraph("指导思想", word_number(1, 1)) +
                           word_paragraph("甲", word_number(1, 2)) + word_paragraph("乙", word_number(1, 2)) +
                           word_paragraph("细", word_number(1, 3)) + word_paragraph("正文") +
                           word_paragraph("丙", word_number(1, 2)) + word_paragraph("目标", word_number(1, 1)) +
                           word_paragraph("丁", word_number(1, 2)) + word_paragraph("工作", word_number(1, 0)) +
                           word_paragraph("责任", word_number(1, 1)) + word_paragraph("无号", word_number(0, 0));
  EXPECT_EQ(text_of(docx_of(body, official), "a.docx"),
            "一、总体要求\n（一）指导思想\n1. 甲\n2. 乙\n①细\n正文\n3. 丙\n（二）目标\n1. 丁\n二、工作\n（一）责任\n无号\n");
}

TEST(DocxNumbering, ListsOfOneDefinitionGoOnUnlessTheySayOtherwise) {
  const std::string body = word_paragraph("甲", word_number(1, 2)) + word_paragraph("乙", word_number(2, 2)) +
                           word_paragraph("丙", word_number(2, 2)) + word_paragraph("丁", word_number(1, 2)) +
                           word_paragraph("戊", word_number(1, 4));
  EXPECT_EQ(text_of(docx_of(body, official), "a.docx"), "1. 甲\n5. 乙\n6. 丙\n7. 丁\n7.1 戊\n");
}

TEST(DocxNumbering, TasksMayRunOnAcrossParts) {
  // In many plans （一）…（三十四） run through all parts: the level never restarts.
  const std::string numbering = "<w:abstractNum w:abstractNumId=\"3\">" + word_level(0, "chineseCounting", "%1、") +
                                word_level(1, "chineseCountingThousand", "（%2）", "<w:lvlRestart w:val=\"0\"/>") +
                                "</w:abstractNum><w:num w:numId=\"9\"><w:abstractNumId w:val=\"3\"/></w:num>";
  const std::string body = word_paragraph("部", word_number(9, 0)) + word_paragraph("任", word_number(9, 1)) +
                           word_paragraph("部", word_number(9, 0)) + word_paragraph("任", word_number(9, 1));
  EXPECT_EQ(text_of(docx_of(body, numbering), "a.docx"), "一、部\n（一）任\n二、部\n（二）任\n");
}

TEST(DocxNumbering, HeadingsNumberedByTheirStyleHaveTheirNumber) {
  const std::string numbering = "<w:abstractNum w:abstractNumId=\"0\">" +
                                word_level(0, "chineseCounting", "%1、", "<w:pStyle w:val=\"1\"/>") +
                                word_level(1, "chineseCounting", "（%2）", "<w:pStyle w:val=\"2\"/>") +
                                "</w:abstractNum><w:num w:numId=\"4\"><w:abstractNumId w:val=\"0\"/></w:num>";
  const std::string styles =
      "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/></w:style>"
      "<w:style w:type=\"paragraph\" w:styleId=\"1\"><w:name w:val=\"heading 1\"/><w:basedOn w:val=\"a\"/><w:pPr><w:numPr><w:numId w:val=\"4\"/></w:numPr></w:pPr></w:style>"
      "<w:style w:type=\"paragraph\" w:styleId=\"2\"><w:name w:val=\"heading 2\"/><w:basedOn w:val=\"a\"/><w:pPr><w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"4\"/></w:numPr></w:pPr></w:style>"
      "<w:style w:type=\"paragraph\" w:styleId=\"2b\"><w:name w:val=\"ours\"/><w:basedOn w:val=\"2\"/></w:style>";
  const auto styled = [](std::string_view text, std::string_view style, std::string_view more = "") {
    return word_paragraph(text, "<w:pStyle w:val=\"" + std::string(style) + "\"/>" + std::string(more));
  };
  const std::string body = styled("甲", "1") + styled("乙", "2") + styled("丙", "2b") + styled("丁", "1") + styled("戊", "2") +
                           styled("己", "2", "<w:numPr><w:numId w:val=\"0\"/></w:numPr>") + word_paragraph("庚");
  EXPECT_EQ(text_of(docx_of(body, numbering, styles), "a.docx"), "一、甲\n（一）乙\n（二）丙\n二、丁\n（一）戊\n己\n庚\n");
}

TEST(DocxNumbering, NumbersInCellsAndBulletsAreAsShown) {
  const std::string numbering = official + "<w:abstractNum w:abstractNumId=\"5\">" + word_level(0, "bullet", "\xef\x82\xb7") +
                                "</w:abstractNum><w:num w:numId=\"6\"><w:abstractNumId w:val=\"5\"/></w:num>";
  const std::string body = "<w:tbl><w:tr><w:tc>" + word_paragraph("甲", word_number(1, 2)) + "</w:tc><w:tc>" +
                           word_paragraph("乙", word_number(1, 2)) + word_paragraph("点", word_number(6, 0)) + "</w:tc></w:tr></w:tbl>";
  EXPECT_EQ(text_of(docx_of(body, numbering), "a.docx"), "1. 甲\t2. 乙 点\n");
}

TEST(DocxNumbering, StylesInACircleEnd) {
  const std::string styles =
      "<w:style w:type=\"paragraph\" w:styleId=\"x\"><w:basedOn w:val=\"y\"/></w:style>"
      "<w:style w:type=\"paragraph\" w:styleId=\"y\"><w:basedOn w:val=\"x\"/></w:style>";
  EXPECT_EQ(text_of(docx_of(word_paragraph("甲", "<w:pStyle w:val=\"x\"/>"), official, styles), "a.docx"), "甲\n");
}

std::string odt_level(int level, std::string_view format, std::string_view prefix, std::string_view suffix, std::string_view more = {}) {
  return "<text:list-level-style-number text:level=\"" + std::to_string(level) + "\" style:num-format=\"" + std::string(format) +
         "\" style:num-prefix=\"" + std::string(prefix) + "\" style:num-suffix=\"" + std::string(suffix) + "\" " + std::string(more) + "/>";
}

const std::string odt_styles = "<text:list-style style:name=\"L1\">" + odt_level(1, "一, 二, 三, ...", "", "、") +
                               odt_level(2, "一, 二, 三, ...", "（", "）") + odt_level(3, "1", "", ".") + "</text:list-style>";

std::string item(std::string_view inner, std::string_view more = {}) {
  return "<text:list-item " + std::string(more) + ">" + std::string(inner) + "</text:list-item>";
}
std::string list(std::string_view inner, std::string_view more = {}) {
  return "<text:list " + std::string(more) + ">" + std::string(inner) + "</text:list>";
}

TEST(OdtNumbering, OfficialNumbersAreInTheText) {
  const std::string body = list(item("<text:p>总体</text:p>" + list(item("<text:p>思想</text:p>" + list(item("<text:p>甲</text:p><text:p>续</text:p>") +
                                                                                              item("<text:p>乙</text:p>"))) +
                                                               item("<text:p>目标</text:p>"))) +
                                    item("<text:p>工作</text:p>" + list(item("<text:p>责任</text:p>"))),
                                "text:style-name=\"L1\"");
  EXPECT_EQ(text_of(odt_of(body, odt_styles), "a.odt"), "一、总体\n（一）思想\n1. 甲\n续\n2. 乙\n（二）目标\n二、工作\n（一）责任\n");
}

TEST(OdtNumbering, ListsGoOnWhenTheySaySo) {
  const std::string style = "text:style-name=\"L1\" ";
  const std::string body = list(item("<text:p>甲</text:p>"), style + "xml:id=\"a\"") + "<text:p>正文</text:p>" +
                           list(item(list(item("<text:p>乙</text:p>"))), style + "text:continue-list=\"a\" xml:id=\"b\"") +
                           list(item("<text:p>丙</text:p>"), style + "text:continue-list=\"b\"") +
                           list(item("<text:p>丁</text:p>"), style + "text:continue-numbering=\"true\"") +
                           list(item("<text:p>戊</text:p>"), style) +
                           list(item("<text:p>己</text:p>", "text:start-value=\"7\""), style) +
                           list("<text:list-header><text:p>无号</text:p></text:list-header>" + item("<text:p>庚</text:p>"), style);
  EXPECT_EQ(text_of(odt_of(body, odt_styles), "a.odt"), "一、甲\n正文\n（一）乙\n二、丙\n三、丁\n一、戊\n七、己\n无号\n一、庚\n");
}

TEST(OdtNumbering, HeadingsAreNumberedByTheOutline) {
  const std::string outline =
      "<text:outline-style style:name=\"Outline\">"
      "<text:outline-level-style text:level=\"1\" style:num-format=\"一, 二, 三, ...\" style:num-suffix=\"、\"/>"
      "<text:outline-level-style text:level=\"2\" style:num-format=\"1\" loext:num-list-format=\"%1%-%2%)\"/>"
      "<text:outline-level-style text:level=\"3\" style:num-format=\"\"/></text:outline-style>";
  const auto heading = [](int level, std::string_view text, std::string_view more = "") {
    return "<text:h text:outline-level=\"" + std::to_string(level) + "\" " + std::string(more) + ">" + std::string(text) + "</text:h>";
  };
  const std::string body = heading(1, "甲") + heading(2, "乙") + heading(2, "丙") + heading(3, "丁") + heading(1, "戊") + heading(2, "己") +
                           heading(1, "题", "text:is-list-header=\"true\"");
  EXPECT_EQ(text_of(odt_of(body, "", outline), "a.odt"), "一、甲\n一-1) 乙\n一-2) 丙\n丁\n二、戊\n二-1) 己\n题\n");
}

TEST(HtmlNumbering, ListsHaveTheNumbersABrowserShows) {
  EXPECT_EQ(text_of("<html><ol style='list-style-type: cjk-ideographic'><li>甲<ol type=a start=3><li><p>乙</p><li>丙</ol><li value=9>丁</ol>"
                    "<ol style='list-style:none'><li>戊</ol></html>",
                    "a.html"),
            "一、甲\nc. 乙\nd. 丙\n九、丁\n戊\n");
}

}  // namespace
}  // namespace yihu
