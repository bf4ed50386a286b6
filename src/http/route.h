#pragma once
// One table says what the server answers; the router, the OpenAPI file and the tests all read it.
//
// A room's routes come from one function in routes_<room>.cpp, which takes the services they use:
//   std::vector<Route> unit_routes(area::Units& units);
// What a route need not do, because endpoint.cpp does it from this table: session, CSRF token, permission, reading
// and checking query and body with all mistakes by field, one transaction with its operation id, ETag headers, 304,
// compression, problem+json in the reader's language. See also answer.h and response.h (answers), schema_from.h
// (schemas from structs), value_from_json.h (structs from a checked body), page.h (lists by key).

#include "access/visitor.h"
#include "base/cancel.h"
#include "base/result.h"
#include "store/store.h"

#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace yihu::http {

enum class Method { get, post, put, patch, remove };

/// A few named texts in the order they came; looking one up walks them, which beats a map for so few.
class Named {
 public:
  /// @returns nullptr when there is none of that name
  const std::string* find(std::string_view name) const;
  bool contains(std::string_view name) const { return find(name) != nullptr; }
  /// A missing one is the empty text.
  const std::string& at(std::string_view name) const;
  /// A parameter the schema calls an integer.
  std::optional<std::int64_t> integer(std::string_view name) const;
  void add(std::string name, std::string value) { pairs_.emplace_back(std::move(name), std::move(value)); }
  bool empty() const { return pairs_.empty(); }
  auto begin() const { return pairs_.begin(); }
  auto end() const { return pairs_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

struct Request {
  Named path;                       ///< {name} parts of the route, decoded; never empty texts
  Named query;                      ///< decoded and checked against the route's query_schema
  std::string_view body;            ///< the bytes of routes with takes_bytes
  boost::json::value json;          ///< parsed body of routes that take JSON, checked against the route's schema
  std::string content_type;
  std::optional<std::string> if_match;  ///< without quotes; always there when the route `edits`
  std::string operation;            ///< header Operation-Id
  base::Language language = base::Language::zh;
  base::RequestId id;
  std::string peer;                 ///< address, for throttling only; never logged with a person
  bool secure = false;              ///< came through TLS: the session cookie may be kept to it
  std::optional<std::string> session_token;
  base::Cancel cancel;              ///< asked when the server stops: slow routes look at it now and then
};

struct KeptAnswer;

struct Response {
  int status = 200;
  std::string body = {};
  std::string content_type = "application/json";
  std::string etag = {};                                ///< without quotes; empty for none
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::shared_ptr<const KeptAnswer> kept = {};          ///< set by the endpoint for routes with `keep`
};

/// What a writing route leaves to do once its input has been checked: runs on the writer's thread, in a
/// transaction, and must not wait for anything but the database. It may run after the Context has gone: keep copies.
using Step = std::function<base::Result<Response>(store::Transaction&)>;

/// What a route may use. Reads see one state of the store.
struct Context {
  const access::Viewer& viewer;     ///< of an open route without a session: nobody, who may nothing
  store::Store& store;
  store::Session& session;
  base::Date today;
};

using Read = std::function<base::Result<Response>(const Request&, Context&)>;
using Prepare = std::function<base::Result<Step>(const Request&, Context&)>;
/// The stream of changes; the server itself serves it.
struct Stream {};

enum class Entry {
  open,     ///< no session needed: login, health, public pages, secret calendar addresses
  session,
};

/// Quick routes run where the request arrived; slow ones (reading documents, making workbooks, checking a password)
/// on the work threads.
enum class Pace { quick, slow };

/// A read whose answer is kept in memory and given again (with ETag, compressed once) until a commit touches one of
/// these kinds of subject, or the day changes. Kept apart per path, query, language and scope and permissions of the
/// viewer; the answer must depend on nothing else of the viewer.
struct Keep {
  std::set<std::string> subject_kinds = {};   ///< empty: any commit ends it
};

struct Route {
  Method method = Method::get;
  std::string path = {};            ///< "/api/v1/units/{unit}"
  std::string name = {};            ///< OpenAPI operationId, camelCase: "readUnit"
  base::Text summary = {};
  Entry entry = Entry::session;
  std::optional<access::Permission> permission = {};
  Pace pace = Pace::quick;
  boost::json::value query_schema = nullptr;  ///< object: parameter name → JSON schema
  boost::json::value body_schema = nullptr;   ///< null: no JSON body
  boost::json::value answer_schema = nullptr; ///< null: no JSON answer
  std::size_t body_bytes_max = 64 << 10;
  bool takes_bytes = false;         ///< the body is a file, whatever its Content-Type
  bool edits = false;               ///< needs If-Match; the Step compares it by expect_version (response.h)
  bool answers_once = false;        ///< the answer holds a secret: it is not stored with the operation, and a repeat
                                    ///< is told that it was done, without the secret
  int answer_status = 200;          ///< when all goes well; for the OpenAPI file
  std::string answer_type = "application/json";
  std::optional<Keep> keep = {};
  std::variant<Read, Prepare, Stream> handler = {};
};

/// Finds who a session token belongs to; from any thread, without waiting for anything.
/// Errors: signed_out when there is no such session or it has ended.
class Visitors {
 public:
  virtual ~Visitors() = default;
  /// @param active counts as activity of the person: false for a stream that only stays open
  virtual base::Result<std::shared_ptr<const access::Visitor>> visitor(std::string_view token, bool active) = 0;
};

}  // namespace yihu::http
