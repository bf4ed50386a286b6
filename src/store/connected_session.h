#pragma once
// A connection as a session.

#include "store/connection.h"

namespace yihu::store {

class ConnectedSession final : public Session {
 public:
  explicit ConnectedSession(Connection& connection) : connection_(connection) {}
  base::Result<std::vector<Row>> query(Sql sql, const Parameters& parameters = {}) override {
    return connection_.query(sql.text(), parameters);
  }

 private:
  Connection& connection_;
};

}  // namespace yihu::store
