#pragma once
// The pack's rosters with what comparing needs beside the store, made once when the program starts.

#include "ledger/ledgers.h"
#include "ledger/row.h"
#include "pack/roster.h"
#include "rule/query.h"
#include "store/store.h"

#include <map>
#include <memory>

namespace yihu::compare {

class Rosters {
 public:
  /// Everything given must outlive it.
  Rosters(const pack::Pack& pack, const pack::Rosters& rosters, const ledger::Ledgers& ledgers, const rule::Compiler& compiler, rule::Engine live);

  const pack::Pack& pack() const { return pack_; }
  const pack::Rosters& declared() const { return rosters_; }
  const ledger::Ledgers& ledgers() const { return ledgers_; }
  /// Errors: not_found, with the name that was probably meant.
  base::Result<const pack::Roster*> find(std::string_view id) const;
  /// The roster as ledgers' layouts and deliveries take one. It has no table of its own.
  const ledger::LedgerTable& sheet(const pack::Roster& roster) const { return *sheets_.at(roster.id); }

  /// Of whom an expression is true, false or unknown (left out) on `today`.
  base::Result<std::map<std::string, bool>> said_of(store::Session& session, std::string_view subject, const pack::Expression& expression,
                                                    base::Date today) const;

 private:
  const pack::Pack& pack_;
  const pack::Rosters& rosters_;
  const ledger::Ledgers& ledgers_;
  const rule::Compiler& compiler_;
  rule::Engine live_;
  std::map<std::string, std::unique_ptr<ledger::LedgerTable>> sheets_;
};

/// Who may bring a roster in: an office for the whole district, and the unit that owns it. A town's clerk does not.
base::Result<bool> may_change(store::Session& session, const access::Viewer& viewer, const pack::Roster& roster);
/// Errors: denied.
base::Done expect_change(store::Session& session, const access::Viewer& viewer, const pack::Roster& roster);

}  // namespace yihu::compare
