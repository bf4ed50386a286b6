#pragma once
// One table says what the server answers; the router, the OpenAPI file and the tests all read it.

#include "access/viewer.h"
#include "base/result.h"
#include "store/store.h"

#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace yihu::http {

enum class Method { get, post, put, patch, remove };

struct Request {
  std::map<std::string, std::string, std::less<>> path;   ///< {name} parts of the route, decoded
  std::map<std::string, std::string, std::less<>> query;
  std::string_view body;
  boost::json::value json;          ///< parsed body of routes that take JSON, checked against the route's schema
  std::string content_type;
  std::optional<std::string> if_match;
  std::string operation;            ///< header Operation-Id
  base::Language language = base::Language::zh;
  base::RequestId id;
  std::string peer;                 ///< address, for throttling only; never logged with a person
  std::optional<std::string> session_token;
};

struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::string etag;                                     ///< without quotes; empty for none
  std::vector<std::pair<std::string, std::string>> headers;
};

/// What a writing route leaves to do once its input has been checked: runs on the writer's thread, in a
/// transaction, and must not wait for anything but the database.
using Step = std::function<base::Result<Response>(store::Transaction&)>;

/// What a route may use. Reads see one state of the store.
struct Context {
  const access::Viewer& viewer;
  store::Store& store;
  store::Session& session;
  base::Date today;
};

using Read = std::function<base::Result<Response>(const Request&, Context&)>;
using Prepare = std::function<base::Result<Step>(const Request&, Context&)>;

enum class Entry {
  open,     ///< no session needed: login, health, public pages, secret calendar addresses
  session,
};

/// Quick routes run where the request arrived; slow ones (reading documents, making workbooks) on the work threads.
enum class Pace { quick, slow };

struct Route {
  Method method = Method::get;
  std::string path;                 ///< "/api/v1/units/{unit}"
  std::string name;                 ///< OpenAPI operationId, camelCase: "readUnit"
  base::Text summary;
  Entry entry = Entry::session;
  std::optional<access::Permission> permission;
  Pace pace = Pace::quick;
  boost::json::value query_schema;  ///< object: parameter name → JSON schema
  boost::json::value body_schema;   ///< null: no JSON body
  boost::json::value answer_schema; ///< null: no JSON answer
  std::size_t body_bytes_max = 64 << 10;
  std::variant<Read, Prepare> handler;
};

}  // namespace yihu::http
