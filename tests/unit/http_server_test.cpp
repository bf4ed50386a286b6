// Connections: many requests on one, bad ones, large ones, slow ones, and the end of the server.

#include "http_fixture.h"

#include <poll.h>

#include <fstream>

namespace yihu::http {
namespace {

/// Waits until one of them has something to read.
std::size_t first_readable(const std::vector<std::unique_ptr<Client>>& clients) {
  std::vector<pollfd> waiting;
  for (const auto& one : clients) waiting.push_back({one->handle(), POLLIN, 0});
  constexpr int wait_ms_max = 20'000;
  EXPECT_GT(::poll(waiting.data(), waiting.size(), wait_ms_max), 0);
  const auto ready = std::find_if(waiting.begin(), waiting.end(), [](const pollfd& one) { return one.revents != 0; });
  return static_cast<std::size_t>(ready - waiting.begin()) % clients.size();
}

TEST_F(HttpTest, keeps_a_connection_alive) {
  start();
  Client one = client();
  for (int i = 0; i < 5; ++i) {
    const Answered health = one.ask(get("/health"));
    EXPECT_EQ(health.status, 200);
    EXPECT_EQ(json(health).at("status").as_string(), "ok");
  }
}

TEST_F(HttpTest, answers_pipelined_requests_in_order) {
  start();
  Client one = client();
  one.send(get("/calendar/a.ics") + get("/nothing.txt") + get("/calendar/b.ics") + get("/calendar/c.ics"));
  EXPECT_EQ(one.answer().body, "a");
  EXPECT_EQ(one.answer().status, 404);
  EXPECT_EQ(one.answer().body, "b");
  EXPECT_EQ(one.answer().body, "c");
}

TEST_F(HttpTest, pipelined_writes_do_not_overtake) {
  start();
  Client one = client();
  std::string requests;
  for (int i = 0; i < 20; ++i) requests += send("POST", "/api/v1/notes", fmt::format(R"({{"text":"n{}"}})", i));
  one.send(requests);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(json(one.answer()).at("text").as_string(), fmt::format("n{}", i));
  EXPECT_EQ(count_notes(), 20);
}

TEST_F(HttpTest, closes_when_asked_and_for_http_1_0) {
  start();
  Client one = client();
  EXPECT_EQ(one.ask(get("/health", "Connection: close\r\n")).headers["connection"], "close");
  EXPECT_TRUE(one.ended());
  Client old = client();
  EXPECT_EQ(old.ask("GET /health HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(old.ended());
}

TEST_F(HttpTest, head_tells_the_length_without_the_body) {
  start();
  Client one = client();
  one.send("HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n");
  const Answered head = one.answer(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_GT(std::stoi(head.headers.at("content-length")), 10);
  EXPECT_EQ(one.ask(get("/health")).status, 200) << "a body after HEAD would have been read as the next answer";
}

TEST_F(HttpTest, wrong_methods_are_told_the_right_ones) {
  start();
  Client one = client();
  const Answered refused = one.ask(send("DELETE", "/api/v1/notes", ""));
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.headers.at("allow"), "GET, POST");
  EXPECT_EQ(one.ask("BREW /api/v1/notes HTTP/1.1\r\nHost: x\r\n\r\n").status, 405);
  EXPECT_EQ(one.ask(get("/api/v1/nothing")).status, 404);
}

TEST_F(HttpTest, without_a_session_nothing_is_told) {
  start();
  Client one = client();
  EXPECT_EQ(one.ask("GET /api/v1/notes HTTP/1.1\r\nHost: x\r\n\r\n").status, 401);
  EXPECT_EQ(one.ask(get("/api/v1/notes", "", "forged")).status, 401);
  EXPECT_EQ(one.ask(get("/api/v1/openapi.json", "", "forged")).status, 401);
  const Answered missing = one.ask(get("/api/v1/notes/nothing", "", "forged"));
  EXPECT_EQ(missing.status, 401) << "whether a note exists must not show";
  EXPECT_EQ(reads_, 0);
}

TEST_F(HttpTest, a_missing_permission_is_403_and_says_so_in_the_readers_language) {
  start();
  Client one = client();
  const Answered english = one.ask(get("/api/v1/managed"));
  EXPECT_EQ(english.status, 403);
  EXPECT_EQ(english.headers.at("content-type"), "application/problem+json");
  EXPECT_EQ(json(english).at("code").as_string(), "denied");
  EXPECT_EQ(json(english).at("title").as_string(), "Not allowed");
  const Answered chinese =
      one.ask("GET /api/v1/managed HTTP/1.1\r\nHost: x\r\nCookie: yihu_session=clerk\r\nAccept-Language: zh-CN\r\n\r\n");
  EXPECT_EQ(json(chinese).at("title").as_string(), "没有权限");
}

TEST_F(HttpTest, every_answer_is_guarded) {
  start();
  Client one = client();
  for (const char* path : {"/health", "/api/v1/notes", "/api/v1/nothing", "/", "/api/v1/throws"}) {
    auto headers = one.ask(get(path)).headers;
    EXPECT_EQ(headers["x-content-type-options"], "nosniff") << path;
    EXPECT_EQ(headers["x-frame-options"], "DENY") << path;
    EXPECT_EQ(headers["referrer-policy"], "no-referrer") << path;
    EXPECT_NE(headers["content-security-policy"], "") << path;
    EXPECT_TRUE(base::is_uuid(headers["x-request-id"])) << path;
  }
  EXPECT_EQ(one.ask(get("/api/v1/notes")).headers["cache-control"], "no-store");
}

TEST_F(HttpTest, our_mistake_costs_one_request_and_tells_nothing) {
  start();
  Client one = client();
  const Answered broken = one.ask(get("/api/v1/throws"));
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(broken.body.find("a mistake of ours"), std::string::npos);
  EXPECT_NE(log().find("a mistake of ours"), std::string::npos);
  EXPECT_NE(log().find(broken.headers.at("x-request-id")), std::string::npos) << "the log must be found by the id";
  EXPECT_EQ(one.ask(send("POST", "/api/v1/notes", R"({"text":"throw"})")).status, 500);
  EXPECT_EQ(one.ask(send("POST", "/api/v1/notes", R"({"text":"fine"})")).status, 201);
}

TEST_F(HttpTest, broken_requests_end_the_connection) {
  start();
  for (const char* broken : {"nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\x01 HTTP/1.1\r\n\r\n",
                             "POST /api/v1/notes HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
                             "POST /api/v1/notes HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                             "GET / HTTP/1.1\r\nno colon\r\n\r\n"}) {
    Client one = client();
    EXPECT_EQ(one.ask(broken).status, 400) << broken;
    EXPECT_TRUE(one.ended()) << broken;
  }
  Client one = client();
  EXPECT_EQ(one.ask(get("/%zz")).status, 404);
  EXPECT_EQ(one.ask(get("/health?x=%ff")).status, 400);
  EXPECT_EQ(one.ask(get("/health")).status, 200);
}

TEST_F(HttpTest, large_headers_and_bodies_are_refused) {
  start();
  Client header = client();
  EXPECT_EQ(header.ask(get("/health", "X-Large: " + std::string(40000, 'x') + "\r\n")).status, 431);
  EXPECT_TRUE(header.ended());

  Client announced = client();
  const Answered refused = announced.ask(send("POST", "/api/v1/notes", std::string(100'000, ' ')));
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(json(refused).at("code").as_string(), "body_too_large");

  Client chunked = client();
  std::string request = "POST /api/v1/files HTTP/1.1\r\nHost: x\r\nCookie: yihu_session=clerk\r\nX-CSRF-Token: csrf-of-clerk\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 20; ++i) request += "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  EXPECT_EQ(chunked.ask(request + "0\r\n\r\n").status, 413);
}

TEST_F(HttpTest, files_arrive_whole_whichever_way_they_are_sent) {
  start();
  Client one = client();
  const std::string file(900'000, 'f');
  EXPECT_EQ(one.ask(send("POST", "/api/v1/files", file)).body, "900000");
  const std::string head = "POST /api/v1/files HTTP/1.1\r\nHost: x\r\nCookie: yihu_session=clerk\r\nX-CSRF-Token: csrf-of-clerk\r\n";
  EXPECT_EQ(one.ask(head + "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n3\r\nfgh\r\n0\r\n\r\n").body, "8");
  one.send(head + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  ASSERT_TRUE(one.read_until("100 Continue\r\n\r\n"));
  one.received().clear();
  EXPECT_EQ(one.ask("four").body, "4");
}

TEST_F(HttpTest, a_client_that_dawdles_is_cut_off) {
  Limits limits;
  limits.header_seconds_max = 1;
  limits.idle_seconds_max = 1;
  limits.body_seconds_max = 1;
  start(limits);
  Client silent = client();
  Client half = client();
  half.send("GET /health HTTP/1.1\r\nHos");
  Client body = client();
  body.send("POST /api/v1/files HTTP/1.1\r\nHost: x\r\nCookie: yihu_session=clerk\r\nX-CSRF-Token: csrf-of-clerk\r\n"
            "Content-Length: 10\r\n\r\nabc");
  EXPECT_TRUE(silent.ended());
  EXPECT_TRUE(half.ended());
  EXPECT_TRUE(body.ended());
}

TEST_F(HttpTest, full_work_threads_say_when_to_come_back) {
  start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(std::make_unique<Client>(server_->port()));
  for (int i = 0; i < 2; ++i) clients[static_cast<std::size_t>(i)]->send(get("/api/v1/slow"));
  gate_.wait_for(2);
  // Two at work and two waiting is all there is room for: of three more, exactly one is answered before the gate opens.
  for (int i = 2; i < 5; ++i) clients[static_cast<std::size_t>(i)]->send(get("/api/v1/slow"));
  Client& refused = *clients[first_readable(clients)];
  const Answered busy = refused.answer();
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.headers.count("retry-after"), 1u);
  Client quick = client();
  EXPECT_EQ(quick.ask(get("/health")).status, 200) << "quick routes do not wait for slow ones";
  gate_.open();
  for (const auto& one : clients) {
    if (one.get() == &refused) continue;
    EXPECT_EQ(one->answer().status, 200);
  }
}

TEST_F(HttpTest, lets_what_is_under_way_finish_when_it_stops) {
  start();
  Client busy = client();
  busy.send(get("/api/v1/slow"));
  gate_.wait_for(1);
  Client idle = client();
  EXPECT_EQ(idle.ask(get("/health")).status, 200);
  auto stopped = std::async(std::launch::async, [this] { server_->stop(); });
  EXPECT_TRUE(idle.ended()) << "an idle connection must not hold the server up";
  gate_.open();
  const Answered last = busy.answer();
  EXPECT_EQ(last.status, 200);
  EXPECT_TRUE(busy.ended());
  stopped.get();
  Client late = client();
  EXPECT_FALSE(late.connected());
}

TEST_F(HttpTest, a_taken_port_is_one_clear_sentence) {
  start();
  Wiring wiring{*store_, sessions_, {}, *WebFiles::load(folder_)};
  wiring.port = server_->port();
  const auto second = Server::start(std::move(wiring));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "port_taken");
}

TEST_F(HttpTest, the_log_holds_no_names_and_no_queries) {
  start();
  Client one = client();
  EXPECT_EQ(one.ask(get("/calendar/secret-address.ics?name=wang")).status, 422);
  EXPECT_EQ(one.ask(get("/calendar/secret-address.ics")).status, 200);
  server_->stop();   // a line may be written just after its answer
  EXPECT_NE(log().find("GET /calendar/{secret}.ics 200"), std::string::npos) << log();
  EXPECT_EQ(log().find("secret-address"), std::string::npos);
  EXPECT_EQ(log().find("wang"), std::string::npos);
}

class WebTest : public HttpTest {
 protected:
  void SetUp() override {
    HttpTest::SetUp();
    std::filesystem::create_directories(folder_ / "web/assets");
    write("web/index.html", "<!doctype html><title>page</title>");
    write("web/assets/app-1a2b.js", std::string(5000, 'j'));
    write("web/assets/app-1a2b.js.gz", "packed");
    write("secret.txt", "outside");
    std::filesystem::create_symlink(folder_ / "secret.txt", folder_ / "web/link.txt");
    start();
  }
  void write(const char* path, const std::string& bytes) { std::ofstream(folder_ / path) << bytes; }
};

TEST_F(WebTest, gives_files_with_their_kind_and_age) {
  Client one = client();
  Answered script = one.ask("GET /assets/app-1a2b.js HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(script.body.size(), 5000u);
  EXPECT_EQ(script.headers["content-type"], "text/javascript; charset=utf-8");
  EXPECT_EQ(script.headers["cache-control"], "public, max-age=31536000, immutable");
  Answered packed = one.ask("GET /assets/app-1a2b.js HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br, gzip\r\n\r\n");
  EXPECT_EQ(packed.body, "packed");
  EXPECT_EQ(packed.headers["content-encoding"], "gzip");
  Answered refused = one.ask("GET /assets/app-1a2b.js HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip;q=0\r\n\r\n");
  EXPECT_EQ(refused.body.size(), 5000u);
  Answered again = one.ask(fmt::format("GET /assets/app-1a2b.js HTTP/1.1\r\nHost: x\r\nIf-None-Match: {}\r\n\r\n",
                                       script.headers["etag"]));
  EXPECT_EQ(again.status, 304);
}

TEST_F(WebTest, the_applications_own_addresses_give_the_page) {
  Client one = client();
  for (const char* path : {"/", "/plan/2019/tasks/3", "/login"}) {
    Answered page = one.ask(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", path));
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_NE(page.body.find("<title>page"), std::string::npos) << path;
    EXPECT_EQ(page.headers["cache-control"], "no-cache");
    EXPECT_NE(page.headers["content-security-policy"].find("default-src 'self'"), std::string::npos);
  }
  EXPECT_EQ(one.ask("GET /assets/app-gone.js HTTP/1.1\r\nHost: x\r\n\r\n").status, 404);
  EXPECT_EQ(one.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").status, 404);
}

TEST_F(WebTest, no_path_leads_out_of_the_folder) {
  Client one = client();
  for (const char* path : {"/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/..%2fsecret.txt",
                           "//etc/passwd.txt", "/assets/%2e%2e%2f%2e%2e%2fsecret.txt", "/link.txt", "/secret.txt%00.js"}) {
    const Answered answered = one.ask(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", path));
    EXPECT_EQ(answered.status, 404) << path;
    EXPECT_EQ(answered.body.find("outside"), std::string::npos) << path;
  }
}

}  // namespace
}  // namespace yihu::http
