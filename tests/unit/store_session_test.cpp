// What goes in comes out, and means the same on both engines.
#include "store_fixture.h"

#include "store/statement_text.h"

#include <limits>
#include <thread>

namespace yihu::store {
namespace {

constexpr Sql put = "INSERT INTO note (name, content, weight, count) VALUES (:name, :content, :weight, :count)";
constexpr Sql get = "SELECT content, weight, count FROM note WHERE name = :name";

class StoreSession : public OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) store_ = open_store();
  }
  base::Result<Answer> write(std::function<base::Done(Transaction&)> work) {
    return store_->write(act_of(), [&](Transaction& transaction) -> base::Result<Answer> {
      TRY(work(transaction));
      return Answer();
    });
  }
  std::string put_one(const Value& content, const Value& weight, const Value& count) {
    return code_of(write([&](Transaction& transaction) -> base::Done {
      TRY(transaction.execute(put, {{"name", "n"}, {"content", content}, {"weight", weight}, {"count", count}}));
      return {};
    }));
  }
  std::vector<Row> rows(Sql sql, const Parameters& parameters = {}) {
    std::vector<Row> rows;
    value_of(store_->read([&](Session& session) -> base::Done {
      rows = TRY(session.query(sql, parameters));
      return {};
    }));
    return rows;
  }

  std::unique_ptr<Store> store_;
};
ON_BOTH_ENGINES(StoreSession);

TEST_P(StoreSession, keeps_text_and_numbers_to_the_last_bit) {
  const auto least = std::numeric_limits<std::int64_t>::min();
  ASSERT_EQ(put_one("一户一策 '\"\\%_ :name ::", 0.1 + 0.2, least), "done");
  const auto row = rows(get, {{"name", "n"}}).at(0);
  EXPECT_EQ(row.text(0), "一户一策 '\"\\%_ :name ::");
  EXPECT_EQ(row.real(1), 0.1 + 0.2);
  EXPECT_EQ(row.integer(2), least);
}

TEST_P(StoreSession, keeps_what_is_not_there_apart_from_what_is_empty) {
  ASSERT_EQ(put_one(nullptr, nullptr, std::optional<int>()), "done");
  const auto row = rows(get, {{"name", "n"}}).at(0);
  EXPECT_TRUE(row.null(0));
  EXPECT_EQ(row.text(0), "");
  EXPECT_EQ(row.maybe_text(0), std::nullopt);
  EXPECT_EQ(row.maybe_integer(2), std::nullopt);
  constexpr Sql empty = "UPDATE note SET content = :content WHERE name = 'n'";
  value_of(write([&](Transaction& transaction) -> base::Done {
    EXPECT_EQ(TRY(transaction.execute(empty, {{"content", ""}})), 1);
    return {};
  }));
  EXPECT_EQ(rows(get, {{"name", "n"}}).at(0).maybe_text(0), "");
}

TEST_P(StoreSession, a_parameter_may_be_nothing_at_one_time_and_something_at_another) {
  constexpr Sql filtered = "SELECT name FROM note WHERE (:content IS NULL OR content = :content) AND (:count IS NULL OR count > :count)";
  ASSERT_EQ(put_one("a", 1.0, 5), "done");
  EXPECT_EQ(rows(filtered, {{"content", nullptr}, {"count", nullptr}}).size(), 1U);
  EXPECT_EQ(rows(filtered, {{"content", "a"}, {"count", nullptr}}).size(), 1U);
  EXPECT_EQ(rows(filtered, {{"content", nullptr}, {"count", 4}}).size(), 1U);
  EXPECT_EQ(rows(filtered, {{"content", "a"}, {"count", 5}}).size(), 0U);
  EXPECT_EQ(rows(filtered, {{"content", "b"}, {"count", nullptr}}).size(), 0U);
  EXPECT_EQ(rows(filtered, {{"count", 4}, {"content", "a"}}).size(), 1U);
}

