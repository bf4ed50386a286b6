// The chain shows every way of altering it, and the filters find what they are asked for.
#include "store_fixture.h"

#include "store/file_text.h"
#include "store/journal.h"
#include "store/verification.h"

#include <algorithm>

namespace yihu::store {
namespace {

constexpr int entries_made = 12;

class StoreJournal : public OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (IsSkipped()) return;
    store_ = open_store();
    for (int entry = 1; entry <= entries_made; ++entry) {
      clock_.set(clock_.now() + std::chrono::seconds(1));
      make(entry % 2 == 0 ? "anna" : "boris", "note.made", fmt::format("n{}", entry % 3));
    }
  }
  void make(std::string actor, std::string action, std::string subject) {
    value_of(store_->write(act_of(std::move(actor)), [&](Transaction& transaction) -> base::Result<Answer> {
      TRY(transaction.journal({action, "note", subject, R"({"a":1})", R"({"a":2})"}));
      return Answer();
    }));
  }
  Verification verified(std::optional<Head> witness = {}) {
    if (!store_) store_ = open_store();
    return value_of(verify_journal(*store_, witness, {}, {}));
  }
  std::vector<Entry> page(const JournalFilter& filter) {
    std::vector<Entry> entries;
    value_of(store_->read([&](Session& session) -> base::Done {
      entries = TRY(read_journal(session, filter));
      return {};
    }));
    return entries;
  }
  void alter(const std::string& statement) {
    auto connection = value_of(Connection::open(ground_->location(), Access::write));
    value_of(connection->run(statement));
  }
  /// Somebody with the database in hand and our program stopped.
  void tamper(std::vector<std::string> statements) {
    store_.reset();
    if (GetParam() == Engine::sqlite) {
      statements.insert(statements.begin(), {"DROP TRIGGER journal_keeps_rows", "DROP TRIGGER journal_keeps_cells"});
    } else {
      statements.insert(statements.begin(), {"DROP TRIGGER journal_keeps_rows ON journal"});
    }
    for (const auto& statement : statements) alter(statement);
  }

  std::unique_ptr<Store> store_;
};
ON_BOTH_ENGINES(StoreJournal);

TEST_P(StoreJournal, an_untouched_journal_is_whole) {
  const auto found = verified();
  EXPECT_TRUE(found.whole) << found.why.en;
  EXPECT_EQ(found.entries, entries_made);
  EXPECT_EQ(found.head.sequence, entries_made);
}

TEST_P(StoreJournal, goes_on_where_it_was_after_a_restart) {
  const auto before = verified().head;
  store_.reset();
  store_ = open_store();
  make("anna", "note.made", "n");
  const auto found = verified(before);
  EXPECT_TRUE(found.whole) << found.why.en;
  EXPECT_EQ(found.entries, entries_made + 1);
  EXPECT_EQ(page({.limit = 1}).at(0).previous, before.hash);
}

TEST_P(StoreJournal, the_tables_own_triggers_forbid_change) {
  for (const char* statement : {"UPDATE journal SET actor = 'x' WHERE sequence = 3", "DELETE FROM journal WHERE sequence = 3"}) {
    store_.reset();
    auto connection = value_of(Connection::open(ground_->location(), Access::write));
    EXPECT_EQ(code_of(connection->run(statement)), "row_protected") << statement;
  }
  store_.reset();
  auto connection = value_of(Connection::open(ground_->location(), Access::write));
  if (GetParam() == Engine::sqlite) {
    EXPECT_EQ(code_of(connection->run("INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE sequence = 3")), "row_protected");
  } else {
    EXPECT_EQ(code_of(connection->run("TRUNCATE journal")), "row_protected");
  }
}

TEST_P(StoreJournal, shows_a_changed_cell_of_every_column) {
  tamper({"CREATE TABLE original AS SELECT * FROM journal"});
  for (const std::string column : {"at", "actor", "request", "operation", "action", "subject_kind", "subject", "before", "after"}) {
    const auto changed = column == "at" ? "at + 1" : fmt::format("{} || ' '", column);
    alter(fmt::format("UPDATE journal SET {} = {} WHERE sequence = 5", column, changed));
    const auto found = verified();
    EXPECT_EQ(found.broken_at, 5) << column;
    EXPECT_EQ(found.entries, 4);
    alter(fmt::format("UPDATE journal SET {0} = (SELECT {0} FROM original WHERE sequence = 5) WHERE sequence = 5", column));
    EXPECT_TRUE(verified().whole) << column;
  }
}

TEST_P(StoreJournal, shows_an_entry_altered_together_with_its_hash) {
  auto forged = page({.older_than = 6, .limit = 1}).at(0);
  forged.actor = "nobody";
  tamper({fmt::format("UPDATE journal SET actor = 'nobody', hash = '{}' WHERE sequence = 5",
                      hash_of(forged, Algorithms::international))});
  EXPECT_EQ(verified().broken_at, 6);
}

TEST_P(StoreJournal, shows_a_removed_entry) {
  tamper({"DELETE FROM journal WHERE sequence BETWEEN 5 AND 6"});
  const auto found = verified();
  EXPECT_EQ(found.broken_at, 5);
  EXPECT_NE(found.why.en.find("Entries 5 to 6"), std::string::npos) << found.why.en;
}

TEST_P(StoreJournal, shows_entries_cut_off_the_end) {
  tamper({"DELETE FROM journal WHERE sequence > 10"});
  EXPECT_EQ(verified().broken_at, 11);
}

