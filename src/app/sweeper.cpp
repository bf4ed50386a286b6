#include "app/sweeper.h"

#include "plan/tracking/stray_evidence.h"

namespace yihu::app {
namespace {

constexpr std::chrono::hours interval{1};

}  // namespace

Sweeper::Sweeper(store::Store& store, std::function<void(const std::string&)> log)
    : store_(store), log_(std::move(log)), thread_([this] { run(); }) {}

Sweeper::~Sweeper() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

void Sweeper::run() {
  std::unique_lock lock(mutex_);
  do {
    lock.unlock();
    if (const auto dropped = plan::drop_stray_evidence(store_); !dropped) log_(base::describe(dropped.error(), base::Language::en));
    lock.lock();
  } while (!ended_.wait_for(lock, interval, [this] { return end_; }));
}

}  // namespace yihu::app
