#pragma once
// A few threads for slow routes, with a short queue: work that cannot start soon is refused, not piled up.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace yihu::http {

class WorkThreads {
 public:
  WorkThreads(std::size_t threads, std::size_t queue_max);
  ~WorkThreads();
  WorkThreads(const WorkThreads&) = delete;
  WorkThreads& operator=(const WorkThreads&) = delete;

  /// @returns false when the queue is full or the threads are stopping; `work` then never runs
  [[nodiscard]] bool submit(std::function<void()> work);

  /// Lets what was taken finish, and takes nothing more.
  void stop();

 private:
  void run();

  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace yihu::http
