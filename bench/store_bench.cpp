// Durable writes and reads per second of the store, on SQLite or on the server that YIHU_TEST_POSTGRES names.
//   store_bench FOLDER [seconds]
// FOLDER must not hold a store yet, and should lie on the disk whose speed is wanted, not in memory.

#include "store/secret.h"
#include "store/store.h"
#include "store/verification.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <semaphore>
#include <thread>

namespace yihu::store {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Sql note_insert = "INSERT INTO note (name, content, count) VALUES (:name, :content, :count)";
constexpr Sql note_by_name = "SELECT content, count FROM note WHERE name = :name";
constexpr int rows_read_from = 100'000;

void print_rate(const char* what, std::int64_t count, Clock::duration spent) {
  const auto seconds = std::chrono::duration<double>(spent).count();
  fmt::print("{:<58}{:>12.0f} /s\n", what, static_cast<double>(count) / seconds);
}

void stop_on(const base::Error& error) {
  fmt::print(stderr, "{}\n", base::describe(error, base::Language::en));
  std::exit(1);
}

Write note(std::string name) {
  return [name = std::move(name)](Transaction& transaction) -> base::Result<Answer> {
    TRY(transaction.execute(note_insert, {{"name", name}, {"content", "每月走访一次，记录在册"}, {"count", 1}}));
    TRY(transaction.journal({"note.made", "note", name, "", R"({"content":"每月走访一次，记录在册"})"}));
    return Answer("{}");
  };
}

Act act(bool operation) { return {"system:bench", base::RequestId::make(), operation ? base::new_uuid() : std::string()}; }

/// `callers` writes wait at any time; each answered one is followed by the next.
void bench_writes(Store& store, int callers, std::chrono::seconds length) {
  std::vector<double> waits_ms;
  std::atomic<int> running = callers;
  std::binary_semaphore ended{0};
  const auto start = Clock::now();
  std::function<void()> next = [&] {
    const auto asked = Clock::now();
    store.write(act(true), note(base::new_uuid()), [&, asked](base::Result<Answer> answer) {
      if (!answer) stop_on(answer.error());
      // On the writer's thread only, so no lock.
      waits_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - asked).count());
      if (Clock::now() - start < length) {
        next();
      } else if (--running == 0) {
        ended.release();
      }
    });
  };
  for (int caller = 0; caller < callers; ++caller) next();
  ended.acquire();
  const auto spent = Clock::now() - start;
  print_rate(fmt::format("durable journalled writes, {} waiting", callers).c_str(),
             static_cast<std::int64_t>(waits_ms.size()), spent);
  std::ranges::sort(waits_ms);
  const auto at = [&](double share) { return waits_ms[static_cast<std::size_t>(share * static_cast<double>(waits_ms.size() - 1))]; };
  fmt::print("    wait in ms: p50 {:.2f}  p99 {:.2f}  p99.9 {:.2f}  worst {:.2f}\n", at(0.5), at(0.99), at(0.999), at(1));
}

void fill(Store& store) {
  const auto start = Clock::now();
  for (int from = 0; from < rows_read_from; from += 2000) {
    auto done = store.write(act(false), [from](Transaction& transaction) -> base::Result<Answer> {
      for (int row = from; row < from + 2000; ++row) {
        TRY(transaction.execute(note_insert, {{"name", fmt::format("row-{}", row)}, {"content", "内容"}, {"count", row}}));
      }
      return Answer();
    });
    if (!done) stop_on(done.error());
  }
  print_rate("rows inserted, 2000 per write", rows_read_from, Clock::now() - start);
}

void bench_reads(Store& store, int threads, int per_read, std::chrono::seconds length) {
  std::atomic<std::int64_t> count = 0;
  const auto start = Clock::now();
  std::vector<std::thread> readers;
  for (int thread = 0; thread < threads; ++thread) {
    readers.emplace_back([&, thread] {
      std::int64_t own = thread * 7919;
      while (Clock::now() - start < length) {
        auto done = store.read([&](Session& session) -> base::Done {
          for (int query = 0; query < per_read; ++query, ++own) {
            const auto row = TRY(session.find(note_by_name, {{"name", fmt::format("row-{}", own * 31 % rows_read_from)}}));
            if (!row) std::abort();
          }
          return {};
        });
        if (!done) stop_on(done.error());
        count += per_read;
      }
    });
  }
  for (auto& reader : readers) reader.join();
  print_rate(fmt::format("point reads, {} threads, {} per snapshot", threads, per_read).c_str(), count,
             Clock::now() - start);
}

void bench_verification(Store& store) {
  const auto start = Clock::now();
  const auto found = verify_journal(store, {}, {}, {});
  if (!found) stop_on(found.error());
  if (!found->whole) std::abort();
  print_rate("journal entries verified", found->entries, Clock::now() - start);
}

void bench_secrets(Store& store) {
  constexpr int values = 20'000;
  std::string last;
  const auto start = Clock::now();
  auto done = store.write(act(false), [&](Transaction& transaction) -> base::Result<Answer> {
    for (int value = 0; value < values; ++value) {
      last = TRY(store.secrets().seal(transaction, {"person", "phone", "p1"}, "13800000000"));
    }
    return Answer();
  });
  if (!done) stop_on(done.error());
  print_rate("secrets sealed (key looked up each time)", values, Clock::now() - start);
}

void run(const std::filesystem::path& folder, std::chrono::seconds length) {
  const base::SystemClock clock;
  Options options;
  options.folder = folder;
  if (const char* server = std::getenv("YIHU_TEST_POSTGRES")) options.url = server;
  options.clock = &clock;
  options.migrations = {{901, "note", {"CREATE TABLE note (name TEXT PRIMARY KEY, content TEXT, count @int) @strict"}}};
  const auto start = Clock::now();
  auto opened = Store::open(options);
  if (!opened) stop_on(opened.error());
  fmt::print("{:<58}{:>12.1f} ms\n", "made and opened",
             std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  auto& store = **opened;
  fill(store);
  for (const int callers : {1, 64}) bench_writes(store, callers, length);
  for (const int threads : {1, 2}) {
    for (const int per_read : {1, 20}) bench_reads(store, threads, per_read, length);
  }
  bench_secrets(store);
  bench_verification(store);
}

}  // namespace
}  // namespace yihu::store

int main(int count, char** arguments) {
  if (count < 2) {
    fmt::print(stderr, "store_bench FOLDER [seconds]\n");
    return 2;
  }
  yihu::store::run(arguments[1], std::chrono::seconds(count > 2 ? std::atoi(arguments[2]) : 3));
}
