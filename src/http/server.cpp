#include "http/server.h"

#include "http/loop.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace yihu::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;

constexpr auto awaited = asio::as_tuple(asio::use_awaitable_t<Executor>{});
/// With every file handle in use, accepting again at once would only fail again.
constexpr std::chrono::milliseconds accept_pause{100};

base::Error cannot_listen(const Wiring& wiring, const boost::system::error_code& problem) {
  using boost::system::errc::errc_t;
  base::Error error{base::ErrorKind::unavailable, "cannot_listen", {}, {}, {}, {}};
  if (problem == asio::error::address_in_use) {
    error.code = "port_taken";
    error.text = base::text("端口 {} 已被占用。", "Port {} is taken by another program.", wiring.port);
    error.mend = base::text("请先停止占用它的程序，或用 --port 换一个端口。",
                            "Stop that program, or choose another port with --port.");
  } else if (problem == asio::error::access_denied) {
    error.code = "port_not_allowed";
    error.text = base::text("没有权限使用端口 {}。", "This account may not use port {}.", wiring.port);
    error.mend = base::text("请用 --port 换一个 1024 以上的端口。", "Choose a port above 1024 with --port.");
  } else {
    error.text = base::text("无法在 {}:{} 上提供服务。", "Cannot listen on {}:{}.", wiring.address, wiring.port);
    error.mend = base::text("请检查 --address 和 --port。", "Check --address and --port.");
  }
  return error;
}

class BeastServer final : public Server {
 public:
  explicit BeastServer(Wiring wiring)
      : wiring_(std::move(wiring)), cache_(std::make_shared<AnswerCache>()), events_(std::make_shared<Events>()),
        work_(wiring_.work_threads, wiring_.work_queue_max),
        endpoint_({wiring_.store, wiring_.visitors, wiring_.routes, *cache_, work_, wiring_.web, wiring_.log, stopping_}),
        shared_{endpoint_, *events_, wiring_.visitors, wiring_.limits, wiring_.log, wiring_.behind_proxy},
        acceptor_(first_loop().io()) {
    // The store tells as long as it lives, which is longer than we do.
    wiring_.store.on_commit([cache = cache_, events = events_](const store::Committed& commit) {
      cache->committed(commit);
      events->committed(commit);
    });
  }
  ~BeastServer() override { stop(); }

  base::Done listen() {
    boost::system::error_code problem;
    const auto address = asio::ip::make_address(wiring_.address, problem);
    if (problem) return base::fail(cannot_listen(wiring_, problem));
    const tcp::endpoint endpoint(address, wiring_.port);
    acceptor_.open(endpoint.protocol(), problem);
    if (!problem) acceptor_.set_option(asio::socket_base::reuse_address(true), problem);
    if (!problem) acceptor_.bind(endpoint, problem);
    if (!problem) acceptor_.listen(asio::socket_base::max_listen_connections, problem);
    if (problem) return base::fail(cannot_listen(wiring_, problem));
    port_ = acceptor_.local_endpoint(problem).port();
    while (loops_.size() < std::max<std::size_t>(wiring_.threads, 1)) loops_.push_back(std::make_unique<Loop>());
    asio::co_spawn(first_loop().io(), accept(), asio::detached);
    for (const auto& loop : loops_) loop->start();
    running_ = true;
    return {};
  }

  unsigned short port() const override { return port_; }

  void stop() override {
    if (!running_) return;
    running_ = false;
    stopping_.ask();
    asio::post(first_loop().io(), [this] {
      boost::system::error_code ignored;
      acceptor_.close(ignored);
    });
    for (const auto& loop : loops_) loop->stop(wiring_.limits.stop_seconds_max);
    for (const auto& loop : loops_) loop->join();
    work_.stop();
  }

 private:
  Loop& first_loop() {
    if (loops_.empty()) loops_.push_back(std::make_unique<Loop>());
    return *loops_.front();
  }

  Awaitable<void> accept() {
    Timer pause(first_loop().io());
    for (std::size_t next = 0; acceptor_.is_open(); ++next) {
      Loop& loop = *loops_[next % loops_.size()];
      auto [problem, socket] = co_await acceptor_.async_accept(loop.io(), awaited);
      if (!acceptor_.is_open()) break;
      if (problem) {
        pause.expires_after(accept_pause);
        (void)co_await pause.async_wait(awaited);
        continue;
      }
      if (shared_.connections >= wiring_.limits.connections_max) continue;  // closes it
      asio::post(loop.io(), [this, &loop, one = std::move(socket)]() mutable {
        if (!loop.stopping()) serve(std::move(one), loop, shared_);
      });
    }
  }

  Wiring wiring_;
  std::shared_ptr<AnswerCache> cache_;
  std::shared_ptr<Events> events_;
  base::Cancel stopping_;
  WorkThreads work_;
  Endpoint endpoint_;
  Shared shared_;
  std::vector<std::unique_ptr<Loop>> loops_;
  Acceptor acceptor_;
  unsigned short port_ = 0;
  bool running_ = false;
};

}  // namespace

base::Result<std::unique_ptr<Server>> Server::start(Wiring wiring) {
  auto server = std::make_unique<BeastServer>(std::move(wiring));
  TRY(server->listen());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace yihu::http
