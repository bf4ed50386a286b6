#pragma once
// Aid is never decided by how somebody behaves, how he is rated, or whether he has complained (S29). A pack may record
// a lender's rating or a case of mediation; it may not let such a record open or close a guarantee or an entitlement.

#include "pack/loading.h"
#include "rule/compiler.h"

namespace yihu::pack {

/// Tells a mistake when `rule` is about aid and `expression` reads a record of conduct, rating, complaint or petition.
void refuse_conduct(Loading& loading, const Rule& rule, const Expression& expression, const rule::Reads& reads);

/// Whether a name or label speaks of conduct, rating, complaint or petition.
bool is_about_conduct(std::string_view id, const base::Text& label);

}  // namespace yihu::pack
