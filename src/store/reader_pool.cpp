#include "store/reader_pool.h"

#include "store/connected_session.h"

#include <chrono>

namespace yihu::store {
namespace {

constexpr std::chrono::seconds wait_max{10};

}  // namespace

base::Result<std::unique_ptr<Connection>> ReaderPool::borrow() {
  std::unique_lock lock(mutex_);
  if (!freed_.wait_for(lock, wait_max, [this] { return !idle_.empty() || lent_ < readers_max_; })) {
    return base::fail(base::ErrorKind::unavailable, "readers_busy",
                      base::text("查询太多，请稍后再试。", "Too many queries at once, try again later."));
  }
  ++lent_;
  if (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }
  lock.unlock();
  auto connection = Connection::open(location_, Access::read);
  if (!connection) give_back(nullptr);
  return connection;
}

void ReaderPool::give_back(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --lent_;
    if (connection && !connection->broken()) idle_.push_back(std::move(connection));
  }
  freed_.notify_one();
}

base::Done ReaderPool::read(const std::function<base::Done(Session&)>& read) {
  // Given back also when `read` throws, which the endpoint catches.
  struct Lent {
    ReaderPool& pool;
    std::unique_ptr<Connection> connection;
    ~Lent() {
      if (connection->in_transaction()) connection->rollback();
      pool.give_back(std::move(connection));
    }
  };
  Lent lent{*this, TRY(borrow())};
  if (!lent.connection->begin(Access::read)) {
    // The server may have been restarted since this connection was last used.
    lent.connection = TRY(Connection::open(location_, Access::read));
    TRY(lent.connection->begin(Access::read));
  }
  ConnectedSession session(*lent.connection);
  TRY(read(session));
  return lent.connection->commit();
}

}  // namespace yihu::store
