#pragma once
// The worker that keeps findings, lights and indicators up to date: after a commit that touched what rules read, at
// start, and whenever the day changes.

#include "screen/sweep.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace yihu::app {

class Screening {
 public:
  /// Begins at once. `store` must outlive it. `log` is told what went wrong.
  Screening(store::Store& store, std::shared_ptr<const screen::RuleBook> book, std::function<void(const std::string&)> log);
  /// Stops what is under way.
  ~Screening();
  Screening(const Screening&) = delete;
  Screening& operator=(const Screening&) = delete;

 private:
  /// Outlives the worker: the store goes on telling it of commits.
  struct Bell {
    std::mutex mutex;
    std::condition_variable rung;
    bool due = true;
    bool stopping = false;
  };
  void run();
  bool wait(std::chrono::milliseconds rest);

  store::Store& store_;
  std::shared_ptr<const screen::RuleBook> book_;
  std::function<void(const std::string&)> log_;
  std::shared_ptr<Bell> bell_ = std::make_shared<Bell>();  // shared with the store's list of who is told
  base::Cancel cancel_;
  std::thread thread_;
};

/// DuckDB where its library is, the live store where it is not.
screen::SweepEngine sweep_engine();

}  // namespace yihu::app
