// Any bytes as a request's target: what comes out of path and query is text, and a list's key is read as it was given.
#include "base/utf8.h"
#include "http/page.h"
#include "http/router.h"
#include "http/schema.h"

#include <cstdint>
#include <cstdlib>

namespace yihu::http {
namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void expect_text(const Named& named) {
  for (const auto& [name, value] : named) {
    for (const std::string* one : {&name, &value}) expect(base::is_utf8(*one) && one->find('\0') == one->npos);
  }
}

std::vector<Route> table() {
  std::vector<Route> all;
  for (const char* path : {"/api/v1/plans", "/api/v1/plans/{plan}/board", "/api/v1/plans/current/board",
                           "/api/v1/plans/{a}/difference/{b}", "/calendar/{secret}.ics", "/calendar/{any}", "/{a}/{b}/{c}"}) {
    all.push_back({.path = path, .name = path});
  }
  all.push_back({.method = Method::remove, .path = "/api/v1/plans/{plan}", .name = "remove"});
  return all;
}

void read(std::string_view text) {
  static const std::vector<Route> routes = table();
  static const Router router(routes);
  static const boost::json::value schema = page_schema({{"on", {{"type", "string"}, {"format", "date"}}},
                                                        {"unit", {{"type", "string"}, {"format", "uuid"}, {"required", true}}},
                                                        {"late", {{"type", "boolean"}}},
                                                        {"state", {{"type", "string"}, {"enum", {"late", "done"}}}}});
  auto target = target_from(text);
  if (!target) return expect(!target.error().text.empty());
  expect_text(target->query);
  for (const Method method : {Method::get, Method::remove}) {
    const auto match = router.find(method, target->path);
    expect_text(match.path);
    for (const auto& [name, value] : match.path) expect(!name.empty() && !value.empty());
  }
  Request request;
  request.query = std::move(target->query);
  if (const auto checked = check_query(request.query, schema); !checked) return expect(!checked.error().text.empty());
  const auto page = page_from(request, 2);
  if (!page) return expect(!page.error().text.empty());
  expect(page->limit >= 1);
  if (page->after.empty()) return;
  Request again;
  again.query.add("after", key_from({page->after[0], page->after[1]}));
  const auto repeated = page_from(again, 2);
  expect(repeated && repeated->after == page->after);
}

}  // namespace
}  // namespace yihu::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  yihu::http::read({reinterpret_cast<const char*>(data), size});
  return 0;
}
