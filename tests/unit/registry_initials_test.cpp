// Pinyin initials of names: surnames are read as surnames, and the other reading finds the name as well.

#include "registry/initials.h"

#include <gtest/gtest.h>

namespace yihu::registry {
namespace {

TEST(RegistryInitials, SurnamesAreReadAsSurnames) {
  const std::pair<const char*, const char*> names[] = {
      {"单雄信", "sxx"}, {"曾国藩", "zgf"}, {"解缙", "xj"}, {"仇英", "qy"}, {"查良镛", "zly"}, {"区志强", "ozq"}, {"朴正", "pz"}, {"盖明", "gm"},
      {"翟志刚", "zzg"}, {"覃小红", "qxh"}, {"乐进", "yj"}, {"尉明", "wm"}, {"种师道", "csd"}, {"召明", "sm"}, {"折可适", "sks"}, {"秘书成", "bsc"},
      {"繁星", "px"}, {"员半千", "ybq"}, {"祭遵", "zz"}, {"句践", "gj"}, {"洗星海", "xxh"}, {"粘明", "nm"}, {"乜明", "nm"}, {"尉迟恭", "ycg"},
      {"单于明", "cym"}, {"澹台明", "ttm"}, {"万俟明", "mqm"}, {"长孙无忌", "zswj"}, {"令狐明", "lhm"}, {"宿明", "sm"}, {"贾明", "jm"}, {"沈明", "sm"},
      {"石明", "sm"}, {"谌明", "cm"}, {"缪明", "mm"}, {"冼明", "xm"}, {"符明", "fm"}, {"麦明", "mm"}};
  for (const auto& [name, initials] : names) EXPECT_EQ(initials_of(name).first, initials) << name;
}

TEST(RegistryInitials, TheCommonReadingFindsTheNameToo) {
  EXPECT_EQ(initials_of("单雄信").other, "dxx");
  EXPECT_EQ(initials_of("覃小红").other, "txh") << "in Hainan often read Tan";
  EXPECT_EQ(initials_of("曾国藩").other, "cgf");
  EXPECT_FALSE(initials_of("王小明").other);
}

TEST(RegistryInitials, WhatHasNoReadingIsLeftOut) {
  EXPECT_EQ(initials_of("阿依古丽·买买提").first, "ayglmmt");
  EXPECT_EQ(initials_of("John 李").first, "johnl");
  EXPECT_EQ(initials_of("").first, "");
}

}  // namespace
}  // namespace yihu::registry
