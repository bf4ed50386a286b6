// Writes: who may, what is checked, versions, repeats; and what others see of them.

#include "http_fixture.h"

namespace yihu::http {
namespace {

std::vector<std::string> fields_of(const Answered& answered) {
  std::vector<std::string> fields;
  const boost::json::value problem = boost::json::parse(answered.body);
  for (const auto& one : problem.at("errors").as_array()) {
    fields.emplace_back(one.at("field").as_string());
  }
  return fields;
}

TEST_F(HttpTest, a_write_needs_the_csrf_token) {
  start();
  Client one = client();
  const std::string body = R"({"text":"x"})";
  const std::string head = "POST /api/v1/notes HTTP/1.1\r\nHost: x\r\nCookie: yihu_session=clerk\r\nContent-Length: 12\r\n"
                           "Content-Type: application/json\r\n";
  for (const char* token : {"", "X-CSRF-Token: wrong\r\n", "X-CSRF-Token: csrf-of-stranger\r\n", "X-CSRF-Token: \r\n"}) {
    Client fresh = client();
    const Answered refused = fresh.ask(head + token + "\r\n" + body);
    EXPECT_EQ(refused.status, 403) << token;
    EXPECT_TRUE(fresh.ended());
  }
  EXPECT_EQ(count_notes(), 0);
  EXPECT_EQ(one.ask(head + "X-CSRF-Token: csrf-of-clerk\r\n\r\n" + body).status, 201);
  EXPECT_EQ(count_notes(), 1);
}

TEST_F(HttpTest, other_sites_do_not_write_here) {
  start();
  for (const char* origin : {"Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n", "Origin: https://evil.example\r\n",
                             "Origin: null\r\n"}) {
    Client one = client();
    EXPECT_EQ(one.ask(send("POST", "/api/v1/notes", R"({"text":"x"})", origin)).status, 403) << origin;
  }
  for (const char* origin : {"Sec-Fetch-Site: same-origin\r\n", "Origin: http://x\r\n"}) {
    Client one = client();
    EXPECT_EQ(one.ask(send("POST", "/api/v1/notes", R"({"text":"x"})", origin)).status, 201) << origin;
  }
}

TEST_F(HttpTest, all_mistakes_of_a_body_are_told_with_their_fields) {
  start();
  Client one = client();
  const Answered refused = one.ask(send("POST", "/api/v1/notes", R"({"stars":9.5,"colour":"red"})"));
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(fields_of(refused), (std::vector<std::string>{"/text", "/stars", "/colour"}));
  const Answered broken = one.ask(send("POST", "/api/v1/notes", "{\"text\":\n  oops}"));
  EXPECT_EQ(broken.status, 422);
  EXPECT_EQ(json(broken).at("code").as_string(), "json_broken");
  EXPECT_EQ(json(broken).at("errors").at(0).at("line").as_int64(), 2);
  EXPECT_EQ(one.ask(send("POST", "/api/v1/notes", "")).status, 422);
  EXPECT_EQ(one.ask(send("POST", "/api/v1/notes", R"({"text":"一二三四五六七八九十一二三四五六七八九十"})")).status, 201)
      << "twenty characters are not sixty";
  EXPECT_EQ(one.ask(get("/api/v1/notes?limit=10&x=1")).status, 422);
  EXPECT_EQ(fields_of(one.ask(get("/api/v1/notes?limit=many&colour=red"))),
            (std::vector<std::string>{"/limit", "/colour"}));
}

TEST_F(HttpTest, a_body_must_say_that_it_is_json) {
  start();
  Client one = client();
  EXPECT_EQ(one.ask("POST /api/v1/notes HTTP/1.1\r\nHost: x\r\nCookie: yihu_session=clerk\r\nX-CSRF-Token: csrf-of-clerk\r\n"
                    "Content-Type: text/plain\r\nContent-Length: 12\r\n\r\n{\"text\":\"x\"}")
                .status,
            415);
}

TEST_F(HttpTest, a_repeated_operation_answers_the_same_and_does_nothing) {
  start();
  Client one = client();
  const std::string request = send("POST", "/api/v1/notes", R"({"text":"once"})", "Operation-Id: 0b1c\r\n");
  const Answered first = one.ask(request);
  Answered again = one.ask(request);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(first.headers.at("etag"), again.headers.at("etag"));
  EXPECT_EQ(count_notes(), 1);

  const Answered misused = one.ask(send("POST", "/api/v1/notes", R"({"text":"other"})", "Operation-Id: 0b1c\r\n"));
  EXPECT_EQ(misused.status, 409);
  EXPECT_EQ(json(misused).at("code").as_string(), "operation_reused");
  EXPECT_EQ(one.ask(send("POST", "/api/v1/notes", R"({"text":"x"})", "Operation-Id: a b\r\n")).status, 400);
}

TEST_F(HttpTest, operations_repeated_at_the_same_time_have_one_effect) {
  start();
  const std::string request = send("POST", "/api/v1/notes", R"({"text":"once"})", "Operation-Id: same\r\n");
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(std::make_unique<Client>(server_->port()));
  for (const auto& one : clients) one->send(request);
  std::set<std::string> bodies;
  for (const auto& one : clients) bodies.insert(one->answer().body);
  EXPECT_EQ(bodies.size(), 1u);
  EXPECT_EQ(count_notes(), 1);
}

TEST_F(HttpTest, anothers_operation_is_not_answered_to_me) {
  start();
  Client one = client();
  const Answered mine = one.ask(send("POST", "/api/v1/secrets", "", "Operation-Id: mine\r\n"));
  EXPECT_NE(mine.body.find("opensesame"), std::string::npos);
  const Answered theirs = one.ask(send("POST", "/api/v1/secrets", "", "Operation-Id: mine\r\n", "stranger"));
  EXPECT_EQ(theirs.status, 201) << "their own first";
  const Answered again = one.ask(send("POST", "/api/v1/secrets", "", "Operation-Id: mine\r\n"));
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(json(again).at("code").as_string(), "answered_once");
  EXPECT_EQ(again.body.find("opensesame"), std::string::npos);
}

TEST_F(HttpTest, a_failed_write_leaves_nothing_and_may_be_tried_again) {
  start();
  Client one = client();
  const std::string request = send("POST", "/api/v1/notes", R"({"text":"refused"})", "Operation-Id: again\r\n");
  EXPECT_EQ(one.ask(request).status, 409);
  EXPECT_EQ(one.ask(request).status, 409);
  EXPECT_EQ(count_notes(), 0);
}

TEST_F(HttpTest, an_edit_names_the_version_it_changes) {
  start();
  Client one = client();
  const Answered made = one.ask(send("POST", "/api/v1/notes", R"({"text":"a"})"));
  EXPECT_EQ(made.headers.at("etag"), "\"v1\"");
  const std::string path = "/api/v1/notes/" + std::string(json(made).at("id").as_string());
  EXPECT_EQ(one.ask(send("PATCH", path, R"({"text":"b"})")).status, 428);
  Client other = client();
  const Answered changed = other.ask(send("PATCH", path, R"({"text":"b"})", "If-Match: \"v1\"\r\nOperation-Id: e1\r\n"));
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.headers.at("etag"), "\"v2\"");
  const Answered stale = other.ask(send("PATCH", path, R"({"text":"c"})", "If-Match: \"v1\"\r\n"));
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(json(stale).at("code").as_string(), "stale");
  const Answered repeated = other.ask(send("PATCH", path, R"({"text":"b"})", "If-Match: \"v1\"\r\nOperation-Id: e1\r\n"));
  EXPECT_EQ(repeated.status, 200) << "a repeat is answered although its version is stale by now";
  EXPECT_EQ(other.ask(get(path, "If-None-Match: \"v2\"\r\n")).status, 304);
  EXPECT_EQ(other.ask(get(path, "If-None-Match: \"v1\", W/\"v2\"\r\n")).status, 304);
  EXPECT_EQ(other.ask(get(path, "If-None-Match: \"v1\"\r\n")).status, 200);
  EXPECT_EQ(other.ask(send("PATCH", "/api/v1/notes/none", R"({"text":"c"})", "If-Match: \"v1\"\r\n")).status, 404);
}

TEST_F(HttpTest, kept_answers_are_read_once_and_never_older_than_an_answered_write) {
  start();
  Client one = client();
  const Answered empty = one.ask(get("/api/v1/notes"));
  EXPECT_EQ(one.ask(get("/api/v1/notes")).body, empty.body);
  EXPECT_EQ(reads_, 1);
  EXPECT_EQ(one.ask(get("/api/v1/notes", "If-None-Match: " + empty.headers.at("etag") + "\r\n")).status, 304);
  EXPECT_EQ(one.ask(get("/api/v1/notes?limit=3")).status, 200);
  EXPECT_EQ(reads_, 2) << "another query is another answer";
  for (std::size_t i = 1; i <= 30; ++i) {
    EXPECT_EQ(one.ask(send("POST", "/api/v1/notes", R"({"text":"n"})")).status, 201);
    EXPECT_EQ(json(one.ask(get("/api/v1/notes"))).at("items").as_array().size(), i);
  }
  const Answered packed = one.ask(get("/api/v1/notes", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(packed.headers.at("etag"), one.ask(get("/api/v1/notes")).headers.at("etag"));
}

TEST_F(HttpTest, streams_tell_changes_and_go_on_after_a_break) {
  start();
  Client page = client();
  page.send(get("/api/v1/events"));
  ASSERT_TRUE(page.read_until("retry: 2000\n\n"));
  Client other = client();
  const Answered made = other.ask(send("POST", "/api/v1/notes", R"({"text":"news"})"));
  const std::string subject = "unit:" + std::string(json(made).at("id").as_string());
  ASSERT_TRUE(page.read_until(subject));
  EXPECT_NE(page.received().find("event: change\ndata: {\"sequence\":1,"), std::string::npos);

  const Answered next = other.ask(send("POST", "/api/v1/notes", R"({"text":"more"})"));
  Client again = client();
  again.send(get("/api/v1/events", "Last-Event-ID: 1\r\n"));
  ASSERT_TRUE(again.read_until("unit:" + std::string(json(next).at("id").as_string())));
  EXPECT_EQ(again.received().find(subject), std::string::npos) << "what was told before is not told twice";
  Client long_away = client();
  long_away.send(get("/api/v1/events", "Last-Event-ID: 0\r\n"));
  ASSERT_TRUE(long_away.read_until("\"*\""));
}

TEST_F(HttpTest, a_stream_ends_with_its_session_and_with_the_server) {
  start();
  Client mine = client();
  mine.send(get("/api/v1/events"));
  ASSERT_TRUE(mine.read_until("retry: 2000\n\n"));
  Client theirs = client();
  theirs.send(get("/api/v1/events", "", "stranger"));
  ASSERT_TRUE(theirs.read_until("retry: 2000\n\n"));
  sessions_.end("clerk");
  EXPECT_TRUE(mine.ended());
  server_->stop();
  EXPECT_TRUE(theirs.ended());
}

TEST_F(HttpTest, streams_of_one_person_are_limited) {
  start();
  std::vector<std::unique_ptr<Client>> pages;
  for (std::size_t i = 0; i < Events::streams_per_user_max; ++i) {
    pages.push_back(std::make_unique<Client>(server_->port()));
    pages.back()->send(get("/api/v1/events"));
    ASSERT_TRUE(pages.back()->read_until("retry: 2000\n\n"));
  }
  Client more = client();
  EXPECT_EQ(more.ask(get("/api/v1/events")).status, 429);
  Client other = client();
  other.send(get("/api/v1/events", "", "stranger"));
  EXPECT_TRUE(other.read_until("retry: 2000\n\n"));
}

TEST_F(HttpTest, a_quiet_stream_is_kept_open_by_pings) {
  Limits limits;
  limits.ping_seconds = 1;
  start(limits);
  Client page = client();
  page.send(get("/api/v1/events"));
  EXPECT_TRUE(page.read_until(": ping\n\n"));
}

}  // namespace
}  // namespace yihu::http
