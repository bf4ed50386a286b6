// Random histories, entered in any order of days, against a reference that keeps them as plain steps in memory.

#include "registry_fixture.h"

#include "registry/snapshot.h"
#include "store/verification.h"

#include <rapidcheck.h>

#include <algorithm>
#include <map>

namespace yihu {
namespace {

using registry::Arrival;
using registry::Departure;
using registry::Moving;
using registry::NewPerson;
using registry::Why;
using store::Engine;
using store::engine_name;

/// What held from each day on.
using Steps = std::map<std::string, std::string>;

std::string held(const Steps& steps, const std::string& on) {
  const auto next = steps.upper_bound(on);
  return next == steps.begin() ? std::string() : std::prev(next)->second;
}
/// Saying what holds already is no step.
void put_step(Steps& steps, const std::string& on, const std::string& value) {
  if (held(steps, on) != value) steps[on] = value;
}

struct Stay {
  HouseholdId household;
  std::string from;
  std::string until;   ///< empty while it lasts
  bool covers(const std::string& on) const { return from <= on && (until.empty() || on < until); }
};

struct Somebody {
  std::vector<Stay> stays;
  Steps relation;
  Steps phone;
  std::string name;
  bool dead = false;
  std::vector<std::pair<registry::CorrectionId, std::string>> corrections;  ///< with all that said who he was before
  bool present() const { return !stays.empty() && stays.back().until.empty(); }
};

struct Home {
  std::string registered_on;
  Steps village, status, tv;
};

constexpr const char* villages[] = {"460108101200", "460108101201", "460108102200", "460108102201"};
constexpr const char* statuses[] = {"general", "candidate", "poor", "exited_supported", "returned", "removed", "suspended"};

class History {
 public:
  explicit History(Register& reg) : reg_(reg), day_(day("2018-01-01")) {
    for (int i = 0; i < 2; ++i) enter();
  }

