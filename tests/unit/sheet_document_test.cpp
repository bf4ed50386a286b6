#include "sheet/document.h"

#include "../documents/office_file.h"

#include <gtest/gtest.h>

namespace yihu {
namespace {

using namespace test;
using sheet::Document;
using sheet::read_document;

Document read(std::string_view bytes, std::string_view name) {
  auto document = read_document(bytes, name);
  if (document) return *std::move(document);
  ADD_FAILURE() << name << ": " << base::describe(document.error(), base::Language::en);
  return {};
}

std::string part(const Document& document, base::Span span) {
  return base::utf8(std::u32string_view(base::code_points(document.text)).substr(span.begin, span.end - span.begin));
}

// The overview of a plan as offices draw it: task and lead cells go down over several measures, a part goes across.
const std::string docx_table =
    "<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/><w:gridCol/></w:tblGrid>"
    "<w:tr>" + word_cell("任务") + word_cell("措施") + word_cell("单位") + "</w:tr>"
    "<w:tr>" + word_cell("一、总体", "<w:gridSpan w:val=\"3\"/>") + "</w:tr>"
    "<w:tr>" + word_cell("（三）学习", "<w:vMerge w:val=\"restart\"/>") +
    "<w:tc>" + word_paragraph("1. 第一条") + word_paragraph("分两段") + "</w:tc>" + word_cell("区委办") + "</w:tr>"
    "<w:tr>" + word_cell("", "<w:vMerge/>") + word_cell("2. 第二条") + word_cell("区政府办", "<w:vMerge w:val=\"restart\"/>") + "</w:tr>"
    "<w:tr>" + word_cell("", "<w:vMerge w:val=\"continue\"/>") + word_cell("3. 第三条") + word_cell("", "<w:vMerge/>") + "</w:tr>"
    "</w:tbl>";

const std::string odt_table =
    "<table:table><table:table-column table:number-columns-repeated=\"3\"/><table:table-header-rows>"
    "<table:table-row><table:table-cell><text:p>任务</text:p></table:table-cell><table:table-cell><text:p>措施</text:p></table:table-cell>"
    "<table:table-cell><text:p>单位</text:p></table:table-cell></table:table-row></table:table-header-rows>"
    "<table:table-row><table:table-cell table:number-columns-spanned=\"3\"><text:p>一、总体</text:p></table:table-cell>"
    "<table:covered-table-cell table:number-columns-repeated=\"2\"/></table:table-row>"
    "<table:table-row><table:table-cell table:number-rows-spanned=\"3\"><text:p>（三）学习</text:p></table:table-cell>"
    "<table:table-cell><text:p>1. 第一条</text:p><text:p>分两段</text:p></table:table-cell><table:table-cell><text:p>区委办</text:p></table:table-cell></table:table-row>"
    "<table:table-row><table:covered-table-cell/><table:table-cell><text:p>2. 第二条</text:p></table:table-cell>"
    "<table:table-cell table:number-rows-spanned=\"2\"><text:p>区政府办</text:p></table:table-cell></table:table-row>"
    "<table:table-row><table:covered-table-cell/><table:table-cell><text:p>3. 第三条</text:p></table:table-cell><table:covered-table-cell/></table:table-row>"
    "</table:table>";

const std::string html_table =
    "<table border=1><thead><tr><th>任务</th><th>措施</th><th>单位</th></tr></thead>"
    "<tr><td colspan=3>一、总体\n<tr><td rowspan=\"3\">（三）学习<td><p>1. 第一条<p>分两段<td>区委办"
    "<tr><td>2. 第二条</td><td rowspan=2>区政府办</td></tr><tr><td>3. 第三条</table>";

TEST(Document, MergedCellsAreTheSameInEachFormat) {
  const Document docx = read(docx_of(word_paragraph("概览") + docx_table + word_paragraph("完")), "a.docx");
  const Document odt = read(odt_of("<text:p>概览</text:p>" + odt_table + "<text:p>完</text:p>"), "a.odt");
  const Document html = read("<html><body><p>概览</p>" + html_table + "<p>完</body></html>", "a.html");
  const std::string text =
      "概览\n任务\t措施\t单位\n一、总体\t\t\n（三）学习\t1. 第一条 分两段\t区委办\n\t2. 第二条\t区政府办\n\t3. 第三条\t\n完\n";
  EXPECT_EQ(docx.text, text);
  EXPECT_EQ(odt.text, text);
  EXPECT_EQ(html.text, text);
  ASSERT_EQ(docx.tables.size(), 1U);
  EXPECT_EQ(docx.tables, odt.tables);
  EXPECT_EQ(docx.tables, html.tables);
  const sheet::Table& table = docx.tables[0];
  EXPECT_EQ(table.rows, 5);
  EXPECT_EQ(table.columns, 3);
  ASSERT_EQ(table.cells.size(), 10U);
  EXPECT_EQ(table.cells[3].columns, 3);
  EXPECT_EQ(table.cells[4].rows, 3);
  EXPECT_EQ(table.cells[8].rows, 2);
  EXPECT_EQ(table.cells[8].text, "区政府办");
  for (const sheet::Cell& cell : table.cells) EXPECT_EQ(part(docx, cell.span), cell.text);
  EXPECT_EQ(docx.format, "docx");
  EXPECT_EQ(odt.format, "odt");
  EXPECT_EQ(html.format, "html");
}

TEST(Document, TextFilesAreGivenAsTheyAre) {
  const std::string text = "标题\n\n　　一、总体要求\t表\n末行";
  const Document txt = read("\xef\xbb\xbf" + text, "a.txt");
  EXPECT_EQ(txt.text, text);
  EXPECT_EQ(txt.format, "txt");
  EXPECT_EQ(txt.encoding, "UTF-8");
  EXPECT_EQ(read(text, "计划.MD").format, "md");
  const Document gb = read(encoded(text, "gb18030"), "a.txt");
  EXPECT_EQ(gb.text, text);
  EXPECT_EQ(gb.encoding, "GB18030");
}

TEST(Document, LineEndsChangeButSpansDoNot) {
  const std::string text = "甲\r\n乙\r丙\n";
  const Document document = read(text, "a.txt");
  EXPECT_EQ(document.text, "甲 \n乙\n丙\n");
  EXPECT_EQ(base::count_code_points(document.text), base::count_code_points(text));
}

TEST(Document, WordTextIsReadAsItStands) {
  const std::string body =
      "<w:p><w:r><w:t>甲</w:t></w:r><w:del><w:r><w:delText>删去</w:delText></w:r></w:del><w:ins><w:r><w:t>乙</w:t></w:r></w:ins>"
      "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
      "<w:hyperlink><w:r><w:t>丙</w:t></w:r></w:hyperlink><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
      "<w:p><w:r><w:t>一行</w:t><w:br/><w:t>二行</w:t></w:r></w:p><w:p/>"
      "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
      "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent><w:t>框外</w:t></w:r></w:p>"
      "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p><w:p><w:r><w:t>后半</w:t></w:r></w:p>"
      "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"
      "<w:p><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>拼</w:t></w:r></w:rubyBase></w:ruby></w:p>" +
      word_paragraph("目录行 1", "<w:pStyle w:val=\"11\"/>") + "<w:sectPr/>";
  const std::string styles = "<w:style w:type=\"paragraph\" w:styleId=\"11\"><w:name w:val=\"toc 1\"/></w:style>";
  EXPECT_EQ(read(docx_of(body, "", styles), "a.docx").text, "甲乙丙\n一行\n二行\n框内\n框外\n前半后半\n控件\n拼\n");
}

TEST(Document, WordFilesOfOtherMakersAreRead) {
  Parts parts = docx_parts(word_paragraph("正文"));
  for (auto& [name, content] : parts) {
    // The strict form has another namespace; some makers call the main part differently.
    const std::string transitional = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    if (const auto at = content.find(transitional); at != std::string::npos) {
      content.replace(at, transitional.size(), "http://purl.oclc.org/ooxml/wordprocessingml/main");
    }
    if (name == "word/document.xml") name = "word/document2.xml";
    if (const auto at = content.find("word/document.xml"); at != std::string::npos) content.replace(at, 17, "/word/document2.xml");
  }
  EXPECT_EQ(read(zip_of(parts), "a.docx").text, "正文\n");
}

TEST(Document, OpenDocumentTextIsReadAsItStands) {
  const std::string body =
      "<text:tracked-changes><text:changed-region><text:deletion><text:p>删去</text:p></text:deletion></text:changed-region></text:tracked-changes>"
      "<text:p>甲 <text:span>乙</text:span>\n   丙<text:s text:c=\"2\"/>丁<text:tab/>戊<text:note><text:note-body><text:p>注</text:p></text:note-body></text:note></text:p>"
      "<text:p>一行<text:line-break/>二行</text:p><text:section><text:p>节内</text:p></text:section>"
      "<text:p><draw:frame><draw:text-box><text:p>框内</text:p></draw:text-box></draw:frame>框外</text:p>"
      "<text:table-of-content><text:index-body><text:p>目录</text:p></text:index-body></text:table-of-content>";
  EXPECT_EQ(read(odt_of(body), "a.odt").text, "甲 乙 丙  丁\t戊\n一行\n二行\n节内\n框内\n框外\n");
}

TEST(Document, RepeatedCellsAreWrittenOutWithinReason) {
  const std::string table =
      "<table:table><table:table-row><table:table-cell table:number-columns-repeated=\"2\"><text:p>甲</text:p></table:table-cell></table:table-row>"
      "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell><text:p>乙</text:p></table:table-cell><table:table-cell/></table:table-row></table:table>";
  EXPECT_EQ(read(odt_of(table), "a.odt").text, "甲\t甲\n乙\t\n乙\t\n");
  const std::string endless =
      "<table:table><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\"><text:p>甲</text:p></table:table-cell></table:table-row></table:table>";
  const Document document = read(odt_of(endless), "a.odt");
  ASSERT_EQ(document.tables.size(), 1U);
  EXPECT_LE(document.tables[0].columns, 256);
  EXPECT_LE(document.tables[0].rows, 1'000);
}

TEST(Document, WebPagesAreReadAsABrowserShowsThem) {
  const Document page = read(
      "<!DOCTYPE html><html><head><title>页名</title><style>p{}</style><meta charset=utf-8></head><body>"
      "<script>var x = '<p>不是正文</p>';</script><h1>标题</h1><p>　　一、总体&nbsp;要求，\n   接着写 <b>粗体</b>。<br>换行"
      "<div style='display: none'>隐藏</div><ul><li>无号</ul><p>A &amp; B &lt;C&gt;<p>第<!-- 注 -->二段</body></html>",
      "a.htm");
  EXPECT_EQ(page.text, "标题\n一、总体 要求，接着写 粗体。\n换行\n无号\nA & B <C>\n第二段\n");
}

TEST(Document, WebPagesMayBeWrittenCarelessly) {
  EXPECT_EQ(read("<html><P CLASS=a>1 < 2 &amp; 3&#x4e2d;&#25991;&nbsp;&unknown; &ldquo;A&rdquo;<p hidden>藏<p hidden>藏</p></p>露<p>尾", "a.html").text,
            "1 < 2 & 3中文 &unknown; “A”\n露\n尾\n");
  // What stands in a table but in no cell comes before it; a list may hold a table, a cell may lack its end.
  EXPECT_EQ(read("<html><table>散字<tr><td>甲<td>乙<ol><li>一<li>二</ol><tr><td>丙<td>丁</table>", "a.html").text, "散字\n甲\t乙 1. 一 2. 二\n丙\t丁\n");
  // Word's own numbers stand in the page as text.
  EXPECT_EQ(read("<html><p><![if !supportLists]><span style='mso-list:Ignore'>（一）<span>&nbsp;</span></span><![endif]>目标</p>", "a.html").text, "（一） 目标\n");
}

TEST(Document, WebPagesKnowTheirEncoding) {
  const std::string page = "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=gb2312\"></head><body><p>年</p></body></html>";
  EXPECT_EQ(read(encoded(page, "gb18030"), "a.html").text, "年\n");
  EXPECT_EQ(read(encoded(page, "gb18030"), "a.html").encoding, "GB18030");
  // Stored anew as UTF-8 without changing what it says of itself.
  EXPECT_EQ(read(page, "a.html").text, "年\n");
}

TEST(Document, TablesThatOnlyPlaceThingsAreParagraphs) {
  const Document page = read(
      "<html><table><tr><td>栏目</td><td><p>第一段</p><p>第二段</p><table><tr><td>甲</td><td>乙</td></tr></table></td></tr></table></html>", "a.html");
  EXPECT_EQ(page.text, "栏目\n第一段\n第二段\n甲\t乙\n");
  EXPECT_EQ(page.tables.size(), 1U);
  const Document frame = read(docx_of("<w:tbl><w:tr><w:tc>" + word_paragraph("框中一") + word_paragraph("框中二") + "</w:tc></w:tr></w:tbl>"), "a.docx");
  EXPECT_EQ(frame.text, "框中一\n框中二\n");
  EXPECT_TRUE(frame.tables.empty());
}

TEST(Document, NestedTablesOfWordStayInTheirCell) {
  const std::string inner = "<w:tbl><w:tr>" + word_cell("内一") + word_cell("内二") + "</w:tr></w:tbl>";
  const Document document = read(docx_of("<w:tbl><w:tr>" + word_cell("外") + "<w:tc>" + word_paragraph("前") + inner + word_paragraph("后") +
                                         "</w:tc></w:tr></w:tbl>"), "a.docx");
  EXPECT_EQ(document.text, "外\t前 内一 内二 后\n");
}

TEST(Document, OddTablesKeepTheirPlaces) {
  // A row that begins further right, an old-style merge to the left, a merge with nothing above it.
  const std::string table =
      "<w:tbl><w:tr>" + word_cell("甲") + word_cell("乙", "<w:hMerge w:val=\"restart\"/>") + word_cell("", "<w:hMerge/>") + "</w:tr>"
      "<w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>" + word_cell("丙") + word_cell("丁") + "</w:tr>"
      "<w:tr>" + word_cell("戊", "<w:vMerge/>") + word_cell("己") + word_cell("庚") + "</w:tr></w:tbl>";
  const Document document = read(docx_of(table), "a.docx");
  EXPECT_EQ(document.text, "甲\t乙\t\n\t丙\t丁\n戊\t己\t庚\n");
  EXPECT_EQ(document.tables[0].cells[1].columns, 2);
}

}  // namespace
}  // namespace yihu
