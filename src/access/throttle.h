#pragma once
// Login attempts are slowed down, per account and per address, the more the longer they fail.

#include "base/clock.h"
#include "base/result.h"

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yihu::access {

/// Kept in memory: a restart forgets it, which nobody outside can cause, and a guess costs no write.
class Throttle {
 public:
  static constexpr int account_failures_free = 5;
  static constexpr int address_failures_free = 20;  ///< an office shares one address
  static constexpr int delay_seconds_max = 5 * 60;
  static constexpr int forgotten_after_seconds = 60 * 60;
  static constexpr std::size_t entries_max = 20'000;

  /// Whether an attempt may be made now.
  /// Errors: too_many, with the seconds to wait.
  base::Done check(std::string_view account, std::string_view address, base::Instant now);
  void failed(std::string_view account, std::string_view address, base::Instant now);
  /// Clears the account. The address keeps its count: whoever has one account may still be trying others.
  void succeeded(std::string_view account);

 private:
  struct Failures {
    int count = 0;
    base::Instant last;
  };
  int seconds_left(const std::string& key, int free, base::Instant now) const;
  void count(const std::string& key, base::Instant now);
  void make_room(base::Instant now);

  std::mutex mutex_;
  std::unordered_map<std::string, Failures> failures_;
};

}  // namespace yihu::access
