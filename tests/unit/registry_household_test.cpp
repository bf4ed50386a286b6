#include "registry_fixture.h"

#include "store/journal.h"

namespace yihu {
namespace {

using registry::Change;
using registry::Mode;
using registry::Why;
using store::code_of;
using store::Engine;
using store::engine_name;

class RegistryHousehold : public RegistryTest {};
ON_BOTH_ENGINES(RegistryHousehold);

TEST_P(RegistryHousehold, IsReadWithItsMembersAndPrivateValuesMasked) {
  const auto added = reg().add(wang_family());
  const auto household = reg().household(added.household);
  EXPECT_EQ(household.values.text("head_name"), "王建国");
  EXPECT_EQ(household.values.integer("size"), 3);
  EXPECT_EQ(household.values.text("bank_account"), "622*********2222");
  EXPECT_EQ(household.values.at("arable_mu"), Cell(2.5));
  ASSERT_EQ(household.members.size(), 3U);
  const registry::Record& head = household.members[0].values;
  EXPECT_EQ(head.text("relation"), "head");
  EXPECT_EQ(head.text("id_number").substr(0, 14), "990108********");
  EXPECT_EQ(head.text("phone"), "138****8000");
  // What the number says stands beside it, for rules to read.
  EXPECT_EQ(head.text("id_kind"), "resident");
  EXPECT_EQ(head.integer("id_valid"), 1);
  EXPECT_EQ(head.text("id_birth"), "1970-02-03");
  EXPECT_EQ(head.text("id_sex"), "male");
  EXPECT_EQ(household.members[1].values.text("id_sex"), "female");
  ASSERT_EQ(household.incomes.size(), 1U);
  EXPECT_EQ(household.incomes[0].values.integer("wage"), 1'200'000);
  EXPECT_FALSE(household.incomes[0].values.known("business"));
}

TEST_P(RegistryHousehold, IsRefusedWithEveryMistakeAtOnce) {
  auto wrong = wang_family();
  wrong.village = "460108999999";
  wrong.values["arable_mu"] = Cell(-1.0);
  wrong.values["status"] = word("poor");
  wrong.members[2].values.erase("name");
  wrong.members[1].values["relation"] = word("head");
  wrong.reason = " ";
  const auto added = reg().write<registry::Added>([&](store::Transaction& transaction) {
    return registry::add_household(transaction, reg().rooms(), reg().everything, wrong);
  });
  ASSERT_FALSE(added);
  std::set<std::string> places{added.error().place.field};
  for (const base::Error& also : added.error().also) places.insert(also.place.field);
  EXPECT_EQ(places, (std::set<std::string>{"/reason", "/arable_mu", "/status", "/village", "/members", "/members/2/name"}));
  // A number that two present people share is a slip of the pen.
  reg().add(wang_family());
  auto same = wang_family();
  same.values.erase("code");
  EXPECT_EQ(code_of(reg().write<registry::Added>([&](store::Transaction& transaction) {
    return registry::add_household(transaction, reg().rooms(), reg().everything, same);
  })), "person_known");
}

TEST_P(RegistryHousehold, RemembersWhatItsFieldsHeldOnAnyDay) {
  const auto id = reg().add(wang_family()).household;
  const auto change = [&](const char* field, Cell value, const char* on, Mode mode = Mode::changed) {
    return reg().write<int>([&](store::Transaction& transaction) {
      return registry::change_household(transaction, reg().rooms(), reg().everything, id, Change{{{field, value}}, Why{day(on), "核实"}, mode, {}});
    });
  };
  const auto arable = [&](const char* on) { return store::value_of(reg().as_of(id, day(on))).values.at("arable_mu"); };
  EXPECT_TRUE(change("arable_mu", Cell(3.0), "2019-03-01"));
  EXPECT_EQ(arable("2019-02-28"), Cell(2.5));
  EXPECT_EQ(arable("2019-03-01"), Cell(3.0));
  // Learnt late: it had been otherwise for a while before that.
  EXPECT_TRUE(change("arable_mu", Cell(2.0), "2018-06-01"));
  EXPECT_EQ(arable("2018-05-31"), Cell(2.5));
  EXPECT_EQ(arable("2018-06-01"), Cell(2.0));
  EXPECT_EQ(arable("2019-03-01"), Cell(3.0));
  EXPECT_EQ(reg().household(id).values.at("arable_mu"), Cell(3.0));
  // It had been wrong all along.
  EXPECT_TRUE(change("arable_mu", Cell(2.2), "2018-07-01", Mode::corrected));
  EXPECT_EQ(arable("2018-05-31"), Cell(2.5));
  EXPECT_EQ(arable("2018-06-01"), Cell(2.2));
  EXPECT_EQ(code_of(change("arable_mu", Cell(1.0), "2017-12-31")), "day_unfit");
  EXPECT_EQ(code_of(change("arable_mu", Cell(1.0), "2019-07-01")), "day_unfit");
  EXPECT_EQ(code_of(reg().as_of(id, day("2017-12-31"))), "household_unknown");
  // A private value: masked then and now.
  EXPECT_TRUE(change("bank_account", word("6222000033334444"), "2019-04-01"));
  EXPECT_EQ(store::value_of(reg().as_of(id, day("2019-03-31"))).values.text("bank_account"), "622*********2222");
  EXPECT_EQ(reg().household(id).values.text("bank_account"), "622*********4444");
}

TEST_P(RegistryHousehold, IsChangedOnlyOnTheVersionThatWasRead) {
  const auto id = reg().add(wang_family()).household;
  const auto change = [&](int version) {
    return reg().write<int>([&](store::Transaction& transaction) {
      return registry::change_household(transaction, reg().rooms(), reg().everything, id, Change{{{"tv", Cell(std::int64_t{1})}}, Why{day("2019-06-30"), "核实"}, Mode::changed, version});
    });
  };
  EXPECT_EQ(store::value_of(change(1)), 2);
  const auto stale = change(1);
  EXPECT_EQ(code_of(stale), "register_stale");
  EXPECT_EQ(stale.error().text.zh, "刚刚有人修改过：通广播电视。") << "what it was; the timeline says who";
  EXPECT_EQ(store::value_of(change(2)), 2) << "nothing differs, nothing is written";
}

TEST_P(RegistryHousehold, ChangesItsStatusByOneFunctionThatKeepsWhoWhenAndWhy) {
  const auto id = reg().add(wang_family()).household;
  const auto status = [&](const char* to, const char* on) {
    return reg().write<int>([&](store::Transaction& transaction) {
      return registry::change_status(transaction, reg().everything, id, to, day(on), "民主评议通过");
    });
  };
  EXPECT_TRUE(status("poor", "2018-03-01"));
  EXPECT_EQ(code_of(status("poor", "2018-04-01")), "status_same");
  EXPECT_TRUE(status("exited_supported", "2018-12-20"));
  EXPECT_EQ(code_of(status("returned", "2018-10-01")), "status_order");
  EXPECT_EQ(code_of(status("rich", "2019-01-01")), "value_kind");
  const auto household = reg().household(id);
  EXPECT_EQ(household.values.text("status"), "exited_supported");
  EXPECT_EQ(household.values.integer("identified_year"), 2018);
  EXPECT_EQ(household.values.integer("exit_year"), 2018);
  EXPECT_EQ(store::value_of(reg().as_of(id, day("2018-06-30"))).values.text("status"), "poor");
  EXPECT_FALSE(store::value_of(reg().as_of(id, day("2018-06-30"))).values.known("exit_year"));
  const auto events = store::value_of(reg().read<std::vector<registry::Event>>(
      [&](store::Session& session) { return registry::events_of(session, reg().everything, id, {}, 10); }));
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].kind, "status_changed");
  EXPECT_EQ(events[0].reason, "民主评议通过");
  EXPECT_EQ(events[0].actor, "system:test");
  EXPECT_EQ(events[0].detail.at("from"), "poor");
  access::Viewer clerk = viewer_of({"460108101"});
  EXPECT_EQ(code_of(reg().write<int>([&](store::Transaction& transaction) {
    return registry::change_status(transaction, clerk, id, "suspended", day("2019-06-01"), "核查");
  })), "denied");
}

