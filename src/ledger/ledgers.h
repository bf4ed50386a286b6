#pragma once
// The pack's ledgers with their statements, made once when the program starts.

#include "ledger/ledger_table.h"

#include <map>
#include <memory>

namespace yihu::ledger {

class Ledgers {
 public:
  /// `pack` must outlive it.
  explicit Ledgers(const pack::Pack& pack);

  const pack::Pack& pack() const { return *pack_; }
  /// Errors: not_found, with the name that was probably meant.
  base::Result<const LedgerTable*> find(std::string_view id) const;
  /// In the order of the packs.
  const std::vector<std::unique_ptr<LedgerTable>>& all() const { return tables_; }

 private:
  const pack::Pack* pack_;
  std::vector<std::unique_ptr<LedgerTable>> tables_;
  std::map<std::string, const LedgerTable*, std::less<>> by_id_;
};

}  // namespace yihu::ledger
