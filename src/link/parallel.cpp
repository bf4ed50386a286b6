#include "link/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace yihu::link {

void in_parallel(unsigned threads, std::size_t tasks, const std::function<void(std::size_t, unsigned)>& work) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex failing;
  const auto loop = [&](unsigned thread) {
    try {
      for (std::size_t task = next++; task < tasks; task = next++) work(task, thread);
    } catch (...) {
      const std::lock_guard lock(failing);
      if (!failure) failure = std::current_exception();
      next = tasks;
    }
  };
  std::vector<std::jthread> others;
  const auto wanted = static_cast<unsigned>(std::min<std::size_t>(threads, tasks));
  for (unsigned thread = 1; thread < wanted; ++thread) others.emplace_back(loop, thread);
  loop(0);
  others.clear();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace yihu::link
