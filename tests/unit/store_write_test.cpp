#include "store_fixture.h"

#include "store/journal.h"

#include "store/verification.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <future>

namespace yihu::store {
namespace {

constexpr Sql note_insert = "INSERT INTO note (name, content, weight, count) VALUES (:name, :content, :weight, :count)";
constexpr Sql note_by_name = "SELECT name, content, weight, count FROM note WHERE name = :name";
constexpr Sql note_count = "SELECT count(*) FROM note";
constexpr Sql reply_insert = "INSERT INTO reply (name) VALUES (:name)";

class StoreWrite : public OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) store_ = open_store();
  }

  static Write note(std::string name, std::string answer = "ok") {
    return [name = std::move(name), answer = std::move(answer)](Transaction& transaction) -> base::Result<Answer> {
      TRY(transaction.execute(note_insert, {{"name", name}, {"content", "内容"}, {"weight", 0.5}, {"count", 3}}));
      TRY(transaction.journal({"note.made", "note", name, "", R"({"content":"内容"})"}));
      return answer;
    };
  }

  std::int64_t notes() {
    std::int64_t count = -1;
    value_of(store_->read([&](Session& session) -> base::Done {
      count = TRY(session.find(note_count))->integer(0);
      return {};
    }));
    return count;
  }
  Head head() {
    Head head;
    value_of(store_->read([&](Session& session) -> base::Done {
      head = TRY(recorded_head(session));
      return {};
    }));
    return head;
  }

  std::unique_ptr<Store> store_;
};
ON_BOTH_ENGINES(StoreWrite);

TEST_P(StoreWrite, an_answered_write_can_be_read) {
  EXPECT_EQ(value_of(store_->write(act_of(), note("a", "made"))), "made");
  std::optional<Row> row;
  value_of(store_->read([&](Session& session) -> base::Done {
    row = TRY(session.find(note_by_name, {{"name", "a"}}));
    return {};
  }));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->text(1), "内容");
  EXPECT_EQ(row->real(2), 0.5);
  EXPECT_EQ(row->integer(3), 3);
}

TEST_P(StoreWrite, nothing_stays_of_a_write_that_fails) {
  const auto before = head();
  const auto failed = store_->write(act_of(), [](Transaction& transaction) -> base::Result<Answer> {
    TRY(note("a")(transaction));
    return base::fail(base::ErrorKind::input, "changed_mind", base::text("不", "no"));
  });
  EXPECT_EQ(code_of(failed), "changed_mind");
  EXPECT_EQ(notes(), 0);
  EXPECT_EQ(head(), before);
}

TEST_P(StoreWrite, a_failing_write_leaves_its_neighbours_in_the_shared_commit) {
  std::vector<std::future<std::string>> codes;
  std::vector<std::unique_ptr<std::promise<std::string>>> promises;
  for (const char* name : {"a", "b", "a", "c"}) {
    auto& promise = *promises.emplace_back(std::make_unique<std::promise<std::string>>());
    codes.push_back(promise.get_future());
    store_->write(act_of(), note(name), [&promise](base::Result<Answer> answer) { promise.set_value(code_of(answer)); });
  }
  std::vector<std::string> given;
  for (auto& code : codes) given.push_back(code.get());
  EXPECT_EQ(given, (std::vector<std::string>{"done", "done", "row_exists", "done"}));
  EXPECT_EQ(notes(), 3);
  EXPECT_EQ(head().sequence, 3);
}

TEST_P(StoreWrite, a_write_whose_statement_failed_has_failed_whatever_it_answers) {
  value_of(store_->write(act_of(), note("a")));
  const auto failed = store_->write(act_of(), [](Transaction& transaction) -> base::Result<Answer> {
    (void)note("a")(transaction);
    return Answer("fine");
  });
  EXPECT_EQ(code_of(failed), "row_exists");
}

TEST_P(StoreWrite, a_write_that_throws_is_our_fault_and_undone) {
  const auto failed = store_->write(act_of(), [](Transaction& transaction) -> base::Result<Answer> {
    TRY(note("a")(transaction));
    throw std::runtime_error("oops");
  });
  EXPECT_EQ(code_of(failed), "write_threw");
  EXPECT_EQ(notes(), 0);
}

TEST_P(StoreWrite, a_reference_to_nothing_is_refused) {
  const auto failed = store_->write(act_of(), [](Transaction& transaction) -> base::Result<Answer> {
    TRY(transaction.execute(reply_insert, {{"name", "nobody"}}));
    return Answer();
  });
  EXPECT_EQ(code_of(failed), "row_referred");
}

TEST_P(StoreWrite, the_same_operation_again_answers_without_running) {
  EXPECT_EQ(value_of(store_->write(act_of("anna", "op-1"), note("a", "first"))), "first");
  EXPECT_EQ(value_of(store_->write(act_of("anna", "op-1"), note("b", "second"))), "first");
  EXPECT_EQ(notes(), 1);
  EXPECT_EQ(head().sequence, 1);
}

TEST_P(StoreWrite, another_actors_operation_of_the_same_name_is_another) {
  value_of(store_->write(act_of("anna", "op-1"), note("a")));
  EXPECT_EQ(value_of(store_->write(act_of("boris", "op-1"), note("b", "his"))), "his");
  EXPECT_EQ(notes(), 2);
}

TEST_P(StoreWrite, an_operation_that_failed_may_be_tried_again) {
  value_of(store_->write(act_of(), note("a")));
  EXPECT_EQ(code_of(store_->write(act_of("anna", "op-1"), note("a"))), "row_exists");
  EXPECT_EQ(value_of(store_->write(act_of("anna", "op-1"), note("b", "now"))), "now");
}