TEST_P(StoreSession, expressions_have_the_same_types_on_both) {
  constexpr Sql several = "SELECT count(*), sum(count), avg(count), max(content), :n + 1, 7 / 2, count > 1, coalesce(:t, 'x')"
                          " FROM note GROUP BY name, count";
  ASSERT_EQ(put_one("a", 1.0, 3'000'000'000), "done");
  const auto row = rows(several, {{"n", 2'147'483'647}, {"t", nullptr}}).at(0);
  EXPECT_EQ(row.integer(0), 1);
  EXPECT_EQ(row.integer(1), 3'000'000'000);
  EXPECT_EQ(row.real(2), 3'000'000'000.0);
  EXPECT_EQ(row.text(3), "a");
  EXPECT_EQ(row.integer(4), 2'147'483'648);
  EXPECT_EQ(row.integer(5), 3);
  EXPECT_TRUE(row.truth(6));
  EXPECT_EQ(row.text(7), "x");
}

TEST_P(StoreSession, sorts_text_by_code_point) {
  constexpr Sql sorted = "SELECT content FROM note ORDER BY content";
  constexpr Sql insert = "INSERT INTO note (name, content) VALUES (:content, :content)";
  value_of(write([&](Transaction& transaction) -> base::Done {
    for (const char* text : {"b", "B", "a", "一", "é", "Z", "10", "9"}) TRY(transaction.execute(insert, {{"content", text}}));
    return {};
  }));
  std::string order;
  for (const auto& row : rows(sorted)) order += row.text(0) + " ";
  EXPECT_EQ(order, "10 9 B Z a b é 一 ");
}

TEST_P(StoreSession, refuses_what_one_engine_would_refuse) {
  using namespace std::string_literals;
  EXPECT_EQ(put_one("a\0b"s, 1.0, 1), "text_not_utf8");
  EXPECT_EQ(put_one("\xff", 1.0, 1), "text_not_utf8");
  EXPECT_EQ(put_one("a", std::numeric_limits<double>::quiet_NaN(), 1), "number_not_finite");
  EXPECT_EQ(put_one("a", std::numeric_limits<double>::infinity(), 1), "number_not_finite");
  EXPECT_EQ(put_one("a", 1.0, "many"), GetParam() == Engine::sqlite ? "row_unfit" : "statement_failed");
}

TEST_P(StoreSession, parameters_must_match_the_text) {
  const auto code = [&](const Parameters& parameters) {
    std::string met;
    (void)store_->read([&](Session& session) -> base::Done {
      met = code_of(session.query(get, parameters));
      return {};
    });
    return met;
  };
  EXPECT_EQ(code({}), "parameter_unmatched");
  EXPECT_EQ(code({{"nome", "n"}}), "parameter_unmatched");
  EXPECT_EQ(code({{"name", "n"}, {"more", 1}}), "parameter_unmatched");
  EXPECT_EQ(code({{"name", "n"}, {"name", "n"}}), "parameter_unmatched");
}

TEST_P(StoreSession, no_error_tells_a_value) {
  ASSERT_EQ(put_one("secret-content", 1.0, 1), "done");
  const auto failed = write([&](Transaction& transaction) -> base::Done {
    TRY(transaction.execute(put, {{"name", "n"}, {"content", "secret-content"}, {"weight", 1.0}, {"count", 1}}));
    return {};
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(base::describe(failed.error(), base::Language::en).find("secret-content"), std::string::npos);
  EXPECT_EQ(put_one("secret-content", "secret-weight", 1) == "done", false);
}

TEST_P(StoreSession, a_reader_cannot_write) {
  constexpr Sql sneaky = "INSERT INTO note (name) VALUES ('x') RETURNING name";
  const auto done = store_->read([&](Session& session) -> base::Done {
    TRY(session.query(sneaky));
    return {};
  });
  EXPECT_FALSE(done);
  EXPECT_EQ(rows(get, {{"name", "x"}}).size(), 0U);
}

TEST_P(StoreSession, all_queries_of_one_read_see_one_state) {
  constexpr Sql count = "SELECT count(*) FROM note";
  value_of(store_->read([&](Session& session) -> base::Done {
    const auto before = TRY(session.query(count)).at(0).integer(0);
    const auto wrote = write([&](Transaction& transaction) -> base::Done {
      TRY(transaction.execute(put, {{"name", "n"}, {"content", "a"}, {"weight", 1.0}, {"count", 1}}));
      return {};
    });
    EXPECT_TRUE(wrote);
    EXPECT_EQ(TRY(session.query(count)).at(0).integer(0), before);
    return {};
  }));
  EXPECT_EQ(rows(count).at(0).integer(0), 1);
}

TEST_P(StoreSession, more_readers_than_sessions_take_turns) {
  constexpr Sql count = "SELECT count(*) FROM note";
  std::atomic<int> done = 0;
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 16; ++reader) {
    readers.emplace_back([&] {
      for (int turn = 0; turn < 20; ++turn) {
        const auto read = store_->read([&](Session& session) -> base::Done {
          TRY(session.query(count));
          ++done;
          return {};
        });
        EXPECT_TRUE(read);
      }
    });
  }
  readers.clear();
  EXPECT_EQ(done, 320);
}

TEST(StatementText, finds_each_name_once_outside_of_quotes) {
  EXPECT_EQ(parameter_names("SELECT ':no', \":no\", x::text FROM t WHERE a = :a AND b=:b_2 OR a=:a"),
            (std::vector<std::string>{"a", "b_2"}));
  EXPECT_EQ(parameter_names("SELECT 'it''s :no' || :yes"), (std::vector<std::string>{"yes"}));
  EXPECT_EQ(parameter_names("SELECT 1"), std::vector<std::string>{});
}

TEST(StatementText, writes_types_for_postgresql) {
  const std::vector<std::string> names = {"a", "b", "c", "d"};
  const std::vector<Kind> kinds = {Kind::integer, Kind::real, Kind::text, Kind::nothing};
  EXPECT_EQ(postgresql_from_sql("f(:a, :b, :c, :d, ':a')", names, kinds),
            "f(cast(:a as bigint), cast(:b as double precision), cast(:c as text), NULL, ':a')");
}

TEST(StatementText, puts_each_engines_words) {
  EXPECT_EQ(statement_from_migration("CREATE TABLE t (a @int, b @real) @strict", Engine::sqlite),
            "CREATE TABLE t (a INTEGER, b REAL) STRICT");
  EXPECT_EQ(statement_from_migration("CREATE TABLE t (a @int, b @real) @strict", Engine::postgresql),
            "CREATE TABLE t (a BIGINT, b DOUBLE PRECISION) ");
  EXPECT_EQ(statement_from_migration("@sqlite CREATE TRIGGER", Engine::postgresql), "");
  EXPECT_EQ(statement_from_migration("@sqlite CREATE TRIGGER", Engine::sqlite), "CREATE TRIGGER");
}

}  // namespace
}  // namespace yihu::store
