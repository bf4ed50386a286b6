#include "app/demo.h"

#include "access/password.h"
#include "access/user.h"
#include "access/viewer_of.h"
#include "app/demo_ledgers.h"
#include "app/demo_register.h"
#include "app/demo_reports.h"
#include "app/screening.h"
#include "area/directory.h"
#include "base/utf8.h"
#include "plan/tracking/acceptance.h"
#include "registry/change.h"
#include "screen/goal.h"
#include "screen/sweep.h"
#include "store/file_text.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <map>

namespace yihu::app {
namespace {

/// The day on which a demo of a year wakes up: late enough that duties have passed, early enough that many lie ahead.
base::Date waking_day(int year) { return base::make_date(year, 6, 24); }

/// Before the first the made-up year has not happened yet; after the last there is no plan.
base::Date first_day(int year) { return waking_day(year); }
base::Date last_day(int year) { return base::make_date(year, 12, 31); }

constexpr std::size_t households_per_helper = 12;

base::Instant morning_of(base::Date day) {
  const auto utc = std::chrono::sys_days{day} + std::chrono::hours{1};
  return {std::chrono::duration_cast<std::chrono::microseconds>(utc.time_since_epoch()).count()};
}

base::Instant evening_of(base::Date day) { return {morning_of(day).microseconds + std::chrono::microseconds(std::chrono::hours{12}).count()}; }

struct Cast {
  const char* name;
  const char* role;
  const char* unit;  ///< slug in the pack
};

/// People who are not the clerk of a unit. Every unit also has a clerk, whose name is the unit's slug.
constexpr Cast leading_cast[] = {
    {"admin", "administrator", "leading-group-office"},
    {"leader", "leader", "headquarters"},
    {"office", "office-clerk", "leading-group-office"},
    {"inspector", "inspector", "inspection-group"},
};

class District {
 public:
  District(Office& office, base::FixedClock& clock, const DemoWish& wish)
      : office_(office), clock_(clock), wish_(wish), language_(wish.language), roles_(office.pack) {}

  base::Result<Demo> make(const DemoProgress& progress, const base::Cancel& cancel) {
    const pack::PlanFacts& facts = office_.pack.plans.back();
    demo_.day = wish_.day.value_or(waking_day(facts.year));
    demo_.password = access::one_time_password();
    clock_.set(morning_of(facts.date));
    TRY(fill_plan(facts));
    TRY(make_accounts());
    // Up to the day before: the store's clock starts in the morning of the waking day, and a journal never runs backwards.
    const base::Date before = base::plus_days(demo_.day, -1);
    const DemoReports reports{*office_.store, roles_, clock_};
    demo_.reports = TRY(reports.file(clerks_, before, saying(progress, base::text("报送", "reports")), cancel));
    clock_.set(evening_of(before));
    TRY(fill_register(before, progress, cancel));
    TRY(freeze_cohorts());
    TRY(fill_ledgers(before, progress, cancel));
    TRY(screen_everybody(progress, cancel));
    return demo_;
  }

 private:
  std::string made_up() const { return base::text("演示数据", "Demo data").in(language_); }

  static base::Progress saying(const DemoProgress& progress, base::Text what) {
    if (!progress) return {};
    return [&progress, what = std::move(what)](std::int64_t done, std::int64_t total) { progress(what, done, total); };
  }

  base::Done fill_register(base::Date today, const DemoProgress& progress, const base::Cancel& cancel) {
    std::vector<std::string> towns;
    for (const pack::Unit& unit : office_.pack.units) {
      if (unit.kind == "town" && unit.division) towns.push_back(*unit.division);
    }
    const DemoRegister made = TRY(app::fill_register(
        *office_.store, {.today = today, .other_people = wish_.other_people, .towns = std::move(towns), .language = language_},
        saying(progress, base::text("农户", "households")), cancel));
    demo_.listed_people = made.people;
    demo_.other_people = made.others;
    return make_cadres(made);
  }

