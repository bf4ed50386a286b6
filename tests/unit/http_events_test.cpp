#include "http/events.h"

#include <gtest/gtest.h>

namespace yihu::http {
namespace {

access::Viewer viewer(bool whole_register) {
  access::Viewer out;
  out.user = base::UserId::make();
  out.permissions = {access::Permission::register_read, access::Permission::ledger_read, access::Permission::plan_read};
  out.scope.whole_register = whole_register;
  out.scope.areas = {"460108101200"};
  return out;
}

store::Committed commit(std::int64_t sequence) {
  store::Committed out;
  out.sequence = sequence;
  out.touched = {{"changed", "household", "h-1"}, {"changed", "ledger_row", "r-1"}, {"changed", "measure", "m-1"}, {"ended", "session", "s-1"}};
  return out;
}

std::string told(const access::Viewer& who) {
  Events events;
  const auto stream = events.subscribe(who, "", [] {});
  events.committed(commit(7));
  return (*stream)->take();
}

TEST(Events, who_sees_the_whole_register_is_told_which_household_changed) {
  const std::string text = told(viewer(true));
  EXPECT_NE(text.find("\"household:h-1\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"ledger_row:r-1\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"measure:m-1\""), std::string::npos) << text;
  EXPECT_EQ(text.find("session"), std::string::npos) << text;
}

TEST(Events, who_sees_a_village_is_told_that_some_household_changed_and_not_which) {
  const std::string text = told(viewer(false));
  EXPECT_NE(text.find("\"household:*\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"ledger_row:*\""), std::string::npos) << text;
  EXPECT_EQ(text.find("h-1"), std::string::npos) << text;
  EXPECT_EQ(text.find("r-1"), std::string::npos) << text;
  EXPECT_NE(text.find("\"measure:m-1\""), std::string::npos) << text;
}

TEST(Events, who_may_not_read_the_register_is_told_nothing_of_it) {
  access::Viewer who = viewer(true);
  who.permissions = {access::Permission::plan_read};
  const std::string text = told(who);
  EXPECT_EQ(text.find("household"), std::string::npos) << text;
  EXPECT_EQ(text.find("ledger"), std::string::npos) << text;
}

}  // namespace
}  // namespace yihu::http