TEST_P(StoreWrite, an_operation_is_remembered_after_a_restart_and_forgotten_after_a_month) {
  value_of(store_->write(act_of("anna", "op-1"), note("a", "first")));
  store_.reset();
  store_ = open_store();
  EXPECT_EQ(value_of(store_->write(act_of("anna", "op-1"), note("b", "second"))), "first");
  clock_.set(clock_.now() + std::chrono::hours(24 * 31));
  value_of(store_->write(act_of(), note("c")));
  EXPECT_EQ(value_of(store_->write(act_of("anna", "op-1"), note("d", "anew"))), "anew");
}

/// As long as one lives, files cannot grow beyond a size: the nearest thing to a full disk that needs no mount.
class FileLimit {
 public:
  explicit FileLimit(std::uintmax_t size_bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{size_bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

class StoreOnFullDisk : public StoreWrite {};
INSTANTIATE_TEST_SUITE_P(Engines, StoreOnFullDisk, ::testing::Values(Engine::sqlite), engine_name);

TEST_P(StoreOnFullDisk, says_so_loses_nothing_answered_and_goes_on_when_there_is_room) {
  value_of(store_->write(act_of(), note("first")));
  int answered = 1;
  int refused = 0;
  {
    const FileLimit limit(std::filesystem::file_size(ground_->folder() / "yihu.db-wal") + 200'000);
    for (int round = 0; round < 20; ++round) {
      std::vector<std::future<base::Result<Answer>>> waiting;
      for (int caller = 0; caller < 16; ++caller) {
        const auto answer = std::make_shared<std::promise<base::Result<Answer>>>();
        waiting.push_back(answer->get_future());
        store_->write(act_of(), note(base::new_uuid() + std::string(2000, 'x')),
                      [answer](base::Result<Answer> result) { answer->set_value(std::move(result)); });
      }
      for (auto& one : waiting) {
        const auto answer = one.get();
        EXPECT_TRUE(answer || answer.error().kind == base::ErrorKind::unavailable) << code_of(answer);
        ++(answer ? answered : refused);
      }
    }
  }
  EXPECT_GT(refused, 0);
  EXPECT_EQ(notes(), answered);
  value_of(store_->write(act_of(), note("room again")));
  EXPECT_EQ(notes(), answered + 1);
  const auto found = value_of(verify_journal(*store_, {}, {}, {}));
  EXPECT_TRUE(found.whole) << found.why.en;
  EXPECT_EQ(found.entries, answered + 1);
}

TEST_P(StoreWrite, work_in_turns_lets_everybody_else_go_first) {
  const Act act = act_of();
  std::promise<void> other_waits;
  auto other_is_waiting = other_waits.get_future().share();
  std::promise<void> all_done;
  std::atomic<int> turns = 0;
  std::atomic<bool> other_answered = false;
  std::atomic<bool> other_was_first = false;
  std::function<void()> next = [&] {
    store_->write(
        act,
        [&](Transaction& transaction) -> base::Result<Answer> {
          if (turns == 0) other_is_waiting.wait();
          if (turns == 1) other_was_first = other_answered.load();
          return note(fmt::format("turn {}", turns.load()))(transaction);
        },
        [&](base::Result<Answer> answer) {
          if (answer && ++turns < 3) return next();
          all_done.set_value();
        });
  };
  next();
  std::promise<void> other_done;
  store_->write(act_of(), note("other"), [&](base::Result<Answer>) {
    other_answered = true;
    other_done.set_value();
  });
  other_waits.set_value();
  all_done.get_future().wait();
  other_done.get_future().wait();
  EXPECT_EQ(turns, 3);
  EXPECT_TRUE(other_was_first) << "whoever waited is answered before the next turn begins, not with it";
  EXPECT_EQ(notes(), 4);
}

TEST_P(StoreWrite, the_log_begins_anew_under_work_in_turns) {
  if (GetParam() == Engine::postgresql) GTEST_SKIP() << "SQLite's own";
  const Act act = act_of();
  const std::string content(64 << 10, 'x');
  std::promise<void> all_done;
  int turns = 0;
  std::function<void()> next = [&] {
    store_->write(
        act,
        [&](Transaction& transaction) -> base::Result<Answer> {
          for (int i = 0; i < 64; ++i) TRY(transaction.execute(note_insert, {{"name", fmt::format("{} {}", turns, i)}, {"content", content}, {"weight", 0.5}, {"count", i}}));
          return "ok";
        },
        [&](base::Result<Answer> answer) {
          if (answer && ++turns < 40) return next();
          all_done.set_value();
        });
  };
  next();
  all_done.get_future().wait();
  EXPECT_EQ(turns, 40);
  EXPECT_EQ(notes(), 40 * 64);
  const auto log = std::filesystem::file_size(ground_->folder() / "yihu.db-wal");
  EXPECT_LT(log, 120u << 20) << "160 MB went through it";
}

TEST_P(StoreWrite, tells_what_a_commit_touched) {
  std::promise<Committed> told;
  store_->on_commit([&](const Committed& committed) { told.set_value(committed); });
  value_of(store_->write(act_of(), note("a")));
  const auto committed = told.get_future().get();
  EXPECT_EQ(committed.sequence, 1);
  ASSERT_EQ(committed.touched.size(), 1U);
  EXPECT_EQ(committed.touched[0].action, "note.made");
  EXPECT_EQ(committed.touched[0].subject, "a");
}

}  // namespace
}  // namespace yihu::store
