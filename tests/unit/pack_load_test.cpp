#include "pack/pack.h"

#include "base/nearest.h"
#include "pack/node.h"
#include "pack_vocabulary.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

namespace yihu {
namespace {

namespace fs = std::filesystem;

/// A folder of packs that goes away with the test.
class Packs : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "yihu-pack-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& file, const std::string& content) {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file, std::ios::binary) << content;
  }
  void pack(const std::string& id, const std::string& on = "") {
    write(id + "/pack.yaml", "id: " + id + "\ntitle: {zh: 包, en: Pack}\nversion: \"1\"\n" + (on.empty() ? "" : "on: [" + on + "]\n"));
  }
  base::Result<pack::Pack> load(const std::string& id) { return pack::load(root_ / id, vocabulary); }
  std::string mistakes(const std::string& id) {
    const auto loaded = load(id);
    return loaded ? "" : base::describe(loaded.error(), base::Language::en);
  }

  fs::path root_;
};

TEST(ThePacksOfTheProgram, AreInOrder) {
  const auto loaded = pack::load("packs/meilan-2019", vocabulary);
  ASSERT_TRUE(loaded) << base::describe(loaded.error(), base::Language::en);
  ASSERT_EQ(loaded->layers.size(), 3U);
  EXPECT_EQ(loaded->layers[0].id, "national");
  EXPECT_EQ(loaded->layers[2].id, "meilan-2019");
  const pack::Group* towns = loaded->group("each-town");
  ASSERT_NE(towns, nullptr);
  EXPECT_EQ(towns->members, (std::vector<std::string>{"lingshan", "yanfeng", "sanjiang", "dazhipo"}));
  for (const std::string& town : towns->members) {
    ASSERT_NE(loaded->unit(town), nullptr) << town;
    EXPECT_EQ(loaded->unit(town)->division->substr(0, 6), loaded->district->code);
  }
  for (const pack::Unit& unit : loaded->units) {
    EXPECT_FALSE(unit.name.en.empty()) << unit.id;
  }
  ASSERT_NE(loaded->role("administrator"), nullptr);
  EXPECT_EQ(loaded->role("administrator")->scope, pack::RoleScope::district);
}

TEST_F(Packs, LaterLayerReplacesById) {
  pack("below");
  pack("above", "below");
  write("below/roles.yaml", "roles:\n  clerk: {label: {zh: 甲, en: A}, scope: unit, permissions: [plan_read]}\n"
                            "  other: {label: {zh: 乙, en: B}, scope: unit, permissions: []}\n");
  write("above/roles.yaml", "roles:\n  clerk: {label: {zh: 丙, en: C}, scope: district, permissions: []}\n");
  const auto loaded = load("above");
  ASSERT_TRUE(loaded) << mistakes("above");
  ASSERT_EQ(loaded->roles.size(), 2U);
  EXPECT_EQ(loaded->role("clerk")->label.zh, "丙");
  EXPECT_EQ(loaded->role("clerk")->scope, pack::RoleScope::district);
  EXPECT_EQ(loaded->role("other")->label.zh, "乙");
}

TEST_F(Packs, SameIdTwiceInOneLayerIsAMistake) {
  pack("one");
  write("one/a.yaml", "roles:\n  clerk: {label: {zh: 甲, en: A}, scope: unit, permissions: []}\n");
  write("one/b.yaml", "roles:\n  clerk: {label: {zh: 乙, en: B}, scope: unit, permissions: []}\n");
  EXPECT_NE(mistakes("one").find("one/b.yaml:2:10: The id \"clerk\" is used already in one/a.yaml, line 2."), std::string::npos)
      << mistakes("one");
}

TEST_F(Packs, EveryMistakeIsToldAtOnceWithPlaceAndSuggestion) {
  pack("one");
  write("one/roles.yaml",
        "roles:\n"
        "  clerk:\n"
        "    labl: {zh: 甲, en: A}\n"
        "    scope: distric\n"
        "    permissions: [plan_reed, 12]\n");
  write("one/units.yaml",
        "units:\n"
        "  water: {name: {zh: 区水务局, en: Water}, kind: bureau, parent: distrct}\n"
        "  district: {name: {zh: 区政府}, kind: government}\n"
        "  taps: {name: {zh: 区 水务局, en: Taps}, kind: bureau}\n");
  const std::string told = mistakes("one");
  for (const char* line : {
           "one/roles.yaml:3:5: There is no key \"labl\" here. Did you mean \"label\"?",
           "one/roles.yaml:3:5: \"label\" is missing.",
           "one/roles.yaml:4:12: \"distric\" is not one of the values allowed here. Did you mean \"district\"?",
           "one/roles.yaml:5:19: \"plan_reed\" is not one of the values allowed here. Did you mean \"plan_read\"?",
           "one/roles.yaml:5:30: \"12\" is not one of the values allowed here.",
           "one/units.yaml:2:62: No unit has the id \"distrct\". Did you mean \"district\"?",
           "one/units.yaml:3:20: \"en\" is missing.",
           "one/units.yaml:4:9: \"区 水务局\" names both \"water\" and \"taps\".",
       }) {
    EXPECT_NE(told.find(line), std::string::npos) << line << "\n--- in\n" << told;
  }
  EXPECT_EQ(std::ranges::count(told, '\n') + 1, 8) << told;
}

