// Opening: schema steps, the key file, one writer at a time.
#include "store_fixture.h"

#include "store/secret.h"
#include "store/verification.h"

#include <sys/stat.h>

#include <fstream>
#include <future>

namespace yihu::store {
namespace {

namespace filesystem = std::filesystem;

class StoreOpen : public OnBothEngines {
 protected:
  std::string opened(const Options& options) { return code_of(Store::open(options)); }
  std::vector<std::int64_t> steps() {
    auto connection = value_of(Connection::open(ground_->location(), Access::read));
    std::vector<std::int64_t> numbers;
    for (const auto& row : value_of(connection->query("SELECT number FROM migration ORDER BY number"))) {
      numbers.push_back(row.integer(0));
    }
    return numbers;
  }
};
ON_BOTH_ENGINES(StoreOpen);

/// What only a server can do.
class StoreOnServer : public StoreOpen {};
INSTANTIATE_TEST_SUITE_P(Engines, StoreOnServer, ::testing::Values(Engine::postgresql), engine_name);

TEST_P(StoreOpen, opens_again) {
  EXPECT_EQ(opened(options()), "done");
  EXPECT_EQ(opened(options()), "done");
}

TEST_P(StoreOpen, a_newer_store_is_refused_and_the_step_is_named) {
  EXPECT_EQ(opened(options()), "done");
  auto older = options();
  older.migrations.clear();
  const auto refused = Store::open(older);
  ASSERT_EQ(code_of(refused), "store_newer");
  EXPECT_NE(refused.error().text.en.find("901"), std::string::npos) << refused.error().text.en;
}

TEST_P(StoreOpen, a_missing_step_runs_on_the_next_start) {
  auto smaller = options();
  smaller.migrations.clear();
  EXPECT_EQ(opened(smaller), "done");
  EXPECT_EQ(opened(options()), "done");
  EXPECT_EQ(steps().back(), 901);
}

TEST_P(StoreOpen, a_failing_step_leaves_the_store_as_it_was) {
  EXPECT_EQ(opened(options()), "done");
  const auto before = steps();
  auto broken = options();
  broken.migrations.push_back({902, "good", {"CREATE TABLE good (name TEXT)"}});
  broken.migrations.push_back({903, "bad", {"CREATE TABLE half (name TEXT)", "CREATE TABLE note (name TEXT)"}});
  const auto failed = Store::open(broken);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().text.en.find("903"), std::string::npos) << failed.error().text.en;
  EXPECT_EQ(steps(), before);
  auto connection = value_of(Connection::open(ground_->location(), Access::read));
  EXPECT_FALSE(connection->run("SELECT * FROM good"));
  EXPECT_FALSE(connection->run("SELECT * FROM half"));
  connection.reset();
  EXPECT_EQ(opened(options()), "done");
}

TEST_P(StoreOpen, a_second_writer_is_refused_and_a_look_is_not) {
  const auto store = open_store();
  EXPECT_EQ(opened(options()), "store_in_use");
  auto looking = options();
  looking.read_only = true;
  const auto look = value_of(Store::open(looking));
  EXPECT_TRUE(value_of(verify_journal(*look, {}, {}, {})).whole);
  EXPECT_EQ(code_of(look->write(act_of(), [](Transaction&) -> base::Result<Answer> { return Answer(); })),
            "store_read_only");
}

TEST_P(StoreOnServer, a_second_writer_from_another_folder_is_refused) {
  const auto store = open_store();
  auto elsewhere = options();
  elsewhere.folder = ground_->folder() / "elsewhere";
  EXPECT_EQ(opened(elsewhere), "store_in_use");
}

TEST_P(StoreOpen, looking_makes_no_store) {
  auto looking = options();
  looking.read_only = true;
  EXPECT_EQ(opened(looking), GetParam() == Engine::sqlite ? "store_missing" : "store_older");
  EXPECT_TRUE(filesystem::is_empty(ground_->folder()));
}

TEST_P(StoreOpen, the_key_file_is_private_and_must_stay_so) {
  EXPECT_EQ(opened(options()), "done");
  const auto file = ground_->folder() / "key";
  struct stat about {};
  ASSERT_EQ(::stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
  for (const mode_t mode : {0640, 0604}) {
    ::chmod(file.c_str(), mode);
    EXPECT_EQ(opened(options()), "key_file_open_to_others");
  }
  ::chmod(file.c_str(), 0600);
  EXPECT_EQ(opened(options()), "done");
}

TEST_P(StoreOpen, everything_in_the_folder_is_its_owners_alone) {
  const auto store = open_store();
  for (const auto& entry : filesystem::directory_iterator(ground_->folder())) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(entry.status().permissions() & (filesystem::perms::group_all | filesystem::perms::others_all),
              filesystem::perms::none) << entry.path();
  }
}

TEST_P(StoreOpen, the_key_must_be_this_stores) {
  EXPECT_EQ(opened(options()), "done");
  const auto file = ground_->folder() / "key";
  filesystem::rename(file, ground_->folder() / "aside");
  EXPECT_EQ(opened(options()), "key_file_missing");
  EXPECT_FALSE(filesystem::exists(file)) << "a missing key must never be replaced by a new one";
  Ground other(Engine::sqlite);
  auto foreign = options();
  foreign.folder = other.folder();
  foreign.url.clear();
  EXPECT_EQ(opened(foreign), "done");
  filesystem::copy_file(other.folder() / "key", file);
  EXPECT_EQ(opened(options()), "key_of_another_store");
  std::ofstream(file, std::ios::trunc) << "nonsense";
  EXPECT_EQ(opened(options()), "key_file_unreadable");
}

TEST_P(StoreOpen, closing_finishes_what_waits) {
  auto store = open_store();
  std::atomic<int> answered = 0;
  for (int count = 0; count < 500; ++count) {
    store->write(act_of(), [](Transaction& transaction) -> base::Result<Answer> {
      TRY(transaction.journal({"note.made", "note", "n", "", ""}));
      return Answer();
    }, [&](base::Result<Answer> answer) { answered += answer ? 1 : 0; });
  }
  store.reset();
  EXPECT_EQ(answered, 500);
  store = open_store();
  EXPECT_EQ(value_of(verify_journal(*store, {}, {}, {})).entries, 500);
}

TEST_P(StoreOpen, keeps_the_algorithms_it_was_made_with) {
  auto national = options();
  national.algorithms = Algorithms::national;
  auto store = value_of(Store::open(national));
  value_of(store->write(act_of(), [](Transaction& transaction) -> base::Result<Answer> {
    TRY(transaction.journal({"note.made", "note", "n", "", ""}));
    return Answer();
  }));
  store.reset();
  store = open_store();
  EXPECT_EQ(store->algorithms(), Algorithms::national);
  EXPECT_TRUE(value_of(verify_journal(*store, {}, {}, {})).whole);
}

TEST(StoreWithoutServer, says_so_when_the_server_does_not_answer) {
  Ground ground(Engine::sqlite);
  const base::SystemClock clock;
  Options options;
  options.folder = ground.folder();
  options.url = "postgresql://u:top-secret@/x?host=/nonexistent-socket-folder";
  options.clock = &clock;
  const auto refused = Store::open(options);
  ASSERT_EQ(code_of(refused), "server_unreachable");
  EXPECT_EQ(base::describe(refused.error(), base::Language::en).find("top-secret"), std::string::npos);
}

TEST_P(StoreOnServer, a_server_that_comes_back_is_used_again) {
  auto store = open_store();
  const auto write = [&] {
    return code_of(store->write(act_of(), [](Transaction& transaction) -> base::Result<Answer> {
      TRY(transaction.journal({"note.made", "note", "n", "", ""}));
      return Answer();
    }));
  };
  const auto read = [&] {
    return code_of(store->read([](Session& session) -> base::Done {
      TRY(recorded_head(session));
      return {};
    }));
  };
  EXPECT_EQ(write(), "done");
  EXPECT_EQ(read(), "done");
  auto other = value_of(Connection::open({{}, test_server()}, Access::write));
  value_of(other->run(fmt::format("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", ground_->name())));
  EXPECT_EQ(write(), "server_lost");
  EXPECT_EQ(write(), "done");
  EXPECT_EQ(read(), "done");
  EXPECT_EQ(value_of(verify_journal(*store, {}, {}, {})).entries, 2);
}

}  // namespace
}  // namespace yihu::store
