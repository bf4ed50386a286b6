#include "app/demo.h"

#include "access/password.h"
#include "access/user.h"
#include "access/viewer_of.h"
#include "app/demo_reports.h"
#include "area/directory.h"
#include "base/utf8.h"
#include "plan/tracking/acceptance.h"
#include "store/file_text.h"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <map>

namespace yihu::app {
namespace {

/// The day on which a demo of a year wakes up: late enough that duties have passed, early enough that many lie ahead.
base::Date waking_day(int year) { return base::make_date(year, 6, 24); }

base::Instant morning_of(base::Date day) {
  const auto utc = std::chrono::sys_days{day} + std::chrono::hours{1};
  return {std::chrono::duration_cast<std::chrono::microseconds>(utc.time_since_epoch()).count()};
}

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
  District(Office& office, base::FixedClock& clock, base::Language language)
      : office_(office), clock_(clock), language_(language), roles_(office.pack) {}

  base::Result<Demo> make(const base::Progress& progress, const base::Cancel& cancel) {
    const pack::PlanFacts& facts = office_.pack.plans.back();
    demo_.day = waking_day(facts.year);
    demo_.password = access::one_time_password();
    clock_.set(morning_of(facts.date));
    TRY(fill_plan(facts));
    TRY(make_accounts());
    // The day before: the store's clock starts at this hour of the waking day, and a journal never runs backwards.
    const DemoReports reports{*office_.store, roles_, clock_};
    demo_.reports = TRY(reports.file(clerks_, base::plus_days(demo_.day, -1), progress, cancel));
    return demo_;
  }

 private:
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
  };

  base::Result<base::UserId> make_account(const Person& person, const area::Unit& unit, const std::string& hash) {
    base::UserId made;
    const auto written = write([&](store::Transaction& transaction) -> base::Done {
      const access::Viewer viewer = district_viewer();
      const access::NewUser user{.name = person.name,
                                 .display_name = person.display_name,
                                 .unit = unit.id,
                                 .role = person.role,
                                 .must_change_password = false};
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

base::Result<Demo> make_demo(const std::filesystem::path& folder, base::Language language,
                             const base::Progress& progress, const base::Cancel& cancel) {
  const base::SystemClock real;
  constexpr const char* pack_id = "meilan-2019";
  constexpr int pack_year = 2019;
  auto clock = std::make_unique<base::FixedClock>(morning_of(base::make_date(pack_year, 1, 2)));
  base::FixedClock& hands = *clock;
  // The reports are made on their own days; from the waking day on, the store's clock runs by itself.
  NewOffice wanted{.folder = folder,
                   .settings = {.pack = pack_id,
                                .store_url = {},
                                .demo_shift_days = base::days_between(real.today(), waking_day(pack_year))},
                   .clock = std::move(clock)};
  Office office = TRY(make_office(std::move(wanted)));
  Demo demo = TRY(District(office, hands, language).make(progress, cancel));
  TRY(store::write_durably(folder / demo_accounts_file, accounts_text(demo, language), 0600));
  return demo;
}

}  // namespace yihu::app