  /// Findings, lights and indicators stand when somebody first looks.
  base::Done screen_everybody(const DemoProgress& progress, const base::Cancel& cancel) {
    screen::SweepOptions options;
    options.engine = sweep_engine();
    options.today = demo_.day;
    options.watch.cancel = cancel;
    options.watch.progress = saying(progress, base::text("筛查", "screening"));
    TRY(screen::bring_up_to_date(*office_.store, *office_.rules, options));
    return {};
  }

  /// The year's lists, as the plan counts them.
  base::Done freeze_cohorts() {
    const access::Viewer viewer = access::Viewer::system("demo");
    const std::string reason = base::text("按年度目标锁定", "Frozen for the goals of the year").in(language_);
    for (const pack::Goal& goal : office_.pack.goals) {
      if (goal.cohort.empty()) continue;
      TRY(write([&](store::Transaction& transaction) -> base::Done {
        TRY(screen::freeze_cohort(transaction, *office_.rules, viewer, {goal.cohort, goal.list.text, reason}));
        return {};
      }));
    }
    return {};
  }

  /// Somebody who answers for one village, and a helper who sees the households that are his.
  base::Done make_cadres(const DemoRegister& made) {
    const std::string hash = TRY(access::password_hash(demo_.password));
    for (const area::Unit& unit : TRY(units_of_pack())) {
      if (unit.kind != "town" || unit.division != made.town) continue;
      TRY(make_account({"cadre", "village-cadre", made.cadre_name, made.village}, unit, hash));
      const base::UserId helper = TRY(make_account({"helper", "helper", made.helper_name, {}}, unit, hash));
      TRY(write([&](store::Transaction& transaction) { return pair(transaction, made, helper); }));
    }
    return {};
  }

  base::Done pair(store::Transaction& transaction, const DemoRegister& made, const base::UserId& helper) const {
    const std::size_t paired = std::min(made.exited.size(), households_per_helper);
    for (std::size_t at = 0; at < paired; ++at) {
      TRY(registry::assign_helper(transaction, access::Viewer::system("demo"), {made.exited[at]},
                                  {.name = made.helper_name, .unit = {}, .account = helper}, {base::plus_days(demo_.day, -1), made_up()}));
    }
    return {};
  }

  base::Done fill_ledgers(base::Date today, const DemoProgress& progress, const base::Cancel& cancel) {
    const DemoLedgers made = TRY(app::fill_ledgers(*office_.store, {.pack = office_.pack, .compiler = office_.rules->compiler(), .why = {today, made_up()}},
                                                   saying(progress, base::text("台账", "ledgers")), cancel));
    demo_.ledger_rows = made.rows;
    demo_.planted = static_cast<int>(made.planted.size());
    demo_.unplanted = made.unplanted;
    return store::write_durably(wish_.folder / demo_truth_file, truth_text(made), 0600);
  }

  static std::string truth_text(const DemoLedgers& made) {
    boost::json::array all;
    for (const Planted& one : made.planted) {
      boost::json::array also;
      for (const std::string& rule : one.also) also.emplace_back(rule);
      all.push_back({{"rule", one.rule}, {"subject", one.subject}, {"number", one.number}, {"household", one.household}, {"also", also}});
    }
    return boost::json::serialize(all) + "\n";
  }

  base::Done fill_plan(const pack::PlanFacts& facts) {
    return write([&](store::Transaction& transaction) -> base::Done {
      const auto accepted = TRY(plan::fill_plan_from_pack(transaction, facts));
      demo_.measures = accepted ? accepted->measures_made : 0;
      return {};
    });
  }

  base::Done write(const std::function<base::Done(store::Transaction&)>& change) {
    const auto written = office_.store->write(
        {"system:demo", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
          TRY(change(transaction));
          return store::Answer{};
        });
    if (!written) return base::fail(written.error());
    return {};
  }

  base::Done make_accounts() {
    const std::string hash = TRY(access::password_hash(demo_.password));
    const std::vector<area::Unit> units = TRY(units_of_pack());
    for (const Cast& person : leading_cast) {
      for (const area::Unit& unit : units) {
        if (unit.slug == person.unit) TRY(make_account({person.name, person.role, roles_.label(person.role).in(language_)}, unit, hash));
      }
    }
    for (const area::Unit& unit : units) {
      const char* role = unit.kind == "town" ? "town-clerk" : "lead-unit-clerk";
      clerks_[unit.id] = TRY(make_account({unit.slug, role, clerk_of(unit)}, unit, hash));
    }
    return {};
  }

