#include "sheet/table.h"
#include "sheet/template_writer.h"
#include "sheet/zip_archive.h"

#include <gtest/gtest.h>

namespace yihu::sheet {
namespace {

std::string filled() {
  std::vector<TemplateColumn> columns{
      {.heading = "证件号码", .type = TemplateType::identifier, .hint = "18 位", .required = true, .key = true},
      {.heading = "是否参保", .type = TemplateType::boolean},
      {.heading = "资助金额（元）", .type = TemplateType::money, .least = 0, .most = 1000},
      {.heading = "参保日期", .type = TemplateType::date},
      {.heading = "病因", .type = TemplateType::choice, .choices = {"恶性肿瘤", "尿毒症, 透析", "其他"}},
      {.heading = "占比", .type = TemplateType::percent},
      {.heading = "备注", .type = TemplateType::text, .length_max = 200}};
  auto writer = TemplateWriter::open({.created = {}, .title = "医保参保台账", .sheet = "参保[2019]", .instructions = {"每人一行。"}}, columns);
  EXPECT_TRUE(writer);
  EXPECT_TRUE(writer->add_row({"460108199001011234", true, std::int64_t{25050}, base::make_date(2019, 4, 30), "恶性肿瘤", 0.85, "=HYPERLINK(\"x\")"}));
  EXPECT_TRUE(writer->add_row({"460108199001011000", std::monostate{}, std::monostate{}, std::monostate{}, std::monostate{}, std::monostate{}, ""}));
  auto bytes = std::move(*writer).finish();
  EXPECT_TRUE(bytes);
  return bytes ? *bytes : "";
}

TEST(SheetTemplate, ComesBackAsItWentOut) {
  const std::string bytes = filled();
  auto workbook = open_workbook(bytes, "a.xlsx");
  ASSERT_TRUE(workbook);
  ASSERT_EQ((*workbook)->sheets().size(), 3U);
  EXPECT_EQ((*workbook)->sheets()[0].name, "参保2019");
  EXPECT_EQ((*workbook)->sheets()[1].name, "填写说明");
  EXPECT_TRUE((*workbook)->sheets()[2].hidden);
  const auto head = table_head(**workbook, 0);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->above, (std::vector<std::string>{"医保参保台账"}));
  std::string out;
  for (const TableColumn& column : head->columns) out += column.heading + "|";
  ASSERT_TRUE(read_table(**workbook, 0, *head, [&](const TableRow& row) {
    out += "\n";
    for (const SheetCell& cell : row.cells) {
      out += std::string(cell.text) + "|";
      EXPECT_FALSE(cell.formula);
    }
    return true;
  }));
  EXPECT_EQ(out,
            "证件号码|是否参保|资助金额(元)|参保日期|病因|占比|备注|\n"
            "460108199001011234|是|250.50|2019-04-30|恶性肿瘤|85.00%|=HYPERLINK(\"x\")|\n460108199001011000|||||||");
}

TEST(SheetTemplate, KeysAreProtectedAndListsAreThere) {
  const std::string bytes = filled();
  const auto archive = ZipArchive::open(bytes);
  ASSERT_TRUE(archive);
  const std::string sheet = *archive->read("xl/worksheets/sheet1.xml");
  EXPECT_NE(sheet.find("<sheetProtection"), sheet.npos);
  EXPECT_NE(sheet.find("是,否"), sheet.npos);
  EXPECT_NE(sheet.find("'选项'!$A$1:$C$1"), sheet.npos);
  EXPECT_EQ(sheet.find("<f>"), sheet.npos);
  EXPECT_TRUE(archive->has("xl/comments1.xml"));
}

TEST(SheetTemplate, AnEmptyOneIsNotProtected) {
  auto writer = TemplateWriter::open({.created = {}, .sheet = ""}, {{.heading = "姓名", .key = true}});
  ASSERT_TRUE(writer);
  const auto bytes = std::move(*writer).finish();
  ASSERT_TRUE(bytes);
  EXPECT_EQ(ZipArchive::open(*bytes)->read("xl/worksheets/sheet1.xml")->find("<sheetProtection"), std::string::npos);
}

TEST(SheetTemplate, TheSameInputGivesTheSameBytes) { EXPECT_EQ(filled(), filled()); }

}  // namespace
}  // namespace yihu::sheet