  void step() {
    if (*rc::gen::inRange(0, 3) == 0) day_ = base::plus_days(day_, *rc::gen::inRange(1, 40));
    const Why why = some_why();
    const HouseholdId home = std::next(homes_.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(homes_)))->first;
    const HouseholdId other = std::next(homes_.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(homes_)))->first;
    const PersonId person = std::next(people_.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(people_)))->first;
    // Who has something to be taken back comes up more often than chance would have it.
    const auto corrected = std::ranges::find_if(people_, [](const auto& one) { return !one.second.corrections.empty(); });
    const auto absent = std::ranges::find_if(people_, [](const auto& one) { return !one.second.present(); });
    switch (*rc::gen::inRange(0, 14)) {
      case 0: return born(home, why);
      case 1: return leave(person, why, Departure::died);
      case 2: return leave(person, why, Departure::married_out);
      case 3: return undo_departure(absent == people_.end() ? person : absent->first, why);
      case 4: return readmit(person, home, why);
      case 5: return move(person, other, why);
      case 6: return split(person, why);
      case 7: return merge(home, other, why);
      case 8: return head(home, person, why);
      case 9: return status(home, why);
      case 10: return relocate(home, why);
      case 11: return change(home, person, why);
      case 12: return correct(person, why);
      default: return undo_correction(corrected == people_.end() ? person : corrected->first, why);
    }
  }

  void check() {
    for (const auto& [id, home] : homes_) {
      for (int i = 0; i < 8; ++i) check_day(id, base::plus_days(day("2017-12-30"), *rc::gen::inRange(0, 900)));
      check_day(id, day_);
      check_present(id);
    }
    for (const auto& [id, somebody] : people_) check_person(id, somebody);
    check_tables();
  }

 private:
  Why some_why() {
    switch (*rc::gen::inRange(0, 12)) {
      case 0: return {day("2030-02-01"), "以后"};
      case 1: return {day("2017-06-01"), "登记之前"};
      case 2:
      case 3:
      case 4: return {base::plus_days(day("2018-01-01"), *rc::gen::inRange(0, 400)), "补录"};
      default: return {day_, "随机"};
    }
  }
  static std::string text(const Why& why) { return base::to_string(why.day); }
  static std::string today() { return "2030-01-01"; }

  std::vector<PersonId> members(const HouseholdId& home, const std::string& on) const {
    std::vector<PersonId> out;
    for (const auto& [id, one] : people_) {
      if (std::ranges::any_of(one.stays, [&](const Stay& stay) { return stay.household == home && stay.covers(on); })) out.push_back(id);
    }
    return out;
  }
  std::optional<PersonId> next_head(const PersonId& leaving) const {
    if (!people_.at(leaving).present()) return std::nullopt;
    for (const PersonId& one : members(people_.at(leaving).stays.back().household, today())) {
      if (one != leaving) return one;
    }
    return std::nullopt;
  }

  /// @returns whether the register took it. What it took has to be in order.
  bool taken(const base::Done& done, const Why& why, const HouseholdId& home) {
    if (!done) {
      static const std::set<std::string> known = {
          "day_unfit", "household_ended", "membership_order", "person_present", "person_absent", "person_dead", "person_known",
          "head_known", "head_missing", "head_order", "person_unknown", "household_unknown", "members_all", "status_same", "status_order",
          "correction_undone", "correction_followed"};
      RC_ASSERT(known.contains(done.error().code));
      return false;
    }
    RC_ASSERT(text(why) <= today());
    if (!home.empty()) RC_ASSERT(homes_.at(home).registered_on <= text(why));
    return true;
  }
  base::Done perform(const std::function<base::Done(store::Transaction&)>& change) { return reg_.perform(change); }

  void enter() {
    auto family = wang_family();
    family.values.erase("code");
    family.values["tv"] = Cell(std::int64_t{0});
    for (auto& member : family.members) member.values.erase("id_number");
    const auto added = reg_.add(family);
    homes_[added.household] = {"2018-01-01", {{"", family.village}}, {{"", "general"}}, {{"", "0"}}};
    for (std::size_t i = 0; i < added.members.size(); ++i) {
      Somebody& one = people_[added.members[i]];
      one.stays = {{added.household, "2018-01-01", ""}};
      one.relation = {{"", std::array{"head", "spouse", "child"}[i]}};
      one.name = std::array{"王建国", "曾秀英", "王小明"}[i];
      if (i == 0) one.phone = {{"", "13800138000"}};
    }
  }
  void out(const PersonId& id, const std::string& on, const std::optional<PersonId>& next) {
    Somebody& one = people_.at(id);
    RC_ASSERT(one.present());
    RC_ASSERT(one.stays.back().from <= on);
    const HouseholdId home = one.stays.back().household;
    one.stays.back().until = on;
    const bool head = one.relation.rbegin()->second == "head";
    if (head && next && !members(home, today()).empty()) put_step(people_.at(*next).relation, on, "head");
  }
  void in(const PersonId& id, const HouseholdId& home, const std::string& on, const std::string& relation) {
    Somebody& one = people_.at(id);
    if (!one.stays.empty()) RC_ASSERT(!one.stays.back().until.empty() && one.stays.back().until <= on);
    one.stays.push_back({home, on, ""});
    put_step(one.relation, on, relation);
  }

  void born(const HouseholdId& home, const Why& why) {
    std::optional<PersonId> made;
    const auto done = perform([&](store::Transaction& transaction) -> base::Done {
      made = TRY(registry::add_member(transaction, reg_.rooms(), reg_.everything, home, Arrival::born,
                                      NewPerson{{{"name", word("新生儿")}, {"relation", word("grandchild")}}, {}}, why));
      return {};
    });
    if (!taken(done, why, home)) return;
    people_[*made].relation = {{"", "grandchild"}};
    people_[*made].name = "新生儿";
    people_[*made].stays = {{home, text(why), ""}};
  }
  void leave(const PersonId& person, const Why& why, Departure how) {
    const auto next = next_head(person);
    const auto done = perform([&](store::Transaction& transaction) { return registry::remove_member(transaction, reg_.everything, person, how, why, next); });
    if (!taken(done, why, people_.at(person).stays.back().household)) return;
    out(person, text(why), next);
    people_.at(person).dead = how == Departure::died;
  }
  void undo_departure(const PersonId& person, const Why& why) {
    const auto done = perform([&](store::Transaction& transaction) { return registry::undo_departure(transaction, reg_.everything, person, why); });
    if (!taken(done, why, {})) return;
    Somebody& one = people_.at(person);
    RC_ASSERT(!one.present());
    one.stays.back().until.clear();
    one.dead = false;
  }
  void readmit(const PersonId& person, const HouseholdId& home, const Why& why) {
    const auto done = perform([&](store::Transaction& transaction) { return registry::readmit(transaction, reg_.everything, person, home, "sibling", why); });
    if (!taken(done, why, home)) return;
    RC_ASSERT(!people_.at(person).dead);
    in(person, home, text(why), "sibling");
  }
  void move(const PersonId& person, const HouseholdId& to, const Why& why) {
    const auto next = next_head(person);
    const auto done = perform([&](store::Transaction& transaction) { return registry::move_member(transaction, reg_.everything, person, to, "other", why, next); });
    if (!taken(done, why, to)) return;
    out(person, text(why), next);
    in(person, to, text(why), "other");
  }
  void split(const PersonId& person, const Why& why) {
    const auto next = next_head(person);
    if (!next) return;
    const HouseholdId from = people_.at(person).stays.back().household;
    std::optional<HouseholdId> made;
    const auto done = perform([&](store::Transaction& transaction) -> base::Done {
      made = TRY(registry::split_household(transaction, reg_.everything, from, {Moving{person, "head"}}, why, next));
      return {};
    });
    if (!taken(done, why, from)) return;
    out(person, text(why), next);
    Home home = homes_.at(from);
    home.registered_on = text(why);
    home.tv = {};
    homes_[*made] = home;
    in(person, *made, text(why), "head");
  }
  void merge(const HouseholdId& from, const HouseholdId& into, const Why& why) {
    std::vector<Moving> moving;
    for (const PersonId& one : members(from, today())) moving.push_back({one, "sibling"});
    const auto done = perform([&](store::Transaction& transaction) { return registry::merge_households(transaction, reg_.everything, from, into, moving, why); });
    if (!taken(done, why, into)) return;
    for (const Moving& one : moving) {
      people_.at(one.person).stays.back().until = text(why);
      in(one.person, into, text(why), "sibling");
    }
  }
  void head(const HouseholdId& home, const PersonId& person, const Why& why) {
    const auto done = perform([&](store::Transaction& transaction) { return registry::change_head(transaction, reg_.everything, home, person, "parent", why); });
    if (!taken(done, why, home)) return;
    for (const PersonId& one : members(home, today())) {
      Steps& relation = people_.at(one).relation;
      if (one != person && relation.rbegin()->second == "head") put_step(relation, text(why), "parent");
    }
    put_step(people_.at(person).relation, text(why), "head");
  }
  void status(const HouseholdId& home, const Why& why) {
    const std::string to = statuses[*rc::gen::inRange(0, 7)];
    const auto done = perform([&](store::Transaction& transaction) -> base::Done {
      TRY(registry::change_status(transaction, reg_.everything, home, to, why.day, why.reason));
      return {};
    });
    if (!taken(done, why, home)) return;
    RC_ASSERT(homes_.at(home).status.rbegin()->first <= text(why));
    put_step(homes_.at(home).status, text(why), to);
  }
  void relocate(const HouseholdId& home, const Why& why) {
    const std::string to = villages[*rc::gen::inRange(0, 4)];
    const auto done = perform([&](store::Transaction& transaction) -> base::Done {
      TRY(registry::relocate(transaction, reg_.everything, home, to, std::nullopt, why));
      return {};
    });
    if (taken(done, why, home)) put_step(homes_.at(home).village, text(why), to);
  }
  /// Fields, one of them private and looked for by an index.
  void change(const HouseholdId& home, const PersonId& person, const Why& why) {
    const std::int64_t tv = *rc::gen::inRange(0, 2);
    const auto done = perform([&](store::Transaction& transaction) -> base::Done {
      TRY(registry::change_household(transaction, reg_.rooms(), reg_.everything, home, {{{"tv", Cell(tv)}}, why, registry::Mode::changed, {}}));
      return {};
    });
    if (taken(done, why, home)) put_step(homes_.at(home).tv, text(why), std::to_string(tv));
    const std::string phone = fmt::format("139{:08}", ++phones_);
    const auto called = perform([&](store::Transaction& transaction) -> base::Done {
      TRY(registry::change_person(transaction, reg_.rooms(), reg_.everything, person, {{{"phone", Cell(phone)}}, why, registry::Mode::changed, {}}));
      return {};
    });
    if (taken(called, why, {})) put_step(people_.at(person).phone, text(why), phone);
  }
  /// All that says who somebody is, but for what is sealed; of that the index.
  std::string facts(const PersonId& id) {
    const auto rows = store::value_of(reg_.read<std::vector<store::Row>>([&](store::Session& session) {
      return session.query("SELECT COALESCE(name, '') || '|' || COALESCE(sex, '') || '|' || COALESCE(birth, '') || '|' || COALESCE(id_kind, '') || '|' ||"
                           " COALESCE(CAST(id_valid AS TEXT), '') || '|' || COALESCE(id_birth, '') || '|' || COALESCE(id_sex, '') || '|' ||"
                           " COALESCE(initials, '') || '|' || COALESCE(initials_other, '') || '|' || COALESCE(id_index, '') FROM person WHERE id = :id", {{"id", id}});
    }));
    return rows.at(0).text(0);
  }
  void correct(const PersonId& person, const Why& why) {
    Values values;
    const int what = *rc::gen::inRange(0, 4);
    const std::string name = std::array{"单小明", "曾大海", "尉迟云", "吴名"}[static_cast<std::size_t>(*rc::gen::inRange(0, 4))];
    if (what != 1) values["name"] = Cell(name);
    if (what != 0) values["id_number"] = Cell(id_number("19800101", 500 + *rc::gen::inRange(0, 5)));
    if (what == 2) values["id_number"] = word("P1234567");
    if (what == 3) values["birth"] = word("1980-01-01");
    const std::string before = facts(person);
    std::optional<registry::CorrectionId> made;
    const auto done = perform([&](store::Transaction& transaction) -> base::Done {
      made = TRY(registry::correct_identity(transaction, reg_.rooms(), reg_.everything, person, values, why));
      return {};
    });
    if (!taken(done, why, {})) return;
    Somebody& one = people_.at(person);
    one.corrections.emplace_back(*made, before + '\n' + one.name);
    if (values.contains("name")) one.name = name;
  }
  void undo_correction(const PersonId& person, const Why& why) {
    Somebody& one = people_.at(person);
    if (one.corrections.empty()) return;
    const auto [id, before] = one.corrections.back();
    const auto done = perform([&](store::Transaction& transaction) { return registry::undo_correction(transaction, reg_.rooms(), reg_.everything, id, why); });
    if (!taken(done, why, {})) return;
    RC_ASSERT(facts(person) == before.substr(0, before.find('\n')));
    one.name = before.substr(before.find('\n') + 1);
    one.corrections.pop_back();
  }

  void check_day(const HouseholdId& id, base::Date on) {
    const std::string when = base::to_string(on);
    const Home& home = homes_.at(id);
    std::string ended;
    if (members(id, today()).empty()) {
      for (const auto& [person, one] : people_) {
        for (const Stay& stay : one.stays) {
          if (stay.household == id) ended = std::max(ended, stay.until);
        }
      }
    }
    const auto then = reg_.as_of(id, on);
    const bool there = home.registered_on <= when && (ended.empty() || when < ended);
    RC_ASSERT(then.has_value() == there);
    if (!there) return;
    std::map<PersonId, std::string> wanted, found;
    for (const PersonId& one : members(id, when)) wanted[one] = held(people_.at(one).relation, when) + people_.at(one).name;
    for (const registry::Member& one : then->members) found[one.id] = one.values.text("relation") + one.values.text("name");
    RC_ASSERT(found == wanted);
    RC_ASSERT(then->values.integer("size") == std::ssize(wanted));
    RC_ASSERT(std::ranges::count_if(then->members, [](const auto& one) { return one.values.text("relation") == "head"; }) <= 1);
    RC_ASSERT(then->values.text("status") == held(home.status, when));
    RC_ASSERT(then->values.text("village") == held(home.village, when));
    const auto tv = then->values.integer("tv");
    RC_ASSERT((tv ? std::to_string(*tv) : "") == held(home.tv, when));
  }
  void check_present(const HouseholdId& id) {
    const registry::Household now = reg_.household(id);
    RC_ASSERT(now.values.integer("size") == std::ssize(members(id, today())));
    RC_ASSERT(now.values.text("status") == homes_.at(id).status.rbegin()->second);
    RC_ASSERT(now.values.text("village") == homes_.at(id).village.rbegin()->second);
    RC_ASSERT(now.values.known("ended_on") == now.members.empty());
  }
  void check_person(const PersonId& id, const Somebody& somebody) {
    if (!somebody.present() || somebody.phone.empty()) return;
    const std::string phone = somebody.phone.rbegin()->second;
    const auto page = store::value_of(reg_.read<registry::PersonPage>(
        [&](store::Session& session) { return registry::search_people(session, reg_.rooms(), reg_.everything, phone, "", {}, 500); }));
    RC_ASSERT(std::ranges::count(page.lines, id, &registry::PersonLine::id) == 1);
    const auto open = reg_.write<std::string>([&](store::Transaction& transaction) {
      return registry::open_private(transaction, reg_.rooms(), reg_.everything, registry::Owner::person, id.value, "phone", "核对");
    });
    RC_ASSERT(open.has_value());
    RC_ASSERT(*open == phone);
  }
  void check_tables() {
    const auto none = [&](store::Sql sql) {
      const auto rows = store::value_of(reg_.read<std::vector<store::Row>>([&](store::Session& session) { return session.query(sql); }));
      RC_ASSERT(rows.empty());
    };
    // Exactly one open stay for everybody who is present, none for anybody else; and no two stays of one person on one day.
    none("SELECT p.id FROM person p LEFT JOIN membership m ON m.person = p.id AND m.left_on IS NULL"
         " GROUP BY p.id, p.present, p.household HAVING COUNT(m.person) <> p.present"
         " OR (p.present = 1) <> (p.household IS NOT NULL) OR COALESCE(MAX(m.household), '') <> COALESCE(p.household, '')");
    none("SELECT a.person FROM membership a JOIN membership b ON b.person = a.person AND (b.joined_on, b.household) > (a.joined_on, a.household)"
         " WHERE (a.left_on IS NULL OR a.left_on > b.joined_on) AND (b.left_on IS NULL OR b.left_on > b.joined_on)");
    none("SELECT id_index FROM person WHERE present = 1 AND id_index IS NOT NULL GROUP BY id_index HAVING COUNT(*) > 1");
    none("SELECT p.id FROM person p JOIN household h ON h.id = p.household WHERE p.village <> h.village");
  }

  Register& reg_;
  base::Date day_;
  int phones_ = 0;
  std::map<HouseholdId, Home> homes_;
  std::map<PersonId, Somebody> people_;
};

