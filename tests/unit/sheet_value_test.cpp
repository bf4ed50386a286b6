#include "sheet/cell_value.h"

#include <gtest/gtest.h>

namespace yihu::sheet {
namespace {

SheetCell cell_of(CellKind kind, std::string_view text, std::string_view number = {}) {
  SheetCell cell;
  cell.row = 7;
  cell.column = 3;
  cell.kind = kind;
  cell.text = text;
  cell.number = number;
  return cell;
}
SheetCell text_cell(std::string_view text) { return cell_of(CellKind::text, text); }
SheetCell number_cell(std::string_view number, std::string_view shown = {}) {
  return cell_of(CellKind::number, shown.empty() ? number : shown, number);
}

std::string said(const base::Error& error) {
  EXPECT_EQ(error.place.cell, "表!C7");
  EXPECT_FALSE(error.text.empty());
  EXPECT_FALSE(error.mend.empty());
  return error.code;
}

std::string day(const SheetCell& cell, bool from_1904 = false) {
  const auto date = date_from_cell(cell, "表", from_1904);
  if (!date) return said(date.error());
  return base::to_string(date->day) + (date->month_only ? " month" : "");
}
std::string day(std::string_view text) { return day(text_cell(text)); }

TEST(SheetValue, DaysInTheirManyForms) {
  for (const char* text : {"2019-04-30", "2019-4-30", "2019/4/30", "2019.4.30", "2019年4月30日", "2019年04月30号", "20190430",
                           "二〇一九年四月三十日", "二零一九年四月三十日", "二○一九年四月三十日", "30/4/2019", "4/30/2019", "30.04.2019", "43585",
                           "２０１９年４月３０日", "2019 年 4 月 30 日", "\xe3\x80\x80" "2019-04-30\xc2\xa0", "2019-04-30\xe2\x80\x8b",
                           "2019-04-30 08:30", "2019-04-30 08:30:00", "2019-04-30T08:30:00Z", "2019-04-30T08:30:00.123+08:00", "2019/4/30 8:30",
                           "2019年4月30日 8时30分", "2019年4月30日8时", "2019年4月30日星期二", "2019-04-30(周二)", "2019-04-30 下午3:05", "2019－04－30",
                           "’2019-04-30", "2019-4-30日", "二0一九年四月三十日"}) {
    EXPECT_EQ(day(text), "2019-04-30") << text;
  }
  for (const char* text : {"2019年4月", "2019-04", "2019/4", "2019.04", "201904", "二〇一九年四月", "2019年4月份"}) {
    EXPECT_EQ(day(text), "2019-04-01 month") << text;
  }
  EXPECT_EQ(day("二〇一九年十二月三十一日"), "2019-12-31");
  EXPECT_EQ(day("5/5/2019"), "2019-05-05");
}

TEST(SheetValue, DaysThatAreNotClearAreRefused) {
  for (const char* text : {"19.4.30", "19-4-30", "19年4月30日", "3/4/2019", "2019", "2019年", "4月30日", "4.30", "四月三十日", "190430", "昨天", "2019-04-30 至 2019-05-01",
                           "2019-04-30x", "2019-4/30", "2019--30", "-", "12345678901234567890", "2019年4月30日等"}) {
    EXPECT_EQ(day(text), "date_unclear") << text;
  }
  for (const char* text : {"2019-02-29", "2019-13-01", "2019年4月31日", "20191301", "2019-00-10", "1019-04-30", "31/6/2019"}) {
    EXPECT_EQ(day(text), "date_missing_in_calendar") << text;
  }
}

TEST(SheetValue, DaysFromNumbers) {
  EXPECT_EQ(day(number_cell("43585")), "2019-04-30");
  EXPECT_EQ(day(number_cell("43585.5")), "2019-04-30");
  EXPECT_EQ(day(number_cell("42123"), true), "2019-04-30");
  EXPECT_EQ(day(number_cell("20190430")), "2019-04-30");
  EXPECT_EQ(day(number_cell("201904")), "2019-04-01 month");
  EXPECT_EQ(day(number_cell("2019")), "date_unclear");
  EXPECT_EQ(day(number_cell("2019.1")), "date_unclear");
  EXPECT_EQ(day(cell_of(CellKind::date, "2019-04-30 08:30:00", "43585.354")), "2019-04-30");
}

std::string identifier(const SheetCell& cell) {
  const auto value = identifier_from_cell(cell, "表");
  return value ? *value : said(value.error());
}

TEST(SheetValue, Identifiers) {
  EXPECT_EQ(identifier(text_cell("46010819900101123x")), "46010819900101123X");
  EXPECT_EQ(identifier(text_cell(" ４６０１０８１９９００１０１１２３Ｘ\xe3\x80\x80")), "46010819900101123X");
  EXPECT_EQ(identifier(text_cell("460108 19900101 1234")), "460108199001011234");
  EXPECT_EQ(identifier(text_cell("'460108199001011234")), "460108199001011234");
  EXPECT_EQ(identifier(text_cell("46010819900101 1000")), "460108199001011000");
  EXPECT_EQ(identifier(text_cell("4601081012030010")), "4601081012030010");
  EXPECT_EQ(identifier(number_cell("13800000000")), "13800000000");
  EXPECT_EQ(identifier(number_cell("460108104200")), "460108104200");
  EXPECT_EQ(identifier(number_cell("460", "000460")), "000460");
  EXPECT_EQ(identifier(number_cell("1234", "1,234")), "1234");
}

TEST(SheetValue, IdentifiersWithLostDigitsAreNeverGuessed) {
  for (const SheetCell& cell : {text_cell("4.60108E+17"), text_cell("4.60108199001011e+17"), text_cell("460108199001011000"),
                                number_cell("460108199001011000", "4.60108E+17"), number_cell("460108199001011234", "4.60108E+17")}) {
    EXPECT_EQ(identifier(cell), "identifier_digits_lost") << cell.text;
  }
  EXPECT_FALSE(text_from_cell(number_cell("460108199001011000", "4.60108E+17"), "表"));
}

std::string number(const SheetCell& cell, auto read) {
  const auto value = read(cell, "表");
  if (!value) return said(value.error());
  if constexpr (requires { std::to_string(*value); }) return std::to_string(*value);
  else return *value;
}

TEST(SheetValue, QuotesAroundANumberGo) {
  const auto number = [](std::string_view text) { return *identifier_from_cell(text_cell(text), "表"); };
  for (const char* text : {"'46010819700101001X", "46010819700101001x'", "“46010819700101001X”", "`46010819700101001X", "\"46010819700101001X\"", "46010819700101001×"}) {
    EXPECT_EQ(number(text), "46010819700101001X") << text;
  }
  EXPECT_EQ(number("4601081970010100×"), "4601081970010100×") << "only the last of 18 can be an X";
}

TEST(SheetValue, NamesSpreadToTheWidthOfThree) {
  const auto name = [](std::string_view text) { return *name_from_cell(text_cell(text), "表"); };
  EXPECT_EQ(name("张　三"), "张三");
  EXPECT_EQ(name(" 李 四 "), "李四");
  EXPECT_EQ(name("阿依古丽·买买提"), "阿依古丽·买买提");
  EXPECT_EQ(name("Li Si"), "Li Si");
}

TEST(SheetValue, AFormulaWithoutItsResultIsNoEmptyCell) {
  SheetCell cell = cell_of(CellKind::error, "");
  cell.formula = true;
  EXPECT_EQ(fen_from_cell(cell, "表").error().code, "formula_without_result");
  EXPECT_EQ(fen_from_cell(cell_of(CellKind::error, "#REF!"), "表").error().code, "cell_error_value");
}

TEST(SheetValue, WholeNumbers) {
  const auto read = [](const auto& cell) { return number(cell, whole_from_cell); };
  EXPECT_EQ(read(text_cell("12")), "12");
  EXPECT_EQ(read(text_cell("１２")), "12");
  EXPECT_EQ(read(text_cell("1,234,567")), "1234567");
  EXPECT_EQ(read(text_cell("12.00")), "12");
  EXPECT_EQ(read(text_cell("5人")), "5");
  EXPECT_EQ(read(text_cell("1.2万")), "12000");
  EXPECT_EQ(read(text_cell("-3")), "-3");
  EXPECT_EQ(read(number_cell("12")), "12");
  EXPECT_EQ(read(text_cell("12.5")), "number_not_whole");
  EXPECT_EQ(read(text_cell("1,23")), "number_unreadable");
  EXPECT_EQ(read(text_cell("1234,567")), "number_unreadable");
  EXPECT_EQ(read(text_cell("三")), "number_unreadable");
  EXPECT_EQ(read(text_cell("-")), "number_unreadable");
  EXPECT_EQ(read(text_cell("1e5")), "number_unreadable");
  EXPECT_EQ(read(text_cell("12345678901234567890")), "number_too_large");
  EXPECT_EQ(read(cell_of(CellKind::date, "2019-04-30")), "number_is_day");
  EXPECT_EQ(read(cell_of(CellKind::error, "#REF!")), "cell_error_value");
  SheetCell cut = text_cell("1");
  cut.cut = true;
  EXPECT_EQ(read(cut), "cell_too_long");
}

TEST(SheetValue, Money) {
  const auto read = [](const auto& cell) { return number(cell, fen_from_cell); };
  EXPECT_EQ(read(text_cell("1,234.50")), "123450");
  EXPECT_EQ(read(text_cell("￥1234.5元")), "123450");
  EXPECT_EQ(read(text_cell("1.2万元")), "1200000");
  EXPECT_EQ(read(text_cell("0.00001万元")), "10");
  EXPECT_EQ(read(text_cell("3亿")), "30000000000");
  EXPECT_EQ(read(text_cell("1000元整")), "100000");
  EXPECT_EQ(read(text_cell("0.10")), "10");
  EXPECT_EQ(read(text_cell("-0.1")), "-10");
  EXPECT_EQ(read(number_cell("0.1")), "10");
  EXPECT_EQ(read(number_cell("1234.57", "1,235")), "123457");
  EXPECT_EQ(read(text_cell("0.001")), "money_too_exact");
  EXPECT_EQ(read(number_cell("333.333333333333")), "money_too_exact");
  EXPECT_EQ(read(number_cell("1.2", "1.20万元")), "number_scaled_by_format");
  EXPECT_EQ(read(text_cell("12元5角")), "number_unreadable");
  EXPECT_EQ(read(text_cell("约3000元")), "number_unreadable");
  EXPECT_EQ(read(text_cell("99999999999999999999")), "number_too_large");
}

TEST(SheetValue, Decimals) {
  const auto read = [](const auto& cell) { return number(cell, decimal_from_cell); };
  EXPECT_EQ(read(text_cell("1,234.50")), "1234.50");
  EXPECT_EQ(read(text_cell("2.5亩")), "2.5");
  EXPECT_EQ(read(text_cell("-0")), "0");
  EXPECT_EQ(read(text_cell("1.25万")), "12500");
  EXPECT_EQ(read(text_cell("1.")), "number_unreadable");
  EXPECT_EQ(read(text_cell("85%")), "number_unreadable");
}

TEST(SheetValue, Shares) {
  const auto share = [](const SheetCell& cell, PercentUnit unit = PercentUnit::as_written) {
    const auto value = share_from_cell(cell, "表", unit);
    return value ? *value : (said(value.error()), -1.0);
  };
  EXPECT_EQ(share(text_cell("85%")), 0.85);
  EXPECT_EQ(share(text_cell("８５．５％")), 0.855);
  EXPECT_EQ(share(number_cell("0.85", "85%")), 0.85);
  EXPECT_EQ(share(text_cell("85"), PercentUnit::points), 0.85);
  EXPECT_EQ(share(number_cell("0.85", "85%"), PercentUnit::points), 0.85);
  EXPECT_EQ(share(text_cell("0")), 0);
  EXPECT_EQ(share(text_cell("85")), -1);
  EXPECT_EQ(share(number_cell("0.85")), -1);
}

TEST(SheetValue, TruthValues) {
  const auto read = [](std::string_view text) {
    const auto value = bool_from_cell(text_cell(text), "表");
    return value ? (*value ? "yes" : "no") : (said(value.error()), "unclear");
  };
  for (const char* text : {"是", "有", "√", "✔", " 是 ", "Ｙ", "TRUE", "1", "已"}) EXPECT_STREQ(read(text), "yes") << text;
  for (const char* text : {"否", "无", "×", "✗", "没有", "N", "false", "0", "未"}) EXPECT_STREQ(read(text), "no") << text;
  for (const char* text : {"不详", "2", "是否", "/"}) EXPECT_STREQ(read(text), "unclear") << text;
}

TEST(SheetValue, TextKeepsWhatItHolds) {
  EXPECT_EQ(*text_from_cell(text_cell("\xe3\x80\x80灵山镇\xe2\x80\x8b 大林村\n二组 "), "表"), "灵山镇 大林村\n二组");
  EXPECT_EQ(*text_from_cell(number_cell("0.85", "85%"), "表"), "85%");
  EXPECT_TRUE(is_empty(text_cell(" \xe3\x80\x80\xe2\x80\x8b")));
  EXPECT_FALSE(is_empty(text_cell("0")));
}

}  // namespace
}  // namespace yihu::sheet
