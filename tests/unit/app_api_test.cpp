// The whole house behind its API: a demo store, every room's routes, a real server. What the description promises is
// what is answered, and nothing is open that should not be.

#include "http_client.h"

#include "app/demo.h"
#include "app/wiring.h"
#include "http/openapi.h"
#include "http/router.h"
#include "http/schema.h"
#include "http/server.h"
#include "ledger/row_change.h"
#include "registry/registration.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>
#include <stdlib.h>

namespace yihu::app {
namespace {

namespace json = boost::json;
using http::Answered;
using http::Client;
using http::Route;

constexpr const char* short_plan =
    "某县2020年脱贫攻坚工作要点\n一、总体要求\n（一）做好饮水安全。牵头单位：县水务局\n1.4月底前完成水质检测。\n2.每月走访一次。\n";

/// No field beyond those the schema names.
json::value strict(json::value schema) {
  if (json::object* object = schema.if_object()) {
    for (auto& [key, inner] : *object) inner = strict(inner);
    if (object->contains("properties") && object->at("properties").is_object() && !object->contains("additionalProperties")) {
      object->emplace("additionalProperties", false);
    }
  } else if (json::array* list = schema.if_array()) {
    for (json::value& inner : *list) inner = strict(inner);
  }
  return schema;
}

class ApiTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { house = new House; }
  static void TearDownTestSuite() {
    delete house;
    house = nullptr;
  }

  struct House {
    House() {
      std::string pattern = (std::filesystem::temp_directory_path() / "yihu-api-XXXXXX").string();
      folder = ::mkdtemp(pattern.data());
      const auto demo = make_demo({.folder = folder / "data", .other_people = 0}, {}, {});
      if (!demo) throw std::runtime_error(base::describe(demo.error(), base::Language::en));
      office = *open_office(folder / "data", OpenFor::writing);
      wiring.emplace(office);
      routes = wiring->routes();
      http::Wiring parts{.store = *office.store, .visitors = wiring->visitors(), .routes = wiring->routes(),
                         .web = *http::WebFiles::load({}), .port = 0};
      server = *http::Server::start(std::move(parts));
      client.emplace(server->port());
      sign_in("admin", demo->password);
    }
    ~House() {
      server.reset();
      wiring.reset();
      office.store.reset();
      std::error_code ignored;
      std::filesystem::remove_all(folder, ignored);
    }
    void sign_in(const std::string& name, const std::string& password) {
      const std::string body = json::serialize(json::object{{"name", name}, {"password", password}});
      Answered answered = client->ask(fmt::format(
          "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
          body.size(), body));
      if (answered.status != 200) throw std::runtime_error(answered.body);
      cookie = answered.headers["set-cookie"].substr(0, answered.headers["set-cookie"].find(';'));
      me = json::parse(answered.body).as_object();
      token = me.at("csrf_token").as_string();
    }
    Answered get(const std::string& path) {
      return client->ask(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n", path, cookie));
    }
    Answered post(const std::string& path, const std::string& body, std::string_view type = "application/octet-stream") {
      return client->ask(fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nCookie: {}\r\nX-CSRF-Token: {}\r\n"
                                     "Content-Type: {}\r\nContent-Length: {}\r\n\r\n{}",
                                     path, cookie, token, type, body.size(), body));
    }

    std::filesystem::path folder;
    Office office;
    std::optional<Wiring> wiring;
    std::vector<Route> routes;
    std::unique_ptr<http::Server> server;
    std::optional<Client> client;
    std::string cookie;
    std::string token;
    json::object me;
  };
  static inline House* house = nullptr;

  static json::value read(const std::string& path) { return json::parse(house->get(path).body); }

  /// A row of a ledger and a workbook on its way into it.
  static void add_ledger(std::map<std::string, std::string>& names) {
    names["ledger"] = "village_clinics";
    const Answered taken = house->post("/api/v1/ledgers/village_clinics/imports?name=clinics.csv",
                                       "行政村代码,有标准化卫生室,合格村医人数\n460108104200,是,2\n460108104200,大概,2\n");
    EXPECT_EQ(taken.status, 201) << taken.body;
    names["ledger_import"] = json::parse(taken.body).at("id").as_string();
    const ledger::Ledgers ledgers(house->office.pack);
    const ledger::LedgerTable* table = *ledgers.find("village_clinics");
    const ledger::Reach reach{.all = true};
    const ledger::Editing editing{house->office.pack, *table, reach, house->office.store->secrets()};
    const auto written = house->office.store->write({"system:test", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      const auto there = TRY(transaction.query(table->by_subject(), {{"subject", "460108104200"}, {"period", "2018"}}));
      if (!there.empty()) return there.front().text(0);
      return TRY(ledger::change_rows(transaction, editing, {{.subject = "460108104200", .period = "2018", .cells = {{"built", true}}}})).front().id;
    });
    EXPECT_TRUE(written) << base::describe(written.error(), base::Language::en);
    names["row"] = *written;
  }

