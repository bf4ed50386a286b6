#include "engine/duckdb.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <thread>
#include <tuple>

namespace yihu::engine {
namespace {

std::unique_ptr<Duckdb> opened(Options options = {.threads_max = 2}) {
  auto made = Duckdb::open(options);
  if (!made) ADD_FAILURE() << base::describe(made.error(), base::Language::en);
  return made ? std::move(*made) : nullptr;
}

template <class T>
T value_of(base::Result<T> result) {
  // A test that cannot go on says so; the error's words come with it.
  if (!result) throw std::runtime_error(base::describe(result.error(), base::Language::en));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::int64_t number(Duckdb& engine, const std::string& sql) {
  Answer answer = value_of(engine.ask(sql));
  EXPECT_TRUE(answer.next());
  return answer.integer(0, 0);
}

TEST(Duckdb, AnswersByColumn) {
  const auto engine = opened();
  Answer answer = value_of(engine->ask("SELECT 1::BIGINT AS a, 2.5::DOUBLE AS b, 'a text longer than twelve bytes' AS c,"
                                       " '户' AS d, true AS e, NULL::BIGINT AS f, 7::TINYINT AS g"));
  ASSERT_EQ(answer.columns().size(), 7U);
  EXPECT_EQ(answer.columns()[0].name, "a");
  EXPECT_EQ(answer.columns()[3].type, Type::text);
  ASSERT_TRUE(answer.next());
  ASSERT_EQ(answer.size(), 1U);
  EXPECT_EQ(answer.integer(0, 0), 1);
  EXPECT_EQ(answer.real(1, 0), 2.5);
  EXPECT_EQ(answer.text(2, 0), "a text longer than twelve bytes");
  EXPECT_EQ(answer.text(3, 0), "户");
  EXPECT_TRUE(answer.truth(4, 0));
  EXPECT_TRUE(answer.null(5, 0));
  EXPECT_FALSE(answer.null(6, 0));
  EXPECT_EQ(answer.integer(6, 0), 7);
  EXPECT_FALSE(answer.next());
}

TEST(Duckdb, LoadsManyBlocks) {
  const auto engine = opened();
  Loader loader = value_of(engine->load("a \"table\"", {{"id", Type::integer}, {"name", Type::text}, {"share", Type::real}, {"poor", Type::boolean}}));
  for (int i = 0; i < 10'000; ++i) {
    loader.integer(i);
    if (i % 3 == 0) loader.nothing(); else loader.text("name of number " + std::to_string(i));
    loader.integer(i % 7);  // a whole number in a real column
    loader.truth(i % 2 == 0);
    value_of(loader.end_row());
  }
  value_of(loader.finish());
  EXPECT_EQ(number(*engine, "SELECT count(*) FROM \"a \"\"table\"\"\""), 10'000);
  EXPECT_EQ(number(*engine, "SELECT count(*) FROM \"a \"\"table\"\"\" WHERE name IS NULL"), 3'334);
  EXPECT_EQ(number(*engine, "SELECT count(*) FROM \"a \"\"table\"\"\" WHERE name = 'name of number ' || id"), 6'666);
  EXPECT_EQ(number(*engine, "SELECT count(*) FROM \"a \"\"table\"\"\" WHERE poor AND share = id % 7"), 5'000);
}

TEST(Duckdb, SaysWhatIsWrongWithoutData) {
  const auto engine = opened();
  const auto unknown = engine->run("SELECT nothing FROM nowhere");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, "engine_failed");
  EXPECT_NE(unknown.error().text.en.find("nowhere"), std::string::npos);
  value_of(engine->run("CREATE TABLE person AS SELECT '460108199001010000' AS number FROM range(2)"));
  const auto wrong = engine->run("SELECT number::DATE FROM person");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text.en.find("4601"), std::string::npos);
  // It still works.
  EXPECT_EQ(number(*engine, "SELECT count(*) FROM person"), 2);
}

TEST(Duckdb, ReachesNeitherFilesNorSettings) {
  const auto engine = opened();
  EXPECT_FALSE(engine->run("COPY (SELECT 1) TO '/tmp/yihu_engine_test.csv'"));
  EXPECT_FALSE(engine->run("SELECT * FROM read_csv('/etc/passwd')"));
  EXPECT_FALSE(engine->run("SET enable_external_access = true"));
  EXPECT_FALSE(engine->run("INSTALL httpfs"));
}

constexpr const char* endless = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE (a.range * b.range) % 7 = 3";

TEST(Duckdb, StopsWhenAsked) {
  const auto engine = opened();
  Watch watch;
  std::thread asker([&] { watch.cancel.ask(); });
  const auto stopped = engine->ask(endless, watch);
  asker.join();
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, base::ErrorKind::cancelled);
  EXPECT_EQ(number(*engine, "SELECT 42"), 42);
}

TEST(Duckdb, StopsInTheMiddle) {
  const auto engine = opened();
  Watch watch;
  int told = 0;
  watch.progress = [&](std::int64_t, std::int64_t) {
    if (++told == 1) watch.cancel.ask();
  };
  const auto stopped = engine->ask(endless, watch);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, base::ErrorKind::cancelled);
  EXPECT_GE(told, 1);
}

TEST(Duckdb, KeepsToItsMemory) {
  const auto engine = opened({.threads_max = 1, .memory_bytes_max = 32 << 20});
  const auto too_much = engine->run("CREATE TABLE big AS SELECT range AS a, hash(range)::VARCHAR AS b FROM range(5000000)");
  ASSERT_FALSE(too_much);
  EXPECT_EQ(too_much.error().code, "engine_out_of_memory");
}

TEST(Duckdb, WritesAsideWhatDoesNotFit) {
  const auto folder = std::filesystem::temp_directory_path() / ("yihu_spill_" + std::to_string(::getpid()));
  {
    const auto engine = opened({.threads_max = 1, .memory_bytes_max = 64 << 20, .spill = folder});
    value_of(engine->run("CREATE TABLE big AS SELECT range AS a, hash(range)::VARCHAR AS b FROM range(2000000)"));
    EXPECT_EQ(number(*engine, "SELECT count(*) FROM (SELECT b FROM big ORDER BY b LIMIT 1500000)"), 1'500'000);
  }
  std::filesystem::remove_all(folder);
}

/// Of this name, so that it runs before the library is loaded.
TEST(DuckdbDeathTest, SaysThatTheLibraryIsMissing) {
  EXPECT_EXIT(
      {
        ::setenv("YIHU_DUCKDB", "/nowhere/libduckdb.so", 1);
        const auto missing = Duckdb::open();
        std::exit(!missing && missing.error().kind == base::ErrorKind::unavailable ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

using Cells = std::tuple<std::optional<std::int64_t>, std::optional<double>, std::optional<std::string>, std::optional<bool>>;

void load_rows(Duckdb& engine, const std::vector<Cells>& rows) {
  Loader loader = value_of(engine.load("row", {{"i", Type::integer}, {"r", Type::real}, {"t", Type::text}, {"b", Type::boolean}}));
  for (const auto& [i, r, t, b] : rows) {
    i ? loader.integer(*i) : loader.nothing();
    r ? loader.real(*r) : loader.nothing();
    t ? loader.text(*t) : loader.nothing();
    b ? loader.truth(*b) : loader.nothing();
    value_of(loader.end_row());
  }
  value_of(loader.finish());
}

RC_GTEST_PROP(DuckdbProperty, GivesBackWhatWasLoaded, ()) {
  const auto maybe_text = rc::gen::maybe(rc::gen::container<std::string>(rc::gen::inRange('a', 'z')));
  const auto maybe_real = rc::gen::maybe(rc::gen::map(rc::gen::inRange(-1'000'000, 1'000'000), [](int n) { return n / 8.0; }));
  const auto whole = rc::gen::container<std::vector<Cells>>(rc::gen::tuple(
      rc::gen::map(rc::gen::maybe(rc::gen::arbitrary<std::int64_t>()), [](auto m) { return m ? std::optional(*m) : std::nullopt; }),
      rc::gen::map(maybe_real, [](auto m) { return m ? std::optional(*m) : std::nullopt; }),
      rc::gen::map(maybe_text, [](auto m) { return m ? std::optional(*m) : std::nullopt; }),
      rc::gen::map(rc::gen::maybe(rc::gen::arbitrary<bool>()), [](auto m) { return m ? std::optional(*m) : std::nullopt; })));
  auto rows = *whole;
  // Long enough for several blocks, so that a block used again is seen to be empty.
  const std::size_t few = rows.size();
  for (std::size_t at = 0; few > 0 && rows.size() < 5'000; ++at) rows.push_back(rows[at]);
  static const std::unique_ptr<Duckdb> engine = opened({.threads_max = 1});
  value_of(engine->run("DROP TABLE IF EXISTS \"row\""));
  load_rows(*engine, rows);
  Answer answer = value_of(engine->ask("SELECT i, r, t, b FROM \"row\" ORDER BY rowid"));
  std::vector<Cells> back;
  while (answer.next()) {
    for (std::size_t row = 0; row < answer.size(); ++row) {
      Cells cells;
      if (!answer.null(0, row)) std::get<0>(cells) = answer.integer(0, row);
      if (!answer.null(1, row)) std::get<1>(cells) = answer.real(1, row);
      if (!answer.null(2, row)) std::get<2>(cells) = answer.text(2, row);
      if (!answer.null(3, row)) std::get<3>(cells) = answer.truth(3, row);
      back.push_back(cells);
    }
  }
  RC_ASSERT(back == rows);
}

}  // namespace
}  // namespace yihu::engine
