// Packs that mean harm, or are merely too large: a clear answer, in good time.

#include "pack/burden.h"
#include "pack/rule_schema.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace yihu::pack {
namespace {

namespace fs = std::filesystem;

/// A register of one field.
Vocabulary small_register() {
  Vocabulary out;
  rule::Rows household{.name = "household", .table = "household", .area = "village", .subject = true};
  household.fields = {{"tv", rule::Kind::truth, "tv"}, {"size", rule::Kind::integer, "size", true}};
  out.subjects.rows["household"] = household;
  return out;
}

class HostilePack : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("yihu_hostile_" + std::to_string(::getpid())) / "small";
    fs::create_directories(folder_);
    put("pack.yaml", "id: small\ntitle: {zh: 小, en: Small}\nversion: \"1\"\n");
    put("units.yaml", "units:\n  office: {name: {zh: 办, en: Office}, kind: bureau}\n");
  }
  void TearDown() override { fs::remove_all(folder_.parent_path()); }

  void put(const char* name, const std::string& text) { std::ofstream(folder_ / name) << text; }

  std::set<std::string> codes(const std::string& yaml) {
    put("01.yaml", yaml);
    const auto loaded = load(folder_, small_register());
    if (loaded) return {};
    std::set<std::string> out{loaded.error().code};
    for (const base::Error& other : loaded.error().also) out.insert(other.code);
    return out;
  }

  fs::path folder_;
};

std::string ledger_of(int columns) {
  std::string out = "ledgers:\n  wide:\n    label: {zh: 宽, en: Wide}\n    subject: household\n    owner: office\n    columns:\n";
  for (int i = 0; i < columns; ++i) out += "      c" + std::to_string(i) + ": {type: int, label: {zh: 列" + std::to_string(i) + ", en: C}}\n";
  return out;
}

TEST_F(HostilePack, ThousandsOfColumnsAreRefused) {
  EXPECT_EQ(codes(ledger_of(120)), std::set<std::string>{});
  EXPECT_EQ(codes(ledger_of(5000)), std::set<std::string>{"pack_too_many_columns"});
}

TEST_F(HostilePack, FactsThatGoRoundInCirclesAreRefused) {
  EXPECT_EQ(codes("facts:\n  household.a: household.b\n  household.b: household.c\n  household.c: household.a\n"), std::set<std::string>{"fact_cycle"});
  // A thousand facts, each twice the one before, would be astronomically large when written out.
  std::string doubling = "facts:\n  household.f0: household.tv\n";
  for (int i = 1; i < 1000; ++i) doubling += fmt::format("  household.f{}: household.f{} && household.f{}\n", i, i - 1, i - 1);
  EXPECT_EQ(codes(doubling), std::set<std::string>{"rule_limit"});
}

TEST_F(HostilePack, HugeAndDeepExpressionsAreRefused) {
  std::string deep = "facts:\n  household.deep: \"";
  for (int i = 0; i < 500; ++i) deep += "!(";
  deep += "household.tv";
  for (int i = 0; i < 500; ++i) deep += ")";
  EXPECT_EQ(codes(deep + "\"\n"), std::set<std::string>{"rule_limit"});
  std::string huge = "facts:\n  household.huge: \"household.tv";
  for (int i = 0; i < 2000; ++i) huge += " && household.tv";
  EXPECT_EQ(codes(huge + "\"\n"), std::set<std::string>{"pack_text"});
}

TEST_F(HostilePack, NamesAreNamesAndNothingElse) {
  for (const char* name : {"a b", "a'b", "a\\\"b", "a;b", "A", "户", "in", "select;drop", "_a", "id", "subject", "replaced_by"}) {
    const auto found = codes("ledgers:\n  l:\n    label: {zh: 一, en: L}\n    subject: household\n    owner: office\n    columns:\n      \"" +
                             std::string(name) + "\": {type: int, label: {zh: 二, en: C}}\n");
    EXPECT_FALSE(found.empty()) << name;
  }
}

TEST_F(HostilePack, AnErrorInsideAFoldedExpressionHasItsOwnPlace) {
  put("01.yaml", "facts:\n  household.a: >\n    household.tv &&\n      household.sise > 3\n");
  const auto loaded = load(folder_, small_register());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().place.line, 4);
  EXPECT_EQ(loaded.error().place.column, 17);
  put("01.yaml", "facts:\n  household.a: \"household.tv && household.sise > 3\"\n");
  const auto quoted = load(folder_, small_register());
  ASSERT_FALSE(quoted);
  EXPECT_EQ(quoted.error().place.line, 2);
  EXPECT_EQ(quoted.error().place.column, 43);
}

TEST(Placeholders, ArePairsOfBraces) {
  EXPECT_EQ(placeholders("{person.name} 与 {x}"), (std::vector<std::string>{"person.name", "x"}));
  EXPECT_EQ(placeholders("没有"), std::vector<std::string>{});
  EXPECT_EQ(placeholders("{a"), std::nullopt);
  EXPECT_EQ(placeholders("a}"), std::nullopt);
  EXPECT_EQ(placeholders("{a{b}}"), std::nullopt);
}

}  // namespace
}  // namespace yihu::pack
