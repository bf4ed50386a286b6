// Structs, their JSON, their schemas, and the checking of bodies: all from one description.

#include "http/json_from.h"
#include "http/page.h"
#include "http/schema.h"
#include "http/schema_from.h"
#include "http/value_from_json.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace yihu::http {
namespace {

using boost::json::parse;
using boost::json::serialize;

enum class Colour { red, green, default_ };
BOOST_DESCRIBE_ENUM(Colour, red, green, default_)

struct Named_ {
  base::UnitId id;
  base::Text name;
};
BOOST_DESCRIBE_STRUCT(Named_, (), (id, name))

struct Thing : Named_ {
  std::optional<base::Date> day;
  base::Instant at;
  base::Span span;
  std::vector<Colour> colours;
  std::map<std::string, double> figures;
  bool new_ = false;
  std::optional<Named_> parent;
  boost::json::value any;
};
BOOST_DESCRIBE_STRUCT(Thing, (Named_), (day, at, span, colours, figures, new_, parent, any))

struct Wish {
  std::string text;
  std::optional<int> count;
  std::vector<base::UnitId> units;
  std::optional<Colour> colour;
  std::optional<base::Date> by;
};
BOOST_DESCRIBE_STRUCT(Wish, (), (text, count, units, colour, by))

Thing thing() {
  Thing made;
  made.id = base::UnitId::make();
  made.name = base::text("教育局", "Education");
  made.at = {1'556'583'300'000'000};
  made.span = {3, 9};
  made.colours = {Colour::red, Colour::default_};
  made.figures = {{"a", 0.5}};
  made.any = parse(R"({"x":[1]})");
  return made;
}

std::vector<std::string> places(const std::vector<base::Error>& mistakes) {
  std::vector<std::string> out;
  for (const base::Error& one : mistakes) out.push_back(one.place.field + " " + one.code);
  return out;
}

std::vector<std::string> mistakes(std::string_view body, std::initializer_list<Limit> limits = {}) {
  return places(mistakes_of(parse(body), body_schema_of<Wish>(limits)));
}

TEST(JsonFrom, follows_the_fields_and_the_language) {
  Thing one = thing();
  one.id.value = "i";
  EXPECT_EQ(serialize(json_from(one, base::Language::zh)),
            R"({"id":"i","name":"教育局","day":null,"at":"2019-04-30T08:15:00+08:00","span":[3,9],)"
            R"("colours":["red","default"],"figures":{"a":5E-1},"new":false,"parent":null,"any":{"x":[1]}})");
  EXPECT_EQ(json_from(one, base::Language::en).at("name").as_string(), "Education");
}

TEST(SchemaFrom, what_json_from_writes_fits_the_schema) {
  Thing one = thing();
  EXPECT_EQ(places(mistakes_of(json_from(one, base::Language::zh), schema_of<Thing>())), std::vector<std::string>{});
  one.parent = Named_{base::UnitId::make(), base::text("区政府", "District")};
  one.day = base::make_date(2019, 4, 30);
  EXPECT_EQ(places(mistakes_of(json_from(one, base::Language::zh), schema_of<Thing>())), std::vector<std::string>{});
  one.parent->id.value = "not an id";
  EXPECT_EQ(places(mistakes_of(json_from(one, base::Language::zh), schema_of<Thing>())),
            std::vector<std::string>{"/parent/id field_type"});
}

TEST(SchemaFrom, a_body_may_leave_out_what_is_optional) {
  EXPECT_EQ(mistakes(R"({"text":"a","units":[]})"), std::vector<std::string>{});
  EXPECT_EQ(mistakes(R"({"text":"a","units":[],"count":null,"colour":null,"by":null})"), std::vector<std::string>{});
  EXPECT_EQ(serialize(schema_of<Wish>().at("required")), R"(["text","count","units","colour","by"])");
  EXPECT_EQ(serialize(body_schema_of<Wish>().at("required")), R"(["text","units"])");
}

TEST(Schema, every_mistake_has_its_place) {
  EXPECT_EQ(mistakes(R"({"count":"3","units":["x",7],"colour":"blue","by":"2019-02-30","extra~/":1})"),
            (std::vector<std::string>{"/text field_missing", "/count field_type", "/units/0 field_type",
                                      "/units/1 field_type", "/colour field_type", "/by field_type",
                                      "/extra~0~1 field_unknown"}));
  EXPECT_EQ(mistakes("[]"), std::vector<std::string>{" field_type"});
  EXPECT_EQ(mistakes("null"), std::vector<std::string>{" field_type"});
}

TEST(Schema, limits) {
  const std::initializer_list<Limit> limits{{"/text", {{"minLength", 1}, {"maxLength", 3}}},
                                            {"/count", {{"minimum", 1}, {"maximum", 5}}},
                                            {"/units", {{"maxItems", 1}}}};
  EXPECT_EQ(mistakes(R"({"text":"","units":[],"count":0})", limits),
            (std::vector<std::string>{"/text empty", "/count too_small"}));
  EXPECT_EQ(mistakes(R"({"text":"一二三","units":[],"count":5})", limits), std::vector<std::string>{});
  EXPECT_EQ(mistakes(R"({"text":"一二三四","units":["a","b"],"count":6})", limits),
            (std::vector<std::string>{"/text too_long", "/units too_many", "/count too_large"}));
  EXPECT_EQ(mistakes(R"({"text":"a\u0000","units":[]})"), std::vector<std::string>{"/text character_unusable"});
  EXPECT_EQ(mistakes(fmt::format(R"({{"text":"{}","units":[]}})", std::string(text_code_points_max + 1, 'x'))),
            std::vector<std::string>{"/text too_long"});
}

TEST(Schema, whole_numbers) {
  const boost::json::value schema{{"type", "integer"}};
  EXPECT_TRUE(mistakes_of(parse("3.0"), schema).empty());
  EXPECT_FALSE(mistakes_of(parse("3.5"), schema).empty());
  EXPECT_FALSE(mistakes_of(parse("1e300"), schema).empty());
  const auto wish = value_from_json<Wish>(parse(R"({"text":"a","units":[],"count":99999999999})"));
  ASSERT_FALSE(wish) << "the schema cannot say that an int is small; reading it does";
  EXPECT_EQ(wish.error().place.field, "/count");
}

TEST(Schema, broken_json_is_placed) {
  const auto broken = [](std::string_view body) {
    const auto checked = checked_json(body, boost::json::value{{"type", "object"}});
    return checked ? "fine" : fmt::format("{} {}:{}", checked.error().code, checked.error().place.line, checked.error().place.column);
  };
  EXPECT_EQ(broken("{}"), "fine");
  EXPECT_EQ(broken(" {} \n"), "fine");
  EXPECT_EQ(broken("{\n \"一\": ?}"), "json_broken 2:7");
  EXPECT_EQ(broken("{} x"), "json_broken 1:4");
  EXPECT_EQ(broken("{"), "json_broken 1:2");
  EXPECT_EQ(broken(""), "json_broken 1:1");
  EXPECT_TRUE(broken("{\"a\":\"\xff\"}").starts_with("json_broken"));
  EXPECT_TRUE(broken(std::string(100, '[')).starts_with("json_broken"));
}

TEST(ValueFromJson, reads_what_was_written) {
  const auto wish = value_from_json<Wish>(
      parse(R"({"text":"a","count":3,"units":["0190a0a0-0000-7000-8000-000000000001"],"colour":"default","by":"2019-04-30"})"));
  ASSERT_TRUE(wish);
  EXPECT_EQ(wish->count, 3);
  EXPECT_EQ(wish->units.size(), 1u);
  EXPECT_EQ(wish->colour, Colour::default_);
  EXPECT_EQ(base::to_string(*wish->by), "2019-04-30");
}

TEST(ValueFromJson, says_all_mistakes) {
  const auto wish = value_from_json<Wish>(parse(R"({"count":"x","units":["y"],"colour":"z"})"));
  ASSERT_FALSE(wish);
  EXPECT_EQ(wish.error().place.field, "/text");
  EXPECT_EQ(wish.error().also.size(), 3u);
}

TEST(Query, is_read_as_its_schema_says) {
  const boost::json::value schema{{"limit", {{"type", "integer"}, {"minimum", 1}}},
                                  {"day", {{"type", "string"}, {"format", "date"}, {"required", true}}},
                                  {"name", {{"type", "string"}}}};
  const auto check = [&](std::initializer_list<std::pair<const char*, const char*>> pairs) {
    Named query;
    for (const auto& [name, value] : pairs) query.add(name, value);
    const auto done = check_query(query, schema);
    return done ? 0u : done.error().also.size() + 1;
  };
  EXPECT_EQ(check({{"day", "2019-04-30"}, {"name", "12"}}), 0u) << "digits are a text where a text is asked for";
  EXPECT_EQ(check({{"day", "2019-04-30"}, {"limit", "7"}}), 0u);
  EXPECT_EQ(check({{"limit", "0"}, {"colour", "red"}}), 3u);
  EXPECT_EQ(check({{"day", "yesterday"}, {"limit", "7x"}}), 2u);
}

TEST(Page, keys_come_back) {
  Request request;
  request.query.add("after", key_from({"一户", "", "3"}));
  request.query.add("limit", "7");
  const auto page = page_from(request, 3);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->after, (std::vector<std::string>{"一户", "", "3"}));
  EXPECT_EQ(page->limit, 7);
  EXPECT_FALSE(page_from(request, 2));
  Request forged;
  forged.query.add("after", "***");
  EXPECT_FALSE(page_from(forged, 1));
}

RC_GTEST_PROP(Page, any_key_comes_back, ()) {
  const auto first = *rc::gen::container<std::string>(rc::gen::inRange('!', '~'));
  const auto second = *rc::gen::container<std::string>(rc::gen::inRange('!', '~'));
  Request request;
  request.query.add("after", key_from({first, second}));
  const auto page = page_from(request, 2);
  RC_ASSERT(page.has_value());
  RC_ASSERT(page->after == (std::vector<std::string>{first, second}));
}

}  // namespace
}  // namespace yihu::http
