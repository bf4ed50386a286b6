// The whole table of routes, walked by people to whom a household is nobody's business: the cadre of the village beside
// it, a helper of others, the clerk of another town. For them it must not differ from one that does not exist.

#include "http_client.h"

#include "app/demo.h"
#include "app/wiring.h"
#include "http/router.h"
#include "http/server.h"
#include "registry/household_page.h"
#include "registry/identity.h"
#include "registry/rooms.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

namespace yihu::app {
namespace {

namespace json = boost::json;
using http::Answered;
using http::Client;
using http::Method;
using http::Route;

constexpr const char* strange_name = "龘靐犇";
constexpr const char* no_village = "460108999999";

/// Somebody signed in.
class Visitor {
 public:
  Visitor(unsigned short port, const std::string& name, const std::string& password) : port_(port) {
    const std::string body = json::serialize(json::object{{"name", name}, {"password", password}});
    const Answered answered = ask(Method::post, "/api/v1/session", body, "application/json");
    if (answered.status != 200) throw std::runtime_error(name + ": " + answered.body);
    cookie_ = answered.headers.at("set-cookie").substr(0, answered.headers.at("set-cookie").find(';'));
    me_ = json::parse(answered.body).as_object();
    token_ = me_.at("csrf_token").as_string();
  }
  Answered ask(Method method, const std::string& path, const std::string& body = "", std::string_view type = "application/json") {
    // One connection each: a refusal ends it when there is a body it did not read.
    Client client(port_);
    Answered answered = client.ask(fmt::format("{} {} HTTP/1.1\r\nHost: x\r\nCookie: {}\r\nX-CSRF-Token: {}\r\nIf-Match: \"1\"\r\nContent-Type: {}\r\n"
                                   "Content-Length: {}\r\n\r\n{}", http::name_of(method), path, cookie_, token_, type, body.size(), body));
    EXPECT_NE(answered.status, 0) << path;
    return answered;
  }
  json::value get(const std::string& path) { return json::parse(ask(Method::get, path).body); }
  std::string id() const { return std::string(me_.at("user").at("id").as_string()); }

 private:
  unsigned short port_;
  std::string cookie_;
  std::string token_;
  json::object me_;
};

/// The least that a schema takes.
json::value sample(const json::value& schema, const std::string& key = {}) {
  const json::object& object = schema.as_object();
  if (const json::value* one = object.if_contains("enum")) return one->as_array().at(0);
  if (const json::value* any = object.if_contains("anyOf")) return sample(any->as_array().at(0), key);
  const json::value* kind = object.if_contains("type");
  const std::string type(kind == nullptr ? "object" : kind->is_array() ? kind->as_array().at(0).as_string() : kind->as_string());
  const json::value* format = object.if_contains("format");
  if (type == "string" && format && *format == "date") return "2019-04-01";
  if (type == "string" && format && *format == "uuid") return "0190a0a0-0000-7000-8000-000000000001";
  if (type == "string") return key == "field" ? "id_number" : key == "relation" || key == "former_relation" ? "other" : key == "village" ? "460108104200" : "poor";
  if (type == "integer" || type == "number") return 1;
  if (type == "boolean") return false;
  if (type == "array") return json::array{sample(object.at("items"))};
  json::object out;
  if (const json::value* required = object.if_contains("required")) {
    for (const json::value& name : required->as_array()) out[name.as_string()] = sample(object.at("properties").at(name.as_string()), std::string(name.as_string()));
  }
  return out;
}

class ReachTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { house = new House; }
  static void TearDownTestSuite() {
    delete house;
    house = nullptr;
  }

  struct House {
    House() {
      std::string pattern = (std::filesystem::temp_directory_path() / "yihu-reach-XXXXXX").string();
      folder = ::mkdtemp(pattern.data());
      const auto demo = make_demo({.folder = folder / "data", .other_people = 0}, {}, {});
      if (!demo) throw std::runtime_error(base::describe(demo.error(), base::Language::en));
      password = demo->password;
      office = *open_office(folder / "data", OpenFor::writing);
      wiring.emplace(office);
      routes = wiring->routes();
      http::Wiring parts{.store = *office.store, .visitors = wiring->visitors(), .routes = wiring->routes(), .web = *http::WebFiles::load({}), .port = 0};
      server = *http::Server::start(std::move(parts));
      choose();
    }
    ~House() {
      server.reset();
      wiring.reset();
      office.store.reset();
      std::error_code ignored;
      std::filesystem::remove_all(folder, ignored);
    }
    Visitor sign_in(const std::string& name) { return {server->port(), name, password}; }

