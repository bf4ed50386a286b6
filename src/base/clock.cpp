#include "base/clock.h"

namespace yihu::base {
namespace {
constexpr std::chrono::hours china_offset{8};

auto local(Instant instant) {
  return std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{instant.microseconds}} +
         china_offset;
}
}  // namespace

Instant SystemClock::now() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

Date date_of(Instant instant) { return Date{std::chrono::floor<std::chrono::days>(local(instant))}; }

std::string to_string(Instant instant) {
  const auto time = local(instant);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  return fmt::format("{}T{:02}:{:02}:{:02}+08:00", to_string(Date{day}), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

}  // namespace yihu::base
