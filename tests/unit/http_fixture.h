#pragma once
// A real server on a real SQLite store in a folder of its own, with a small table of routes, and a client that
// speaks HTTP byte by byte so that tests can also speak it badly.

#include "http_client.h"

#include "http/answer.h"
#include "http/openapi.h"
#include "http/response.h"
#include "http/routes_health.h"
#include "http/schema_from.h"
#include "http/server.h"
#include "http/value_from_json.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <stdlib.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <map>
#include <mutex>

namespace yihu::http {

struct Note {
  std::string id;
  std::string text;
  int version = 0;
};
BOOST_DESCRIBE_STRUCT(Note, (), (id, text, version))

struct NewNote {
  std::string text;
  std::optional<int> stars;
};
BOOST_DESCRIBE_STRUCT(NewNote, (), (text, stars))

/// Sessions as the server needs them; tests end them and take permissions away.
class Sessions final : public Visitors {
 public:
  base::Result<std::shared_ptr<const access::Visitor>> visitor(std::string_view token, bool) override {
    const std::lock_guard lock(mutex_);
    const auto found = visitors_.find(token);
    if (found != visitors_.end()) return found->second;
    return base::fail(base::ErrorKind::signed_out, "signed_out", base::text("登录已过期。", "The session has ended."));
  }
  void open(const std::string& token, access::Viewer viewer) {
    const std::lock_guard lock(mutex_);
    visitors_[token] =
        std::make_shared<access::Visitor>(access::Visitor{std::move(viewer), "session-of-" + token, "csrf-of-" + token});
  }
  void end(const std::string& token) {
    const std::lock_guard lock(mutex_);
    visitors_.erase(token);
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const access::Visitor>, std::less<>> visitors_;
};

/// Opened by a test, waited for by a route: work that lasts exactly as long as the test wants.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void wait_for(int waiting) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= waiting; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int waiting_ = 0;
};

class HttpTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "yihu-http-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    store::Options options;
    options.folder = folder_ / "data";
    options.clock = &clock_;
    options.readers_max = 8;
    options.migrations.push_back(
        {990, "notes of a test",
         {"CREATE TABLE note (id TEXT PRIMARY KEY, text TEXT NOT NULL, version @int NOT NULL) @strict"}});
    auto opened = store::Store::open(std::move(options));
    ASSERT_TRUE(opened) << base::describe(opened.error(), base::Language::en);
    store_ = *std::move(opened);
    access::Viewer clerk;
    clerk.user = base::UserId::make();
    clerk.permissions = {access::Permission::plan_read, access::Permission::measure_report};
    sessions_.open("clerk", clerk);
    access::Viewer stranger;
    stranger.user = base::UserId::make();
    sessions_.open("stranger", stranger);
  }
  void TearDown() override {
    gate_.open();
    server_.reset();
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void start(Limits limits = {}, std::size_t threads = 2) {
    auto web = WebFiles::load(folder_ / "web");
    ASSERT_TRUE(web);
    Wiring wiring{*store_, sessions_, routes(), *std::move(web)};
    wiring.limits = limits;
    wiring.port = 0;
    wiring.threads = threads;
    wiring.work_threads = 2;
    wiring.work_queue_max = 2;
    wiring.log.access = [this](const AccessLine& line) {
      const std::lock_guard lock(log_mutex_);
      log_ += fmt::format("{} {} {}\n", line.method, line.route, line.status);
    };
    wiring.log.error = [this](const std::string& line) {
      const std::lock_guard lock(log_mutex_);
      log_ += "error " + line + "\n";
    };
    auto server = Server::start(std::move(wiring));
    ASSERT_TRUE(server) << base::describe(server.error(), base::Language::en);
    server_ = *std::move(server);
  }
  Client client() { return Client(server_->port()); }
  std::string log() {
    const std::lock_guard lock(log_mutex_);
    return log_;
  }

  static std::string get(std::string_view path, std::string_view more = "", std::string_view token = "clerk") {
    return fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nCookie: a=b; yihu_session={}\r\nAccept-Language: en\r\n{}\r\n", path,
                       token, more);
  }
  static std::string send(std::string_view method, std::string_view path, std::string_view body,
                          std::string_view more = "", std::string_view token = "clerk") {
    return fmt::format(
        "{} {} HTTP/1.1\r\nHost: x\r\nCookie: yihu_session={}\r\nX-CSRF-Token: csrf-of-{}\r\nAccept-Language: en\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n{}\r\n{}",
        method, path, token, token, body.size(), more, body);
  }
  static boost::json::value json(const Answered& answered) { return boost::json::parse(answered.body); }
  std::int64_t count_notes() {
    std::int64_t count = -1;
    const auto done = store_->read([&](store::Session& session) -> base::Done {
      count = TRY(session.query("SELECT count(*) FROM note")).front().integer(0);
      return {};
    });
    EXPECT_TRUE(done);
    return count;
  }

  std::vector<Route> routes();

  std::filesystem::path folder_;
  base::SystemClock clock_;
  std::unique_ptr<store::Store> store_;
  Sessions sessions_;
  Gate gate_;
  std::atomic<int> reads_ = 0;       ///< how often the kept list was really read
  std::mutex log_mutex_;
  std::string log_;
  std::unique_ptr<Server> server_;
};

