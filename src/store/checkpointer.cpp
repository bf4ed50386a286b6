#include "store/checkpointer.h"

#include <utility>

namespace yihu::store {
namespace {

constexpr int attempts_max = 40;
constexpr std::chrono::milliseconds pause{5};

}  // namespace

Checkpointer::Checkpointer(Location location, std::function<void()> settled)
    : location_(std::move(location)), settled_(std::move(settled)), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_one();
  thread_.join();
}

void Checkpointer::note(int log_pages) {
  // A log that begins anew is short again.
  if (log_pages < taken_over_) taken_over_ = 0;
  if (log_pages < log_pages_max) behind_ = false;
  else behind_ = true;
  if (!behind_ && log_pages - taken_over_ < log_pages_step) return;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(asked_, true)) return;
  }
  woken_.notify_one();
}

void Checkpointer::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      woken_.wait(lock, [this] { return asked_ || stopping_; });
      if (stopping_) return;
      asked_ = false;
    }
    take_over();
    behind_ = false;
    settled_();
  }
}

void Checkpointer::take_over() {
  // To begin anew the log has to be taken over whole, which a reader of something older holds up.
  for (int attempt = 0; !checkpoint() && behind_ && !stopping_ && attempt < attempts_max; ++attempt) std::this_thread::sleep_for(pause);
}

/// @returns whether nothing is left in the log that the database lacks
bool Checkpointer::checkpoint() {
  if (!connection_) {
    auto opened = Connection::open(location_, Access::write);
    if (!opened) return false;
    connection_ = *std::move(opened);
  }
  // Whether it is busy, the pages of the log, and how many of them the database has now.
  const auto rows = connection_->run("PRAGMA wal_checkpoint(PASSIVE)");
  if (!rows || rows->empty()) {
    connection_.reset();
    return false;
  }
  taken_over_ = static_cast<int>(rows->front().integer(2));
  return rows->front().integer(1) == rows->front().integer(2);
}

}  // namespace yihu::store
