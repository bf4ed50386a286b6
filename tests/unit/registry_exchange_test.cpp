// Snapshots, and the national system's workbook in and out.

#include "registry_fixture.h"

#include "registry/national_workbook.h"
#include "registry/snapshot.h"
#include "sheet/workbook.h"

namespace yihu {
namespace {

using registry::ImportReport;
using registry::MatchPolicy;
using registry::Outcome;
using registry::Why;
using store::code_of;
using store::Engine;
using store::engine_name;

class RegistryExchange : public RegistryTest {
 protected:
  area::Divisions divisions() {
    return *store::value_of(reg().read<std::optional<area::Divisions>>(
        [](store::Session& session) -> base::Result<std::optional<area::Divisions>> { return std::optional(TRY(area::read_divisions(session))); }));
  }
  registry::WorkbookRows rows(const std::string& csv) {
    pack::CodeMap map;
    map.fields["household.main_cause"] = {{"1", "illness", {}}, {"08", "labour", {}}};
    map.fields["household.status"] = {{"0", "poor", {}}};
    return store::value_of(registry::read_national_workbook(csv, "people.csv", store::value_of(registry::OutsideCodes::from(map)), divisions()));
  }
  ImportReport compare(const std::string& csv, const MatchPolicy& policy) {
    return store::value_of(reg().read<ImportReport>(
        [&](store::Session& session) { return registry::compare_national(session, reg().rooms(), reg().everything, rows(csv), policy); }));
  }
  registry::Imported import(const std::string& csv, const MatchPolicy& policy) {
    return store::value_of(registry::import_national(reg().store(), reg().rooms(), reg().everything, rows(csv), policy, "people.csv", "系统导出"));
  }
};
ON_BOTH_ENGINES(RegistryExchange);

TEST_P(RegistryExchange, WrongRowsComeBackInTheWorkbook) {
  const std::string csv = "户编号,乡镇,行政村,姓名,与户主关系,文化程度\nH1,甲镇,东村,张三,户主,小学\nH2,甲镇,无名村,李四,户主,大学生\n";
  const auto sent = rows(csv);
  const auto report = compare(csv, {.create_households = true});
  const auto marked = store::value_of(registry::marked_national(csv, "people.csv", sent, report, {}, base::Language::zh));
  const auto back = store::value_of(sheet::open_workbook(marked, "people.xlsx"));
  EXPECT_EQ(back->format(), sheet::WorkbookFormat::xlsx);
  int filled = 0;
  EXPECT_TRUE(back->read_rows(0, [&](const sheet::SheetRow& row) { return filled += static_cast<int>(row.cells.size()), true; }));
  EXPECT_EQ(filled, 18) << "every cell is still there";
  EXPECT_EQ(code_of(registry::marked_national(csv, "people.csv", sent, {}, {}, base::Language::zh)), "nothing_wrong");
  EXPECT_EQ(store::value_of(reg().read<std::vector<registry::HouseholdLine>>([&](store::Session& session) {
              return registry::list_households(session, reg().everything, {}, {}, 10);
            })).size(), 0U);
}

TEST_P(RegistryExchange, NamesSpreadWideAndAmountsInTenThousands) {
  const auto read = rows("户编号,行政村,姓名,工资性收入（元）\nH1,东村,张　三,1.2万\n");
  EXPECT_EQ(read.rows.at(0).person_values.at("name"), registry::Cell(std::string("张三")));
  pack::CodeMap map;
  const auto codes = store::value_of(registry::OutsideCodes::from(map));
  EXPECT_EQ(code_of(registry::read_national_workbook("户编号,姓名,工资性收入（万元）\nH1,张三,1.2\n", "people.csv", codes, divisions())), "unit_differs");
}

TEST_P(RegistryExchange, ASnapshotIsFrozenForGood) {
  const auto added = reg().add(wang_family());
  const access::Viewer& all = reg().everything;
  EXPECT_TRUE(reg().perform([&](store::Transaction& transaction) {
    return registry::remove_member(transaction, all, added.members[2], registry::Departure::married_out, Why{day("2019-05-01"), "出嫁"});
  }));
  const auto freeze = [&](const char* period) { return registry::freeze(reg().store(), reg().rooms(), all, period, {}); };
  EXPECT_EQ(code_of(freeze("2019-06")), "period_unfit");
  EXPECT_EQ(code_of(freeze("2019-H2")), "day_unfit");
  const auto before = store::value_of(freeze("2018-H2"));
  EXPECT_EQ(before.households, 1);
  EXPECT_EQ(before.people, 3) << "as it was on that day, not as it is now";
  EXPECT_EQ(store::value_of(freeze("2019-H1")).people, 2);
  EXPECT_EQ(code_of(freeze("2018-H2")), "snapshot_known");
  const auto verify = [&] {
    return store::value_of(reg().read<bool>([&](store::Session& session) {
      return registry::verify_snapshot(session, all, before.id, reg().store().algorithms());
    }));
  };
  EXPECT_TRUE(verify());
  for (const store::Sql& sql : {store::Sql("UPDATE snapshot_household SET village = 'x'"), store::Sql("DELETE FROM snapshot_household"),
                                store::Sql("UPDATE snapshot SET people = 0"), store::Sql("DELETE FROM snapshot")}) {
    EXPECT_FALSE(reg().perform([&](store::Transaction& transaction) -> base::Done {
      TRY(transaction.execute(sql));
      return {};
    })) << sql.text();
  }
  EXPECT_TRUE(verify());
  const auto frozen = store::value_of(reg().read<registry::Household>([&](store::Session& session) {
    return registry::household_in_snapshot(session, reg().rooms(), all, before.id, added.household);
  }));
  EXPECT_EQ(frozen.members.size(), 3U);
  EXPECT_EQ(frozen.values.text("head_name"), "王建国");
  EXPECT_EQ(frozen.members[0].values.text("id_number").substr(0, 8), "990108**");
  EXPECT_EQ(code_of(reg().read<registry::Household>([&](store::Session& session) {
    return registry::household_in_snapshot(session, reg().rooms(), viewer_of({"460108102"}), before.id, added.household);
  })), "household_unknown");
}

TEST_P(RegistryExchange, AWorkbookIsComparedBeforeAnythingIsWritten) {
  reg().add(wang_family());
  const std::string number = id_number("19720405", 122);
  const std::string csv = "户编号,姓名,证件号码,与户主关系,文化程度,主要致贫原因,耕地面积,健康状况\n"
                          "H1,王建国,,户主,初中,1,3,健康\n"
                          "H1,曾秀英," + number + ",配偶,小学,1,3,\"长期慢性病,残疾\"\n"
                          "H1,王小明,,,大学生,,,\n"
                          "H1,王小红,,子女,,,,\n"
                          "H9,赵六,,户主,,,,\n";
  const auto report = compare(csv, {.by_name = true});
  EXPECT_EQ(report.changed, 2);
  EXPECT_EQ(report.wrong, 1);
  EXPECT_EQ(report.not_found, 2) << "somebody new, and a household that is not there";
  ASSERT_EQ(report.rows.size(), 5U);
  EXPECT_EQ(report.rows[2].mistakes[0].code, "code_unknown");
  EXPECT_EQ(report.rows[2].mistakes[0].place.cell.substr(report.rows[2].mistakes[0].place.cell.find('!')), "!E4");
  std::set<std::string> fields;
  for (const registry::Difference& one : report.rows[0].differences) fields.insert(one.field);
  EXPECT_EQ(fields, (std::set<std::string>{"household.main_cause", "household.arable_mu", "person.education", "person.disabled", "person.chronic", "person.serious_illness"}));
  // Without leave to go by the name, a row without number is nobody's.
  EXPECT_EQ(compare(csv, {}).not_found, 3);
  EXPECT_EQ(compare("户编号,姓名,证件号码\nH1,曾秀兰," + number + "\n", {}).rows[0].mistakes[0].code, "identity_differs");
  EXPECT_EQ(compare("户编号,姓名,证件号码\nH1,曾秀英,4.60108E+17\n", {}).wrong, 1) << "never a guess";
  EXPECT_EQ(compare("户编号,主要致贫原因\nH1,1\n", {}).changed, 1) << "a workbook of households";
  EXPECT_EQ(compare("户编号,主要致贫原因\nH1,12\n", {}).rows[0].mistakes[0].code, "code_unknown");
  EXPECT_FALSE(reg().household(reg().add([] { auto other = wang_family(); other.values["code"] = word("H2"); other.members.resize(1); other.members[0].values["id_number"] = Cell(id_number("19600101", 117)); return other; }()).household).values.known("main_cause"));
}

TEST_P(RegistryExchange, AnImportIsUndoneAsOne) {
  const auto id = reg().add(wang_family()).household;
  const std::string csv = "户编号,乡镇,行政村,姓名,证件号码,与户主关系,脱贫属性,年度,工资性收入\n"
                          "H1,甲镇,东村,王建国,,户主,0,2018,15000.5\n"
                          "H1,甲镇,东村,王小红,,子女,0,2018,15000.5\n"
                          "H7,乙镇,北村,赵六," + id_number("19880808", 119) + ",户主,0,2018,8000\n"
                          "H8,乙镇,中村,孙七,,户主,,,\n";
  const MatchPolicy policy{.by_name = true, .create_households = true, .create_people = true};
  const auto before = reg().household(id);
  const auto done = import(csv, policy);
  EXPECT_EQ(done.report.created, 2);
  EXPECT_EQ(done.report.changed, 1);
  EXPECT_EQ(done.report.wrong, 1);
  const auto after = reg().household(id);
  EXPECT_EQ(after.values.text("status"), "poor");
  EXPECT_EQ(after.values.integer("size"), 4);
  EXPECT_EQ(after.incomes[0].values.integer("wage"), 1'500'050);
  EXPECT_EQ(compare(csv, policy).same, 3) << "nothing is left to do";
  const auto lines = [&] {
    return store::value_of(reg().read<std::vector<registry::HouseholdLine>>(
        [&](store::Session& session) { return registry::list_households(session, reg().everything, {}, {}, 10); }));
  };
  EXPECT_EQ(lines().size(), 2U);
  EXPECT_EQ(lines()[1].village, "460108102201");
  EXPECT_EQ(code_of(registry::undo_import(reg().store(), reg().everything, done.import.id, "导错了表")), "done");
  const auto back = reg().household(id);
  EXPECT_EQ(lines().size(), 1U);
  for (std::size_t i = 0; i < std::size(registry::household_fields); ++i) EXPECT_EQ(back.values.cell(i), before.values.cell(i)) << registry::household_fields[i].id;
  EXPECT_EQ(back.members.size(), 3U);
  EXPECT_EQ(back.incomes[0].values.integer("wage"), 1'200'000);
  EXPECT_EQ(code_of(registry::undo_import(reg().store(), reg().everything, done.import.id, "导错了表")), "import_undone");
  const auto again = import(csv, policy);
  EXPECT_TRUE(reg().write<int>([&](store::Transaction& transaction) {
    return registry::change_household(transaction, reg().rooms(), reg().everything, id, {{{"tv", Cell(std::int64_t{1})}}, Why{day("2019-06-30"), "核实"}, registry::Mode::changed, {}});
  }));
  EXPECT_EQ(code_of(registry::undo_import(reg().store(), reg().everything, again.import.id, "导错了表")), "import_followed");
}

TEST_P(RegistryExchange, WhatGoesOutComesBackTheSame) {
  auto family = wang_family();
  family.values["main_cause"] = word("labour");
  family.values["other_cause_1"] = word("illness");
  family.values["other_cause_2"] = word("marriage");
  family.members[1].values["disabled"] = Cell(std::int64_t{1});
  family.members[1].values["chronic"] = Cell(std::int64_t{1});
  family.members[1].values["serious_illness"] = Cell(std::int64_t{0});
  reg().add(family);
  pack::CodeMap map;
  map.fields["household.main_cause"] = {{"08", "labour", {}}};
  const auto codes = store::value_of(registry::OutsideCodes::from(map));
  const auto known = divisions();
  const auto exported = [&](const registry::ExportOptions& options) {
    return reg().read<registry::Export>([&](store::Session& session) {
      return registry::export_national(session, reg().rooms(), reg().everything, codes, known, options, clock_.now());
    });
  };
  EXPECT_EQ(code_of(exported({.private_values = true})), "reason_missing");
  const auto book = store::value_of(exported({.private_values = true, .reason = "上报系统"}));
  const auto rows = store::value_of(registry::read_national_workbook(book.workbook, "out.xlsx", codes, known));
  ASSERT_EQ(rows.rows.size(), 3U);
  for (const registry::WorkbookRow& row : rows.rows) {
    for (const base::Error& mistake : row.mistakes) ADD_FAILURE() << base::describe(mistake, base::Language::en) << " " << mistake.place.cell;
  }
  const auto report = store::value_of(reg().read<ImportReport>([&](store::Session& session) {
    return registry::compare_national(session, reg().rooms(), reg().everything, rows, {.by_name = true});
  }));
  EXPECT_EQ(report.same, 3);
  for (const registry::RowReport& row : report.rows) {
    for (const registry::Difference& one : row.differences) ADD_FAILURE() << row.row << " " << one.field;
    for (const base::Error& mistake : row.mistakes) ADD_FAILURE() << row.row << " " << mistake.code;
  }
}

}  // namespace
}  // namespace yihu
