#include "registry_fixture.h"

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
using store::code_of;
using store::Engine;
using store::engine_name;

class RegistryMembership : public RegistryTest {
 protected:
  base::Done perform(const std::function<base::Done(store::Transaction&)>& change) { return reg().perform(change); }
  std::vector<std::string> names(const HouseholdId& id, const char* on) {
    const auto household = reg().as_of(id, day(on));
    std::vector<std::string> out;
    if (!household) return {household.error().code};
    for (const registry::Member& member : household->members) out.push_back(member.values.text("name"));
    return out;
  }
};
ON_BOTH_ENGINES(RegistryMembership);

using Names = std::vector<std::string>;

TEST_P(RegistryMembership, BirthDeathAndMarriage) {
  const auto added = reg().add(wang_family());
  const HouseholdId id = added.household;
  const access::Viewer& all = reg().everything;
  const auto baby = store::value_of(reg().write<PersonId>([&](store::Transaction& transaction) {
    return registry::add_member(transaction, reg().rooms(), all, id, Arrival::born,
                                NewPerson{{{"name", word("王小宝")}, {"relation", word("child")}}, {}}, Why{day("2018-05-01"), "出生"});
  }));
  EXPECT_EQ(code_of(perform([&](store::Transaction& transaction) {
    return registry::remove_member(transaction, all, added.members[0], Departure::died, Why{day("2019-02-03"), "病故"});
  })), "head_missing");
  EXPECT_EQ(code_of(perform([&](store::Transaction& transaction) {
    return registry::remove_member(transaction, all, added.members[0], Departure::died, Why{day("2019-02-03"), "病故"}, added.members[1]);
  })), "done");
  EXPECT_EQ(names(id, "2018-04-30"), (Names{"王建国", "曾秀英", "王小明"}));
  EXPECT_EQ(names(id, "2018-05-01"), (Names{"王建国", "曾秀英", "王小明", "王小宝"}));
  EXPECT_EQ(names(id, "2019-02-03"), (Names{"曾秀英", "王小明", "王小宝"}));
  const auto now = reg().household(id);
  EXPECT_EQ(now.values.text("head_name"), "曾秀英");
  EXPECT_EQ(now.values.integer("size"), 3);
  EXPECT_EQ(store::value_of(reg().as_of(id, day("2019-02-02"))).members[1].values.text("relation"), "spouse");
  // A birth that becomes known after later events is still his own first one.
  EXPECT_EQ(code_of(perform([&](store::Transaction& transaction) {
    return registry::remove_member(transaction, all, baby, Departure::moved_out, Why{day("2018-04-01"), "迁出"});
  })), "membership_order");
  // Recorded by mistake: he never died, but somebody else is head now.
  EXPECT_EQ(code_of(perform([&](store::Transaction& transaction) {
    return registry::undo_departure(transaction, all, added.members[0], Why{day("2019-03-01"), "误报"});
  })), "head_known");
  EXPECT_TRUE(perform([&](store::Transaction& transaction) {
    return registry::remove_member(transaction, all, added.members[2], Departure::married_out, Why{day("2019-03-03"), "出嫁"});
  }));
  EXPECT_TRUE(perform([&](store::Transaction& transaction) {
    return registry::undo_departure(transaction, all, added.members[2], Why{day("2019-03-05"), "误报"});
  }));
  EXPECT_EQ(names(id, "2019-03-04"), (Names{"曾秀英", "王小明", "王小宝"}));
  const auto former = store::value_of(reg().read<std::vector<registry::FormerMember>>(
      [&](store::Session& session) { return registry::former_members(session, all, id); }));
  ASSERT_EQ(former.size(), 1U);
  EXPECT_EQ(former[0].how, "died");
}

