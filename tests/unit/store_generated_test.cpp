// SQL for tables that a pack declares.

#include "store/generated_sql.h"
#include "store_fixture.h"

#include <rapidcheck/gtest.h>

namespace yihu::store {
namespace {

Identifier name(std::string_view text) { return *Identifier::parse(text); }

TEST(Identifier, OnlyPlainNamesPass) {
  EXPECT_TRUE(Identifier::parse("ledger_water_2"));
  for (const char* text : {"", "1a", "_a", "A", "a b", "a\"b", "a;drop table person", "户", "a-b", "a.b"}) {
    EXPECT_EQ(code_of(Identifier::parse(text)), "identifier_unfit") << text;
  }
  EXPECT_TRUE(Identifier::parse(std::string(63, 'a')));
  EXPECT_FALSE(Identifier::parse(std::string(64, 'a')));
}

RC_GTEST_PROP(Identifier, NoTextLeavesItsQuotes, (const std::string& text)) {
  const auto parsed = Identifier::parse(text);
  if (!parsed) return;
  RC_ASSERT(text.find_first_of("\"'; \\\n") == text.npos);
  SqlText sql;
  sql.name(*parsed);
  RC_ASSERT(std::string(sql.sql().text()) == "\"" + text + "\"");
}

TEST(SqlText, EqualTextsShareOneAddress) {
  const auto text = [] {
    SqlText sql;
    sql.add("SELECT ").name(name("order")).add(" FROM note WHERE ").name(name("order")).add(" = ").parameter(name("wanted"));
    return sql.add(" LIMIT ").number(5).sql().text();
  };
  EXPECT_STREQ(text(), "SELECT \"order\" FROM note WHERE \"order\" = :wanted LIMIT 5");
  EXPECT_EQ(text(), text());
}

class GeneratedSql : public OnBothEngines {};

TEST_P(GeneratedSql, TablesAreMadeAndGrowInsideAWrite) {
  const auto store = open_store();
  const Identifier table = name("ledger_order");
  const Identifier column = name("group");
  const auto made = store->write(act_of(), [&](Transaction& transaction) -> base::Result<Answer> {
    TRY(transaction.define(SqlText().add("CREATE TABLE ").name(table).add(" (id TEXT PRIMARY KEY, count @int) @strict").sql()));
    TRY(transaction.define(SqlText().add("ALTER TABLE ").name(table).add(" ADD COLUMN ").name(column).add(" @real").sql()));
    TRY(transaction.execute(SqlText().add("INSERT INTO ").name(table).add(" (id, count, ").name(column).add(") VALUES (:id, :count, :weight)").sql(),
                            {{"id", "a"}, {"count", 9'000'000'000}, {"weight", 1.5}}));
    return Answer();
  });
  EXPECT_EQ(code_of(made), "done");
  // A write that fails leaves no table behind.
  const auto failed = store->write(act_of(), [&](Transaction& transaction) -> base::Result<Answer> {
    TRY(transaction.define(SqlText().add("CREATE TABLE ").name(name("ledger_lost")).add(" (id TEXT)").sql()));
    return base::fail(base::ErrorKind::conflict, "stopped", {});
  });
  EXPECT_EQ(code_of(failed), "stopped");
  const auto read = store->read([&](Session& session) -> base::Done {
    const auto rows = TRY(session.query(SqlText().add("SELECT count, ").name(column).add(" FROM ").name(table).sql()));
    EXPECT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows.front().integer(0), 9'000'000'000);
    EXPECT_EQ(rows.front().real(1), 1.5);
    return {};
  });
  EXPECT_EQ(code_of(read), "done");
  const auto lost = store->read([&](Session& session) -> base::Done {
    TRY(session.query(SqlText().add("SELECT id FROM ").name(name("ledger_lost")).sql()));
    return {};
  });
  EXPECT_NE(code_of(lost), "done");
}

ON_BOTH_ENGINES(GeneratedSql);

}  // namespace
}  // namespace yihu::store