  base::Result<std::vector<area::Unit>> units_of_pack() {
    std::vector<area::Unit> units;
    const auto read = office_.store->read([&](store::Session& session) -> base::Done {
      const area::Directory directory = TRY(area::read_directory(session));
      units.assign(directory.units().begin(), directory.units().end());
      return {};
    });
    if (!read) return base::fail(read.error());
    return units;
  }

  struct Person {
    std::string name;          ///< what he signs in with
    std::string role;
    std::string display_name;
    std::string area = {};     ///< a village that he alone answers for
  };

  base::Result<base::UserId> make_account(const Person& person, const area::Unit& unit, const std::string& hash) {
    base::UserId made;
    const auto written = write([&](store::Transaction& transaction) -> base::Done {
      const access::Viewer viewer = district_viewer();
      const access::NewUser user{.name = person.name,
                                 .display_name = person.display_name,
                                 .unit = unit.id,
                                 .role = person.role,
                                 .must_change_password = false,
                                 .area = person.area.empty() ? std::nullopt : std::optional(person.area)};
      made = TRY(access::make_user(transaction, {office_.store->secrets(), roles_}, viewer, user, hash)).id;
      return {};
    });
    if (!written) return base::fail(written.error());
    demo_.accounts.push_back({person.name, unit.short_name.in(language_), roles_.label(person.role).in(language_)});
    return made;
  }

  /// "Water, lead unit clerk"; the unit alone where both together are longer than a name may be.
  std::string clerk_of(const area::Unit& unit) const {
    return base::text("{}经办人", "{} clerk", unit.short_name.in(language_)).in(language_);
  }

  static access::Viewer district_viewer() {
    access::Viewer viewer = access::Viewer::system("demo");
    viewer.scope.district = true;
    viewer.permissions = {access::Permission::user_manage};
    return viewer;
  }

  Office& office_;
  base::FixedClock& clock_;
  const DemoWish& wish_;
  base::Language language_;
  access::Roles roles_;
  std::map<base::UnitId, base::UserId> clerks_;
  Demo demo_;
};

std::string accounts_text(const Demo& demo, base::Language language) {
  std::string out = base::text("演示账号（仅供演示，姓名和数据均为虚构）。所有账号的密码都是：{}\n\n",
                               "Demo accounts (for looking only; all names and data are made up). The password of all: {}\n\n",
                               demo.password)
                        .in(language);
  for (const DemoAccount& account : demo.accounts) {
    out += fmt::format("{}\t{}\t{}\n", account.name, account.unit, account.role);
  }
  return out;
}

}  // namespace

base::Result<Demo> make_demo(const DemoWish& wish, const DemoProgress& progress, const base::Cancel& cancel) {
  const base::SystemClock real;
  constexpr const char* pack_id = "meilan-2019";
  constexpr int pack_year = 2019;
  const base::Date day = wish.day.value_or(waking_day(pack_year));
  if (day < first_day(pack_year) || day > last_day(pack_year)) {
    return base::fail(base::ErrorKind::input, "demo_day",
                      base::text("演示日期要在 {} 至 {} 之间。", "The day of a demo lies between {} and {}.",
                                 base::to_string(first_day(pack_year)), base::to_string(last_day(pack_year))));
  }
  auto clock = std::make_unique<base::FixedClock>(morning_of(base::make_date(pack_year, 1, 2)));
  base::FixedClock& hands = *clock;
  // The reports are made on their own days; from the waking day on, the store's clock runs by itself.
  NewOffice wanted{.folder = wish.folder,
                   .settings = {.pack = pack_id,
                                .store_url = {},
                                .demo_shift_days = base::days_between(real.today(), day)},
                   .clock = std::move(clock)};
  Office office = TRY(make_office(std::move(wanted)));
  Demo demo = TRY(District(office, hands, wish).make(progress, cancel));
  TRY(store::write_durably(wish.folder / demo_accounts_file, accounts_text(demo, wish.language), 0600));
  return demo;
}

}  // namespace yihu::app
