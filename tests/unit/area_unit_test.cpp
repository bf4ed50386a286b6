#include "area/directory.h"
#include "area/division.h"
#include "area/fill.h"
#include "area/unit.h"

#include "store_fixture.h"

#include <set>

namespace yihu {
namespace {

const pack::Vocabulary vocabulary{{"plan_read", "plan_import", "plan_correct", "measure_report", "unit_manage",
                                   "user_manage", "journal_read", "register_read", "register_change", "status_change",
                                   "private_open", "register_exchange", "ledger_read",
                                   "ledger_change"}};

class Area : public store::OnBothEngines {
 protected:
  void SetUp() override {
    store::OnBothEngines::SetUp();
    if (IsSkipped()) return;
    auto loaded = pack::load("packs/meilan-2019", vocabulary);
    ASSERT_TRUE(loaded) << base::describe(loaded.error(), base::Language::en);
    pack_ = *loaded;
    open();
  }
  void TearDown() override { store_.reset(); }
  void open() {
    store_.reset();
    store::Options wanted = options();
    wanted.migrations = area::migrations();
    store_ = store::value_of(store::Store::open(std::move(wanted)));
    ASSERT_NE(store_, nullptr);
  }
  int fill() {
    auto changes = area::fill_from_pack(*store_, pack_);
    EXPECT_TRUE(changes) << (changes ? "" : base::describe(changes.error(), base::Language::en));
    return changes ? *changes : -1;
  }
  area::Directory directory() {
    std::optional<area::Directory> out;
    const auto done = store_->read([&](store::Session& session) -> base::Done {
      auto read = area::read_directory(session);
      if (!read) return base::fail(read.error());
      out = *std::move(read);
      return {};
    });
    EXPECT_TRUE(done);
    return *std::move(out);
  }
  base::Result<area::Unit> write(const std::function<base::Result<area::Unit>(store::Transaction&)>& write) {
    area::Unit unit;
    auto answer = store_->write({"system:test", base::RequestId::make(), ""}, [&](store::Transaction& transaction) -> base::Result<store::Answer> {
      unit = TRY(write(transaction));
      return store::Answer();
    });
    if (!answer) return base::fail(answer.error());
    return unit;
  }
  base::Result<area::Unit> make(const area::NewUnit& unit) {
    return write([&](store::Transaction& transaction) { return area::make_unit(transaction, unit); });
  }
  base::Result<area::Unit> change(const base::UnitId& id, const area::UnitChange& change, int version) {
    return write([&](store::Transaction& transaction) { return area::change_unit(transaction, id, change, version); });
  }
  pack::Unit& in_pack(const std::string& id) { return const_cast<pack::Unit&>(*pack_.unit(id)); }