    /// A listed household of a village that is not the cadre's, of his town when there is one, and not the helper's.
    void choose() {
      Visitor cadre = sign_in("cadre");
      Visitor admin = sign_in("admin");
      const json::value areas = cadre.get("/api/v1/areas");
      for (const json::value& area : areas.at("items").as_array()) {
        if (area.at("within_reach").as_bool()) own_village = area.at("code").as_string();
      }
      Visitor helper = sign_in("helper");
      const std::string helped = json::serialize(helper.get("/api/v1/households?limit=500"));
      const json::value lines = admin.get("/api/v1/households?listed=true&limit=500");
      for (const json::value& line : lines.at("items").as_array()) {
        const std::string id(line.at("id").as_string()), place(line.at("village").as_string());
        const bool nearer = place.starts_with(own_village.substr(0, 9));
        if (place == own_village || helped.find(id) != helped.npos || (!household.empty() && !nearer)) continue;
        household = id;
        village = place;
        secrets = {id, std::string(line.at("code").as_string()), strange_name};
      }
      if (household.empty()) throw std::runtime_error("the demo has no listed household outside of the cadre's village");
      const json::value page = admin.get("/api/v1/households/" + household);
      for (const json::value& member : page.at("members").as_array()) secrets.emplace_back(member.at("id").as_string());
      person = page.at("members").at(0).at("id").as_string();
      const auto written = office.store->write({"system:test", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
        correction = TRY(registry::correct_identity(transaction, {office.store->secrets()}, access::Viewer::system("test"), {person},
                                                    {{"name", std::string(strange_name)}}, {base::date_of(transaction.now()), "更正"})).value;
        return store::Answer();
      });
      if (!written) throw std::runtime_error(base::describe(written.error(), base::Language::en));
      const json::value ledgers = admin.get("/api/v1/households/" + household + "/ledgers");
      for (const json::value& one : ledgers.at("items").as_array()) {
        for (const json::value& line : one.at("rows").as_array()) {
          ledger = one.at("id").as_string();
          row = line.at("id").as_string();
        }
      }
      const json::value rules = admin.get("/api/v1/rules");
      for (const json::value& line : rules.at("items").as_array()) {
        if (line.at("rule").at("subject") == "household") rule = line.at("rule").at("id").as_string();
      }
      goal = admin.get("/api/v1/goals").at("items").at(0).at("id").as_string();
    }
    std::map<std::string, std::string> names(bool real) const {
      const std::string none = "0190a0a0-0000-7000-8000-000000000009";
      return {{"household", real ? household : none}, {"subject", real ? household : none}, {"person", real ? person : none},
              {"row", real ? row : none}, {"correction", real ? correction : none}, {"ledger", ledger}, {"rule", rule}, {"goal", goal}};
    }

    std::filesystem::path folder;
    std::string password;
    Office office;
    std::optional<Wiring> wiring;
    std::vector<Route> routes;
    std::unique_ptr<http::Server> server;
    std::string own_village, village, household, person, correction, ledger, row, rule, goal;
    std::vector<std::string> secrets;   ///< what only those who may see the household read anywhere
  };
  static inline House* house = nullptr;

  static std::optional<std::string> filled(std::string path, bool real) {
    const auto names = house->names(real);
    for (const std::string& name : http::parameter_names(path)) {
      const auto value = names.find(name);
      if (value == names.end()) return std::nullopt;
      path.replace(path.find("{" + name + "}"), name.size() + 2, value->second);
    }
    return path;
  }
  static std::string told_secret(const Answered& answered) {
    for (const std::string& secret : house->secrets) {
      if (answered.body.find(secret) != answered.body.npos) return secret;
    }
    return {};
  }
  /// With filters that ask for the household's place or itself, and for ones that do not exist.
  static std::vector<std::pair<std::string, std::string>> questions(const Route& route) {
    std::vector<std::pair<std::string, std::string>> out{{"", ""}};
    const json::object* schema = route.query_schema.if_object();
    if (schema == nullptr) return out;
    for (const auto& [key, value] : *schema) {
      if (key == "area" || key == "village") out.emplace_back(fmt::format("?{}={}", std::string(key), house->village), fmt::format("?{}={}", std::string(key), no_village));
      if (key == "subject" || key == "household") out.emplace_back(fmt::format("?{}={}", std::string(key), house->household), fmt::format("?{}={}", std::string(key), house->names(false).at("household")));
    }
    return out;
  }

