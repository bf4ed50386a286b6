#pragma once
// Long work asks now and then whether anybody still wants it, and says how far it is.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace yihu::base {

/// Copies share one switch.
class Cancel {
 public:
  void ask() const { *asked_ = true; }
  bool asked() const { return *asked_; }

 private:
  std::shared_ptr<std::atomic<bool>> asked_ = std::make_shared<std::atomic<bool>>(false);
};

/// done ≤ total, both in the unit of the work (rows, bytes, files).
using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

}  // namespace yihu::base
