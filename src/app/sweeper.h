#pragma once
// What the program does by itself while it serves: once at the start, then every hour.

#include "store/store.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace yihu::app {

class Sweeper {
 public:
  /// `store` must outlive it. `log` is told of what failed; the next hour tries again.
  Sweeper(store::Store& store, std::function<void(const std::string&)> log);
  ~Sweeper();
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

 private:
  void run();

  store::Store& store_;
  std::function<void(const std::string&)> log_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread thread_;
};

}  // namespace yihu::app
