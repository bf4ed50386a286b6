#include "app/screening.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace yihu::app {
namespace {

/// A day can begin without a commit.
constexpr std::chrono::minutes look_interval{1};
/// What comes in quick succession is counted once.
constexpr std::chrono::milliseconds gather_time{500};
/// In a large register counting takes seconds: most of the time is left to others.
constexpr int rest_factor = 4;
constexpr std::chrono::milliseconds rest_max{60'000};
constexpr std::int64_t memory_bytes_max = 2LL << 30;

}  // namespace

screen::SweepEngine sweep_engine() {
  return engine::Duckdb::open({.threads_max = 1}) ? screen::SweepEngine::duckdb : screen::SweepEngine::live;
}

Screening::Screening(store::Store& store, std::shared_ptr<const screen::RuleBook> book, std::function<void(const std::string&)> log)
    : store_(store), book_(std::move(book)), log_(std::move(log)) {
  store_.on_commit([bell = bell_](const store::Committed&) {
    const std::lock_guard lock(bell->mutex);
    bell->due = true;
    bell->rung.notify_all();
  });
  thread_ = std::thread([this] { run(); });
}

Screening::~Screening() {
  cancel_.ask();
  {
    const std::lock_guard lock(bell_->mutex);
    bell_->stopping = true;
    bell_->rung.notify_all();
  }
  thread_.join();
}

/// @param rest at least so long, for the clerks' sake
/// @returns false when it is time to stop
bool Screening::wait(std::chrono::milliseconds rest) {
  std::unique_lock lock(bell_->mutex);
  bell_->rung.wait_for(lock, rest, [this] { return bell_->stopping; });
  bell_->rung.wait_for(lock, look_interval, [this] { return bell_->due || bell_->stopping; });
  bell_->due = false;
  return !bell_->stopping;
}

void Screening::run() {
  std::optional<screen::SweepEngine> engine;
  std::chrono::milliseconds took{};
  while (wait(std::clamp(rest_factor * took, gather_time, rest_max))) {
    const auto begin = std::chrono::steady_clock::now();
    screen::SweepOptions options;
    options.today = store_.clock().today();
    options.duckdb.memory_bytes_max = memory_bytes_max;
    options.watch.cancel = cancel_;
    // The engine's library is looked for when there is something to sweep.
    if (!engine && !book_->rules().empty()) engine = sweep_engine();
    options.engine = engine.value_or(screen::SweepEngine::live);
    const auto done = screen::bring_up_to_date(store_, *book_, options);
    if (!done && done.error().kind != base::ErrorKind::cancelled) {
      log_(fmt::format("screening: {} ({})", done.error().code, done.error().text.en));
    }
    took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  }
}

}  // namespace yihu::app
