// One connection: requests one after the other, pipelined ones too. The only source that knows Beast.

#include "http/loop.h"
#include "http/problem.h"
#include "http/reply.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>

namespace yihu::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Parser = beast::http::request_parser<beast::http::string_body>;

constexpr auto awaited = asio::as_tuple(asio::use_awaitable_t<Executor>{});
constexpr std::size_t read_bytes = 16 << 10;
constexpr std::size_t read_bytes_of_body = 64 << 10;
/// Bodies below this size do not count against the total of all bodies.
constexpr std::size_t small_body_bytes = 64 << 10;
/// What a refused request may still send before its connection is cut.
constexpr std::size_t thrown_away_bytes_max = 4 << 20;
constexpr int body_bytes_per_second_min = 32 << 10;
constexpr std::chrono::milliseconds stream_gap{100};
constexpr std::chrono::seconds stream_look{1};

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

Head head_from(const Parser& parser, const std::string& peer, bool behind_proxy) {
  Head head;
  const auto& message = parser.get();
  head.method = view(message.method_string());
  head.target = view(message.target());
  head.peer = peer;
  for (const auto& field : message) {
    const std::string_view value = view(field.value());
    switch (field.name()) {
      case beast::http::field::accept_language: head.accept_language = value; break;
      case beast::http::field::accept_encoding: head.accept_encoding = value; break;
      case beast::http::field::content_type: head.content_type = value; break;
      case beast::http::field::cookie: head.cookie = value; break;
      case beast::http::field::if_match: head.if_match = value; break;
      case beast::http::field::if_none_match: head.if_none_match = value; break;
      case beast::http::field::origin: head.origin = value; break;
      case beast::http::field::host: head.host = value; break;
      case beast::http::field::sec_fetch_site: head.fetch_site = value; break;
      case beast::http::field::unknown: {
        const auto name = field.name_string();
        if (beast::iequals(name, "X-CSRF-Token")) head.csrf_token = value;
        else if (beast::iequals(name, "Operation-Id")) head.operation = value;
        else if (beast::iequals(name, "Last-Event-ID")) head.last_event_id = value;
        else if (behind_proxy && beast::iequals(name, "X-Forwarded-For")) {
          const auto comma = value.rfind(',');
          const auto begin = value.find_first_not_of(' ', comma == value.npos ? 0 : comma + 1);
          if (begin != value.npos) head.peer = value.substr(begin);
        } else if (behind_proxy && beast::iequals(name, "X-Forwarded-Proto")) {
          head.secure = value == "https";
        }
        break;
      }
      default: break;
    }
  }
  head.body_bytes = parser.content_length().value_or(0);
  return head;
}

base::Error request_broken() {
  return {base::ErrorKind::input, "request_broken", base::text("请求不完整。", "The request is not well-formed."), {}, {}, {}};
}
base::Error header_too_large() {
  return {base::ErrorKind::too_large, "header_too_large",
          base::text("请求头过大。", "The request's headers are too large."), {}, {}, {}};
}
base::Error body_too_large(std::size_t bytes_max) {
  return {base::ErrorKind::too_large, "body_too_large",
          base::text("内容超过 {} KB。", "The body is larger than {} KB.", bytes_max >> 10), {}, {}, {}};
}
base::Error busy() {
  return {base::ErrorKind::unavailable, "busy",
          base::text("正在接收的文件较多。", "Many files are being received just now."),
          base::text("请稍后再试。", "Try again in a moment."), {}, {}};
}

/// Counts a large body against the total while it is held.
class BodyShare {
 public:
  BodyShare(std::atomic<std::size_t>& total, std::size_t bytes, std::size_t total_max) : total_(total) {
    if (bytes <= small_body_bytes) return;
    if (total_.fetch_add(bytes) + bytes > total_max) {
      total_ -= bytes;
      granted_ = false;
    } else {
      bytes_ = bytes;
    }
  }
  ~BodyShare() { total_ -= bytes_; }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;
  bool granted() const { return granted_; }

