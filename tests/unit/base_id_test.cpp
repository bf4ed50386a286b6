#include "base/id.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

namespace yihu {
namespace {

TEST(Id, AreUuidVersion7InTheOrderMade) {
  std::vector<std::string> ids;
  // More than fit in one millisecond's counter, so that the counter's end is crossed too.
  for (int i = 0; i < 20'000; ++i) ids.push_back(base::new_uuid());
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
  for (const std::string& id : {ids.front(), ids.back()}) {
    EXPECT_TRUE(base::is_uuid(id)) << id;
    EXPECT_EQ(id[14], '7') << id;
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
  }
}

TEST(Id, AreDistinctAcrossThreads) {
  std::vector<std::vector<std::string>> made(4);
  {
    std::vector<std::jthread> threads;
    for (auto& ids : made) {
      threads.emplace_back([&ids] {
        for (int i = 0; i < 5'000; ++i) ids.push_back(base::new_uuid());
      });
    }
  }
  std::set<std::string> all;
  for (const auto& ids : made) all.insert(ids.begin(), ids.end());
  EXPECT_EQ(all.size(), 20'000U);
}

TEST(Id, WhatIsNoIdDoesNotExist) {
  const auto id = base::UnitId::make();
  EXPECT_EQ(base::UnitId::parse(id.value).value(), id);
  for (const char* wrong : {"", "1", "../../etc/passwd", "0190F3C2-7B1D-7C3A-8A51-0D2F5D6E7A10",
                            "0190f3c2x7b1d-7c3a-8a51-0d2f5d6e7a10", "0190f3c2-7b1d-7c3a-8a51-0d2f5d6e7a1"}) {
    const auto parsed = base::UnitId::parse(wrong);
    ASSERT_FALSE(parsed) << wrong;
    EXPECT_EQ(parsed.error().kind, base::ErrorKind::not_found);
  }
}

}  // namespace
}  // namespace yihu