  /// A roster on its way, and a comparison.
  static void add_comparison(std::map<std::string, std::string>& names) {
    names["roster"] = "school_register";
    const Answered run = house->post("/api/v1/rosters/school_register/runs?name=school.csv&period=2019-H1&areas=460108",
                                     "姓名,证件号码,学校\n张三,460000201001010019,镇中心学校\n");
    EXPECT_EQ(run.status, 201) << run.body;
    names["roster_run"] = json::parse(run.body).at("id").as_string();
    const Answered made = house->post("/api/v1/comparisons", json::serialize(json::object{{"title", "上半年"}}), "application/json");
    EXPECT_EQ(made.status, 201) << made.body;
    names["comparison"] = json::parse(made.body).at("id").as_string();
  }

  /// A value for each {name} that stands in a path of the table.
  static std::map<std::string, std::string> known() {
    std::map<std::string, std::string> names;
    const std::string plan(house->me.at("plan").at("id").as_string());
    names["plan"] = names["a"] = names["b"] = plan;
    names["unit"] = read("/api/v1/units").at("items").at(0).at("id").as_string();
    names["user"] = house->me.at("user").at("id").as_string();
    names["no"] = "3";
    names["measure"] = read("/api/v1/plans/" + plan + "/tasks/3").at("measures").at(0).at("id").as_string();
    const Answered imported = house->post("/api/v1/plan-imports?name=plan.txt", short_plan);
    EXPECT_EQ(imported.status, 201) << imported.body;
    names["import"] = json::parse(imported.body).at("id").as_string();
    registry::Added added;
    registry::NewHousehold household;
    household.village = "460108104200";
    household.registered_on = base::make_date(2019, 1, 1);
    household.members = {{{{"name", std::string("张三")}, {"relation", std::string("head")}}}};
    household.reason = "登记入册";
    const auto written = house->office.store->write({"system:test", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      added = TRY(registry::add_household(transaction, {house->office.store->secrets()}, access::Viewer::system("test"), household));
      return store::Answer();
    });
    EXPECT_TRUE(written) << base::describe(written.error(), base::Language::en);
    names["household"] = added.household.value;
    names["subject"] = names["household"];
    const json::value rules = read("/api/v1/rules");
    for (const json::value& line : rules.at("items").as_array()) {
      if (line.at("rule").at("subject") == "household") names["rule"] = line.at("rule").at("id").as_string();
    }
    names["goal"] = read("/api/v1/goals").at("items").at(0).at("id").as_string();
    names["person"] = added.members.at(0).value;
    names["correction"] = base::new_uuid();
    add_ledger(names);
    add_comparison(names);
    names["roster_pair"] = names["discrepancy"] = base::new_uuid();
    return names;
  }
};

std::string filled(std::string path, const std::map<std::string, std::string>& values, std::string& missing) {
  for (const std::string& name : http::parameter_names(path)) {
    const auto value = values.find(name);
    if (value == values.end()) {
      missing = name;
      return path;
    }
    path.replace(path.find("{" + name + "}"), name.size() + 2, value->second);
  }
  return path;
}

TEST_F(ApiTest, answers_are_what_the_description_says) {
  const auto values = known();
  int checked = 0;
  for (const Route& route : house->routes) {
    if (route.method != http::Method::get || route.answer_schema.is_null()) continue;
    std::string missing;
    const std::string path = filled(route.path, values, missing);
    ASSERT_EQ(missing, "") << route.path << ": the test knows no value for it";
    // The plan of a pack has no document behind it; its answer is a problem and checked by the plan's own tests.
    if (route.path == "/api/v1/plans/{plan}/document") continue;
    const Answered answered = house->get(path);
    EXPECT_EQ(answered.status, 200) << path << " " << answered.body;
    if (answered.status != 200) continue;
    for (const base::Error& mistake : http::mistakes_of(json::parse(answered.body), strict(route.answer_schema))) {
      ADD_FAILURE() << path << " " << mistake.place.field << " " << mistake.code << " " << mistake.text.en;
    }
    ++checked;
  }
  EXPECT_GE(checked, 15);
}

TEST_F(ApiTest, only_these_are_open) {
  std::set<std::string> open;
  for (const Route& route : house->routes) {
    if (route.entry == http::Entry::open) open.insert(route.name);
  }
  EXPECT_EQ(open, (std::set<std::string>{"readHealth", "signIn", "readCalendar"}));
}

TEST_F(ApiTest, without_a_session_every_other_route_is_closed) {
  const auto values = known();
  for (const Route& route : house->routes) {
    if (route.entry == http::Entry::open) continue;
    Client stranger(house->server->port());
    std::string missing;
    const std::string path = filled(route.path, values, missing);
    const Answered answered = stranger.ask(fmt::format("{} {} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
                                                       http::name_of(route.method), path));
    EXPECT_EQ(answered.status, 401) << http::name_of(route.method) << " " << path;
  }
}

TEST_F(ApiTest, without_its_token_no_write_is_taken) {
  const auto values = known();
  int writes = 0;
  for (const Route& route : house->routes) {
    if (route.entry == http::Entry::open || route.method == http::Method::get) continue;
    Client forged(house->server->port());
    std::string missing;
    const std::string path = filled(route.path, values, missing);
    const Answered answered =
        forged.ask(fmt::format("{} {} HTTP/1.1\r\nHost: x\r\nCookie: {}\r\nContent-Length: 0\r\n\r\n",
                               http::name_of(route.method), path, house->cookie));
    EXPECT_EQ(answered.status, 403) << http::name_of(route.method) << " " << path;
    ++writes;
  }
  EXPECT_GE(writes, 10);
}

void collect_references(const json::value& value, std::set<std::string>& references) {
  if (const json::object* object = value.if_object()) {
    for (const auto& [key, inner] : *object) {
      if (key == "$ref") references.insert(std::string(inner.as_string()));
      collect_references(inner, references);
    }
  } else if (const json::array* list = value.if_array()) {
    for (const json::value& inner : *list) collect_references(inner, references);
  }
}

TEST_F(ApiTest, the_description_is_whole) {
  const json::value file = read("/api/v1/openapi.json");
  EXPECT_EQ(file.at("openapi").as_string(), "3.1.0");
  std::set<std::string> names;
  for (const Route& route : house->routes) {
    std::string method(http::name_of(route.method));
    for (char& letter : method) letter = static_cast<char>(std::tolower(letter));
    const json::object& paths = file.at("paths").as_object();
    ASSERT_TRUE(paths.contains(route.path)) << route.path;
    ASSERT_TRUE(paths.at(route.path).as_object().contains(method)) << method << " " << route.path;
    const json::value& operation = paths.at(route.path).at(method);
    EXPECT_TRUE(names.insert(std::string(operation.at("operationId").as_string())).second) << route.name << " stands twice";
    EXPECT_FALSE(operation.at("summary").as_string().empty()) << route.path;
    EXPECT_FALSE(operation.at("description").as_string().empty()) << route.path;
  }
  EXPECT_EQ(names.size(), house->routes.size());
  std::set<std::string> references;
  collect_references(file, references);
  EXPECT_GE(references.size(), 20u);
  for (const std::string& reference : references) {
    json::error_code problem;
    EXPECT_NE(file.find_pointer(reference.substr(1), problem), nullptr) << reference;
  }
}

TEST_F(ApiTest, ids_that_are_not_there_are_404) {
  for (const char* path : {"/api/v1/plans/0190a0a0-0000-7000-8000-000000000001/board", "/api/v1/plans/x/board",
                           "/api/v1/measures/0190a0a0-0000-7000-8000-000000000001", "/api/v1/measures/%F0%9F%8D%95",
                           "/api/v1/units/none/workbench", "/api/v1/plan-imports/none", "/calendar/none.ics",
                           "/api/v1/evidence/0190a0a0-0000-7000-8000-000000000001"}) {
    EXPECT_EQ(house->get(path).status, 404) << path;
  }
}

}  // namespace
}  // namespace yihu::app
