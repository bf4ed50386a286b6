#pragma once
// SQLite's log of commits goes into the database on a thread and a connection of its own, so that no commit waits for it.
// A checkpoint within a commit holds up whoever waits for that commit, by a tenth of a second on a slow disk.

#include "store/connection.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace yihu::store {

/// So many pages of 4 KB are taken over at once, 4 MB: the disk is then busy for a few milliseconds, which a commit that
/// comes at the same time has to wait.
constexpr int log_pages_step = 1'000;
/// With so many, work that goes on in turns waits until the log can begin anew: 48 MB.
constexpr int log_pages_max = 12'000;
/// With so many the writer takes them over itself: this thread cannot keep up, or cannot open the database.
constexpr int log_pages_endured = 64'000;

class Checkpointer {
 public:
  /// @param settled is called on this thread whenever a checkpoint has ended
  Checkpointer(Location location, std::function<void()> settled);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// After each commit: the pages in the log by now.
  void note(int log_pages);
  /// Whether the log is long and a checkpoint that could end it is under way.
  bool behind() const { return behind_; }

 private:
  void run();
  void take_over();
  bool checkpoint();

  Location location_;
  std::function<void()> settled_;
  std::unique_ptr<Connection> connection_;   ///< of this thread, opened when first needed
  std::atomic<int> taken_over_ = 0;          ///< pages of the log that the database has
  std::mutex mutex_;
  std::condition_variable woken_;
  bool asked_ = false;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> behind_ = false;
  std::thread thread_;
};

}  // namespace yihu::store