inline base::Result<Note> note_of(store::Session& session, const std::string& id) {
  const auto row = TRY(session.find("SELECT id, text, version FROM note WHERE id = :id", {{"id", id}}));
  if (!row) return base::fail(base::ErrorKind::not_found, "note_unknown", base::text("没有这条。", "There is no such note."));
  return Note{row->text(0), row->text(1), static_cast<int>(row->integer(2))};
}

inline base::Result<Response> answer_note(const Note& note, base::Language language, int status) {
  Response response = answer(note, language, status);
  response.etag = "v" + std::to_string(note.version);
  return response;
}

inline Prepare make_note() {
  return [](const Request& request, Context&) -> base::Result<Step> {
    const auto wanted = TRY(value_from_json<NewNote>(request.json));
    return [wanted, language = request.language](store::Transaction& transaction) -> base::Result<Response> {
      if (wanted.text == "throw") throw std::runtime_error("a mistake of ours");
      const Note note{base::new_uuid(), wanted.text, 1};
      TRY(transaction.execute("INSERT INTO note (id, text, version) VALUES (:id, :text, 1)",
                              {{"id", note.id}, {"text", note.text}}));
      TRY(transaction.journal({"unit.made", "unit", note.id, "", "{}"}));
      if (wanted.text == "refused") {
        return base::fail(base::ErrorKind::conflict, "refused", base::text("不行。", "No."));
      }
      return answer_note(note, language, 201);
    };
  };
}

inline Prepare change_note() {
  return [](const Request& request, Context& context) -> base::Result<Step> {
    const auto wanted = TRY(value_from_json<NewNote>(request.json));
    TRY(note_of(context.session, request.path.at("note")));
    return [wanted, request](store::Transaction& transaction) -> base::Result<Response> {
      Note note = TRY(note_of(transaction, request.path.at("note")));
      TRY(expect_version(request, "v" + std::to_string(note.version)));
      note.text = wanted.text;
      ++note.version;
      TRY(transaction.execute("UPDATE note SET text = :text, version = :version WHERE id = :id",
                              {{"text", note.text}, {"version", note.version}, {"id", note.id}}));
      TRY(transaction.journal({"unit.changed", "unit", note.id, "", "{}"}));
      return answer_note(note, request.language, 200);
    };
  };
}