TEST_P(RegistryHousehold, OutsideTheReachDoesNotExist) {
  const auto here = reg().add(wang_family());
  auto other = wang_family();
  other.village = "460108102200";
  other.values.erase("code");
  other.members.resize(1);
  other.members[0].values["id_number"] = Cell(id_number("19650101", 115));
  const auto there = reg().add(other);
  const auto clerk = viewer_of({"460108101"});
  const auto sees = [&](const access::Viewer& viewer, const HouseholdId& id) {
    return code_of(reg().read<registry::Household>([&](store::Session& session) { return registry::read_household(session, reg().rooms(), viewer, id); }));
  };
  EXPECT_EQ(sees(clerk, here.household), "done");
  EXPECT_EQ(sees(clerk, there.household), "household_unknown");
  EXPECT_EQ(sees(viewer_of({"460108101201"}), here.household), "household_unknown");
  EXPECT_EQ(code_of(reg().read<registry::Member>([&](store::Session& session) { return registry::read_person(session, reg().rooms(), clerk, there.members[0]); })), "person_unknown");
  EXPECT_EQ(code_of(reg().perform([&](store::Transaction& transaction) {
    return registry::move_member(transaction, clerk, here.members[2], there.household, "other", Why{day("2019-01-01"), "迁移"});
  })), "household_unknown");
  // A helper sees those who are his, wherever they live.
  access::Viewer helper = viewer_of({});
  helper.scope.assigned = true;
  EXPECT_EQ(sees(helper, there.household), "household_unknown");
  EXPECT_TRUE(reg().perform([&](store::Transaction& transaction) -> base::Done {
    TRY(transaction.execute("INSERT INTO user_account (id, name, display_name, password, must_change_password, active, code_enabled, code_step, made_at, version)"
                            " VALUES (:id, 'helper', 'x', 'x', 0, 1, 0, 0, 0, 1)", {{"id", helper.user}}));
    TRY(registry::assign_helper(transaction, reg().everything, there.household, {"李四", "finance", helper.user}, Why{day("2019-01-01"), "结对"}));
    return {};
  }));
  EXPECT_EQ(sees(helper, there.household), "done");
  EXPECT_EQ(sees(helper, here.household), "household_unknown");
  const auto lines = [&](const access::Viewer& viewer, registry::HouseholdFilter filter = {}) {
    return store::value_of(reg().read<std::vector<registry::HouseholdLine>>(
        [&](store::Session& session) { return registry::list_households(session, viewer, filter, {}, 10); }));
  };
  EXPECT_EQ(lines(reg().everything).size(), 2U);
  EXPECT_EQ(lines(clerk).size(), 1U);
  ASSERT_EQ(lines(helper).size(), 1U);
  EXPECT_EQ(lines(helper)[0].id, there.household);
  EXPECT_EQ(lines(clerk, {.area = "460108102"}).size(), 0U);
  // Several values at once come in one order of villages, page by page.
  for (const HouseholdId& id : {there.household, here.household}) {
    EXPECT_TRUE(reg().write<int>([&](store::Transaction& transaction) {
      return registry::change_status(transaction, reg().everything, id, id == here.household ? "returned" : "poor", day("2019-01-01"), "评议");
    }));
  }
  ASSERT_EQ(lines(reg().everything, {.listed = true}).size(), 2U);
  EXPECT_EQ(lines(reg().everything, {.listed = true})[0].id, here.household);
  EXPECT_EQ(lines(reg().everything, {.status = "poor", .listed = true}).size(), 1U);
  EXPECT_EQ(lines(reg().everything, {.monitoring = "any"}).size(), 0U);
  EXPECT_EQ(lines(reg().everything, {.helper = "none"}).size(), 1U);
  const auto counts = store::value_of(reg().read<std::vector<registry::VillageCount>>(
      [&](store::Session& session) { return registry::count_by_village(session, reg().everything, {}); }));
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].village, "460108101200");
  EXPECT_EQ(counts[0].people, 3);
}

