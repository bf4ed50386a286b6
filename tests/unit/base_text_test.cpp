#include "base/chinese_number.h"
#include "base/text.h"
#include "base/utf8.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace yihu {
namespace {

TEST(ChineseNumber, ReadsWhatOfficialDocumentsWrite) {
  EXPECT_EQ(base::number_from_chinese(U"一"), 1);
  EXPECT_EQ(base::number_from_chinese(U"十"), 10);
  EXPECT_EQ(base::number_from_chinese(U"十九"), 19);
  EXPECT_EQ(base::number_from_chinese(U"三十四"), 34);
  EXPECT_EQ(base::number_from_chinese(U"一百零三"), 103);
  EXPECT_EQ(base::number_from_chinese(U"两千"), 2000);
  EXPECT_EQ(base::number_from_chinese(U"〇"), 0);
}

TEST(ChineseNumber, RefusesWhatIsNoNumber) {
  for (const auto* wrong : {U"", U"一二", U"二十百", U"十十", U"一、", U"甲", U"19", U"一一一一一一一一一"}) {
    EXPECT_FALSE(base::number_from_chinese(wrong)) << base::utf8(wrong);
  }
}

RC_GTEST_PROP(ChineseNumber, WhatIsWrittenReadsBack, ()) {
  const int number = *rc::gen::inRange(1, 10'000);
  RC_ASSERT(base::number_from_chinese(base::code_points(base::chinese_from_number(number))) == number);
}

TEST(ChineseNumber, WritesTheUsualForm) {
  EXPECT_EQ(base::chinese_from_number(10), "十");
  EXPECT_EQ(base::chinese_from_number(14), "十四");
  EXPECT_EQ(base::chinese_from_number(20), "二十");
  EXPECT_EQ(base::chinese_from_number(103), "一百零三");
  EXPECT_EQ(base::chinese_from_number(1003), "一千零三");
  EXPECT_EQ(base::chinese_from_number(110), "一百一十");
}

TEST(Utf8, CountsCodePointsNotBytes) {
  EXPECT_EQ(base::count_code_points("牵头a𠮷"), 4U);
  EXPECT_EQ(base::first_code_points("牵头单位", 2), "牵头");
  EXPECT_EQ(base::first_code_points("牵头", 9), "牵头");
  EXPECT_EQ(base::first_code_points("牵头", 0), "");
}

TEST(Utf8, TellsBrokenBytes) {
  EXPECT_TRUE(base::is_utf8("村𠮷"));
  EXPECT_FALSE(base::is_utf8("\xb4\xe5"));          // 村 in GB18030
  EXPECT_FALSE(base::is_utf8("\xc0\x80"));          // overlong
  EXPECT_FALSE(base::is_utf8("\xed\xa0\x80"));      // a surrogate
  EXPECT_FALSE(base::is_utf8("\xe6\x9d"));          // cut short
  EXPECT_EQ(base::code_points("a\xff"), U"a\uFFFD");
}

RC_GTEST_PROP(Utf8, AnyBytesGiveText, (const std::string& bytes)) {
  const std::string mended = base::utf8(base::code_points(bytes));
  RC_ASSERT(base::is_utf8(mended));
  if (base::is_utf8(bytes)) RC_ASSERT(mended == bytes);
}

TEST(Text, SaysTheSameInBothLanguages) {
  const base::Text text = base::text("第 {} 行", "line {}", 7);
  EXPECT_EQ(text.in(base::Language::zh), "第 7 行");
  EXPECT_EQ(text.in(base::Language::en), "line 7");
  EXPECT_EQ(base::language_from("en-GB"), base::Language::en);
  EXPECT_EQ(base::language_from("zh-CN"), base::Language::zh);
  EXPECT_EQ(base::language_from(""), base::Language::zh);
}

}  // namespace
}  // namespace yihu