TEST_P(StoreJournal, shows_entries_cut_off_together_with_the_record_of_them) {
  const auto tenth = page({.older_than = 11, .limit = 1}).at(0);
  tamper({"DELETE FROM journal WHERE sequence > 10",
          fmt::format("UPDATE meta SET value = '10 {}' WHERE name = 'journal_head'", tenth.hash)});
  const auto found = verified();
  EXPECT_EQ(found.broken_at, 11);
  EXPECT_NE(found.why.en.find("anchor"), std::string::npos) << found.why.en;
  // Going on writing does not cover it up.
  for (int more = 0; more < 5; ++more) make("anna", "note.made", "n");
  store_.reset();
  EXPECT_FALSE(verified().whole);
}

TEST_P(StoreJournal, without_an_anchor_says_that_it_cannot_know_but_a_noted_head_can) {
  const auto noted = verified().head;
  const auto tenth = page({.older_than = 11, .limit = 1}).at(0);
  tamper({"DELETE FROM journal WHERE sequence > 10",
          fmt::format("UPDATE meta SET value = '10 {}' WHERE name = 'journal_head'", tenth.hash)});
  std::filesystem::remove(ground_->folder() / anchor_name);
  const auto found = verified();
  EXPECT_TRUE(found.whole);
  EXPECT_TRUE(found.anchor_missing);
  EXPECT_EQ(verified(noted).broken_at, 11);
}

TEST_P(StoreJournal, shows_a_chain_that_was_written_anew) {
  auto entries = page({});
  std::ranges::reverse(entries);
  std::vector<std::string> statements;
  for (std::size_t at = 4; at < entries.size(); ++at) {
    entries[at].actor = "nobody";
    entries[at].previous = entries[at - 1].hash;
    entries[at].hash = hash_of(entries[at], Algorithms::international);
    statements.push_back(fmt::format("UPDATE journal SET actor = 'nobody', previous = '{}', hash = '{}' WHERE sequence = {}",
                                     entries[at].previous, entries[at].hash, at + 1));
  }
  statements.push_back(fmt::format("UPDATE meta SET value = '12 {}' WHERE name = 'journal_head'", entries.back().hash));
  tamper(statements);
  const auto found = verified();
  EXPECT_FALSE(found.whole);
  EXPECT_EQ(found.entries, 0);
  EXPECT_NE(found.why.en.find("from entry 1 to 12"), std::string::npos) << found.why.en;
  const auto third = verified(Head{3, entries[2].hash});
  EXPECT_EQ(third.entries, 3);
  EXPECT_EQ(third.broken_at, 4);
}

TEST_P(StoreJournal, shows_an_anchor_that_was_not_signed_by_this_store) {
  store_.reset();
  const auto file = ground_->folder() / anchor_name;
  auto text = value_of(read_whole(file));
  text.replace(text.find("12 "), 3, "11 ");
  value_of(write_durably(file, text, 0600));
  const auto found = verified();
  EXPECT_FALSE(found.whole);
  EXPECT_EQ(found.entries, 0);
}

TEST_P(StoreJournal, shows_an_entry_added_by_another_hand) {
  tamper({"INSERT INTO journal SELECT sequence + 1, at, actor, request, operation, action, subject_kind, subject,"
          " before, after, previous, hash FROM journal WHERE sequence = 12"});
  EXPECT_EQ(verified().broken_at, 13);
}

TEST_P(StoreJournal, filters_and_pages) {
  EXPECT_EQ(page({}).size(), static_cast<std::size_t>(entries_made));
  EXPECT_EQ(page({.actor = "anna"}).size(), 6U);
  EXPECT_EQ(page({.subject = "n1"}).size(), 4U);
  EXPECT_EQ(page({.actor = "anna", .subject = "n1"}).size(), 2U);
  EXPECT_EQ(page({.action = "note.burnt"}).size(), 0U);
  EXPECT_EQ(page({.subject_kind = "note"}).size(), static_cast<std::size_t>(entries_made));
  const auto first = page({.limit = 5});
  EXPECT_EQ(first.front().sequence, 12);
  EXPECT_EQ(first.back().sequence, 8);
  EXPECT_EQ(page({.older_than = first.back().sequence, .limit = 5}).front().sequence, 7);
  EXPECT_EQ(page({.request = first.front().request}).size(), 1U);
  EXPECT_EQ(page({.from = first.back().at, .until = first.front().at}).size(), 4U);
}

TEST_P(StoreJournal, verification_can_be_stopped) {
  base::Cancel cancel;
  cancel.ask();
  EXPECT_EQ(code_of(verify_journal(*store_, {}, {}, cancel)), "cancelled");
}

TEST(Journal, fields_cannot_run_into_each_other) {
  Entry one;
  one.actor = "ab";
  one.request = "c";
  Entry other;
  other.actor = "a";
  other.request = "bc";
  for (const auto algorithms : {Algorithms::international, Algorithms::national}) {
    EXPECT_NE(hash_of(one, algorithms), hash_of(other, algorithms));
  }
  EXPECT_NE(hash_of(one, Algorithms::international), hash_of(one, Algorithms::national));
}

TEST(Journal, a_head_is_read_as_it_is_written) {
  const Head head{12, std::string(64, 'a')};
  EXPECT_EQ(value_of(head_from(to_string(head))), head);
  for (const char* text : {"", "12", "12:", ":aa", "0:", "x:aa", "12:zz"}) EXPECT_EQ(code_of(head_from(text)), "head_unreadable") << text;
}

}  // namespace
}  // namespace yihu::store
