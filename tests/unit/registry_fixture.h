#pragma once
// A register with two towns and four villages, on either engine, and the people who look at it.

#include "access/permission.h"
#include "access/user.h"
#include "area/fill.h"
#include "area/unit.h"
#include "registry/change.h"
#include "registry/household_list.h"
#include "registry/household_page.h"
#include "registry/identity.h"
#include "registry/membership.h"
#include "registry/person_search.h"
#include "registry/registration.h"
#include "registry/schema.h"
#include "registry/status.h"
#include "base/id_number.h"
#include "store/secret.h"

#include "store_fixture.h"

namespace yihu {

using registry::Cell;
using registry::HouseholdId;
using registry::PersonId;
using registry::Values;

inline Cell word(const char* text) { return Cell(std::string(text)); }
inline base::Date day(const char* text) { return base::parse_date(text).value_or(base::Date{}); }

/// A number with the right check digit, of nobody: its place is none.
inline std::string id_number(const char* birth_digits, int order) {
  const std::string front = fmt::format("990108{}{:03}", birth_digits, order);
  return front + base::id_check_digit(front).value_or('?');
}

class Register {
 public:
  explicit Register(store::Options options) {
    pack_.district = pack::District{"460108", {"某区", "A district"}, {}};
    for (const auto& [code, name] : std::initializer_list<std::pair<const char*, const char*>>{
             {"460108101", "甲镇"}, {"460108102", "乙镇"}, {"460108101200", "东村"}, {"460108101201", "西村"},
             {"460108102200", "南村"}, {"460108102201", "北村"}}) {
      pack::Division division;
      division.id = code;
      division.name = {name, name};
      pack_.divisions.push_back(std::move(division));
    }
    options.migrations = registry::migrations();
    for (const auto& room : {area::migrations(), access::migrations()}) {
      options.migrations.insert(options.migrations.end(), room.begin(), room.end());
    }
    store_ = store::value_of(store::Store::open(std::move(options)));
    store::value_of(area::fill_from_pack(*store_, pack_));
  }

  store::Store& store() { return *store_; }
  registry::Rooms rooms() { return {store_->secrets()}; }

  template <class T>
  base::Result<T> write(const std::function<base::Result<T>(store::Transaction&)>& change) {
    std::optional<T> out;
    auto answer = store_->write(store::act_of(), [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      out = TRY(change(transaction));
      return store::Answer();
    });
    if (!answer) return base::fail(answer.error());
    return *std::move(out);
  }
  base::Done perform(const std::function<base::Done(store::Transaction&)>& change) {
    auto answer = store_->write(store::act_of(), [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      TRY(change(transaction));
      return store::Answer();
    });
    if (!answer) return base::fail(answer.error());
    return {};
  }
  template <class T>
  base::Result<T> read(const std::function<base::Result<T>(store::Session&)>& look) {
    std::optional<T> out;
    const auto done = store_->read([&](store::Session& session) -> base::Done {
      out = TRY(look(session));
      return {};
    });
    if (!done) return base::fail(done.error());
    return *std::move(out);
  }

  registry::Added add(const registry::NewHousehold& household) {
    return store::value_of(write<registry::Added>(
        [&](store::Transaction& transaction) { return registry::add_household(transaction, rooms(), everything, household); }));
  }
  registry::Household household(const HouseholdId& id) {
    return store::value_of(read<registry::Household>(
        [&](store::Session& session) { return registry::read_household(session, rooms(), everything, id); }));
  }
  base::Result<registry::Household> as_of(const HouseholdId& id, base::Date on) {
    return read<registry::Household>(
        [&](store::Session& session) { return registry::household_as_of(session, rooms(), everything, id, on); });
  }

  const access::Viewer everything = access::Viewer::system("test");

 private:
  pack::Pack pack_;
  std::unique_ptr<store::Store> store_;
};

/// Wang with wife and daughter in the first village.
inline registry::NewHousehold wang_family() {
  registry::NewHousehold out;
  out.village = "460108101200";
  out.registered_on = day("2018-01-01");
  out.values = {{"code", word("H1")}, {"arable_mu", Cell(2.5)}, {"bank_account", word("6222000011112222")}, {"phone", word("0898-6600 1234")}};
  out.members = {{{{"name", word("王建国")}, {"sex", word("male")}, {"birth", word("1970-02-03")}, {"relation", word("head")},
                   {"id_number", Cell(id_number("19700203", 111))}, {"phone", word("13800138000")}}},
                 {{{"name", word("曾秀英")}, {"sex", word("female")}, {"relation", word("spouse")}, {"id_number", Cell(id_number("19720405", 122))}}},
                 {{{"name", word("王小明")}, {"relation", word("child")}}}};
  out.incomes = {{{"year", Cell(std::int64_t{2018})}, {"basis", word("net")}, {"wage", Cell(std::int64_t{1'200'000})}}};
  out.reason = "登记入册";
  return out;
}

class RegistryTest : public store::OnBothEngines {
 protected:
  void SetUp() override {
    store::OnBothEngines::SetUp();
    if (IsSkipped()) return;
    // 2019-06-30 in China.
    clock_.set({1'561'860'000'000'000});
    register_ = std::make_unique<Register>(options());
  }
  void TearDown() override { register_.reset(); }
  Register& reg() { return *register_; }

  access::Viewer viewer_of(std::set<std::string> areas) {
    access::Viewer viewer;
    viewer.user = base::UserId::make();
    viewer.permissions = {access::Permission::register_read, access::Permission::register_change, access::Permission::private_open};
    viewer.scope.areas = std::move(areas);
    return viewer;
  }

  std::unique_ptr<Register> register_;
};

}  // namespace yihu
