#include "registry/reach.h"

namespace yihu::registry {
namespace {

/// Above every digit, so that it closes a code's stretch.
constexpr char after_digits = ':';

Stretch stretch_of(std::string_view code) { return {std::string(code), std::string(code) + after_digits}; }

}  // namespace

std::vector<Stretch> stretches_of(const access::Viewer& viewer, std::string_view area) {
  if (viewer.scope.covers_register()) return {stretch_of(area)};
  std::vector<Stretch> out;
  // The set is in order, and a village whose town is there too lies behind its town.
  std::string_view last;
  for (const std::string& own : viewer.scope.areas) {
    if (!last.empty() && own.starts_with(last)) continue;
    last = own;
    if (own.starts_with(area)) out.push_back(stretch_of(own));
    else if (area.starts_with(own)) out.push_back(stretch_of(area));
  }
  return out;
}

bool sees(const access::Viewer& viewer, std::string_view village, std::string_view helper_account) {
  if (viewer.scope.covers_area(village)) return true;
  return viewer.scope.assigned && !viewer.user.empty() && viewer.user.value == helper_account;
}

base::Error no_such_household() {
  return base::fail(base::ErrorKind::not_found, "household_unknown", base::text("没有这一户。", "There is no such household.")).error();
}

base::Error no_such_person() {
  return base::fail(base::ErrorKind::not_found, "person_unknown", base::text("没有这个人。", "There is no such person.")).error();
}

base::Done expect(const access::Viewer& viewer, access::Permission permission) {
  if (viewer.may(permission)) return {};
  return base::fail(base::ErrorKind::denied, "denied", base::text("您没有办理这件事的权限。", "You may not do this."));
}

}  // namespace yihu::registry
