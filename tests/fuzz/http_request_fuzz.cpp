// Any bytes on a connection to a real server. Every connection must end once we have said everything; what is answered
// begins like an answer; nothing is our fault (500). The first byte says how much of the request is already well-formed.
#include "../unit/http_client.h"

#include "http/answer.h"
#include "http/schema_from.h"
#include "http/server.h"
#include "http/value_from_json.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace yihu::http {

struct Note {
  std::string text;
  std::optional<int> stars;
};
BOOST_DESCRIBE_STRUCT(Note, (), (text, stars))

namespace {

[[noreturn]] void wrong(const std::string& what) {
  std::fputs((what + "\n").c_str(), stderr);
  std::abort();
}

/// One session that never ends.
class Clerk final : public Visitors {
 public:
  base::Result<std::shared_ptr<const access::Visitor>> visitor(std::string_view token, bool) override {
    if (token == "clerk") return visitor_;
    return base::fail(base::ErrorKind::signed_out, "signed_out", base::text("登录已过期。", "The session has ended."));
  }

 private:
  static access::Viewer viewer() {
    access::Viewer viewer;
    viewer.user = base::UserId::make();
    viewer.permissions = {access::Permission::plan_read};
    return viewer;
  }
  std::shared_ptr<const access::Visitor> visitor_ =
      std::make_shared<access::Visitor>(access::Visitor{viewer(), "session", "csrf"});
};

std::vector<Route> table() {
  const boost::json::value body = body_schema_of<Note>({{"/text", {{"maxLength", 20}}}});
  const auto write = Prepare([](const Request& request, Context&) -> base::Result<Step> {
    Note note = TRY(value_from_json<Note>(request.json));
    return Step([note, language = request.language](store::Transaction&) -> base::Result<Response> {
      return answer(note, language, 201);
    });
  });
  std::vector<Route> all;
  all.push_back({.path = "/api/v1/notes/{note}", .name = "readNote", .permission = access::Permission::plan_read,
                 .query_schema = {{"limit", {{"type", "integer"}, {"minimum", 1}}}}, .keep = Keep{{"unit"}},
                 .handler = Read([](const Request& request, Context&) -> base::Result<Response> {
                   return answer(Note{request.path.at("note"), {}}, request.language);
                 })});
  all.push_back({.method = Method::post, .path = "/api/v1/notes", .name = "makeNote", .body_schema = body, .handler = write});
  all.push_back({.method = Method::patch, .path = "/api/v1/notes/{note}", .name = "changeNote", .body_schema = body,
                 .edits = true, .handler = write});
  all.push_back({.method = Method::post, .path = "/api/v1/files", .name = "sendFile", .pace = Pace::slow,
                 .takes_bytes = true, .handler = Read([](const Request& request, Context&) -> base::Result<Response> {
                   return Response{.body = std::to_string(request.body.size())};
                 })});
  all.push_back({.path = "/api/v1/events", .name = "readEvents", .handler = Stream{}});
  return all;
}

/// The server all inputs talk to, in a folder that goes with the process.
class Office {
 public:
  Office() {
    std::string pattern = (std::filesystem::temp_directory_path() / "yihu-fuzz-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) wrong("no folder");
    folder_ = pattern;
    store::Options options;
    options.folder = folder_ / "data";
    options.clock = &clock_;
    auto store = store::Store::open(std::move(options));
    if (!store) wrong(base::describe(store.error(), base::Language::en));
    store_ = *std::move(store);
    std::filesystem::create_directories(folder_ / "web");
    std::ofstream(folder_ / "web" / "index.html") << "<!DOCTYPE html><title>-</title>";
    auto web = WebFiles::load(folder_ / "web");
    if (!web) wrong(base::describe(web.error(), base::Language::en));
    Wiring wiring{*store_, clerk_, table(), *std::move(web)};
    wiring.port = 0;
    wiring.threads = 1;
    wiring.work_threads = 1;
    wiring.log.error = [](const std::string& line) { wrong("error " + line); };
    auto server = Server::start(std::move(wiring));
    if (!server) wrong(base::describe(server.error(), base::Language::en));
    server_ = *std::move(server);
  }
  ~Office() {
    server_.reset();
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  unsigned short port() const { return server_->port(); }

 private:
  std::filesystem::path folder_;
  base::SystemClock clock_;
  Clerk clerk_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Server> server_;
};

std::string request_from(std::uint8_t shape, std::string_view rest) {
  constexpr std::string_view admitted = "Host: x\r\nCookie: yihu_session=clerk\r\nX-CSRF-Token: csrf\r\n";
  switch (shape % 6) {
    case 0: return std::string(rest);
    case 1: return fmt::format("GET {} HTTP/1.1\r\n{}\r\n", rest, admitted);
    case 2: return fmt::format("GET /api/v1/notes/1 HTTP/1.1\r\n{}{}\r\n\r\n", admitted, rest);
    case 3:
      return fmt::format("POST /api/v1/notes HTTP/1.1\r\n{}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                         admitted, rest.size(), rest);
    case 4: return fmt::format("PATCH /api/v1/notes/1 HTTP/1.1\r\n{}Content-Type: application/json\r\n{}", admitted, rest);
    default: return fmt::format("POST /api/v1/files HTTP/1.1\r\n{}Transfer-Encoding: chunked\r\n\r\n{}", admitted, rest);
  }
}

void read(std::uint8_t shape, std::string_view rest) {
  static const Office office;
  const std::string request = request_from(shape, rest);
  Client client(office.port());
  if (!client.connected()) wrong("not connected");
  // So many short connections would use up the machine's ports if each waited to be forgotten.
  const linger none{1, 0};
  ::setsockopt(client.handle(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
  // High bits of the first byte: where the bytes are cut, so that the server sees them come in two pieces.
  const std::size_t cut = std::min<std::size_t>(request.size(), static_cast<std::size_t>(shape / 6) * 8);
  const std::string_view all = request;
  if (client.send(all.substr(0, cut))) client.send(all.substr(cut));
  ::shutdown(client.handle(), SHUT_WR);
  if (!client.ended()) wrong("the connection does not end");
  const std::string& answers = client.received();
  if (!answers.empty() && !answers.starts_with("HTTP/1.1 ")) wrong("not an answer: " + answers);
  if (answers.starts_with("HTTP/1.1 5")) wrong("our fault: " + answers);
}

}  // namespace
}  // namespace yihu::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0) yihu::http::read(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