  /// @returns how many answers told something
  static int walk_reads(Visitor& visitor, bool stranger, const std::string& who) {
    int told = 0;
    for (const Route& route : house->routes) {
      if (route.method != Method::get || std::holds_alternative<http::Stream>(route.handler)) continue;
      const auto real = filled(route.path, true);
      const auto none = filled(route.path, false);
      if (!real) continue;
      for (const auto& [question, question_none] : questions(route)) {
        const Answered answered = visitor.ask(Method::get, *real + question);
        const std::string secret = told_secret(answered);
        told += secret.empty() ? 0 : 1;
        if (!stranger) continue;
        EXPECT_EQ(secret, "") << who << " " << *real << question << "\n" << answered.body.substr(0, 400);
        if (real == none) continue;
        const Answered other = visitor.ask(Method::get, *none + question);
        EXPECT_EQ(answered.status, other.status) << who << " " << *real;
        EXPECT_EQ(answered.body, other.body) << who << " " << *real << ": not yours and not there must read the same";
      }
    }
    for (const std::string& text : house->secrets) {
      const Answered answered = visitor.ask(Method::post, "/api/v1/people/search", json::serialize(json::object{{"text", text}}));
      told += told_secret(answered).empty() ? 0 : 1;
      if (!stranger) continue;
      EXPECT_EQ(told_secret(answered), "") << who << " looks for " << text;
    }
    return told;
  }
};

TEST_F(ReachTest, what_is_not_ones_own_reads_as_if_it_were_not_there) {
  ASSERT_FALSE(house->row.empty());
  Visitor admin = house->sign_in("admin");
  EXPECT_GE(walk_reads(admin, false, "admin"), 12) << "who may see it does: the walk can find something";
  for (const char* name : {"cadre", "helper"}) {
    Visitor stranger = house->sign_in(name);
    walk_reads(stranger, true, name);
  }
}

TEST_F(ReachTest, counts_of_a_strange_village_are_those_of_none) {
  Visitor cadre = house->sign_in("cadre");
  for (const Route& route : house->routes) {
    const auto path = filled(route.path, true);
    if (route.method != Method::get || !path || !route.query_schema.is_object() || !route.query_schema.as_object().contains("area")) continue;
    const Answered real = cadre.ask(Method::get, *path + "?area=" + house->village);
    const Answered none = cadre.ask(Method::get, *path + "?area=" + no_village);
    EXPECT_EQ(real.status, none.status) << *path;
    if (real.headers.at("content-type").find("json") == std::string::npos) continue;
    EXPECT_EQ(real.body, none.body) << *path << ": a count tells who is there";
  }
}

TEST_F(ReachTest, what_is_not_ones_own_cannot_be_written) {
  for (const char* name : {"cadre", "helper"}) {
    Visitor stranger = house->sign_in(name);
    int written = 0;
    for (const Route& route : house->routes) {
      const auto real = filled(route.path, true);
      const auto none = filled(route.path, false);
      if (route.method == Method::get || !real || real == none) continue;
      const std::string body = route.body_schema.is_null() ? "" : json::serialize(sample(route.body_schema));
      const Answered answered = stranger.ask(route.method, *real, body);
      const Answered other = stranger.ask(route.method, *none, body);
      EXPECT_GE(answered.status, 400) << name << " " << *real << " " << body;
      EXPECT_EQ(answered.status, other.status) << name << " " << *real << " " << body << "\n" << answered.body << "\n" << other.body;
      EXPECT_EQ(answered.body, other.body) << name << " " << *real;
      EXPECT_EQ(told_secret(answered), "") << name << " " << *real;
      written += answered.status == 404 ? 1 : 0;
    }
    const bool may_write = name == std::string("cadre");
    EXPECT_GE(written, may_write ? 12 : 0) << "only refused as not there, with a body that fits, does it prove anything";
  }
}

}  // namespace
}  // namespace yihu::app
