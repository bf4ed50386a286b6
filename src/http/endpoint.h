#pragma once
// From a request's head to its answer, without sockets. The order is always the same:
//   head:  route → session → CSRF token → permission → headers a route needs → size        (begin)
//   body:  JSON checked against the schema, then a kept answer or the route's own work     (answer_now, answer_later)
// so that nothing is read from a stranger that would only be thrown away.

#include "http/answer_cache.h"
#include "http/router.h"
#include "http/web_files.h"
#include "http/work_threads.h"

namespace yihu::http {

/// The head of a request; refers to the connection's buffer.
struct Head {
  std::string_view method;
  std::string_view target;
  std::string_view accept_language;
  std::string_view accept_encoding;
  std::string_view content_type;
  std::string_view cookie;
  std::string_view csrf_token;
  std::string_view operation;
  std::string_view if_match;
  std::string_view if_none_match;
  std::string_view origin;
  std::string_view host;
  std::string_view fetch_site;
  std::string_view last_event_id;
  std::uint64_t body_bytes = 0;   ///< announced; 0 when unknown
  std::string peer;
  bool secure = false;            ///< a proxy before us speaks TLS with the client
};

/// One request under way.
struct Call {
  const Route* route = nullptr;   ///< nullptr: a file of the web application
  bool head_only = false;
  bool gzip = false;
  std::string if_none_match;
  std::string print;              ///< method and target, to tell a repeat from a misused operation id
  std::shared_ptr<const access::Visitor> visitor;
  Request request;
  std::string last_event_id;

  std::string keep_key;
  AnswerCache::Moment read_at;
  Step step;
  std::optional<Response> fresh;  ///< what the step answered this time, as opposed to an earlier one
};

/// The access log's line. No address, no name, no query.
struct AccessLine {
  std::string_view method;
  std::string_view route;         ///< the path of the table, with {names}
  int status;
  std::size_t bytes;
  std::int64_t microseconds;
  std::string_view request;
};

struct Log {
  std::function<void(const AccessLine&)> access = [](const AccessLine&) {};
  std::function<void(const std::string&)> error = [](const std::string&) {};
};

class Endpoint {
 public:
  struct Parts {
    store::Store& store;
    Visitors& visitors;
    const std::vector<Route>& routes;
    AnswerCache& cache;
    WorkThreads& work;
    const WebFiles& web;
    const Log& log;
    base::Cancel stopping;
  };
  explicit Endpoint(Parts parts);

  struct Begun {
    std::shared_ptr<Call> call;        ///< never null: it knows how to answer, also a refusal
    std::optional<Response> answer;    ///< ends the call before its body is read
  };
  Begun begin(const Head& head);

  /// With the body read. @returns nothing when the answer has to be waited for: then answer_later gives it
  std::optional<Response> answer_now(const std::shared_ptr<Call>& call, std::string_view body);

  /// `done` is called once, on another thread; `body` must stay until then.
  void answer_later(std::shared_ptr<Call> call, std::function<void(Response)> done);

  /// ETag, 304 and compression, for every answer alike.
  void finish(const Call& call, Response& response) const;

 private:
  std::optional<Response> find_route(const Head& head, Call& call) const;
  base::Done admit(const Head& head, Call& call) const;
  std::optional<Response> check_headers(const Head& head, Call& call) const;
  base::Done take_body(Call& call, std::string_view body) const;
  Response read(Call& call);
  /// @returns an answer given before to the same operation, or nothing when there is now a step to write
  base::Result<std::optional<Response>> prepare(Call& call);
  void write(const std::shared_ptr<Call>& call, std::function<void(Response)> done);
  Response outcome(Call& call, base::Result<store::Answer> answer) const;
  Response problem(const Call& call, const base::Error& error) const;

  Parts parts_;
  Router router_;
};

}  // namespace yihu::http
