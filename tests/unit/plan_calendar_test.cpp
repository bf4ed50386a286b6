#include "plan/tracking/calendar.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/utf8.h"

namespace yihu {
namespace {

plan::Calendar one_event() {
  plan::CalendarEvent event;
  event.uid = "0190-1@yihu";
  event.day = base::make_date(2019, 12, 31);
  event.summary = "八.1 饮水安全摸排；第四季度, 报送";
  event.description = "状态：正常\n责任单位：灵山镇";
  event.categories = {"牵头", "a,b"};
  event.stamp = {1556582400000000};
  event.sequence = 3;
  return {"区水务局", {event}};
}

TEST(Calendar, AllDayEventEndsOnTheNextDay) {
  const std::string text = plan::icalendar_from(one_event());
  EXPECT_NE(text.find("DTSTART;VALUE=DATE:20191231\r\nDTEND;VALUE=DATE:20200101\r\n"), text.npos) << text;
  EXPECT_NE(text.find("UID:0190-1@yihu\r\n"), text.npos);
  EXPECT_NE(text.find("DTSTAMP:20190430T000000Z\r\n"), text.npos) << text;
  EXPECT_NE(text.find("SEQUENCE:3\r\n"), text.npos);
  EXPECT_NE(text.find("第四季度\\, 报送"), text.npos);
  EXPECT_NE(text.find("CATEGORIES:牵头,a\\,b\r\n"), text.npos);
  EXPECT_NE(text.find("PRODID:"), text.npos);
  EXPECT_TRUE(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
  EXPECT_TRUE(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
}

TEST(Calendar, TextIsEscaped) {
  EXPECT_EQ(plan::escaped_text("a;b,c\\d\ne\r\x01"), "a\\;b\\,c\\\\d\\ne");
}

/// What a reader does: joins folded lines again.
std::string unfolded(std::string text) {
  for (std::size_t at = 0; (at = text.find("\r\n ", at)) != text.npos;) text.erase(at, 3);
  return text;
}

TEST(Calendar, FoldingKeepsCharactersWholeAndTextUnchanged) {
  EXPECT_TRUE(rc::check("fold", [] {
    const auto points = *rc::gen::container<std::u32string>(
        rc::gen::oneOf(rc::gen::inRange<char32_t>(U' ', U'~'), rc::gen::inRange<char32_t>(0x4e00, 0x9fa5),
                       rc::gen::inRange<char32_t>(0x1f300, 0x1f6ff)));
    const std::string value = base::utf8(points);
    const std::string folded = plan::folded_line("SUMMARY", value);
    RC_ASSERT(unfolded(folded) == "SUMMARY:" + value + "\r\n");
    for (std::size_t begin = 0; begin < folded.size();) {
      const std::size_t end = folded.find("\r\n", begin);
      RC_ASSERT(end - begin <= 75);
      RC_ASSERT(base::is_utf8(std::string_view(folded).substr(begin, end - begin)));
      begin = end + 2;
    }
  }));
}

TEST(Calendar, BytesThatAreNotUtf8DoNotHangIt) {
  EXPECT_EQ(unfolded(plan::folded_line("X", std::string(400, '\x80'))), "X:" + std::string(400, '\x80') + "\r\n");
}

}  // namespace
}  // namespace yihu
