#include "access/calendar_address.h"
#include "access/login.h"
#include "access/one_time_code.h"
#include "access/password.h"
#include "access/permission.h"
#include "access/sessions.h"
#include "access/user.h"
#include "access/viewer_of.h"
#include "area/directory.h"
#include "area/fill.h"

#include "store_fixture.h"

#include <filesystem>
#include <fstream>

namespace yihu {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using access::Permission;

const std::string good_password = "wo-you-yi-tou-niu";

class Access : public store::OnBothEngines {
 protected:
  void SetUp() override {
    store::OnBothEngines::SetUp();
    if (IsSkipped()) return;
    auto loaded = pack::load("packs/meilan-2019", access::vocabulary());
    ASSERT_TRUE(loaded) << base::describe(loaded.error(), base::Language::en);
    pack_ = *loaded;
    roles_ = std::make_unique<access::Roles>(pack_);
    open();
    ASSERT_TRUE(area::fill_from_pack(*store_, pack_));
    read([&](store::Session& session) {
      auto all = area::read_directory(session);
      ASSERT_TRUE(all);
      finance_ = all->unit_by_slug("finance")->id;
      water_ = all->unit_by_slug("water")->id;
      office_ = all->unit_by_slug("leading-group-office")->id;
    });
    admin_ = made("admin", "administrator", office_);
  }
  void TearDown() override {
    sessions_.reset();
    login_.reset();
    store_.reset();
  }
  void open() {
    sessions_.reset();
    login_.reset();
    store_.reset();
    store::Options wanted = options();
    wanted.migrations = area::migrations();
    for (auto& step : access::migrations()) wanted.migrations.push_back(step);
    store_ = store::value_of(store::Store::open(std::move(wanted)));
    ASSERT_NE(store_, nullptr);
    login_ = std::make_unique<access::Login>(*store_, clock_);
    sessions_ = std::make_unique<access::Sessions>(*store_, *roles_);
  }

  access::Rooms rooms() { return {store_->secrets(), *roles_}; }
  void read(const std::function<void(store::Session&)>& body) {
    ASSERT_TRUE(store_->read([&](store::Session& session) -> base::Done {
      body(session);
      return {};
    }));
  }
  template <class T>
  base::Result<T> write(const std::function<base::Result<T>(store::Transaction&)>& body) {
    std::optional<base::Result<T>> out;
    auto answer = store_->write({"system:test", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      out = body(transaction);
      if (!*out) return base::fail(out->error());
      return store::Answer();
    });
    return *out;
  }
  base::Done act(const std::function<base::Done(store::Transaction&)>& body) { return write<void>(body); }

