#pragma once
// A draft's rows in the store.

#include "plan/tracking/import_draft.h"

namespace yihu::plan {

base::Done insert_draft(store::Transaction& transaction, const Draft& draft);
base::Done write_import_correction(store::Transaction& transaction, const std::string& import,
                                   const ImportCorrection& correction);
base::Done erase_import_correction(store::Transaction& transaction, const std::string& import,
                                   const ImportCorrection& place);

}  // namespace yihu::plan