TEST_F(Packs, ColumnsCountCharactersNotBytes) {
  pack("one");
  write("one/roles.yaml", "roles:\n  clerk: {label: {zh: 经办人经办人, en: A}, scope: x, permissions: []}\n");
  EXPECT_NE(mistakes("one").find("one/roles.yaml:2:46: \"x\""), std::string::npos) << mistakes("one");
}

TEST_F(Packs, AnUnreadableFileDoesNotMakeItsContentMissing) {
  pack("one");
  write("one/units.yaml", "units: [\n");
  write("one/groups.yaml", "groups:\n  all: {name: {zh: 全部, en: All}, members: [water]}\n");
  const std::string told = mistakes("one");
  EXPECT_NE(told.find("one/units.yaml:"), std::string::npos) << told;
  EXPECT_EQ(told.find("water"), std::string::npos) << told;
}

TEST_F(Packs, ParentsThatGoRound) {
  pack("one");
  write("one/units.yaml",
        "units:\n"
        "  a: {name: {zh: 甲, en: A}, kind: bureau, parent: b}\n"
        "  b: {name: {zh: 乙, en: B}, kind: bureau, parent: a}\n"
        "  c: {name: {zh: 丙, en: C}, kind: bureau, parent: a}\n");
  const std::string told = mistakes("one");
  EXPECT_NE(told.find("one/units.yaml:2:6: The parents of \"a\" lead back to itself."), std::string::npos) << told;
  EXPECT_EQ(told.find("\"c\""), std::string::npos) << told;
}

TEST_F(Packs, PacksThatStandOnOneAnother) {
  pack("one", "two");
  pack("two", "one");
  EXPECT_NE(mistakes("one").find("two/pack.yaml:4:6: The packs stand on one another in a circle at \"one\"."), std::string::npos)
      << mistakes("one");
  pack("three", "tow");
  EXPECT_NE(mistakes("three").find("Did you mean \"two\"?"), std::string::npos) << mistakes("three");
}

TEST_F(Packs, APlanIsRead) {
  pack("one");
  write("one/units.yaml", "units:\n  water: {name: {zh: 区水务局, en: Water}, kind: bureau}\n");
  write("one/groups.yaml", "groups:\n  towns: {name: {zh: 各镇, en: Towns}, members: [water]}\n");
  write("one/plan.yaml",
        "plan:\n"
        "  id: p1\n"
        "  title: {zh: 要点, en: Plan}\n"
        "  number: 1号\n"
        "  issuer: 办公室\n"
        "  date: 2019-04-19\n"
        "  year: 2019\n"
        "  parts:\n"
        "    - no: 1\n"
        "      title: {zh: 部分, en: Part}\n"
        "      tasks:\n"
        "        - no: 1\n"
        "          title: {zh: 饮水安全, en: Water}\n"
        "          measures:\n"
        "            - no: 1\n"
        "              title: {zh: 摸排, en: Survey}\n"
        "              lead: [water]\n"
        "              responsible: [towns]\n"
        "              deadlines: [{from: 2019-07-01, by: 2019-08-31}]\n"
        "              recurrences: [{per: quarter}]\n"
        "              targets: [{value: 1, value_max: 2, unit: 个, op: in}]\n");
  const auto loaded = load("one");
  ASSERT_TRUE(loaded) << mistakes("one");
  ASSERT_EQ(loaded->plans.size(), 1U);
  const pack::MeasureFact& measure = loaded->plans[0].parts[0].tasks[0].measures[0];
  EXPECT_EQ(base::to_string(measure.deadlines[0].by), "2019-08-31");
  EXPECT_EQ(measure.recurrences[0].times, 1);
  EXPECT_EQ(measure.targets[0].value_max, 2.0);
  EXPECT_EQ(loaded->plans[0].issuer.en, "办公室");
}

