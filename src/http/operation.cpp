#include "http/operation.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace yihu::http {
namespace {

constexpr std::size_t operation_length_max = 64;

std::string text_of(const boost::json::value& json) { return std::string(json.as_string()); }

}  // namespace

bool is_operation(std::string_view text) {
  return !text.empty() && text.size() <= operation_length_max && std::all_of(text.begin(), text.end(), [](char letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           letter == '-' || letter == '_';
  });
}

store::Answer stored_from(const Response& response, const std::string& print, bool once) {
  boost::json::object stored{{"print", print}, {"status", response.status}};
  if (once) {
    stored.emplace("once", true);
    return boost::json::serialize(stored);
  }
  boost::json::array headers;
  for (const auto& [name, value] : response.headers) headers.push_back({name, value});
  stored.emplace("type", response.content_type);
  stored.emplace("etag", response.etag);
  stored.emplace("headers", std::move(headers));
  stored.emplace("body", response.body);
  return boost::json::serialize(stored);
}

base::Result<Response> response_from_stored(const store::Answer& answer, const std::string& print) {
  boost::json::error_code problem;
  const boost::json::value parsed = boost::json::parse(answer, problem);
  if (problem || !parsed.is_object()) {
    return base::fail(base::ErrorKind::internal, "operation_broken", base::text("存储的回答不完整。", "The stored answer is broken."));
  }
  const auto& stored = parsed.get_object();
  if (text_of(stored.at("print")) != print) {
    return base::fail(base::ErrorKind::conflict, "operation_reused",
                      base::text("这个操作编号已用于另一次提交。", "This operation id was used for another request."),
                      base::text("请换一个 Operation-Id。", "Use a new Operation-Id."));
  }
  if (stored.contains("once")) {
    return base::fail(base::ErrorKind::conflict, "answered_once",
                      base::text("这次操作已经完成，结果只显示一次。", "This was done; its result is shown only once."),
                      base::text("如没有记下，请重新办理。", "If you did not note it, do it anew."));
  }
  Response response;
  response.status = static_cast<int>(stored.at("status").as_int64());
  response.content_type = text_of(stored.at("type"));
  response.etag = text_of(stored.at("etag"));
  response.body = text_of(stored.at("body"));
  for (const auto& header : stored.at("headers").as_array()) {
    response.headers.emplace_back(text_of(header.as_array().at(0)), text_of(header.as_array().at(1)));
  }
  return response;
}

}  // namespace yihu::http