TEST_P(RegistryMembership, SplitMergeAndMove) {
  const auto added = reg().add(wang_family());
  const access::Viewer& all = reg().everything;
  const auto split = store::value_of(reg().write<HouseholdId>([&](store::Transaction& transaction) {
    return registry::split_household(transaction, all, added.household, {Moving{added.members[2], "head"}}, Why{day("2018-09-01"), "分户"});
  }));
  EXPECT_EQ(names(split, "2018-08-31"), (Names{"household_unknown"}));
  EXPECT_EQ(names(split, "2018-09-01"), (Names{"王小明"}));
  EXPECT_EQ(reg().household(split).values.text("village"), "460108101200");
  EXPECT_FALSE(reg().household(split).values.known("arable_mu")) << "what it owns is not invented";
  EXPECT_EQ(code_of(perform([&](store::Transaction& transaction) {
    return registry::move_member(transaction, all, added.members[1], split, "head", Why{day("2018-10-01"), "迁移"});
  })), "head_known");
  EXPECT_TRUE(perform([&](store::Transaction& transaction) {
    return registry::move_member(transaction, all, added.members[1], split, "parent", Why{day("2018-10-01"), "随子女"});
  }));
  EXPECT_EQ(names(added.household, "2018-10-01"), (Names{"王建国"}));
  EXPECT_EQ(code_of(perform([&](store::Transaction& transaction) {
    return registry::merge_households(transaction, all, added.household, split, {}, Why{day("2019-01-01"), "并户"});
  })), "members_all");
  EXPECT_TRUE(perform([&](store::Transaction& transaction) {
    return registry::merge_households(transaction, all, added.household, split, {Moving{added.members[0], "parent"}}, Why{day("2019-01-01"), "并户"});
  }));
  EXPECT_EQ(names(split, "2019-01-01").size(), 3U);
  EXPECT_EQ(names(added.household, "2018-12-31"), (Names{"王建国"}));
  EXPECT_EQ(names(added.household, "2019-01-01"), (Names{"household_unknown"}));
  EXPECT_EQ(code_of(perform([&](store::Transaction& transaction) {
    return registry::move_member(transaction, all, added.members[0], added.household, "head", Why{day("2019-02-01"), "迁回"});
  })), "household_ended");
  EXPECT_TRUE(perform([&](store::Transaction& transaction) {
    return registry::change_head(transaction, all, split, added.members[0], "child", Why{day("2019-02-01"), "换户主"});
  }));
  EXPECT_EQ(reg().household(split).values.text("head_name"), "王建国");
  EXPECT_TRUE(reg().write<int>([&](store::Transaction& transaction) {
    return registry::relocate(transaction, all, split, "460108102201", std::nullopt, Why{day("2019-05-01"), "搬迁"});
  }));
  EXPECT_EQ(store::value_of(reg().as_of(split, day("2019-04-30"))).values.text("village"), "460108101200");
  EXPECT_EQ(reg().household(split).members[0].values.text("village"), "460108102201");
}

