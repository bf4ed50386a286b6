#include "base/id_number.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace yihu::base {
namespace {

// 110105 19491231 002 X is the standard's own example; the others are made up with a right check digit.
TEST(IdNumber, TellsBirthSexAndCheck) {
  const IdNumber woman = read_id_number("11010519491231002X");
  EXPECT_EQ(woman.kind, IdNumber::Kind::resident);
  EXPECT_TRUE(woman.valid);
  EXPECT_EQ(woman.birth, make_date(1949, 12, 31));
  EXPECT_EQ(woman.sex, IdSex::female);
  EXPECT_FALSE(read_id_number("110105194912310021").valid);
  EXPECT_FALSE(read_id_number("11010519490231002X").birth.has_value());
  EXPECT_EQ(read_id_number("4.60108E+17").kind, IdNumber::Kind::other);
}

TEST(IdNumber, KnowsTheOldAndTheDisabilityForm) {
  const IdNumber old = read_id_number("110105491231002");
  EXPECT_EQ(old.kind, IdNumber::Kind::resident);
  EXPECT_TRUE(old.valid);
  EXPECT_EQ(old.birth, make_date(1949, 12, 31));
  const IdNumber disabled = read_id_number("11010519491231002X43");
  EXPECT_EQ(disabled.kind, IdNumber::Kind::disability);
  EXPECT_TRUE(disabled.valid);
  EXPECT_TRUE(read_id_number("11010519491231002X43B1").valid);
  EXPECT_FALSE(read_id_number("11010519491231002X93").valid);
}

TEST(IdNumber, IsComparedWithoutWidthCaseAndSpaces) {
  EXPECT_EQ(id_number_key(" 110105 19491231 002x "), "11010519491231002X");
  EXPECT_EQ(id_number_key("１１０１０５１９４９１２３１００２Ｘ"), "11010519491231002X");
  EXPECT_EQ(id_number_key("'110105"), "'110105");
}

TEST(IdNumber, IsMaskedDownToWhatTellsPeopleApart) {
  EXPECT_EQ(masked_id_number("11010519491231002X"), "110105********002X");
  EXPECT_EQ(masked_id_number("E12345678"), "********");
  EXPECT_EQ(masked_id_number(""), "");
  EXPECT_EQ(masked_phone("13800138000"), "138****8000");
  EXPECT_EQ(masked_phone("12"), "12");
}

TEST(IdNumber, AnyChangedDigitIsNoticed) {
  EXPECT_TRUE(rc::check([] {
    const auto at = *rc::gen::inRange<std::size_t>(0, 17);
    std::string number = "11010519491231002X";
    const char digit = static_cast<char>('0' + *rc::gen::inRange(0, 10));
    RC_PRE(number[at] != digit);
    number[at] = digit;
    RC_ASSERT(!read_id_number(number).valid);
  }));
  EXPECT_TRUE(rc::check([](const std::string& text) { (void)read_id_number(id_number_key(text)); }));
}

}  // namespace
}  // namespace yihu::base
