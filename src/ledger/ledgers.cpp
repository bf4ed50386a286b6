#include "ledger/ledgers.h"

#include "base/nearest.h"

namespace yihu::ledger {

Ledgers::Ledgers(const pack::Pack& pack) : pack_(&pack) {
  for (const pack::Ledger& ledger : pack.ledgers) {
    tables_.push_back(std::make_unique<LedgerTable>(ledger));
    by_id_[ledger.id] = tables_.back().get();
  }
}

base::Result<const LedgerTable*> Ledgers::find(std::string_view id) const {
  if (const auto found = by_id_.find(id); found != by_id_.end()) return found->second;
  std::vector<std::string_view> known;
  for (const auto& table : tables_) known.push_back(table->ledger().id);
  const auto near = base::nearest(id, known, 1);
  return base::fail(base::ErrorKind::not_found, "ledger_unknown", base::text("没有台账“{:.60}”。", "There is no ledger \"{:.60}\".", id),
                    near.empty() ? base::Text{} : base::text("是不是“{}”？", "Did you mean \"{}\"?", known[near.front()]));
}

}  // namespace yihu::ledger
