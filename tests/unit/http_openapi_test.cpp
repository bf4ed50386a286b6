#include "http/openapi.h"

#include "http/router.h"
#include "http/schema_from.h"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace yihu::http {
namespace {

struct Unit {
  std::string id;
  std::optional<std::string> title;
};
BOOST_DESCRIBE_STRUCT(Unit, (), (id, title))

struct Office {
  Unit unit;
  std::optional<Unit> parent;
};
BOOST_DESCRIBE_STRUCT(Office, (), (unit, parent))

Read nothing() {
  return [](const Request&, Context&) -> base::Result<Response> { return Response{}; };
}
Prepare no_step() {
  return [](const Request&, Context&) -> base::Result<Step> { return Step{}; };
}

boost::json::object described() {
  const base::Text summary = base::text("单位", "Units");
  std::vector<Route> routes;
  routes.push_back({.method = Method::get, .path = "/units/{unit}", .name = "readUnit", .summary = summary,
                    .query_schema = {{"day", {{"type", "string"}, {"required", true}}}},
                    .answer_schema = schema_of<Office>(), .handler = nothing()});
  routes.push_back({.method = Method::patch, .path = "/units/{unit}", .name = "changeUnit", .summary = summary,
                    .body_schema = body_schema_of<Unit>(), .answer_schema = schema_of<Unit>(), .edits = true,
                    .handler = no_step()});
  routes.push_back({.method = Method::get, .path = "/units", .name = "listUnits", .summary = summary,
                    .answer_schema = schema_of<List<Unit>>(), .handler = nothing()});
  return openapi_from(routes, "1.2.3");
}

TEST(OpenApi, types_are_listed_once_under_their_names) {
  const auto file = described();
  std::string names;
  for (const auto& [name, schema] : file.at("components").at("schemas").as_object()) names += std::string(name) + " ";
  EXPECT_EQ(names, "Unit Office UnitList Mistake Problem UnitInput ") << boost::json::serialize(file);
}

TEST(OpenApi, a_field_called_title_stays_a_field) {
  const auto file = described();
  const auto& unit = file.at("components").at("schemas").at("Unit");
  EXPECT_EQ(boost::json::serialize(unit.at("properties").at("title")), R"({"type":["string","null"]})");
  EXPECT_FALSE(unit.as_object().contains("title"));
}

TEST(OpenApi, parameters_come_from_path_query_and_rules) {
  const auto file = described();
  const auto names = [&](const char* method) {
    std::string out;
    for (const auto& one : file.at("paths").at("/units/{unit}").at(method).at("parameters").as_array()) {
      out += std::string(one.at("name").as_string()) + (one.at("required").as_bool() ? "! " : " ");
    }
    return out;
  };
  EXPECT_EQ(names("get"), "unit! day! ");
  EXPECT_EQ(names("patch"), "unit! X-CSRF-Token! Operation-Id If-Match! ");
}

}  // namespace
}  // namespace yihu::http
