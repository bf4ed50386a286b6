#include "http/router.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace yihu::http {
namespace {

std::vector<Route> table(std::initializer_list<std::pair<Method, const char*>> routes) {
  std::vector<Route> all;
  for (const auto& [method, path] : routes) all.push_back({.method = method, .path = path, .name = path, .summary = {}});
  return all;
}

const auto routes = table({{Method::get, "/plans"},
                           {Method::post, "/plans"},
                           {Method::get, "/plans/{plan}/board"},
                           {Method::get, "/plans/{plan}/tasks/{no}"},
                           {Method::get, "/plans/current/board"},
                           {Method::get, "/plans/{a}/difference/{b}"},
                           {Method::get, "/plans/{plan}/plan.json"},
                           {Method::get, "/calendar/{secret}.ics"},
                           {Method::get, "/calendar/{secret}.json.ics"},
                           {Method::get, "/calendar/{any}"}});

std::string found(Method method, std::string_view path) {
  static const Router router(routes);
  const auto match = router.find(method, path);
  std::string out = match.route ? match.route->path : "-";
  for (const auto& [name, value] : match.path) out += " " + name + "=" + value;
  for (const Method known : match.methods) out += " " + std::string(name_of(known));
  return out;
}

TEST(Router, finds_by_method_and_path) {
  EXPECT_EQ(found(Method::get, "/plans"), "/plans");
  EXPECT_EQ(found(Method::get, "/plans/7/board"), "/plans/{plan}/board plan=7");
  EXPECT_EQ(found(Method::get, "/plans/7/tasks/3"), "/plans/{plan}/tasks/{no} plan=7 no=3");
  EXPECT_EQ(found(Method::get, "/plans/7/difference/8"), "/plans/{a}/difference/{b} a=7 b=8");
}

TEST(Router, a_fixed_segment_wins_but_does_not_block) {
  EXPECT_EQ(found(Method::get, "/plans/current/board"), "/plans/current/board");
  EXPECT_EQ(found(Method::get, "/plans/current/plan.json"), "/plans/{plan}/plan.json plan=current");
}

TEST(Router, endings_of_parameters) {
  EXPECT_EQ(found(Method::get, "/calendar/abc.ics"), "/calendar/{secret}.ics secret=abc");
  EXPECT_EQ(found(Method::get, "/calendar/abc.json.ics"), "/calendar/{secret}.json.ics secret=abc");
  EXPECT_EQ(found(Method::get, "/calendar/abc"), "/calendar/{any} any=abc");
  EXPECT_EQ(found(Method::get, "/calendar/.ics"), "/calendar/{any} any=.ics");
}

TEST(Router, what_is_not_there) {
  EXPECT_EQ(found(Method::remove, "/plans"), "- GET POST");
  for (const char* path : {"", "/", "/plan", "/plans/", "/plans//board", "plans", "/plans/7", "/plans/7/board/",
                           "/plans/7/board/x", "//plans"}) {
    EXPECT_EQ(found(Method::get, path), "-") << path;
  }
}

TEST(Router, parameters_are_decoded_once) {
  EXPECT_EQ(found(Method::get, "/calendar/%E4%B8%80%2F%20x"), "/calendar/{any} any=一/ x");
  EXPECT_EQ(found(Method::get, "/calendar/%252e"), "/calendar/{any} any=%2e");
  EXPECT_EQ(found(Method::get, "/calendar/a+b"), "/calendar/{any} any=a+b");
  for (const char* broken : {"/calendar/%", "/calendar/%4", "/calendar/%zz", "/calendar/%ff", "/calendar/a%00b"}) {
    EXPECT_EQ(found(Method::get, broken), "-") << broken;
  }
}

TEST(Target, splits_path_and_query) {
  const auto target = target_from("/a/b?x=1&y=%E4%B8%80+2&empty=&bare&&x=3");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a/b");
  EXPECT_EQ(target->query.at("x"), "1");
  EXPECT_EQ(target->query.at("y"), "一 2");
  EXPECT_TRUE(target->query.contains("empty"));
  EXPECT_TRUE(target->query.contains("bare"));
  EXPECT_EQ(target->query.integer("x"), 1);
  EXPECT_EQ(target->query.integer("y"), std::nullopt);
  for (const char* broken : {"", "a", "*", "http://x/", "/a?x=%", "/a?%ff=1", "/a?x=%00"}) {
    EXPECT_FALSE(target_from(broken)) << broken;
  }
  std::string many = "/?";
  for (std::size_t i = 0; i <= query_parameters_max; ++i) many += "x&";
  EXPECT_FALSE(target_from(many));
}

RC_GTEST_PROP(Target, whatever_is_encoded_comes_back, (const std::string& bytes)) {
  std::string encoded;
  for (const char letter : bytes) encoded += fmt::format("%{:02x}", static_cast<unsigned char>(letter));
  const auto decoded = decoded_segment(encoded);
  RC_ASSERT(!decoded || *decoded == bytes);
  const bool ascii = std::all_of(bytes.begin(), bytes.end(), [](char letter) { return letter > 0; });
  RC_ASSERT(decoded || !ascii);
}

}  // namespace
}  // namespace yihu::http
