#pragma once
// Long work of this room, one after the other on a thread of its own: runs of rosters, comparisons, and the rules once more
// after decisions about pairs. Everything under way has its progress and can be stopped. Files live here, in memory, until
// their run has ended.

#include "compare/comparison.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

namespace yihu::compare {

struct Progress {
  std::string step = {};
  std::int64_t done = 0;
  std::int64_t total = 0;
};

class Desk {
 public:
  static constexpr std::size_t waiting_max = 20;
  static constexpr std::size_t waiting_bytes_max = std::size_t{1} << 30;

  /// Begins at once; runs that an earlier end of the program broke off are closed. Both must outlive it.
  Desk(store::Store& store, const Rosters& rosters);
  /// Stops what is under way.
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  /// Errors: too_many, when too much is waiting.
  base::Done submit_run(std::string run, std::string bytes, base::Language language);
  base::Done submit_comparison(std::string comparison, store::Act act);
  /// A pair of this roster was decided, or what a run rests on changed while it ran: its differences are looked for again,
  /// once for many decisions.
  void look_again(std::string roster, std::string period);
  /// Asks work to stop; it does before its next step. Nothing happens when it is not there any more.
  void stop(std::string_view id);
  /// Nothing when it neither waits nor is under way.
  std::optional<Progress> progress(std::string_view id) const;
  /// Waits until nothing is left to do.
  void settle();

 private:
  struct Job {
    std::string id;          ///< of the run or comparison; empty for looking again
    std::string bytes;
    base::Language language = base::Language::zh;
    std::optional<store::Act> comparison;
    std::string roster, period;
    int looks = 0;           ///< looked again because of what changed while it was looked
    base::Cancel cancel;
  };
  void run();
  void carry_out_job(Job& job);
  void look(std::string roster, std::string period, int looks);
  base::Done submit(Job job);

  store::Store& store_;
  const Rosters& rosters_;
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  std::deque<Job> waiting_;
  std::optional<std::pair<std::string, Progress>> current_;
  base::Cancel current_cancel_;
  base::Cancel ending_;
  bool busy_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace yihu::compare
