#include "app/wiring.h"

#include "http/routes_access.h"
#include "http/routes_area.h"
#include "http/routes_compare.h"
#include "http/routes_health.h"
#include "http/routes_journal.h"
#include "http/routes_ledger.h"
#include "http/routes_plan.h"
#include "http/routes_registry.h"
#include "http/routes_screen.h"

#include <iterator>

namespace yihu::app {
namespace {

void add(std::vector<http::Route>& all, std::vector<http::Route> routes) {
  all.insert(all.end(), std::make_move_iterator(routes.begin()), std::make_move_iterator(routes.end()));
}

}  // namespace

Wiring::Wiring(Office& office)
    : office_(office), ledgers_(office.pack),
      rosters_(office.pack, office.rosters, ledgers_, office.rules->compiler(), office.rules->live()), desk_(*office.store, rosters_), roles_(office.pack), sessions_(*office.store, roles_), login_(*office.store, true_clock_),
      visitors_(http::visitors_from(sessions_)) {}

std::vector<http::Route> Wiring::routes() {
  std::vector<http::Route> all;
  add(all, http::health_routes(YIHU_VERSION));
  add(all, http::access_routes({sessions_, login_, {office_.store->secrets(), roles_}, shelf_, true_clock_, office_.demo()}));
  add(all, http::area_routes(shelf_));
  add(all, http::plan_routes({shelf_, office_.store->secrets(), roles_, rosters_}));
  add(all, http::registry_routes({{office_.store->secrets()}, office_.codes}));
  add(all, http::ledger_routes({ledgers_, office_.store->secrets()}));
  add(all, http::compare_routes({rosters_, desk_, office_.store->secrets()}));
  add(all, http::screen_routes({office_.rules}));
  add(all, http::journal_routes(shelf_));
  http::add_description(all, YIHU_VERSION);
  return all;
}

}  // namespace yihu::app
