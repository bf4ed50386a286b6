#include "access/throttle.h"

#include <algorithm>

namespace yihu::access {
namespace {

std::string account_key(std::string_view account) { return "account " + std::string(account.substr(0, 100)); }
std::string address_key(std::string_view address) { return "address " + std::string(address.substr(0, 100)); }

std::int64_t seconds(base::Instant from, base::Instant to) { return (to.microseconds - from.microseconds) / 1'000'000; }

}  // namespace

int Throttle::seconds_left(const std::string& key, int free, base::Instant now) const {
  const auto at = failures_.find(key);
  if (at == failures_.end() || at->second.count < free) return 0;
  const auto since = seconds(at->second.last, now);
  if (since < 0 || since >= forgotten_after_seconds) return 0;
  const int doublings = std::min(at->second.count - free, 10);
  const int delay = std::min(1 << doublings, delay_seconds_max);
  return std::max(0, delay - static_cast<int>(since));
}

base::Done Throttle::check(std::string_view account, std::string_view address, base::Instant now) {
  const std::scoped_lock lock(mutex_);
  const int left = std::max(seconds_left(account_key(account), account_failures_free, now),
                            seconds_left(address_key(address), address_failures_free, now));
  if (left == 0) return {};
  return base::fail(base::ErrorKind::too_many, "too_many_attempts",
                    base::text("登录失败次数过多。", "Too many failed attempts to sign in."),
                    base::text("请 {} 秒后再试。", "Try again in {} seconds.", left));
}

void Throttle::count(const std::string& key, base::Instant now) {
  Failures& failures = failures_[key];
  const auto since = seconds(failures.last, now);
  if (since < 0 || since >= forgotten_after_seconds) failures.count = 0;
  ++failures.count;
  failures.last = now;
}

void Throttle::failed(std::string_view account, std::string_view address, base::Instant now) {
  const std::scoped_lock lock(mutex_);
  if (failures_.size() >= entries_max) make_room(now);
  count(account_key(account), now);
  count(address_key(address), now);
}

void Throttle::succeeded(std::string_view account) {
  const std::scoped_lock lock(mutex_);
  failures_.erase(account_key(account));
}

/// Forgets what is old; if nearly all is recent (a flood of made-up names), the half with the fewest failures.
void Throttle::make_room(base::Instant now) {
  std::erase_if(failures_, [&](const auto& entry) { return seconds(entry.second.last, now) >= forgotten_after_seconds; });
  if (failures_.size() < entries_max / 2) return;
  std::vector<int> counts;
  counts.reserve(failures_.size());
  for (const auto& [key, failures] : failures_) counts.push_back(failures.count);
  std::ranges::nth_element(counts, counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2));
  const int middle = counts[counts.size() / 2];
  std::size_t wanted = failures_.size() / 2;
  std::erase_if(failures_, [&](const auto& entry) {
    if (wanted == 0 || entry.second.count > middle) return false;
    --wanted;
    return true;
  });
}

}  // namespace yihu::access
