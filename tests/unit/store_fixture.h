#pragma once
// Every store test runs on both engines: on SQLite always, on PostgreSQL when YIHU_TEST_POSTGRES names a server
// (tests/postgres.sh starts one). Each test has a folder and a database of its own.

#include "store/connection.h"
#include "store/store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>

namespace yihu::store {

inline const char* test_server() { return std::getenv("YIHU_TEST_POSTGRES"); }

/// A throw-away folder, and a throw-away database on the test server.
class Ground {
 public:
  explicit Ground(Engine engine) : engine_(engine) {
    static std::atomic<int> count = 0;
    name_ = fmt::format("yihu_test_{}_{}", ::getpid(), ++count);
    folder_ = std::filesystem::temp_directory_path() / name_;
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    if (engine_ == Engine::postgresql) on_server(fmt::format("CREATE DATABASE {} TEMPLATE template0", name_));
  }
  ~Ground() {
    std::filesystem::remove_all(folder_);
    if (engine_ == Engine::postgresql) on_server(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name_));
  }
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  const std::string& name() const { return name_; }
  const std::filesystem::path& folder() const { return folder_; }
  std::string url() const {
    if (engine_ == Engine::sqlite) return {};
    std::string url = test_server();
    const auto slashes = url.find("//");
    const auto path = url.find('/', slashes + 2);
    const auto question = url.find('?', path);
    return url.substr(0, path + 1) + name_ + (question == std::string::npos ? "" : url.substr(question));
  }
  Location location() const { return {folder_ / "yihu.db", url()}; }

 private:
  static void on_server(const std::string& statement) {
    auto connection = Connection::open({{}, test_server()}, Access::write);
    ASSERT_TRUE(connection.has_value()) << "YIHU_TEST_POSTGRES names no server that answers";
    ASSERT_TRUE((*connection)->run(statement).has_value()) << statement;
  }

  Engine engine_;
  std::string name_;
  std::filesystem::path folder_;
};

/// Fails the test with the error's own words.
template <class T>
T value_of(base::Result<T> result) {
  if (!result) ADD_FAILURE() << base::describe(result.error(), base::Language::en) << " [" << result.error().code << "]";
  if constexpr (!std::is_void_v<T>) return result ? std::move(*result) : T{};
}

template <class T>
std::string code_of(const base::Result<T>& result) {
  return result ? "done" : result.error().code;
}

inline std::vector<Migration> note_migrations() {
  return {{901, "note",
           {"CREATE TABLE note (name TEXT PRIMARY KEY, content TEXT, weight @real, count @int) @strict",
            "CREATE TABLE reply (name TEXT NOT NULL REFERENCES note (name)) @strict"}}};
}

inline Act act_of(std::string actor = "system:test", std::string operation = {}) {
  return {std::move(actor), base::RequestId::make(), std::move(operation)};
}

class OnBothEngines : public ::testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (GetParam() == Engine::postgresql && !test_server()) GTEST_SKIP() << "YIHU_TEST_POSTGRES is not set";
    ground_ = std::make_unique<Ground>(GetParam());
  }

  Options options() {
    Options options;
    options.folder = ground_->folder();
    options.url = ground_->url();
    options.clock = &clock_;
    options.migrations = note_migrations();
    return options;
  }
  std::unique_ptr<Store> open_store() { return value_of(Store::open(options())); }

  base::FixedClock clock_{{1'556'000'000'000'000}};
  std::unique_ptr<Ground> ground_;
};

/// A store that the fixture's SetUp opens, written and read by short functions.
class OnStore : public OnBothEngines {
 protected:
  void TearDown() override { store_.reset(); }

  /// Nine in the morning of that day, in China.
  void on(int year, int month, int day) {
    today_ = base::make_date(year, month, day);
    const auto instant = std::chrono::sys_days{today_} + std::chrono::hours{1};
    clock_.set({std::chrono::duration_cast<std::chrono::microseconds>(instant.time_since_epoch()).count()});
  }

  /// What `work` returned; the commit's own error when only that failed.
  template <class Do>
  auto write(Do work) {
    using Returned = std::invoke_result_t<Do, Transaction&>;
    std::optional<Returned> out;
    const auto done = store_->write(act_of(), [&](Transaction& transaction) -> base::Result<Answer> {
      out = work(transaction);
      if (!*out) return base::fail(out->error());
      return Answer{};
    });
    if (!done && out && *out) out = Returned(std::unexpect, done.error());
    return *out;
  }

  /// What `work` read; the test fails when it cannot.
  template <class Do>
  auto read(Do work) {
    using Given = typename std::invoke_result_t<Do, Session&>::value_type;
    Given out{};
    value_of(store_->read([&](Session& session) -> base::Done {
      out = TRY(work(session));
      return {};
    }));
    return out;
  }

  base::Date today_{};
  std::unique_ptr<Store> store_;
};

inline std::string engine_name(const ::testing::TestParamInfo<Engine>& info) {
  return info.param == Engine::sqlite ? "SQLite" : "PostgreSQL";
}

#define ON_BOTH_ENGINES(fixture)                                                                          \
  INSTANTIATE_TEST_SUITE_P(Engines, fixture, ::testing::Values(Engine::sqlite, Engine::postgresql), engine_name)

}  // namespace yihu::store