 private:
  std::atomic<std::size_t>& total_;
  std::size_t bytes_ = 0;
  bool granted_ = true;
};

class Connection final : public Guest, public std::enable_shared_from_this<Connection> {
 public:
  Connection(Socket socket, Loop& loop, Shared& shared)
      : socket_(std::move(socket)), wait_(socket_.get_executor()), loop_(loop), shared_(shared) {
    boost::system::error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    const auto peer = socket_.remote_endpoint(ignored);
    if (!ignored) peer_ = peer.address().to_string(ignored);
    ++shared_.connections;
    loop_.add(this);
  }
  ~Connection() override {
    --shared_.connections;
    loop_.remove(this);
  }

  void close() override {
    boost::system::error_code ignored;
    socket_.close(ignored);
    wait_.cancel();
  }
  void finish() override {
    if (state_ != State::busy) close();
  }

  Awaitable<void> serve();

 private:
  enum class State { idle, busy, streaming };

  Awaitable<bool> fill(std::size_t bytes);
  Awaitable<bool> read_head();
  Awaitable<bool> read_body(const Route& route);
  Awaitable<bool> answer_request();
  Awaitable<Response> later(std::shared_ptr<Call> call);
  // Arguments that are waited with are named objects: g++ 12 destroys some temporaries of a co_await twice.
  Awaitable<bool> send(const Call& call, Response& response, bool keep_alive);
  Awaitable<bool> refuse(int status, const base::Error& error);
  Awaitable<void> throw_away();
  Awaitable<void> stream(std::shared_ptr<Call> call);
  Awaitable<void> tell(Events::Stream& events, const Call& call);
  void watch_for_end();
  bool has_body() const { return parser_->chunked() || parser_->content_length().value_or(0) > 0; }
  void log(const Call& call, int status, std::size_t bytes) const;

  Socket socket_;
  Timer wait_;
  Loop& loop_;
  Shared& shared_;
  beast::flat_buffer buffer_{256 << 10};
  std::optional<Parser> parser_;
  std::string peer_;
  State state_ = State::idle;
  std::chrono::steady_clock::time_point begun_;
};

Awaitable<void> Connection::serve() {
  bool more = true;
  while (more && !loop_.stopping()) {
    state_ = State::idle;
    if (buffer_.size() == 0) {
      deadline = loop_.tick_after(shared_.limits.idle_seconds_max);
      if (!co_await fill(read_bytes)) break;
    }
    state_ = State::busy;
    deadline = loop_.tick_after(shared_.limits.header_seconds_max);
    if (!co_await read_head()) break;
    begun_ = std::chrono::steady_clock::now();
    more = co_await answer_request();
    // A quiet connection keeps little memory.
    parser_.reset();
    if (buffer_.size() == 0 && buffer_.capacity() > read_bytes) buffer_.shrink_to_fit();
  }
  close();
}

Awaitable<bool> Connection::fill(std::size_t bytes) {
  const auto [error, count] = co_await socket_.async_read_some(buffer_.prepare(bytes), awaited);
  buffer_.commit(count);
  co_return !error && count > 0;
}

/// @returns false when the connection is to end; what is wrong with the head has then been said
Awaitable<bool> Connection::read_head() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(shared_.limits.header_bytes_max));
  parser_->body_limit(boost::none);
  boost::system::error_code error;
  while (!parser_->is_header_done()) {
    if (buffer_.size() == 0 || error == beast::http::error::need_more) {
      if (!co_await fill(read_bytes)) co_return false;
    }
    error.clear();
    buffer_.consume(parser_->put(buffer_.data(), error));
    if (error && error != beast::http::error::need_more) break;
  }
  if (!error || error == beast::http::error::need_more) co_return true;
  if (error == beast::http::error::header_limit) {
    const base::Error large = header_too_large();
    co_return co_await refuse(431, large);
  }
  const base::Error broken = request_broken();
  co_return co_await refuse(400, broken);
}

