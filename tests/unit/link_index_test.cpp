#include "link/csv.h"
#include "link/index.h"
#include "link/output.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>

namespace yihu {
namespace {

namespace fs = std::filesystem;
using Rows = std::vector<std::vector<std::string>>;

/// People without a family, the second table made of the first with slips.
Rows people(std::size_t count, unsigned seed, const Rows* known) {
  std::mt19937 random(seed);
  static const char* names[] = {"张伟", "章伟", "李秀英", "李英秀", "欧阳娜", "王芳", "买买提·艾力", "陈建国", "林海", "符永强"};
  Rows rows = {{"key", "姓名", "性别", "身份证号", "出生日期", "电话"}};
  for (std::size_t i = 0; i < count; ++i) {
    if (known != nullptr && random() % 4 != 0) {
      std::vector<std::string> row = (*known)[1 + random() % (known->size() - 1)];
      row[0] = "a key longer than twelve bytes " + std::to_string(i);
      if (random() % 5 == 0) row[1] = names[random() % std::size(names)];
      if (random() % 5 == 0 && !row[3].empty()) row[3][random() % 17] = static_cast<char>('0' + random() % 10);
      if (random() % 5 == 0) row[4].clear();
      rows.push_back(std::move(row));
      continue;
    }
    const int year = 1950 + static_cast<int>(random() % 60), month = 1 + static_cast<int>(random() % 12), day = 1 + static_cast<int>(random() % 28);
    rows.push_back({(known == nullptr ? "a" : "b") + std::to_string(i), std::string(names[random() % std::size(names)]) + (random() % 2 == 0 ? "" : names[random() % 5]), random() % 2 == 0 ? "男" : "女",
                    random() % 9 == 0 ? "" : fmt::format("460000{}{:02}{:02}{:03}X", year, month, day, random() % 1000), fmt::format("{}-{:02}-{:02}", year, month, day),
                    random() % 3 == 0 ? "" : fmt::format("13{:09}", random() % 1000)});
  }
  return rows;
}

link::Person person_of(const link::Spec& spec, const Rows& rows, std::size_t row) {
  link::Person person{rows[row + 1][0], {}};
  for (const link::Field& field : spec.fields) {
    const auto column = std::find(rows[0].begin(), rows[0].end(), field.right) - rows[0].begin();
    person.values.push_back(rows[row + 1][static_cast<std::size_t>(column)]);
  }
  return person;
}

class LinkIndex : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    const auto left = link::TableSource::from("a", left_rows_), right = link::TableSource::from("b", right_rows_);
    auto linkage = link::Linkage::prepare(*left, &*right, {.key_left = "key", .key_right = "key"});
    ASSERT_TRUE(linkage && (*linkage)->run());
    for (const link::Candidate& pair : (*linkage)->candidates()) {
      if (std::int64_t{pair.score} + (*linkage)->weights().prior() > -100'000) scores_[{pair.left, pair.right}] = pair.score;
    }
    auto index = link::Index::from(std::move(*linkage));
    ASSERT_TRUE(index);
    index_ = std::move(*index);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::vector<std::pair<std::uint32_t, std::int32_t>> answers(const link::Index& index, std::size_t row) {
    const auto answers = index.ask(person_of(index.spec(), right_rows_, row), 1000);
    EXPECT_TRUE(answers);
    std::vector<std::pair<std::uint32_t, std::int32_t>> found;
    for (const link::Answer& answer : *answers) {
      std::int32_t sum = 0;
      for (std::size_t field = 0; field < index.spec().fields.size(); ++field) sum += index.weight(answer, field);
      EXPECT_EQ(sum, answer.score);
      found.emplace_back(answer.row, answer.score);
    }
    return found;
  }

  Rows left_rows_ = people(900, 1, nullptr), right_rows_ = people(900, 2, &left_rows_);
  fs::path folder_ = fs::temp_directory_path() / ("yihu-link-index-" + std::to_string(::getpid()));
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int32_t> scores_;
  std::unique_ptr<link::Index> index_;
};

TEST_F(LinkIndex, AnswersWhatTheWholeRunScored) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int32_t> asked;
  for (std::uint32_t right = 0; right < right_rows_.size() - 1; ++right) {
    for (const auto& [left, score] : answers(*index_, right)) asked[{left, right}] = score;
  }
  ASSERT_GT(scores_.size(), 500U);
  for (const auto& [pair, score] : scores_) {
    const auto found = asked.find(pair);
    ASSERT_NE(found, asked.end()) << pair.first << " " << pair.second;
    ASSERT_EQ(found->second, score);
  }
}

TEST_F(LinkIndex, ComesBackFromItsFile) {
  ASSERT_TRUE(index_->save(folder_ / "a.index", {}));
  const auto opened = link::Index::open(folder_ / "a.index", 2);
  ASSERT_TRUE(opened) << opened.error().text.en;
  EXPECT_EQ((*opened)->rows(), index_->rows());
  EXPECT_EQ((*opened)->key(7), index_->key(7));
  for (std::uint32_t right = 0; right < 300; ++right) ASSERT_EQ(answers(**opened, right), answers(*index_, right));
}

TEST_F(LinkIndex, TakesMoreRowsAndKeepsThem) {
  ASSERT_TRUE(index_->save(folder_ / "a.index", {}));
  auto opened = link::Index::open(folder_ / "a.index", 2);
  ASSERT_TRUE(opened);
  link::Person added{"later one", std::vector<std::string>(index_->spec().fields.size())};
  for (std::size_t field = 0; field < added.values.size(); ++field) {
    const std::string& name = index_->spec().fields[field].name;
    if (name == "姓名") added.values[field] = "冼阿妹";
    if (name == "身份证号") added.values[field] = "460000199407150023";
    if (name == "性别") added.values[field] = "女";
  }
  const auto best = [&](const link::Index& index) {
    const auto found = index.ask(added);
    return found && !found->empty() ? std::string(index.key(found->front().row)) : "";
  };
  EXPECT_NE(best(**opened), "later one");
  ASSERT_TRUE((*opened)->add_to_file(folder_ / "a.index", std::span(&added, 1)));
  EXPECT_EQ(best(**opened), "later one");
  // The same weights as before: what was there is answered as it was.
  for (std::uint32_t right = 0; right < 100; ++right) ASSERT_EQ(answers(**opened, right), answers(*index_, right));
  // A row that was cut off while it was written is passed over, and the next one takes its place.
  { std::ofstream(folder_ / "a.index", std::ios::app) << "\x40"; }
  auto again = link::Index::open(folder_ / "a.index", 2);
  ASSERT_TRUE(again);
  EXPECT_EQ(best(**again), "later one");
  EXPECT_FALSE((*opened)->add_to_file(folder_ / "a.index", std::span(&added, 1)));
  ASSERT_TRUE((*again)->add_to_file(folder_ / "a.index", std::span(&added, 1)));
  const auto third = link::Index::open(folder_ / "a.index", 2);
  ASSERT_TRUE(third);
  EXPECT_EQ((*third)->rows(), index_->rows() + 2);
  // Saved anew, added rows are in it.
  ASSERT_TRUE((*third)->save(folder_ / "b.index", {}));
  const auto fourth = link::Index::open(folder_ / "b.index", 1);
  ASSERT_TRUE(fourth);
  EXPECT_EQ((*fourth)->rows(), index_->rows() + 2);
  EXPECT_EQ(best(**fourth), "later one");
}

TEST_F(LinkIndex, SeesDamageAndStrangers) {
  ASSERT_TRUE(index_->save(folder_ / "a.index", {}));
  std::ifstream stream(folder_ / "a.index", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    std::string other = bytes;
    if (round % 2 == 0) other[random() % other.size()] ^= static_cast<char>(1 + random() % 255);
    else other.resize(random() % other.size());
    { std::ofstream(folder_ / "b.index", std::ios::binary | std::ios::trunc) << other; }
    EXPECT_FALSE(link::Index::open(folder_ / "b.index", 2)) << round;
  }
  EXPECT_FALSE(link::Index::open(folder_ / "nowhere", 2));
  EXPECT_FALSE(index_->ask({"", {"too few"}}));
  EXPECT_FALSE(index_->ask({"", std::vector<std::string>(index_->spec().fields.size(), "\xd5\xc5\xce\xb0")}));
  base::Cancel cancel;
  cancel.ask();
  EXPECT_FALSE(index_->save(folder_ / "c.index", cancel));
  EXPECT_FALSE(fs::exists(folder_ / "c.index"));
}

}  // namespace
}  // namespace yihu
