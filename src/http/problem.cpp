#include "http/problem.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace yihu::http {
namespace {

using boost::json::object;

constexpr const char* retry_after_seconds = "2";

base::Text title_of(int status) {
  switch (status) {
    case 400: return {"请求不完整", "Bad request"};
    case 401: return {"尚未登录", "Not signed in"};
    case 403: return {"没有权限", "Not allowed"};
    case 404: return {"没有找到", "Not found"};
    case 405: return {"不能这样操作", "Method not allowed"};
    case 408: return {"等待超时", "Timed out"};
    case 409: return {"与现有内容冲突", "Conflict"};
    case 412: return {"内容已变", "Changed meanwhile"};
    case 413: return {"内容过大", "Too large"};
    case 415: return {"内容类型不对", "Unsupported content type"};
    case 422: return {"填写有误", "Some fields are wrong"};
    case 428: return {"缺少版本", "Version missing"};
    case 429: return {"过于频繁", "Too many requests"};
    case 431: return {"请求头过大", "Headers too large"};
    case 503: return {"暂时无法处理", "Not available just now"};
    default: return {"系统出错", "Our mistake"};
  }
}

object mistake_from(const base::Error& error, base::Language language) {
  object out{{"field", error.place.field},
             {"code", error.code},
             {"detail", error.text.in(language)},
             {"mend", error.mend.in(language)}};
  if (error.place.line > 0) {
    out.emplace("line", error.place.line);
    out.emplace("column", error.place.column);
  }
  return out;
}

bool placed(const base::Error& error) { return !error.place.field.empty() || error.place.line > 0; }

}  // namespace

int status_of(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::input: return 422;
    case base::ErrorKind::not_found: return 404;
    case base::ErrorKind::denied: return 403;
    case base::ErrorKind::signed_out: return 401;
    case base::ErrorKind::conflict: return 409;
    case base::ErrorKind::stale: return 412;
    case base::ErrorKind::too_large: return 413;
    case base::ErrorKind::too_many: return 429;
    case base::ErrorKind::unavailable: return 503;
    case base::ErrorKind::cancelled: return 503;
    case base::ErrorKind::internal: return 500;
  }
  return 500;
}

Response problem_from(const base::Error& error, base::Language language) {
  return problem_from(error, language, status_of(error.kind));
}

Response problem_from(const base::Error& error, base::Language language, int status) {
  // What went wrong inside stands in the log under the request's id; a reader can do nothing with it.
  const base::Text text = error.kind == base::ErrorKind::internal
                              ? base::text("系统出错，没有保存。", "Something went wrong on our side; nothing was saved.")
                              : error.text;
  const base::Text mend = error.kind == base::ErrorKind::internal
                              ? base::text("请稍后再试；仍不行时请把请求编号告诉管理员。",
                                           "Try again later; if it stays, tell your administrator the request id.")
                              : error.mend;
  object body{{"type", "about:blank"}, {"title", title_of(status).in(language)}, {"status", status},
              {"code", error.code},    {"detail", text.in(language)},            {"mend", mend.in(language)}};
  boost::json::array errors;
  if (placed(error)) errors.push_back(mistake_from(error, language));
  for (const base::Error& other : error.also) errors.push_back(mistake_from(other, language));
  body.emplace("errors", std::move(errors));

  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = boost::json::serialize(body);
  if (status == 429 || status == 503) response.headers.emplace_back("Retry-After", retry_after_seconds);
  return response;
}

boost::json::value problem_schema() {
  const auto text = [] { return object{{"type", "string"}}; };
  const auto whole = [] { return object{{"type", "integer"}}; };
  const object mistake{
      {"type", "object"},
      {"title", "Mistake"},
      {"properties",
       object{{"field", text()}, {"code", text()}, {"detail", text()}, {"mend", text()}, {"line", whole()}, {"column", whole()}}},
      {"required", {"field", "code", "detail", "mend"}}};
  return object{{"type", "object"},
                {"title", "Problem"},
                {"properties", object{{"type", text()},
                                      {"title", text()},
                                      {"status", whole()},
                                      {"code", text()},
                                      {"detail", text()},
                                      {"mend", text()},
                                      {"errors", object{{"type", "array"}, {"items", mistake}}}}},
                {"required", {"type", "title", "status", "code", "detail", "mend", "errors"}}};
}

}  // namespace yihu::http
