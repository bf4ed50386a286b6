// A job's effect and its mark stand or fall together.
#include "store_fixture.h"

#include "store/consumer.h"

#include <thread>

namespace yihu::store {
namespace {

constexpr Sql note_insert = "INSERT INTO note (name, count) VALUES (:name, :sequence)";
constexpr Sql note_names = "SELECT name FROM note ORDER BY count";

class StoreConsumer : public OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) store_ = open_store();
  }
  void make(std::string action, std::string subject) {
    value_of(store_->write(act_of(), [&](Transaction& transaction) -> base::Result<Answer> {
      TRY(transaction.journal({action, "plan", subject, "", ""}));
      return Answer();
    }));
  }
  Consumer copier(std::function<base::Done(const Entry&)> hook = {}) {
    return {"copier", {"plan.made"}, [hook](Transaction& transaction, const Entry& entry) -> base::Done {
              TRY(transaction.execute(note_insert, {{"name", entry.subject}, {"sequence", entry.sequence}}));
              if (hook) TRY(hook(entry));
              return {};
            }};
  }
  std::string names() {
    std::string names;
    value_of(store_->read([&](Session& session) -> base::Done {
      for (const auto& row : TRY(session.query(note_names))) names += row.text(0);
      return {};
    }));
    return names;
  }
  std::int64_t position() {
    std::int64_t position = -1;
    value_of(store_->read([&](Session& session) -> base::Done {
      position = TRY(consumer_position(session, "copier"));
      return {};
    }));
    return position;
  }
  std::vector<SetAside> set_aside() {
    std::vector<SetAside> found;
    value_of(store_->read([&](Session& session) -> base::Done {
      found = TRY(set_aside_entries(session));
      return {};
    }));
    return found;
  }

  std::unique_ptr<Store> store_;
};
ON_BOTH_ENGINES(StoreConsumer);

TEST_P(StoreConsumer, does_each_wanted_entry_once_and_in_order) {
  for (const char* subject : {"a", "b", "c"}) {
    make("plan.made", subject);
    make("plan.burnt", subject);
  }
  const auto first = value_of(advance(*store_, copier(), 3));
  EXPECT_EQ(first.handled, 2);
  EXPECT_TRUE(first.more);
  EXPECT_EQ(position(), 3);
  const auto second = value_of(advance(*store_, copier(), 100));
  EXPECT_EQ(second.handled, 1);
  EXPECT_FALSE(second.more);
  EXPECT_EQ(value_of(advance(*store_, copier(), 100)).handled, 0);
  EXPECT_EQ(names(), "abc");
}

TEST_P(StoreConsumer, goes_on_after_a_restart) {
  make("plan.made", "a");
  value_of(advance(*store_, copier(), 100));
  make("plan.made", "b");
  store_.reset();
  store_ = open_store();
  EXPECT_EQ(value_of(advance(*store_, copier(), 100)).handled, 1);
  EXPECT_EQ(names(), "ab");
}

TEST_P(StoreConsumer, neither_effect_nor_mark_stays_of_a_failed_entry) {
  for (const char* subject : {"a", "b", "c"}) make("plan.made", subject);
  bool fails = true;
  const auto job = copier([&](const Entry& entry) -> base::Done {
    if (fails && entry.subject == "b") return base::fail(base::ErrorKind::internal, "not_now", base::text("不", "no"));
    return {};
  });
  EXPECT_EQ(code_of(advance(*store_, job, 100)), "not_now");
  EXPECT_EQ(names(), "a");
  EXPECT_EQ(position(), 1);
  fails = false;
  EXPECT_EQ(value_of(advance(*store_, job, 100)).handled, 2);
  EXPECT_EQ(names(), "abc");
}

TEST_P(StoreConsumer, an_entry_that_always_fails_is_set_aside_and_the_rest_is_done) {
  make("plan.burnt", "x");
  for (const char* subject : {"a", "b", "c"}) make("plan.made", subject);
  const auto job = copier([&](const Entry& entry) -> base::Done {
    if (entry.subject == "b") return base::fail(base::ErrorKind::internal, "never", base::text("不", "no"));
    return {};
  });
  for (int attempt = 0; attempt < consumer_attempts_max; ++attempt) EXPECT_EQ(code_of(advance(*store_, job, 100)), "never");
  EXPECT_EQ(value_of(advance(*store_, job, 100)).handled, 1);
  EXPECT_EQ(names(), "ac");
  const auto aside = set_aside();
  ASSERT_EQ(aside.size(), 1U);
  EXPECT_EQ(aside[0].sequence, 3);
  EXPECT_EQ(aside[0].code, "never");
}

TEST_P(StoreConsumer, an_outage_is_not_the_entrys_fault) {
  make("plan.made", "a");
  const auto job = copier([&](const Entry&) -> base::Done {
    return base::fail(base::ErrorKind::unavailable, "mail_down", base::text("不", "no"));
  });
  for (int attempt = 0; attempt < 2 * consumer_attempts_max; ++attempt) EXPECT_EQ(code_of(advance(*store_, job, 100)), "mail_down");
  EXPECT_TRUE(set_aside().empty());
  EXPECT_EQ(value_of(advance(*store_, copier(), 100)).handled, 1);
}

TEST_P(StoreConsumer, what_nobody_wants_is_passed_over_in_the_end) {
  for (int entry = 0; entry < 250; ++entry) make("plan.burnt", "x");
  EXPECT_EQ(value_of(advance(*store_, copier(), 1000)).handled, 0);
  EXPECT_EQ(position(), 250);
}

TEST_P(StoreConsumer, two_at_once_do_nothing_twice) {
  for (const char* subject : {"a", "b", "c", "d", "e", "f"}) make("plan.made", subject);
  const auto run = [&] {
    for (;;) {
      const auto step = advance(*store_, copier(), 2);
      if (!step && step.error().code != "consumer_moved") ADD_FAILURE() << step.error().code;
      if (step && !step->more) return;
    }
  };
  {
    std::jthread one(run);
    std::jthread other(run);
  }
  EXPECT_EQ(names(), "abcdef");
}

}  // namespace
}  // namespace yihu::store
