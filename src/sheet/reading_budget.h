#pragma once
// How long reading one document may take. Sizes are limited everywhere, but what a byte costs depends on the byte.

#include "base/cancel.h"
#include "base/result.h"

#include <chrono>

namespace yihu::sheet {

/// Processor time of the reading thread. The plan of a district takes some 10 ms, a book of 5 million characters
/// half a second. Builds that are not optimised, or are watched by a sanitizer, are about ten times slower.
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
inline constexpr std::chrono::milliseconds reading_time_max{700};
#else
inline constexpr std::chrono::milliseconds reading_time_max{20'000};
#endif

/// Starts when made, on the thread that reads.
class ReadingBudget {
 public:
  explicit ReadingBudget(const base::Cancel& cancel);

  /// True when reading should stop: cancelled, or the time is up. Cheap enough to ask for every element.
  bool spent();
  /// The error to give when reading stopped because it was spent; no error when it was not.
  base::Done check() const;

 private:
  std::chrono::nanoseconds used() const;

  base::Cancel cancel_;
  std::chrono::nanoseconds begin_{};
  unsigned asked_ = 0;
  bool out_of_time_ = false;
};

}  // namespace yihu::sheet
