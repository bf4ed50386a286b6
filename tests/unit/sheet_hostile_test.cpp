// Files that are not what they seem, or are made to do harm. Each is answered in one sentence that says what to do.
#include "sheet/document.h"

#include "../documents/office_file.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace yihu {
namespace {

using namespace test;
using sheet::read_document;
namespace fs = std::filesystem;

base::Error refusal(std::string_view bytes, std::string_view name = "计划.docx") {
  auto document = read_document(bytes, name);
  if (document) {
    ADD_FAILURE() << "was read: " << document->text.substr(0, 80);
    return {};
  }
  const base::Error& error = document.error();
  EXPECT_EQ(error.place.file, name);
  for (const auto language : {base::Language::zh, base::Language::en}) {
    EXPECT_FALSE(error.text.in(language).empty());
    EXPECT_EQ(error.text.in(language).find('\n'), std::string::npos);
    if (error.kind == base::ErrorKind::input || error.kind == base::ErrorKind::too_large) {
      EXPECT_FALSE(error.mend.in(language).empty()) << error.code;
    }
  }
  return error;
}

struct Folder {
  fs::path path = fs::temp_directory_path() / ("yihu-hostile-" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

TEST(Hostile, NothingAtAll) {
  for (const std::string& bytes : {std::string(), std::string(" \n\t\r\n　"), std::string("\xef\xbb\xbf")}) {
    EXPECT_EQ(refusal(bytes, "计划.txt").code, "document_empty");
  }
  EXPECT_EQ(refusal(docx_of("<w:p/>")).code, "document_empty");
  EXPECT_EQ(refusal(odt_of("")).code, "document_empty");
  EXPECT_EQ(refusal("<html><body></body></html>", "a.html").code, "document_empty");
}

TEST(Hostile, TooLargeIsRefusedWithoutBeingRead) {
  const Folder folder;
  const fs::path file = folder.path / "大.txt";
  std::ofstream(file).put('x');
  fs::resize_file(file, 200u << 20);
  auto document = read_document(file);
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().code, "document_too_large");
  EXPECT_NE(document.error().text.zh.find("200 MB"), std::string::npos);
  EXPECT_EQ(document.error().place.file, file.string());
  EXPECT_EQ(refusal(std::string(sheet::document_bytes_max + 1, 'x')).code, "document_too_large");
}

TEST(Hostile, MoreTextThanAnyPlanHas) {
  EXPECT_EQ(refusal(std::string(sheet::document_code_points_max + 1, 'x'), "a.txt").code, "document_text_too_long");
  EXPECT_TRUE(read_document(std::string(sheet::document_code_points_max, 'x'), "a.txt"));
  std::string body;
  const std::string paragraph = word_paragraph(std::string(60'000, 'x'));
  for (int i = 0; i < 90; ++i) body += paragraph;
  // Below the ratio limit only when it does not compress well.
  EXPECT_EQ(refusal(docx_of(body)).kind, base::ErrorKind::too_large);
}

TEST(Hostile, WhatIsNoFile) {
  const Folder folder;
  EXPECT_EQ(read_document(folder.path).error().code, "file_unreadable");
  EXPECT_EQ(read_document(folder.path / "没有.docx").error().code, "file_missing");
  EXPECT_EQ(read_document(fs::path("/dev/zero")).error().code, "file_unreadable");
  const fs::path pipe = folder.path / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(read_document(pipe).error().code, "file_unreadable");
}

TEST(Hostile, BinaryAndPictures) {
  std::string noise;
  for (int i = 0; i < 100'000; ++i) noise += static_cast<char>((i * 7919 + i / 3) % 256);
  EXPECT_EQ(refusal(noise, "a.txt").code, "document_binary");
  EXPECT_EQ(refusal(std::string("\x89PNG\r\n\x1a\n\0\0", 10), "a.docx").code, "document_format_unknown");
  EXPECT_EQ(refusal("\xff\xd8\xff\xe0 JFIF", "a.pdf").code, "document_format_unknown");
  EXPECT_EQ(refusal("{\\rtf1\\ansi text}", "a.doc").code, "document_format_unknown");
  EXPECT_EQ(refusal("MIME-Version: 1.0\n", "a.doc").code, "document_format_unknown");
}

TEST(Hostile, InvalidUtf8NamesItsPlace) {
  const base::Error error = refusal("一、总体要求\n（一）目标\xe4\xbb。\n", "计划.txt");
  EXPECT_EQ(error.code, "document_text_unreadable");
  EXPECT_EQ(error.place.line, 2);
  EXPECT_EQ(base::describe(error, base::Language::en).substr(0, 15), "计划.txt:2:6:");
}

TEST(Hostile, BombIsRefusedByWhatItPromises) {
  Parts parts = docx_parts("");
  parts[3].second = std::string(100u << 20, ' ');
  EXPECT_EQ(refusal(zip_of(parts)).code, "document_inflates_too_much");
  // Below the size limit, but no text compresses a thousand times.
  parts[3].second = std::string(20u << 20, ' ');
  EXPECT_EQ(refusal(zip_of(parts)).code, "document_inflates_too_much");
}

TEST(Hostile, BombIsRefusedByWhatItDoes) {
  Parts parts = docx_parts("");
  parts[3].second = std::string(100u << 20, ' ');
  std::string bytes = zip_of(parts);
  // The directory and the part's own head both claim 1,000 bytes.
  const std::string real("\0\0\x40\x06", 4);
  const std::string lie("\xe8\x03\0\0", 4);
  int replaced = 0;
  for (std::size_t at = bytes.find(real); at != std::string::npos; at = bytes.find(real, at)) {
    bytes.replace(at, 4, lie);
    ++replaced;
  }
  ASSERT_GE(replaced, 1);
  const std::string code = refusal(bytes).code;
  EXPECT_TRUE(code == "document_inflates_too_much" || code == "document_damaged") << code;
}

TEST(Hostile, BombInAnyPartThatIsRead) {
  for (const std::size_t part : {4U, 5U}) {
    Parts parts = docx_parts(word_paragraph("正文"));
    parts[part].second = std::string(100u << 20, ' ');
    EXPECT_EQ(refusal(zip_of(parts)).code, "document_inflates_too_much") << parts[part].first;
  }
  Parts parts = odt_parts("<text:p>正文</text:p>");
  parts[2].second = std::string(100u << 20, ' ');
  EXPECT_EQ(refusal(zip_of(parts)).code, "document_inflates_too_much");
  // A picture may be as large as it likes: it is not read.
  Parts with_picture = docx_parts(word_paragraph("正文"));
  with_picture.emplace_back("word/media/a.bmp", std::string(100u << 20, ' '));
  EXPECT_TRUE(read_document(zip_of(with_picture), "a.docx"));
}

TEST(Hostile, PartsWithoutEnd) {
  Parts parts = docx_parts(word_paragraph("正文"));
  for (int i = 0; i < 10'001; ++i) parts.emplace_back("word/media/" + std::to_string(i), "");
  EXPECT_EQ(refusal(zip_of(parts)).code, "document_has_too_many_parts");
}

TEST(Hostile, ZipsOfOtherKinds) {
  EXPECT_EQ(refusal(zip_of({{"a.txt", "text"}})).code, "document_format_unknown");
  EXPECT_NE(refusal(zip_of({{"xl/workbook.xml", ""}, {"[Content_Types].xml", ""}})).text.zh.find("xlsx"), std::string::npos);
  EXPECT_NE(refusal(zip_of({{"ppt/presentation.xml", ""}})).text.zh.find("pptx"), std::string::npos);
  EXPECT_NE(refusal(zip_of({{"OFD.xml", ""}})).text.zh.find("OFD"), std::string::npos);
  EXPECT_EQ(refusal(zip_of({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", ""}})).code,
            "document_format_unknown");
}

TEST(Hostile, CutOffAnywhere) {
  const std::string docx = docx_of(word_paragraph("一、总体要求"));
  for (std::size_t size = 4; size < docx.size(); size += 7) {
    const std::string code = refusal(docx.substr(0, size)).code;
    EXPECT_EQ(code, "document_damaged") << size;
  }
  Parts parts = docx_parts("");
  parts[3].second = parts[3].second.substr(0, parts[3].second.size() - 10);
  EXPECT_EQ(refusal(zip_of(parts)).code, "document_damaged");
  parts.erase(parts.begin() + 3);
  EXPECT_EQ(refusal(zip_of(parts)).code, "document_damaged");
}

TEST(Hostile, FlippedBytesNeverCrash) {
  const std::string docx = docx_of(word_paragraph("一、总体要求") + "<w:tbl><w:tr>" + word_cell("甲") + word_cell("乙") + "</w:tr></w:tbl>");
  const auto answers = [&](const std::vector<std::pair<std::uint16_t, std::uint8_t>>& flips) {
    std::string bytes = docx;
    for (const auto& [at, value] : flips) bytes[at % bytes.size()] = static_cast<char>(value);
    const auto document = read_document(bytes, "a.docx");
    return document || !document.error().text.zh.empty();
  };
  EXPECT_TRUE(rc::check(answers));
}

TEST(Hostile, LockedFiles) {
  EXPECT_EQ(refusal(zip_of(docx_parts(word_paragraph("密")), "secret")).code, "document_locked");
  Parts odt = odt_parts("");
  odt.emplace_back("META-INF/manifest.xml", "<manifest:manifest><manifest:encryption-data/></manifest:manifest>");
  EXPECT_EQ(refusal(zip_of(odt), "a.odt").code, "document_locked");
}

std::string old_container(std::string_view stream) {
  std::string bytes = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + std::string(2'000, '\0');
  for (const char c : stream) bytes += {c, '\0'};
  return bytes + std::string(2'000, '\0');
}

TEST(Hostile, OldOfficeFilesSayWhatToDo) {
  EXPECT_EQ(refusal(old_container("EncryptedPackage")).code, "document_locked");
  EXPECT_NE(refusal(old_container("WordDocument"), "a.doc").mend.zh.find("docx"), std::string::npos);
  EXPECT_NE(refusal(old_container("Workbook"), "a.xls").text.zh.find("xls"), std::string::npos);
  EXPECT_NE(refusal(old_container("PowerPoint Document"), "a.ppt").text.zh.find("ppt"), std::string::npos);
  EXPECT_NE(refusal(old_container("WordDocument"), "计划.WPS").mend.zh.find("WPS"), std::string::npos);
}

TEST(Hostile, EntityBombs) {
  std::string bomb = "<!DOCTYPE x [<!ENTITY a0 \"lol\">";
  for (int i = 1; i < 20; ++i) {
    const std::string before = "&a" + std::to_string(i - 1) + ";";
    bomb += "<!ENTITY a" + std::to_string(i) + " \"" + before + before + before + before + "\">";
  }
  bomb += "]><x>&a19;</x>";
  for (const std::size_t part : {3U, 4U, 5U}) {
    Parts parts = docx_parts(word_paragraph("正文"));
    parts[part].second = bomb;
    EXPECT_EQ(refusal(zip_of(parts)).code, "document_has_entities");
  }
  Parts odt = odt_parts("");
  odt[1].second = bomb;
  EXPECT_EQ(refusal(zip_of(odt), "a.odt").code, "document_has_entities");
  const std::string outside = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>";
  odt[1].second = outside;
  EXPECT_EQ(refusal(zip_of(odt), "a.odt").code, "document_has_entities");
}

std::string repeat(std::string_view piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

TEST(Hostile, NestedWithoutEnd) {
  EXPECT_EQ(refusal(docx_of(repeat("<w:sdt>", 10'000) + repeat("</w:sdt>", 10'000))).code, "document_too_deep");
  EXPECT_EQ(refusal(docx_of(repeat("<w:tbl><w:tr><w:tc>", 200) + repeat("</w:tc></w:tr></w:tbl>", 200))).code, "document_too_deep");
  EXPECT_EQ(refusal(repeat("<table><tr><td>", 3'000) + "x", "a.html").code, "document_too_deep");
  const auto page = read_document(repeat("<div>", 10'000) + "x" + repeat("<ol><li>", 10'000), "a.html");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->text, "x\n");
  // Brackets in text are only text.
  EXPECT_TRUE(read_document(repeat("（[", 10'000), "a.txt"));
}

TEST(Hostile, SpansThatPromiseTooMuch) {
  const std::string wide = "<table>" + repeat("<tr>" + repeat("<td colspan=60000 rowspan=60000>x</td>", 3) + "</tr>", 3) + "</table>";
  EXPECT_EQ(refusal(wide, "a.html").code, "document_tables_too_large");
  EXPECT_EQ(refusal("<table>" + repeat("<tr><td colspan=1000>x</td></tr>", 3'000) + "</table>", "a.html").code, "document_tables_too_large");
  const auto clipped = read_document("<table><tr><td rowspan=65000>甲<td>乙<tr><td>丙</table>", "a.html");
  ASSERT_TRUE(clipped);
  EXPECT_EQ(clipped->tables[0].cells[0].rows, 2);
}

TEST(Hostile, TagsWithoutEnd) {
  std::string attributes;
  for (int i = 0; i < 50'000; ++i) attributes += " a" + std::to_string(i) + "=\">\"";
  EXPECT_EQ(refusal(docx_of("<w:p" + attributes + "/>")).code, "document_damaged");
  const auto page = read_document("<p" + attributes + ">x", "a.html");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->text, "x\n");
  for (const char* cut : {"<p>x<", "<p>x</", "<p>x<!--", "<p>x<a b='", "<p>x<a b=", "<p>x<script>", "<p>x<script><p>y</scr"}) {
    const auto document = read_document(cut, "a.html");
    ASSERT_TRUE(document) << cut;
    EXPECT_EQ(document->text.substr(0, 1), "x") << cut;
  }
}

TEST(Hostile, PdfsThatGiveNothing) {
  const base::Error scan = refusal(pdf_of({{}, {}}), "扫描.pdf");
  EXPECT_EQ(scan.code, "document_without_text");
  EXPECT_NE(scan.text.zh.find("2 页"), std::string::npos);
  EXPECT_EQ(refusal("%PDF-1.7\nnothing\n", "a.pdf").code, "document_damaged");
  const std::string whole = pdf_of({{{90, 700, 16, "一、总体要求"}}});
  for (std::size_t size = 9; size < whole.size(); size += whole.size() / 8) {
    const auto document = read_document(whole.substr(0, size), "a.pdf");
    EXPECT_TRUE(document || document.error().code == "document_damaged" || document.error().code == "document_without_text");
  }
}

TEST(Hostile, CancelledReadingStops) {
  base::Cancel cancel;
  cancel.ask();
  for (const std::string& bytes : {docx_of(word_paragraph("甲")), odt_of("<text:p>甲</text:p>"), pdf_of({{{90, 700, 16, "甲"}}}), std::string("<html>甲")}) {
    const auto document = read_document(bytes, "a", cancel);
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().kind, base::ErrorKind::cancelled);
  }
}

}  // namespace
}  // namespace yihu