TEST_P(RegistryMembership, AWrongIdentityIsPutRightAndBack) {
  const auto added = reg().add(wang_family());
  const access::Viewer& all = reg().everything;
  const PersonId person = added.members[0];
  const auto change = reg().write<int>([&](store::Transaction& transaction) {
    return registry::change_person(transaction, reg().rooms(), all, person, {{{"name", word("王建军")}}, Why{day("2019-06-30"), "改名"}, registry::Mode::changed, {}});
  });
  EXPECT_EQ(code_of(change), "identity_fixed");
  const auto correct = [&](Values values) {
    return reg().write<registry::CorrectionId>([&](store::Transaction& transaction) {
      return registry::correct_identity(transaction, reg().rooms(), all, person, values, Why{day("2019-06-30"), "登记成了邻居"});
    });
  };
  EXPECT_EQ(code_of(correct({{"id_number", Cell(id_number("19720405", 122))}})), "person_known");
  EXPECT_EQ(code_of(correct({{"education", word("junior")}})), "field_unknown");
  const auto first = store::value_of(correct({{"name", word("王建军")}, {"id_number", Cell(id_number("19710203", 113))}}));
  EXPECT_EQ(names(added.household, "2018-06-01")[0], "王建军") << "it was never otherwise";
  EXPECT_EQ(reg().household(added.household).values.text("head_name"), "王建军");
  EXPECT_EQ(reg().household(added.household).members[0].values.text("id_birth"), "1971-02-03");
  const auto second = store::value_of(correct({{"name", word("王健军")}}));
  const auto undo = [&](const registry::CorrectionId& id) {
    return code_of(perform([&](store::Transaction& transaction) {
      return registry::undo_correction(transaction, reg().rooms(), all, id, Why{day("2019-06-30"), "更正有误"});
    }));
  };
  EXPECT_EQ(undo(first), "correction_followed");
  EXPECT_EQ(undo(second), "done");
  EXPECT_EQ(undo(second), "correction_undone");
  EXPECT_EQ(undo(first), "done");
  const auto back = reg().household(added.household).members[0].values;
  EXPECT_EQ(back.text("name"), "王建国");
  EXPECT_EQ(back.text("id_birth"), "1970-02-03");
  const auto found = store::value_of(reg().read<registry::PersonPage>([&](store::Session& session) {
    return registry::search_people(session, reg().rooms(), all, id_number("19700203", 111), "", {}, 10);
  }));
  EXPECT_EQ(found.lines.size(), 1U);
}

TEST_P(RegistryMembership, PeopleAreFoundByWhatIsKnownOfThem) {
  const auto added = reg().add(wang_family());
  const auto find = [&](const access::Viewer& viewer, const std::string& text, const char* area = "") {
    std::vector<std::string> out;
    for (const registry::PersonLine& line : store::value_of(reg().read<registry::PersonPage>([&](store::Session& session) {
           return registry::search_people(session, reg().rooms(), viewer, text, area, {}, 10);
         })).lines) out.push_back(line.name);
    return out;
  };
  const access::Viewer& all = reg().everything;
  EXPECT_EQ(find(all, "王").size(), 2U);
  EXPECT_EQ(find(all, "王小"), (Names{"王小明"}));
  EXPECT_EQ(find(all, "WXM"), (Names{"王小明"}));
  EXPECT_EQ(find(all, "zxy"), (Names{"曾秀英"}));
  EXPECT_EQ(find(all, "cxy"), (Names{"曾秀英"})) << "the other reading";
  EXPECT_EQ(find(all, id_number("19720405", 122)), (Names{"曾秀英"}));
  EXPECT_EQ(find(all, "138 0013 8000"), (Names{"王建国"}));
  EXPECT_EQ(find(all, "0898-66001234").size(), 3U) << "the household's telephone";
  EXPECT_EQ(find(all, "H1").size(), 3U);
  EXPECT_EQ(find(all, "王", "460108102"), Names{});
  EXPECT_EQ(find(viewer_of({"460108102"}), id_number("19720405", 122)), Names{});
  EXPECT_EQ(find(viewer_of({"460108101200"}), "曾"), (Names{"曾秀英"}));
  EXPECT_TRUE(perform([&](store::Transaction& transaction) {
    return registry::remove_member(transaction, all, added.members[1], Departure::died, Why{day("2019-01-01"), "病故"});
  }));
  EXPECT_EQ(find(all, "曾"), Names{});
  // A second reading is found beside those who have it as their first, and a page at a time as well.
  auto two = wang_family();
  two.values.erase("code");
  two.members = {{{{"name", word("邓小明")}, {"relation", word("head")}}}, {{{"name", word("单小明")}, {"relation", word("child")}}}};
  const auto readings = reg().add(two);
  EXPECT_EQ(find(all, "dxm"), (Names{"邓小明", "单小明"}));
  EXPECT_EQ(find(all, "sxm"), (Names{"单小明"}));
  EXPECT_EQ(find(viewer_of({"460108101"}), "DX"), (Names{"邓小明", "单小明"}));
  EXPECT_EQ(find(viewer_of({"460108101201"}), "dxm"), Names{});
  EXPECT_EQ(find(all, "%"), Names{});
  for (const PersonId& one : readings.members) {
    EXPECT_TRUE(perform([&](store::Transaction& transaction) {
      return registry::remove_member(transaction, all, one, Departure::died, Why{day("2019-01-01"), "病故"},
                                     one == readings.members[0] ? std::optional(readings.members[1]) : std::nullopt);
    }));
  }
  EXPECT_EQ(code_of(perform([&](store::Transaction& transaction) {
    return registry::readmit(transaction, all, readings.members[0], added.household, "other", Why{day("2019-02-01"), "迁回"});
  })), "person_dead");
  // Page by page, nobody twice and nobody missed.
  std::optional<registry::PersonPlace> after;
  Names pages;
  do {
    const auto page = store::value_of(reg().read<registry::PersonPage>(
        [&](store::Session& session) { return registry::search_people(session, reg().rooms(), all, "", "", after, 1); }));
    for (const auto& line : page.lines) pages.push_back(line.name);
    after = page.next;
  } while (after);
  EXPECT_EQ(pages, (Names{"王小明", "王建国"}));
}