Awaitable<bool> Connection::refuse(int status, const base::Error& error) {
  Call call;
  call.request.id = base::RequestId::make();
  Response response = problem_from(error, base::Language::zh, status);
  (void)co_await send(call, response, false);
  co_await throw_away();
  co_return false;
}

Awaitable<bool> Connection::answer_request() {
  const bool keep_alive = parser_->get().keep_alive() && !loop_.stopping();
  auto begun = shared_.endpoint.begin(head_from(*parser_, peer_, shared_.behind_proxy));
  const std::shared_ptr<Call> call = std::move(begun.call);
  const bool unread = has_body() && begun.answer;
  if (begun.answer) {
    const bool sent = co_await send(*call, *begun.answer, keep_alive && !unread);
    if (unread) co_await throw_away();
    co_return sent && keep_alive && !unread;
  }
  const Route& route = *call->route;
  if (std::holds_alternative<Stream>(route.handler)) {
    co_await stream(call);
    co_return false;
  }
  const std::size_t announced = parser_->chunked() ? route.body_bytes_max : parser_->content_length().value_or(0);
  const BodyShare share(shared_.bodies_bytes, announced, shared_.limits.bodies_bytes_max);
  if (!share.granted()) {
    const base::Error full = busy();
    co_return co_await refuse(503, full);
  }
  if (has_body() && !co_await read_body(route)) co_return false;
  deadline = 0;
  std::optional<Response> response = shared_.endpoint.answer_now(call, parser_->get().body());
  if (!response) response = co_await later(call);
  co_return co_await send(*call, *response, keep_alive) && keep_alive;
}

Awaitable<bool> Connection::read_body(const Route& route) {
  const std::size_t announced = parser_->content_length().value_or(route.body_bytes_max);
  deadline = loop_.tick_after(shared_.limits.body_seconds_max + static_cast<int>(announced / body_bytes_per_second_min));
  if (beast::iequals(parser_->get()[beast::http::field::expect], "100-continue")) {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto [failed, count] = co_await asio::async_write(socket_, asio::buffer(go_on), awaited);
    if (failed) co_return false;
  }
  parser_->body_limit(route.body_bytes_max);
  boost::system::error_code error;
  while (!parser_->is_done()) {
    if (buffer_.size() == 0 || error == beast::http::error::need_more) {
      if (!co_await fill(read_bytes_of_body)) co_return false;
    }
    error.clear();
    buffer_.consume(parser_->put(buffer_.data(), error));
    if (error && error != beast::http::error::need_more) break;
  }
  if (!error || parser_->is_done()) co_return true;
  if (error == beast::http::error::body_limit) {
    const base::Error large = body_too_large(route.body_bytes_max);
    co_return co_await refuse(413, large);
  }
  const base::Error broken = request_broken();
  co_return co_await refuse(400, broken);
}

/// The coroutine sleeps while the writer's or a work thread answers, and wakes on its own.
Awaitable<Response> Connection::later(std::shared_ptr<Call> call) {
  return asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Response)>(
      [this](auto handler, std::shared_ptr<Call> one) {
        auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        shared_.endpoint.answer_later(std::move(one), [kept, executor = socket_.get_executor()](Response response) {
          asio::post(executor, [kept, answer = std::move(response)]() mutable { std::move (*kept)(std::move(answer)); });
        });
      },
      asio::use_awaitable_t<Executor>{}, std::move(call));
}

Awaitable<bool> Connection::send(const Call& call, Response& response, bool keep_alive) {
  shared_.endpoint.finish(call, response);
  ReplyOptions options;
  options.gzip = call.gzip;
  options.head_only = call.head_only;
  options.keep_alive = keep_alive;
  options.request = call.request.id.value;
  options.date = loop_.date();
  const Reply reply = reply_from(response, options);
  deadline = loop_.tick_after(shared_.limits.write_seconds_max +
                              static_cast<int>(reply.body.size() / body_bytes_per_second_min));
  const std::array<asio::const_buffer, 2> bytes{asio::buffer(reply.head), asio::buffer(reply.body)};
  const auto [error, count] = co_await asio::async_write(socket_, bytes, awaited);
  log(call, response.status, count);
  co_return !error;
}

