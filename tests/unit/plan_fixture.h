#pragma once
// A store with the district's real pack in it, on either engine.

#include "access/permission.h"
#include "access/user.h"
#include "area/fill.h"
#include "area/unit.h"
#include "pack/pack.h"
#include "plan/tracking/acceptance.h"
#include "plan/tracking/board.h"
#include "plan/tracking/import_page.h"
#include "plan/tracking/measure_page.h"
#include "plan/tracking/migrations.h"
#include "plan/tracking/plan_shelf.h"
#include "plan/tracking/report.h"
#include "sheet/document.h"
#include "store_fixture.h"

namespace yihu::plan {

using store::value_of;
using store::code_of;
using store::Engine;
using store::engine_name;

class TrackedPlanTest : public store::OnStore {
 protected:
  void SetUp() override {
    store::OnStore::SetUp();
    if (IsSkipped()) return;
    store::Options chosen = options();
    chosen.migrations = area::migrations();
    for (const auto& room : {access::migrations(), migrations()}) {
      chosen.migrations.insert(chosen.migrations.end(), room.begin(), room.end());
    }
    on(2019, 4, 19);
    store_ = value_of(store::Store::open(std::move(chosen)));
    pack_ = value_of(pack::load("packs/meilan-2019", access::vocabulary()));
    value_of(area::fill_from_pack(*store_, pack_));
  }

  base::PlanId fill() {
    const auto filled = value_of(write([&](store::Transaction& t) { return fill_plan_from_pack(t, pack_.plans.back()); }));
    return filled ? filled->plan : base::PlanId{};
  }

  TrackedPlan plan(const base::PlanId& id) {
    return read([&](store::Session& session) { return load_plan(session, id); });
  }

  base::UnitId unit(const char* slug) {
    return read([&](store::Session& session) -> base::Result<base::UnitId> {
      const auto units = TRY(area::read_directory(session));
      return units.unit_by_slug(slug)->id;
    });
  }

  /// A clerk of one unit.
  access::Viewer clerk(const char* slug) {
    access::Viewer viewer;
    viewer.user = {base::new_uuid()};
    viewer.posts = {{base::PostId::make(), unit(slug), "lead-unit-clerk"}};
    viewer.scope.units = {unit(slug)};
    viewer.permissions = {access::Permission::plan_read, access::Permission::measure_report};
    return viewer;
  }

  static access::Viewer office() {
    access::Viewer viewer;
    viewer.user = {base::new_uuid()};
    viewer.scope.district = true;
    for (const auto permission : access::permissions()) viewer.permissions.insert(permission);
    return viewer;
  }

  base::Result<base::ReportId> report(const access::Viewer& viewer, const base::MeasureId& measure, NewReport words) {
    return write([&](store::Transaction& t) { return file_report(t, viewer, measure, words, store_->algorithms()); });
  }

  MeasureDetail page(const access::Viewer& viewer, const base::MeasureId& measure) {
    return read([&](store::Session& session) -> base::Result<MeasureDetail> {
      const auto found = TRY(plan_of(session, measure));
      const TrackedPlan tracked = TRY(load_plan(session, found));
      const auto units = TRY(area::read_directory(session));
      return measure_page(session, viewer, tracked, measure, units, today_, [](const std::string& actor) { return actor; });
    });
  }

  MeasureDetail page_of(const base::MeasureId& measure) { return page(office(), measure); }

  Board board(const base::PlanId& id) {
    return read([&](store::Session& session) -> base::Result<Board> {
      const TrackedPlan tracked = TRY(load_plan(session, id));
      const Facts facts = TRY(load_facts(session, id));
      const auto units = TRY(area::read_directory(session));
      return board_of(tracked, facts, units, today_);
    });
  }

  /// Reads a text as the program reads a file, and makes the draft.
  std::string start(const std::string& text, const char* name = "plan.txt") {
    auto document = value_of(sheet::read_document(text, name));
    auto read_plan_ = value_of(read_plan(document));
    return value_of(write([&](store::Transaction& t) {
      return start_import(t, office(), {name, document.format, "0", document.text, read_plan_});
    }));
  }

  Draft draft(const std::string& id) {
    return read([&](store::Session& session) { return load_draft(session, office(), id); });
  }

  Acceptance accept(const std::string& import) {
    return value_of(write([&](store::Transaction& t) { return accept_import(t, office(), import); }));
  }

  pack::Pack pack_;
};

}  // namespace yihu::plan
