#pragma once
// Time enters the program here and is passed in; no other file asks the machine what time it is.

#include "base/date.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace yihu::base {

/// Microseconds since 1970-01-01T00:00:00Z, as stored.
struct Instant {
  std::int64_t microseconds = 0;
  auto operator<=>(const Instant&) const = default;
  Instant operator+(std::chrono::microseconds span) const { return {microseconds + span.count()}; }
};

/// The calendar day at that instant in China (UTC+8 all year), where every deadline is reckoned.
Date date_of(Instant instant);

/// "2019-04-30T08:15:00+08:00"
std::string to_string(Instant instant);

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  Date today() const { return date_of(now()); }
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

/// Runs as fast as the machine's, a fixed stretch away from it: a demo store lives in its plan's year.
class ShiftedClock final : public Clock {
 public:
  explicit ShiftedClock(std::chrono::microseconds shift) : shift_(shift) {}
  Instant now() const override { return SystemClock{}.now() + shift_; }

 private:
  std::chrono::microseconds shift_;
};

/// Stands still until told otherwise: for tests.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(Instant instant) : instant_(instant) {}
  Instant now() const override { return instant_; }
  void set(Instant instant) { instant_ = instant; }

 private:
  Instant instant_;
};

}  // namespace yihu::base
