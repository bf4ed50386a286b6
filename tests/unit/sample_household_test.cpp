#include "sample/household.h"
#include "sample/registers.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace yihu {
namespace {

namespace fs = std::filesystem;

std::vector<sample::Household> some_households(std::size_t count, std::uint64_t seed) {
  sample::Households households(sample::villages_of("460108", 20), {.today = base::make_date(2019, 6, 30)}, seed);
  std::vector<sample::Household> drawn;
  for (std::size_t i = 0; i < count; ++i) drawn.push_back(households.next());
  return drawn;
}

TEST(SampleHouseholds, AreTheSameForTheSameSeed) {
  const auto one = some_households(200, 5), other = some_households(200, 5), third = some_households(200, 6);
  EXPECT_EQ(one[150].members.front().name, other[150].members.front().name);
  EXPECT_EQ(one[150].members.front().id_number, other[150].members.front().id_number);
  EXPECT_NE(one[150].members.front().id_number, third[150].members.front().id_number);
}

TEST(SampleHouseholds, HaveAHeadAndAgesThatFit) {
  for (const auto& household : some_households(3000, 1)) {
    ASSERT_FALSE(household.members.empty());
    EXPECT_EQ(household.members.front().relation, sample::Relation::head);
    const int head_year = static_cast<int>(household.members.front().birth.year());
    for (std::size_t i = 1; i < household.members.size(); ++i) {
      const auto& member = household.members[i];
      const int year = static_cast<int>(member.birth.year());
      EXPECT_TRUE(member.birth.ok());
      if (member.relation == sample::Relation::child) {
        EXPECT_GE(year - head_year, 20);
      }
      if (member.relation == sample::Relation::parent) {
        EXPECT_GE(head_year - year, 20);
      }
      if (member.relation == sample::Relation::spouse) {
        EXPECT_NE(member.sex, household.members.front().sex);
      }
      if (member.twin) {
        EXPECT_EQ(member.birth, household.members[i - 1].birth);
      }
    }
  }
}

TEST(SampleHouseholds, GiveNumbersThatPassEveryCheckAndBelongToNobody) {
  std::set<std::string> seen;
  std::size_t twins = 0;
  for (const auto& household : some_households(20'000, 2)) {
    for (const auto& member : household.members) {
      const std::string& id = member.id_number;
      ASSERT_EQ(id.size(), 18U);
      EXPECT_TRUE(seen.insert(id).second) << id;
      EXPECT_EQ(id.substr(0, 2), "46");
      EXPECT_EQ(id.substr(4, 2), "00") << "no county has such a number";
      std::string day = base::to_string(member.birth);
      std::erase(day, '-');
      EXPECT_EQ(id.substr(6, 8), day);
      EXPECT_EQ((id[16] - '0') % 2 == 1, member.sex == sample::Sex::male);
      EXPECT_EQ(id[17], sample::id_check_character(id));
      if (!member.phone.empty()) {
        EXPECT_EQ(member.phone.substr(0, 2), "12");
      }
      twins += member.twin ? 1 : 0;
    }
  }
  EXPECT_GT(twins, 50U);
}

std::vector<std::vector<std::string>> rows_of(const fs::path& path) {
  std::ifstream stream(path);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(stream, line);) {
    auto& row = rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
  }
  return rows;
}

TEST(SampleRegisters, HoldTheTruthAndTheMistakesAskedFor) {
  const fs::path folder = fs::temp_directory_path() / "yihu-sample-test";
  fs::create_directories(folder);
  sample::RegisterSetting setting;
  setting.people = 20'000;
  const auto pairs = sample::write_registers(setting, folder);
  ASSERT_TRUE(pairs);
  const auto left = rows_of(folder / "register.csv"), right = rows_of(folder / "roster.csv"), truth = rows_of(folder / "truth.csv");
  ASSERT_EQ(left.size(), 20'001U);
  ASSERT_EQ(right.size(), 20'001U);
  EXPECT_EQ(truth.size(), *pairs + 1);
  EXPECT_NEAR(static_cast<double>(*pairs) / 20'000, 0.7, 0.02);
  std::map<std::string, const std::vector<std::string>*> left_rows, right_rows;
  for (const auto& row : left) left_rows[row[0]] = &row;
  for (const auto& row : right) right_rows[row[0]] = &row;
  std::size_t same_name = 0, same_id = 0;
  for (std::size_t i = 1; i < truth.size(); ++i) {
    const auto& a = *left_rows.at(truth[i][0]);
    const auto& b = *right_rows.at(truth[i][1]);
    same_name += a[2] == b[2] ? 1 : 0;
    same_id += a[4] == b[4] && !a[4].empty() ? 1 : 0;
  }
  EXPECT_GT(same_name, *pairs * 93 / 100);
  EXPECT_LT(same_name, *pairs * 98 / 100);
  EXPECT_GT(same_id, *pairs * 88 / 100);
  EXPECT_LT(same_id, *pairs * 95 / 100);
  fs::remove_all(folder);
}

TEST(SampleRegisters, StopWhenAskedAndSayWhereTheyCannotWrite) {
  base::Cancel cancel;
  cancel.ask();
  sample::RegisterSetting setting;
  setting.people = 100;
  const auto stopped = sample::write_registers(setting, fs::temp_directory_path(), cancel);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, base::ErrorKind::cancelled);
  const auto nowhere = sample::write_registers(setting, "/nowhere/at/all");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, "file_not_written");
}

}  // namespace
}  // namespace yihu
