#include "plan/tracking/evidence.h"

#include "base/utf8.h"
#include "plan/tracking/incoming_plan.h"
#include "plan/tracking/record.h"
#include "sheet/workbook_writer.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/json/parse.hpp>

namespace yihu {
namespace {

std::string kind(std::string_view bytes) {
  const auto found = plan::kind_of_evidence(bytes);
  return found ? std::string(found->extension) : found.error().code;
}

TEST(Evidence, KindIsToldByContent) {
  using namespace std::string_view_literals;
  EXPECT_EQ(kind("\xff\xd8\xff\xe0rest"), "jpg");
  EXPECT_EQ(kind("\x89PNG\r\n\x1a\nrest"), "png");
  EXPECT_EQ(kind("%PDF-1.7"), "pdf");
  EXPECT_EQ(kind("会议纪要\n一、……"), "txt");
  EXPECT_EQ(kind("\xbb\xe1\xd2\xe9\xbc\xcd\xd2\xaa"), "txt") << "GB18030";
  EXPECT_EQ(kind(""), "file_empty");
  EXPECT_EQ(kind("MZ\x90\0\3"sv), "evidence_kind");
  EXPECT_EQ(kind("\x7f" "ELF"), "evidence_kind");
  EXPECT_EQ(kind("PK\x03\x04 but no zip"), "evidence_kind");
  EXPECT_EQ(kind("<html><script>alert(1)</script>"), "evidence_kind") << "a browser might run it";
  EXPECT_EQ(kind("<?xml version='1.0'?><svg onload='x'/>"), "evidence_kind");
  EXPECT_EQ(kind("  <!DOCTYPE html>"), "evidence_kind");
}

TEST(Evidence, WorkbookIsAWorkbook) {
  auto writer = sheet::WorkbookWriter::open({.created = {}, .title = "t", .author = "a"});
  ASSERT_TRUE(writer.has_value());
  ASSERT_TRUE(writer->add_sheet({.name = "一", .columns = {{"列", 12, sheet::Align::left}}}).has_value());
  const auto bytes = std::move(*writer).finish();
  ASSERT_TRUE(bytes.has_value());
  EXPECT_EQ(kind(*bytes), "xlsx");
}

TEST(Evidence, NameIsFitToBeSaved) {
  const plan::EvidenceKind jpg{"jpg", "image/jpeg"};
  EXPECT_EQ(plan::evidence_name("现场 照片.JPG", jpg), "现场 照片.jpg");
  EXPECT_EQ(plan::evidence_name("../../etc/passwd", jpg), "passwd.jpg");
  EXPECT_EQ(plan::evidence_name("C:\\temp\\a.png", jpg), "a.jpg");
  EXPECT_EQ(plan::evidence_name("照片.jpg.exe", jpg), "照片.jpg");
  EXPECT_EQ(plan::evidence_name("", jpg), "附件.jpg");
  EXPECT_EQ(plan::evidence_name("a\r\nSet-Cookie: x", jpg), "aSet-Cookie x.jpg");
  EXPECT_EQ(plan::evidence_name("\xe2\x80\xaegpj.exe", jpg), "gpj.jpg") << "no character that turns the writing around";
}

TEST(Evidence, AnyNameComesOutHarmless) {
  const plan::EvidenceKind pdf{"pdf", "application/pdf"};
  EXPECT_TRUE(rc::check("harmless", [&](const std::string& given) {
    const std::string name = plan::evidence_name(given, pdf);
    RC_ASSERT(name.ends_with(".pdf") && name.size() > 4 && !name.starts_with("."));
    RC_ASSERT(base::is_utf8(name) && base::count_code_points(name) <= 84);
    RC_ASSERT(name.find_first_of("/\\\"\r\n") == name.npos);
  }));
}

TEST(Record, WrongFieldsAreNamed) {
  const auto place = [](const char* text) {
    const auto read = plan::deadlines_from(boost::json::parse(text), "/deadlines");
    return read ? std::string("fine") : read.error().place.field;
  };
  EXPECT_EQ(place(R"([{"from": null, "by": "2019-04-30", "text": "4月底前"}])"), "fine");
  EXPECT_EQ(place(R"([{"by": "2019-04-30"}])"), "fine");
  EXPECT_EQ(place(R"([{"by": "2019-02-30"}])"), "/deadlines/0/by");
  EXPECT_EQ(place(R"({})"), "/deadlines");
  EXPECT_EQ(place(R"([{"by": "2019-04-30"}, 7])"), "/deadlines/1");
  const auto rhythm = plan::recurrences_from(boost::json::parse(R"([{"per": "fortnight", "times": 1}])"), "/recurrences");
  ASSERT_FALSE(rhythm.has_value());
  EXPECT_EQ(rhythm.error().place.field, "/recurrences/0/per");
}

TEST(Title, ComesFromTheOverviewElseFromTheFirstClause) {
  plan::PlanDocument document;
  plan::Task task;
  task.no = 1;
  plan::Measure measure;
  measure.position = 1;
  measure.text = "4月底前，区精准扶贫工作领导小组与各镇签订责任状；区指挥部与各单位签订责任书。";
  task.measures = {measure};
  document.tasks = {task};
  EXPECT_EQ(plan::title_of(document, task, measure), "4月底前，区精准扶贫工作领导小组与各镇签订责任状");
  plan::TableTask row;
  row.no = 1;
  plan::TableMeasure line;
  line.text = "签订责任状和责任书";
  line.answers = {1};
  row.measures = {line};
  document.table = {row};
  EXPECT_EQ(plan::title_of(document, task, measure), "签订责任状和责任书");
  document.table[0].measures[0].answers = {1, 2};
  EXPECT_NE(plan::title_of(document, task, measure), "签订责任状和责任书") << "it sums up several and names none";
}

}  // namespace
}  // namespace yihu
