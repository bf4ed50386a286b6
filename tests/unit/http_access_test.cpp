// Accounts, users, units and calendar addresses through the real server, on a real store filled from the real packs.

#include "http_fixture.h"

#include "access/password.h"
#include "access/permission.h"
#include "area/fill.h"
#include "http/routes_access.h"
#include "http/routes_area.h"
#include "http/schema.h"
#include "plan/tracking/migrations.h"

namespace yihu::http {
namespace {

const std::string good_password = "wo-you-yi-tou-niu";

/// One browser: it keeps its cookie and its CSRF token.
class Browser {
 public:
  Browser(unsigned short port, const std::vector<Route>& table) : port_(port), table_(table) {}

  Answered get(const std::string& path) { return tell("GET", path, "", ""); }
  Answered send(const std::string& method, const std::string& path, const std::string& body, const std::string& more = "") {
    return tell(method, path, body, more);
  }
  Answered sign_in(const std::string& name, const std::string& password) {
    const auto answered = send("POST", "/api/v1/session", boost::json::serialize(boost::json::object{{"name", name}, {"password", password}}));
    if (answered.status == 200) {
      const std::string& cookie = answered.headers.at("set-cookie");
      cookie_ = cookie.substr(0, cookie.find(';'));
      csrf_ = std::string(boost::json::parse(answered.body).at("csrf_token").as_string());
    }
    return answered;
  }
  void without_csrf() { csrf_.clear(); }

 private:
  Answered tell(const std::string& method, const std::string& path, const std::string& body, const std::string& more) {
    std::string request = fmt::format("{} {} HTTP/1.1\r\nHost: x\r\nAccept-Language: en\r\n", method, path);
    if (!cookie_.empty()) request += "Cookie: " + cookie_ + "\r\n";
    if (!csrf_.empty()) request += "X-CSRF-Token: " + csrf_ + "\r\n";
    if (!body.empty()) request += "Content-Type: application/json\r\n";
    request += fmt::format("Content-Length: {}\r\n{}\r\n{}", body.size(), more, body);
    // A refusal may end the connection before the body is read, so each request has its own.
    const auto answered = Client(port_).ask(request);
    check_shape(method, path, answered);
    return answered;
  }
  /// What is answered is what the table describes.
  void check_shape(const std::string& method, const std::string& path, const Answered& answered) {
    if (answered.status >= 300 || answered.body.empty()) return;
    const Router router(table_);
    const auto match = router.find(*method_from(method), path.substr(0, path.find('?')));
    ASSERT_NE(match.route, nullptr) << method << ' ' << path;
    EXPECT_EQ(answered.status, match.route->answer_status) << method << ' ' << path;
    for (const auto& mistake : mistakes_of(boost::json::parse(answered.body), match.route->answer_schema)) {
      ADD_FAILURE() << method << ' ' << path << ' ' << mistake.place.field << ' ' << mistake.text.en << '\n' << answered.body;
    }
  }