class RegistryProperty : public RegistryTest {
 protected:
  void SetUp() override {
    RegistryTest::SetUp();
    // 2030: every random day but the future ones lies before it.
    clock_.set({1'893'456'000'000'000});
  }
  std::string frozen_rows() {
    std::string out;
    for (const store::Row& row : store::value_of(reg().read<std::vector<store::Row>>([](store::Session& session) {
           return session.query("SELECT household, village, content FROM snapshot_household ORDER BY snapshot, household");
         }))) {
      out += row.text(0) + row.text(1) + row.text(2) + '\n';
    }
    return out;
  }
};
ON_BOTH_ENGINES(RegistryProperty);

TEST_P(RegistryProperty, AnyDayComesBackInWhateverOrderDaysWereEntered) {
  int cases = 0;
  std::string frozen;
  std::vector<registry::Snapshot> snapshots;
  EXPECT_TRUE(rc::check([&] {
    History history(reg());
    const int steps = *rc::gen::inRange(1, 30);
    for (int i = 0; i < steps; ++i) history.step();
    history.check();
    if (++cases % 20 != 10 || snapshots.size() == 4) return;
    RC_ASSERT(frozen_rows() == frozen);
    snapshots.push_back(store::value_of(registry::freeze(reg().store(), reg().rooms(), reg().everything, fmt::format("{}-H1", 2018 + snapshots.size()), {})));
    frozen = frozen_rows();
  }));
  EXPECT_EQ(frozen_rows(), frozen) << "what is frozen stays";
  for (const registry::Snapshot& one : snapshots) {
    EXPECT_TRUE(store::value_of(reg().read<bool>([&](store::Session& session) {
      return registry::verify_snapshot(session, reg().everything, one.id, reg().store().algorithms());
    })));
  }
  EXPECT_TRUE(store::value_of(store::verify_journal(reg().store(), {}, {}, {})).whole);
}

}  // namespace
}  // namespace yihu
