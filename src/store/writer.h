#pragma once
// The one writer. It takes all writes that wait, runs each in a savepoint of its own, commits once for all of them,
// and only then answers. So a flush to the disk is shared by everybody who waits for it.
//
// Long work comes in turns: a write that is submitted as an earlier one of the same request is answered. Such a turn has
// a commit of its own, after everybody else who waits, so that nobody waits for more than the turn that runs.

#include "store/anchor.h"
#include "store/checkpointer.h"
#include "store/connection.h"
#include "store/store.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace yihu::store {

constexpr std::size_t waiting_writes_max = 10'000;
constexpr std::size_t shared_commit_writes_max = 256;
constexpr std::chrono::hours operations_kept{24 * 30};
constexpr std::chrono::seconds anchor_interval{10};
/// So long a turn may be put back.
constexpr std::chrono::milliseconds turn_put_back_max{200};
/// So many requests may go on in turns at once and be known as such.
constexpr std::size_t turning_requests_max = 16;

class Writer {
 public:
  struct Parts {
    std::unique_ptr<Connection> connection;
    Location location;
    const base::Clock* clock = nullptr;
    Algorithms algorithms = Algorithms::international;
    std::filesystem::path anchor_file;
    Key anchor_key{};
    bool anchor_trusted = true;  ///< a disagreeing anchor is evidence and is left as it is
  };

  explicit Writer(Parts parts, Head head);
  /// Finishes what waits, then stops.
  ~Writer();

  void submit(Act act, Write write, std::function<void(base::Result<Answer>)> done);
  void on_commit(std::function<void(const Committed&)> tell);
  bool is_this_thread() const { return std::this_thread::get_id() == thread_.get_id(); }

 private:
  struct Waiting {
    Act act;
    Write write;
    std::function<void(base::Result<Answer>)> done;
    bool turn = false;   ///< of long work
    std::chrono::steady_clock::time_point since;
  };
  struct Finished {
    std::function<void(base::Result<Answer>)> done;
    base::Result<Answer> answer;
  };

  void run();
  std::deque<Waiting> take();
  bool is_turn(const std::string& request);
  bool may_begin() const;
  void tell(const Committed& committed);
  void note_log();
  void commit_together(std::deque<Waiting> batch);
  base::Result<std::vector<Finished>> apply(std::deque<Waiting>& batch, Committed& committed);
  base::Result<base::Result<Answer>> apply_one(Waiting& waiting, Committed& committed);
  base::Result<Answer> answer_in_savepoint(Waiting& waiting, base::Instant now, Committed& committed);
  base::Done forget_old_operations();
  base::Done mend_connection();
  void erase_traces(const Committed& committed);
  void write_anchor_when_due(bool now);

  Parts parts_;
  Head head_;
  Head anchored_;
  std::chrono::steady_clock::time_point anchored_at_{};
  base::Instant operations_forgotten_at_{};

  std::mutex mutex_;
  std::condition_variable woken_;
  std::deque<Waiting> waiting_;
  std::deque<std::string> turning_;   ///< requests that go on in turns, the latest last
  std::vector<std::function<void(const Committed&)>> tells_;
  std::atomic<bool> stopping_ = false;
  std::unique_ptr<Checkpointer> checkpointer_;   ///< of SQLite
  std::thread thread_;
};

/// One writing process per PostgreSQL database. Errors: conflict "store_in_use".
base::Done take_server_lock(Connection& connection);

}  // namespace yihu::store
