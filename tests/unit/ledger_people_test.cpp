// Rows about people as offices write them: whom a row means, and which sheet and column.

#include "base/id_number.h"
#include "ledger_fixture.h"
#include "sheet/xlsx_memory.h"

#include <xlsxwriter.h>

namespace yihu::ledger {
namespace {

constexpr const char* jobs = R"(ledgers:
  jobs:
    label: {zh: 就业台账, en: Jobs}
    subject: person
    owner: water-bureau
    columns:
      began_on: {type: date, label: {zh: 上岗日期, en: Began on}, required: true, key: true}
      pay: {type: money, label: {zh: 月收入（元）, en: Pay (yuan)}}
)";

class LedgerPeople : public LedgerTest {
 protected:
  void SetUp() override {
    LedgerTest::SetUp();
    if (IsSkipped()) return;
    load(small_codes, jobs);
    value_of(fit_tables(*store_, pack_));
    home_ = household("H1", "张三");
    person("张三", zhang);
    person("李四", li);
  }

  void person(const std::string& name, const std::string& number) {
    value_of(write([&](store::Transaction& transaction) {
      return transaction.execute(
          "INSERT INTO person (id, code, name, birth, village, household, id_index, present, version, updated_at)"
          " VALUES (:id, :id, :name, '1970-01-01', '460108101001', :household, :index, 1, 1, 0)",
          {{"id", base::new_uuid()}, {"name", name}, {"household", home_}, {"index", store_->secrets().index("person.id_number", number)}});
    }));
  }

  ImportWork work() { return {*store_, *ledgers_, viewer_}; }
  base::Result<Incoming> file(const std::string& bytes, const std::string& name = "表.csv") { return incoming(work(), "jobs", bytes, name, {}); }

  /// Each row that is not written as it stands: "5 wrong: code of the mistake"; the others as "5 added".
  std::string run(const std::string& bytes, const std::string& name = "表.csv") {
    const auto in = file(bytes, name);
    if (!in) return in.error().code;
    const DryRun dry = value_of(dry_run(work(), *in));
    std::string out;
    std::map<int, std::string> lines;
    for (const ImportLine& line : dry.lines) lines[line.number] = std::string(name_of(line.outcome));
    for (const base::Error& mistake : dry.mistakes) out += mistake.place.cell + " " + mistake.code + "\n";
    for (const auto& [number, outcome] : lines) out += std::to_string(number) + " " + outcome + "\n";
    return out;
  }

  static constexpr const char* zhang = "46000019700101009X";
  static constexpr const char* li = "460000197001010022";
  const access::Viewer viewer_ = access::Viewer::system("test");
  std::string home_;
};

TEST_P(LedgerPeople, ANumberIsFoundInTheFormsItIsWrittenIn) {
  ASSERT_TRUE(base::read_id_number(zhang).valid && base::read_id_number(li).valid);
  EXPECT_EQ(run("身份证号,姓名,上岗日期\n'46000019700101009x',张　三,2019-1-1\n46000019700101009×,张三（户主）,2019-1-2\n460000700101002,李四,2019-1-3\n=\"460000197001010022\",李四,2019-1-4\n"),
            "2 added\n3 added\n4 added\n5 added\n");
}

TEST_P(LedgerPeople, ASlipInANumberIsSaidAndFindsNobody) {
  EXPECT_EQ(run("身份证号,上岗日期\n46000019700101009,2019-1-1\n46000019700101009X（本人）,2019-1-1\n46OOO019700101009X,2019-1-1\n460000197001010023,2019-1-1\nE12345678,2019-1-1\n"),
            "表!A2 id_number_unreadable\n表!A3 id_number_unreadable\n表!A4 id_number_unreadable\n表!A5 id_number_wrong\n表!A6 subject_unknown\n"
            "2 wrong\n3 wrong\n4 wrong\n5 wrong\n6 not_found\n");
}

TEST_P(LedgerPeople, ANumberBesideAnotherName) {
  EXPECT_EQ(run("身份证号,姓名,上岗日期\n46000019700101009X,李四,2019-1-1\n460000197001010022,,2019-1-1\n"), "表!B2 name_differs\n2 wrong\n3 added\n");
  // The head's name beside somebody's own says nothing of him.
  EXPECT_EQ(run("户主,身份证号,姓名,上岗日期\n张三,460000197001010022,李四,2019-1-1\n"), "2 added\n");
}

TEST_P(LedgerPeople, RowsWithNothingButTheirNumberArePassedOver) {
  EXPECT_EQ(run("序号,身份证号,姓名,上岗日期\n1,460000197001010022,李四,2019-1-1\n2,,,\n3,,,\n"), "2 added\n");
}

TEST_P(LedgerPeople, AmountsInTenThousandsAreNotTakenForYuan) {
  EXPECT_EQ(run("身份证号,上岗日期,月收入（万元）\n460000197001010022,2019-1-1,0.15\n"), "unit_differs");
  EXPECT_EQ(run("单位：万元,,\n身份证号,上岗日期,月收入\n460000197001010022,2019-1-1,0.15\n"), "unit_differs");
}

TEST_P(LedgerPeople, AHeadingThatIsThereTwiceIsRememberedColumnByColumn) {
  for (const char* day : {"2019-1-1", "2019-1-2"}) {
    const Incoming in = value_of(file(std::string("身份证号,上岗日期,月收入,月收入\n460000197001010022,") + day + ",100,999\n"));
    EXPECT_EQ(in.layout.columns[3].target, "");
    const Import kept = value_of(keep_import(work(), in, value_of(dry_run(work(), in))));
    EXPECT_EQ(value_of(apply_import(work(), kept.id)).summary.of(Outcome::added), 1);
  }
  for (const LedgerRow& row : rows("jobs")) EXPECT_EQ(row.cells[1], store::Cell(std::int64_t{10'000}));
}

TEST_P(LedgerPeople, TheSheetWithMostOfTheHeadingsIsTaken) {
  auto memory = sheet::XlsxMemory::open({.created = {}});
  const auto add = [&](const char* name, const std::vector<std::vector<const char*>>& lines) {
    lxw_worksheet* sheet = workbook_add_worksheet(memory->book(), name);
    for (std::size_t row = 0; row < lines.size(); ++row) {
      for (std::size_t column = 0; column < lines[row].size(); ++column) {
        worksheet_write_string(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column), lines[row][column], nullptr);
      }
    }
  };
  add("封面", {{"姓名", "张三"}});
  add("汇总", {{"村名", "月收入"}, {"甲村", "3"}});
  add("明细", {{"身份证号", "姓名", "上岗日期", "月收入"}, {"460000197001010022", "李四", "2019-1-1", "1500"}});
  EXPECT_EQ(run(*memory->finish(), "表.xlsx"), "2 added\n");
}

ON_BOTH_ENGINES(LedgerPeople);

}  // namespace
}  // namespace yihu::ledger
