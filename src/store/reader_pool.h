#pragma once
// Connections for reading, opened when first needed and lent one at a time.

#include "store/connection.h"

#include <condition_variable>
#include <functional>
#include <mutex>

namespace yihu::store {

class ReaderPool {
 public:
  ReaderPool(Location location, int readers_max) : location_(std::move(location)), readers_max_(readers_max) {}

  /// Errors: unavailable when none becomes free in time; whatever `read` returns.
  base::Done read(const std::function<base::Done(Session&)>& read);

 private:
  base::Result<std::unique_ptr<Connection>> borrow();
  void give_back(std::unique_ptr<Connection> connection);

  Location location_;
  int readers_max_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;
  int lent_ = 0;
};

}  // namespace yihu::store