  pack::Pack pack_;
  std::unique_ptr<store::Store> store_;
};

using store::Engine;
using store::engine_name;
ON_BOTH_ENGINES(Area);

TEST_P(Area, DivisionsComeFromTheListAndWhatIsKnownBeyondIt) {
  fill();
  std::optional<area::Divisions> divisions;
  ASSERT_TRUE(store_->read([&](store::Session& session) -> base::Done {
    divisions = TRY(area::read_divisions(session));
    return {};
  }));
  const area::Division* changfu = divisions->find("460108104200");
  ASSERT_NE(changfu, nullptr);
  EXPECT_EQ(changfu->name.zh, "昌福村");
  EXPECT_EQ(changfu->parent, "460108104");
  EXPECT_EQ(changfu->poor_village, true);
  EXPECT_TRUE(changfu->unverified);
  EXPECT_EQ(divisions->find("460108104")->parent, "460108");
  // Named in 2019, gone from a later list: it existed then and does not now.
  const auto changfa = divisions->villages_named("长发");
  ASSERT_EQ(changfa.size(), 1U);
  EXPECT_TRUE(changfa[0]->in_force(base::make_date(2019, 6, 1)));
  EXPECT_FALSE(changfa[0]->in_force(base::make_date(2023, 6, 1)));
  EXPECT_EQ(divisions->villages_named("三江村委会", "460108103").size(), 1U);
  EXPECT_EQ(divisions->full_name("460108101200").zh, "灵山镇东头村");
}

TEST_P(Area, FillingTwiceChangesNothing) {
  EXPECT_EQ(fill(), static_cast<int>(pack_.units.size() + pack_.groups.size() + pack_.divisions.size() + 1));
  const auto before = directory();
  EXPECT_EQ(before.units().size(), pack_.units.size());
  EXPECT_EQ(fill(), 0);
  open();
  EXPECT_EQ(fill(), 0);
  const auto after = directory();
  ASSERT_EQ(after.units().size(), before.units().size());
  for (std::size_t i = 0; i < after.units().size(); ++i) {
    EXPECT_EQ(after.units()[i].id, before.units()[i].id);
    EXPECT_EQ(after.units()[i].version, 1);
    EXPECT_EQ(after.units()[i].aliases, pack_.units[i].aliases);
    EXPECT_EQ(after.units()[i].parent.has_value(), pack_.units[i].parent.has_value());
  }
  const area::Unit* office = after.unit_by_slug("headquarters-office");
  ASSERT_NE(office, nullptr);
  EXPECT_EQ(after.unit(*office->parent)->slug, "headquarters");
}

TEST_P(Area, ALaterPackRenamesWithoutLosingTheId) {
  fill();
  const auto id = directory().unit_by_slug("tourism-culture")->id;
  in_pack("tourism-culture").name.zh = "区旅游和文化广电体育局";
  in_pack("tourism-culture").aliases.push_back("区旅文广体局");
  pack_.units.push_back({.id = "veterans", .name = {"区退役军人事务局", "Veterans"}, .short_name = {"区退役军人局", "Veterans"},
                         .kind = "bureau", .parent = "district-government", .aliases = {}, .division = {}, .from = {}, .to = {}, .place = {}});
  EXPECT_EQ(fill(), 2);
  const auto after = directory();
  EXPECT_EQ(after.unit_by_slug("tourism-culture")->id, id);
  EXPECT_EQ(after.unit_by_slug("tourism-culture")->name.zh, "区旅游和文化广电体育局");
  EXPECT_EQ(after.unit_by_slug("tourism-culture")->version, 2);
  EXPECT_EQ(after.resolve("旅文广体局").unit->id, id);
  ASSERT_NE(after.unit_by_slug("veterans"), nullptr);
  EXPECT_EQ(after.unit(*after.unit_by_slug("veterans")->parent)->slug, "district-government");
}

TEST_P(Area, WhatAUserChangedStaysUntilThePackChangesThatField) {
  fill();
  const auto id = directory().unit_by_slug("water")->id;
  auto changed = change(id, {.name = "美兰区水务管理局", .short_name = {}, .kind = {}, .parent = {}, .aliases = {}, .to = {}}, 1);
  ASSERT_TRUE(changed) << base::describe(changed.error(), base::Language::en);
  EXPECT_EQ(changed->version, 2);
  in_pack("water").short_name.zh = "区水利局";
  EXPECT_EQ(fill(), 1);
  auto directory_now = directory();
  EXPECT_EQ(directory_now.unit(id)->name.zh, "美兰区水务管理局");
  EXPECT_EQ(directory_now.unit(id)->short_name.zh, "区水利局");
  in_pack("water").name.zh = "区水务与水利局";
  fill();
  EXPECT_EQ(directory().unit(id)->name.zh, "区水务与水利局");
}

TEST_P(Area, AUnitMadeByHandIsTakenOverByThePackThatNamesIt) {
  fill();
  auto made = make({"区退役军人事务局", "区退役军人局", "bureau", {}, {"退役军人局"}});
  ASSERT_TRUE(made) << base::describe(made.error(), base::Language::en);
  pack_.units.push_back({.id = "veterans", .name = {"区退役军人事务局", "Veterans"}, .short_name = {"区退役局", "Veterans"},
                         .kind = "bureau", .parent = "district-government", .aliases = {}, .division = {}, .from = {}, .to = {}, .place = {}});
  EXPECT_EQ(fill(), 1);
  const auto after = directory();
  ASSERT_NE(after.unit_by_slug("veterans"), nullptr);
  EXPECT_EQ(after.unit_by_slug("veterans")->id, made->id);
  EXPECT_EQ(after.unit_by_slug("veterans")->short_name.zh, "区退役军人局");
  EXPECT_EQ(after.unit(*after.unit_by_slug("veterans")->parent)->slug, "district-government");
  EXPECT_EQ(after.units().size(), pack_.units.size());
}

TEST_P(Area, NamesAsDocumentsWriteThem) {
  fill();
  const auto all = directory();
  const auto slug = [&](const char* name) {
    const area::Match match = all.resolve(name);
    if (match.unit) return match.unit->slug;
    return match.group ? "group " + match.group->id : std::string("-");
  };
  EXPECT_EQ(slug("区委组织部"), "organization");
  EXPECT_EQ(slug(" 区 委组织部 "), "organization");
  EXPECT_EQ(slug("**区扶贫办**"), "poverty-office");
  EXPECT_EQ(slug("区乡村振兴和打赢脱贫攻坚战指挥部办公室"), "headquarters-office");
  EXPECT_EQ(slug("区乡村振兴和打赢脱贫攻坚指挥部办公室"), "headquarters-office");
  EXPECT_EQ(slug("区委乡村振兴和打赢脱贫攻坚战督查组"), "inspection-group");
  EXPECT_EQ(slug("区审计局等"), "audit");
  EXPECT_EQ(slug("区国资委等"), "state-assets");
  EXPECT_EQ(slug("美兰区财政局"), "finance");
  EXPECT_EQ(slug("海口市美兰区财政局"), "finance");
  EXPECT_EQ(slug("市财政局"), "-");
  EXPECT_EQ(slug("大致坡镇政府"), "dazhipo");
  EXPECT_EQ(slug("大致坡镇"), "dazhipo");
  EXPECT_EQ(slug("灵山镇党委政府"), "lingshan");
  EXPECT_EQ(slug("各镇党委政府"), "group each-town");
  EXPECT_EQ(slug("各行业牵头单位"), "group sector-lead-units");
  EXPECT_EQ(slug("各定点帮扶责任单位"), "group designated-helping-units");
  EXPECT_EQ(slug(""), "-");
  EXPECT_EQ(slug("区"), "-");
  EXPECT_EQ(all.group("each-town")->members.size(), 4U);
  EXPECT_EQ(all.resolve("发改委").how, area::Match::How::alias);
  EXPECT_EQ(all.resolve("旅游和文化体育局").how, area::Match::How::prefix);
}

TEST_P(Area, ANearMissIsSuggested) {
  fill();
  const auto all = directory();
  const area::Match match = all.resolve("区水物局");
  EXPECT_FALSE(match.found());
  ASSERT_FALSE(match.suggestions.empty());
  EXPECT_EQ(match.suggestions.front()->slug, "water");
  EXPECT_LE(match.suggestions.size(), area::Directory::suggestions_max);
}

/// Every name that the real plan gives as an owner.
TEST_P(Area, EveryOwnerOfThePlanIsKnown) {
  fill();
  const auto all = directory();
  for (const char* name :
       {"区委组织部", "区委宣传部", "区扶贫办", "各行业牵头责任单位", "各镇党委政府", "各行业牵头单位", "区委乡村振兴和脱贫攻坚督查组",
        "驻村第一书记和驻村工作队员派出单位", "区委统战部", "区审计局", "区水务局", "区教育局", "区人社局", "区卫生健康委", "区医疗保障局",
        "区住建局", "区农业农村局", "区财政局", "区民政局", "区残联", "区总工会", "各结对帮扶责任单位", "区旅文局",
        "市自然资源和规划局美兰分局", "区商务局", "市市场监管局美兰分局", "区发改委", "区生态环境局", "相关金融机构", "市国家税务局美兰分局",
        "市公安局美兰分局", "相关保险公司", "各定点帮扶单位", "各定点帮扶责任单位", "区科工信局", "区科协", "区工商联", "团区委", "区妇联",
        "区文明办", "区国资委", "有关扶贫电商企业", "区精准扶贫工作领导小组各成员单位", "区乡村振兴和打赢脱贫攻坚战指挥部各专项工作组",
        "区司法局", "区检察院", "区纪委监委", "区精准扶贫工作领导小组办公室", "区精准扶贫工作领导小组"}) {
    EXPECT_TRUE(all.resolve(name).found()) << name;
  }
}

TEST_P(Area, AWrongUnitIsToldFieldByField) {
  fill();
  const auto made = make({"", std::string(200, 'x'), "ministry", base::UnitId::make(), {"区财政局", "好\n"}});
  ASSERT_FALSE(made);
  std::set<std::string> fields{made.error().place.field};
  for (const base::Error& error : made.error().also) fields.insert(error.place.field);
  EXPECT_EQ(fields, (std::set<std::string>{"/name", "/short_name", "/kind", "/parent_id", "/aliases/0", "/aliases/1"}));
}

TEST_P(Area, OnlyTheVersionReadCanBeChanged) {
  fill();
  auto made = make({"区退役军人事务局", "区退役军人局", "bureau", {}, {}});
  ASSERT_TRUE(made);
  ASSERT_TRUE(change(made->id, {.name = "区退役军人局本级", .short_name = {}, .kind = {}, .parent = {}, .aliases = {}, .to = {}}, 1));
  const auto again = change(made->id, {.name = "另一个名字", .short_name = {}, .kind = {}, .parent = {}, .aliases = {}, .to = {}}, 1);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, base::ErrorKind::stale);
  const auto circle = change(made->id, {.name = {}, .short_name = {}, .kind = {}, .parent = std::optional(made->id), .aliases = {}, .to = {}}, 2);
  ASSERT_FALSE(circle);
  EXPECT_EQ(circle.error().code, "unit_parent_circle");
  EXPECT_EQ(change(base::UnitId::make(), {}, 1).error().kind, base::ErrorKind::not_found);
}

}  // namespace
}  // namespace yihu