inline std::vector<Route> HttpTest::routes() {
  const boost::json::value new_note = body_schema_of<NewNote>({{"/text", {{"minLength", 1}, {"maxLength", 20}}},
                                                               {"/stars", {{"minimum", 0}, {"maximum", 5}}}});
  const base::Text summary = base::text("试验", "A test");
  std::vector<Route> table = health_routes("0.0.0");
  table.push_back({.method = Method::get, .path = "/api/v1/notes", .name = "listNotes", .summary = summary,
                   .permission = access::Permission::plan_read,
                   .query_schema = {{"limit", {{"type", "integer"}, {"minimum", 1}, {"maximum", 9}}}},
                   .answer_schema = schema_of<List<Note>>(), .keep = Keep{{"unit"}},
                   .handler = Read([this](const Request& request, Context& context) -> base::Result<Response> {
                     ++reads_;
                     List<Note> list;
                     for (const auto& row : TRY(context.session.query("SELECT id, text, version FROM note ORDER BY id"))) {
                       list.items.push_back({row.text(0), row.text(1), static_cast<int>(row.integer(2))});
                     }
                     return answer(list, request.language);
                   })});
  table.push_back({.method = Method::get, .path = "/api/v1/notes/{note}", .name = "readNote", .summary = summary,
                   .answer_schema = schema_of<Note>(),
                   .handler = Read([](const Request& request, Context& context) -> base::Result<Response> {
                     return answer_note(TRY(note_of(context.session, request.path.at("note"))), request.language, 200);
                   })});
  table.push_back({.method = Method::post, .path = "/api/v1/notes", .name = "makeNote", .summary = summary,
                   .permission = access::Permission::plan_read, .body_schema = new_note,
                   .answer_schema = schema_of<Note>(), .answer_status = 201, .handler = make_note()});
  table.push_back({.method = Method::patch, .path = "/api/v1/notes/{note}", .name = "changeNote", .summary = summary,
                   .body_schema = new_note, .answer_schema = schema_of<Note>(), .edits = true, .handler = change_note()});
  table.push_back({.method = Method::post, .path = "/api/v1/secrets", .name = "makeSecret", .summary = summary,
                   .answers_once = true, .answer_status = 201,
                   .handler = Prepare([](const Request&, Context&) -> base::Result<Step> {
                     return [](store::Transaction&) -> base::Result<Response> {
                       return Response{.status = 201, .body = R"({"secret":"opensesame"})"};
                     };
                   })});
  table.push_back({.method = Method::post, .path = "/api/v1/files", .name = "sendFile", .summary = summary,
                   .pace = Pace::slow, .body_bytes_max = 1 << 20, .takes_bytes = true,
                   .handler = Prepare([](const Request& request, Context&) -> base::Result<Step> {
                     return [bytes = request.body.size()](store::Transaction&) -> base::Result<Response> {
                       return Response{.status = 201, .body = std::to_string(bytes)};
                     };
                   })});
  table.push_back({.method = Method::get, .path = "/api/v1/slow", .name = "readSlow", .summary = summary,
                   .pace = Pace::slow, .handler = Read([this](const Request&, Context&) -> base::Result<Response> {
                     gate_.pass();
                     return Response{.body = "\"slow\""};
                   })});
  table.push_back({.method = Method::get, .path = "/api/v1/throws", .name = "readThrows", .summary = summary,
                   .handler = Read([](const Request&, Context&) -> base::Result<Response> {
                     throw std::runtime_error("a mistake of ours");
                   })});
  table.push_back({.method = Method::get, .path = "/api/v1/managed", .name = "readManaged", .summary = summary,
                   .permission = access::Permission::user_manage,
                   .handler = Read([](const Request&, Context&) -> base::Result<Response> { return Response{.body = "1"}; })});
  table.push_back({.method = Method::get, .path = "/calendar/{secret}.ics", .name = "readCalendar", .summary = summary,
                   .entry = Entry::open, .answer_type = "text/calendar",
                   .handler = Read([](const Request& request, Context&) -> base::Result<Response> {
                     return Response{.body = request.path.at("secret"), .content_type = "text/calendar"};
                   })});
  add_description(table, "0.0.0");
  return table;
}

}  // namespace yihu::http