  unsigned short port_;
  const std::vector<Route>& table_;
  std::string cookie_;
  std::string csrf_;
};

class Accounts : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "yihu-accounts-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    auto loaded = pack::load("packs/meilan-2019", access::vocabulary());
    ASSERT_TRUE(loaded) << base::describe(loaded.error(), base::Language::en);
    roles_ = std::make_unique<access::Roles>(*loaded);
    store::Options options;
    options.folder = folder_ / "data";
    options.clock = &clock_;
    for (const auto& steps : {area::migrations(), access::migrations(), plan::migrations()}) {
      options.migrations.insert(options.migrations.end(), steps.begin(), steps.end());
    }
    auto opened = store::Store::open(std::move(options));
    ASSERT_TRUE(opened) << base::describe(opened.error(), base::Language::en);
    store_ = *std::move(opened);
    ASSERT_TRUE(area::fill_from_pack(*store_, *loaded));
    sessions_ = std::make_unique<access::Sessions>(*store_, *roles_);
    login_ = std::make_unique<access::Login>(*store_, clock_);
    make("boss", "administrator", "leading-group-office");
    make("clerk", "lead-unit-clerk", "finance");
    start();
  }
  void TearDown() override {
    server_.reset();
    visitors_.reset();
    sessions_.reset();
    login_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void start() {
    visitors_ = visitors_from(*sessions_);
    const AccessServices services{*sessions_, *login_, {store_->secrets(), *roles_}, shelf_, clock_, false};
    table_ = access_routes(services);
    for (Route& route : area_routes(shelf_)) table_.push_back(std::move(route));
    auto web = WebFiles::load(folder_ / "web");
    ASSERT_TRUE(web);
    Wiring wiring{*store_, *visitors_, table_, *std::move(web)};
    wiring.port = 0;
    auto server = Server::start(std::move(wiring));
    ASSERT_TRUE(server) << base::describe(server.error(), base::Language::en);
    server_ = *std::move(server);
  }
  void make(const std::string& name, const std::string& role, const std::string& unit) {
    static const std::string hash = *access::password_hash(good_password);
    auto answer = store_->write({"system:test", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      const area::Directory units = TRY(area::read_directory(transaction));
      (void)TRY(access::make_user(transaction, {store_->secrets(), *roles_}, access::Viewer::system("test"),
                                  {name, "王" + name, units.unit_by_slug(unit)->id, role, false}, hash));
      return store::Answer();
    });
    ASSERT_TRUE(answer) << base::describe(answer.error(), base::Language::en);
  }
  Browser browser() { return Browser(server_->port(), table_); }
  static boost::json::value json(const Answered& answered) { return boost::json::parse(answered.body); }
  static std::string text(const boost::json::value& value) { return std::string(value.as_string()); }
  static std::string code(const Answered& answered) { return text(json(answered).at("code")); }
  std::string unit_id(Browser& who, const std::string& short_name) {
    const auto all = json(who.get("/api/v1/units?limit=500"));
    for (const auto& unit : all.at("items").as_array()) {
      if (text(unit.at("short_name")) == short_name) return text(unit.at("id"));
    }
    return "";
  }

  std::filesystem::path folder_;
  base::FixedClock clock_{base::Instant{1'556'000'000'000'000}};
  std::unique_ptr<access::Roles> roles_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<access::Sessions> sessions_;
  std::unique_ptr<access::Login> login_;
  plan::PlanShelf shelf_;
  std::vector<Route> table_;
  std::unique_ptr<Visitors> visitors_;
  std::unique_ptr<Server> server_;
};

TEST_F(Accounts, NothingIsReachableWithoutASession) {
  auto stranger = browser();
  int closed = 0;
  for (const Route& route : table_) {
    std::string path = route.path;
    while (path.find('{') != path.npos) path.replace(path.find('{'), path.find('}') - path.find('{') + 1, base::new_uuid());
    const auto answered = stranger.send(std::string(name_of(route.method)), path, "", "If-Match: \"1\"\r\n");
    if (route.entry == Entry::open) {
      EXPECT_EQ(route.name, "signIn");
      continue;
    }
    EXPECT_EQ(answered.status, 401) << route.name;
    ++closed;
  }
  EXPECT_EQ(closed, static_cast<int>(table_.size()) - 1);
}

TEST_F(Accounts, SigningInAndOut) {
  auto boss = browser();
  EXPECT_EQ(code(boss.sign_in("boss", "not the password")), "login_failed");
  EXPECT_EQ(code(boss.sign_in("nobody", "not the password")), "login_failed");
  const auto answered = boss.sign_in("boss", good_password);
  ASSERT_EQ(answered.status, 200) << answered.body;
  const std::string& cookie = answered.headers.at("set-cookie");
  EXPECT_NE(cookie.find("HttpOnly"), cookie.npos);
  EXPECT_NE(cookie.find("SameSite=Strict"), cookie.npos);
  const auto me = json(boss.get("/api/v1/session"));
  EXPECT_EQ(me, json(answered));
  EXPECT_EQ(text(me.at("user").at("display_name")), "王boss");
  EXPECT_EQ(text(me.at("posts").at(0).at("role_label")), "Administrator");
  EXPECT_EQ(text(me.at("own_unit").at("short_name")), "Leading Group Office");
  EXPECT_TRUE(me.at("plan").is_null());
  auto other = browser();
  ASSERT_EQ(other.sign_in("boss", good_password).status, 200);
  EXPECT_EQ(boss.send("DELETE", "/api/v1/session", "").status, 204);
  EXPECT_EQ(boss.get("/api/v1/session").status, 401);
  EXPECT_EQ(other.get("/api/v1/session").status, 200) << "only this one has signed out";
}

TEST_F(Accounts, GuessingIsSlowedDown) {
  auto guesser = browser();
  for (int i = 0; i < access::Throttle::account_failures_free; ++i) EXPECT_EQ(guesser.sign_in("boss", "guess").status, 401);
  const auto slowed = guesser.sign_in("boss", good_password);
  EXPECT_EQ(slowed.status, 429);
  EXPECT_EQ(code(slowed), "too_many_attempts");
}

TEST_F(Accounts, WritesNeedTheToken) {
  auto boss = browser();
  ASSERT_EQ(boss.sign_in("boss", good_password).status, 200);
  boss.without_csrf();
  EXPECT_EQ(boss.send("DELETE", "/api/v1/session", "").status, 403);
  EXPECT_EQ(boss.get("/api/v1/session").status, 200);
}

TEST_F(Accounts, AUserIsMadeAndComesIn) {
  auto boss = browser();
  ASSERT_EQ(boss.sign_in("boss", good_password).status, 200);
  const std::string body = boost::json::serialize(boost::json::object{
      {"name", "newcomer"}, {"display_name", "新来的"}, {"unit_id", unit_id(boss, "Water")}, {"role", "lead-unit-clerk"}});
  const std::string operation = "Operation-Id: " + base::new_uuid() + "\r\n";
  const auto made = boss.send("POST", "/api/v1/users", body, operation);
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string password = text(json(made).at("one_time_password"));
  EXPECT_EQ(boss.send("POST", "/api/v1/users", body, operation).body.find(password), std::string::npos) << "told once";
  EXPECT_EQ(json(boss.get("/api/v1/users")).at("items").as_array().size(), 3U);
  EXPECT_EQ(boss.send("POST", "/api/v1/users", body).status, 409);

  auto newcomer = browser();
  const auto me = json(newcomer.sign_in("newcomer", password));
  EXPECT_TRUE(me.at("must_change_password").as_bool());
  EXPECT_TRUE(me.at("permissions").as_array().empty());
  EXPECT_EQ(newcomer.get("/api/v1/units").status, 403);
  const auto change = [&](const std::string& old, const std::string& fresh) {
    return newcomer.send("PUT", "/api/v1/session/password", boost::json::serialize(boost::json::object{{"old", old}, {"new", fresh}}));
  };
  EXPECT_EQ(text(json(change("wrong", good_password)).at("errors").at(0).at("field")), "/old");
  EXPECT_EQ(text(json(change(password, "short")).at("errors").at(0).at("field")), "/new");
  EXPECT_EQ(code(change(password, password)), "password_same");
  const auto changed = change(password, good_password);
  ASSERT_EQ(changed.status, 200) << changed.body;
  // Those of his role, and no others: which they are is the pack's to say.
  const std::string granted = boost::json::serialize(json(changed).at("permissions"));
  EXPECT_NE(granted.find("\"measure_report\""), std::string::npos) << granted;
  EXPECT_EQ(granted.find("\"user_manage\""), std::string::npos) << granted;
  EXPECT_EQ(newcomer.get("/api/v1/units").status, 200);
  EXPECT_EQ(newcomer.get("/api/v1/users").status, 403);
}

TEST_F(Accounts, PostsComeAndGo) {
  auto boss = browser();
  auto clerk = browser();
  ASSERT_EQ(boss.sign_in("boss", good_password).status, 200);
  const auto me = json(clerk.sign_in("clerk", good_password));
  const std::string user = text(me.at("user").at("id"));
  const auto given = boss.send("POST", "/api/v1/users/" + user + "/posts", boost::json::serialize(boost::json::object{
      {"unit_id", unit_id(boss, "Water")}, {"role", "administrator"}, {"from", "2019-04-01"}}));
  ASSERT_EQ(given.status, 201) << given.body;
  EXPECT_EQ(clerk.get("/api/v1/users").status, 200) << "at once";
  std::string post;
  const auto holder = json(given);
  for (const auto& held : holder.at("posts").as_array()) {
    if (text(held.at("role")) == "administrator") post = text(held.at("id"));
  }
  ASSERT_EQ(boss.send("PATCH", "/api/v1/posts/" + post, R"({"to":"2019-04-01"})").status, 200);
  EXPECT_EQ(clerk.get("/api/v1/users").status, 403);
  EXPECT_EQ(boss.send("PATCH", "/api/v1/posts/" + base::new_uuid(), R"({"to":"2019-04-01"})").status, 404);
  EXPECT_EQ(boss.send("PATCH", "/api/v1/posts/" + post, R"({"to":"1999-04-01"})").status, 422);
  EXPECT_EQ(json(boss.get("/api/v1/roles")).at("items").as_array().size(), roles_->all().size());

  const auto version = [&] { return json(boss.get("/api/v1/users")).at("items").at(1).at("version").as_int64(); };
  const std::string off = R"({"active":false})";
  EXPECT_EQ(boss.send("PATCH", "/api/v1/users/" + user, off).status, 428);
  EXPECT_EQ(boss.send("PATCH", "/api/v1/users/" + user, off, "If-Match: \"99\"\r\n").status, 412);
  EXPECT_EQ(boss.send("PATCH", "/api/v1/users/" + user, off, fmt::format("If-Match: \"{}\"\r\n", version())).status, 200);
  EXPECT_EQ(clerk.get("/api/v1/session").status, 401);
}

TEST_F(Accounts, AnAdministratorHelpsWhoForgot) {
  auto boss = browser();
  auto clerk = browser();
  ASSERT_EQ(boss.sign_in("boss", good_password).status, 200);
  const auto user = text(json(clerk.sign_in("clerk", good_password)).at("user").at("id"));
  const auto reset = boss.send("POST", "/api/v1/users/" + user + "/password", "");
  ASSERT_EQ(reset.status, 200) << reset.body;
  EXPECT_EQ(clerk.get("/api/v1/session").status, 401);
  EXPECT_EQ(clerk.sign_in("clerk", text(json(reset).at("one_time_password"))).status, 200);
  EXPECT_EQ(boss.send("POST", "/api/v1/users/" + base::new_uuid() + "/password", "").status, 404);
}

TEST_F(Accounts, OneTimeCodes) {
  auto clerk = browser();
  ASSERT_EQ(clerk.sign_in("clerk", good_password).status, 200);
  EXPECT_EQ(clerk.send("PUT", "/api/v1/session/code", R"({"code":"000000"})").status, 409);
  const auto offer = clerk.send("POST", "/api/v1/session/code", "");
  ASSERT_EQ(offer.status, 200) << offer.body;
  EXPECT_TRUE(text(json(offer).at("address")).starts_with("otpauth://totp/Yihu:clerk?secret=" + text(json(offer).at("secret"))));
  EXPECT_EQ(text(json(clerk.send("PUT", "/api/v1/session/code", R"({"code":"abcdef"})")).at("errors").at(0).at("field")), "/code");
  EXPECT_EQ(clerk.send("DELETE", "/api/v1/session/code", R"({"password":"wrong"})").status, 422);
  const auto off = clerk.send("DELETE", "/api/v1/session/code", boost::json::serialize(boost::json::object{{"password", good_password}}));
  ASSERT_EQ(off.status, 200) << off.body;
  EXPECT_FALSE(json(off).at("code_enabled").as_bool());
}

TEST_F(Accounts, Units) {
  auto boss = browser();
  auto clerk = browser();
  ASSERT_EQ(boss.sign_in("boss", good_password).status, 200);
  ASSERT_EQ(clerk.sign_in("clerk", good_password).status, 200);
  const std::string body = R"({"name":"区退役军人事务局","short_name":"区退役军人局","kind":"bureau","aliases":["退役军人局"]})";
  EXPECT_EQ(clerk.send("POST", "/api/v1/units", body).status, 403);
  const auto made = boss.send("POST", "/api/v1/units", body);
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string path = "/api/v1/units/" + text(json(made).at("id"));
  const auto again = boss.send("POST", "/api/v1/units", body);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(json(again).at("errors").as_array().size(), 3U) << again.body;
  EXPECT_EQ(boss.send("PATCH", path, R"({"short_name":"区退役局"})").status, 428);
  const auto changed = boss.send("PATCH", path, R"({"short_name":"区退役局","parent_id":null})", "If-Match: \"1\"\r\n");
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.headers.at("etag"), "\"2\"");
  EXPECT_EQ(boss.send("PATCH", path, R"({"short_name":"别的"})", "If-Match: \"1\"\r\n").status, 412);
  EXPECT_EQ(boss.send("PATCH", "/api/v1/units/" + base::new_uuid(), R"({"kind":"town"})", "If-Match: \"1\"\r\n").status, 404);
  EXPECT_EQ(boss.send("PATCH", path, R"({"kind":"kingdom","nam":"x"})", "If-Match: \"2\"\r\n").status, 422);
  // In pages, whole and in order.
  std::vector<std::string> paged;
  std::string after;
  while (true) {
    const auto page = json(clerk.get("/api/v1/units?limit=7" + after));
    for (const auto& unit : page.at("items").as_array()) paged.push_back(text(unit.at("id")));
    if (page.at("next").is_null()) break;
    after = "&after=" + text(page.at("next"));
  }
  const auto all = json(clerk.get("/api/v1/units?limit=500")).at("items").as_array();
  ASSERT_EQ(paged.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(paged[i], text(all[i].at("id")));
}

TEST_F(Accounts, CalendarAddresses) {
  auto clerk = browser();
  auto boss = browser();
  ASSERT_EQ(clerk.sign_in("clerk", good_password).status, 200);
  ASSERT_EQ(boss.sign_in("boss", good_password).status, 200);
  const auto made = clerk.send("POST", "/api/v1/calendar-addresses", "{}");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_TRUE(text(json(made).at("address")).starts_with("/calendar/"));
  EXPECT_EQ(clerk.send("POST", "/api/v1/calendar-addresses", boost::json::serialize(boost::json::object{{"unit_id", unit_id(clerk, "Water")}})).status, 422);
  const std::string path = "/api/v1/calendar-addresses/" + text(json(made).at("id"));
  EXPECT_EQ(json(clerk.get("/api/v1/calendar-addresses")).at("items").as_array().size(), 1U);
  EXPECT_TRUE(json(boss.get("/api/v1/calendar-addresses")).at("items").as_array().empty());
  EXPECT_EQ(boss.send("DELETE", path, "").status, 404);
  EXPECT_EQ(clerk.send("DELETE", path, "").status, 204);
  EXPECT_EQ(clerk.send("DELETE", path, "").status, 404);
}

}  // namespace
}  // namespace yihu::http
