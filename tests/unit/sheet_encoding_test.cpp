#include "sheet/text_encoding.h"

#include "../documents/office_file.h"
#include "base/utf8.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace yihu {
namespace {

using sheet::decode_text;
using test::encoded;

const std::string plan = "2019年扶贫工作要点\n一、总体要求\n（一）指导思想。全面落实三年行动计划。\n1. 加强培训。\n";

TEST(TextEncoding, EachEncodingOfAnOfficeGivesTheSameText) {
  struct Case {
    const char* mark;
    std::size_t mark_size;
    const char* converter;
    const char* named;
  };
  const Case cases[] = {
      {"", 0, "UTF-8", "UTF-8"},           {"\xef\xbb\xbf", 3, "UTF-8", "UTF-8"},
      {"", 0, "gb18030", "GB18030"},       {"\xff\xfe", 2, "UTF-16LE", "UTF-16LE"},
      {"\xfe\xff", 2, "UTF-16BE", "UTF-16BE"}, {"", 0, "UTF-16LE", "UTF-16LE"},
      {"", 0, "UTF-16BE", "UTF-16BE"},     {"\xff\xfe\0\0", 4, "UTF-32LE", "UTF-32LE"},
  };
  for (const Case& one : cases) {
    const auto decoded = decode_text(std::string(one.mark, one.mark_size) + encoded(plan, one.converter));
    ASSERT_TRUE(decoded) << one.converter << ' ' << one.mark_size;
    EXPECT_EQ(decoded->utf8, plan) << one.converter;
    EXPECT_EQ(decoded->encoding, one.named);
  }
}

TEST(TextEncoding, ShortAndRareGb18030IsBelieved) {
  for (const char* text : {"中文", "联通", "美兰区", "一、", "表", "朱镕基 陈璟 王喆 李旻 张昀 黄堃"}) {
    const auto decoded = decode_text(encoded(text, "gb18030"));
    ASSERT_TRUE(decoded) << text;
    EXPECT_EQ(decoded->utf8, text);
    EXPECT_EQ(decoded->encoding, "GB18030");
  }
}

TEST(TextEncoding, FourByteGb18030IsRead) {
  const std::string text = plan + "村民䶮某，户主𠮷某。\n";
  const auto decoded = decode_text(encoded(text, "gb18030"));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->utf8, text);
}

TEST(TextEncoding, AnyChineseTextSurvivesGb18030) {
  // Half of the time level 1 characters, as in running text; level 2 and English words beside them.
  const auto reads_back = [](const std::vector<std::uint16_t>& picks) {
    std::string gb = encoded("关于印发工作要点的通知，请认真贯彻执行。", "gb18030");
    for (const std::uint16_t pick : picks) {
      const int row = pick % 8 == 0 ? 0xd8 + pick / 8 % 32 : 0xb0 + pick / 8 % 39;
      gb += static_cast<char>(row);
      gb += static_cast<char>(0xa1 + pick / 512 % 89);
      if (pick % 16 == 3) gb += " 2019 ";
    }
    const auto decoded = decode_text(gb);
    return decoded && decoded->encoding == "GB18030" && encoded(decoded->utf8, "gb18030") == gb;
  };
  EXPECT_TRUE(rc::check(reads_back));
}

TEST(TextEncoding, BrokenUtf8NamesThePlace) {
  const auto decoded = decode_text("一、总体要求\n（一）目标\xe4\xbb。加强培训。\n");
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, "document_text_unreadable");
  EXPECT_EQ(decoded.error().place.line, 2);
  EXPECT_EQ(decoded.error().place.column, 6);
  EXPECT_NE(decoded.error().text.zh.find("第 2 行第 6 个字"), std::string::npos);
}

TEST(TextEncoding, OneBadByteInUtf8IsNotTakenForGb18030) {
  // Any single byte of a UTF-8 text replaced by one that no UTF-8 holds.
  for (std::size_t at = 0; at < plan.size(); ++at) {
    std::string bytes = plan;
    bytes[at] = '\xff';
    const auto decoded = decode_text(bytes);
    ASSERT_FALSE(decoded) << at;
    EXPECT_EQ(decoded.error().code, "document_text_unreadable");
    EXPECT_EQ(decoded.error().place.line, std::ranges::count(plan.substr(0, at), '\n') + 1) << at;
  }
}

TEST(TextEncoding, BrokenGb18030NamesThePlace) {
  std::string bytes = encoded(plan + plan, "gb18030");
  const std::size_t at = bytes.size() / 2;
  bytes.insert(at + 2, "\xff\xff");
  const auto decoded = decode_text(bytes);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, "document_text_unreadable");
  EXPECT_GE(decoded.error().place.line, 4);
  EXPECT_NE(decoded.error().text.zh.find("GB18030"), std::string::npos);
}

TEST(TextEncoding, WesternBytesAreNotChinese) {
  const auto decoded = decode_text("Un caf\xe9, une le\xe7on, l'\xe9t\xe9 \xe0 No\xebl\n");
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().place.line, 1);
  EXPECT_EQ(decoded.error().place.column, 7);
}

TEST(TextEncoding, BinaryIsRefused) {
  std::string noise;
  for (int i = 0; i < 4096; ++i) noise += static_cast<char>((i * 7919 + i / 3) % 256);
  for (const std::string& bytes : {noise, std::string("text\0text", 9), std::string(1000, '\0'), std::string("\x7f" "ELF\x02\x01\x01\0", 8),
                                   std::string("\xff\xfe\0\0", 4) + "abc"}) {
    const auto decoded = decode_text(bytes);
    ASSERT_FALSE(decoded);
    EXPECT_TRUE(decoded.error().code == "document_binary" || decoded.error().code == "document_text_unreadable");
  }
  EXPECT_EQ(decode_text(std::string("text\0text", 9)).error().code, "document_binary");
}

TEST(TextEncoding, NothingMakesItThrowOrGiveBadUtf8) {
  const auto stays_whole = [](const std::string& bytes) {
    const auto decoded = decode_text(bytes);
    return !decoded || base::is_utf8(decoded->utf8);
  };
  EXPECT_TRUE(rc::check(stays_whole));
}

}  // namespace
}  // namespace yihu
