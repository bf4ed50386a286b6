// Files are kept once, come back as they went in, and damage is noticed.
#include "store_fixture.h"

#include "store/file_store.h"
#include "store/file_text.h"

#include <sys/stat.h>

#include <fstream>

namespace yihu::store {
namespace {

namespace filesystem = std::filesystem;

class StoreFile : public ::testing::TestWithParam<Algorithms> {
 protected:
  Ground ground_{Engine::sqlite};
  filesystem::path folder_ = ground_.folder() / "files";
  FileStore files_{folder_, GetParam()};

  std::size_t count() const {
    std::size_t files = 0;
    for (const auto& entry : filesystem::recursive_directory_iterator(folder_)) files += entry.is_regular_file() ? 1 : 0;
    return files;
  }
};
INSTANTIATE_TEST_SUITE_P(Algorithms, StoreFile, ::testing::Values(Algorithms::international, Algorithms::national),
                         [](const auto& made) { return std::string(to_string(made.param)); });

TEST_P(StoreFile, gives_back_what_it_was_given) {
  std::string bytes(200'000, '\0');
  for (std::size_t at = 0; at < bytes.size(); ++at) bytes[at] = static_cast<char>(at * 31);
  const auto kept = value_of(files_.keep(bytes, 1'000'000));
  EXPECT_EQ(kept.size_bytes, 200'000);
  EXPECT_EQ(kept.hash.size(), 64U);
  EXPECT_EQ(value_of(files_.read(kept.hash)), bytes);
}

TEST_P(StoreFile, piece_by_piece_is_the_same_as_at_once) {
  auto draft = files_.begin(100);
  ASSERT_TRUE(draft);
  value_of(draft->add("一户"));
  value_of(draft->add("一策"));
  EXPECT_EQ(value_of(draft->finish()).hash, value_of(files_.keep("一户一策", 100)).hash);
  EXPECT_EQ(count(), 1U);
}

TEST_P(StoreFile, keeps_an_empty_file) {
  EXPECT_EQ(value_of(files_.read(value_of(files_.keep("", 100)).hash)), "");
}

TEST_P(StoreFile, refuses_more_than_the_limit_and_keeps_nothing_of_it) {
  EXPECT_EQ(code_of(files_.keep("12345", 4)), "file_too_large");
  EXPECT_EQ(value_of(files_.keep("1234", 4)).size_bytes, 4);
  EXPECT_EQ(count(), 1U);
}

TEST_P(StoreFile, an_unfinished_draft_leaves_nothing) {
  {
    auto draft = files_.begin(100);
    ASSERT_TRUE(draft);
    value_of(draft->add("half"));
    EXPECT_EQ(count(), 1U);
  }
  EXPECT_EQ(count(), 0U);
}

TEST_P(StoreFile, what_a_killed_process_left_is_cleared_away) {
  filesystem::create_directories(folder_ / "new");
  std::ofstream(folder_ / "new" / "left") << "half";
  const FileStore again(folder_, GetParam());
  EXPECT_EQ(count(), 0U);
}

TEST_P(StoreFile, damage_is_noticed_on_reading) {
  const auto kept = value_of(files_.keep("evidence", 100));
  const auto path = value_of(files_.find(kept.hash));
  struct stat about {};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0400U);
  ::chmod(path.c_str(), 0600);
  std::ofstream(path, std::ios::trunc) << "evidenc3";
  EXPECT_EQ(code_of(files_.read(kept.hash)), "file_damaged");
  EXPECT_EQ(code_of(files_.check(kept.hash)), "file_damaged");
  value_of(files_.keep("other", 100));
  const auto all = value_of(files_.check_all({}, {}));
  EXPECT_EQ(all.files, 2);
  EXPECT_EQ(all.damaged, std::vector{kept.hash});
}

TEST_P(StoreFile, a_name_that_is_no_hash_reaches_no_file) {
  value_of(files_.keep("x", 100));
  std::ofstream(ground_.folder() / "key") << "secret";
  for (const auto& name : {std::string(), std::string("../key"), std::string(64, 'a'), std::string(64, '/'),
                                 "ab/../../key" + std::string(52, 'a')}) {
    EXPECT_EQ(code_of(files_.read(name)), "file_missing") << name;
  }
}

}  // namespace
}  // namespace yihu::store
