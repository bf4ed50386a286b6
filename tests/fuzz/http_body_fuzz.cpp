// Any bytes as a request's body: it is refused with the field, or becomes a value that goes to JSON and back unchanged.
#include "http/json_from.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"

#include <boost/json/serialize.hpp>

#include <cstdint>
#include <cstdlib>

namespace yihu::http {

enum class Kind { first, second, new_ };
BOOST_DESCRIBE_ENUM(Kind, first, second, new_)

struct Part {
  std::string name;
  std::optional<std::int64_t> count;
  double share = 0;
};
BOOST_DESCRIBE_STRUCT(Part, (), (name, count, share))

struct Body {
  std::string text;
  std::optional<base::UnitId> unit;
  std::optional<base::Date> day;
  Kind kind = Kind::first;
  bool done = false;
  int number = 0;
  std::vector<Part> parts;
  std::optional<std::set<std::string>> names;
  boost::json::value anything;
};
BOOST_DESCRIBE_STRUCT(Body, (), (text, unit, day, kind, done, number, parts, names, anything))

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void read(std::string_view bytes) {
  static const boost::json::value schema =
      body_schema_of<Body>({{"/text", {{"minLength", 1}, {"maxLength", 20}}}, {"/parts/*/share", {{"minimum", 0}, {"maximum", 1}}}});
  const auto json = checked_json(bytes, schema);
  if (!json) return expect(!json.error().text.empty());
  const auto body = value_from_json<Body>(*json);
  // The schema does not say how large an int may be, or that every text of a set differs.
  if (!body) return expect(!body.error().text.empty() && body.error().place.field.starts_with("/"));
  const boost::json::value once = json_from(*body, base::Language::zh);
  const auto again = value_from_json<Body>(once);
  expect(again.has_value());
  expect(boost::json::serialize(json_from(*again, base::Language::zh)) == boost::json::serialize(once));
}

}  // namespace
}  // namespace yihu::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  yihu::http::read({reinterpret_cast<const char*>(data), size});
  return 0;
}
