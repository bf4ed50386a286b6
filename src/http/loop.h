#pragma once
// One thread's event loop with the connections it owns. Everything here runs on that thread, so nothing is locked.

#include "http/server.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <optional>
#include <thread>
#include <unordered_set>

namespace yihu::http {

// Asio's own executor type instead of its type-erased one: a quarter of the time of a small request.
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
template <class T>
using Awaitable = boost::asio::awaitable<T, Executor>;

/// What all loops share.
struct Shared {
  Endpoint& endpoint;
  Events& events;
  Visitors& visitors;
  const Limits& limits;
  const Log& log;
  bool behind_proxy = false;
  std::atomic<std::size_t> connections = 0;
  std::atomic<std::size_t> bodies_bytes = 0;
};

/// A connection, as its loop sees it.
class Guest {
 public:
  virtual ~Guest() = default;
  /// Ends it now.
  virtual void close() = 0;
  /// Ends it unless a request is under way, which is then the last.
  virtual void finish() = 0;
  /// The tick at which it is closed; 0 for never.
  std::uint64_t deadline = 0;
};

class Loop {
 public:
  static constexpr std::chrono::milliseconds tick_length{250};

  Loop();
  void start();
  /// From any thread: lets guests finish, closes them after `seconds_max`, then ends the thread.
  void stop(int seconds_max);
  void join();

  boost::asio::io_context& io() { return io_; }
  const std::string& date() const { return date_; }
  bool stopping() const { return stopping_; }
  std::uint64_t tick_after(int seconds) const;

  void add(Guest* guest) { guests_.insert(guest); }
  void remove(Guest* guest);

 private:
  Awaitable<void> tick();
  void end_when_empty();

  boost::asio::io_context io_;
  std::optional<boost::asio::executor_work_guard<Executor>> work_;
  Timer timer_;
  std::uint64_t tick_ = 1;
  std::uint64_t stop_tick_ = 0;
  bool stopping_ = false;
  std::string date_;
  std::unordered_set<Guest*> guests_;
  std::thread thread_;
};

/// Serves requests on `socket` until it ends. To be called on the loop's thread.
void serve(Socket socket, Loop& loop, Shared& shared);

}  // namespace yihu::http