TEST_F(Packs, APlansMistakes) {
  pack("one");
  write("one/units.yaml", "units:\n  water: {name: {zh: 区水务局, en: Water}, kind: bureau}\n");
  write("one/plan.yaml",
        "plan:\n"
        "  id: p1\n"
        "  title: {zh: 要点, en: Plan}\n"
        "  number: 1号\n"
        "  issuer: 办公室\n"
        "  date: 2019-02-30\n"
        "  year: 2019\n"
        "  parts:\n"
        "    - no: 1\n"
        "      title: {zh: 部分, en: Part}\n"
        "      tasks:\n"
        "        - no: 3\n"
        "          title: {zh: 饮水安全, en: Water}\n"
        "          measures:\n"
        "            - no: 1\n"
        "              title: {zh: 摸排, en: Survey}\n"
        "              lead: [watr]\n"
        "              deadlines: [{from: 2019-09-01, by: 2019-08-31}]\n"
        "              recurrences: [{per: quater}]\n"
        "              targets: [{value: 5, value_max: 2, unit: 个, op: in}, {value: 1.2万, unit: 人, op: \">\"}]\n");
  const std::string told = mistakes("one");
  for (const char* line : {"6:9: \"2019-02-30\" is not a date.", "12:15: The number should be 1 and is 3.",
                           "17:22: No unit or group has the id \"watr\". Did you mean \"water\"?",
                           "18:34: The first day is after the last, 2019-08-31.", "19:35: \"quater\"", "Did you mean \"quarter\"?",
                           "20:47: value_max is smaller than value.", "\"1.2万\" is not a number."}) {
    EXPECT_NE(told.find(line), std::string::npos) << line << "\n--- in\n" << told;
  }
}

TEST_F(Packs, HostileYaml) {
  pack("one");
  const auto told = [&](const std::string& content) {
    write("one/a.yaml", content);
    return mistakes("one");
  };
  EXPECT_NE(told("a: &x [1]\nb: [*x, *x]\n").find("anchor"), std::string::npos);
  EXPECT_NE(told("roles: !!binary abc\n").find("tag"), std::string::npos);
  EXPECT_NE(told(std::string(100'000, '[')).find("nested more than"), std::string::npos);
  EXPECT_NE(told(std::string(100'000, '{')).find("nested more than"), std::string::npos);
  EXPECT_NE(told("roles: {}\n---\nroles: {}\n").find("one document"), std::string::npos);
  EXPECT_NE(told("roles: \xff\xfe\n").find("UTF-8"), std::string::npos);
  EXPECT_NE(told(std::string(pack::pack_file_bytes_max + 1, ' ')).find("larger than 4 MB"), std::string::npos);
  EXPECT_NE(told("roles:\n  a: 1\n  a: 2\n").find("repeated"), std::string::npos);
  EXPECT_NE(told("- 1\n").find("keys with values"), std::string::npos);
  EXPECT_EQ(told(""), "");
  std::string many = "roles:\n";
  for (int i = 0; i < 1000; ++i) many += "  r" + std::to_string(i) + ": x\n";
  EXPECT_NE(told(many).find("more mistakes are not listed"), std::string::npos);
}

RC_GTEST_PROP(Yaml, NeverThrowsAndAlwaysSaysWhy, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("[]{}:-,#&*!|>?'\"%@`\n\n   \tab1~\\")));
  pack::Mistakes mistakes;
  const auto node = pack::node_from_yaml(text, "f", mistakes);
  RC_ASSERT(node.has_value() || !mistakes.empty());
}

TEST(Nearest, FindsTheMistypedName) {
  const std::vector<std::string_view> names{"plan_read", "plan_import", "unit_manage", "区水务局", "区商务局"};
  EXPECT_EQ(base::nearest("plan_raed", names, 3), (std::vector<std::size_t>{0}));
  EXPECT_EQ(base::nearest("区水物局", names, 1), (std::vector<std::size_t>{3}));
  EXPECT_TRUE(base::nearest("zzz", names, 3).empty());
  EXPECT_TRUE(base::nearest("", names, 3).empty());
  EXPECT_EQ(base::distance("ab", "ba"), 1);
  EXPECT_EQ(base::distance("", "abc"), 3);
}

RC_GTEST_PROP(Nearest, DistanceIsSymmetricAndZeroOnlyForEqual, (const std::string& left, const std::string& right)) {
  const std::string a = left.substr(0, 40), b = right.substr(0, 40);
  RC_ASSERT(base::distance(a, b) == base::distance(b, a));
  RC_ASSERT(base::distance(a, a) == 0);
}

TEST(NameKey, WidthsBracketsAndSpacesDoNotMatter) {
  EXPECT_EQ(pack::name_key(" 区 纪委（监委）　"), pack::name_key("区纪委〔监委〕"));
  EXPECT_EQ(pack::name_key("ＡＢ１"), "ab1");
  EXPECT_EQ(pack::name_key("**区扶贫办**"), pack::name_key("区扶贫办"));
  EXPECT_NE(pack::name_key("区水务局"), pack::name_key("区商务局"));
}

}  // namespace
}  // namespace yihu