  const access::Viewer root_ = access::Viewer::system("test");
  access::Viewer viewer(const base::UserId& id) {
    access::Viewer out;
    out.user = id;
    read([&](store::Session& session) {
      auto user = access::read_user(session, rooms(), root_, id);
      ASSERT_TRUE(user);
      for (const auto& post : user->posts) {
        if (post.in_force(clock_.today())) out.posts.push_back({post.id, post.unit, post.role});
      }
    });
    roles_->grant(out);
    return out;
  }
  base::Result<access::User> make(const access::NewUser& user, const access::Viewer& by) {
    static const std::string hash = *access::password_hash(good_password);
    return write<access::User>([&](store::Transaction& t) { return access::make_user(t, rooms(), by, user, hash); });
  }
  base::UserId made(const std::string& name, const std::string& role, const base::UnitId& unit) {
    auto user = make({name, "王" + name, unit, role, false}, root_);
    EXPECT_TRUE(user) << (user ? "" : base::describe(user.error(), base::Language::en));
    return user ? user->id : base::UserId{};
  }
  base::Result<access::Admitted> check(const access::Attempt& attempt) {
    std::optional<base::Result<access::Admitted>> out;
    read([&](store::Session& session) { out = login_->check(session, attempt); });
    return *out;
  }
  base::Result<access::Sessions::Started> start(const access::Admitted& admitted) {
    return write<access::Sessions::Started>([&](store::Transaction& t) { return sessions_->start(t, admitted); });
  }
  access::Sessions::Started sign_in(const std::string& name, const std::string& password = good_password) {
    auto admitted = check({name, password, "", "127.0.0.1"});
    EXPECT_TRUE(admitted) << (admitted ? "" : admitted.error().code);
    if (!admitted) return {};
    auto started = start(*admitted);
    EXPECT_TRUE(started);
    return started ? *started : access::Sessions::Started{};
  }
  /// 23:06 of a day in China.
  void late_in_the_evening() { clock_.set({1'555'600'000'000'000}); }
  void pass(std::chrono::microseconds span) { clock_.set(clock_.now() + span); }
  access::User user(const base::UserId& id) {
    access::User out;
    read([&](store::Session& session) {
      auto found = access::read_user(session, rooms(), root_, id);
      ASSERT_TRUE(found);
      out = *found;
    });
    return out;
  }
  std::string all_of_the_store() {
    std::string all;
    for (const auto& file : fs::recursive_directory_iterator(ground_->folder())) {
      if (!file.is_regular_file()) continue;
      std::ifstream stream(file.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(stream), {});
    }
    return all;
  }

  pack::Pack pack_;
  std::unique_ptr<access::Roles> roles_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<access::Login> login_;
  std::unique_ptr<access::Sessions> sessions_;
  base::UnitId finance_, water_, office_;
  base::UserId admin_;
};

using store::Engine;
using store::engine_name;
ON_BOTH_ENGINES(Access);

TEST_P(Access, ATownsPostSeesItsTownsHouseholdsAndAVillagesPostItsVillages) {
  base::UnitId town;
  read([&](store::Session& session) { town = area::read_directory(session)->unit_by_slug("lingshan")->id; });
  const auto scope_of = [&](const base::UserId& id) {
    access::Scope out;
    read([&](store::Session& session) {
      const auto viewer = access::viewer_of(session, *roles_, id, clock_.today());
      ASSERT_TRUE(viewer);
      out = viewer->scope;
    });
    return out;
  };
  const auto clerk = scope_of(made("town", "town-clerk", town));
  EXPECT_TRUE(clerk.covers_area("460108101200"));
  EXPECT_FALSE(clerk.covers_area("460108102200"));
  EXPECT_FALSE(clerk.assigned);
  const auto give = [&](const base::UserId& id, const char* area) {
    return store::code_of(write<access::User>([&](store::Transaction& transaction) {
      return access::give_post(transaction, rooms(), root_, id, {town, "village-cadre", clock_.today(), std::nullopt, area});
    }));
  };
  const auto cadre = made("cadre", "unit-clerk", water_);
  EXPECT_EQ(give(cadre, "460108102200"), "area_unknown");
  EXPECT_EQ(give(cadre, "460108101999"), "area_unknown");
  EXPECT_EQ(give(cadre, "460108101200"), "done");
  EXPECT_EQ(scope_of(cadre).areas, (std::set<std::string>{"460108101200"}));
  const auto helper = scope_of(made("helper", "helper", town));
  EXPECT_TRUE(helper.assigned);
  EXPECT_TRUE(helper.areas.empty());
  EXPECT_TRUE(scope_of(made("health", "lead-unit-clerk", finance_)).covers_register());
  EXPECT_TRUE(scope_of(made("water", "unit-clerk", water_)).areas.empty()) << "who may not see the register has no reach in it";
}

TEST_P(Access, ASessionLeadsToItsPerson) {
  const auto clerk = made("clerk", "lead-unit-clerk", finance_);
  const auto started = sign_in(" Clerk ");
  ASSERT_EQ(started.token.size(), 43U);
  const auto visitor = sessions_->visitor(started.token, true);
  ASSERT_TRUE(visitor);
  EXPECT_EQ((*visitor)->viewer.user, clerk);
  EXPECT_EQ((*visitor)->viewer.permissions, (std::set{Permission::plan_read, Permission::measure_report, Permission::register_read, Permission::ledger_read, Permission::ledger_change}));
  EXPECT_TRUE((*visitor)->viewer.scope.covers(finance_));
  EXPECT_FALSE((*visitor)->viewer.scope.covers(water_));
  EXPECT_TRUE((*visitor)->viewer.holds_post_in(finance_));
  EXPECT_EQ((*visitor)->csrf_token.size(), 64U);
  // Kept in memory: the same object again.
  EXPECT_EQ(sessions_->visitor(started.token, true)->get(), visitor->get());
  // And in the store: it survives a restart.
  open();
  ASSERT_TRUE(sessions_->visitor(started.token, true));
  std::string other = started.token;
  other[7] = other[7] == 'a' ? 'b' : 'a';
  EXPECT_EQ(sessions_->visitor(other, true).error().kind, base::ErrorKind::signed_out);
  EXPECT_FALSE(sessions_->visitor("", true));
}

TEST_P(Access, NothingPrivateStandsInTheStoreInClear) {
  if (GetParam() != store::Engine::sqlite) GTEST_SKIP() << "looks into the files of the folder";
  made("zhangsan", "lead-unit-clerk", finance_);
  auto named = make({"lisi", "欧阳十七娘", finance_, "unit-clerk", false}, root_);
  ASSERT_TRUE(named);
  const auto started = sign_in("lisi");
  auto offer = write<access::CodeOffer>([&](store::Transaction& t) { return access::offer_code(t, store_->secrets(), named->id); });
  ASSERT_TRUE(offer);
  auto address = write<access::MadeCalendarAddress>([&](store::Transaction& t) {
    return access::make_calendar_address(t, store_->secrets(), viewer(named->id), std::nullopt);
  });
  ASSERT_TRUE(address);
  const std::string all = all_of_the_store();
  EXPECT_NE(all.find("lisi"), std::string::npos);
  EXPECT_EQ(all.find("欧阳十七娘"), std::string::npos);
  EXPECT_EQ(all.find(good_password), std::string::npos);
  EXPECT_EQ(all.find(started.token), std::string::npos);
  EXPECT_EQ(all.find(offer->secret), std::string::npos);
  EXPECT_EQ(all.find(address->secret), std::string::npos);
  EXPECT_EQ(user(named->id).display_name, "欧阳十七娘");
}

TEST_P(Access, SessionsEndAfterHalfAnHourOfSilenceOrTwelveHours) {
  made("clerk", "lead-unit-clerk", finance_);
  const auto idle = sign_in("clerk");
  pass(29min);
  ASSERT_TRUE(sessions_->visitor(idle.token, true));
  pass(29min);
  ASSERT_TRUE(sessions_->visitor(idle.token, false));
  pass(2min);
  EXPECT_FALSE(sessions_->visitor(idle.token, true)) << "what the browser does by itself must not keep it alive";
  EXPECT_FALSE(sessions_->visitor(idle.token, true));

  const auto busy = sign_in("clerk");
  for (int i = 0; i < 12 * 3 - 1; ++i) {
    pass(20min);
    ASSERT_TRUE(sessions_->visitor(busy.token, true)) << i;
  }
  pass(20min);
  EXPECT_FALSE(sessions_->visitor(busy.token, true));
}

TEST_P(Access, UseIsRememberedOverARestart) {
  made("clerk", "lead-unit-clerk", finance_);
  const auto started = sign_in("clerk");
  pass(25min);
  ASSERT_TRUE(sessions_->visitor(started.token, true));
  open();  // waits for what was still to be written
  pass(20min);
  EXPECT_TRUE(sessions_->visitor(started.token, true));
}

TEST_P(Access, APostIsInForceOnItsDaysOnly) {
  late_in_the_evening();
  const auto id = made("clerk", "lead-unit-clerk", finance_);
  const auto started = sign_in("clerk");
  const base::Date today = clock_.today();
  auto given = write<access::User>([&](store::Transaction& t) {
    return access::give_post(t, rooms(), root_, id, {water_, "inspector", base::plus_days(today, 1), base::plus_days(today, 1)});
  });
  ASSERT_TRUE(given);
  EXPECT_EQ(given->posts.size(), 2U);
  EXPECT_FALSE((*sessions_->visitor(started.token, true))->viewer.may(Permission::journal_read));
  for (int i = 0; i < 4; ++i) {
    pass(15min);  // over midnight in China
    ASSERT_TRUE(sessions_->visitor(started.token, true));
  }
  ASSERT_EQ(clock_.today(), base::plus_days(today, 1));
  EXPECT_TRUE((*sessions_->visitor(started.token, true))->viewer.may(Permission::journal_read));
  EXPECT_TRUE((*sessions_->visitor(started.token, true))->viewer.scope.district);
}

TEST_P(Access, EndingAPostShowsAtOnce) {
  const auto id = made("clerk", "lead-unit-clerk", finance_);
  const auto started = sign_in("clerk");
  ASSERT_TRUE((*sessions_->visitor(started.token, true))->viewer.may(Permission::plan_read));
  auto ended = write<access::User>([&](store::Transaction& t) {
    return access::end_post(t, rooms(), root_, user(id).posts.front().id, base::plus_days(clock_.today(), -1));
  });
  ASSERT_TRUE(ended) << ended.error().code;
  EXPECT_FALSE((*sessions_->visitor(started.token, true))->viewer.may(Permission::plan_read));
}

TEST_P(Access, WrongNamesAndPasswordsGetTheSameAnswer) {
  made("clerk", "lead-unit-clerk", finance_);
  const auto wrong = check({"clerk", "not it at all", "", "1.1.1.1"});
  const auto unknown = check({"nobody", "not it at all", "", "1.1.1.1"});
  ASSERT_FALSE(wrong);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(wrong.error().code, "login_failed");
  EXPECT_EQ(wrong.error().text, unknown.error().text);
  EXPECT_EQ(wrong.error().kind, unknown.error().kind);
  EXPECT_FALSE(check({"clerk", std::string(100'000, 'x'), "", "1.1.1.1"}));
  EXPECT_FALSE(check({"clerk'; DROP TABLE post; --", "x", "", "1.1.1.1"}));
}

TEST_P(Access, FailuresSlowDownTheAccountAndTheAddress) {
  access::Throttle throttle;
  base::Instant now = clock_.now();
  const auto seconds = [&](const char* account, const char* address) {
    int waited = 0;
    while (!throttle.check(account, address, now + std::chrono::seconds(waited))) ++waited;
    return waited;
  };
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(seconds("a", "1"), 0);
    throttle.failed("a", "1", now);
  }
  EXPECT_EQ(seconds("a", "1"), 1);
  EXPECT_EQ(seconds("a", "2"), 1) << "another address does not help";
  EXPECT_EQ(seconds("b", "1"), 0);
  throttle.failed("a", "1", now);
  throttle.failed("a", "1", now);
  EXPECT_EQ(seconds("a", "1"), 4);
  for (int i = 0; i < 30; ++i) throttle.failed("a", "3", now);
  EXPECT_EQ(seconds("a", "9"), access::Throttle::delay_seconds_max);
  EXPECT_EQ(seconds("new", "3"), access::Throttle::delay_seconds_max) << "thirty guesses from one address";
  throttle.succeeded("a");
  EXPECT_EQ(seconds("a", "9"), 0);
  EXPECT_GT(seconds("a", "3"), 0);
  now = now + std::chrono::seconds(access::Throttle::forgotten_after_seconds);
  EXPECT_EQ(seconds("new", "3"), 0);
}

TEST_P(Access, TheThrottleHoldsUnderAFloodOfNames) {
  access::Throttle throttle;
  for (int i = 0; i < 8; ++i) throttle.failed("victim", "1", clock_.now());
  for (std::size_t i = 0; i < access::Throttle::entries_max * 2; ++i) throttle.failed("n" + std::to_string(i), std::to_string(i), clock_.now());
  EXPECT_FALSE(throttle.check("victim", "other", clock_.now()));
}

TEST_P(Access, LoginIsThrottled) {
  made("clerk", "lead-unit-clerk", finance_);
  for (int i = 0; i < access::Throttle::account_failures_free; ++i) EXPECT_EQ(check({"clerk", "wrong", "", "1"}).error().code, "login_failed");
  const auto slowed = check({"clerk", good_password, "", "1"});
  ASSERT_FALSE(slowed);
  EXPECT_EQ(slowed.error().kind, base::ErrorKind::too_many);
  pass(1s);
  EXPECT_TRUE(check({"clerk", good_password, "", "1"}));
}

TEST_P(Access, ACodeIsAskedForAndWorksOnce) {
  const auto id = made("clerk", "lead-unit-clerk", finance_);
  std::string secret;
  ASSERT_TRUE(write<access::CodeOffer>([&](store::Transaction& t) { return access::offer_code(t, store_->secrets(), id); }));
  read([&](store::Session& session) {
    static constexpr store::Sql select = "SELECT code_secret FROM user_account WHERE id = :id";
    auto row = session.find(select, {{"id", id}});
    secret = *store_->secrets().open(session, {"user_account", "code_secret", id.value}, (*row)->text(0));
  });
  ASSERT_EQ(secret.size(), 20U);
  const auto step = [&] { return clock_.now().microseconds / 1'000'000 / 30; };
  EXPECT_TRUE(check({"clerk", good_password, "", "1"})) << "an offer alone asks for nothing";
  EXPECT_EQ(act([&](store::Transaction& t) { return access::enable_code(t, store_->secrets(), id, "000000", clock_.now()); }).error().code, "code_wrong");
  ASSERT_TRUE(act([&](store::Transaction& t) { return access::enable_code(t, store_->secrets(), id, access::code_at(secret, step()), clock_.now()); }));
  EXPECT_EQ(check({"clerk", good_password, "", "1"}).error().code, "code_needed");
  EXPECT_EQ(check({"clerk", good_password, access::code_at(secret, step()), "1"}).error().code, "login_failed") << "used up by enabling";
  pass(30s);
  const auto admitted = check({"clerk", good_password, access::code_at(secret, step()), "1"});
  ASSERT_TRUE(admitted) << admitted.error().code;
  const auto twin = check({"clerk", good_password, access::code_at(secret, step()), "1"});
  ASSERT_TRUE(twin);
  ASSERT_TRUE(start(*admitted));
  EXPECT_EQ(start(*twin).error().code, "login_failed") << "two that come together: one wins";
  pass(90s);
  EXPECT_TRUE(check({"clerk", good_password, access::code_at(secret, step() - 1), "1"})) << "a phone one step behind";
  EXPECT_FALSE(check({"clerk", good_password, access::code_at(secret, step() - 2), "1"}));
  EXPECT_FALSE(check({"clerk", "wrong", access::code_at(secret, step()), "1"}));
  // An administrator's help turns codes off.
  ASSERT_TRUE(act([&](store::Transaction& t) { return access::reset_password(t, rooms(), root_, id, *access::password_hash("another good one")); }));
  EXPECT_TRUE(check({"clerk", "another good one", "", "1"}));
  EXPECT_TRUE(user(id).must_change_password);
}

TEST(OneTimeCode, AgreesWithTheStandard) {
  // RFC 6238, appendix B, SHA-1, last six digits.
  const std::string secret = "12345678901234567890";
  EXPECT_EQ(access::code_at(secret, 59 / 30), "287082");
  EXPECT_EQ(access::code_at(secret, 1111111109 / 30), "081804");
  EXPECT_EQ(access::code_at(secret, 20000000000 / 30), "353130");
  EXPECT_EQ(access::base32(secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

TEST_P(Access, ANewPasswordEndsEverythingElse) {
  const auto id = made("clerk", "lead-unit-clerk", finance_);
  const auto here = sign_in("clerk");
  const auto elsewhere = sign_in("clerk");
  std::optional<base::Result<std::string>> confirmed;
  read([&](store::Session& session) { confirmed = login_->confirm(session, id, "wrong", "1", "/old"); });
  EXPECT_EQ(confirmed->error().place.field, "/old");
  read([&](store::Session& session) { confirmed = login_->confirm(session, id, good_password, "1", "/old"); });
  ASSERT_TRUE(*confirmed);
  const std::string after = *access::password_hash("a wholly new secret");
  ASSERT_TRUE(act([&](store::Transaction& t) { return access::change_password(t, id, **confirmed, after, here.session); }));
  EXPECT_TRUE(sessions_->visitor(here.token, true));
  EXPECT_FALSE(sessions_->visitor(elsewhere.token, true));
  EXPECT_FALSE(check({"clerk", good_password, "", "1"}));
  EXPECT_TRUE(check({"clerk", "a wholly new secret", "", "1"}));
  EXPECT_EQ(act([&](store::Transaction& t) { return access::change_password(t, id, **confirmed, after, here.session); }).error().kind,
            base::ErrorKind::stale);
}

TEST_P(Access, SigningOutAndBeingShutOut) {
  const auto id = made("clerk", "lead-unit-clerk", finance_);
  const auto one = sign_in("clerk");
  const auto two = sign_in("clerk");
  ASSERT_TRUE(act([&](store::Transaction& t) { return sessions_->end(t, one.session); }));
  EXPECT_FALSE(sessions_->visitor(one.token, true));
  ASSERT_TRUE(sessions_->visitor(two.token, true));
  const auto admitted = check({"clerk", good_password, "", "1"});
  auto off = write<access::User>([&](store::Transaction& t) { return access::change_user(t, rooms(), root_, id, {{}, false}, user(id).version); });
  ASSERT_TRUE(off) << off.error().code;
  EXPECT_FALSE(sessions_->visitor(two.token, true));
  EXPECT_FALSE(start(*admitted)) << "checked before, shut out since";
  EXPECT_EQ(check({"clerk", good_password, "", "1"}).error().code, "login_failed");
}

TEST_P(Access, UntilAHandedOverPasswordIsChangedNothingIsSeen) {
  auto fresh = make({"fresh", "新来的", finance_, "administrator", true}, root_);
  ASSERT_TRUE(fresh);
  const auto started = sign_in("fresh");
  auto visitor = sessions_->visitor(started.token, true);
  ASSERT_TRUE(visitor);
  EXPECT_TRUE((*visitor)->viewer.permissions.empty());
  EXPECT_FALSE((*visitor)->viewer.scope.covers(finance_));
  auto hash = check({"fresh", good_password, "", "1"})->password_hash;
  ASSERT_TRUE(act([&](store::Transaction& t) { return access::change_password(t, fresh->id, hash, *access::password_hash("a wholly new secret"), started.session); }));
  EXPECT_TRUE((*sessions_->visitor(started.token, true))->viewer.may(Permission::user_manage));
}

TEST_P(Access, OutsideTheScopeIsAsIfItDidNotExist) {
  const auto clerk = made("clerk", "lead-unit-clerk", finance_);
  const auto other = made("other", "lead-unit-clerk", water_);
  access::Viewer manager = viewer(clerk);
  manager.permissions.insert(Permission::user_manage);  // of his own unit only
  read([&](store::Session& session) {
    EXPECT_EQ(access::read_user(session, rooms(), manager, other).error().kind, base::ErrorKind::not_found);
    EXPECT_EQ(access::read_user(session, rooms(), manager, base::UserId::make()).error().text,
              access::read_user(session, rooms(), manager, other).error().text);
    EXPECT_TRUE(access::read_user(session, rooms(), manager, clerk));
    auto all = access::list_users(session, rooms(), manager, "", 50);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 1U);
    EXPECT_EQ(all->front().id, clerk);
    EXPECT_EQ(access::read_user(session, rooms(), viewer(other), clerk).error().kind, base::ErrorKind::not_found);
    EXPECT_TRUE(access::read_user(session, rooms(), viewer(other), other)) << "oneself";
  });
  const auto change = write<access::User>([&](store::Transaction& t) { return access::change_user(t, rooms(), manager, other, {"别名", {}}, 1); });
  EXPECT_EQ(change.error().kind, base::ErrorKind::not_found);
  const auto post = write<access::User>([&](store::Transaction& t) { return access::end_post(t, rooms(), manager, user(other).posts[0].id, clock_.today()); });
  EXPECT_EQ(post.error().kind, base::ErrorKind::not_found);
  const auto reset = act([&](store::Transaction& t) { return access::reset_password(t, rooms(), manager, other, "x"); });
  EXPECT_EQ(reset.error().kind, base::ErrorKind::not_found);
  const auto make_there = make({"third", "某人", water_, "unit-clerk", true}, manager);
  EXPECT_EQ(make_there.error().place.field, "/unit_id");
  EXPECT_EQ(act([&](store::Transaction& t) { return access::reset_password(t, rooms(), viewer(clerk), clerk, "x"); }).error().kind,
            base::ErrorKind::not_found) << "nobody without the permission";
}

TEST_P(Access, WhoManagesAUnitDoesNotReachFurther) {
  access::Viewer manager = viewer(made("manager", "unit-clerk", finance_));
  manager.permissions.insert(Permission::user_manage);
  const auto both = made("both", "unit-clerk", finance_);
  const auto reset = [&](const base::UserId& id) {
    return act([&](store::Transaction& t) { return access::reset_password(t, rooms(), manager, id, "x"); });
  };
  EXPECT_TRUE(reset(both));
  ASSERT_TRUE(write<access::User>([&](store::Transaction& t) { return access::give_post(t, rooms(), root_, both, {finance_, "administrator", clock_.today(), {}}); }));
  EXPECT_EQ(reset(both).error().code, "user_beyond_scope");
  const auto elsewhere = made("elsewhere", "unit-clerk", finance_);
  ASSERT_TRUE(write<access::User>([&](store::Transaction& t) { return access::give_post(t, rooms(), root_, elsewhere, {water_, "unit-clerk", clock_.today(), {}}); }));
  EXPECT_EQ(reset(elsewhere).error().code, "user_beyond_scope");
  EXPECT_EQ(make({"risen", "某人", finance_, "administrator", true}, manager).error().place.field, "/role");
}

TEST_P(Access, TheLastAdministratorStays) {
  const auto off = write<access::User>([&](store::Transaction& t) { return access::change_user(t, rooms(), root_, admin_, {{}, false}, user(admin_).version); });
  EXPECT_EQ(off.error().code, "last_administrator");
  const auto ended = write<access::User>([&](store::Transaction& t) { return access::end_post(t, rooms(), root_, user(admin_).posts[0].id, clock_.today()); });
  EXPECT_EQ(ended.error().code, "last_administrator");
  EXPECT_TRUE(user(admin_).active) << "the refused change left nothing behind";
  made("second", "administrator", office_);
  EXPECT_TRUE(write<access::User>([&](store::Transaction& t) { return access::change_user(t, rooms(), root_, admin_, {{}, false}, user(admin_).version); }));
}

TEST_P(Access, UsersComeByNameInPages) {
  for (const char* name : {"delta", "alpha", "charlie", "bravo"}) made(name, "unit-clerk", finance_);
  std::vector<std::string> names;
  read([&](store::Session& session) {
    std::string after;
    while (true) {
      auto page = access::list_users(session, rooms(), root_, after, 2);
      ASSERT_TRUE(page);
      for (const auto& one : *page) names.push_back(one.name);
      if (page->size() < 2) break;
      after = page->back().name;
    }
  });
  EXPECT_EQ(names, (std::vector<std::string>{"admin", "alpha", "bravo", "charlie", "delta"}));
}

TEST_P(Access, MistakesInANewUserAreToldTogether) {
  const auto wrong = make({"A b", " ", base::UnitId::make(), "emperor", true}, root_);
  ASSERT_FALSE(wrong);
  std::set<std::string> fields{wrong.error().place.field};
  for (const auto& error : wrong.error().also) fields.insert(error.place.field);
  EXPECT_EQ(fields, (std::set<std::string>{"/name", "/display_name", "/unit_id", "/role"}));
  made("clerk", "unit-clerk", finance_);
  EXPECT_EQ(make({"CLERK", "某人", finance_, "unit-clerk", true}, root_).error().code, "login_name_taken");
}

TEST_P(Access, CalendarAddresses) {
  const auto clerk = made("clerk", "lead-unit-clerk", finance_);
  const auto make_address = [&](const access::Viewer& by, const std::optional<base::UnitId>& unit) {
    return write<access::MadeCalendarAddress>([&](store::Transaction& t) { return access::make_calendar_address(t, store_->secrets(), by, unit); });
  };
  const auto made_address = make_address(viewer(clerk), finance_);
  ASSERT_TRUE(made_address);
  EXPECT_EQ(make_address(viewer(clerk), water_).error().place.field, "/unit_id");
  const auto look = [&](const std::string& secret) {
    std::optional<base::Result<access::CalendarReader>> out;
    read([&](store::Session& session) { out = access::read_calendar_address(session, store_->secrets(), *roles_, secret, clock_.today()); });
    return *out;
  };
  ASSERT_TRUE(look(made_address->secret));
  EXPECT_EQ(look(made_address->secret)->viewer.user, clerk);
  EXPECT_FALSE(look("x"));
  const auto stranger = act([&](store::Transaction& t) { return access::end_calendar_address(t, viewer(admin_), made_address->address.id); });
  EXPECT_EQ(stranger.error().kind, base::ErrorKind::not_found);
  // Whoever loses the post loses the calendar.
  auto ended = write<access::User>([&](store::Transaction& t) { return access::end_post(t, rooms(), root_, user(clerk).posts[0].id, clock_.today()); });
  ASSERT_TRUE(ended);
  EXPECT_TRUE(look(made_address->secret));
  pass(24h);
  EXPECT_FALSE(look(made_address->secret));
  const auto own = make_address(viewer(admin_), std::nullopt);
  ASSERT_TRUE(own);
  ASSERT_TRUE(act([&](store::Transaction& t) { return access::end_calendar_address(t, viewer(admin_), own->address.id); }));
  EXPECT_FALSE(look(own->secret));
}

TEST(Passwords, GoodAndBad) {
  const auto codes = [](std::string_view password, std::string_view name = "zhangsan") {
    std::set<std::string> out;
    const auto done = access::check_password(password, name, "/new");
    if (done) return out;
    EXPECT_EQ(done.error().place.field, "/new");
    out.insert(done.error().code);
    for (const auto& also : done.error().also) out.insert(also.code);
    return out;
  };
  using Codes = std::set<std::string>;
  EXPECT_EQ(codes("wo-you-yi-tou-niu"), Codes{});
  EXPECT_EQ(codes("一户一策精准到人不漏一户"), Codes{});
  EXPECT_EQ(codes("short"), (Codes{"password_short"}));
  EXPECT_EQ(codes("aaaaaaaaaaaa"), (Codes{"password_simple"}));
  EXPECT_EQ(codes("12345678901234"), (Codes{"password_simple"}));
  EXPECT_EQ(codes("Password2019!"), (Codes{"password_well_known"}));
  EXPECT_EQ(codes("my-ZhangSan-2019"), (Codes{"password_has_name"}));
  EXPECT_EQ(codes(std::string(300, 'x')), (Codes{"password_long"}));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(codes(access::one_time_password()), Codes{});
}

TEST(Passwords, HashesMatchOnlyTheirOwn) {
  const auto one = access::password_hash("a good password"), two = access::password_hash("a good password");
  ASSERT_TRUE(one && two);
  EXPECT_NE(*one, *two);
  EXPECT_TRUE(one->starts_with("$argon2id$v=19$m=32768,t=3,p=1$"));
  EXPECT_TRUE(access::password_matches("a good password", *one));
  EXPECT_FALSE(access::password_matches("a bad password", *one));
  EXPECT_FALSE(access::password_matches("", ""));
  EXPECT_FALSE(access::password_matches("x", access::password_hash_of_nobody()));
  EXPECT_FALSE(access::password_hash_outdated(*one));
}

}  // namespace
}  // namespace yihu