TEST_P(RegistryHousehold, OpensOnePrivateValueWithAReasonOnRecord) {
  const auto added = reg().add(wang_family());
  const auto open = [&](const access::Viewer& viewer, const std::string& field, const std::string& reason) {
    return reg().write<std::string>([&](store::Transaction& transaction) {
      return registry::open_private(transaction, reg().rooms(), viewer, registry::Owner::person, added.members[0].value, field, reason);
    });
  };
  EXPECT_EQ(store::value_of(open(reg().everything, "id_number", "办理医保")), id_number("19700203", 111));
  EXPECT_EQ(code_of(open(reg().everything, "id_number", "")), "reason_missing");
  EXPECT_EQ(code_of(open(reg().everything, "name", "办理医保")), "field_unknown");
  EXPECT_EQ(code_of(open(viewer_of({"460108102"}), "id_number", "办理医保")), "person_unknown");
  const auto entries = store::value_of(reg().read<std::vector<store::Entry>>(
      [&](store::Session& session) { return store::read_journal(session, {.action = "private_value.opened"}); }));
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_NE(entries[0].after.find("办理医保"), std::string::npos);
  EXPECT_EQ(entries[0].after.find("990108"), std::string::npos) << "the journal never holds the value";
}

TEST_P(RegistryHousehold, LeavesNothingOfAPersonReadableInTheJournal) {
  const auto added = reg().add(wang_family());
  store::value_of(reg().write<int>([&](store::Transaction& transaction) {
    return registry::change_person(transaction, reg().rooms(), reg().everything, added.members[2],
                                   Change{{{"id_number", Cell(id_number("20050607", 133))}, {"education", word("junior")}}, Why{day("2019-06-30"), "补录"}, Mode::changed, {}});
  }));
  for (const store::Entry& entry : store::value_of(reg().read<std::vector<store::Entry>>(
           [&](store::Session& session) { return store::read_journal(session, {}); }))) {
    for (const char* word : {"王建国", "曾秀英", "王小明", "990108", "13800138000", "junior", "6222"}) {
      EXPECT_EQ(entry.after.find(word), std::string::npos) << entry.action;
      EXPECT_EQ(entry.before.find(word), std::string::npos) << entry.action;
    }
  }
  EXPECT_EQ(reg().household(added.household).members[2].values.text("id_birth"), "2005-06-07");
}

}  // namespace
}  // namespace yihu
