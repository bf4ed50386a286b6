#include "compare/rosters.h"

#include "base/nearest.h"
#include "store/statement_text.h"

#include <algorithm>

namespace yihu::compare {

Rosters::Rosters(const pack::Pack& pack, const pack::Rosters& rosters, const ledger::Ledgers& ledgers, const rule::Compiler& compiler, rule::Engine live)
    : pack_(pack), rosters_(rosters), ledgers_(ledgers), compiler_(compiler), live_(live) {
  for (const pack::Roster& roster : rosters_.all) sheets_[roster.id] = std::make_unique<ledger::LedgerTable>(roster.sheet);
}

base::Result<const pack::Roster*> Rosters::find(std::string_view id) const {
  if (const pack::Roster* found = rosters_.find(id)) return found;
  std::vector<std::string_view> known;
  for (const pack::Roster& roster : rosters_.all) known.push_back(roster.id);
  base::Text mend;
  if (const auto near = base::nearest(id, known, 1); !near.empty()) {
    mend = base::text("是不是“{}”？", "Did you mean \"{}\"?", known[near.front()]);
  }
  return base::fail(base::ErrorKind::not_found, "roster_unknown", base::text("没有名册“{:.60}”。", "There is no roster \"{:.60}\".", id), std::move(mend));
}

base::Result<std::map<std::string, bool>> Rosters::said_of(store::Session& session, std::string_view subject, const pack::Expression& expression,
                                                           base::Date today) const {
  const auto compiled = TRY(compiler_.compile(subject, expression.text, expression.place, rule::Kind::truth));
  std::map<std::string, bool> out;
  rule::QueryOptions options;
  options.engine = live_;
  for (const rule::Query& query : rule::fuse(compiler_, std::span(&compiled, 1), options)) {
    store::Parameters parameters;
    if (std::ranges::count(store::parameter_names(query.sql), "today") > 0) parameters.push_back({"today", today});
    for (const store::Row& row : TRY(session.query(store::compiled_sql(query.sql), parameters))) {
      if (!row.null(1)) out[row.text(0)] = row.truth(1);
    }
  }
  return out;
}

base::Result<bool> may_change(store::Session& session, const access::Viewer& viewer, const pack::Roster& roster) {
  if (viewer.user.empty() && !viewer.job.empty()) return true;
  const auto owners = TRY(ledger::owners_of(session, roster.sheet));
  if (!viewer.may(access::Permission::ledger_change)) return false;
  return viewer.scope.district || std::ranges::any_of(owners, [&](const base::UnitId& unit) { return viewer.holds_post_in(unit); });
}

base::Done expect_change(store::Session& session, const access::Viewer& viewer, const pack::Roster& roster) {
  if (TRY(may_change(session, viewer, roster))) return {};
  return base::fail(base::ErrorKind::denied, "denied", base::text("这份名册由主管单位办理。", "This roster is handled by the unit that owns it."));
}

}  // namespace yihu::compare
