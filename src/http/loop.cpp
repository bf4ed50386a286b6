#include "http/loop.h"

#include "http/reply.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace yihu::http {
namespace {

namespace asio = boost::asio;
constexpr auto awaited = asio::as_tuple(asio::use_awaitable_t<Executor>{});

std::string date_now() {
  // The clock of the store may stand in another year (a demo); HTTP's Date is the machine's.
  const base::SystemClock clock;
  return http_date(clock.now().microseconds / 1'000'000);
}

}  // namespace

Loop::Loop() : io_(1), timer_(io_), date_(date_now()) { work_.emplace(io_.get_executor()); }

void Loop::start() {
  asio::co_spawn(io_, tick(), asio::detached);
  thread_ = std::thread([this] { io_.run(); });
}

void Loop::join() {
  if (thread_.joinable()) thread_.join();
}

std::uint64_t Loop::tick_after(int seconds) const {
  return tick_ + static_cast<std::uint64_t>(std::chrono::seconds(seconds) / tick_length) + 1;
}

void Loop::remove(Guest* guest) {
  guests_.erase(guest);
  end_when_empty();
}

void Loop::end_when_empty() {
  if (!stopping_ || !guests_.empty()) return;
  work_.reset();
  timer_.cancel();
}

void Loop::stop(int seconds_max) {
  asio::post(io_, [this, seconds_max] {
    if (stopping_) return;
    stopping_ = true;
    stop_tick_ = tick_after(seconds_max);
    // finish() may take a guest out of the set.
    const std::vector<Guest*> guests(guests_.begin(), guests_.end());
    for (Guest* guest : guests) guest->finish();
    end_when_empty();
  });
}

/// Four times a second: cheaper than a timer for every step of every request.
Awaitable<void> Loop::tick() {
  while (!stopping_ || !guests_.empty()) {
    timer_.expires_after(tick_length);
    (void)co_await timer_.async_wait(awaited);
    ++tick_;
    if (tick_ % 4 == 0) date_ = date_now();
    std::vector<Guest*> late;
    for (Guest* guest : guests_) {
      const bool overdue = guest->deadline != 0 && guest->deadline <= tick_;
      if (overdue || (stopping_ && tick_ >= stop_tick_)) late.push_back(guest);
    }
    for (Guest* guest : late) guest->close();
  }
}

}  // namespace yihu::http