/// After a refusal the client may still be sending. Cutting it off at once would make its system throw our answer
/// away unread.
Awaitable<void> Connection::throw_away() {
  boost::system::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  deadline = loop_.tick_after(2);
  for (std::size_t total = 0; total < thrown_away_bytes_max;) {
    buffer_.clear();
    const auto [error, count] = co_await socket_.async_read_some(buffer_.prepare(read_bytes_of_body), awaited);
    if (error) break;
    total += count;
  }
}

void Connection::log(const Call& call, int status, std::size_t bytes) const {
  using std::chrono::duration_cast, std::chrono::microseconds;
  const auto spent = std::chrono::steady_clock::now() - begun_;
  shared_.log.access({call.route ? name_of(call.route->method) : "GET", call.route ? call.route->path : "-", status, bytes,
                      duration_cast<microseconds>(spent).count(), call.request.id.value});
}

Awaitable<void> Connection::stream(std::shared_ptr<Call> call) {
  const std::weak_ptr<Connection> weak = weak_from_this();
  auto wake = [weak, executor = socket_.get_executor()] {
    asio::post(executor, [weak] {
      if (const auto self = weak.lock()) self->wait_.cancel();
    });
  };
  auto events = shared_.events.subscribe(call->visitor->viewer, call->last_event_id, std::move(wake));
  if (!events) {
    Response refusal = problem_from(events.error(), call->request.language);
    (void)co_await send(*call, refusal, false);
    co_return;
  }
  state_ = State::streaming;
  Response response;
  response.content_type = "text/event-stream";
  response.headers.emplace_back("X-Accel-Buffering", "no");
  ReplyOptions options;
  options.keep_alive = false;
  options.stream = true;
  options.request = call->request.id.value;
  options.date = loop_.date();
  const std::string head = reply_from(response, options).head + "retry: 2000\n\n";
  deadline = loop_.tick_after(shared_.limits.write_seconds_max);
  const auto [error, count] = co_await asio::async_write(socket_, asio::buffer(head), awaited);
  if (error) co_return;
  log(*call, 200, count);
  watch_for_end();
  co_await tell(**events, *call);
}

Awaitable<void> Connection::tell(Events::Stream& events, const Call& call) {
  auto spoke = std::chrono::steady_clock::now();
  const std::chrono::seconds ping{shared_.limits.ping_seconds};
  while (socket_.is_open() && !loop_.stopping()) {
    // A session that ends takes its streams with it.
    if (!shared_.visitors.visitor(*call.request.session_token, false)) break;
    std::string text = events.take();
    const auto now = std::chrono::steady_clock::now();
    if (text.empty() && now - spoke >= ping) text = ": ping\n\n";
    if (text.empty()) {
      deadline = 0;
      wait_.expires_after(stream_look);
      (void)co_await wait_.async_wait(awaited);
      continue;
    }
    deadline = loop_.tick_after(shared_.limits.write_seconds_max);
    const auto [error, count] = co_await asio::async_write(socket_, asio::buffer(text), awaited);
    if (error) break;
    spoke = now;
    // Under many writes a page hears of them ten times a second, not a thousand.
    wait_.expires_after(stream_gap);
    (void)co_await wait_.async_wait(awaited);
  }
}

/// The reader of a stream has nothing more to say: whatever arrives is its end.
void Connection::watch_for_end() {
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [weak = weak_from_this()](boost::system::error_code) {
    if (const auto self = weak.lock()) self->close();
  });
}

}  // namespace

void serve(Socket socket, Loop& loop, Shared& shared) {
  auto connection = std::make_shared<Connection>(std::move(socket), loop, shared);
  asio::co_spawn(
      loop.io(), [connection]() -> Awaitable<void> { co_await connection->serve(); },
      [](const std::exception_ptr&) {
        // Out of memory, most likely: this connection ends, the others go on.
      });
}

}  // namespace yihu::http
