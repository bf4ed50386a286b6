#pragma once
// The permissions that roles of the program's packs may name.

#include "pack/pack.h"

namespace yihu {

inline const pack::Vocabulary vocabulary{{"plan_read", "plan_import", "plan_correct", "measure_report", "unit_manage",
                                          "user_manage", "journal_read", "register_read", "register_change", "status_change",
                                          "private_open", "register_exchange", "ledger_read", "ledger_change"}};

}  // namespace yihu