// ---- random histories against a model that remembers every day's end

/// What a day's end looked like: household → its members with their relations.
using State = std::map<HouseholdId, std::map<PersonId, std::string>>;

class Model {
 public:
  explicit Model(Register& reg) : reg_(reg) {
    auto family = wang_family();
    family.values.erase("code");
    for (auto& member : family.members) member.values.erase("id_number");
    for (int i = 0; i < 2; ++i) {
      const auto added = reg_.add(family);
      for (std::size_t member = 0; member < added.members.size(); ++member) {
        state_[added.household][added.members[member]] = std::array{"head", "spouse", "child"}[member];
      }
    }
    day_ = family.registered_on;
  }

  void step() {
    if (*rc::gen::inRange(0, 3) == 0) {
      days_.emplace_back(day_, state_);
      day_ = base::plus_days(day_, *rc::gen::inRange(1, 40));
    }
    const auto household = std::next(state_.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(state_)))->first;
    auto& members = state_[household];
    const auto person = std::next(members.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(members)))->first;
    switch (*rc::gen::inRange(0, 6)) {
      case 0: return born(household);
      case 1: return leave(household, person);
      case 2: return move(household, person);
      case 3: return split(household, person);
      case 4: return merge(household);
      default: return head(household, person);
    }
  }

  void check() {
    days_.emplace_back(day_, state_);
    std::set<HouseholdId> known;
    for (const auto& [on, state] : days_) {
      for (const auto& [household, members] : state) known.insert(household);
    }
    for (const auto& [on, state] : days_) {
      for (const HouseholdId& id : known) {
        const auto then = reg_.as_of(id, on);
        const auto wanted = state.find(id);
        if (wanted == state.end()) {
          RC_ASSERT(!then.has_value());
          continue;
        }
        RC_ASSERT(then.has_value());
        std::map<PersonId, std::string> members;
        for (const registry::Member& member : then->members) members[member.id] = member.values.text("relation");
        RC_ASSERT(members == wanted->second);
      }
    }
    // The state now, and exactly one open membership for everybody who is present.
    for (const auto& [id, wanted] : state_) RC_ASSERT(reg_.household(id).members.size() == wanted.size());
    const auto wrong = store::value_of(reg_.read<std::vector<store::Row>>([](store::Session& session) {
      return session.query("SELECT p.id FROM person p LEFT JOIN membership m ON m.person = p.id AND m.left_on IS NULL"
                           " GROUP BY p.id, p.present, p.household HAVING COUNT(m.person) <> p.present"
                           " OR (p.present = 1) <> (p.household IS NOT NULL) OR COALESCE(MAX(m.household), '') <> COALESCE(p.household, '')");
    }));
    RC_ASSERT(wrong.empty());
  }

 private:
  Why why() const { return {day_, "随机"}; }
  void must(const base::Done& done) {
    if (!done) RC_FAIL(done.error().code);
  }
  std::optional<PersonId> next_head(const HouseholdId& household, const PersonId& leaving) {
    for (const auto& [person, relation] : state_[household]) {
      if (person != leaving) return person;
    }
    return std::nullopt;
  }
  void gone(const HouseholdId& household, const PersonId& person, const std::optional<PersonId>& next) {
    const bool was_head = state_[household][person] == "head";
    state_[household].erase(person);
    if (was_head && next) state_[household][*next] = "head";
    if (state_[household].empty()) state_.erase(household);
  }
  void born(const HouseholdId& household) {
    const auto made = reg_.write<PersonId>([&](store::Transaction& transaction) {
      return registry::add_member(transaction, reg_.rooms(), reg_.everything, household, Arrival::born,
                                  NewPerson{{{"name", word("新生儿")}, {"relation", word("grandchild")}}, {}}, why());
    });
    if (!made) RC_FAIL(made.error().code);
    state_[household][*made] = "grandchild";
  }
  void leave(const HouseholdId& household, const PersonId& person) {
    if (state_.size() == 1 && state_[household].size() == 1) return;
    const auto next = next_head(household, person);
    must(reg_.perform([&](store::Transaction& transaction) {
      return registry::remove_member(transaction, reg_.everything, person, Departure::died, why(), next);
    }));
    gone(household, person, next);
  }
  void move(const HouseholdId& household, const PersonId& person) {
    for (const auto& [other, members] : state_) {
      if (other == household) continue;
      const auto next = next_head(household, person);
      must(reg_.perform([&](store::Transaction& transaction) {
        return registry::move_member(transaction, reg_.everything, person, other, "other", why(), next);
      }));
      state_[other][person] = "other";
      return gone(household, person, next);
    }
  }
  void split(const HouseholdId& household, const PersonId& person) {
    if (state_[household].size() < 2) return;
    const auto next = next_head(household, person);
    const auto made = reg_.write<HouseholdId>([&](store::Transaction& transaction) {
      return registry::split_household(transaction, reg_.everything, household, {Moving{person, "head"}}, why(), next);
    });
    if (!made) RC_FAIL(made.error().code);
    gone(household, person, next);
    state_[*made][person] = "head";
  }
  void merge(const HouseholdId& from) {
    for (const auto& [into, members] : state_) {
      if (into == from) continue;
      std::vector<Moving> moving;
      for (const auto& [person, relation] : state_[from]) moving.push_back({person, "sibling"});
      must(reg_.perform([&](store::Transaction& transaction) {
        return registry::merge_households(transaction, reg_.everything, from, into, moving, why());
      }));
      for (const Moving& one : moving) state_[into][one.person] = "sibling";
      state_.erase(from);
      return;
    }
  }
  void head(const HouseholdId& household, const PersonId& person) {
    must(reg_.perform([&](store::Transaction& transaction) {
      return registry::change_head(transaction, reg_.everything, household, person, "parent", why());
    }));
    for (auto& [member, relation] : state_[household]) {
      if (relation == "head" && member != person) relation = "parent";
    }
    state_[household][person] = "head";
  }

  Register& reg_;
  State state_;
  base::Date day_;
  std::vector<std::pair<base::Date, State>> days_;
};

TEST(RegistryHistory, EveryPastDayComesBackAsItWas) {
  const store::Ground ground(Engine::sqlite);
  base::FixedClock clock{{1'893'456'000'000'000}};  // 2030: every random day lies before it
  store::Options options;
  options.folder = ground.folder();
  options.clock = &clock;
  Register reg(std::move(options));
  EXPECT_TRUE(rc::check([&] {
    Model model(reg);
    const int steps = *rc::gen::inRange(1, 25);
    for (int i = 0; i < steps; ++i) model.step();
    model.check();
  }));
}

}  // namespace
}  // namespace yihu
