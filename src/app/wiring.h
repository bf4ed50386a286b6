#pragma once
// An opened office with the services that routes use, and the whole table of routes.

#include "access/login.h"
#include "access/role.h"
#include "access/sessions.h"
#include "app/office.h"
#include "compare/desk.h"
#include "http/route.h"
#include "ledger/ledgers.h"
#include "plan/tracking/plan_shelf.h"

namespace yihu::app {

class Wiring {
 public:
  /// `office` must outlive it.
  explicit Wiring(Office& office);

  http::Visitors& visitors() { return *visitors_; }
  std::vector<http::Route> routes();

 private:
  Office& office_;
  base::SystemClock true_clock_;
  ledger::Ledgers ledgers_;
  compare::Rosters rosters_;
  compare::Desk desk_;
  access::Roles roles_;
  access::Sessions sessions_;
  access::Login login_;
  plan::PlanShelf shelf_;
  std::unique_ptr<http::Visitors> visitors_;
};

}  // namespace yihu::app
